//! Finding a Python that is new enough and can make virtual environments.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::process;

/// The oldest Python that JupyterLab 4.6 runs on.
const OLDEST: (u32, u32) = (3, 10);

/// The names to try, in order: the usual ones, then versioned ones that stand beside an older default.
const NAMES: [&str; 8] =
    ["python3", "python", "py", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];

/// Finds an interpreter of at least Python 3.10.
///
/// # Errors
/// [`Error::OldPython`] where only older ones are there, [`Error::NoPython`] where none is.
pub(crate) fn find() -> Result<PathBuf> {
    let mut too_old = None;
    for name in NAMES {
        match check_version(Path::new(name)) {
            Ok(path) => return Ok(path),
            Err(error @ Error::OldPython { .. }) => too_old = too_old.or(Some(error)),
            Err(_) => {}
        }
    }
    Err(too_old.unwrap_or_else(|| Error::NoPython { tried: NAMES.join(", ") }))
}

/// Gives the interpreter's own path if it is new enough.
pub(crate) fn check_version(python: &Path) -> Result<PathBuf> {
    let mut command = Command::new(python);
    if python == Path::new("py") {
        command.arg("-3");
    }
    let code = "import sys; print(sys.version_info[0], sys.version_info[1]); print(sys.executable)";
    let said = process::output(command.args(["-c", code]))?;
    let (version, path) = said.split_once('\n').unwrap_or((&said, ""));
    let numbers: Vec<u32> = version.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let python = PathBuf::from(path.trim());
    match numbers[..] {
        [major, minor] if (major, minor) >= OLDEST => Ok(python),
        _ => Err(Error::OldPython { python, found: version.trim().replace(' ', ".") }),
    }
}

/// Checks that the modules `venv` and `ensurepip` are there: Debian ships them apart.
pub(crate) fn check_venv(python: &Path) -> Result<()> {
    match process::output(Command::new(python).args(["-c", "import venv, ensurepip"])) {
        Ok(_) => Ok(()),
        Err(Error::Failed { detail, .. }) => {
            let missing = detail.lines().last().unwrap_or_default().to_owned();
            Err(Error::NoVenv { python: python.to_owned(), missing })
        }
        Err(error) => Err(error),
    }
}
