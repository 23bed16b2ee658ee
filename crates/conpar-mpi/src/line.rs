//! The lines by which ranks speak to the notebook.

use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use mpi::environment::Universe;
use mpi::traits::Communicator as _;
use serde::{Deserialize, Serialize};

use crate::Timing;

/// One line to the notebook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "conpar", rename_all = "kebab-case")]
pub enum Line {
    /// A rank is there.
    Rank(Rank),
    /// How far the program is.
    Progress {
        /// In words.
        text: String,
    },
    /// One timing of something at one value of a parameter.
    Timed {
        /// What was timed.
        name: String,
        /// The parameter: a message's bytes, a number of ranks.
        at: f64,
        /// In seconds.
        seconds: f64,
        /// Whether no rank lost its core meanwhile.
        clean: bool,
    },
    /// A value that the program computed.
    Value {
        /// What it is.
        name: String,
        /// The value.
        value: f64,
    },
    /// A rank has ended otherwise than it should.
    Ended {
        /// Its process.
        process: u32,
        /// The signal that ended it.
        signal: Option<i32>,
        /// The code with which it ended itself.
        code: Option<i32>,
    },
    /// The payload that the program itself says it sent from this rank, in bytes.
    Sent {
        /// In bytes.
        bytes: u64,
    },
}

/// Where a rank is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rank {
    /// Its number.
    pub rank: i32,
    /// How many ranks its world has.
    pub size: i32,
    /// The host, as MPI names it.
    pub host: String,
    /// Its process there.
    pub process: u32,
}

/// Starts MPI, and tells the notebook that this rank is there. Call it first: the program goes on in a new process, which has
/// this thread alone.
///
/// # Panics
///
/// Where MPI was started before.
pub fn start() -> Universe {
    crate::watch::watched();
    let Some(universe) = mpi::initialize() else { panic!("MPI was started before: call `start()` once") };
    let world = universe.world();
    let host = mpi::environment::processor_name().unwrap_or_default();
    say(&Line::Rank(Rank { rank: world.rank(), size: world.size(), host, process: std::process::id() }));
    universe
}

/// Tells the notebook how far the program is; the line appears while the program runs.
pub fn progress(text: impl Into<String>) {
    say(&Line::Progress { text: text.into() });
}

/// Reports one timing of `name` at the value `at` of a parameter. One rank does it for all.
pub fn report(name: &str, at: impl Into<f64>, timing: Timing) {
    let Timing { seconds, clean } = timing;
    say(&Line::Timed { name: name.to_owned(), at: at.into(), seconds, clean });
}

/// Reports a value that was computed. One rank does it for all.
pub fn result(name: &str, value: impl Into<f64>) {
    say(&Line::Value { name: name.to_owned(), value: value.into() });
}

/// What waits for the end of the rounds; `None` outside of them.
///
/// A line wakes one process after the other on its way to the notebook. On a machine whose cores are all busy they would take
/// them from the ranks in the next round.
static WAITING: Mutex<Option<String>> = Mutex::new(None);

/// From now on lines wait.
pub(crate) fn hold() {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default();
}

/// Writes what waits.
pub(crate) fn release() {
    let waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner).take();
    write(&waiting.unwrap_or_default());
}

/// Writes the line, now or at the end of the rounds.
pub(crate) fn say(line: &Line) {
    let Ok(mut text) = serde_json::to_string(line) else { return };
    text.push('\n');
    match &mut *WAITING.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(waiting) if !matches!(line, Line::Progress { .. }) => waiting.push_str(&text),
        _ => write(&text),
    }
}

/// Writes whole lines, each in one piece, so that those of two ranks do not meet.
fn write(text: &str) {
    let mut out = std::io::stdout().lock();
    for line in text.split_inclusive('\n') {
        // Who does not listen any more needs nothing.
        let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    }
}
