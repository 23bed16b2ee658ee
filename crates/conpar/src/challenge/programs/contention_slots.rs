use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

const SIZE: usize = 2_000_000;
const STEPS: u32 = 15;

fn value(n: usize) -> u64 {
    let mut state = n as u64 + 1;
    for _ in 0..STEPS {
        state = (state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    state % 1_000
}

fn serial(size: usize) -> u64 {
    (0..size).map(value).sum()
}

fn mine(size: usize, workers: usize) -> u64 {
    let sums: Vec<AtomicU64> = (0..workers).map(|_| AtomicU64::new(0)).collect();
    let part = size.div_ceil(workers);
    thread::scope(|scope| {
        for (worker, sum) in sums.iter().enumerate() {
            let (from, to) = (worker * part, ((worker + 1) * part).min(size));
            scope.spawn(move || (from..to).for_each(|n| _ = sum.fetch_add(value(n), Relaxed)));
        }
    });
    sums.into_iter().map(AtomicU64::into_inner).sum()
}

fn main() {
    conpar::challenge::measure(SIZE, serial, mine)
}
