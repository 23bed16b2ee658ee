//! What a job brought back, as plain data, and what several jobs say together.

use serde::{Deserialize, Serialize};

use super::hosts::Kind;
use crate::Error;
use crate::language::say;
use crate::machine;
use crate::measure::{self, Drawn, Estimate, Estimator, Sample, Samples, Stopped};
use crate::model::{Laws, Mode, Source};
use crate::speedup::{self, Cores, Curve, Point, Scaling};
use crate::sweep::{self, Place, Quantity, Swept};

/// What a job brought back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// What its hosts were.
    pub kind: Kind,
    /// Where its ranks were, by rank.
    pub ranks: Vec<Placed>,
    /// From the launch to the end, in seconds.
    pub seconds: f64,
    /// What its ranks timed, in the order in which they did.
    pub timed: Vec<Timed>,
    /// What its ranks computed.
    pub values: Vec<(String, f64)>,
    /// What went over the interface of each isolated host.
    pub traffic: Vec<Traffic>,
    /// The payload that the ranks say they sent, in bytes.
    pub sent: u64,
}

/// Where a rank was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The rank.
    pub rank: i32,
    /// The number of ranks in its world.
    pub size: i32,
    /// The host, as MPI names it.
    pub host: String,
    /// The number of its process there.
    pub process: u32,
}

/// One timing, of the slowest rank.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timed {
    /// What was timed.
    pub name: String,
    /// The value of a parameter.
    pub at: f64,
    /// In seconds.
    pub seconds: f64,
    /// Whether no rank lost its core meanwhile.
    pub clean: bool,
}

/// What the interface of a host counted during the job, the launcher's own messages included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// The host.
    pub host: String,
    /// Its address.
    pub address: String,
    /// In bytes.
    pub sent: u64,
    /// In bytes.
    pub received: u64,
}

/// Two timings of one job beside one another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// How many times as long the other took.
    pub ratio: Estimate,
    /// Whether enough samples of both were undisturbed.
    pub credible: bool,
}

impl Job {
    pub(super) fn empty(ranks: usize) -> Job {
        Job {
            kind: Kind::OneMachine,
            ranks: Vec::with_capacity(ranks),
            seconds: 0.0,
            timed: Vec::new(),
            values: Vec::new(),
            traffic: Vec::new(),
            sent: 0,
        }
    }

    /// A value that the program reported with `result`.
    ///
    /// # Errors
    ///
    /// [`Error::NotReported`].
    pub fn value(&self, name: &str) -> Result<f64, Error> {
        let found = self.values.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
        found.ok_or_else(|| Error::NotReported { name: name.to_owned() })
    }

    /// The time of `name` at a value of its parameter, with its interval.
    ///
    /// # Errors
    ///
    /// [`Error::NotReported`] where the program timed no such thing.
    pub fn time(&self, name: &str, at: f64) -> Result<Estimate, Error> {
        let samples = self.samples(name, at);
        if samples.is_empty() {
            return Err(Error::NotReported { name: say!(en: "{name} at {at}", pt: "{name} em {at}") });
        }
        let samples = Samples::new(vec![samples]);
        let drawn = Drawn::new(&samples, measure::RESAMPLES);
        Ok(drawn.estimate(|times| samples.seconds(times, 0, 0)))
    }

    /// How many times as long `other` took as `name`, both timed at one value of their parameter in the same rounds.
    ///
    /// # Errors
    ///
    /// [`Error::NotReported`] where the program timed no such thing.
    pub fn ratio(&self, name: &str, other: &str, at: f64) -> Result<Compared, Error> {
        let mut arms = Vec::new();
        for name in [other, name] {
            arms.push(self.samples(name, at));
            if arms.iter().any(Vec::is_empty) {
                return Err(Error::NotReported { name: say!(en: "{name} at {at}", pt: "{name} em {at}") });
            }
        }
        level(&mut arms);
        let samples = Samples::new(arms);
        let drawn = Drawn::new(&samples, measure::RESAMPLES);
        Ok(Compared {
            ratio: drawn.estimate(|times| samples.ratio(times, 0, 1)),
            credible: samples.estimator(0, 1) == Estimator::MedianOfClean,
        })
    }

    /// Whether enough samples of `name` at `at` were undisturbed for a verdict to rest on them.
    pub(super) fn is_credible(&self, name: &str, at: f64) -> bool {
        Samples::new(vec![self.samples(name, at)]).estimator(0, 0) == Estimator::MedianOfClean
    }

    /// All timings of `name` at `at`.
    pub(super) fn samples(&self, name: &str, at: f64) -> Vec<Sample> {
        let wanted = self.timed.iter().filter(|timed| timed.name == name && timed.at == at);
        wanted.map(|timed| Sample { seconds: timed.seconds, clean: timed.clean }).collect()
    }

    /// The values at which `name` was timed, ascending.
    pub(super) fn places(&self, name: &str) -> Vec<f64> {
        let mut places: Vec<f64> =
            self.timed.iter().filter(|timed| timed.name == name).map(|timed| timed.at).collect();
        places.sort_unstable_by(f64::total_cmp);
        places.dedup();
        places
    }
}

/// What jobs timed under the name `timed`, over its parameter: one arm for the jobs beside each name.
///
/// # Errors
///
/// [`Error::NotReported`] where an arm timed no such thing.
pub fn swept(name: &str, parameter: &str, timed: &str, arms: &[(&str, &[Job])]) -> Result<Swept, Error> {
    let (mut series, mut samples) = (Vec::new(), Vec::new());
    for (arm, jobs) in arms {
        let mut places = Vec::new();
        for (job, at) in jobs.iter().flat_map(|job| job.places(timed).into_iter().map(move |at| (job, at))) {
            let taken = job.samples(timed, at);
            let at = (at as u64, job.ranks.len());
            places.push(Place::new(at, (Quantity::Seconds, None), samples.len(), &taken));
            samples.push(taken);
        }
        if places.is_empty() {
            return Err(Error::NotReported { name: timed.to_owned() });
        }
        series.push(sweep::Series { arm: (*arm).to_owned(), serial: false, places });
    }
    level(&mut samples);
    Ok(Swept {
        name: name.to_owned(),
        parameter: parameter.to_owned(),
        quantity: Quantity::Seconds,
        operation: None,
        beside: Vec::new(),
        notes: Vec::new(),
        cores: machine::available_cores(),
        series,
        samples,
        stopped: Stopped::OneByOne,
        watched: true,
    })
}

/// How `timed` scales with the ranks of jobs, against the same timing of the job `serial`.
///
/// # Errors
///
/// [`Error::NotReported`] where a job timed no such thing; [`Error::DifferentResults`] where the jobs' value `checked` is not
/// that of serial.
pub fn scaling(
    name: &str,
    timed: &str,
    checked: &str,
    serial: &Job,
    curves: &[(&str, &[Job])],
) -> Result<Scaling, Error> {
    let expected = serial.value(checked)?;
    let mut arms = vec![taken(serial, timed)?];
    for (arm, job) in curves.iter().flat_map(|(arm, jobs)| jobs.iter().map(move |job| (arm, job))) {
        let value = job.value(checked)?;
        // A sum in another order may differ in its last digits.
        if (value - expected).abs() > 1e-9 * expected.abs() {
            let (arm, workers) = ((*arm).to_owned(), job.ranks.len());
            let (value, expected) = (value.to_string(), expected.to_string());
            return Err(Error::DifferentResults { arm, workers, value, expected });
        }
        arms.push(taken(job, timed)?);
    }
    Ok(scaled(name, Mode::Strong, arms, curves))
}

/// How `timed` scales where each rank of a job has as much to do as the one rank of `single`: the work grows with the ranks, and
/// so do its results, which are not compared.
///
/// # Errors
///
/// [`Error::NotReported`] where a job timed no such thing.
pub fn weak_scaling(
    name: &str,
    timed: &str,
    single: &Job,
    curves: &[(&str, &[Job])],
) -> Result<Scaling, Error> {
    let mut arms = vec![taken(single, timed)?];
    for job in curves.iter().flat_map(|(_, jobs)| jobs.iter()) {
        arms.push(taken(job, timed)?);
    }
    Ok(scaled(name, Mode::Weak, arms, curves))
}

/// The samples of `timed` at the first value of its parameter.
fn taken(job: &Job, timed: &str) -> Result<Vec<Sample>, Error> {
    let samples = job.places(timed).first().map(|&at| job.samples(timed, at));
    samples.ok_or_else(|| Error::NotReported { name: timed.to_owned() })
}

/// Turns `arms` into a result: the samples on one rank first, then those of each job in order.
fn scaled(name: &str, mode: Mode, mut arms: Vec<Vec<Sample>>, curves: &[(&str, &[Job])]) -> Scaling {
    level(&mut arms);
    let jobs = curves.iter().flat_map(|(_, jobs)| jobs.iter());
    // What an arm is measured against: one rank with as much to do, which takes N times as long where the work grew.
    let bases = jobs.map(|job| if mode == Mode::Weak { job.ranks.len() as f64 } else { 1.0 });
    let base = |times: f64| {
        arms[0].iter().map(|sample| Sample { seconds: times * sample.seconds, ..*sample }).collect()
    };
    let bases: Vec<Vec<Sample>> = bases.map(base).collect();
    let count = bases.len();
    let samples = Samples::new([arms, bases].concat());
    let drawn = Drawn::new(&samples, measure::RESAMPLES);
    let cores = Cores { available: machine::available_cores(), effective: machine::effective_cores() };
    let mut index = 0;
    let mut scaled = Vec::new();
    for (arm, jobs) in curves {
        let (mut points, mut sources) = (Vec::new(), Vec::new());
        for job in *jobs {
            index += 1;
            let (workers, base) = (job.ranks.len(), index + count);
            let oversubscribed = !matches!(job.kind, Kind::Machines { .. }) && cores.oversubscribed(workers);
            points.push(Point {
                workers,
                seconds: samples.seconds(&drawn.times, base, index),
                speedup: drawn.estimate(|times| samples.ratio(times, base, index)),
                of_ceiling: None,
                estimator: samples.estimator(base, index),
                clean: samples.clean(index),
                oversubscribed,
            });
            if !oversubscribed {
                sources.push(Source { workers, base, arm: index });
            }
        }
        let laws = Laws::fit(&drawn, &sources, mode);
        scaled.push(Curve { arm: (*arm).to_owned(), kind: speedup::Kind::Ranks, points, laws });
    }
    Scaling {
        name: name.to_owned(),
        mode,
        cores,
        serial_seconds: drawn.estimate(|times| samples.seconds(times, 0, 0)),
        curves: scaled,
        ceiling: Vec::new(),
        rounds: samples.rounds(),
        stopped: Stopped::OneByOne,
        watched: true,
        sustained: None,
        own_ceiling: false,
        // Its hosts may be several; the job says what they were.
        machine: None,
    }
}

/// Cuts all arms to the number of samples of the shortest.
fn level(samples: &mut [Vec<Sample>]) {
    let rounds = samples.iter().map(Vec::len).min().unwrap_or(0);
    samples.iter_mut().for_each(|arm| arm.truncate(rounds));
}
