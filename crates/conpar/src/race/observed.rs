//! The result of a race, as plain data.

use serde::{Deserialize, Serialize};

use crate::measure::{Estimate, share};

/// How often each outcome was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// The name of the race.
    pub name: String,
    /// The number of threads.
    pub threads: usize,
    /// The cores that the process could use.
    pub cores: usize,
    /// The number of trials.
    pub trials: u64,
    /// The outcomes that were seen, in their order.
    pub outcomes: Vec<Outcome>,
}

/// One outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What came out.
    pub outcome: String,
    /// In how many trials.
    pub count: u64,
}

/// How an outcome stands to what a model allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Allowed and seen.
    Seen,
    /// Allowed, and not seen on this processor in these trials.
    NotSeenHere,
    /// Not allowed, and not seen.
    Forbidden,
    /// Not allowed, and seen all the same: the model, the processor or the program is not what it should be.
    SeenThoughForbidden,
}

impl Standing {
    /// Of an outcome that is allowed or not, and was seen or not.
    pub fn of(allowed: bool, seen: bool) -> Standing {
        match (allowed, seen) {
            (true, true) => Standing::Seen,
            (true, false) => Standing::NotSeenHere,
            (false, false) => Standing::Forbidden,
            (false, true) => Standing::SeenThoughForbidden,
        }
    }
}

impl Observed {
    /// In how many trials `outcome` came out.
    pub fn count(&self, outcome: &str) -> u64 {
        self.outcomes.iter().find(|seen| seen.outcome == outcome).map_or(0, |seen| seen.count)
    }

    /// The share of the trials that came to `outcome`, with its exact interval. One that was never seen may still happen:
    /// its interval reaches from 0 to about 3.7 / trials.
    pub fn share(&self, outcome: &str) -> Estimate {
        share(self.count(outcome), self.trials)
    }
}
