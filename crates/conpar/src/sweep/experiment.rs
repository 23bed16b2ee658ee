//! The non-generic core: checks the experiment, runs it in rounds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::swept::{Beside, Place, Quantity, Series, Swept};
use super::{ALL, At};
use crate::error::{check_names, panic_message, too_few_rounds};
use crate::language::{say, word};
use crate::machine::Allowed;
use crate::measure::{self, Plan, Sample, Stopped, Timed, Width, repeats, run_rounds, watch};
use crate::{Error, machine};

/// The most values of the parameter.
pub const MOST_VALUES: usize = 64;

/// An interval is narrow enough when its half-width is at most this share of the ratio to the first arm: a curve is looked
/// at as a whole, and its points are many.
const PRECISION: f64 = 0.04;

/// The code of an arm with its value's type erased: `run(at, repeats)`.
pub(super) enum Code<'a> {
    /// Runs on the calling thread, which may start threads of its own.
    Caller(Box<dyn Fn(At, u32) -> Timed + 'a>),
    /// Runs inside a rayon pool, so it must be able to cross threads.
    RayonPool(Box<dyn Fn(At, u32) -> Timed + Sync + 'a>),
    /// Runs elsewhere, and tells the time itself.
    Itself(Box<dyn Fn(At, u32) -> Result<Timed, Error> + 'a>),
}

/// An experiment with the type of its value erased.
pub(super) struct Experiment<'a> {
    name: String,
    parameter: String,
    pub(super) values: Vec<u64>,
    pub(super) arms: Vec<(String, Code<'a>)>,
    /// The least value that an arm, by its index, takes; without an entry all.
    pub(super) least: Vec<(usize, u64)>,
    /// The arm without the parameter, and its name.
    pub(super) serial: Option<(String, Code<'a>)>,
    pub(super) serials: usize,
    pub(super) operations: Option<Box<dyn Fn(u64) -> u64 + 'a>>,
    /// What an operation is called, where its time is looked at.
    pub(super) operation: Option<String>,
    /// The largest value of some arms.
    pub(super) most: Vec<(String, Allowed)>,
    /// What was recorded elsewhere.
    pub(super) beside: Vec<Beside>,
    /// What has to be said of some arms.
    pub(super) notes: Vec<String>,
    pub(super) threads: Option<Box<dyn Fn(u64) -> usize + 'a>>,
    pub(super) blocking: bool,
    pub(super) budget: Duration,
}

/// One of the things that a round runs.
struct Run<'r, 'a> {
    name: &'r str,
    code: &'r Code<'a>,
    at: At,
    threads: usize,
    repeats: u32,
}

impl<'a> Experiment<'a> {
    pub(super) fn new(name: &str, parameter: &str) -> Experiment<'a> {
        Experiment {
            name: name.to_owned(),
            parameter: parameter.to_owned(),
            values: Vec::new(),
            arms: Vec::new(),
            least: Vec::new(),
            serial: None,
            serials: 0,
            operations: None,
            operation: None,
            most: Vec::new(),
            beside: Vec::new(),
            notes: Vec::new(),
            threads: None,
            blocking: false,
            budget: crate::speedup::BUDGET,
        }
    }

    pub(super) fn run(mut self, observer: &mut dyn FnMut(&str)) -> Result<Swept, Error> {
        self.check()?;
        let cores = machine::available_cores();
        let pool = self.pool(cores)?;
        let mut runs = self.runs(cores);
        let clock = Instant::now();
        let limit = 2 * self.budget;
        let too_long = |rounds, one_round: Duration| {
            too_few_rounds(rounds, one_round.as_secs_f64(), self.budget, measure::MIN_ROUNDS)
        };
        let count = runs.len();
        for (done, run) in runs.iter_mut().enumerate() {
            run.repeats = repeats(&mut |repeats| self.time(run, repeats, pool.as_ref()))?;
            if clock.elapsed() > limit {
                return Err(too_long(0, clock.elapsed() * count as u32 / (done as u32 + 1)));
            }
        }
        let names: Vec<&str> = self.arms.iter().map(|(name, _)| name.as_str()).collect();
        observer(&say!(
            en: "{}: {} over {} values",
            pt: "{}: {}; valores: {}",
            self.name,
            names.join(", "),
            self.values.len()
        ));

        let plan = Plan {
            budget: self.budget.saturating_sub(clock.elapsed()),
            limit: limit.saturating_sub(clock.elapsed()),
            precision: PRECISION,
            rounds: measure::ENOUGH_CLEAN,
        };
        let (start, mut watched) = (Instant::now(), true);
        let mut sample = |index: usize| {
            let run = &runs[index];
            let width =
                if self.blocking { Width::blocking(cores) } else { Width { threads: run.threads, cores } };
            let (seconds, clean) = watch(width, || self.time(run, run.repeats, pool.as_ref()));
            watched &= clean.is_some();
            Ok(Sample { seconds: seconds?, clean: clean.unwrap_or(true) })
        };
        let rounds = run_rounds(count, &plan, &mut sample, &mut |_, _| ())?;
        if rounds.stopped == Stopped::TooFewRounds {
            let complete = rounds.samples.rounds();
            return Err(too_long(complete, start.elapsed() / complete.max(1) as u32));
        }
        let samples = rounds.samples.into_arms();
        Ok(Swept {
            name: self.name.clone(),
            parameter: self.parameter.clone(),
            quantity: self.quantity(),
            operation: self.operation.clone(),
            beside: self.beside.clone(),
            notes: self.notes(),
            cores,
            series: self.series(&runs, &samples),
            samples,
            stopped: rounds.stopped,
            watched,
        })
    }

    /// Refuses what could only give a wrong or an empty figure, and puts the values in order.
    fn check(&mut self) -> Result<(), Error> {
        let named: [(_, &str); 2] = [
            (word!(en: "the experiment", pt: "o experimento"), &self.name),
            (word!(en: "the parameter", pt: "o parâmetro"), &self.parameter),
        ];
        check_names(&named, self.arms.iter().chain(&self.serial).map(|(name, _)| name))?;
        if self.arms.is_empty() {
            return Err(Error::NoArm);
        }
        if let Some((arm, _)) = self.most.iter().find(|(most, _)| !self.is_known(most)) {
            let measured = self.arms.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("`, `");
            return Err(Error::NoSuchArm { arm: arm.clone(), measured });
        }
        if self.serials > 1 {
            return Err(Error::ManySerialArms { found: self.serials });
        }
        if self.budget.is_zero() {
            return Err(Error::ZeroBudget);
        }
        self.values.sort_unstable();
        self.values.dedup();
        match self.values.len() {
            0 => Err(Error::NoValues),
            asked if asked > MOST_VALUES => Err(Error::TooManyValues { asked, most: MOST_VALUES }),
            _ => {
                match self.least.iter().find(|&&(_, least)| self.values.iter().all(|&value| value < least)) {
                    Some(&(_, least)) => Err(Error::NoValueFrom { least }),
                    None => Ok(()),
                }
            }
        }
    }

    /// Whether there is an arm of this name, measured or recorded.
    fn is_known(&self, arm: &str) -> bool {
        self.arms.iter().any(|(name, _)| name == arm) || self.beside.iter().any(|beside| beside.arm == arm)
    }

    /// The pool of the rayon arms. Each worker is bound to a core: left alone, the scheduler wakes a pool that was asleep on
    /// too few cores, and that measures chance.
    fn pool(&self, workers: usize) -> Result<Option<rayon::ThreadPool>, Error> {
        let rayon = self.arms.iter().find(|(_, code)| matches!(code, Code::RayonPool(_)));
        let Some((arm, _)) = rayon else { return Ok(None) };
        let builder = rayon::ThreadPoolBuilder::new().num_threads(workers);
        let pool = builder.start_handler(|nth| _ = machine::bind_to(nth)).build();
        let no_pool = |reason: String| Error::NoPool { arm: arm.clone(), workers, reason };
        pool.map(Some).map_err(|error| no_pool(error.to_string()))
    }

    fn quantity(&self) -> Quantity {
        match (&self.operations, &self.operation) {
            (None, _) => Quantity::Seconds,
            (Some(_), None) => Quantity::Throughput,
            (Some(_), Some(_)) => Quantity::Each,
        }
    }

    /// The largest value at which an arm is measured.
    fn most(&self, arm: &str) -> u64 {
        self.most.iter().filter(|(name, _)| name == arm).map(|(_, most)| most.count).min().unwrap_or(u64::MAX)
    }

    fn notes(&self) -> Vec<String> {
        let reduced = self.most.iter().filter_map(|(arm, most)| {
            let reason = most.reason.as_ref()?;
            Some(say!(
                en: "{arm}: scaled down to at most {} here; {reason}.",
                pt: "{arm}: reduzido a no máximo {} aqui; {reason}.",
                most.count
            ))
        });
        self.notes.iter().cloned().chain(reduced).collect()
    }

    /// All that a round runs: serial first, its value is the one that all are held against.
    fn runs(&self, cores: usize) -> Vec<Run<'_, 'a>> {
        let run = |name, code, at, threads| Run { name, code, at, threads, repeats: 1 };
        let serial =
            self.serial.as_ref().map(|(name, code)| run(name.as_str(), code, At { value: 0, work: ALL }, 1));
        let arms = self.arms.iter().enumerate().flat_map(|(index, (name, code))| {
            let least = self.least.iter().rfind(|(arm, _)| *arm == index).map_or(0, |&(_, least)| least);
            let most = self.most(name);
            self.values.iter().filter(move |&&value| (least..=most).contains(&value)).map(move |&value| {
                let work = if self.serial.is_some() { ALL } else { value };
                let alone = if matches!(code, Code::RayonPool(_)) { cores } else { 1 };
                let threads = self.threads.as_ref().map_or(alone, |threads| threads(value).max(1));
                run(name.as_str(), code, At { value, work }, threads)
            })
        });
        serial.into_iter().chain(arms).collect()
    }

    /// The seconds of one run.
    fn time(&self, run: &Run<'_, 'a>, repeats: u32, pool: Option<&rayon::ThreadPool>) -> Result<f64, Error> {
        // The code sees only shared references, and after a panic the whole experiment is given up.
        let at = run.at;
        let timed = catch_unwind(AssertUnwindSafe(|| match (run.code, pool) {
            (Code::RayonPool(code), Some(pool)) => Ok(pool.install(|| code(at, repeats))),
            (Code::RayonPool(code), None) => Ok(code(at, repeats)),
            (Code::Caller(code), _) => Ok(code(at, repeats)),
            (Code::Itself(code), _) => code(at, repeats),
        }));
        let (arm, at) = (run.name.to_owned(), format!("{} {}", self.parameter, run.at.value));
        let Timed { elapsed, wrong } = timed.map_err(|panic| Error::PanickedAt {
            arm: arm.clone(),
            at: at.clone(),
            message: panic_message(&*panic),
        })??;
        match wrong {
            None => Ok(elapsed.as_secs_f64() / f64::from(repeats)),
            Some(wrong) if wrong.value == wrong.expected => Err(Error::NotComparable { value: wrong.value }),
            Some(wrong) => Err(Error::DifferentAt { arm, at, value: wrong.value, expected: wrong.expected }),
        }
    }

    /// What the samples are of, in their order.
    fn series(&self, runs: &[Run<'_, 'a>], samples: &[Vec<Sample>]) -> Vec<Series> {
        let mut series: Vec<Series> = Vec::new();
        for (index, run) in runs.iter().enumerate() {
            let operations = self.operations.as_ref().map(|count| count(run.at.value));
            let place = Place::new(
                (run.at.value, run.threads),
                (self.quantity(), operations),
                index,
                &samples[index],
            );
            let serial = index == 0 && self.serial.is_some();
            let same = |last: &&mut Series| !last.serial && last.arm == run.name;
            match series.last_mut().filter(same) {
                Some(last) => last.places.push(place),
                None => series.push(Series { arm: run.name.to_owned(), serial, places: vec![place] }),
            }
        }
        series
    }
}
