//! What the executions of a model came to, as plain data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::measure::{Estimate, share};

/// What a thread did, at some place of an execution.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Step {
    /// The thread, counted from 0.
    pub thread: usize,
    /// What it did.
    pub what: String,
}

/// How the executions were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Every order of the steps, one after the other (shuttle).
    EveryOrder,
    /// Orders drawn at random (shuttle).
    RandomOrders,
    /// Every execution that the memory model allows (loom).
    EveryExecution,
}

/// Executions with the same order of steps and the same outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Path {
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// What came out.
    pub outcome: String,
    /// How many executions these are.
    pub executions: u64,
}

/// The executions of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explored {
    /// The name of the model.
    pub name: String,
    /// How they were chosen.
    pub how: How,
    /// The paths, by their steps.
    pub paths: Vec<Path>,
    /// Whether these are all there are.
    pub complete: bool,
    /// The execution that panicked, which ended the search: what it said, and the steps up to there.
    pub failure: Option<(String, Vec<Step>)>,
}

/// The executions seen so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    paths: BTreeMap<(Vec<Step>, String), u64>,
}

impl Seen {
    pub(super) fn add(&mut self, steps: Vec<Step>, outcome: String) {
        *self.paths.entry((steps, outcome)).or_default() += 1;
    }

    pub(super) fn executions(&self) -> usize {
        self.paths.values().sum::<u64>() as usize
    }

    pub(super) fn explored(
        self,
        name: &str,
        how: How,
        complete: bool,
        failure: Option<(String, Vec<Step>)>,
    ) -> Result<Explored, Error> {
        let failure = failure.filter(|(message, _)| message != TOO_LATE);
        if self.paths.is_empty() && failure.is_none() {
            return Err(Error::NoExecution { name: name.to_owned() });
        }
        let path = |((steps, outcome), executions)| Path { steps, outcome, executions };
        let paths = self.paths.into_iter().map(path).collect();
        Ok(Explored { name: name.to_owned(), how, paths, complete: complete && failure.is_none(), failure })
    }
}

/// What ends a search that takes too long.
pub(super) const TOO_LATE: &str = "the time for the search is over";

impl Explored {
    /// The outcomes, in their order.
    pub fn outcomes(&self) -> Vec<String> {
        let mut outcomes: Vec<String> = self.paths.iter().map(|path| path.outcome.clone()).collect();
        outcomes.sort_unstable();
        outcomes.dedup();
        outcomes
    }

    /// The number of executions.
    pub fn executions(&self) -> u64 {
        self.paths.iter().map(|path| path.executions).sum()
    }

    /// The share of the executions that came to `outcome`; of orders drawn at random with its interval, else exactly.
    pub fn share(&self, outcome: &str) -> Estimate {
        let of = self.paths.iter().filter(|path| path.outcome == outcome);
        let count = of.map(|path| path.executions).sum();
        let share = share(count, self.executions());
        match self.how {
            How::RandomOrders => share,
            _ => Estimate { low: share.point, high: share.point, ..share },
        }
    }
}
