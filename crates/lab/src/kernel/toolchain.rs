//! The Rust toolchain that compiles the cells.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::process;

/// Where the toolchain is, asked once at set-up: at a kernel's start each question would cost some 30 ms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Toolchain {
    pub(crate) sysroot: PathBuf,
    /// Where std's shared library is.
    pub(crate) libraries: PathBuf,
    /// What `rustc -vV` says: version, commit, host.
    pub(crate) version: String,
}

impl Toolchain {
    /// The toolchain that `rustc` on the PATH stands for.
    pub(crate) fn find() -> Result<Toolchain> {
        let ask = |arguments: &[&str]| {
            let said = process::output(Command::new("rustc").args(arguments));
            said.map_err(|error| Error::NoRust { detail: error.to_string() })
        };
        Ok(Toolchain {
            sysroot: ask(&["--print", "sysroot"])?.into(),
            libraries: ask(&["--print", "target-libdir"])?.into(),
            version: ask(&["-vV"])?,
        })
    }

    /// The PATH with the folder `first`, if any, and then the toolchain's own programs before all others: rustup's
    /// stand-ins would cost time at every call, more than a second in sum when the machine is busy. The folder `last` is
    /// there for programs that are nowhere else.
    pub(crate) fn path(&self, first: Option<PathBuf>, last: PathBuf) -> OsString {
        let before = std::env::var_os("PATH").unwrap_or_default();
        let folders = first
            .into_iter()
            .chain([self.sysroot.join("bin")])
            .chain(std::env::split_paths(&before))
            .chain([last]);
        std::env::join_paths(folders).unwrap_or(before)
    }

    /// Its name, for the stand-ins that are called all the same: evcxr asks rustup where cargo is.
    pub(crate) fn rustup_name(&self) -> Option<OsString> {
        let in_rustup = self.sysroot.parent()?.file_name()? == "toolchains";
        in_rustup.then(|| self.sysroot.file_name().map(OsString::from))?
    }
}
