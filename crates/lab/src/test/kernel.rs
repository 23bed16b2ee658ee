//! The stage of the kernel itself: started, used and killed as Jupyter does it.

use super::{Bench, Tally, script};
use crate::error::Result;
use crate::kernel::settings::SETUP_CELL;

/// Each function `check_…` in it is a test.
pub(super) fn run(bench: &Bench, tally: &mut Tally) -> Result<()> {
    let mut python = script::python(bench, "check_kernel.py");
    python.arg(bench.places.root()).arg(bench.places.workshop()).arg(SETUP_CELL);
    python.arg(tally.filter().unwrap_or_default());
    script::run("kernel", &mut python, tally)
}
