use conpar::workload::is_prime;
use std::thread;

const SIZE: usize = 300_000;
const STEP: usize = 1;

fn tested(n: usize) -> u64 {
    u64::from(is_prime((STEP * n + 1) as u32))
}

fn serial(size: usize) -> u64 {
    (0..size).map(tested).sum()
}

fn mine(size: usize, workers: usize) -> u64 {
    let part = size.div_ceil(workers);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers)
            .map(|worker| {
                let (from, to) = (worker * part, ((worker + 1) * part).min(size));
                scope.spawn(move || (from..to).map(tested).sum::<u64>())
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

fn main() {
    conpar::challenge::measure(SIZE, serial, mine)
}
