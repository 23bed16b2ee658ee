//! The stage of the interrupts: every demonstration is broken off in its middle, as a reader does it.

use super::{Bench, Tally, script};
use crate::error::Result;
use crate::kernel::settings::SETUP_CELL;

/// Tells one test for each notebook.
const SCRIPT: &str = include_str!("../../python/check_interrupts.py");

pub(super) fn run(bench: &Bench, tally: &mut Tally) -> Result<()> {
    let mut python = bench.environment.command();
    python.args(["-c", SCRIPT]).arg(bench.places.root()).arg(SETUP_CELL);
    python.arg(tally.filter().unwrap_or_default());
    script::run("interrupts", &mut python, tally)
}
