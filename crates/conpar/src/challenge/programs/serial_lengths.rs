use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

const SIZE: usize = 80_000;
const STEPS: u32 = 120;
const BLOCK: usize = 500;

fn length(n: usize) -> u32 {
    let (mut n, mut length) = (n as u64 + 1, 0);
    while n > 1 {
        n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 };
        length += 1;
    }
    length
}

fn mark(length: u32) -> u64 {
    let mut mark = u64::from(length) + 1;
    for _ in 0..STEPS {
        mark = (mark ^ (mark >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    mark % 1_000
}

fn serial(size: usize) -> u64 {
    (0..size).map(|n| mark(length(n))).sum()
}

fn mine(size: usize, workers: usize) -> u64 {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut lengths = Vec::new();
        loop {
            let from = next.fetch_add(BLOCK, Relaxed);
            if from >= size {
                return lengths;
            }
            lengths.extend((from..(from + BLOCK).min(size)).map(length));
        }
    };
    let parts: Vec<Vec<u32>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    parts.concat().into_iter().map(mark).sum()
}

fn main() {
    conpar::challenge::measure(SIZE, serial, mine)
}
