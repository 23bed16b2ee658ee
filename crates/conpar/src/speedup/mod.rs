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
mod overdue;
mod results;
mod runner;
mod scaling;

use std::fmt::Debug;
use std::future::Future;
use std::hint::black_box;
use std::marker::PhantomData;
use std::time::Duration;

pub use arm::Kind;
pub use ceiling::Ceiling;
pub use experiment::{BUDGET, PRECISION, most_workers};
pub(crate) use scaling::FEELS_A_QUOTA;
pub use scaling::{Cores, Curve, NEGLIGIBLE, Point, Scaling, Sustained, Versus};

use crate::Error;
use crate::measure::{Agree, Reference};
use crate::model::Mode;
use arm::{Arm, Code, Load};
use experiment::Experiment;

/// Begins an experiment named `name`: one serial arm, and parallel arms that compute the same value. The work is fixed,
/// and more workers are to do it sooner: strong scaling.
pub fn speedup<'a, T: PartialEq + Debug>(name: &str) -> Speedup<'a, T> {
    Speedup::new(name, Mode::Strong)
}

/// Begins an experiment named `name` in which the work grows with the workers: N workers do N units of it, and are to
/// take no longer than one worker with one unit. Weak scaling.
///
/// Every arm is told how many units to do. The speedup on N workers is the time of the serial code for N units, divided
/// by the parallel time for as many: John Gustafson's *scaled speedup* ("Reevaluating Amdahl's law", CACM 31(5), 1988). It
/// is N·T(1)/T(N) where serial code takes N times as long for N units.
///
/// ```
/// use conpar::prelude::*;
/// use rayon::prelude::*;
///
/// fn count(units: usize) -> usize {
///     (0..units * 50_000).into_iter().filter(|n| n.count_ones() % 2 == 0).count()
/// }
///
/// let scaling = weak_scaling("even number of ones")
///     .serial(|units| count(units))
///     .rayon("par_iter", |units| {
///         (0..units * 50_000).into_par_iter().filter(|n| n.count_ones() % 2 == 0).count()
///     })
///     .workers([1, 2])
///     .budget(std::time::Duration::from_millis(400))
///     .measure()?;
/// println!("{}", scaling.at("par_iter", 2)?.speedup);
/// # Ok::<(), conpar::Error>(())
/// ```
pub fn weak_scaling<'a, T: PartialEq + Debug>(name: &str) -> WeakScaling<'a, T> {
    Speedup::new(name, Mode::Weak)
}

/// An experiment that is being put together. See [`speedup`] and [`weak_scaling`].
///
/// The generic methods only erase the type of the value; all else is compiled once, in this crate, so that a cell
/// compiles little.
#[must_use = "an experiment measures nothing until `.measure()`"]
pub struct Speedup<'a, T, W = FixedWork> {
    experiment: Experiment<'a>,
    reference: Reference<T>,
    work: PhantomData<W>,
}

/// A weak scaling experiment that is being put together. See [`weak_scaling`].
pub type WeakScaling<'a, T> = Speedup<'a, T, GrowingWork>;

/// The mark of an experiment whose work is fixed.
#[derive(Debug)]
pub enum FixedWork {}

/// The mark of an experiment whose work grows with the workers.
#[derive(Debug)]
pub enum GrowingWork {}

impl<'a, T: PartialEq + Debug + Send + Sync + 'a> Speedup<'a, T, FixedWork> {
    /// The base of every speedup: the best serial code, not the parallel code on one worker.
    pub fn serial(self, code: impl Fn() -> T + 'a) -> Self {
        self.caller("serial", Kind::Serial, move |_| code())
    }

    /// Code that uses rayon. It runs inside a pool of as many threads as workers, built once before the clock starts, each
    /// bound to a core where the system can; a single one to the core on which serial code would run.
    pub fn rayon(self, name: &str, code: impl Fn() -> T + Send + Sync + 'a) -> Self {
        self.pooled(name, move |_| code())
    }

    /// Code that spawns `workers` threads itself, as with [`std::thread::scope`]. Their start is part of the time.
    pub fn threads(self, name: &str, code: impl Fn(usize) -> T + 'a) -> Self {
        self.caller(name, Kind::Threads, move |load| code(load.workers))
    }

    /// Code that spawns `workers` threads itself through crossbeam. Their start is part of the time.
    pub fn crossbeam(self, name: &str, code: impl Fn(usize) -> T + 'a) -> Self {
        self.caller(name, Kind::Crossbeam, move |load| code(load.workers))
    }

    /// Asynchronous code that gives its work to tokio's blocking pool, which has `workers` threads
    /// (`tokio::task::spawn_blocking`). It runs on a current-thread runtime, built once before the clock starts.
    pub fn tokio<F: Future<Output = T>>(self, name: &str, code: impl Fn(usize) -> F + 'a) -> Self {
        self.asynchronous(name, move |load| code(load.workers))
    }
}

impl<'a, T: PartialEq + Debug + Send + Sync + 'a> Speedup<'a, T, GrowingWork> {
    /// The base of every speedup: the best serial code, for so many units of work.
    pub fn serial(self, code: impl Fn(usize) -> T + 'a) -> Self {
        self.caller("serial", Kind::Serial, move |load| code(load.units))
    }

    /// Code that uses rayon for so many units of work. It runs inside a pool of as many threads as workers, built once
    /// before the clock starts, each bound to a core where the system can.
    pub fn rayon(self, name: &str, code: impl Fn(usize) -> T + Send + Sync + 'a) -> Self {
        self.pooled(name, move |load| code(load.units))
    }

    /// Code that spawns threads itself, as with [`std::thread::scope`]: `code(workers, units)`. Their start is part of
    /// the time.
    pub fn threads(self, name: &str, code: impl Fn(usize, usize) -> T + 'a) -> Self {
        self.caller(name, Kind::Threads, move |load| code(load.workers, load.units))
    }

    /// Code that spawns threads itself through crossbeam: `code(workers, units)`. Their start is part of the time.
    pub fn crossbeam(self, name: &str, code: impl Fn(usize, usize) -> T + 'a) -> Self {
        self.caller(name, Kind::Crossbeam, move |load| code(load.workers, load.units))
    }

    /// Asynchronous code that gives its work to tokio's blocking pool, which has `workers` threads
    /// (`tokio::task::spawn_blocking`): `code(workers, units)`. It runs on a current-thread runtime, built once before the
    /// clock starts.
    pub fn tokio<F: Future<Output = T>>(self, name: &str, code: impl Fn(usize, usize) -> F + 'a) -> Self {
        self.asynchronous(name, move |load| code(load.workers, load.units))
    }
}

impl<'a, T: PartialEq + Debug, W> Speedup<'a, T, W> {
    fn new(name: &str, mode: Mode) -> Self {
        Speedup { experiment: Experiment::new(name, mode), reference: Reference::new(), work: PhantomData }
    }
}

impl<'a, T: PartialEq + Debug + Send + Sync + 'a, W> Speedup<'a, T, W> {
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

    /// What the ceiling is of, instead of integer steps: code that every worker runs whole, with nothing to share. Give it
    /// the serial code, or a part of it, where a goal is held against the ceiling: what two threads take from one another on
    /// the units of one physical core depends on what they compute.
    pub fn ceiling<R>(mut self, code: impl Fn() -> R + Sync + 'a) -> Self {
        self.experiment.ceiling = Some(Box::new(move || _ = black_box(code())));
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

    fn caller(self, name: &str, kind: Kind, code: impl Fn(Load) -> T + 'a) -> Self {
        let reference = self.reference.clone();
        let timed = move |load: Load, repeats| reference.time(load.units as u64, repeats, || code(load));
        self.arm(name, kind, Code::Caller(Box::new(timed)))
    }

    fn pooled(self, name: &str, code: impl Fn(Load) -> T + Send + Sync + 'a) -> Self {
        let reference = self.reference.clone();
        let timed = move |load: Load, repeats| reference.time(load.units as u64, repeats, || code(load));
        self.arm(name, Kind::Rayon, Code::RayonPool(Box::new(timed)))
    }

    fn asynchronous<F: Future<Output = T>>(self, name: &str, code: impl Fn(Load) -> F + 'a) -> Self {
        let reference = self.reference.clone();
        let timed = move |runtime: &tokio::runtime::Runtime, load: Load, repeats| {
            reference.time(load.units as u64, repeats, || runtime.block_on(code(load)))
        };
        self.arm(name, Kind::Tokio, Code::TokioRuntime(Box::new(timed)))
    }

    fn arm(mut self, name: &str, kind: Kind, code: Code<'a>) -> Self {
        self.experiment.arms.push(Arm { name: name.to_owned(), kind, code });
        self
    }
}
