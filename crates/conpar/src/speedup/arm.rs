//! One way to do the work, as the harness runs it.

use serde::{Deserialize, Serialize};

use crate::measure::Timed;

/// What runs an arm's workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The best serial code, the base of every speedup.
    Serial,
    /// A rayon pool with as many threads as workers.
    Rayon,
    /// Threads that the code spawns itself, `std::thread`.
    Threads,
    /// Threads that the code spawns itself, through crossbeam.
    Crossbeam,
    /// Tokio's blocking pool, with as many threads as workers.
    Tokio,
    /// Ranks of MPI, each a process.
    Ranks,
}

/// How much an arm has to do, and with how many workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Load {
    /// The number of workers.
    pub(super) workers: usize,
    /// The units of work: 1 where the work is fixed.
    pub(super) units: usize,
}

/// The code of an arm with its value's type erased: `run(load, repeats)`.
pub(super) enum Code<'a> {
    /// Runs on the calling thread, which may start threads of its own.
    Caller(Box<dyn Fn(Load, u32) -> Timed + 'a>),
    /// Runs inside a rayon pool, so it must be able to cross threads.
    RayonPool(Box<dyn Fn(Load, u32) -> Timed + Sync + 'a>),
    /// Runs on a tokio runtime.
    TokioRuntime(Box<TokioCode<'a>>),
}

type TokioCode<'a> = dyn Fn(&tokio::runtime::Runtime, Load, u32) -> Timed + 'a;

/// An arm: its name, what runs it, and its code.
pub(super) struct Arm<'a> {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) code: Code<'a>,
}
