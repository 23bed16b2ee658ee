//! Where `cargo lab setup --with mpi` put what is needed.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Error;
use crate::language::{say, word};

/// What the set-up wrote down.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Setup {
    pub(super) mpiexec: PathBuf,
    pub(super) library: PathBuf,
    pub(super) dependencies: PathBuf,
    pub(super) native: PathBuf,
}

impl Setup {
    pub(super) fn find() -> Result<Setup, Error> {
        let missing = |reason: String| Error::NoMpi { reason };
        // The checkout that this library was built in.
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.lab/mpi/settings.json");
        let none = word!(en: "no MPI is set up", pt: "nenhum MPI está instalado");
        let bytes = std::fs::read(&file).map_err(|_| missing(none.to_owned()))?;
        let setup: Setup = serde_json::from_slice(&bytes).map_err(|error| missing(error.to_string()))?;
        for file in [&setup.mpiexec, &setup.library] {
            if !file.is_file() {
                let gone =
                    say!(en: "`{}` is not there any more", pt: "`{}` não está mais lá", file.display());
                return Err(missing(gone));
            }
        }
        Ok(setup)
    }
}

/// Whether distributed programs can be built and run here: whether `cargo lab setup --with mpi` was done.
pub fn is_set_up() -> bool {
    Setup::find().is_ok()
}
