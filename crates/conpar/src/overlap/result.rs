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

impl Corner {
    /// Whether a verdict may rest on this corner: it had undisturbed samples enough.
    pub fn is_credible(&self) -> bool {
        self.estimator == Estimator::MedianOfClean
    }
}

impl Overlapped {
    /// The corner of `work` at `place`.
    pub fn corner(&self, work: Work, place: Place) -> Option<&Corner> {
        self.corners.iter().find(|corner| corner.work == work && corner.place == place)
    }
}
