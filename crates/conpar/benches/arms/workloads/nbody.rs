//! Computes how bodies attract one another. All bodies cost the same, so each worker gets a fixed part of them.

use std::thread;

use conpar::machine::bind_to;
use conpar::workload::Bodies;
use rayon::prelude::*;

use super::{Size, Workload};
use crate::openmp::OpenMp;

pub(crate) struct NBody(Bodies);

impl NBody {
    pub(crate) fn new(size: Size) -> NBody {
        NBody(Bodies::random(if size == Size::Full { 1_500 } else { 101 }))
    }
}

impl Workload for NBody {
    const NAME: &'static str = "nbody";
    type Output = Vec<[f64; 3]>;

    fn blank(&self) -> Vec<[f64; 3]> {
        vec![[f64::INFINITY; 3]; self.0.x.len()]
    }

    fn serial(&self, out: &mut Vec<[f64; 3]>) {
        self.0.accelerations(out);
    }

    fn rayon(&self, out: &mut Vec<[f64; 3]>) {
        out.par_iter_mut().enumerate().for_each(|(i, one)| *one = self.0.acceleration(i));
    }

    fn threads(&self, workers: usize, out: &mut Vec<[f64; 3]>) {
        let length = out.len().div_ceil(workers);
        thread::scope(|scope| {
            for (nth, part) in out.chunks_mut(length).enumerate() {
                scope.spawn(move || {
                    bind_to(nth);
                    for (i, one) in (nth * length..).zip(part) {
                        *one = self.0.acceleration(i);
                    }
                });
            }
        });
    }

    fn openmp(&self, c: &OpenMp, workers: usize, out: &mut Vec<[f64; 3]>) {
        type Accelerations =
            unsafe extern "C" fn(i32, usize, *const f64, *const f64, *const f64, *const f64, *mut [f64; 3]);
        let Bodies { x, y, z, mass } = &self.0;
        let [x, y, z, mass] = [x, y, z, mass].map(|array| array.as_ptr());
        // SAFETY: the type is that of `accelerations` in nbody.c, which reads and writes as many elements as there are
        // bodies.
        unsafe {
            let accelerations = c.function::<Accelerations>(c"accelerations");
            accelerations(workers as i32, out.len(), x, y, z, mass, out.as_mut_ptr());
        }
    }
}
