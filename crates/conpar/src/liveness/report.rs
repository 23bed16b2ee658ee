//! What a child tells the kernel: one line of JSON on its standard output.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::graph::Graph;
use crate::Error;
use crate::child::{Ended, How};

/// What the line begins with.
const MARK: &str = "conpar-liveness ";

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

/// Tells the kernel, and ends the process: threads that are stuck end with it.
pub(super) fn tell_and_end(report: &impl Serialize) -> ! {
    println!("{MARK}{}", serde_json::to_string(report).unwrap_or_default());
    std::process::exit(0)
}

/// What a child told; `what` names it.
pub(super) fn told<T: DeserializeOwned>(what: &str, ended: &Ended) -> Result<T, Error> {
    let told = ended.stdout.text.lines().rev().find_map(|line| line.strip_prefix(MARK));
    if let Some(report) = told.and_then(|report| serde_json::from_str(report).ok()) {
        return Ok(report);
    }
    let reason = match ended.how {
        How::Deadline => {
            "it did not come to an end in time: name fewer trials, or make them shorter".to_owned()
        }
        How::Exited(0) => {
            "it did not report: its `main` has to hand its work to `trials(…)` or `observe(…)`".to_owned()
        }
        how => format!("{} {}", how.words(), last_lines(&ended.stderr.text)),
    };
    Err(Error::ChildFailed { what: what.to_owned(), reason })
}

/// The last lines that a failed child wrote: a panic says there what it was.
fn last_lines(text: &str) -> String {
    let panic = text.lines().position(|line| line.contains("panicked at")).unwrap_or(0);
    text.lines().skip(panic).take(4).collect::<Vec<_>>().join("\n")
}
