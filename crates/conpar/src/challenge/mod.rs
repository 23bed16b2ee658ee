//! Programs that the reader has not seen: drawn from a seed, predicted, diagnosed, mended, and judged by measuring.
//!
//! A program is a whole text with three parts: `serial(size)`, the base; `mine(size, workers)`, which is to be mended; and a
//! `main` that hands both to [`measure`]. It runs in a child process ([`crate::child`]), so that a deadlock or an endless
//! loop harms nothing.
//!
//! What an edited `mine` computes is held against the `serial` of the program *as it was drawn*, on sizes that are drawn anew
//! each time and on several numbers of workers. Then drawn and edited program are measured side by side, in one run.

pub mod graded;
mod program;
mod trial;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use graded::{Grade, Reached, Target};
pub use program::Cause;
use program::Program;
pub use trial::{Mine, Serial, Trial, Used, compare, measure};

use crate::Error;

/// How long a program may take for all of its runs, unless told otherwise.
const DEADLINE: Duration = Duration::from_secs(40);

/// The largest seed that [`surprise`] draws: short enough to be said and typed.
const MOST_SURPRISING: u64 = 99_999;

/// A program that was drawn, and the file in which it is edited.
#[derive(Debug, Clone, PartialEq)]
pub struct Challenge {
    /// What it was drawn from: the same seed gives the same program.
    pub seed: u64,
    /// The text of the program.
    pub text: String,
    program: &'static Program,
    folder: PathBuf,
    deadline: Duration,
}

/// Draws the program of this seed: what limits it, what it computes, and how much of it.
pub fn challenge(seed: u64) -> Challenge {
    let (program, text) = Program::draw(seed);
    Challenge { seed, text, program, folder: PathBuf::new(), deadline: DEADLINE }
}

/// Draws a seed, and the program of it. The seed is told with the program, so that it can be drawn again.
pub fn surprise() -> Challenge {
    challenge(fastrand::u64(..=MOST_SURPRISING))
}

impl Challenge {
    /// In which folder the program's file lies: the notebook's own, unless told.
    #[must_use]
    pub fn in_folder(self, folder: impl Into<PathBuf>) -> Challenge {
        Challenge { folder: folder.into(), ..self }
    }

    /// How long the program may take for all of its runs: 40 s, unless told.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Challenge {
        Challenge { deadline, ..self }
    }

    /// The file in which the program is edited.
    pub fn file(&self) -> PathBuf {
        self.folder.join(format!("challenge-{}.rs", self.seed))
    }

    /// What limits the program as it was drawn: the answer to be found.
    pub fn cause(&self) -> Cause {
        self.program.cause
    }

    /// What an edit has to reach.
    pub fn target(&self) -> Target {
        self.program.cause.target()
    }

    /// Measures the program as it was drawn.
    ///
    /// # Errors
    ///
    /// Those of [`child`](crate::child::child), and [`Error::ChildFailed`] where it could not be measured.
    pub fn try_drawn(&self) -> Result<Trial, Error> {
        trial::run(&self.text, &[], self.deadline)
    }

    /// Tries `edited` beside the program as it was drawn. `path` is what the compiler's errors call it.
    ///
    /// # Errors
    ///
    /// As [`try_drawn`](Challenge::try_drawn); [`Error::ChildDoesNotCompile`] with the line of the edited text.
    pub fn try_edited(&self, edited: &str, path: &Path) -> Result<Trial, Error> {
        trial::run(&trial::beside(&self.text, edited, path), &self.program.sizes(&self.text), self.deadline)
    }
}
