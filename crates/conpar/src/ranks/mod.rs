//! Distributed programs: a text with MPI in it, built and run on some ranks on some hosts, under a deadline.
//!
//! MPI is never started in the kernel's own process. The text is built against the crate `conpar-mpi`, whose `start`,
//! `report` and `result` write lines that come back here. A child program ([`child`](crate::child)) launches it, so that its
//! keeper ends every rank, however the cell ends.
//!
//! ```no_run
//! use conpar::prelude::*;
//!
//! let program = ranks(r#"use conpar_mpi::prelude::*;
//! fn main() {
//!     let universe = start();
//!     let world = universe.world();
//!     let mut sum = 0;
//!     world.all_reduce_into(&world.rank(), &mut sum, SystemOperation::sum());
//!     if world.rank() == 0 { result("sum", sum); }
//! }"#)?;
//! let job = program.on(Hosts::isolated(2)).run(4)?;
//! assert_eq!(job.value("sum")?, 6.0);
//! # Ok::<(), conpar::Error>(())
//! ```
//!
//! # Hosts
//!
//! A [`Job`] says which of four kinds its hosts were ([`Kind`]), and only [`Kind::Machines`] are separate machines. Isolated
//! hosts are network namespaces of this machine, each with an interface and an address of its own, whose counters tell what
//! went over the link. Where the system refuses namespaces, they become loopback addresses, and the job says so.

mod build;
mod checkpoints;
mod collective;
mod hosts;
mod job;
mod launch;
#[doc(hidden)]
pub mod launcher;
mod lines;
mod namespaces;
mod past;
mod program;
mod setup;

pub use checkpoints::{Checkpoints, checkpoints};
pub use collective::{Collective, Topology};
pub use hosts::{Hosts, Kind};
pub use job::{Compared, Job, Placed, Timed, Traffic, scaling, swept, weak_scaling};
pub use past::{Curve, Held, Of, Past, Steps, collectives, past};
pub use program::{RankProgram, ranks};
pub use setup::is_set_up;
