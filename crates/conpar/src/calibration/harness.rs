//! What the instrument itself costs.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::measure::{Drawn, Estimate, Estimator, Plan, RESAMPLES, Sample, Width, run_rounds, watch};
use crate::speedup::Ceiling;
use crate::trace::trace;
use crate::{Error, machine};

/// What tracing may add to the time of the traced work, as a share of it.
pub const TRACING: f64 = 0.01;

/// What the record of one event may cost, in seconds: the start of a span, or its end.
pub const EVENT: f64 = 100e-9;

/// The pieces of work that tracing is judged by: as short as the documentation of [`Lane::computing`](crate::trace::Lane)
/// advises, in seconds.
const PIECE: f64 = 100e-6;

/// How many readings of the clock, traced pieces and watched samples are timed at once.
const READINGS: u32 = 10_000;
const TRACED: u32 = 1_000;
const WATCHED: u32 = 10;

const PLAN: Plan = Plan {
    budget: Duration::from_millis(1_500),
    limit: Duration::from_secs(3),
    // Rounds are run until the time is up: the skew of a start is never narrow.
    precision: 0.0,
    rounds: crate::measure::MIN_ROUNDS,
};

/// What the instrument itself costs on this machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HarnessCost {
    /// One reading of the clock, in seconds.
    pub clock: Estimate,
    /// Watching one sample, in seconds. It lies before and after the sample and is no part of its time.
    pub watch: Estimate,
    /// How far apart two workers start that wait for one another, in seconds; `None` on one core. It is part of the
    /// makespan.
    pub start_skew: Option<Estimate>,
    /// The makespan that this skew is part of, in seconds.
    pub makespan: Estimate,
    /// Recording one event, in seconds: half the time of a traced piece of work that is empty.
    pub event: Estimate,
    /// What tracing adds to each piece of work of 100 µs, as a share of its time: two events, and one reading of the
    /// thread's CPU time, which tells whether the piece was interrupted.
    pub tracing: Estimate,
    /// The number of rounds.
    pub rounds: usize,
    /// Whether the samples were undisturbed.
    pub credible: bool,
}

/// The arms of the measurement.
#[derive(Debug, Clone, Copy)]
enum Arm {
    Traced,
    CpuTime,
    Clock,
    Watch,
    Skew,
    Makespan,
}

const ARMS: [Arm; 6] = [Arm::Traced, Arm::CpuTime, Arm::Clock, Arm::Watch, Arm::Skew, Arm::Makespan];

/// Measures what the instrument costs, in about two seconds.
///
/// # Errors
///
/// [`Error::TooFewRounds`] on a machine so busy that the rounds do not fit.
pub fn harness_cost() -> Result<HarnessCost, Error> {
    let cores = machine::available_cores();
    let workers = if machine::effective_cores() >= 2.0 { 2 } else { 1 };
    let ceiling = Ceiling::calibrate();
    let mut time = |arm: usize| {
        let arm = ARMS[arm];
        let threads = if matches!(arm, Arm::Skew | Arm::Makespan) { workers } else { 1 };
        let (seconds, clean) = watch(Width { threads, cores }, || arm.time(&ceiling, workers));
        Ok::<_, Error>(Sample { seconds, clean: clean.unwrap_or(true) })
    };
    let clock = Instant::now();
    let rounds = run_rounds(ARMS.len(), &PLAN, &mut time, &mut |_, _| ())?;
    let (samples, count) = (&rounds.samples, rounds.samples.rounds());
    if count < crate::measure::MIN_ROUNDS {
        let seconds = clock.elapsed().as_secs_f64() / count.max(1) as f64;
        let enough = (7.0 * seconds).ceil();
        return Err(Error::TooFewRounds {
            rounds: count,
            seconds,
            budget: PLAN.budget.as_secs_f64(),
            enough,
        });
    }
    let drawn = Drawn::new(samples, RESAMPLES);
    let seconds = |arm: Arm| drawn.estimate(|times| samples.seconds(times, arm as usize, arm as usize));
    let traced = |times: &_| {
        let [piece, cpu_time] =
            [Arm::Traced, Arm::CpuTime].map(|arm| samples.seconds(times, arm as usize, arm as usize));
        piece + cpu_time
    };
    Ok(HarnessCost {
        clock: seconds(Arm::Clock),
        watch: seconds(Arm::Watch),
        start_skew: (workers > 1).then(|| seconds(Arm::Skew)),
        makespan: seconds(Arm::Makespan),
        event: seconds(Arm::Traced).scaled(0.5),
        tracing: drawn.estimate(traced).scaled(1.0 / PIECE),
        rounds: count,
        credible: (0..ARMS.len()).all(|arm| samples.estimator(arm, arm) == Estimator::MedianOfClean),
    })
}

impl Arm {
    /// One sample, in seconds.
    fn time(self, ceiling: &Ceiling, workers: usize) -> f64 {
        let timed = |repeats: u32, work: &mut dyn FnMut()| {
            let start = Instant::now();
            (0..repeats).for_each(|_| work());
            start.elapsed().as_secs_f64() / f64::from(repeats)
        };
        match self {
            Arm::Traced => {
                let mut seconds = 0.0;
                trace("empty pieces", |recorder| {
                    let mut lane = recorder.lane(0);
                    seconds = timed(TRACED, &mut || lane.computing(|| black_box(())));
                });
                seconds
            }
            Arm::CpuTime => timed(TRACED, &mut || _ = black_box(machine::thread_cpu_time())),
            Arm::Clock => timed(READINGS, &mut || _ = black_box(Instant::now())),
            Arm::Watch => timed(WATCHED, &mut || _ = watch(Width { threads: 1, cores: 1 }, || ())),
            Arm::Skew => ceiling.spans(workers).start_skew(),
            Arm::Makespan => ceiling.spans(workers).makespan(),
        }
    }
}
