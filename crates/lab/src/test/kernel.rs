//! The stage of the kernel itself: started, used and killed as Jupyter does it.

use super::{Bench, Tally, script};
use crate::error::Result;
use crate::kernel::settings::SETUP_CELL;

/// Each function `check_…` in it is a test.
const SCRIPT: &str = include_str!("../../python/check_kernel.py");

pub(super) fn run(bench: &Bench, tally: &mut Tally) -> Result<()> {
    let mut python = bench.environment.command();
    python.args(["-c", SCRIPT]).arg(bench.places.root()).arg(bench.places.workshop()).arg(SETUP_CELL);
    python.arg(tally.filter().unwrap_or_default());
    script::run("kernel", &mut python, tally)
}
