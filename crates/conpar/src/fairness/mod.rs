//! The experiment: who gets how many turns, when all workers want the same thing all the time.
//!
//! Throughput tells how many turns there were, and not whose they were. A lock that is given back to the thread that has
//! just let go of it is fast, and starves the others.
//!
//! ```
//! use conpar::prelude::*;
//!
//! let served = fairness("count")
//!     .arm("Mutex", || {
//!         let counter = std::sync::Mutex::new(0_u64);
//!         move || *counter.lock().unwrap() += 1
//!     })
//!     .budget(std::time::Duration::from_millis(300))
//!     .measure()?;
//! println!("{}", served.at("Mutex")?.least);
//! # Ok::<(), conpar::Error>(())
//! ```

mod experiment;
mod served;

use std::time::Duration;

pub use experiment::{MOST_WORKERS, WINDOW};
pub use served::{Arm, Served};

use crate::Error;
use experiment::Experiment;

/// Begins an experiment named `name`.
pub fn fairness<'a>(name: &str) -> Fairness<'a> {
    Fairness { experiment: Experiment::new(name) }
}

/// An experiment that is being put together. See [`fairness`].
#[must_use = "an experiment measures nothing until `.measure()`"]
pub struct Fairness<'a> {
    experiment: Experiment<'a>,
}

impl<'a> Fairness<'a> {
    /// What all workers want: `make` builds it anew for each sample, and what it gives back is one turn. Each worker takes
    /// turns as often as it can for a [`WINDOW`] of time.
    pub fn arm<T: Fn() + Sync + 'a>(mut self, name: &str, make: impl Fn() -> T + 'a) -> Self {
        let run = move |workers: usize| experiment::turns(workers, &make());
        self.experiment.arms.push((name.to_owned(), Box::new(run)));
        self
    }

    /// The number of workers; one for each core without it, and at least two.
    pub fn workers(mut self, count: usize) -> Self {
        self.experiment.workers = Some(count);
        self
    }

    /// The time that the measurement should take, 3 s without it.
    pub fn budget(mut self, budget: Duration) -> Self {
        self.experiment.budget = budget;
        self
    }

    /// Measures.
    ///
    /// # Errors
    ///
    /// Every variant of [`Error`] that speaks of arms, workers and budgets; [`Error::Panicked`] where a turn panics.
    pub fn measure(self) -> Result<Served, Error> {
        self.experiment.run()
    }
}
