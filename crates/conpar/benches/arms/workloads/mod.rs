//! The works, each in four ways: serial, with rayon, with scoped threads, and in C with OpenMP, in the file beside it.
//!
//! All ways of a work do the same: the same algorithm, the same cuts, the same order of floating-point operations. So their
//! results are equal to the last bit, and what differs in time is the language's and the library's doing.

mod histogram;
mod mandelbrot;
mod matrix_product;
mod merge_sort;
mod nbody;
mod prefix_sum;
mod primes;
mod triad;
mod words;

use std::fmt::Debug;
use std::ops::Range;

use crate::openmp::OpenMp;

/// A work in four ways. Each writes its result into `out`, the same memory for all of them, so that none of them pays for
/// getting it from the system, or gets better pages.
pub(crate) trait Workload: Sync {
    /// What it is called on the command line and in the table.
    const NAME: &'static str;
    /// What it computes.
    type Output: Clone + PartialEq + Debug + Send;

    /// An output of the right size that is not the result.
    fn blank(&self) -> Self::Output;
    /// What `out` has to hold before a run: for work in place, the input. The clock does not run.
    fn prepare(&self, _out: &mut Self::Output) {}
    /// The serial way.
    fn serial(&self, out: &mut Self::Output);
    /// With rayon, in the pool that the caller is in.
    fn rayon(&self, out: &mut Self::Output);
    /// With so many threads, each bound to a core of its own.
    fn threads(&self, workers: usize, out: &mut Self::Output);
    /// In C, with so many OpenMP threads.
    fn openmp(&self, c: &OpenMp, workers: usize, out: &mut Self::Output);
}

/// How much there is to do.
#[allow(dead_code, reason = "the test takes one of them, the program that times the other")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// A fraction of a millisecond: to compare results.
    Small,
    /// 5 to 20 ms of serial work: to compare times.
    Full,
}

/// Some code that takes any workload: `for_each` cannot be a closure, since each workload is a type of its own.
pub(crate) trait Visit {
    /// What it may fail with.
    type Error;
    /// Is called with each workload.
    fn visit<W: Workload>(&mut self, workload: W) -> Result<(), Self::Error>;
}

/// The names of all workloads, the coarse ones first.
pub(crate) const NAMES: [&str; 9] = [
    primes::Primes::NAME,
    mandelbrot::Picture::NAME,
    nbody::NBody::NAME,
    matrix_product::Product::NAME,
    merge_sort::Sort::NAME,
    words::Words::NAME,
    histogram::Histogram::NAME,
    prefix_sum::PrefixSum::NAME,
    triad::Triad::NAME,
];

/// Makes the workload of that name and shows it to `visitor`; a name that is none of [`NAMES`] is passed over.
pub(crate) fn visit<V: Visit>(name: &str, size: Size, visitor: &mut V) -> Result<(), V::Error> {
    match name {
        primes::Primes::NAME => visitor.visit(primes::Primes::new(size)),
        mandelbrot::Picture::NAME => visitor.visit(mandelbrot::Picture::new(size)),
        nbody::NBody::NAME => visitor.visit(nbody::NBody::new(size)),
        matrix_product::Product::NAME => visitor.visit(matrix_product::Product::new(size)),
        merge_sort::Sort::NAME => visitor.visit(merge_sort::Sort::new(size)),
        words::Words::NAME => visitor.visit(words::Words::new(size)),
        histogram::Histogram::NAME => visitor.visit(histogram::Histogram::new(size)),
        prefix_sum::PrefixSum::NAME => visitor.visit(prefix_sum::PrefixSum::new(size)),
        triad::Triad::NAME => visitor.visit(triad::Triad::new(size)),
        _ => Ok(()),
    }
}

/// The part of `0..length` that worker `nth` of `workers` gets: all about the same.
fn part(length: usize, nth: usize, workers: usize) -> Range<usize> {
    let step = length.div_ceil(workers);
    (nth * step).min(length)..((nth + 1) * step).min(length)
}
