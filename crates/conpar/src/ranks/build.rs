//! Compiles the text of a distributed program: as that of a [child](crate::child), against another library.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::setup::Setup;
use crate::Error;
use crate::child::build::{joined, once, programs, run};

const TEXT: &str = "ranks.rs";

/// Builds `source`, unless the same text was built before, and gives the executable.
pub(super) fn build(setup: &Setup, source: &str) -> Result<PathBuf, Error> {
    let changed = setup.library.metadata().and_then(|metadata| metadata.modified()).ok();
    let compile = |folder: &Path| compile(setup, folder);
    let (executable, _) = once(&programs()?, (&setup.library, changed), [(TEXT, source)], &compile)?;
    Ok(executable)
}

fn compile(setup: &Setup, folder: &Path) -> Result<(), Error> {
    let mut rustc = Command::new("rustc");
    // A panic must end the rank at once: unwinding would finish MPI, and leave the others waiting.
    rustc.current_dir(folder).args([TEXT, "--crate-name", "ranks", "-Cpanic=abort"]);
    rustc.arg("--extern").arg(joined("conpar_mpi=", &setup.library));
    rustc.arg("-L").arg(joined("dependency=", &setup.dependencies));
    rustc.arg("-L").arg(joined("native=", &setup.native));
    rustc.arg(joined("-Clink-arg=-Wl,-rpath,", &setup.native));
    run(rustc, TEXT)
}
