//! The non-generic core: checks the experiment, runs it, and turns the rounds into a [`Scaling`].

use std::time::{Duration, Instant};

use super::arm::{Arm, Kind};
use super::runner::{Place, Runner};
use super::scaling::{Cores, Curve, Point, Scaling};
use crate::measure::{
    self, Estimate, Plan, Sample, Samples, Stopped, Times, Width, interval, run_rounds, watch,
};
use crate::model::{Amdahl, SpeedupPoint, karp_flatt};
use crate::{Error, machine};

/// How long an experiment measures unless it is told otherwise: about as long as a reader waits without wondering.
pub const BUDGET: Duration = Duration::from_secs(3);

/// An interval is narrow enough when its half-width is at most this share of the speedup.
pub const PRECISION: f64 = 0.02;

/// The largest number of workers that an experiment on `cores` cores may have: enough to show oversubscription, too few
/// to exhaust the machine.
pub fn most_workers(cores: usize) -> usize {
    (4 * cores).max(64)
}

/// An experiment with the type of its value erased.
pub(super) struct Experiment<'a> {
    name: String,
    pub(super) arms: Vec<Arm<'a>>,
    pub(super) workers: Option<Vec<usize>>,
    pub(super) budget: Duration,
}

impl<'a> Experiment<'a> {
    pub(super) fn new(name: &str) -> Experiment<'a> {
        Experiment { name: name.to_owned(), arms: Vec::new(), workers: None, budget: BUDGET }
    }

    pub(super) fn run(self, observer: &mut dyn FnMut(&str, &Point)) -> Result<Scaling, Error> {
        let cores = Cores { available: machine::available_cores(), effective: machine::effective_cores() };
        self.check()?;
        let workers = self.worker_counts(cores.available)?;
        let places = self.places(&workers);
        let clock = Instant::now();
        let limit = 2 * self.budget;
        let too_long = |rounds, one_round: Duration| Error::TooFewRounds {
            rounds,
            seconds: one_round.as_secs_f64(),
            budget: self.budget.as_secs_f64(),
            enough: (one_round.as_secs_f64() * measure::MIN_ROUNDS as f64 * 1.2).ceil(),
        };

        let mut runner = Runner::new(&self.arms, &places)?;
        for (done, &place) in places.iter().enumerate() {
            runner.warm_up(place)?;
            if clock.elapsed() > limit {
                return Err(too_long(0, clock.elapsed() * places.len() as u32 / (done as u32 + 1)));
            }
        }

        let plan = Plan {
            budget: self.budget.saturating_sub(clock.elapsed()),
            limit: limit.saturating_sub(clock.elapsed()),
            precision: PRECISION,
        };
        let mut settled = |place: usize, samples: &Samples| {
            if let Place::Arm { arm, .. } = places[place]
                && self.arms[arm].kind != Kind::Serial
            {
                let point = Drawn::new(samples, measure::RESAMPLES / 10).point(&places, place, &cores);
                observer(&self.arms[arm].name, &point);
            }
        };
        let start = Instant::now();
        let mut watched = true;
        let mut sample = |place: usize| {
            let place = places[place];
            let width = Width { threads: place.workers(), cores: cores.available };
            let (seconds, clean) = watch(width, || runner.time(place));
            watched &= clean.is_some();
            Ok(Sample { seconds: seconds?, clean: clean.unwrap_or(true) })
        };
        let rounds = run_rounds(places.len(), &plan, &mut sample, &mut settled)?;
        if rounds.stopped == Stopped::TooFewRounds {
            let complete = rounds.samples.rounds();
            return Err(too_long(complete, start.elapsed() / complete.max(1) as u32));
        }

        let drawn = Drawn::new(&rounds.samples, measure::RESAMPLES);
        let curve = |arm: usize| {
            let of_arm = |place: &Place| matches!(*place, Place::Arm { arm: other, .. } if other == arm);
            let places_of_arm: Vec<usize> = places
                .iter()
                .enumerate()
                .filter(|(_, place)| of_arm(place))
                .map(|(index, _)| index)
                .collect();
            drawn.curve(&self.arms[arm], &places, &places_of_arm, &cores)
        };
        let parallel = (0..self.arms.len()).filter(|&arm| self.arms[arm].kind != Kind::Serial);
        let is_ceiling = |index: &usize| matches!(places[*index], Place::Ceiling { .. });
        let serial = drawn.estimate(|times| drawn.samples.seconds(times, 0, 0));
        Ok(Scaling {
            curves: parallel.map(curve).collect(),
            ceiling: (0..places.len())
                .filter(is_ceiling)
                .map(|index| drawn.point(&places, index, &cores))
                .collect(),
            serial_seconds: serial,
            rounds: rounds.samples.rounds(),
            stopped: rounds.stopped,
            watched,
            name: self.name,
            cores,
        })
    }

    /// Refuses what could only give a wrong or an empty figure.
    fn check(&self) -> Result<(), Error> {
        if self.name.trim().is_empty() {
            return Err(Error::EmptyName { what: "the experiment" });
        }
        for (index, arm) in self.arms.iter().enumerate() {
            if arm.name.trim().is_empty() {
                return Err(Error::EmptyName { what: "an arm" });
            }
            let parallel = arm.kind != Kind::Serial;
            if parallel && self.arms[..index].iter().any(|other| other.name == arm.name) {
                return Err(Error::DuplicateName { name: arm.name.clone() });
            }
        }
        match self.arms.iter().filter(|arm| arm.kind == Kind::Serial).count() {
            0 => return Err(Error::NoSerialArm),
            1 if self.arms.len() == 1 => return Err(Error::NoParallelArm),
            1 => (),
            found => return Err(Error::ManySerialArms { found }),
        }
        if self.budget.is_zero() {
            return Err(Error::ZeroBudget);
        }
        let has_tokio = self.arms.iter().any(|arm| arm.kind == Kind::Tokio);
        if has_tokio && tokio::runtime::Handle::try_current().is_ok() {
            return Err(Error::InsideRuntime);
        }
        Ok(())
    }

    /// The worker counts in ascending order, each once.
    fn worker_counts(&self, cores: usize) -> Result<Vec<usize>, Error> {
        let Some(mut counts) = self.workers.clone() else {
            return Ok(default_counts(cores));
        };
        counts.sort_unstable();
        counts.dedup();
        let most = most_workers(cores);
        match (counts.first(), counts.last()) {
            (Some(0), _) => Err(Error::ZeroWorkers),
            (_, Some(&asked)) if asked > most => Err(Error::TooManyWorkers { asked, most, cores }),
            (None, _) => Err(Error::NoWorkerCounts),
            _ => Ok(counts),
        }
    }

    /// All that a round runs. Serial is the first: it is the base of every ratio, and its value the reference.
    fn places(&self, workers: &[usize]) -> Vec<Place> {
        let of_kind = |serial: bool| {
            let arms = self.arms.iter().enumerate();
            arms.filter(move |(_, arm)| (arm.kind == Kind::Serial) == serial).map(|(arm, _)| arm)
        };
        let mut places: Vec<Place> = of_kind(true).map(|arm| Place::Arm { arm, workers: 1 }).collect();
        // The ceiling is measured against itself on one worker, so one worker is always there.
        let one = (workers.first() != Some(&1)).then_some(1);
        places
            .extend(one.into_iter().chain(workers.iter().copied()).map(|workers| Place::Ceiling { workers }));
        for arm in of_kind(false) {
            places.extend(workers.iter().map(|&workers| Place::Arm { arm, workers }));
        }
        places
    }
}

/// 1 to all cores; on more than eight in steps of a quarter to a half, ending with all.
fn default_counts(cores: usize) -> Vec<usize> {
    if cores <= 8 {
        return (1..=cores).collect();
    }
    let mut counts = vec![1, 2, 3, 4];
    let mut power = 4;
    while power < cores {
        counts.extend([power * 3 / 2, power * 2].into_iter().filter(|&count| count < cores));
        power *= 2;
    }
    counts.push(cores);
    counts
}

/// The times of all places, and the same for each time that the rounds were drawn again.
struct Drawn<'s> {
    samples: &'s Samples,
    times: Times,
    resampled: Vec<Times>,
}

impl<'s> Drawn<'s> {
    fn new(samples: &'s Samples, resamples: usize) -> Drawn<'s> {
        Drawn { samples, times: samples.times(), resampled: samples.resample(resamples) }
    }

    /// A quantity with its interval: computed from all rounds, and again from each draw.
    fn estimate(&self, quantity: impl Fn(&Times) -> f64) -> Estimate {
        interval(quantity(&self.times), self.resampled.iter().map(&quantity))
    }

    fn point(&self, places: &[Place], index: usize, cores: &Cores) -> Point {
        let place = places[index];
        let workers = place.workers();
        // The ceiling is measured against itself on one worker; N workers do N shares of its work.
        let ceiling = |workers| places.iter().position(|&place| place == Place::Ceiling { workers });
        let (base, shares) = match (place, ceiling(1)) {
            (Place::Ceiling { workers }, Some(alone)) => (alone, workers as f64),
            _ => (0, 1.0),
        };
        let ratio = |times: &Times| shares * self.samples.ratio(times, base, index);
        let of_ceiling = match (place, ceiling(1), ceiling(workers)) {
            (Place::Arm { .. }, Some(alone), Some(together)) => Some(self.estimate(|times| {
                ratio(times) / (workers as f64 * self.samples.ratio(times, alone, together))
            })),
            _ => None,
        };
        Point {
            workers,
            seconds: self.samples.seconds(&self.times, base, index),
            speedup: self.estimate(ratio),
            of_ceiling,
            estimator: self.samples.estimator(base, index),
            clean: self.samples.clean(index),
            oversubscribed: cores.oversubscribed(workers),
        }
    }

    fn curve(&self, arm: &Arm<'_>, places: &[Place], of_arm: &[usize], cores: &Cores) -> Curve {
        let points = of_arm.iter().map(|&index| self.point(places, index, cores)).collect();
        // Points past the cores measure the scheduler, not the code: no model is fitted to them.
        let within: Vec<usize> =
            of_arm.iter().copied().filter(|&index| !cores.oversubscribed(places[index].workers())).collect();
        let speedups = |times: &Times| -> Vec<SpeedupPoint> {
            let ratio = |&index: &usize| (places[index].workers(), self.samples.ratio(times, 0, index));
            within.iter().map(ratio).collect()
        };
        // NaN, which no interval counts, stands for a draw to which the law cannot be fitted.
        let amdahl =
            |times: &Times| Amdahl::fit(&speedups(times)).map_or(f64::NAN, |law| law.serial_fraction);
        let last = |times: &Times| speedups(times).last().copied().and_then(karp_flatt).unwrap_or(f64::NAN);
        let known = |estimate: Estimate| estimate.point.is_finite().then_some(estimate);
        Curve {
            arm: arm.name.clone(),
            kind: arm.kind,
            points,
            amdahl: known(self.estimate(amdahl)),
            karp_flatt: known(self.estimate(last)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::default_counts;

    #[test]
    fn default_counts_end_with_all_cores_and_stay_few() {
        assert_eq!(default_counts(1), [1]);
        assert_eq!(default_counts(4), [1, 2, 3, 4]);
        assert_eq!(default_counts(16), [1, 2, 3, 4, 6, 8, 12, 16]);
        assert_eq!(default_counts(20), [1, 2, 3, 4, 6, 8, 12, 16, 20]);
        assert!(default_counts(512).len() < 20);
    }
}
