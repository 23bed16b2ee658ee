//! A program in the hands of a model checker.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::graph::Graph;
use super::report::{Model, told};
use crate::Error;
use crate::child::child;
use crate::language::{say, word};

/// How long a model checker may take: its two searches, and what a slow machine adds.
const DEADLINE: Duration = Duration::from_secs(30);

/// What the text names, and what is put in its place.
const REAL: &str = "liveness::real";
const MODEL: &str = "liveness::model";

/// What a model checker found of a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// The orders of its steps that were tried.
    pub executions: u64,
    /// Whether these were all that there are.
    pub exhausted: bool,
    /// The first that failed.
    pub failure: Option<Failure>,
    /// The most actors that worked at once in any of them.
    pub most_working: usize,
    /// The fewest units of work that an actor did in an execution that ended.
    pub least_progress: Option<u64>,
    /// Whether one given schedule was run, and not all were tried.
    pub replayed: bool,
    text: String,
}

/// An order of steps that ends badly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What shuttle says of it.
    pub message: String,
    /// The order in shuttle's own writing, for `shuttle::replay` and for [`replay`].
    pub schedule: String,
    /// The order in words.
    pub steps: Vec<String>,
    /// Who waited for whom in the end.
    pub graph: Graph,
}

/// Tries the orders of the steps of the program `text`: at first some at random, then all in turn, for some seconds.
///
/// Shuttle runs the program's threads one step at a time; where it can switch is at its locks, at [`between`] and at the
/// end of a unit of work. The text's `liveness::real` becomes `liveness::model`.
///
/// [`between`]: super::model::between
///
/// # Errors
///
/// Those of [`child`]; [`Error::ChildFailed`] where the text does not use `conpar::liveness::real`, or the child fails.
pub fn check(text: &str) -> Result<Checked, Error> {
    run(text, "", None)
}

/// Runs the steps of the program `text` in the order of `schedule`, which [`check`] printed.
///
/// # Errors
///
/// Those of [`check`].
pub fn replay(text: &str, schedule: &str) -> Result<Checked, Error> {
    // Shuttle's writing of a schedule is hexadecimal.
    if schedule.is_empty()
        || !schedule.chars().all(|digit| digit.is_ascii_hexdigit() || digit.is_whitespace())
    {
        return Err(Error::ChildFailed {
            what: say!(en: "the replay", pt: "a reprodução"),
            reason: say!(
                en: "this is no schedule: copy the one that `check(…)` shows, digits 0 to 9 and a to f",
                pt: "isto não é um escalonamento: copie o que `check(…)` mostra, dígitos de 0 a 9 e de a até f"
            ),
        });
    }
    run(text, schedule.trim(), None)
}

/// As [`check`], with so many seats.
pub(crate) fn check_seats(text: &str, seats: usize) -> Result<Checked, Error> {
    run(text, "", Some(seats))
}

fn run(text: &str, schedule: &str, seats: Option<usize>) -> Result<Checked, Error> {
    let model = word!(en: "the model", pt: "o modelo");
    let failed = |reason: &str| Error::ChildFailed { what: model.to_owned(), reason: reason.to_owned() };
    if !text.contains(REAL) {
        return Err(failed(word!(
            en: "its text has to begin with `use conpar::liveness::real::*;`, which a model replaces",
            pt: "seu texto precisa começar com `use conpar::liveness::real::*;`, que um modelo substitui"
        )));
    }
    let program = child(&text.replace(REAL, MODEL))?.arg(schedule).deadline(DEADLINE);
    let program = seats.map_or(program.clone(), |seats| program.arg(seats));
    let found: Model = told(model, &program.run()?)?;
    Ok(Checked {
        executions: found.executions,
        exhausted: found.exhausted,
        failure: found.failure,
        most_working: found.most_working,
        least_progress: found.least_progress,
        replayed: !schedule.is_empty(),
        text: text.to_owned(),
    })
}

impl Checked {
    /// Runs the order that failed again.
    ///
    /// # Errors
    ///
    /// Those of [`replay`]; [`Error::ChildFailed`] where none failed.
    pub fn replay(&self) -> Result<Checked, Error> {
        replay(&self.text, self.schedule())
    }

    /// The schedule of the order that failed; empty where none did.
    pub fn schedule(&self) -> &str {
        self.failure.as_ref().map_or("", |failure| &failure.schedule)
    }
}

impl Failure {
    /// Whether the threads waited for one another, and nothing else was wrong.
    pub fn is_deadlock(&self) -> bool {
        self.message.contains("deadlock")
    }
}
