use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

const SIZE: usize = 20_000;
const FIRST: u32 = 250;
const SECOND: u32 = 600;
const BLOCK: usize = 100;

fn stir(mut state: u64, steps: u32) -> u64 {
    for _ in 0..steps {
        state = (state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    state
}

fn seed(n: usize) -> u64 {
    stir(n as u64 + 1, FIRST)
}

fn value(seed: u64) -> u64 {
    stir(seed, SECOND) % 1_000
}

fn serial(size: usize) -> u64 {
    (0..size).map(|n| value(seed(n))).sum()
}

fn mine(size: usize, workers: usize) -> u64 {
    let seeds: Vec<u64> = (0..size).map(seed).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut sum = 0;
        loop {
            let from = next.fetch_add(BLOCK, Relaxed);
            if from >= size {
                return sum;
            }
            let block = &seeds[from..(from + BLOCK).min(size)];
            sum += block.iter().map(|&seed| value(seed)).sum::<u64>();
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

fn main() {
    conpar::challenge::measure(SIZE, serial, mine)
}
