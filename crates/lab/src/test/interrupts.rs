//! The stage of the interrupts: every demonstration is broken off in its middle, as a reader does it.

use super::{Bench, Tally, script};
use crate::error::Result;
use crate::kernel::settings::SETUP_CELL;

/// Tells one test for each notebook.
pub(super) fn run(bench: &Bench, tally: &mut Tally) -> Result<()> {
    let mut python = script::python(bench, "check_interrupts.py");
    python.arg(bench.places.root()).arg(SETUP_CELL);
    python.arg(tally.filter().unwrap_or_default());
    script::run("interrupts", &mut python, tally)
}
