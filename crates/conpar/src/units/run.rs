//! One run of a program that makes units, and what it told.

use serde::{Deserialize, Serialize};

use super::goroutines::About;
use crate::Error;
use crate::child::{Ended, How, Program};
use crate::language::say;

/// A line of a program that makes units.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Told {
    /// How many units there are.
    pub(super) units: u64,
    /// By how much the memory of the program and its children has grown since the first unit, in bytes.
    pub(super) bytes: Option<i64>,
    /// By how much the stacks that the system's kernel keeps for its threads have grown, of all programs, in bytes.
    #[serde(default)]
    pub(super) kernel: Option<i64>,
    /// Why there are no more.
    #[serde(default)]
    pub(super) stopped: Option<String>,
    /// What the units computed.
    #[serde(default)]
    pub(super) result: Option<u64>,
    /// Which Go made them.
    #[serde(flatten)]
    pub(super) about: Option<About>,
}

/// Runs the program, with the most memory and the numbers of units as its arguments.
///
/// # Errors
///
/// Those of [`Program::run`]; [`Error::ChildFailed`] when it told nothing and failed.
pub(super) fn run(arm: &str, program: &Program, memory: u64, steps: &[u64]) -> Result<Vec<Told>, Error> {
    let program = steps.iter().fold(program.clone().arg(memory), |program, step| program.arg(step));
    let ended = program.run()?;
    let lines = ended.stdout.text.lines();
    let mut told: Vec<Told> = lines.filter_map(|line| serde_json::from_str(line).ok()).collect();
    if !ended.is_success() {
        // What it told before holds; why it went no further is a limit like others.
        let units = told.last().map(|told| told.units).ok_or_else(|| failed(arm, &ended))?;
        told.push(Told { units, stopped: Some(reason(&ended)), ..Told::default() });
    }
    Ok(told)
}

fn failed(arm: &str, ended: &Ended) -> Error {
    Error::ChildFailed { what: arm.to_owned(), reason: reason(ended) }
}

fn reason(ended: &Ended) -> String {
    let how = match ended.how {
        How::Signalled(6) => say!(en: "it was refused more memory", pt: "mais memória lhe foi negada"),
        how => how.said(),
    };
    match ended.stderr.text.lines().find(|line| !line.trim().is_empty()) {
        Some(said) => format!("{how} (“{}”)", said.chars().take(200).collect::<String>()),
        None => how,
    }
}
