//! Whether a program gets on: deadlock, livelock, starvation.
//!
//! A program that is stuck cannot be shown in a cell, which would be stuck with it. So the text of a small program goes to
//! [`child`](crate::child) processes, which say how far they came and who waits for whom, and end.
//!
//! The same text runs in two worlds. `use conpar::liveness::real::*;` gives it threads and mutexes of the standard
//! library; in [`model`], which [`check`] puts in the place of [`real`], shuttle runs its threads one step at a time and
//! tries their orders one after another. In both worlds a [`real::Lock`] tells who holds it and an [`real::Actor`] what it
//! waits for, so that a cycle of waiting can be seen and drawn.
//!
//! | in a cell | what it does |
//! |---|---|
//! | [`survival`] | runs programs over and over, each run in a process of its own until it deadlocks |
//! | [`check`], [`replay`] | tries the orders of a program's steps; runs one of them again |
//! | [`classify`] | watches programs for a moment: who gets on, and what do they spend on it |

mod check;
mod classify;
mod graph;
mod locks;
pub mod model;
pub mod real;
mod report;
mod scene;
mod survival;

pub(crate) use check::check_seats;
pub use check::{Checked, Failure, check, replay};
pub use classify::{Classified, Kind, Program, classify};
pub use graph::{Actor, Graph, Lock};
pub use survival::{Arm, Survival, Survived, survival};
