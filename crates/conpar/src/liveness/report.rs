//! What a child tells the kernel.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::graph::Graph;
use crate::Error;
use crate::child::{Ended, How};
use crate::language::say;

/// What a run of trials came to.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Trials {
    /// The trials that were begun.
    pub(super) trials: u64,
    /// The graph of the last one, where it was stuck.
    pub(super) stuck: Option<Graph>,
    /// How long the run took, in seconds.
    pub(super) seconds: f64,
    /// The most actors that worked at once.
    pub(super) most_working: usize,
    /// The fewest units of work of an actor in a trial that ended.
    pub(super) least_progress: Option<u64>,
}

/// What a model checker found.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Model {
    pub(super) executions: u64,
    pub(super) exhausted: bool,
    pub(super) most_working: usize,
    pub(super) least_progress: Option<u64>,
    pub(super) failure: Option<super::check::Failure>,
}

/// What was seen of a program in a window of time.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Window {
    pub(super) seconds: f64,
    pub(super) cpu_seconds: Option<f64>,
    /// The graph at the window's begin and at its end.
    pub(super) graphs: [Graph; 2],
    /// Whether the program was still there.
    pub(super) ended: bool,
}

/// What a child told; `what` names it.
pub(super) fn told<T: DeserializeOwned>(what: &str, ended: &Ended) -> Result<T, Error> {
    if let Some(report) = ended.told() {
        return Ok(report);
    }
    let reason = match ended.how {
        How::Deadline => say!(
            en: "it did not come to an end in time: name fewer trials, or make them shorter",
            pt: "não chegou ao fim a tempo: dê menos tentativas, ou encurte-as"
        ),
        How::Exited(0) => say!(
            en: "it did not report: its `main` has to hand its work to `trials(…)` or `observe(…)`",
            pt: "não informou nada: seu `main` precisa entregar o trabalho a `trials(…)` ou `observe(…)`"
        ),
        how => format!("{} {}", how.words(), ended.last_lines()),
    };
    Err(Error::ChildFailed { what: what.to_owned(), reason })
}
