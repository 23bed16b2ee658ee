//! The experiment: what one parameter does to the time of some arms, or to their throughput.
//!
//! A grain, a capacity, a batch, a number of threads: every arm runs at every value of it, in rounds of random order, and
//! each point has its interval. What is asked here is how the curve bends; how much faster more workers are is asked by
//! [`speedup`](crate::speedup).
//!
//! ```
//! use conpar::prelude::*;
//! use rayon::prelude::*;
//!
//! let numbers: Vec<u64> = (0..20_000).collect();
//! let swept = sweep("sum of squares", "grain (numbers a job)")
//!     .over([16, 256, 4_096])
//!     .serial(|| numbers.iter().map(|n| n * n).sum::<u64>())
//!     .rayon("par_chunks", |grain| {
//!         numbers.par_chunks(grain as usize).map(|chunk| chunk.iter().map(|n| n * n).sum::<u64>()).sum()
//!     })
//!     .budget(std::time::Duration::from_millis(300))
//!     .measure()?;
//! println!("{}", swept.ratio("par_chunks", 4_096, "par_chunks", 16)?);
//! # Ok::<(), conpar::Error>(())
//! ```

mod crossing;
mod experiment;
mod swept;

use std::fmt::Debug;
use std::time::Duration;

pub use crossing::Crossing;
pub use experiment::MOST_VALUES;
pub use swept::{Beside, Place, Quantity, Series, Swept};

use crate::Error;
use crate::machine::Allowed;
use crate::measure::{Agree, Reference, Timed};
use crate::units::Goroutines;
use experiment::{Code, Experiment};

/// Begins an experiment named `name` that goes through the values of one `parameter`, which is named with its unit.
pub fn sweep<'a, T: PartialEq + Debug>(name: &str, parameter: &str) -> Sweep<'a, T> {
    Sweep { experiment: Experiment::new(name, parameter), reference: Reference::new() }
}

/// An experiment that is being put together. See [`sweep`].
#[must_use = "an experiment measures nothing until `.measure()`"]
pub struct Sweep<'a, T> {
    experiment: Experiment<'a>,
    reference: Reference<T>,
}

impl<'a, T: PartialEq + Debug + Send + Sync + 'a> Sweep<'a, T> {
    /// The values that the parameter takes; 0 is one as well. Their order does not matter.
    pub fn over(mut self, values: impl IntoIterator<Item = u64>) -> Self {
        self.experiment.values = values.into_iter().collect();
        self
    }

    /// Code that has no such parameter, to compare with: a line across the figure. With it all arms have to compute its
    /// value; without it, those at one value of the parameter have to agree with the first.
    pub fn serial(mut self, code: impl Fn() -> T + 'a) -> Self {
        let reference = self.reference.clone();
        self.experiment.serials += 1;
        let timed = move |_, repeats| reference.time(ALL, repeats, &code);
        self.experiment.serial = Some(("serial".to_owned(), Code::Caller(Box::new(timed))));
        self
    }

    /// As [`serial`](Sweep::serial), of code that is not serial and has a name: an unbounded queue among bounded ones.
    pub fn without(self, name: &str, code: impl Fn() -> T + 'a) -> Self {
        let mut named = self.serial(code);
        if let Some((known, _)) = &mut named.experiment.serial {
            name.clone_into(known);
        }
        named
    }

    /// Code that runs on the calling thread, and may start threads of its own.
    pub fn arm(self, name: &str, code: impl Fn(u64) -> T + 'a) -> Self {
        let reference = self.reference.clone();
        let timed = move |at: At, repeats| reference.time(at.work, repeats, || code(at.value));
        self.add(name, Code::Caller(Box::new(timed)))
    }

    /// Says that the arm that was added last begins at this value: it cannot take the smaller ones.
    pub fn starting_at(mut self, least: u64) -> Self {
        if let Some(last) = self.experiment.arms.len().checked_sub(1) {
            self.experiment.least.push((last, least));
        }
        self
    }

    /// Code that uses rayon. It runs inside a pool of a thread for each core, each bound to its core where the system can.
    pub fn rayon(self, name: &str, code: impl Fn(u64) -> T + Send + Sync + 'a) -> Self {
        let reference = self.reference.clone();
        let timed = move |at: At, repeats| reference.time(at.work, repeats, || code(at.value));
        self.add(name, Code::RayonPool(Box::new(timed)))
    }

    /// How many operations one run at a value does: the figure then shows operations a second and not the time of a run.
    pub fn operations(mut self, count: impl Fn(u64) -> u64 + 'a) -> Self {
        self.experiment.operations = Some(Box::new(count));
        self
    }

    /// How many operations one run at a value does, and what one is called: the figure then shows the time of one.
    pub fn each(mut self, operation: &str, count: impl Fn(u64) -> u64 + 'a) -> Self {
        self.experiment.operation = Some(operation.to_owned());
        self.operations(count)
    }

    /// The largest value at which `arm` is measured, where that is not the largest of all: more would take too long, or more
    /// than [`limits`](crate::machine::limits) allow, which is then noted.
    pub fn up_to(mut self, arm: &str, most: impl Into<Allowed>) -> Self {
        self.experiment.most.push((arm.to_owned(), most.into()));
        self
    }

    /// How many threads are busy at a value, 1 without it (in a rayon arm all cores). With more threads than cores a
    /// point is oversubscribed; with as many, nobody else may run for a sample to be clean.
    pub fn threads(mut self, busy: impl Fn(u64) -> usize + 'a) -> Self {
        self.experiment.threads = Some(Box::new(busy));
        self
    }

    /// Says that the threads of the arms wait for one another by design, as at a channel or a lock: how long they wait is
    /// then part of what is measured, and a sample is clean when nobody else ran at either end of it.
    pub fn blocking(mut self) -> Self {
        self.experiment.blocking = true;
        self
    }

    /// The time that the measurement should take, 3 s without it. It may take up to twice as long where that is needed for
    /// the rounds that an interval rests on.
    pub fn budget(mut self, budget: Duration) -> Self {
        self.experiment.budget = budget;
        self
    }

    /// What counts as the same result, `==` without it.
    pub fn agree(self, agree: Agree<T>) -> Self {
        self.reference.set_agree(agree);
        self
    }

    /// Measures, and tells `observer` what is being measured.
    ///
    /// # Errors
    ///
    /// Every variant of [`Error`] that speaks of arms, values, budgets and results. Nothing is measured before the
    /// experiment is known to be sound, and no times are compared before the results are equal.
    pub fn measure_with(self, observer: &mut dyn FnMut(&str)) -> Result<Swept, Error> {
        self.experiment.run(observer)
    }

    fn add(mut self, name: &str, code: Code<'a>) -> Self {
        self.experiment.arms.push((name.to_owned(), code));
        self
    }
}

impl<'a> Sweep<'a, u64> {
    /// Code in Go, which runs in a process of its own and takes the time itself, in the same rounds. Where there is no Go, what
    /// was recorded elsewhere is drawn beside, and decides nothing.
    pub fn go(mut self, name: &str, goroutines: &'a Goroutines) -> Self {
        match goroutines.recorded() {
            Some(curve) => self.experiment.beside.push(Beside::new(name, curve, goroutines.about())),
            None => {
                let reference = self.reference.clone();
                let timed = move |at: At, repeats| {
                    let (elapsed, value) = goroutines.time(at.value, repeats)?;
                    Ok(Timed { elapsed, wrong: reference.wrong(at.work, value) })
                };
                self.experiment.notes.push(format!("{name}: {}.", goroutines.about()));
                self = self.add(name, Code::Itself(Box::new(timed)));
            }
        }
        self
    }
}

/// The work whose value serial computes: one for all values of the parameter.
const ALL: u64 = u64::MAX;

/// Where an arm runs.
#[derive(Debug, Clone, Copy)]
struct At {
    /// The value of the parameter.
    value: u64,
    /// What tells the work from others: arms that do the same work have to compute the same value.
    work: u64,
}
