//! Counts bytes. Each worker counts a part in bins of its own; then they are added up.

use std::thread;

use conpar::machine::bind_to;
use conpar::workload::{BINS, add_histogram, histogram};
use rayon::prelude::*;

use super::{Size, Workload};
use crate::openmp::OpenMp;

pub(crate) struct Histogram {
    bytes: Vec<u8>,
}

impl Histogram {
    pub(crate) fn new(size: Size) -> Histogram {
        let mut rng = fastrand::Rng::with_seed(1);
        let mut bytes = vec![0; if size == Size::Full { 16 << 20 } else { 10_007 }];
        rng.fill(&mut bytes);
        Histogram { bytes }
    }
}

impl Workload for Histogram {
    const NAME: &'static str = "histogram";
    type Output = [u64; BINS];

    fn blank(&self) -> [u64; BINS] {
        [u64::MAX; BINS]
    }

    fn serial(&self, out: &mut [u64; BINS]) {
        *out = histogram(&self.bytes);
    }

    fn rayon(&self, out: &mut [u64; BINS]) {
        let length = self.bytes.len().div_ceil(rayon::current_num_threads());
        *out = self.bytes.par_chunks(length).map(histogram).reduce(|| [0; BINS], add_histogram);
    }

    fn threads(&self, workers: usize, out: &mut [u64; BINS]) {
        let length = self.bytes.len().div_ceil(workers);
        *out = thread::scope(|scope| {
            let start = |(nth, part)| {
                scope.spawn(move || {
                    bind_to(nth);
                    histogram(part)
                })
            };
            let threads: Vec<_> = self.bytes.chunks(length).enumerate().map(start).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).fold([0; BINS], add_histogram)
        });
    }

    fn openmp(&self, c: &OpenMp, workers: usize, out: &mut [u64; BINS]) {
        type CountBytes = unsafe extern "C" fn(i32, usize, *const u8, *mut u64);
        // SAFETY: the type is that of `histogram` in histogram.c, which writes as many counts as a byte has values.
        unsafe {
            let histogram = c.function::<CountBytes>(c"histogram");
            histogram(workers as i32, self.bytes.len(), self.bytes.as_ptr(), out.as_mut_ptr());
        }
    }
}
