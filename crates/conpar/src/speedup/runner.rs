//! Runs one arm at one worker count: pools are warm, panics are caught, results are equal.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::arm::{Arm, Code, Kind, Load};
use super::ceiling::Ceiling;
use super::overdue::Overdue;
use crate::error::panic_message;
use crate::language::word;
use crate::measure::{Timed, repeats};
use crate::{Error, machine};

/// One of the things that a round runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// The arm with this index, with so much to do.
    Arm { arm: usize, load: Load },
    /// The ceiling, with so many workers.
    Ceiling { workers: usize },
}

/// What a sample gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ran {
    /// The time of one run.
    pub(super) seconds: f64,
    /// Whether all workers began at the same time.
    pub(super) together: bool,
}

impl Place {
    pub(super) fn workers(self) -> usize {
        match self {
            Place::Arm { load, .. } => load.workers,
            Place::Ceiling { workers } => workers,
        }
    }
}

/// What is said where the work of the ceiling panicked.
pub(super) fn ceiling_panicked(workers: usize, message: String) -> Error {
    Error::Panicked { arm: word!(en: "the ceiling", pt: "o teto").to_owned(), workers, message }
}

/// The arms with all that they need to run. Dropping it ends its pools' threads.
pub(super) struct Runner<'r, 'a> {
    arms: &'r [Arm<'a>],
    pools: HashMap<usize, rayon::ThreadPool>,
    runtimes: HashMap<usize, tokio::runtime::Runtime>,
    ceiling: Ceiling<'r>,
    repeats: HashMap<Place, u32>,
    overdue: Overdue,
}

impl<'r, 'a> Runner<'r, 'a> {
    pub(super) fn new(
        arms: &'r [Arm<'a>],
        places: &[Place],
        ceiling: Ceiling<'r>,
    ) -> Result<Runner<'r, 'a>, Error> {
        let (mut pools, mut runtimes) = (HashMap::new(), HashMap::new());
        for &place in places {
            let Place::Arm { arm, load: Load { workers, .. } } = place else { continue };
            let no_pool = |reason: String| Error::NoPool { arm: arms[arm].name.clone(), workers, reason };
            match arms[arm].kind {
                Kind::Rayon if !pools.contains_key(&workers) => {
                    // Each worker is bound to a core. Left alone, the scheduler wakes a pool that was asleep on too few
                    // cores, and takes milliseconds to see that another is idle: that measures chance, not the code.
                    let builder = rayon::ThreadPoolBuilder::new().num_threads(workers);
                    let pool = builder.start_handler(|nth| _ = machine::bind_to(nth)).build();
                    pools.insert(workers, pool.map_err(|error| no_pool(error.to_string()))?);
                }
                Kind::Tokio if !runtimes.contains_key(&workers) => {
                    let mut builder = tokio::runtime::Builder::new_current_thread();
                    let runtime = builder.max_blocking_threads(workers).enable_all().build();
                    runtimes.insert(workers, runtime.map_err(|error| no_pool(error.to_string()))?);
                }
                _ => (),
            }
        }
        Ok(Runner { arms, pools, runtimes, ceiling, repeats: HashMap::new(), overdue: Overdue::watch() })
    }

    /// Runs `place` until a sample is long enough, and remembers how many repeats that were. The ceiling's is as it is.
    pub(super) fn warm_up(&mut self, place: Place) -> Result<(), Error> {
        if matches!(place, Place::Ceiling { .. }) {
            return self.run(place).map(|_| ());
        }
        let found = repeats(&mut |repeats| {
            self.repeats.insert(place, repeats);
            Ok(self.run(place)?.seconds)
        })?;
        self.repeats.insert(place, found);
        Ok(())
    }

    /// Makes a sample of `place` from now on take at least `least` seconds, where one run takes `seconds`.
    pub(super) fn lengthen(&mut self, place: Place, seconds: f64, least: f64) {
        self.repeats.insert(place, (least / seconds).ceil().clamp(1.0, 1e9) as u32);
    }

    /// Takes one sample of `place`.
    pub(super) fn run(&self, place: Place) -> Result<Ran, Error> {
        let (arm, load) = match place {
            Place::Ceiling { workers } => {
                let spans = self.ceiling.spans(workers);
                if spans.ended() < workers {
                    let message = word!(en: "on a thread of its own", pt: "em uma thread própria");
                    return Err(ceiling_panicked(workers, message.to_owned()));
                }
                return Ok(Ran { seconds: spans.makespan(), together: spans.began_together() });
            }
            Place::Arm { arm, load } => (&self.arms[arm], load),
        };
        let workers = load.workers;
        self.overdue.begins(&arm.name, workers);
        let repeats = self.repeats.get(&place).copied().unwrap_or(1);
        // The code sees only shared references, and after a panic the whole experiment is given up: whatever the panic
        // left half done is not used again.
        let timed = catch_unwind(AssertUnwindSafe(|| self.call(arm, load, repeats)));
        let Timed { elapsed, wrong } = timed.map_err(|panic| Error::Panicked {
            arm: arm.name.clone(),
            workers,
            message: panic_message(&*panic),
        })?;
        match wrong {
            None => {
                // Threads that the reader's code starts are part of its time, and a pool's are waiting already.
                Ok(Ran { seconds: elapsed.as_secs_f64() / f64::from(repeats), together: true })
            }
            Some(wrong) if arm.kind == Kind::Serial && wrong.value == wrong.expected => {
                Err(Error::NotComparable { value: wrong.value })
            }
            Some(wrong) => Err(Error::DifferentResults {
                arm: arm.name.clone(),
                workers,
                value: wrong.value,
                expected: wrong.expected,
            }),
        }
    }

    fn call(&self, arm: &Arm<'_>, load: Load, repeats: u32) -> Timed {
        match &arm.code {
            Code::Caller(code) => code(load, repeats),
            Code::RayonPool(code) => {
                let pool = &self.pools[&load.workers];
                if let (1, Some(core)) = (load.workers, machine::current_core()) {
                    // A single worker goes where the calling thread is, on which serial code runs. Two cores need not be alike,
                    // least of all on a virtual machine: code on the one and the same code on the other would be told apart.
                    pool.install(|| machine::bind_to_core(core));
                }
                pool.install(|| code(load, repeats))
            }
            Code::TokioRuntime(code) => code(&self.runtimes[&load.workers], load, repeats),
        }
    }
}
