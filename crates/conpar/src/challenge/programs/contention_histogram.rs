use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

const SIZE: usize = 250_000;
const BINS: usize = 64;
const BLOCK: usize = 500;

fn bin(n: usize) -> usize {
    let (mut n, mut length) = (n as u64 + 1, 0);
    while n > 1 {
        n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 };
        length += 1;
    }
    length % BINS
}

fn weighed(counts: &[u64]) -> u64 {
    counts.iter().zip(1..).map(|(count, weight)| count * weight * weight).sum()
}

fn serial(size: usize) -> u64 {
    let mut counts = [0; BINS];
    (0..size).for_each(|n| counts[bin(n)] += 1);
    weighed(&counts)
}

fn mine(size: usize, workers: usize) -> u64 {
    let (next, counts) = (AtomicUsize::new(0), Mutex::new([0; BINS]));
    let work = || {
        loop {
            let from = next.fetch_add(BLOCK, Relaxed);
            if from >= size {
                return;
            }
            for n in from..(from + BLOCK).min(size) {
                let bin = bin(n);
                counts.lock().unwrap()[bin] += 1;
            }
        }
    };
    thread::scope(|scope| (0..workers).for_each(|_| _ = scope.spawn(work)));
    weighed(&counts.into_inner().unwrap())
}

fn main() {
    conpar::challenge::measure(SIZE, serial, mine)
}
