//! The experiment: how late a heartbeat comes beside heavy work, and what keeping it on time costs.
//!
//! A heartbeat is due every period, however late the last beat was. Each beat's *delay* is measured from when it was due.
//! So a stall of twenty periods makes twenty beats late, the first by twenty periods and the last by none. Who takes the
//! time from when the wait began, and waits again only afterwards, sees one late beat instead: that is *coordinated
//! omission*, a word of Gil Tene's, who wrote [HdrHistogram](http://hdrhistogram.org).
//!
//! ```
//! use std::time::{Duration, Instant};
//!
//! use conpar::prelude::*;
//!
//! fn jobs() -> u64 {
//!     (0..20).map(|job| conpar::workload::xorshift(200_000 + job)).fold(0, u64::wrapping_add)
//! }
//!
//! fn beats(pulse: &Pulse) {
//!     while let Some(due) = pulse.next() {
//!         std::thread::sleep(due.saturating_duration_since(Instant::now()));
//!         pulse.beat(due);
//!     }
//! }
//!
//! let responded = responsiveness("a thread beside another")
//!     .arm("threads", |pulse| {
//!         std::thread::scope(|scope| {
//!             scope.spawn(|| beats(&pulse));
//!             let result = jobs();
//!             pulse.stop();
//!             result
//!         })
//!     })
//!     .period(Duration::from_micros(200))
//!     .jobs(20)
//!     .budget(Duration::from_secs(1))
//!     .measure()?;
//! println!("{}", responded.percentile("threads", 0.99)?.delay);
//! # Ok::<(), conpar::Error>(())
//! ```

mod delays;
mod experiment;
mod pulse;
mod responded;

use std::fmt::Debug;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

pub use delays::{Delays, enough_beats};
pub use pulse::Pulse;
pub(crate) use responded::Since;
pub use responded::{Arm, Beat, PERCENTILES, Percentile, Responded, Run, Traced};

use crate::Error;
use crate::measure::Reference;
use experiment::{Experiment, Way};

/// The period of the heartbeat unless an experiment is told another.
pub const PERIOD: Duration = Duration::from_millis(1);

/// The periods that a heartbeat may have.
pub const PERIODS: RangeInclusive<Duration> = Duration::from_micros(100)..=Duration::from_millis(100);

/// How long one run may take. After it no beat is due any more, and the experiment waits no longer.
pub const RUN_LIMIT: Duration = Duration::from_secs(10);

/// The most arms of one figure.
pub const MOST_ARMS: usize = 12;

/// The fewest beats that have to be due in one run.
pub const LEAST_BEATS: usize = 5;

/// Begins an experiment named `name`. All its arms do the same work, each beside a heartbeat.
pub fn responsiveness<T: PartialEq + Debug>(name: &str) -> Responsiveness<T> {
    Responsiveness { experiment: Experiment::new(name), reference: Reference::new() }
}

/// An experiment that is being put together. See [`responsiveness`](fn@responsiveness).
#[must_use = "an experiment measures nothing until `.measure()`"]
pub struct Responsiveness<T> {
    experiment: Experiment,
    reference: Reference<T>,
}

impl<T: PartialEq + Debug + Send + 'static> Responsiveness<T> {
    /// A way to run the heartbeat and the work. `run` starts a heartbeat that asks for [`Pulse::next`] and calls
    /// [`Pulse::beat`], does the work, calls [`Pulse::stop`], and waits for the heartbeat to end. What it gives back is the
    /// result of the work, which has to be the same in every arm.
    ///
    /// Each run is on a thread of its own, so that one that never ends does not take the kernel with it.
    pub fn arm(self, name: &str, run: impl Fn(Pulse) -> T + Send + Sync + 'static) -> Self {
        self.add(name.to_owned(), None, run)
    }

    /// The same for each of some values of a `parameter`, which is named with its unit. The figure is then drawn over the
    /// values.
    pub fn over(
        mut self,
        parameter: &str,
        values: impl IntoIterator<Item = u64>,
        run: impl Fn(Pulse, u64) -> T + Send + Sync + 'static,
    ) -> Self {
        self.experiment.parameter = Some(parameter.to_owned());
        let run = Arc::new(run);
        let mut values: Vec<u64> = values.into_iter().collect();
        values.sort_unstable();
        let named = parameter.split(" (").next().unwrap_or_default();
        values.into_iter().fold(self, |all, value| {
            let run = Arc::clone(&run);
            all.add(format!("{named} {value}"), Some(value), move |pulse| run(pulse, value))
        })
    }

    /// The time from one beat to the next, [`PERIOD`] without it.
    pub fn period(mut self, period: Duration) -> Self {
        self.experiment.period = period;
        self
    }

    /// How many jobs one run does, 1 without it: the throughput counts them.
    pub fn jobs(mut self, jobs: u64) -> Self {
        self.experiment.jobs = jobs;
        self
    }

    /// The time that the measurement should take, 3 s without it. It may take up to twice as long where that is needed for
    /// the rounds that an interval rests on.
    pub fn budget(mut self, budget: Duration) -> Self {
        self.experiment.budget = budget;
        self
    }

    /// Measures, and tells `observer` what is being measured.
    ///
    /// # Errors
    ///
    /// Every variant of [`Error`] that speaks of names, arms and budgets; [`Error::NoPulse`] where nothing beats;
    /// [`Error::OtherWork`] where two arms come to different results; [`Error::NeverEnds`] for a run that is not over after
    /// [`RUN_LIMIT`]; [`Error::PanickedAt`] where an arm panics.
    pub fn measure_with(self, observer: &mut dyn FnMut(&str)) -> Result<Responded, Error> {
        self.experiment.run(observer)
    }

    fn add(
        mut self,
        name: String,
        value: Option<u64>,
        run: impl Fn(Pulse) -> T + Send + Sync + 'static,
    ) -> Self {
        let reference = self.reference.clone();
        let code = move |pulse: &Pulse| reference.time(0, 1, || run(pulse.clone())).wrong;
        self.experiment.ways.push(Way { name, value, code: Arc::new(code) });
        self
    }
}
