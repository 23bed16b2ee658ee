use std::thread;

const SIZE: usize = 1_100;
const OFFSET: usize = 7;

fn greatest_common_divisor(mut a: usize, mut b: usize) -> usize {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn row(n: usize) -> u64 {
    let coprime = |&column: &usize| greatest_common_divisor(n + OFFSET, column + OFFSET) == 1;
    (0..n).filter(coprime).count() as u64
}

fn serial(size: usize) -> u64 {
    (0..size).map(row).sum()
}

fn mine(size: usize, workers: usize) -> u64 {
    let rows: Vec<usize> = (0..size).collect();
    let part = size.div_ceil(workers);
    thread::scope(|scope| {
        let threads: Vec<_> = rows
            .chunks(part)
            .map(|rows| scope.spawn(|| rows.iter().map(|&n| row(n)).sum::<u64>()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

fn main() {
    conpar::challenge::measure(SIZE, serial, mine)
}
