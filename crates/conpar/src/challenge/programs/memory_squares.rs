use std::sync::LazyLock;
use std::thread;

const SIZE: usize = 6_000_000;
const FACTOR: u64 = 3;

static INPUT: LazyLock<[Vec<u64>; 2]> = LazyLock::new(|| {
    [1, 7].map(|step| (0..SIZE as u64).map(|n| n * step % 1_009).collect())
});

fn scale(a: &mut [u64], b: &[u64], c: &[u64]) {
    a.iter_mut().zip(b).zip(c).for_each(|((a, b), c)| *a = b + FACTOR * c);
}

fn square(a: &mut [u64]) {
    a.iter_mut().for_each(|a| *a *= *a);
}

fn serial(size: usize) -> u64 {
    let [b, c] = &*INPUT;
    let mut a = vec![0; size];
    scale(&mut a, &b[..size], &c[..size]);
    square(&mut a);
    a.iter().sum()
}

fn mine(size: usize, workers: usize) -> u64 {
    let [b, c] = &*INPUT;
    let mut a = vec![0; size];
    let part = size.div_ceil(workers);
    thread::scope(|scope| {
        for ((a, b), c) in a.chunks_mut(part).zip(b.chunks(part)).zip(c.chunks(part)) {
            scope.spawn(|| scale(a, b, c));
        }
    });
    thread::scope(|scope| a.chunks_mut(part).for_each(|a| _ = scope.spawn(|| square(a))));
    thread::scope(|scope| {
        let threads: Vec<_> =
            a.chunks(part).map(|a| scope.spawn(|| a.iter().sum::<u64>())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

fn main() {
    conpar::challenge::measure(SIZE, serial, mine)
}
