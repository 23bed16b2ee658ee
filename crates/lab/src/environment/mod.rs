//! The Python side: which environment holds JupyterLab, and where its programs are.

pub(crate) mod extras;
pub(crate) mod mpi;
pub(crate) mod packages;
pub(crate) mod python;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::places::Places;
use crate::process;

/// A Python environment that the set-up fills: an active conda environment, else a virtual one of our own.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    /// The folder that holds the environment.
    pub(crate) prefix: PathBuf,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The reader's own, active while we run: filled, never removed.
    Conda,
    /// `.lab/python`: ours.
    Virtual,
}

impl Environment {
    /// The environment that this checkout uses, whether or not it is there yet.
    pub(crate) fn locate(places: &Places) -> Environment {
        let conda = std::env::var_os("CONDA_PREFIX").map(PathBuf::from);
        let conda = conda.map(|prefix| Environment { prefix, kind: Kind::Conda });
        conda
            .filter(|environment| environment.python().is_file())
            .unwrap_or_else(|| Environment { prefix: places.venv(), kind: Kind::Virtual })
    }

    /// The environment's own interpreter.
    pub(crate) fn python(&self) -> PathBuf {
        match (cfg!(windows), self.kind) {
            (false, _) => self.programs().join("python"),
            (true, Kind::Conda) => self.prefix.join("python.exe"),
            (true, Kind::Virtual) => self.programs().join("python.exe"),
        }
    }

    /// The folder of the programs that packages bring.
    pub(crate) fn programs(&self) -> PathBuf {
        self.prefix.join(if cfg!(windows) { "Scripts" } else { "bin" })
    }

    /// The interpreter, ready to be given arguments, so that it finds this environment's kernels and packages only.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(self.python());
        // Else a kernelspec `rust` that `evcxr_jupyter --install` left in the home folder would be found first.
        command.env("JUPYTER_PREFER_ENV_PATH", "1").env("PYTHONUTF8", "1");
        command.env_remove("PYTHONHOME").env_remove("PYTHONPATH");
        command
    }

    /// Makes the environment where it is missing, or was left half made.
    pub(crate) fn make(&self, places: &Places) -> Result<()> {
        if self.kind == Kind::Conda {
            return python::check_version(&self.python()).map(drop);
        }
        if self.works() {
            return Ok(());
        }
        let base = python::find()?;
        python::check_venv(&base)?;
        println!("  Python: making .lab/python with {}", base.display());
        let mut venv = Command::new(&base);
        venv.args(["-m", "venv", "--clear"]).arg(places.venv());
        process::run_counted("making the Python environment", &mut venv, |_| {}).map_err(
            |error| match error {
                Error::Failed { detail, .. } if detail.contains("ensurepip") => Error::NoVenv {
                    python: base.clone(),
                    missing: "its module ensurepip does not work".to_owned(),
                },
                other => other,
            },
        )
    }

    /// Says whether the interpreter is there and has pip.
    fn works(&self) -> bool {
        self.python().is_file() && process::output(self.command().args(["-c", "import pip"])).is_ok()
    }

    /// Where Jupyter looks for this environment's kernels.
    pub(crate) fn kernels(&self) -> PathBuf {
        self.prefix.join("share").join("jupyter").join("kernels")
    }
}

/// Reads a file that belongs to the checkout.
pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(Error::file("reading", path))
}
