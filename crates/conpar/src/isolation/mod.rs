//! Jobs that are done by workers that may die: what is lost, what is done twice, who ended how.
//!
//! The pool itself, its list of jobs and what it does about a worker that ended, is the text of a [`child`](crate::child)
//! program, in a cell. It writes down in a [`Log`] what happens, line by line as it happens, so that the record ends only
//! where the program does. [`jobs`] runs such a program and puts the record together: a [`JobReport`].
//!
//! ```no_run
//! use conpar::prelude::*;
//!
//! let text = r#"use conpar::isolation::Log;
//!
//! fn main() {
//!     let log = Log::begin(3);
//!     log.started(0);
//!     for job in 0..log.jobs() {
//!         log.given(0, job);
//!         log.done(0, job, job * job);
//!     }
//! }"#;
//! let report = jobs("squares", &child(text)?)?;
//! assert!(report.lost().is_empty() && report.twice().is_empty());
//! # Ok::<(), conpar::Error>(())
//! ```

mod end;
mod log;
pub mod planted;
mod report;
mod run;

pub use end::End;
pub use log::Log;
pub use report::{JobReport, Left, Life, Try};
pub use run::{MOST_JOBS, MOST_WORKERS, jobs};
