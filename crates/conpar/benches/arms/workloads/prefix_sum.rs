//! Running sums. First each worker sums up its part; then each goes over its part again, from where those before it end.

use std::thread;

use conpar::machine::bind_to;
use conpar::workload::prefix_sum;
use rayon::prelude::*;

use super::{Size, Workload, part};
use crate::openmp::OpenMp;

pub(crate) struct PrefixSum {
    values: Vec<u64>,
}

impl PrefixSum {
    pub(crate) fn new(size: Size) -> PrefixSum {
        let mut rng = fastrand::Rng::with_seed(1);
        let length = if size == Size::Full { 4 << 20 } else { 10_007 };
        PrefixSum { values: (0..length).map(|_| rng.u64(..)).collect() }
    }
}

/// The sum of all, modulo 2⁶⁴.
fn sum(values: &[u64]) -> u64 {
    values.iter().fold(0, |sum, &value| sum.wrapping_add(value))
}

/// Where each part begins: the sum of all parts before it.
fn starts(sums: &[u64]) -> Vec<u64> {
    let add = |before: &mut u64, &sum: &u64| {
        let start = *before;
        *before = before.wrapping_add(sum);
        Some(start)
    };
    sums.iter().scan(0, add).collect()
}

impl Workload for PrefixSum {
    const NAME: &'static str = "prefix-sum";
    type Output = Vec<u64>;

    fn blank(&self) -> Vec<u64> {
        vec![0; self.values.len()]
    }

    fn serial(&self, out: &mut Vec<u64>) {
        prefix_sum(0, &self.values, out);
    }

    fn rayon(&self, out: &mut Vec<u64>) {
        let workers = rayon::current_num_threads();
        if workers == 1 {
            return prefix_sum(0, &self.values, out);
        }
        let length = self.values.len().div_ceil(workers);
        let sums: Vec<u64> = self.values.par_chunks(length).map(sum).collect();
        let parts = self.values.par_chunks(length).zip(out.par_chunks_mut(length));
        parts.zip(starts(&sums)).for_each(|((values, out), start)| prefix_sum(start, values, out));
    }

    fn threads(&self, workers: usize, out: &mut Vec<u64>) {
        let length = self.values.len().div_ceil(workers);
        let sums = if workers == 1 { vec![0] } else { self.sums_of_parts(workers) };
        let parts = self.values.chunks(length).zip(out.chunks_mut(length)).zip(starts(&sums));
        thread::scope(|scope| {
            for (nth, ((values, out), start)) in parts.enumerate() {
                scope.spawn(move || {
                    bind_to(nth);
                    prefix_sum(start, values, out);
                });
            }
        });
    }

    fn openmp(&self, c: &OpenMp, workers: usize, out: &mut Vec<u64>) {
        type Sums = unsafe extern "C" fn(i32, usize, *const u64, *mut u64);
        // SAFETY: the type is that of `prefix_sum` in prefix_sum.c; both arrays have as many elements.
        unsafe {
            let prefix_sum = c.function::<Sums>(c"prefix_sum");
            prefix_sum(workers as i32, self.values.len(), self.values.as_ptr(), out.as_mut_ptr());
        }
    }
}

impl PrefixSum {
    fn sums_of_parts(&self, workers: usize) -> Vec<u64> {
        thread::scope(|scope| {
            let start = |nth| {
                let values = &self.values[part(self.values.len(), nth, workers)];
                scope.spawn(move || {
                    bind_to(nth);
                    sum(values)
                })
            };
            let threads: Vec<_> = (0..workers).map(start).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        })
    }
}
