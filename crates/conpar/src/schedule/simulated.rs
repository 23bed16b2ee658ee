//! What a simulation gives, as plain data.

use serde::{Deserialize, Serialize};

use super::{Costs, MOST_SCHEDULERS, MOST_WORKERS, Scheduler};
use crate::language::word;
use crate::measure::{Estimate, Verdict};
use crate::recorded::Recorded;

/// The makespans of a list of tasks on simulated workers, for some schedulers. Not a measurement: only the times of the
/// tasks and of the scheduling were measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Simulated {
    /// The name of the work.
    pub name: String,
    /// The tasks.
    pub work: Work,
    /// What scheduling costs.
    pub costs: Costs,
    /// The cores' worth of time that this process had where it was simulated.
    pub cores: f64,
    /// One curve for each scheduler.
    pub curves: Vec<Curve>,
    /// The simulation beside what was measured.
    pub checks: Vec<Check>,
    /// Curves that were measured elsewhere, to be drawn beside it.
    pub recorded: Vec<Recorded>,
}

/// The tasks of a simulation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// How many there are.
    pub tasks: usize,
    /// Their time one after the other, in seconds.
    pub total: f64,
    /// The time of the longest, in seconds.
    pub longest: f64,
    /// How many neighbouring tasks were timed as one.
    pub block: usize,
    /// How often each was run; 0 where the times were given and not measured.
    pub passes: usize,
}

/// How one scheduler scales.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// The scheduler.
    pub scheduler: Scheduler,
    /// The points, by ascending number of workers.
    pub points: Vec<Point>,
}

/// One scheduler on so many workers. Where chance takes part, this is the median run of several.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The number of workers.
    pub workers: usize,
    /// From the call to the end of the last task, in seconds.
    pub makespan: f64,
    /// The shortest makespan of all runs, in seconds.
    pub fastest: f64,
    /// The longest makespan of all runs, in seconds.
    pub slowest: f64,
    /// How many times faster than one worker without a scheduler.
    pub speedup: f64,
    /// The speedup if all costs of scheduling were twice as large, in one run.
    pub at_double_costs: f64,
    /// The share of the workers' time that went into tasks, from 0 to 1.
    pub busy: f64,
    /// The share that went into taking, splitting and stealing.
    pub overhead: f64,
    /// The pieces in which the tasks were done.
    pub pieces: usize,
    /// How often a worker stole.
    pub steals: usize,
}

/// One measured point beside the simulated one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// The measured arm.
    pub arm: String,
    /// The scheduler that it uses.
    pub scheduler: Scheduler,
    /// The number of workers.
    pub workers: usize,
    /// The measured speedup over serial code.
    pub measured: Estimate,
    /// The simulated speedup.
    pub simulated: f64,
    /// How many times as large as the simulated speedup the measured one would be on whole cores: with the measured
    /// ceiling in the place of the number of workers. A simulated worker has a core to itself.
    pub ratio: Estimate,
    /// Whether the point had undisturbed samples enough, and cores enough.
    pub credible: bool,
}

/// Up to which share of the simulated speedup the measured one may differ and still count as equal.
pub const TOLERANCE: f64 = 0.1;

impl Check {
    /// What the interval says of a simulation that is right to within [`TOLERANCE`].
    pub fn verdict(&self) -> Verdict {
        match self.credible {
            true => self.ratio.within(1.0 - TOLERANCE, 1.0 + TOLERANCE),
            false => Verdict::CannotTell,
        }
    }
}

impl Simulated {
    /// What all checks say that could show something of a scheduler, on two workers or more: "supported" when all agree,
    /// "violated" when one disagrees; `None` where there are none.
    pub fn verdict(&self) -> Option<Verdict> {
        let verdicts = || self.checks.iter().filter(|check| check.workers > 1).map(Check::verdict);
        verdicts().next()?;
        Some(if verdicts().any(|verdict| verdict == Verdict::Violated) {
            Verdict::Violated
        } else if verdicts().all(|verdict| verdict == Verdict::Supported) {
            Verdict::Supported
        } else {
            Verdict::CannotTell
        })
    }

    /// The speedup that no order of the tasks can exceed on so many workers: their number, or the total over the longest
    /// task (Graham, "Bounds on Multiprocessing Timing Anomalies", 1969).
    pub fn bound(&self, workers: usize) -> f64 {
        (workers as f64).min(self.work.total / self.work.longest)
    }

    /// The point of a scheduler with so many workers, where it was simulated.
    pub fn at(&self, scheduler: Scheduler, workers: usize) -> Option<&Point> {
        let curve = self.curves.iter().find(|curve| curve.scheduler == scheduler)?;
        curve.points.iter().find(|point| point.workers == workers)
    }
}

impl Simulated {
    /// What no simulation gives, and a file may hold all the same.
    pub(crate) fn contradiction(&self) -> Option<&'static str> {
        let points = || self.curves.iter().flat_map(|curve| &curve.points);
        let positive = |value: f64| value.is_finite() && value > 0.0;
        let workers = |workers: usize| (1..=MOST_WORKERS).contains(&workers);
        let known = |record: &Recorded| {
            let counts = record.points.iter().map(|point| point.workers);
            record.is_sound() && counts.max().is_some_and(workers)
        };
        let upright = |estimate: &Estimate| estimate.low >= 0.0 && estimate.low <= estimate.high;
        if self.curves.is_empty() || self.curves.len() > MOST_SCHEDULERS {
            Some(word!(
                en: "there is no scheduler, or there are more than a figure can show",
                pt: "não há escalonador, ou há mais do que uma figura pode mostrar"
            ))
        } else if !(positive(self.work.total) && positive(self.work.longest) && positive(self.cores)) {
            Some(word!(
                en: "a time, or the number of cores, is not positive",
                pt: "um tempo, ou o número de núcleos, não é positivo"
            ))
        } else if !points()
            .all(|point| workers(point.workers) && positive(point.makespan) && positive(point.speedup))
        {
            Some(word!(
                en: "a number of workers, a time or a speedup is out of bounds",
                pt: "um número de trabalhadores, um tempo ou um speedup está fora dos limites"
            ))
        } else if !self
            .checks
            .iter()
            .all(|check| workers(check.workers) && upright(&check.measured) && upright(&check.ratio))
        {
            Some(word!(
                en: "a measured point is out of bounds, or its interval is upside down",
                pt: "um ponto medido está fora dos limites, ou seu intervalo está invertido"
            ))
        } else if self.recorded.len() > MOST_SCHEDULERS || !self.recorded.iter().all(known) {
            Some(word!(en: "a recorded curve is none", pt: "uma curva registrada não é uma curva"))
        } else {
            None
        }
    }
}

/// What each worker does when, for some schedulers: one simulated run of each. Not a measurement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scheduled {
    /// The name of the work.
    pub name: String,
    /// The tasks.
    pub work: Work,
    /// What scheduling costs.
    pub costs: Costs,
    /// One run for each scheduler.
    pub runs: Vec<Run>,
}

impl Scheduled {
    /// What no simulation gives, and a file may hold all the same.
    pub(crate) fn contradiction(&self) -> Option<&'static str> {
        let workers = |run: &Run| (1..=MOST_WORKERS).contains(&run.shares.len());
        let spans = |run: &Run| {
            let within =
                |span: &Span| span.worker < run.shares.len() && 0.0 <= span.start && span.start <= span.end;
            run.makespan > 0.0 && run.spans.iter().all(within)
        };
        if self.runs.is_empty() || self.runs.len() > MOST_SCHEDULERS {
            Some(word!(
                en: "there is no run, or there are more than a figure can show",
                pt: "não há execução, ou há mais do que uma figura pode mostrar"
            ))
        } else if !self.runs.iter().all(workers) {
            Some(word!(
                en: "a run has no worker, or too many",
                pt: "uma execução não tem trabalhador, ou tem demais"
            ))
        } else if !self.runs.iter().all(spans) {
            Some(word!(
                en: "a piece of work is nobody's, or ends before it starts",
                pt: "um pedaço de trabalho não é de ninguém, ou termina antes de começar"
            ))
        } else {
            None
        }
    }
}

/// One simulated run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The scheduler.
    pub scheduler: Scheduler,
    /// From the call to the end of the last task, in seconds.
    pub makespan: f64,
    /// What each worker did.
    pub shares: Vec<Share>,
    /// The stretches of work by worker and then by start; those too short to be seen are joined with their neighbours.
    pub spans: Vec<Span>,
}

/// What one worker did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The time in tasks, in seconds.
    pub busy: f64,
    /// The time in taking, splitting and stealing, in seconds.
    pub overhead: f64,
    /// The tasks that it did.
    pub tasks: usize,
    /// In how many pieces.
    pub pieces: usize,
    /// How often it stole.
    pub steals: usize,
}

/// A stretch of work without a break.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The worker.
    pub worker: usize,
    /// Seconds from the call.
    pub start: f64,
    /// Seconds from the call.
    pub end: f64,
    /// The first task, counted from 0.
    pub first: usize,
    /// The number of tasks.
    pub tasks: usize,
    /// Whether it is the first that the worker did after it had stolen.
    pub stolen: bool,
}
