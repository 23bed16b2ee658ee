//! A simulation: what schedulers would make of tasks that were timed here, on up to 64 workers.
//!
//! A machine with two cores cannot show what happens on 64. What can be done: time every task on one core, time what the
//! steps of a scheduler cost, and follow event by event what the workers would do. Such a result is labelled as simulated
//! wherever it is shown, and held against what was measured on the cores that there are.
//!
//! It takes for granted that every worker has a whole core, as fast as this one, and that the tasks do not slow one another
//! down: no shared memory bandwidth, no shared cache, no lower clock rate when all cores work. So it shows the best that a
//! scheduler can make of these tasks.
//!
//! ```
//! use conpar::prelude::*;
//!
//! let tasks = task_times(0..200_u64, |n| (0..n * 50).map(|k| k ^ n).sum::<u64>())?;
//! let simulated = simulate("triangle", &tasks)
//!     .schedulers([Static, Dynamic { chunk: 1 }, Stealing { min_len: 1 }])
//!     .workers([1, 2, 4, 8])
//!     .run()?;
//! let at_8 = |scheduler| simulated.at(scheduler, 8).map(|point| point.speedup);
//! assert!(at_8(Dynamic { chunk: 1 }) > at_8(Static), "the last block has the longest tasks");
//! # Ok::<(), conpar::Error>(())
//! ```

mod central;
mod costs;
mod event;
mod follow;
mod ledger;
mod measured;
mod scheduler;
mod simulated;
mod stealing;
mod tasks;

pub use costs::Costs;
pub use measured::costs_here;
pub use scheduler::Scheduler;
pub use simulated::{Check, Curve, Point, Run, Scheduled, Share, Simulated, Span, TOLERANCE, Work};
pub use tasks::{MOST_TASKS, Tasks, task_times};

use crate::language::word;
use crate::recorded::Recorded;
use crate::speedup::Scaling;
use crate::{Error, machine};
use follow::{follow, point, visible};

/// The most simulated workers.
pub const MOST_WORKERS: usize = 64;

/// The most schedulers of one simulation: more curves than these cannot be told apart.
pub const MOST_SCHEDULERS: usize = 12;

/// The schedulers where nobody names any.
const USUAL: [Scheduler; 4] = [
    Scheduler::Static,
    Scheduler::Dynamic { chunk: 1 },
    Scheduler::Guided { least: 1 },
    Scheduler::Stealing { min_len: 1 },
];

/// Begins the simulation of `tasks`, named `name`.
pub fn simulate<'a>(name: &str, tasks: &'a Tasks) -> Simulate<'a> {
    Simulate {
        name: name.to_owned(),
        tasks,
        schedulers: None,
        workers: vec![1, 2, 4, 8, 16, 32, 64],
        costs: Costs::NONE,
        seed: 0,
        measured: Vec::new(),
        recorded: Vec::new(),
    }
}

/// A simulation that is being put together. See [`simulate`].
#[derive(Debug, Clone)]
#[must_use = "nothing is simulated until `.run()` or `.timelines(…)`"]
pub struct Simulate<'a> {
    name: String,
    tasks: &'a Tasks,
    /// `None` where nobody named any.
    schedulers: Option<Vec<Scheduler>>,
    workers: Vec<usize>,
    costs: Costs,
    seed: u64,
    measured: Vec<(&'a Scaling, String, Scheduler)>,
    recorded: Vec<Recorded>,
}

impl<'a> Simulate<'a> {
    /// The schedulers; without it those of the checks, and without any static, dynamic and guided with a chunk of 1, and
    /// rayon's stealing.
    pub fn schedulers(mut self, schedulers: impl IntoIterator<Item = Scheduler>) -> Self {
        self.schedulers = Some(schedulers.into_iter().collect());
        self
    }

    /// The worker counts, up to [`MOST_WORKERS`]; without it the powers of two.
    pub fn workers(mut self, counts: impl IntoIterator<Item = usize>) -> Self {
        self.workers = counts.into_iter().collect();
        self
    }

    /// What scheduling costs; without it nothing.
    pub fn costs(mut self, costs: Costs) -> Self {
        self.costs = costs;
        self
    }

    /// The number from which chance is drawn: the same seed gives the same result; 0 without it.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Holds the simulation against what was measured of the same work: `arms` names each arm with the scheduler that it
    /// uses. These schedulers and their worker counts are simulated as well.
    pub fn checked_by<'n>(
        mut self,
        measured: &'a Scaling,
        arms: impl IntoIterator<Item = (&'n str, Scheduler)>,
    ) -> Self {
        let named = arms.into_iter().map(|(arm, scheduler)| (measured, arm.to_owned(), scheduler));
        self.measured.extend(named);
        self
    }

    /// Draws a curve beside it that was measured elsewhere, over itself on one worker.
    pub fn beside(mut self, recorded: &Recorded) -> Self {
        let mut recorded = recorded.clone();
        recorded.points.retain(|point| point.workers <= MOST_WORKERS);
        self.recorded.push(recorded);
        self
    }

    /// Simulates every scheduler on every number of workers.
    ///
    /// # Errors
    ///
    /// [`Error::NoScheduler`], [`Error::TooManySchedulers`], [`Error::ZeroChunk`], [`Error::NoWorkerCounts`],
    /// [`Error::ZeroWorkers`], [`Error::TooManyToSimulate`], [`Error::NoCost`], what [`Tasks::of`] refuses, and
    /// [`Error::NoSuchArm`] for a check by an arm that was not measured.
    pub fn run(self) -> Result<Simulated, Error> {
        let schedulers = self.check()?;
        let mut workers = self.workers.clone();
        workers.extend(self.points()?.into_iter().map(|(_, _, point)| point.workers));
        let workers = counts(workers)?;
        let curve = |&scheduler: &Scheduler| Curve {
            scheduler,
            points: workers
                .iter()
                .map(|&workers| point(self.tasks, scheduler, workers, self.costs, self.seed))
                .collect(),
        };
        let mut simulated = Simulated {
            name: self.name.clone(),
            work: self.work(),
            costs: self.costs,
            cores: machine::effective_cores(),
            curves: schedulers.iter().map(curve).collect(),
            checks: Vec::new(),
            recorded: self.recorded.clone(),
        };
        for (arm, scheduler, point) in self.points()? {
            let Some(at) = simulated.at(scheduler, point.workers) else { continue };
            // On whole cores: the ceiling's speedup is to the number of workers as this machine's cores to whole ones.
            let whole = point.of_ceiling.unwrap_or(point.speedup).scaled(match point.of_ceiling {
                Some(_) => point.workers as f64,
                None => 1.0,
            });
            simulated.checks.push(Check {
                arm: arm.to_owned(),
                scheduler,
                workers: point.workers,
                measured: point.speedup,
                simulated: at.speedup,
                ratio: whole.scaled(1.0 / at.speedup),
                credible: point.is_credible() && !point.oversubscribed,
            });
        }
        Ok(simulated)
    }

    /// Simulates one run of every scheduler on so many workers, and keeps what each worker did when.
    ///
    /// # Errors
    ///
    /// As [`run`](Simulate::run).
    pub fn timelines(self, workers: usize) -> Result<Scheduled, Error> {
        let schedulers = self.check()?;
        let workers = counts(vec![workers])?[0];
        let run = |&scheduler: &Scheduler| {
            let ledger = follow(self.tasks, scheduler, workers, self.costs, self.seed, true);
            let spans = visible(ledger.spans.unwrap_or_default(), ledger.makespan);
            Run { scheduler, makespan: ledger.makespan, shares: ledger.shares, spans }
        };
        let runs = schedulers.iter().map(run).collect();
        Ok(Scheduled { name: self.name.clone(), work: self.work(), costs: self.costs, runs })
    }

    /// Refuses what could not be simulated. Tells the schedulers, each once.
    fn check(&self) -> Result<Vec<Scheduler>, Error> {
        if self.name.trim().is_empty() {
            return Err(Error::EmptyName { what: word!(en: "the simulation", pt: "a simulação") });
        }
        let checked = self.measured.iter().map(|(_, _, scheduler)| *scheduler);
        let all: Vec<Scheduler> = match &self.schedulers {
            None if self.measured.is_empty() => USUAL.to_vec(),
            named => named.iter().flatten().copied().chain(checked).collect(),
        };
        let first = |&(index, scheduler): &(usize, &Scheduler)| !all[..index].contains(scheduler);
        let all: Vec<Scheduler> =
            all.iter().enumerate().filter(first).map(|(_, scheduler)| *scheduler).collect();
        match all.len() {
            0 => return Err(Error::NoScheduler),
            asked if asked > MOST_SCHEDULERS => {
                return Err(Error::TooManySchedulers { asked, most: MOST_SCHEDULERS });
            }
            _ => (),
        }
        all.iter().try_for_each(|scheduler| scheduler.check())?;
        self.costs.check()?;
        self.tasks.check()?;
        Ok(all)
    }

    /// The measured points that there are simulated ones for.
    fn points(&self) -> Result<Vec<(&str, Scheduler, &crate::speedup::Point)>, Error> {
        let mut points = Vec::new();
        for (scaling, arm, scheduler) in &self.measured {
            let curve = scaling.curves.iter().find(|curve| curve.arm == *arm).ok_or_else(|| {
                let arms: Vec<&str> = scaling.curves.iter().map(|curve| curve.arm.as_str()).collect();
                Error::NoSuchArm { arm: arm.clone(), measured: arms.join("`, `") }
            })?;
            let within = curve
                .points
                .iter()
                .filter(|point| !point.oversubscribed && (1..=MOST_WORKERS).contains(&point.workers));
            points.extend(within.map(|point| (arm.as_str(), *scheduler, point)));
        }
        Ok(points)
    }

    fn work(&self) -> Work {
        let Tasks { seconds, block, passes } = self.tasks;
        let (total, longest) = (self.tasks.total(), self.tasks.longest());
        Work { tasks: seconds.len(), total, longest, block: *block, passes: *passes }
    }
}

/// Worker counts in ascending order, each once.
fn counts(mut workers: Vec<usize>) -> Result<Vec<usize>, Error> {
    workers.sort_unstable();
    workers.dedup();
    match (workers.first(), workers.last()) {
        (None, _) => Err(Error::NoWorkerCounts),
        (Some(0), _) => Err(Error::ZeroWorkers),
        (_, Some(&asked)) if asked > MOST_WORKERS => {
            Err(Error::TooManyToSimulate { asked, most: MOST_WORKERS })
        }
        _ => Ok(workers),
    }
}

#[cfg(test)]
mod tests;
