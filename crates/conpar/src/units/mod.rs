//! The units of concurrency: threads, tasks, coroutines, goroutines, processes. What one of them costs.
//!
//! Their times are measured by a `sweep`, in which a Go program takes part as one of the arms
//! ([`goroutines`]). Their memory is measured here, in child processes: a million units in the kernel's own process would
//! leave it large, and what was freed before would be used again and not be seen.
//!
//! | in a cell | what it does |
//! |---|---|
//! | [`goroutines`] | a Go program that answers; where there is no Go, what was recorded elsewhere |
//! | [`memory`] | how much memory one unit that waits takes, over their number |
//! | [`clients`] | whether a program's clients, who wait, get their answers, and how much memory one takes |
//!
//! A [`Coroutine`] is corosensei's, in a form that cells can call.
//!
//! In the child, a [`Gauge`] makes the units and reads the memory.

mod clients;
mod coroutine;
mod gauge;
mod goroutines;
mod memory;
mod resident;
mod run;

pub use clients::{CLIENTS, Clients, clients};
pub use coroutine::{Coroutine, Yielder};
pub use gauge::{Gauge, Here};
pub use goroutines::{Goroutines, goroutines};
pub use memory::{Memory, memory};
pub use resident::{Arm, Place, Resident};
