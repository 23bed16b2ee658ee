//! Computes a picture of the Mandelbrot set. Rows cost very different amounts, so whoever is free takes the next one.

use std::sync::Mutex;
use std::thread;

use conpar::machine::bind_to;
use conpar::workload::Mandelbrot;
use rayon::prelude::*;

use super::{Size, Workload};
use crate::openmp::OpenMp;

pub(crate) struct Picture(Mandelbrot);

impl Picture {
    pub(crate) fn new(size: Size) -> Picture {
        Picture(match size {
            Size::Full => Mandelbrot { width: 256, height: 192, limit: 256 },
            Size::Small => Mandelbrot { width: 33, height: 21, limit: 50 },
        })
    }
}

impl Workload for Picture {
    const NAME: &'static str = "mandelbrot";
    type Output = Vec<u32>;

    fn blank(&self) -> Vec<u32> {
        vec![u32::MAX; self.0.width * self.0.height]
    }

    fn serial(&self, out: &mut Vec<u32>) {
        self.0.picture(out);
    }

    fn rayon(&self, out: &mut Vec<u32>) {
        out.par_chunks_mut(self.0.width).enumerate().for_each(|(y, row)| self.0.row(y, row));
    }

    fn threads(&self, workers: usize, out: &mut Vec<u32>) {
        // The rows that are still to do. A lock is held for some nanoseconds a row, which takes many microseconds.
        let rows = Mutex::new(out.chunks_mut(self.0.width).enumerate());
        thread::scope(|scope| {
            for nth in 0..workers {
                let rows = &rows;
                scope.spawn(move || {
                    bind_to(nth);
                    let next = || rows.lock().expect("no panic").next();
                    while let Some((y, row)) = next() {
                        self.0.row(y, row);
                    }
                });
            }
        });
    }

    fn openmp(&self, c: &OpenMp, workers: usize, out: &mut Vec<u32>) {
        let Mandelbrot { width, height, limit } = self.0;
        // SAFETY: the type is that of `mandelbrot` in mandelbrot.c, which writes width × height elements.
        unsafe {
            let mandelbrot =
                c.function::<unsafe extern "C" fn(i32, usize, usize, u32, *mut u32)>(c"mandelbrot");
            mandelbrot(workers as i32, width, height, limit, out.as_mut_ptr());
        }
    }
}
