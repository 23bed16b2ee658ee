//! What this machine gives at all: independent integer work that shares nothing.
//!
//! Each of N workers does the same fixed work. If the machine gave N whole cores, N workers would take as long as one.
//! SMT, turbo, quota and neighbours make it less; drawn beside the ideal line, it is the line that code can reach.
//!
//! How much less depends on the work. Two threads of one physical core share its units: a long chain of steps leaves most of them
//! idle and hardly slows its neighbour, a loop that keeps them all busy gets half. On a virtual machine the neighbour may be
//! somebody else's. So a goal is best held against a ceiling of the same work ([`Ceiling::of`]).

use std::convert::Infallible;
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::machine;
use crate::measure::repeats;
use crate::workload::{steps_in, xorshift};

/// How long one worker's share should take: long enough that a start skew of a few microseconds is below 1%, short
/// enough to fit between the time slices of neighbours.
const SHARE: Duration = Duration::from_millis(3);

/// What each worker of the ceiling does.
pub struct Ceiling<'a> {
    share: Box<Share<'a>>,
}

/// One worker's share. It is the same for all, and shares nothing with the others.
pub(super) type Share<'a> = dyn Fn() + Sync + 'a;

/// Up to which share of the makespan the workers may start apart: with a later start the work of the others is partly
/// over, and the makespan is not that of so many workers.
const APART: f64 = 0.02;

/// When each worker started and ended.
#[derive(Debug, Clone)]
pub(crate) struct Spans(Vec<(Instant, Instant)>);

impl Spans {
    /// From the first start to the last end, in seconds.
    pub(crate) fn makespan(&self) -> f64 {
        let first = self.0.iter().map(|span| span.0).min();
        let last = self.0.iter().map(|span| span.1).max();
        last.zip(first).map_or(f64::NAN, |(last, first)| last.duration_since(first).as_secs_f64())
    }

    /// From the first start to the last start, in seconds.
    pub(crate) fn start_skew(&self) -> f64 {
        let starts = || self.0.iter().map(|span| span.0);
        starts().max().zip(starts().min()).map_or(f64::NAN, |(last, first)| (last - first).as_secs_f64())
    }

    /// How many workers came to their end.
    pub(super) fn ended(&self) -> usize {
        self.0.len()
    }

    /// Whether the workers began close enough to one another for a clean sample.
    pub(crate) fn began_together(&self) -> bool {
        self.start_skew() <= APART * self.makespan()
    }
}

impl<'a> Ceiling<'a> {
    /// As many steps of [`xorshift`] as take about [`SHARE`] on one core.
    pub fn calibrate() -> Ceiling<'a> {
        let steps = steps_in(SHARE);
        Ceiling { share: Box::new(move || _ = black_box(xorshift(black_box(steps)))) }
    }

    /// The reader's own work, as often as makes a sample long enough.
    pub(super) fn of(work: &'a Share<'a>) -> Ceiling<'a> {
        let timed = |repeats: u32| {
            let clock = Instant::now();
            (0..repeats).for_each(|_| work());
            clock.elapsed().as_secs_f64() / f64::from(repeats)
        };
        let Ok(repeats) = repeats(&mut |repeats| Ok::<_, Infallible>(timed(repeats)));
        Ceiling { share: Box::new(move || (0..repeats).for_each(|_| work())) }
    }

    /// The makespan of `workers` workers, from the first start to the last end, in seconds.
    pub fn makespan(&self, workers: usize) -> f64 {
        self.spans(workers).makespan()
    }

    /// Runs `workers` workers.
    ///
    /// Each worker is bound to a core of its own, where the system can: schedulers often leave two new threads on one
    /// core for some milliseconds, and the ceiling is what the cores give, not what a scheduler makes of them. The
    /// workers are started before and spin until the last of them is there: `std::sync::Barrier` wakes them one after
    /// the other, up to a millisecond apart on a busy machine. A single worker goes where the calling thread is, as all code
    /// on one core does in an experiment.
    pub(crate) fn spans(&self, workers: usize) -> Spans {
        let missing = AtomicUsize::new(workers);
        let caller = if workers == 1 { machine::current_core() } else { None };
        let run = |worker| {
            caller.map_or_else(|| machine::bind_to(worker), machine::bind_to_core);
            // Relaxed is enough: the counter alone is shared, and nothing is published with it.
            missing.fetch_sub(1, Ordering::Relaxed);
            let mut spins = 0_u32;
            while missing.load(Ordering::Relaxed) > 0 {
                spins += 1;
                // With more workers than cores the missing ones need a core to arrive.
                if spins.is_multiple_of(64) { std::thread::yield_now() } else { std::hint::spin_loop() }
            }
            let start = Instant::now();
            (self.share)();
            (start, Instant::now())
        };
        std::thread::scope(|scope| {
            let run = &run;
            let threads: Vec<_> = (0..workers).map(|worker| scope.spawn(move || run(worker))).collect();
            // A worker whose work panics has no span.
            Spans(threads.into_iter().filter_map(|thread| thread.join().ok()).collect())
        })
    }
}
