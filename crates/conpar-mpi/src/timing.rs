//! Timing what all ranks do together.

use std::time::{Duration, Instant};

use mpi::collective::SystemOperation;
use mpi::traits::{Communicator, CommunicatorCollectives as _, Root as _};
use rustix::time::{ClockId, clock_gettime};

use crate::line::{Line, hold, release, say};

/// Of the slowest rank's time, how much a rank may lose to others in a clean sample. A rank that waits inside MPI keeps its core busy, so
/// that wall time less CPU time is what others took.
const LOST: f64 = 0.01;

/// How long something took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// The time of the slowest rank, in seconds.
    pub seconds: f64,
    /// Whether no rank lost more than 1% of that time to others.
    pub clean: bool,
}

impl Timing {
    /// The time of one of `repeats` equal parts.
    #[must_use]
    pub fn each(self, repeats: u32) -> Timing {
        Timing { seconds: self.seconds / f64::from(repeats), ..self }
    }

    /// How many times this fits into a sample that is long enough to be told from its disturbances: 3 ms. At least once.
    #[must_use]
    pub fn repeats(self) -> u32 {
        const SAMPLE: f64 = 3e-3;
        (SAMPLE / self.seconds.max(1e-9)).clamp(1.0, 1e5) as u32
    }
}

/// Times `work` on all ranks of `world`, from a barrier to the end of the slowest one. All ranks have to call it, and all of
/// them learn the timing.
pub fn timed<C: Communicator, T>(world: &C, work: impl FnOnce() -> T) -> (T, Timing) {
    world.barrier();
    let (clock, cpu) = (Instant::now(), cpu_seconds());
    let value = std::hint::black_box(work());
    let (seconds, on_core) = (clock.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    // Of the slowest rank's time: one that had next to nothing to do loses much of its own to the clocks alone.
    let mut worst = [0.0; 2];
    world.all_reduce_into(&[seconds, seconds - on_core][..], &mut worst[..], SystemOperation::max());
    (value, Timing { seconds: worst[0], clean: worst[1] <= LOST * worst[0] })
}

/// Tells the notebook how much payload this rank sent, in bytes: to hold against what its interface counted.
pub fn sent(bytes: usize) {
    say(&Line::Sent { bytes: bytes as u64 });
}

/// Computes for so long of this thread's own time on a core, and gives the number of steps: work whose length is known.
pub fn busy(time: Duration) -> u64 {
    let end = cpu_seconds() + time.as_secs_f64();
    let mut state = 1_u64;
    let mut steps = 0;
    while cpu_seconds() < end {
        for _ in 0..1_000 {
            state = std::hint::black_box(state.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23));
        }
        steps += 1_000;
    }
    steps
}

/// The time that this thread spent on cores, in seconds.
pub fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// So many rounds, or as many as fit into `seconds`, but never fewer than seven: fewer carry no interval. Rank 0 decides, and all
/// ranks go through the same rounds. What is reported meanwhile reaches the notebook at their end.
pub fn rounds<C: Communicator>(world: &C, most: u32, seconds: f64) -> Rounds<'_, C> {
    hold();
    Rounds { world, most, seconds, done: 0, started: Instant::now() }
}

/// See [`rounds`].
#[must_use = "the rounds are gone through with `for`"]
pub struct Rounds<'w, C> {
    world: &'w C,
    most: u32,
    seconds: f64,
    done: u32,
    started: Instant,
}

/// The fewest rounds.
const FEWEST: u32 = 7;

impl<C> Drop for Rounds<'_, C> {
    fn drop(&mut self) {
        release();
    }
}

impl<C: Communicator> Iterator for Rounds<'_, C> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let in_time = self.started.elapsed().as_secs_f64() < self.seconds;
        let mut more = u8::from(self.done < FEWEST || (self.done < self.most && in_time));
        self.world.process_at_rank(0).broadcast_into(&mut more);
        self.done += 1;
        (more == 1).then_some(self.done - 1)
    }
}
