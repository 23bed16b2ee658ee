//! The result of an experiment on fairness, as plain data.

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::measure::{Estimate, Estimator};

/// Who was served how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Served {
    /// The name of the experiment.
    pub name: String,
    /// The number of workers.
    pub workers: usize,
    /// The cores that the process could use.
    pub cores: usize,
    /// The arms.
    pub arms: Vec<Arm>,
    /// The number of rounds.
    pub rounds: usize,
    /// Whether the system could tell disturbed samples from clean ones.
    pub watched: bool,
}

/// One arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// The turns of the worker that had the fewest, as a share of what each would have had if all had as many: 1 is fair,
    /// 0 is starvation. The median of the samples.
    pub least: Estimate,
    /// The turns of all workers together, a second.
    pub turns: Estimate,
    /// How both were estimated.
    pub estimator: Estimator,
    /// How many samples were clean.
    pub clean: usize,
}

impl Arm {
    /// Whether a verdict may rest on this arm: it had undisturbed samples enough.
    pub fn is_credible(&self) -> bool {
        self.estimator == Estimator::MedianOfClean
    }
}

impl Served {
    /// The arm with this name.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where it was not measured.
    pub fn at(&self, name: &str) -> Result<&Arm, Error> {
        self.arms.iter().find(|arm| arm.name == name).ok_or_else(|| Error::NoSuchArm {
            arm: name.to_owned(),
            measured: self.arms.iter().map(|arm| arm.name.as_str()).collect::<Vec<_>>().join("`, `"),
        })
    }
}
