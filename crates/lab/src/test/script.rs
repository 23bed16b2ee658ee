//! Tests that a Python script runs and reports, a line of JSON each.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::{Bench, Outcome, Tally};
use crate::error::Result;
use crate::process;

/// One test, as a script tells it.
#[derive(Deserialize)]
struct Told {
    check: String,
    outcome: String,
    detail: String,
}

/// A Python of the environment that runs this program of the lab. It imports what lies beside it, and leaves nothing there.
pub(super) fn python(bench: &Bench, name: &str) -> Command {
    let mut python = bench.environment.command();
    python.env("PYTHONDONTWRITEBYTECODE", "1").arg(bench.places.script(name));
    python
}

/// Runs `python` to its end and counts the tests that it tells; other lines are shown as they are.
pub(super) fn run(stage: &str, python: &mut Command, tally: &mut Tally) -> Result<()> {
    // What is run without a reader is no reader's prediction.
    python.env("CONPAR_PREDICTIONS", "off");
    let mut child =
        python.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(process::starting(stage))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(|line| line.ok()) {
            match serde_json::from_str::<Told>(&line) {
                Ok(told) => tally.add(&told.check, outcome(told.outcome, told.detail)),
                Err(_) => println!("   {line}"),
            }
        }
    }
    let status = child.wait().map_err(process::starting(stage))?;
    if !status.success() {
        tally.add(stage, Outcome::Failed(format!("the tests ended early ({status})")));
    }
    Ok(())
}

fn outcome(outcome: String, detail: String) -> Outcome {
    match outcome.as_str() {
        "passed" => Outcome::Passed,
        "skipped" => Outcome::Skipped(detail),
        _ => Outcome::Failed(detail),
    }
}
