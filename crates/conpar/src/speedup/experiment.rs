//! The non-generic core: checks the experiment, runs it, and turns the rounds into a [`Scaling`].

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::arm::{Arm, Kind, Load};
use super::ceiling::{Ceiling, Share};
use super::results::Results;
use super::runner::{Place, Ran, Runner, ceiling_panicked};
use super::scaling::{Cores, FEELS_A_QUOTA, Point, Scaling, Sustained};
use crate::error::{panic_message, too_few_rounds};
use crate::language::word;
use crate::measure::{self, Drawn, Plan, Sample, Samples, Stopped, Width, run_rounds, watch};
use crate::model::{Law, Mode, USL_ROUNDS, Usl};
use crate::{Error, machine};

/// How long an experiment measures unless it is told otherwise: about as long as a reader waits without wondering.
pub const BUDGET: Duration = Duration::from_secs(3);

/// An interval is narrow enough when its half-width is at most this share of the speedup.
pub const PRECISION: f64 = 0.02;

/// The longest that the samples that feel a quota may take together, in an experiment with a small budget.
const SUSTAINED: Duration = Duration::from_secs(6);

/// The largest number of workers that an experiment on `cores` cores may have: enough to show oversubscription, too few
/// to exhaust the machine.
pub fn most_workers(cores: usize) -> usize {
    (4 * cores).max(64)
}

/// An experiment with the type of its value erased.
pub(super) struct Experiment<'a> {
    name: String,
    mode: Mode,
    pub(super) arms: Vec<Arm<'a>>,
    pub(super) workers: Option<Vec<usize>>,
    pub(super) budget: Duration,
    /// What the ceiling is of, where it is not integer steps.
    pub(super) ceiling: Option<Box<Share<'a>>>,
}

impl<'a> Experiment<'a> {
    pub(super) fn new(name: &str, mode: Mode) -> Experiment<'a> {
        Experiment {
            name: name.to_owned(),
            mode,
            arms: Vec::new(),
            workers: None,
            budget: BUDGET,
            ceiling: None,
        }
    }

    pub(super) fn run(self, observer: &mut dyn FnMut(&str, &Point)) -> Result<Scaling, Error> {
        let cores = Cores { available: machine::available_cores(), effective: machine::effective_cores() };
        self.check()?;
        let workers = self.worker_counts(cores.available)?;
        let places = self.places(&workers);
        let clock = Instant::now();
        let limit = 2 * self.budget;
        let too_long = |rounds, one_round: Duration| {
            too_few_rounds(rounds, one_round.as_secs_f64(), self.budget, measure::MIN_ROUNDS)
        };

        let mut runner = Runner::new(&self.arms, &places, self.ceiling()?)?;
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
            rounds: self.rounds(&workers, &cores),
        };
        let mut settled = |place: usize, samples: &Samples| {
            if let Place::Arm { arm, .. } = places[place]
                && self.arms[arm].kind != Kind::Serial
            {
                let results = Results { mode: self.mode, places: &places, arms: &self.arms, cores };
                let drawn = Drawn::new(samples, measure::RESAMPLES / 10);
                observer(&self.arms[arm].name, &results.point(&drawn, place));
            }
        };
        let start = Instant::now();
        let mut watched = true;
        let mut sample = |place: usize| {
            let place = places[place];
            let width = Width { threads: place.workers(), cores: cores.available };
            let (ran, clean) = watch(width, || runner.run(place));
            watched &= clean.is_some();
            let Ran { seconds, together } = ran?;
            let crowded = width.threads > width.cores;
            Ok(Sample { seconds, clean: clean.unwrap_or(true) && (together || crowded) })
        };
        let rounds = run_rounds(places.len(), &plan, &mut sample, &mut settled)?;
        if rounds.stopped == Stopped::TooFewRounds {
            let complete = rounds.samples.rounds();
            return Err(too_long(complete, start.elapsed() / complete.max(1) as u32));
        }

        let results = Results { mode: self.mode, places: &places, arms: &self.arms, cores };
        let scaling = results.scaling(self.name.clone(), &rounds, watched);
        let sustained = match cores.effective < cores.available as f64 {
            true => self.sustained(&mut runner, &places, &scaling)?,
            false => None,
        };
        Ok(Scaling { sustained, own_ceiling: self.ceiling.is_some(), ..scaling })
    }

    fn ceiling(&self) -> Result<Ceiling<'_>, Error> {
        let Some(work) = &self.ceiling else { return Ok(Ceiling::calibrate()) };
        // It runs on other threads later; where it panics at all, it does so here.
        let calibrated = catch_unwind(AssertUnwindSafe(|| Ceiling::of(work)));
        calibrated.map_err(|panic| ceiling_panicked(1, panic_message(&*panic)))
    }

    /// Under a quota: the arm that was fastest on the most workers, once more in samples that feel it.
    fn sustained(
        &self,
        runner: &mut Runner<'_, 'a>,
        places: &[Place],
        scaling: &Scaling,
    ) -> Result<Option<Sustained>, Error> {
        let Some((curve, point)) = scaling.fastest_on_most() else { return Ok(None) };
        let load = Load { workers: point.workers, units: self.units(point.workers) };
        let named = |arm: usize| self.arms[arm].name == curve.arm && self.arms[arm].kind != Kind::Serial;
        let is_arm = |place: &&Place| matches!(**place, Place::Arm { arm, load: other } if other == load && named(arm));
        let is_base =
            |place: &&Place| matches!(**place, Place::Arm { load: other, .. } if other.units == load.units);
        // Serial comes first among those that do as much.
        let (Some(&base), Some(&arm)) = (places.iter().find(is_base), places.iter().find(is_arm)) else {
            return Ok(None);
        };
        for (place, seconds) in [(base, point.seconds * point.speedup.point), (arm, point.seconds)] {
            runner.lengthen(place, seconds, FEELS_A_QUOTA);
        }
        // What the quota takes is what is measured: only others' load disturbs.
        let width = Width::blocking(scaling.cores.available);
        let mut sample = |index: usize| {
            let (ran, clean) = watch(width, || runner.run([base, arm][index]));
            Ok::<_, Error>(Sample { seconds: ran?.seconds, clean: clean.unwrap_or(true) })
        };
        let plan = Plan {
            budget: Duration::ZERO,
            limit: self.budget.max(SUSTAINED),
            precision: PRECISION,
            rounds: 0,
        };
        let rounds = run_rounds(2, &plan, &mut sample, &mut |_, _| ())?;
        if rounds.stopped == Stopped::TooFewRounds {
            return Ok(None);
        }
        let drawn = Drawn::new(&rounds.samples, measure::RESAMPLES);
        Ok(Some(Sustained {
            arm: curve.arm.clone(),
            workers: point.workers,
            speedup: drawn.estimate(|times| rounds.samples.ratio(times, 0, 1)),
            estimator: rounds.samples.estimator(0, 1),
            seconds: FEELS_A_QUOTA,
        }))
    }

    /// How many rounds are wanted, where the time allows: as many as a median rests on, since looking after every few rounds
    /// whether the interval is narrow stops at the ones that are so by chance; more where there are worker counts enough
    /// for the universal scalability law.
    fn rounds(&self, workers: &[usize], cores: &Cores) -> usize {
        let within = workers.iter().filter(|&&workers| !cores.oversubscribed(workers)).count();
        match self.mode {
            Mode::Strong if within >= Usl::NEEDED => USL_ROUNDS,
            _ => measure::ENOUGH_CLEAN,
        }
    }

    /// Refuses what could only give a wrong or an empty figure.
    fn check(&self) -> Result<(), Error> {
        if self.name.trim().is_empty() {
            return Err(Error::EmptyName { what: word!(en: "the experiment", pt: "o experimento") });
        }
        for (index, arm) in self.arms.iter().enumerate() {
            if arm.name.trim().is_empty() {
                return Err(Error::EmptyName { what: word!(en: "an arm", pt: "uma variante") });
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

    /// All that a round runs. Serial comes first: it is the base of every ratio, and its value the reference. It runs once
    /// for each amount of work: a work that grows has a base for each worker count.
    fn places(&self, workers: &[usize]) -> Vec<Place> {
        let of_kind = |serial: bool| {
            let arms = self.arms.iter().enumerate();
            arms.filter(move |(_, arm)| (arm.kind == Kind::Serial) == serial).map(|(arm, _)| arm)
        };
        let mut units: Vec<usize> = workers.iter().map(|&workers| self.units(workers)).collect();
        units.dedup();
        let base = |arm| units.iter().map(move |&units| Place::Arm { arm, load: Load { workers: 1, units } });
        let mut places: Vec<Place> = of_kind(true).flat_map(base).collect();
        // The ceiling is measured against itself on one worker, so one worker is always there.
        let one = (workers.first() != Some(&1)).then_some(1);
        places
            .extend(one.into_iter().chain(workers.iter().copied()).map(|workers| Place::Ceiling { workers }));
        for arm in of_kind(false) {
            let load = |&workers: &usize| Load { workers, units: self.units(workers) };
            places.extend(workers.iter().map(load).map(|load| Place::Arm { arm, load }));
        }
        places
    }

    /// The units of work that so many workers do together.
    fn units(&self, workers: usize) -> usize {
        match self.mode {
            Mode::Strong => 1,
            Mode::Weak => workers,
        }
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
