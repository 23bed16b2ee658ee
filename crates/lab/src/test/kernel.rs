//! The stage of the kernel itself: started, used and killed as Jupyter does it.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde::Deserialize;

use super::{Bench, Outcome, Tally};
use crate::error::Result;
use crate::kernel::settings::SETUP_CELL;
use crate::process;

/// Each function `check_…` in it is a test; the lines that it writes are [`Told`].
const SCRIPT: &str = include_str!("../../python/check_kernel.py");

/// One test, as the script tells it.
#[derive(Deserialize)]
struct Told {
    check: String,
    outcome: String,
    detail: String,
}

pub(super) fn run(bench: &Bench, tally: &mut Tally) -> Result<()> {
    let mut python = bench.environment.command();
    python.args(["-c", SCRIPT]).arg(bench.places.root()).arg(bench.places.workshop()).arg(SETUP_CELL);
    python.arg(tally.filter().unwrap_or_default());
    let mut child = python
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(process::starting("the kernel's tests"))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(|line| line.ok()) {
            match serde_json::from_str::<Told>(&line) {
                Ok(told) => tally.add(&told.check, outcome(told.outcome, told.detail)),
                Err(_) => println!("   {line}"),
            }
        }
    }
    let status = child.wait().map_err(process::starting("the kernel's tests"))?;
    if !status.success() {
        tally.add("kernel", Outcome::Failed(format!("the tests ended early ({status})")));
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
