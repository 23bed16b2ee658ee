//! The non-generic core: workers that begin together, take turns for a while, and are counted.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::served::{Arm, Served};
use crate::error::{check_names, panic_message};
use crate::language::word;
use crate::measure::{self, Drawn, Plan, Sample, Samples, Stopped, Width, run_rounds, watch};
use crate::{Error, machine};

/// How long the workers of one sample take turns: several time slices of a scheduler, so that who shares a core had some.
pub const WINDOW: Duration = Duration::from_millis(20);

/// The most workers.
pub const MOST_WORKERS: usize = 64;

/// Runs one sample: the turns that each worker had.
type Run<'a> = Box<dyn Fn(usize) -> Vec<u64> + 'a>;

pub(super) struct Experiment<'a> {
    name: String,
    pub(super) arms: Vec<(String, Run<'a>)>,
    pub(super) workers: Option<usize>,
    pub(super) budget: Duration,
}

/// Lets `workers` take turns for a [`WINDOW`], beginning together.
pub(super) fn turns(workers: usize, turn: &(dyn Fn() + Sync)) -> Vec<u64> {
    let (missing, over) = (AtomicUsize::new(workers), AtomicBool::new(false));
    let run = || {
        // Relaxed is enough: nothing is published with these.
        missing.fetch_sub(1, Ordering::Relaxed);
        while missing.load(Ordering::Relaxed) > 0 {
            std::thread::yield_now();
        }
        let mut count = 0;
        // A turn that panics ends the window for all: the others may wait for what it holds no longer than a turn.
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            while !over.load(Ordering::Relaxed) {
                turn();
                count += 1;
            }
        }));
        over.store(true, Ordering::Relaxed);
        panicked.map(|()| count)
    };
    let counts: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(run)).collect();
        let start = Instant::now();
        while start.elapsed() < WINDOW && !over.load(Ordering::Relaxed) {
            std::thread::sleep(WINDOW / 20);
        }
        over.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().and_then(|counted| counted)).collect()
    });
    counts.into_iter().map(|count| count.unwrap_or_else(|panic| resume_unwind(panic))).collect()
}

impl<'a> Experiment<'a> {
    pub(super) fn new(name: &str) -> Experiment<'a> {
        Experiment { name: name.to_owned(), arms: Vec::new(), workers: None, budget: crate::speedup::BUDGET }
    }

    pub(super) fn run(self) -> Result<Served, Error> {
        let cores = machine::available_cores();
        let workers = self.workers.unwrap_or(cores.max(2));
        self.check(workers, cores)?;
        // For each arm and round: the least served worker's share, and the turns a second.
        let mut seen: Vec<Vec<(Sample, Sample)>> = vec![Vec::new(); self.arms.len()];
        let plan = Plan {
            budget: self.budget,
            limit: 2 * self.budget,
            precision: 0.0,
            rounds: measure::ENOUGH_CLEAN,
        };
        let mut watched = true;
        let mut sample = |arm: usize| {
            let (name, run) = &self.arms[arm];
            let (counts, clean) =
                watch(Width::blocking(cores), || catch_unwind(AssertUnwindSafe(|| run(workers))));
            watched &= clean.is_some();
            let counts = counts.map_err(|panic| Error::Panicked {
                arm: name.clone(),
                workers,
                message: panic_message(&*panic),
            })?;
            let (all, least) = (counts.iter().sum::<u64>() as f64, counts.iter().min().copied());
            let fair = all.max(1.0) / workers as f64;
            let sample = |seconds| Sample { seconds, clean: clean.unwrap_or(true) };
            let throughput = sample(all / WINDOW.as_secs_f64());
            seen[arm].push((sample(least.unwrap_or(0) as f64 / fair), throughput));
            Ok(throughput)
        };
        let rounds = run_rounds(self.arms.len(), &plan, &mut sample, &mut |_, _| ())?;
        if rounds.stopped == Stopped::TooFewRounds {
            let round = WINDOW.as_secs_f64() * 1.2 * self.arms.len() as f64;
            return Err(Error::TooFewRounds {
                rounds: rounds.samples.rounds(),
                seconds: round,
                budget: self.budget.as_secs_f64(),
                enough: (round * measure::MIN_ROUNDS as f64).ceil(),
            });
        }
        let arms = self.arms.iter().zip(seen).map(|((name, _), seen)| {
            let (least, turns): (Vec<Sample>, Vec<Sample>) = seen.into_iter().unzip();
            let samples = Samples::new(vec![least, turns]);
            let drawn = Drawn::new(&samples, measure::RESAMPLES);
            Arm {
                name: name.clone(),
                least: drawn.estimate(|values| samples.seconds(values, 1, 0)),
                turns: drawn.estimate(|values| samples.seconds(values, 1, 1)),
                estimator: samples.estimator(0, 1),
                clean: samples.clean(0),
            }
        });
        let arms = arms.collect();
        Ok(Served { name: self.name.clone(), workers, cores, arms, rounds: rounds.samples.rounds(), watched })
    }

    fn check(&self, workers: usize, cores: usize) -> Result<(), Error> {
        let experiment = word!(en: "the experiment", pt: "o experimento");
        check_names(&[(experiment, &self.name)], self.arms.iter().map(|(name, _)| name))?;
        match workers {
            _ if self.arms.is_empty() => Err(Error::NoArm),
            _ if self.budget.is_zero() => Err(Error::ZeroBudget),
            0 => Err(Error::ZeroWorkers),
            asked if asked > MOST_WORKERS => Err(Error::TooManyWorkers { asked, most: MOST_WORKERS, cores }),
            _ => Ok(()),
        }
    }
}
