//! Programs of the reader's own that run in a process of their own: what a cell must not do itself, a child may.
//!
//! A cell that deadlocks takes the kernel with it. So the code goes, as text, to a child: it is compiled in some tenths of
//! a second against the conpar that the kernel itself uses, runs under a deadline and within bounds of memory and output,
//! and never outlives the cell, however either of them ends.
//!
//! ```no_run
//! use conpar::prelude::*;
//! use std::time::Duration;
//!
//! let program = child(r#"fn main() { println!("{}", std::env::args().count()); }"#)?;
//! let ended = program.arg("one").deadline(Duration::from_secs(2)).run()?;
//! assert_eq!(ended.stdout.text, "2\n");
//! # Ok::<(), conpar::Error>(())
//! ```
//!
//! # Two processes for one program
//!
//! Between the kernel and the program stands a keeper, the same executable in another role. It holds one end of a pipe
//! whose other end only the kernel has: when the kernel ends, killed or not, the pipe closes and the keeper ends what it
//! keeps. All descendants of the program whose own parents have ended become the keeper's children (a Linux "child
//! subreaper"), so that none can get away from it. And the kernel of the system kills the program when its keeper dies.

//!
//! # Go
//!
//! [`go`] does the same for the text of a Go program, where there is a Go toolchain: the keeper is then a Rust program that
//! starts it within the same bounds. The module `conpar.go`, which lies beside each, has `measure` and `memory`.

pub(crate) mod build;
mod cache;
mod go;
mod keeper;
mod output;
mod own;
mod program;
mod report;
mod running;
mod server;

pub use build::{Built, MOST_BUILT};
pub use cache::MOST_CACHED;
pub use go::go;
pub use keeper::guard;
pub use output::{Captured, Ended, How};
pub use own::{Holds, holds, limit_memory};
pub use program::{Program, child};
pub use report::tell;
pub(crate) use report::tell_and_end;
pub use running::{MOST_AT_ONCE, Running};
pub use server::Server;
