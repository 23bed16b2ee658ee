//! Multiplies two matrices. All rows cost the same, so each worker gets a fixed part of them.

use std::thread;

use conpar::machine::bind_to;
use conpar::workload::{matrix_product, random_numbers, row_product};
use rayon::prelude::*;

use super::{Size, Workload};
use crate::openmp::OpenMp;

pub(crate) struct Product {
    n: usize,
    a: Vec<f64>,
    b: Vec<f64>,
}

impl Product {
    pub(crate) fn new(size: Size) -> Product {
        let n = if size == Size::Full { 320 } else { 31 };
        Product { n, a: random_numbers(n * n, 1), b: random_numbers(n * n, 2) }
    }
}

impl Workload for Product {
    const NAME: &'static str = "matrix-product";
    type Output = Vec<f64>;

    fn blank(&self) -> Vec<f64> {
        vec![f64::INFINITY; self.n * self.n]
    }

    fn serial(&self, out: &mut Vec<f64>) {
        matrix_product(self.n, &self.a, &self.b, out);
    }

    fn rayon(&self, out: &mut Vec<f64>) {
        let rows = self.a.par_chunks_exact(self.n).zip(out.par_chunks_exact_mut(self.n));
        rows.for_each(|(row, out)| row_product(row, &self.b, out));
    }

    fn threads(&self, workers: usize, out: &mut Vec<f64>) {
        let length = self.n.div_ceil(workers) * self.n;
        thread::scope(|scope| {
            for (nth, (rows, out)) in self.a.chunks(length).zip(out.chunks_mut(length)).enumerate() {
                scope.spawn(move || {
                    bind_to(nth);
                    matrix_product(self.n, rows, &self.b, out);
                });
            }
        });
    }

    fn openmp(&self, c: &OpenMp, workers: usize, out: &mut Vec<f64>) {
        type MatrixProduct = unsafe extern "C" fn(i32, usize, *const f64, *const f64, *mut f64);
        // SAFETY: the type is that of `matrix_product` in matrix_product.c, which reads and writes n × n elements.
        unsafe {
            let matrix_product = c.function::<MatrixProduct>(c"matrix_product");
            matrix_product(workers as i32, self.n, self.a.as_ptr(), self.b.as_ptr(), out.as_mut_ptr());
        }
    }
}
