//! Counts primes. Larger numbers cost more, so whoever is free takes the next few numbers.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use conpar::machine::bind_to;
use conpar::workload::{count_primes, is_prime};
use rayon::prelude::*;

use super::{Size, Workload};
use crate::openmp::OpenMp;

/// How many numbers a thread takes at a time.
const GRAIN: u32 = 1_024;

pub(crate) struct Primes {
    below: u32,
}

impl Primes {
    pub(crate) fn new(size: Size) -> Primes {
        Primes { below: if size == Size::Full { 250_000 } else { 5_000 } }
    }
}

impl Workload for Primes {
    const NAME: &'static str = "primes";
    type Output = usize;

    fn blank(&self) -> usize {
        usize::MAX
    }

    fn serial(&self, out: &mut usize) {
        *out = count_primes(0..self.below);
    }

    fn rayon(&self, out: &mut usize) {
        *out = (0..self.below).into_par_iter().filter(|&n| is_prime(n)).count();
    }

    fn threads(&self, workers: usize, out: &mut usize) {
        let next = AtomicU32::new(0);
        let count = || {
            let mut count = 0;
            loop {
                let start = next.fetch_add(GRAIN, Ordering::Relaxed);
                if start >= self.below {
                    return count;
                }
                count += count_primes(start..(start + GRAIN).min(self.below));
            }
        };
        *out = thread::scope(|scope| {
            let start = |nth| {
                scope.spawn(move || {
                    bind_to(nth);
                    count()
                })
            };
            let threads: Vec<_> = (0..workers).map(start).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
        });
    }

    fn openmp(&self, c: &OpenMp, workers: usize, out: &mut usize) {
        // SAFETY: the type is that of `count_primes` in primes.c, which touches no memory of ours.
        *out = unsafe {
            let count_primes = c.function::<unsafe extern "C" fn(i32, u32, u32) -> usize>(c"count_primes");
            count_primes(workers as i32, self.below, GRAIN)
        };
    }
}
