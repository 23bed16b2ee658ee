//! Tasks at once against the same tasks one after another: waiting and computing, on one core and on all.
//!
//! The experiment that tells concurrency from parallelism. Tasks that wait overlap on one core already. Tasks that
//! compute only take turns there, and gain when cores are added.

mod experiment;
mod result;

pub use experiment::{MOST_TASKS, Overlap, overlap};
pub use result::{Corner, Doubt, Overlapped, Place, SHORTEST, Work};
