//! What it costs to send something to another process, or to another thread: latency, bandwidth, and from which payload on
//! the other one's help is worth it.
//!
//! The two ends of a transport are processes, so that a cell cannot be both: a [child](crate::child) program, whose worker
//! is the same program again, sends payloads there and back in a [sweep](crate::sweep) and [tells](crate::child::tell) what it
//! measured. What is made of that is made here: [`transports`] fits Hockney's law to each arm, [`Transports::payoff`] predicts
//! from it where work that is shared with another process gets faster, and holds that against a measurement.

mod payoff;
#[cfg(target_os = "linux")]
mod shared;
mod transports;
mod worker;

pub use payoff::{Payoff, Shared};
#[cfg(target_os = "linux")]
pub use shared::SharedMemory;
pub use transports::{Transport, Transports, transports};
pub use worker::Worker;

use crate::language::say;
use crate::machine::{Needs, limits, own_memory};

/// Those of the `wanted` payloads in bytes for which there is memory enough, where the program needs `copies` times the
/// largest. Where some are left out, it says so on the standard error.
pub fn payloads(wanted: impl IntoIterator<Item = u64>, copies: u64) -> Vec<u64> {
    affordable(wanted.into_iter().collect(), copies)
}

fn affordable(mut sizes: Vec<u64>, copies: u64) -> Vec<u64> {
    let largest = sizes.iter().copied().max().unwrap_or(0);
    let mut limits = limits();
    limits.all.extend(own_memory());
    let allowed = limits.allow(Needs { bytes: copies, ..Needs::default() }, largest);
    if let Some(reason) = allowed.reason {
        let left_out = say!(
            en: "Payloads above {} bytes are left out, {copies} of which are needed: {reason}.",
            pt: "Cargas úteis acima de {} bytes ficam de fora, pois são precisas {copies} de cada: {reason}.",
            allowed.count
        );
        eprintln!("{left_out}");
        sizes.retain(|&size| size <= allowed.count);
    }
    sizes
}
