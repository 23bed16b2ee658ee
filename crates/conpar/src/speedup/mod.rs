//! The experiment: arms × worker counts → [`Scaling`].
//!
//! ```
//! use conpar::prelude::*;
//!
//! fn count(range: std::ops::Range<u64>) -> usize {
//!     range.filter(|n| n.count_ones() % 2 == 0).count()
//! }
//!
//! let scaling = speedup("even number of ones")
//!     .serial(|| count(0..100_000))
//!     .threads("halves", |workers| {
//!         let part = 100_000_u64.div_ceil(workers as u64);
//!         std::thread::scope(|scope| {
//!             let ranges = (0..workers as u64).map(|w| w * part..((w + 1) * part).min(100_000));
//!             let threads: Vec<_> = ranges.map(|range| scope.spawn(|| count(range))).collect();
//!             threads.into_iter().map(|thread| thread.join().unwrap()).sum()
//!         })
//!     })
//!     .workers([1, 2])
//!     .budget(std::time::Duration::from_millis(200))
//!     .measure()?;
//! println!("{}", scaling.at("halves", 2)?.speedup);
//! # Ok::<(), conpar::Error>(())
//! ```

mod arm;
mod ceiling;
mod experiment;
mod runner;
mod scaling;

use std::fmt::Debug;
use std::future::Future;
use std::time::Duration;

pub use arm::Kind;
pub use experiment::{BUDGET, PRECISION, most_workers};
pub use scaling::{Cores, Curve, Point, Scaling, Versus};

use crate::Error;
use arm::{Agree, Arm, Code, Reference};
use experiment::Experiment;

/// Begins an experiment named `name`: one serial arm, and parallel arms that compute the same value.
pub fn speedup<'a, T: PartialEq + Debug>(name: &str) -> Speedup<'a, T> {
    Speedup { experiment: Experiment::new(name), reference: Reference::new() }
}

/// An experiment that is being put together. See [`speedup`].
///
/// The generic methods only erase the type of the value; all else is compiled once, in this crate, so that a cell
/// compiles little.
#[must_use = "an experiment measures nothing until `.measure()`"]
pub struct Speedup<'a, T> {
    experiment: Experiment<'a>,
    reference: Reference<T>,
}

impl<'a, T: PartialEq + Debug + Send + Sync + 'a> Speedup<'a, T> {
    /// The base of every speedup: the best serial code, not the parallel code on one worker.
    pub fn serial(self, code: impl Fn() -> T + 'a) -> Self {
        let reference = self.reference.clone();
        let code = Code::Caller(Box::new(move |_, repeats| reference.time(repeats, &code)));
        self.arm("serial", Kind::Serial, code)
    }

    /// Code that uses rayon. It runs inside a pool of as many threads as workers, built once before the clock starts, each
    /// bound to a core where the system can.
    pub fn rayon(self, name: &str, code: impl Fn() -> T + Send + Sync + 'a) -> Self {
        let reference = self.reference.clone();
        let code = Code::RayonPool(Box::new(move |repeats| reference.time(repeats, &code)));
        self.arm(name, Kind::Rayon, code)
    }

    /// Code that spawns `workers` threads itself, as with [`std::thread::scope`]. Their start is part of the time.
    pub fn threads(self, name: &str, code: impl Fn(usize) -> T + 'a) -> Self {
        self.caller(name, Kind::Threads, code)
    }

    /// Code that spawns `workers` threads itself through crossbeam. Their start is part of the time.
    pub fn crossbeam(self, name: &str, code: impl Fn(usize) -> T + 'a) -> Self {
        self.caller(name, Kind::Crossbeam, code)
    }

    /// Asynchronous code that gives its work to tokio's blocking pool, which has `workers` threads
    /// (`tokio::task::spawn_blocking`). It runs on a current-thread runtime, built once before the clock starts.
    pub fn tokio<F: Future<Output = T>>(self, name: &str, code: impl Fn(usize) -> F + 'a) -> Self {
        let reference = self.reference.clone();
        let code = Code::TokioRuntime(Box::new(move |runtime, workers, repeats| {
            reference.time(repeats, || runtime.block_on(code(workers)))
        }));
        self.arm(name, Kind::Tokio, code)
    }

    /// The worker counts to measure. Without it 1 to all cores (on more than eight: 1, 2, 3, 4, 6, 8, 12, 16, …).
    pub fn workers(mut self, counts: impl IntoIterator<Item = usize>) -> Self {
        self.experiment.workers = Some(counts.into_iter().collect());
        self
    }

    /// The time that the measurement should take, [`BUDGET`] without it. It may take up to twice as long where that is
    /// needed for the rounds that an interval rests on.
    pub fn budget(mut self, budget: Duration) -> Self {
        self.experiment.budget = budget;
        self
    }

    /// What counts as the same result, `==` without it. Sums of floating-point numbers depend on their order:
    /// `.agree(|a, b| (a - b).abs() < 1e-9)`.
    pub fn agree(self, agree: Agree<T>) -> Self {
        self.reference.set_agree(agree);
        self
    }

    /// Measures, and tells `observer` of each point as soon as its interval is narrow enough, or when the time is up.
    ///
    /// # Errors
    ///
    /// Every variant of [`Error`] that speaks of arms, workers, budgets and results. Nothing is measured before the
    /// experiment is known to be sound, and no times are compared before the results are equal.
    pub fn measure_with(self, observer: &mut dyn FnMut(&str, &Point)) -> Result<Scaling, Error> {
        self.experiment.run(observer)
    }

    fn caller(self, name: &str, kind: Kind, code: impl Fn(usize) -> T + 'a) -> Self {
        let reference = self.reference.clone();
        let code = Code::Caller(Box::new(move |workers, repeats| reference.time(repeats, || code(workers))));
        self.arm(name, kind, code)
    }

    fn arm(mut self, name: &str, kind: Kind, code: Code<'a>) -> Self {
        self.experiment.arms.push(Arm { name: name.to_owned(), kind, code });
        self
    }
}
