//! The result, as plain data.

use serde::{Deserialize, Serialize};

use crate::measure::{Estimate, Estimator};
use crate::trace::Timeline;

/// What was measured, for the four corners of {waiting, computing} × {one core, all cores}.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overlapped {
    /// The name of the experiment.
    pub name: String,
    /// The number of tasks at once.
    pub tasks: usize,
    /// The cores that the process may use.
    pub cores: usize,
    /// How many cores' worth of time it may use: less than `cores` under a quota.
    pub effective_cores: f64,
    /// The number of the core that "one core" was.
    pub core: usize,
    /// The corners: waiting on one core, waiting on all, computing on one core, computing on all.
    pub corners: Vec<Corner>,
    /// The most threads that tasks of one run were on.
    pub threads: usize,
    /// The number of rounds.
    pub rounds: usize,
    /// Whether the system could tell disturbed samples from clean ones.
    pub watched: bool,
}

/// One corner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Corner {
    /// What the tasks do.
    pub work: Work,
    /// Where they run.
    pub place: Place,
    /// The time of all tasks at once, in seconds.
    pub seconds: f64,
    /// The time of one task alone, in seconds.
    pub alone: f64,
    /// How many times faster than one after another: N times the time of one task alone, divided by the time of N at
    /// once.
    pub gain: Estimate,
    /// How the times were estimated.
    pub estimator: Estimator,
    /// One of the measured runs, traced.
    pub timeline: Timeline,
}

/// What a task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// It waits.
    Waiting,
    /// It computes.
    Computing,
}

/// Where tasks run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Bound to one core.
    OneCore,
    /// On all cores of the process.
    AllCores,
}

/// Why no verdict may rest on a corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Too few samples were undisturbed.
    Busy,
    /// A task takes less time than it takes to start one, nearly: [`SHORTEST`].
    TooShort,
    /// There is one task, and no other.
    OneTask,
    /// A quota leaves less than the cores that make the difference.
    Quota,
}

/// From which time on, in seconds, a task alone says something of its work. Starting and joining a thread takes some
/// 30 µs, four of them a tenth of this.
pub const SHORTEST: f64 = 1e-3;

impl Overlapped {
    /// Why no verdict may rest on `corner`; `None` when one may.
    pub fn doubt(&self, corner: &Corner) -> Option<Doubt> {
        // On two cores something can run at the same time, so that is what a quota must leave; short samples fit
        // into one period of it and do not feel it.
        let wanted = match (corner.work, corner.place) {
            (Work::Waiting, _) => 0,
            (Work::Computing, Place::OneCore) => 1,
            (Work::Computing, Place::AllCores) => self.cores.min(2),
        };
        if self.tasks == 1 {
            Some(Doubt::OneTask)
        } else if corner.alone < SHORTEST {
            Some(Doubt::TooShort)
        } else if self.effective_cores < wanted as f64 {
            Some(Doubt::Quota)
        } else if corner.estimator != Estimator::MedianOfClean {
            Some(Doubt::Busy)
        } else {
            None
        }
    }

    /// The corner of `work` at `place`.
    pub fn corner(&self, work: Work, place: Place) -> Option<&Corner> {
        self.corners.iter().find(|corner| corner.work == work && corner.place == place)
    }
}
