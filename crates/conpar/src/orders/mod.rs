//! The experiment: the same tasks, run many times in several ways, and in which orders their steps came.
//!
//! ```
//! use conpar::prelude::*;
//!
//! let ordered = orders("two tasks of two steps", 50)
//!     .arm("calls", |log| [0, 0, 1, 1].iter().for_each(|&task| log.mark(task)))
//!     .arm("threads", |log| {
//!         std::thread::scope(|scope| {
//!             for task in 0..2 {
//!                 scope.spawn(move || (0..2).for_each(|_| log.mark(task)));
//!             }
//!         });
//!     })
//!     .measure()?;
//! assert_eq!(ordered.possible(), 6.0);
//! assert_eq!(ordered.at("calls")?.orders[0].order, "AABB");
//! # Ok::<(), conpar::Error>(())
//! ```

mod experiment;
mod log;
mod ordered;

use std::time::Duration;

pub use log::Log;
pub use ordered::{Arm, Order, Ordered};

use crate::Error;
use experiment::Experiment;

/// The most runs of each arm.
pub const MOST_RUNS: u64 = 10_000;

/// The most steps of one run, of all tasks together.
pub const MOST_STEPS: usize = 64;

/// The most tasks: each has a letter.
pub const MOST_TASKS: usize = 26;

/// The most arms of one figure.
pub const MOST_ARMS: usize = 6;

/// After this time no further round of runs begins.
pub const LIMIT: Duration = Duration::from_secs(6);

/// Begins an experiment named `name` that runs each arm `runs` times; fewer times where the [time](LIMIT) is up before.
pub fn orders<'a>(name: &str, runs: u64) -> Orders<'a> {
    Orders { experiment: Experiment { name: name.to_owned(), runs, arms: Vec::new() } }
}

/// An experiment that is being put together. See [`orders`].
#[must_use = "nothing runs until `.measure()`"]
pub struct Orders<'a> {
    experiment: Experiment<'a>,
}

impl<'a> Orders<'a> {
    /// A way to run the tasks: `run` runs all of them once, and marks each step in the log when it is done.
    pub fn arm(mut self, name: &str, run: impl Fn(&Log) + 'a) -> Self {
        self.experiment.arms.push((name.to_owned(), Box::new(run)));
        self
    }

    /// Runs the arms, in rounds of one run each, in an order that is drawn anew for each round.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyName`], [`Error::DuplicateName`], [`Error::NoArm`], [`Error::PanickedAt`] where an arm panics;
    /// [`Error::NoOrder`] for too many or too few runs, arms, tasks or steps, and where two runs did not mark the same
    /// steps.
    pub fn measure(self) -> Result<Ordered, Error> {
        self.experiment.run()
    }
}
