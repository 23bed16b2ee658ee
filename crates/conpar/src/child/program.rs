//! A program and the bounds within which it runs.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::build::{Built, build};
use super::go;
use super::output::Ended;
use super::running::Running;
use super::server::Server;
use crate::Error;

/// How long a child may run, unless told otherwise.
const DEADLINE: Duration = Duration::from_secs(10);

/// How much memory each process of a child may have, unless told otherwise: 1 GiB.
const MEMORY: u64 = 1 << 30;

/// How much of each output is kept, unless told otherwise: 1 MiB.
const OUTPUT: usize = 1 << 20;

/// Builds the program whose whole text is `source`, with its `fn main`.
///
/// It can use the standard library and conpar with all that conpar re-exports (`use conpar::prelude::*;`). The text is a
/// module of the program: paths in it begin with `self`, not with `crate`. The same text is built once. A text of several parts is
/// put together by [`source!`](crate::source).
///
/// # Errors
///
/// [`Error::ChildDoesNotCompile`] with what rustc says, whose line numbers are those of `source`; [`Error::NoChild`] where
/// nothing can be built.
pub fn child(source: &str) -> Result<Program, Error> {
    Ok(Program::new(build(source)?))
}

/// What is called with each line of the standard output.
type OnLine = dyn FnMut(&str) + Send;

/// A built program, with what it is given and may take. See [`child`].
#[derive(Clone)]
pub struct Program {
    pub(super) built: Built,
    /// The program itself, where what was built is only its keeper.
    pub(super) other: Option<PathBuf>,
    pub(super) arguments: Vec<String>,
    pub(super) input: Vec<u8>,
    pub(super) deadline: Duration,
    pub(super) memory: u64,
    pub(super) output: usize,
    pub(super) on_line: Option<Arc<Mutex<OnLine>>>,
}

impl Program {
    pub(super) fn new(built: Built) -> Program {
        Program {
            built,
            other: None,
            arguments: Vec::new(),
            input: Vec::new(),
            deadline: DEADLINE,
            memory: MEMORY,
            output: OUTPUT,
            on_line: None,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl fmt::Display) -> Program {
        self.arguments.push(argument.to_string());
        self
    }

    /// Adds several arguments.
    #[must_use]
    pub fn args<A: fmt::Display>(self, arguments: impl IntoIterator<Item = A>) -> Program {
        arguments.into_iter().fold(self, Program::arg)
    }

    /// What the program reads from its standard input, before the end of it.
    #[must_use]
    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Program {
        self.input = input.into();
        self
    }

    /// How long it may run; 10 s unless told.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Program {
        self.deadline = deadline;
        self
    }

    /// How many bytes of memory each of its processes may have; 1 GiB unless told. The stacks of threads count in full.
    #[must_use]
    pub fn memory(mut self, bytes: u64) -> Program {
        self.memory = bytes;
        self
    }

    /// How many bytes of each output are kept; 1 MiB unless told. The rest is counted.
    #[must_use]
    pub fn keep_output(mut self, bytes: usize) -> Program {
        self.output = bytes;
        self
    }

    /// Calls `line` with each line of the standard output as it comes, on a thread of its own.
    #[must_use]
    pub fn on_line(mut self, line: impl FnMut(&str) + Send + 'static) -> Program {
        self.on_line = Some(Arc::new(Mutex::new(line)));
        self
    }

    /// How it was built.
    pub fn built(&self) -> &Built {
        &self.built
    }

    /// Starts the program. It runs until it ends, until its deadline, or until what is returned is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::NoChild`] when the system starts none; [`Error::TooManyChildren`].
    pub fn start(&self) -> Result<Running, Error> {
        Running::start(self)
    }

    /// Starts the program as one that answers: a line for each line that it is sent. Its deadline holds for each answer.
    ///
    /// # Errors
    ///
    /// Those of [`start`](Program::start); [`Error::ChildFailed`] when it does not greet with a first line.
    pub fn serve(&self) -> Result<Server, Error> {
        Server::start(self)
    }

    /// Runs the program to its end, or to its deadline.
    ///
    /// # Errors
    ///
    /// Those of [`start`](Program::start).
    pub fn run(&self) -> Result<Ended, Error> {
        Ok(self.start()?.wait())
    }
}

impl Program {
    /// The variables that it is started with, besides those of this process.
    pub(super) fn variables(&self) -> Option<(&'static str, String)> {
        self.other.as_ref().map(|_| go::memory_limit(self.memory))
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Program");
        shown.field("built", &self.built).field("arguments", &self.arguments).finish_non_exhaustive()
    }
}
