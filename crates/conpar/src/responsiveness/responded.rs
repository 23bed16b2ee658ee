//! The result, as plain data.

use serde::{Deserialize, Serialize};

use super::delays::{Delays, Pool, enough_beats};
use crate::Error;
use crate::measure::{self, Drawn, Estimate, Estimator, Sample, Samples, draws};
use crate::trace::Timeline;

/// The percentiles that a result states, as shares.
pub const PERCENTILES: [f64; 3] = [0.5, 0.99, 0.999];

/// How late the beats came beside each arm's work, and how fast that went.
///
/// It keeps what every run recorded, so that any percentile of any two arms can be compared in the rounds that they share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Responded {
    /// The name of the experiment.
    pub name: String,
    /// The time from one beat to the next, in seconds.
    pub period: f64,
    /// The jobs that one run does.
    pub jobs: u64,
    /// The parameter with its unit, where the arms are its values.
    pub parameter: Option<String>,
    /// The cores that the process could use.
    pub cores: usize,
    /// The arms; each was run once in every round.
    pub arms: Vec<Arm>,
    /// Whether the system could tell disturbed runs from clean ones.
    pub watched: bool,
}

/// One arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// The value of the parameter, where there is one.
    pub value: Option<u64>,
    /// One run a round.
    pub runs: Vec<Run>,
    /// What one run recorded, beat by beat.
    pub traced: Option<Traced>,
}

/// One run of an arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// From the start until the work was done.
    pub seconds: f64,
    /// Whether nobody else was seen to take the cores away.
    pub clean: bool,
    /// How late the beats came that were due in this time.
    pub delays: Delays,
    /// How many of them never came: each counts as late as the end of the run.
    pub missed: u64,
    /// What a stopwatch made of the same run, where the arm had one.
    pub waits: Delays,
}

/// What one run recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Traced {
    /// The beats in the order in which they were due.
    pub beats: Vec<Beat>,
    /// What the arm recorded with [`Pulse::lane`](super::Pulse::lane); its time begins with the run.
    pub work: Timeline,
}

/// One beat.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Beat {
    /// When it was due, in seconds from the start of the run.
    pub due: f64,
    /// How much later it came, in seconds.
    pub delay: f64,
}

/// A percentile of the delays.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Percentile {
    /// The share of the beats that come no later.
    pub quantile: f64,
    /// The delay in seconds, over the clean runs where there are enough of them, else over all. The interval is from whole
    /// rounds drawn again.
    pub delay: Estimate,
    /// Whether there were too few beats for an upper end ([`enough_beats`]): the interval then only says "at least".
    pub open: bool,
}

/// Which of the two records of a run is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Since {
    /// When the beats were due.
    Due,
    /// When a stopwatch began to wait.
    Began,
    /// The same, corrected afterwards.
    Corrected,
}

impl Arm {
    /// Whether a verdict may rest on this arm: it had undisturbed runs enough.
    pub fn is_credible(&self) -> bool {
        self.samples().estimator(0, 0) == Estimator::MedianOfClean
    }

    /// How many runs were clean.
    pub fn clean(&self) -> usize {
        self.runs.iter().filter(|run| run.clean).count()
    }

    /// How many beats there are of the runs that are looked at.
    pub fn beats(&self) -> u64 {
        self.looked_at().map(|(_, run)| run.delays.count()).sum()
    }

    /// How many beats never came.
    pub fn missed(&self) -> u64 {
        self.looked_at().map(|(_, run)| run.missed).sum()
    }

    /// Whether a stopwatch took part.
    pub fn has_stopwatch(&self) -> bool {
        self.runs.iter().any(|run| run.waits.count() > 0)
    }

    /// The clean runs with their rounds where they are enough, else all of them.
    fn looked_at(&self) -> impl Iterator<Item = (usize, &Run)> {
        let clean_alone = self.is_credible();
        self.runs.iter().enumerate().filter(move |(_, run)| run.clean || !clean_alone)
    }

    fn samples(&self) -> Samples {
        Samples::new(vec![self.times()])
    }

    fn times(&self) -> Vec<Sample> {
        self.runs.iter().map(|run| Sample { seconds: run.seconds, clean: run.clean }).collect()
    }

    fn pool(&self, since: Since, period: f64) -> Pool {
        match since {
            Since::Due => Pool::new(self.looked_at().map(|(round, run)| (round, &run.delays))),
            Since::Began => Pool::new(self.looked_at().map(|(round, run)| (round, &run.waits))),
            Since::Corrected => {
                let corrected = self.looked_at().map(|(round, run)| (round, run.waits.corrected(period)));
                let corrected: Vec<_> = corrected.collect();
                Pool::new(corrected.iter().map(|(round, delays)| (*round, delays)))
            }
        }
    }
}

impl Responded {
    /// The number of rounds.
    pub fn rounds(&self) -> usize {
        self.arms.iter().map(|arm| arm.runs.len()).min().unwrap_or(0)
    }

    /// The arm with this name.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where it was not measured.
    pub fn at(&self, name: &str) -> Result<&Arm, Error> {
        self.arms.iter().find(|arm| arm.name == name).ok_or_else(|| Error::NoSuchArm {
            arm: name.to_owned(),
            measured: self.arms.iter().map(|arm| arm.name.as_str()).collect::<Vec<_>>().join("`, `"),
        })
    }

    /// The delay that the share `quantile` of the beats of `arm` does not exceed: 0.99 for p99.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where the arm was not measured.
    pub fn percentile(&self, arm: &str, quantile: f64) -> Result<Percentile, Error> {
        Ok(self.percentiles(self.at(arm)?, Since::Due, &[quantile])[0])
    }

    /// The jobs a second of `arm`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where the arm was not measured.
    pub fn throughput(&self, arm: &str) -> Result<Estimate, Error> {
        Ok(self.jobs_a_second(self.at(arm)?))
    }

    /// How many times as late as the beats of `other` those of `arm` are at this quantile, over the rounds that they share.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where one of them was not measured.
    pub fn delay_ratio(&self, quantile: f64, arm: &str, other: &str) -> Result<Estimate, Error> {
        let (arm, other) = (self.at(arm)?, self.at(other)?);
        Ok(self.ratio(quantile, (arm, Since::Due), (other, Since::Due)))
    }

    /// How many times the jobs a second of `other` those of `arm` are.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where one of them was not measured.
    pub fn throughput_ratio(&self, arm: &str, other: &str) -> Result<Estimate, Error> {
        let samples = Samples::new(vec![self.at(other)?.times(), self.at(arm)?.times()]);
        let drawn = Drawn::new(&samples, measure::RESAMPLES);
        Ok(drawn.estimate(|times| samples.ratio(times, 0, 1)))
    }

    /// The same ratio of delays, from any records of two arms.
    pub(crate) fn ratio(&self, quantile: f64, one: (&Arm, Since), two: (&Arm, Since)) -> Estimate {
        let [one, two] = [one, two].map(|(arm, since)| arm.pool(since, self.period));
        self.estimate(|drawn| one.at(quantile, drawn) / two.at(quantile, drawn))
    }

    /// A percentile with its interval for each of `quantiles`.
    pub(crate) fn percentiles(&self, arm: &Arm, since: Since, quantiles: &[f64]) -> Vec<Percentile> {
        let pool = arm.pool(since, self.period);
        let percentile = |&quantile: &f64| Percentile {
            quantile,
            delay: self.estimate(|drawn| pool.at(quantile, drawn)),
            open: !enough_beats(quantile, pool.count()),
        };
        quantiles.iter().map(percentile).collect()
    }

    /// The delays alone, at the `quantiles` that are shown of so many beats.
    pub(crate) fn curve(
        &self,
        arm: &Arm,
        since: Since,
        quantiles: impl Fn(u64) -> Vec<f64>,
    ) -> Vec<(f64, f64)> {
        let (pool, once) = (arm.pool(since, self.period), vec![1; self.rounds()]);
        let points = quantiles(pool.count()).into_iter().map(|quantile| (quantile, pool.at(quantile, &once)));
        points.filter(|(_, delay)| delay.is_finite()).collect()
    }

    pub(crate) fn jobs_a_second(&self, arm: &Arm) -> Estimate {
        let samples = arm.samples();
        let drawn = Drawn::new(&samples, measure::RESAMPLES);
        drawn.estimate(|times| self.jobs as f64 / samples.seconds(times, 0, 0))
    }

    /// What is computed when round `r` counts `drawn[r]` times, with its interval.
    fn estimate(&self, of: impl Fn(&[u32]) -> f64) -> Estimate {
        let rounds = self.rounds();
        let samples = Samples::new(vec![vec![Sample { seconds: 1.0, clean: true }; rounds]]);
        let drawn = draws(rounds, measure::RESAMPLES).map(|drawn| of(&drawn));
        Drawn::new(&samples, 0).interval(of(&vec![1; rounds]), drawn)
    }
}
