//! The stage of the exercises: each one as it stands, with plausible mistakes, and solved.

use super::{Bench, Tally, script};
use crate::error::Result;
use crate::kernel::settings::SETUP_CELL;

/// Tells one test for each text of each exercise. It measures, so nothing runs beside it.
pub(super) fn run(bench: &Bench, tally: &mut Tally) -> Result<()> {
    let mut python = script::python(bench, "check_exercises.py");
    python.arg(bench.places.root()).arg(SETUP_CELL);
    python.arg(tally.filter().unwrap_or_default());
    script::run("exercises", &mut python, tally)
}
