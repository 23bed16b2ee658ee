//! The non-generic core: threads that live through all trials of a batch and begin each of them together.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::observed::{Observed, Outcome};
use crate::error::panic_message;
use crate::language::{say, word};
use crate::{Error, machine};

/// The most threads of a race.
pub const MOST_THREADS: usize = 8;

/// The most trials.
pub const MOST_TRIALS: u64 = 100_000_000;

/// After this time no further batch begins.
pub const LIMIT: Duration = Duration::from_secs(4);

/// The trials of a batch: their states lie in memory side by side, some megabytes of them.
const BATCH: usize = 10_000;

/// How many turns of a loop a thread may be late: the threads come in at different moments of one another.
const JITTER: u64 = 24;

/// How often a thread that waits looks before it gives its core away.
const LOOKS: u32 = 200;

pub(super) fn check(name: &str, threads: usize, trials: u64) -> Result<(), Error> {
    let not = |reason: String| Err(Error::NotARace { reason });
    match threads {
        _ if name.trim().is_empty() => Err(Error::EmptyName { what: word!(en: "the race", pt: "a corrida") }),
        0 | 1 => not(say!(
            en: "{threads} threads cannot race: add `.thread(…)` twice at least",
            pt: "{threads} threads não podem competir: acrescente `.thread(…)` pelo menos duas vezes"
        )),
        many if many > MOST_THREADS => not(say!(
            en: "{many} threads are too many: at most {MOST_THREADS}",
            pt: "{many} threads são demais: no máximo {MOST_THREADS}"
        )),
        _ if trials == 0 || trials > MOST_TRIALS => not(say!(
            en: "{trials} trials cannot be run: 1 to {MOST_TRIALS}",
            pt: "{trials} tentativas não podem ser executadas: de 1 a {MOST_TRIALS}"
        )),
        _ => Ok(()),
    }
}

/// Runs `trials` trials: `run(thread, trial)` on each thread, all of them together in each trial.
pub(super) fn batch(
    name: &str,
    threads: usize,
    trials: usize,
    run: &(dyn Fn(usize, usize) + Sync),
) -> Result<(), Error> {
    let (arrived, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let alone = machine::available_cores() < threads;
    let through = |thread: usize| {
        machine::bind_to(thread);
        let mut rng = fastrand::Rng::with_seed(thread as u64 + 1);
        for trial in 0..trials {
            // Acquire and release: a trial begins after all threads are through with the one before.
            arrived.fetch_add(1, Ordering::AcqRel);
            let mut looks = 0;
            while arrived.load(Ordering::Acquire) < threads * (trial + 1) {
                looks += 1;
                if alone || looks > LOOKS {
                    std::thread::yield_now()
                } else {
                    std::hint::spin_loop()
                }
                if failed.load(Ordering::Relaxed) {
                    return;
                }
            }
            for _ in 0..rng.u64(..JITTER) {
                std::hint::spin_loop();
            }
            run(thread, trial);
        }
    };
    let guarded = |thread: usize| {
        let ended = catch_unwind(AssertUnwindSafe(|| through(thread)));
        failed.fetch_or(ended.is_err(), Ordering::Relaxed);
        ended
    };
    let panicked = std::thread::scope(|scope| {
        let guarded = &guarded;
        let threads: Vec<_> = (0..threads).map(|thread| scope.spawn(move || guarded(thread))).collect();
        let ended = threads.into_iter().map(|thread| thread.join().and_then(|ended| ended));
        ended.filter_map(Result::err).next()
    });
    panicked.map_or(Ok(()), |panic| {
        Err(Error::Panicked { arm: name.to_owned(), workers: threads, message: panic_message(&*panic) })
    })
}

/// The outcomes counted so far.
#[derive(Debug)]
pub(super) struct Counted {
    start: Instant,
    outcomes: BTreeMap<String, u64>,
    trials: u64,
}

impl Default for Counted {
    fn default() -> Counted {
        Counted { start: Instant::now(), outcomes: BTreeMap::new(), trials: 0 }
    }
}

impl Counted {
    pub(super) fn goes_on(&self, wanted: u64) -> bool {
        self.trials == 0 || (self.trials < wanted && self.start.elapsed() < LIMIT)
    }

    /// How many trials the next batch has. The first one is short: on one core a trial takes a thousand times as long.
    pub(super) fn batch(&self, wanted: u64) -> usize {
        let most = if self.trials == 0 { BATCH / 10 } else { BATCH };
        most.min((wanted - self.trials) as usize)
    }

    pub(super) fn add(&mut self, outcome: String) {
        *self.outcomes.entry(outcome).or_default() += 1;
        self.trials += 1;
    }

    pub(super) fn observed(self, name: &str, threads: usize) -> Observed {
        let outcome = |(outcome, count)| Outcome { outcome, count };
        Observed {
            name: name.to_owned(),
            threads,
            cores: machine::available_cores(),
            trials: self.trials,
            outcomes: self.outcomes.into_iter().map(outcome).collect(),
        }
    }
}
