//! Reads two arrays and writes a third: memory bandwidth. Each worker gets a fixed part.

use std::thread;

use conpar::machine::bind_to;
use conpar::workload::{random_numbers, triad};
use rayon::prelude::*;

use super::{Size, Workload};
use crate::openmp::OpenMp;

const FACTOR: f64 = 3.0;

pub(crate) struct Triad {
    b: Vec<f64>,
    c: Vec<f64>,
}

impl Triad {
    pub(crate) fn new(size: Size) -> Triad {
        let length = if size == Size::Full { 4 << 20 } else { 10_007 };
        Triad { b: random_numbers(length, 1), c: random_numbers(length, 2) }
    }
}

impl Workload for Triad {
    const NAME: &'static str = "triad";
    type Output = Vec<f64>;

    fn blank(&self) -> Vec<f64> {
        vec![f64::INFINITY; self.b.len()]
    }

    fn serial(&self, out: &mut Vec<f64>) {
        triad(out, &self.b, &self.c, FACTOR);
    }

    fn rayon(&self, out: &mut Vec<f64>) {
        let length = out.len().div_ceil(rayon::current_num_threads());
        let parts = out.par_chunks_mut(length).zip(self.b.par_chunks(length)).zip(self.c.par_chunks(length));
        parts.for_each(|((a, b), c)| triad(a, b, c, FACTOR));
    }

    fn threads(&self, workers: usize, out: &mut Vec<f64>) {
        let length = out.len().div_ceil(workers);
        let parts = out.chunks_mut(length).zip(self.b.chunks(length)).zip(self.c.chunks(length));
        thread::scope(|scope| {
            for (nth, ((a, b), c)) in parts.enumerate() {
                scope.spawn(move || {
                    bind_to(nth);
                    triad(a, b, c, FACTOR);
                });
            }
        });
    }

    fn openmp(&self, c: &OpenMp, workers: usize, out: &mut Vec<f64>) {
        type TriadInC = unsafe extern "C" fn(i32, usize, *mut f64, *const f64, *const f64, f64);
        let (length, a) = (out.len(), out.as_mut_ptr());
        // SAFETY: the type is that of `triad` in triad.c; all three arrays have `length` elements.
        unsafe {
            let triad = c.function::<TriadInC>(c"triad");
            triad(workers as i32, length, a, self.b.as_ptr(), self.c.as_ptr(), FACTOR);
        }
    }
}
