//! What queues grew to, as plain data.

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::measure::{self, Drawn, Estimate, Sample, Samples};

/// The most points that are kept of a program's queue.
pub const MOST_POINTS: usize = 2_000;

/// What came of programs whose queues may grow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grown {
    /// The name of the experiment.
    pub name: String,
    /// The cores that the programs could use.
    pub cores: usize,
    /// The programs.
    pub arms: Vec<Growing>,
}

/// One program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Growing {
    /// Its name.
    pub name: String,
    /// The most memory that it held at once, in bytes: the median of its runs.
    pub memory: Estimate,
    /// The same of each run.
    pub memories: Vec<f64>,
    /// How long a run took, in seconds: the median of its runs.
    pub seconds: f64,
    /// The queue of the first run, as the program told it: seconds since its start, messages in the queue.
    pub queue: Vec<(f64, f64)>,
}

impl Growing {
    pub(super) fn new(
        name: &str,
        memories: Vec<f64>,
        mut seconds: Vec<f64>,
        queue: Vec<(f64, f64)>,
    ) -> Growing {
        let samples = samples([&memories]);
        let memory = Drawn::new(&samples, measure::RESAMPLES).estimate(|times| samples.seconds(times, 0, 0));
        Growing { name: name.to_owned(), memory, memories, seconds: measure::median(&mut seconds), queue }
    }

    /// The longest that the queue was seen.
    pub fn longest(&self) -> f64 {
        self.queue.iter().map(|point| point.1).fold(0.0, f64::max)
    }
}

impl Grown {
    /// The program with this name.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where it was not run.
    pub fn at(&self, name: &str) -> Result<&Growing, Error> {
        self.arms.iter().find(|arm| arm.name == name).ok_or_else(|| Error::NoSuchArm {
            arm: name.to_owned(),
            measured: self.arms.iter().map(|arm| arm.name.as_str()).collect::<Vec<_>>().join("`, `"),
        })
    }

    /// How many times as much memory one program took as another, from the rounds that they share.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where one of them was not run.
    pub fn ratio(&self, arm: &str, other: &str) -> Result<Estimate, Error> {
        let samples = samples([&self.at(arm)?.memories, &self.at(other)?.memories]);
        Ok(Drawn::new(&samples, measure::RESAMPLES).estimate(|times| samples.ratio(times, 0, 1)))
    }
}

/// Bytes as samples: nobody else's work changes how much memory a queue takes, so all are clean.
fn samples<const ARMS: usize>(memories: [&Vec<f64>; ARMS]) -> Samples {
    let sample = |&bytes: &f64| Sample { seconds: bytes, clean: true };
    Samples::new(memories.map(|memories| memories.iter().map(sample).collect()).to_vec())
}
