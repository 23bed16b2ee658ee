//! The experiment: threads that race, a million times, and how often each outcome was seen on this processor.
//!
//! ```
//! use conpar::prelude::*;
//! use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
//!
//! let add = |counter: &AtomicU64| {
//!     let seen = counter.load(Relaxed);
//!     counter.store(seen + 1, Relaxed);
//! };
//! let seen = race("load, store", || AtomicU64::new(0))
//!     .thread(add)
//!     .thread(add)
//!     .outcome(|counter| counter.load(Relaxed))
//!     .trials(10_000)
//!     .run()?;
//! println!("{}", seen.share("1"));
//! # Ok::<(), conpar::Error>(())
//! ```

mod observed;
mod trials;

use std::fmt::Debug;

pub use observed::{Observed, Outcome, Standing};
pub use trials::{LIMIT, MOST_THREADS, MOST_TRIALS};

use crate::Error;
use crossbeam::utils::CachePadded;

/// Begins a race over what `state` makes: each trial has one of its own.
pub fn race<'a, S: Sync + Send>(name: &str, state: impl Fn() -> S + 'a) -> Race<'a, S> {
    Race { name: name.to_owned(), state: Box::new(state), threads: Vec::new(), trials: 1_000_000 }
}

/// What one thread does in a trial.
type Thread<'a, S> = Box<dyn Fn(&S) + Sync + 'a>;

/// A race that is being put together. See [`race`].
#[must_use = "nothing runs until `.outcome(…)` and `.run()`"]
pub struct Race<'a, S> {
    name: String,
    state: Box<dyn Fn() -> S + 'a>,
    threads: Vec<Thread<'a, S>>,
    trials: u64,
}

/// A race that knows what comes out of it.
#[must_use = "nothing runs until `.run()`"]
pub struct Judged<'a, S> {
    race: Race<'a, S>,
    outcome: Box<dyn Fn(&S) -> String + 'a>,
}

impl<'a, S: Sync + Send> Race<'a, S> {
    /// What one of the threads does in a trial.
    pub fn thread(mut self, code: impl Fn(&S) + Sync + 'a) -> Self {
        self.threads.push(Box::new(code));
        self
    }

    /// What came out of a trial, once all of its threads are through.
    pub fn outcome<R: Debug>(self, outcome: impl Fn(&S) -> R + 'a) -> Judged<'a, S> {
        Judged { race: self, outcome: Box::new(move |state| format!("{:?}", outcome(state))) }
    }
}

impl<S: Sync + Send> Judged<'_, S> {
    /// The number of trials, a million without it; fewer are run where the [time](LIMIT) is up before.
    pub fn trials(mut self, count: u64) -> Self {
        self.race.trials = count;
        self
    }

    /// Runs the trials.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyName`], [`Error::NotARace`] for too few or too many threads or trials, [`Error::Panicked`] where a thread
    /// panics.
    pub fn run(self) -> Result<Observed, Error> {
        let Judged { race, outcome } = self;
        trials::check(&race.name, race.threads.len(), race.trials)?;
        let mut counted = trials::Counted::default();
        while counted.goes_on(race.trials) {
            let batch = counted.batch(race.trials);
            // Each state has a cache line of its own: neighbours would slow one another down.
            let states: Vec<CachePadded<S>> = (0..batch).map(|_| CachePadded::new((race.state)())).collect();
            let run = |thread: usize, trial: usize| (race.threads[thread])(&states[trial]);
            trials::batch(&race.name, race.threads.len(), batch, &run)?;
            states.iter().for_each(|state| counted.add(outcome(state)));
        }
        Ok(counted.observed(&race.name, race.threads.len()))
    }
}
