//! The schedulers: how workers come by their tasks.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::language::{say, word};

/// A rule by which workers come by the tasks of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheduler {
    /// Every worker gets one contiguous block before the work begins, and all blocks have equally many tasks (to within
    /// one): OpenMP's `schedule(static)`, or threads with a part each.
    Static,
    /// Worker number w of P gets the tasks w, w + P, w + 2P, … before the work begins: OpenMP's `schedule(static, 1)`.
    Cyclic,
    /// A worker that is done takes the next `chunk` tasks from a counter or a queue that all share: OpenMP's
    /// `schedule(dynamic, chunk)`.
    Dynamic {
        /// The tasks that are taken at once, at least 1.
        chunk: usize,
    },
    /// As dynamic, with chunks that shrink: of n tasks that are left, ⌈n / P⌉, but not fewer than `least`. OpenMP's
    /// `schedule(guided, least)` as GCC's library does it (`gomp_iter_guided_next` in libgomp/iter.c); OpenMP itself says
    /// no more than that a chunk is proportional to n / P.
    Guided {
        /// The smallest chunk, at least 1.
        least: usize,
    },
    /// Work stealing as in rayon's parallel iterators. The range is split in halves with `join`; the right half waits in
    /// the worker's own deque, where an idle worker may steal it. How often a range is split adapts: into about P pieces
    /// at first, and again whenever a piece was stolen (`LengthSplitter` in rayon/src/iter/plumbing/mod.rs).
    Stealing {
        /// The fewest tasks of a piece, rayon's `with_min_len`, at least 1.
        min_len: usize,
    },
    /// Work stealing of ranges that are split in halves with `join` as long as they have more than `grain` tasks, whether
    /// they were stolen or not: what `rayon::join` does in a function that calls itself.
    Join {
        /// The most tasks of a piece, at least 1.
        grain: usize,
    },
}

impl Scheduler {
    /// Refuses a chunk of nothing: it would never end.
    pub(super) fn check(self) -> Result<(), Error> {
        match self {
            Scheduler::Static | Scheduler::Cyclic => Ok(()),
            Scheduler::Dynamic { chunk: size }
            | Scheduler::Guided { least: size }
            | Scheduler::Stealing { min_len: size }
            | Scheduler::Join { grain: size } => match size {
                0 => Err(Error::ZeroChunk { scheduler: self.to_string() }),
                _ => Ok(()),
            },
        }
    }

    /// Whether chance takes part: which worker is robbed.
    pub fn is_random(self) -> bool {
        matches!(self, Scheduler::Stealing { .. } | Scheduler::Join { .. })
    }
}

impl fmt::Display for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scheduler::Static => f.write_str(word!(en: "static", pt: "estático")),
            Scheduler::Cyclic => f.write_str(word!(en: "cyclic", pt: "cíclico")),
            Scheduler::Dynamic { chunk } => f.write_str(&say!(en: "dynamic {chunk}", pt: "dinâmico {chunk}")),
            Scheduler::Guided { least } => f.write_str(&say!(en: "guided {least}", pt: "guiado {least}")),
            Scheduler::Stealing { min_len: 1 } => f.write_str(word!(en: "stealing", pt: "roubo")),
            Scheduler::Stealing { min_len } => {
                f.write_str(&say!(en: "stealing {min_len}", pt: "roubo {min_len}"))
            }
            Scheduler::Join { grain } => write!(f, "join {grain}"),
        }
    }
}
