//! A distributed program, and what it is run with.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::build::build;
use super::hosts::Hosts;
use super::job::Job;
use super::launch;
use super::setup::Setup;
use crate::Error;
use crate::child::{Program, child};

/// How long a job may take, unless told otherwise.
const DEADLINE: Duration = Duration::from_secs(20);

/// What runs between the keeper and the MPI's own launcher.
const LAUNCHER: &str = "fn main() {\n    conpar::ranks::launcher::main()\n}\n";

/// Builds the distributed program whose whole text is `source`, with its `fn main`. It can use the standard library and
/// `conpar_mpi` with `conpar_mpi::mpi`, which is rsmpi. The same text is built once.
///
/// # Errors
///
/// [`Error::NoMpi`] where no MPI is set up; [`Error::ChildDoesNotCompile`] with what rustc says; [`Error::NoChild`].
pub fn ranks(source: &str) -> Result<RankProgram, Error> {
    let setup = Setup::find()?;
    let launcher = child(LAUNCHER)?;
    let executable = build(&setup, source)?;
    let hosts = Hosts::one_machine();
    Ok(RankProgram {
        setup,
        launcher,
        executable,
        arguments: Vec::new(),
        hosts,
        deadline: DEADLINE,
        down: None,
    })
}

/// A built distributed program. See [`ranks()`].
#[derive(Clone)]
#[must_use = "it does nothing before `.run(ranks)`"]
pub struct RankProgram {
    pub(super) setup: Setup,
    pub(super) launcher: Program,
    pub(super) executable: PathBuf,
    pub(super) arguments: Vec<String>,
    pub(super) hosts: Hosts,
    pub(super) deadline: Duration,
    pub(super) down: Option<(usize, Duration)>,
}

impl RankProgram {
    /// Adds an argument, which every rank gets.
    pub fn arg(mut self, argument: impl fmt::Display) -> RankProgram {
        self.arguments.push(argument.to_string());
        self
    }

    /// Where it runs; on this machine unless told.
    pub fn on(mut self, hosts: Hosts) -> RankProgram {
        self.hosts = hosts;
        self
    }

    /// How long it may take; 20 s unless told.
    pub fn deadline(mut self, deadline: Duration) -> RankProgram {
        self.deadline = deadline;
        self
    }

    /// Takes the link of the isolated host number `host`, counted from 0, down so long after the start.
    pub fn link_down(mut self, host: usize, after: Duration) -> RankProgram {
        self.down = Some((host, after));
        self
    }

    /// Runs it on so many ranks, to its end or its deadline, and shows its progress lines meanwhile. The ranks are dealt out
    /// to the hosts in blocks.
    ///
    /// # Errors
    ///
    /// [`Error::BadRanks`] for a number of ranks or hosts that cannot be; [`Error::RanksNotLaunched`];
    /// [`Error::WrongWorld`]; [`Error::RankEnded`]; [`Error::RanksLate`] at the deadline, with what was seen of ranks and
    /// links; [`Error::NoChild`].
    pub fn run(&self, ranks: usize) -> Result<Job, Error> {
        launch::run(self, ranks)
    }
}

impl fmt::Debug for RankProgram {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("RankProgram");
        shown.field("executable", &self.executable).field("hosts", &self.hosts).finish_non_exhaustive()
    }
}
