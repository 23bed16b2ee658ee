//! The exercise's experiment: many clients wait for an answer. Do all get it, and what does one take while it waits?

use std::time::Duration;

use super::resident::estimate;
use super::run::run;
use crate::Error;
use crate::child::child;
use crate::language::{say, word};
use crate::machine::{Needs, limits};
use crate::measure::{Estimate, MIN_ROUNDS};

/// How many clients there are.
pub const CLIENTS: u64 = 2_000;

/// How long one run may take, and the memory that it may have.
const DEADLINE: Duration = Duration::from_secs(10);
const MEMORY: u64 = 2 << 30;

/// The address space of 2,000 threads' stacks.
const STACKS: u64 = CLIENTS * (3 << 20);

/// What came of a program whose clients wait.
#[derive(Debug, Clone, PartialEq)]
pub struct Clients {
    /// How many clients there were.
    pub clients: u64,
    /// The memory of one that waits, in bytes.
    pub bytes: Option<Estimate>,
    /// What the clients computed, in the first run in which it was not what was `expected`.
    pub wrong: Option<u64>,
    /// What they should have.
    pub expected: u64,
    /// What kept a run from its end.
    pub stopped: Option<String>,
}

/// Runs a program with [`CLIENTS`] clients several times. `answer` is what all together have to compute of their number.
///
/// # Errors
///
/// Those of [`child`]; [`Error::ChildFailed`] when it makes no clients.
pub fn clients(text: &str, answer: fn(u64) -> u64) -> Result<Clients, Error> {
    let program = child(text)?.deadline(DEADLINE).memory(MEMORY + STACKS);
    let count = limits().allow(Needs::THREAD, CLIENTS).count;
    let expected = answer(count);
    let mut came = Clients { clients: count, bytes: None, wrong: None, expected, stopped: None };
    let mut bytes = Vec::new();
    for _ in 0..MIN_ROUNDS {
        let told = run(word!(en: "the program", pt: "o programa"), &program, MEMORY, &[count])?;
        came.stopped = told.iter().find_map(|told| told.stopped.clone());
        let result = told.iter().find_map(|told| told.result);
        if came.stopped.is_none() && result.is_none() {
            came.stopped = Some(say!(en: "it told no result", pt: "não relatou resultado"));
        }
        came.wrong = result.filter(|&result| result != expected);
        if came.stopped.is_some() || came.wrong.is_some() {
            return Ok(came);
        }
        bytes.extend(told.iter().find_map(|told| told.bytes).map(|bytes| bytes as f64 / count as f64));
    }
    came.bytes = estimate(bytes.into_iter());
    Ok(came)
}
