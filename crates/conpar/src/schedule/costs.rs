//! What scheduling costs beside the work itself.

use serde::{Deserialize, Serialize};

use crate::Error;

/// The longest cost, in seconds: thirty years.
const NEVER: f64 = 1e9;

/// What the steps of a scheduler cost, in seconds. [`costs_here`](super::costs_here) measures them; each may be set to what
/// it would be elsewhere, as `Costs { steal: 1e-6, ..costs_here() }`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    /// Taking a chunk from the counter or queue that all share. One worker at a time takes: the others wait for it.
    pub chunk: f64,
    /// The same for a worker that also took the chunk before: the counter is still in its own core's cache.
    pub chunk_again: f64,
    /// A `rayon::join` whose second half was not stolen.
    pub join: f64,
    /// Stealing a piece from another worker's deque: until the thief has it.
    pub steal: f64,
    /// From the moment at which a sleeping worker is woken to the one at which it runs.
    pub wake: f64,
    /// How long a worker that finds nothing to steal goes on looking before it sleeps.
    pub patience: f64,
    /// Starting a thread: how long the one that starts it is busy with that. The workers of the schedulers that do not
    /// steal are started so, one after the other.
    pub spawn: f64,
}

impl Costs {
    /// Scheduling that costs nothing: what is lost then is lost to the order of the work alone.
    pub const NONE: Costs =
        Costs { chunk: 0.0, chunk_again: 0.0, join: 0.0, steal: 0.0, wake: 0.0, patience: NEVER, spawn: 0.0 };

    /// All costs `factor` times as large.
    pub(super) fn scaled(self, factor: f64) -> Costs {
        let Costs { chunk, chunk_again, join, steal, wake, patience, spawn } = self;
        let [chunk, chunk_again, join, steal, wake, spawn] =
            [chunk, chunk_again, join, steal, wake, spawn].map(|seconds| seconds * factor);
        Costs { chunk, chunk_again, join, steal, wake, patience, spawn }
    }

    /// The costs with their names.
    pub fn named(&self) -> [(&'static str, f64); 7] {
        let Costs { chunk, chunk_again, join, steal, wake, patience, spawn } = *self;
        [
            ("chunk", chunk),
            ("chunk_again", chunk_again),
            ("join", join),
            ("steal", steal),
            ("wake", wake),
            ("patience", patience),
            ("spawn", spawn),
        ]
    }

    /// Refuses what is no time.
    pub(super) fn check(&self) -> Result<(), Error> {
        match self.named().into_iter().find(|(_, seconds)| !(0.0..=NEVER).contains(seconds)) {
            Some((cost, seconds)) => Err(Error::NoCost { cost, seconds: seconds.to_string() }),
            None => Ok(()),
        }
    }
}
