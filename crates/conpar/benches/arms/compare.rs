//! Times all ways of a workload in rounds of random order, and says which is faster.

use std::fmt;
use std::time::Duration;

use conpar::machine::available_cores;
use conpar::measure::{
    Drawn, Estimator, Plan, RESAMPLES, Sample, Samples, Stopped, Verdict, Width, run_rounds, watch,
};
use conpar::speedup::Ceiling;

use crate::arms::{Arm, Arms};
use crate::report::{Rival, Row, Time};
use crate::workloads::{Visit, Workload};

/// Compares one workload after the other; what came out is in `rows`.
pub(crate) struct Compare<'a> {
    arms: &'a Arms,
    counts: Vec<usize>,
    budget: Duration,
    ceiling: Ceiling<'a>,
    /// A row for each number of workers.
    pub(crate) rows: Vec<Row>,
}

/// What a round runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Arm(Arm),
    /// Independent integer work on so many workers: what the machine gives at all.
    Ceiling(usize),
}

impl Place {
    fn workers(self) -> usize {
        match self {
            Place::Arm(Arm::Serial) => 1,
            Place::Arm(Arm::Rayon(workers) | Arm::Threads(workers) | Arm::OpenMp(workers)) => workers,
            Place::Ceiling(workers) => workers,
        }
    }
}

/// Why a workload could not be compared.
#[derive(Debug)]
pub(crate) enum NotCompared {
    /// These ways gave another result than serial.
    DifferentResults { workload: &'static str, arms: Vec<Arm> },
    /// The time was up before there were rounds enough for an interval.
    TooFewRounds { workload: &'static str },
}

impl fmt::Display for NotCompared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotCompared::DifferentResults { workload, arms } => {
                write!(f, "{workload}: {arms:?} gave another result than serial, so their times say nothing")
            }
            NotCompared::TooFewRounds { workload } => {
                write!(f, "{workload}: too few rounds in this time; give it more with --budget")
            }
        }
    }
}

impl std::error::Error for NotCompared {}

impl<'a> Compare<'a> {
    /// Compares `arms`, which have been made for these numbers of workers, and takes about `budget` for each workload.
    pub(crate) fn new(arms: &'a Arms, counts: Vec<usize>, budget: Duration) -> Compare<'a> {
        Compare { arms, counts, budget, ceiling: Ceiling::calibrate(), rows: Vec::new() }
    }

    fn row(&self, workload: &'static str, workers: usize, places: &[Place], samples: &Samples) -> Row {
        let index = |wanted: Place| places.iter().position(|&place| place == wanted);
        let of = |arm: Arm| index(Place::Arm(arm));
        let drawn = Drawn::new(samples, RESAMPLES);
        let time = |arm: usize| Time {
            milliseconds: drawn.estimate(|times| samples.seconds(times, 0, arm) * 1e3),
            clean: samples.clean(arm),
            estimator: samples.estimator(0, arm),
        };
        let rust = [Arm::Rayon(workers), Arm::Threads(workers)];
        let [rayon, threads] = rust.map(|arm| of(arm).unwrap_or(0));
        // Which of the two is the better is decided in every other round, and how good it is in the rounds between: the
        // better of two in the same rounds would look better than it is.
        let choice = samples.every_other(0, &[rayon, threads]);
        let best_is_rayon = choice.ratio(&choice.times(), 0, 1) <= 1.0;
        let best = if best_is_rayon { rayon } else { threads };
        let ceilings = [1, workers].map(|workers| index(Place::Ceiling(workers)).unwrap_or(0));
        let openmp = of(Arm::OpenMp(workers));
        let between = samples.every_other(1, &[0, best, ceilings[0], ceilings[1], openmp.unwrap_or(best)]);
        let drawn_between = Drawn::new(&between, RESAMPLES);
        let of_ceiling = drawn_between
            .estimate(|times| between.ratio(times, 0, 1) / (workers as f64 * between.ratio(times, 2, 3)));
        let rival = openmp.map(|openmp| {
            let ratio = drawn_between.estimate(|times| between.ratio(times, 1, 4));
            let judged = between.estimator(1, 4) == Estimator::MedianOfClean;
            let verdict = if judged { ratio.above(1.0) } else { Verdict::CannotTell };
            Rival { time: time(openmp), ratio, verdict, judged }
        });
        Row {
            workload,
            workers,
            rounds: samples.rounds(),
            serial: time(0),
            rayon: time(rayon),
            threads: time(threads),
            best: if best_is_rayon { "rayon" } else { "threads" },
            of_ceiling,
            openmp: rival,
        }
    }
}

impl Visit for Compare<'_> {
    type Error = NotCompared;

    fn visit<W: Workload>(&mut self, work: W) -> Result<(), NotCompared> {
        // This warms all of them up, too.
        let arms = self.arms.different(&work);
        if !arms.is_empty() {
            return Err(NotCompared::DifferentResults { workload: W::NAME, arms });
        }
        let mut places: Vec<Place> = self.arms.all().into_iter().map(Place::Arm).collect();
        places.extend(self.counts.iter().map(|&workers| Place::Ceiling(workers)));
        let mut out = work.blank();
        let mut sample = |place: usize| {
            let place = places[place];
            let width = Width { threads: place.workers(), cores: available_cores() };
            let (seconds, clean) = watch(width, || match place {
                Place::Arm(arm) => self.arms.run(arm, &work, &mut out).as_secs_f64(),
                Place::Ceiling(workers) => self.ceiling.makespan(workers),
            });
            Ok(Sample { seconds, clean: clean.unwrap_or(true) })
        };
        let plan = Plan { budget: self.budget, limit: 2 * self.budget, precision: 0.001, rounds: 100 };
        let rounds = run_rounds(places.len(), &plan, &mut sample, &mut |_, _| ())?;
        if rounds.stopped == Stopped::TooFewRounds {
            return Err(NotCompared::TooFewRounds { workload: W::NAME });
        }
        let row = |&workers: &usize| self.row(W::NAME, workers, &places, &rounds.samples);
        let rows: Vec<Row> = self.counts.iter().map(row).collect();
        self.rows.extend(rows);
        Ok(())
    }
}
