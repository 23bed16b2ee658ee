//! What happens in a pool, written down by the program that is the pool.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::end::End;
use crate::child::{Holds, holds};
use crate::language::say;
use crate::machine::{Needs, limits};

/// What a line of the record begins with.
pub(super) const MARK: &str = "conpar-jobs ";

/// What a worker takes beside its memory: its process, with room for threads of its own; three pipes, of which for a moment
/// both ends are open.
const WORKER: Needs = Needs { threads: 4, mappings: 0, files: 8, bytes: 0 };

/// A line of the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Line {
    /// Seconds since the record was begun.
    pub(super) at: f64,
    pub(super) event: Event,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Event {
    Begun { jobs: u64 },
    Noted(String),
    Started { worker: usize },
    Given { worker: usize, job: u64 },
    Done { worker: usize, job: u64, answer: u64 },
    Ended { worker: usize, end: End },
    Over { before: Option<Holds>, after: Option<Holds> },
}

/// The record of a pool of workers, in its own program.
///
/// Each step is a line on the standard output at once: what was written down is not lost when the program is ended. When the
/// log is dropped it looks for what the pool has left behind: processes, zombies, descriptors.
#[derive(Debug)]
pub struct Log {
    begun: Instant,
    jobs: u64,
    before: Option<Holds>,
    silent: bool,
}

impl Log {
    /// Begins the record of a pool that has to do so many jobs, numbered from 0.
    pub fn begin(jobs: u64) -> Log {
        let log = Log { begun: Instant::now(), jobs, before: holds(), silent: false };
        log.write(Event::Begun { jobs });
        log
    }

    /// A log that writes nothing down: where the same pool is to be timed.
    pub fn silent(jobs: u64) -> Log {
        Log { begun: Instant::now(), jobs, before: None, silent: true }
    }

    /// The number of jobs.
    pub fn jobs(&self) -> u64 {
        self.jobs
    }

    /// How many of `wanted` workers there is room for on this machine, each a process that may take `memory` bytes; at
    /// least one: the system has the last word. Where they are fewer than wanted, the record says why.
    pub fn workers(&self, wanted: usize, memory: u64) -> usize {
        let allowed = limits().allow(Needs { bytes: memory, ..WORKER }, wanted as u64);
        let workers = (allowed.count as usize).max(1);
        if let Some(reason) = allowed.reason {
            self.write(Event::Noted(say!(
                en: "{workers} workers instead of {wanted}: {reason}.",
                pt: "Trabalhadores: {workers}, em vez de {wanted}: {reason}."
            )));
        }
        workers
    }

    /// A worker was started: the first of this number, or the next.
    pub fn started(&self, worker: usize) {
        self.write(Event::Started { worker });
    }

    /// A job was given to a worker.
    pub fn given(&self, worker: usize, job: u64) {
        self.write(Event::Given { worker, job });
    }

    /// A worker answered, and its answer was taken.
    pub fn done(&self, worker: usize, job: u64, answer: u64) {
        self.write(Event::Done { worker, job, answer });
    }

    /// A worker ended. Of a process give what [`Child::wait_with_output`](std::process::Child::wait_with_output) returned,
    /// of a thread what its `join` did.
    pub fn ended(&self, worker: usize, end: impl Into<End>) {
        self.write(Event::Ended { worker, end: end.into() });
    }

    fn write(&self, event: Event) {
        if !self.silent {
            let line = Line { at: self.begun.elapsed().as_secs_f64(), event };
            println!("{MARK}{}", serde_json::to_string(&line).unwrap_or_default());
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.write(Event::Over { before: self.before, after: holds() });
    }
}
