//! The result of an experiment, as plain data.

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::Error;
use crate::machine::Machine;
use crate::measure::{Estimate, Estimator, Stopped};
use crate::model::{LawName, Laws, Mode, Refused, karp_flatt_of};

/// What was measured: how each arm scales with its workers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    /// The name of the experiment.
    pub name: String,
    /// Whether the work was the same on more workers, or grew with them.
    pub mode: Mode,
    /// The cores that the process could use.
    pub cores: Cores,
    /// The time of one serial run, in seconds; where the work grows, of the smallest.
    pub serial_seconds: Estimate,
    /// One curve for each parallel arm, in the order of the arms.
    pub curves: Vec<Curve>,
    /// What the machine gives to work that shares nothing, against that work on one worker.
    pub ceiling: Vec<Point>,
    /// Whether the ceiling's work is that of the experiment ([`Speedup::ceiling`](super::Speedup::ceiling)), and not integer
    /// steps.
    #[serde(default)]
    pub own_ceiling: bool,
    /// The number of rounds.
    pub rounds: usize,
    /// Why the rounds ended.
    pub stopped: Stopped,
    /// Whether the system could tell disturbed samples from clean ones.
    pub watched: bool,
    /// Where there is a CPU quota: one arm in samples that are long enough to feel it.
    #[serde(default)]
    pub sustained: Option<Sustained>,
    /// The machine, where it was measured on one: a result that was sent still says what it is of.
    #[serde(default)]
    pub machine: Option<Machine>,
}

/// What work gets that goes on for longer than a period of the CPU quota. Shorter samples fit into one period, and show the
/// cores that there are and not those that one may use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sustained {
    /// The arm.
    pub arm: String,
    /// Its number of workers.
    pub workers: usize,
    /// How many times faster than serial, in samples as long.
    pub speedup: Estimate,
    /// How it was estimated.
    pub estimator: Estimator,
    /// The seconds that one sample takes at least, of the fastest run seen before.
    pub seconds: f64,
}

/// From which time on, in seconds, a run feels a CPU quota: three of the usual periods of 100 ms (Linux, "CFS Bandwidth
/// Control", default of `cpu.cfs_period_us`).
pub(crate) const FEELS_A_QUOTA: f64 = 0.3;

/// The cores of a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cores {
    /// The logical cores that the process may run on (its affinity mask).
    pub available: usize,
    /// The same, or less where a CPU quota gives less; may be a fraction.
    pub effective: f64,
}

/// How one arm scales.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// The arm's name.
    pub arm: String,
    /// What ran it.
    pub kind: Kind,
    /// The points, by ascending number of workers.
    pub points: Vec<Point>,
    /// The laws that were fitted to the points within the cores, or why they were not.
    pub laws: Laws,
}

/// One arm at one worker count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The number of workers.
    pub workers: usize,
    /// The time of one run, in seconds.
    pub seconds: f64,
    /// How many times faster than serial on the same work, which in weak scaling is that of all workers; for the ceiling,
    /// than itself on one worker.
    pub speedup: Estimate,
    /// The speedup as a share of the ceiling's with as many workers; `None` for the ceiling itself.
    pub of_ceiling: Option<Estimate>,
    /// How the time was estimated.
    pub estimator: Estimator,
    /// How many samples were clean.
    pub clean: usize,
    /// Whether there are more workers than cores.
    pub oversubscribed: bool,
}

/// What a speedup's interval says of parallel against serial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Versus {
    /// The whole interval lies above 1.
    Faster,
    /// The whole interval lies below 1.
    Slower,
    /// The interval holds 1 and is narrow, or lies within 2% of it.
    NoDifference,
    /// The interval holds 1 and is wide.
    CannotTell,
    /// Others took the cores away too often: the interval may be about them.
    TooBusy,
}

/// Up to which half-width, as a share of the speedup, an interval around 1 says that there is no difference to speak of.
const NARROW: f64 = 0.05;

/// Up to which difference from 1 there is none to speak of. How a loop happens to lie in memory makes as much (Mytkowicz
/// and others, "Producing wrong data without doing anything obviously wrong!", ASPLOS 2009).
pub const NEGLIGIBLE: f64 = 0.02;

impl Cores {
    /// Whether `workers` are more than the cores.
    pub fn oversubscribed(&self, workers: usize) -> bool {
        workers > 1 && workers as f64 > self.effective
    }
}

impl Point {
    /// Whether a verdict may rest on this point: it had undisturbed samples enough.
    pub fn is_credible(&self) -> bool {
        self.estimator == Estimator::MedianOfClean
    }

    /// What the interval says.
    pub fn versus_serial(&self) -> Versus {
        if !self.is_credible() {
            Versus::TooBusy
        } else if (self.speedup.low - 1.0).abs().max((self.speedup.high - 1.0).abs()) <= NEGLIGIBLE {
            Versus::NoDifference
        } else if self.speedup.low > 1.0 {
            Versus::Faster
        } else if self.speedup.high < 1.0 {
            Versus::Slower
        } else if self.speedup.relative_half_width() <= NARROW {
            Versus::NoDifference
        } else {
            Versus::CannotTell
        }
    }

    /// Whether the speedup lies above the number of workers by more than [`NEGLIGIBLE`]: then it has another cause than
    /// parallelism.
    pub fn is_super_linear(&self) -> bool {
        let most = self.workers as f64 * (1.0 + NEGLIGIBLE);
        self.is_credible() && !self.oversubscribed && self.speedup.low > most
    }

    /// Karp and Flatt's serial fraction; `None` for one worker.
    pub fn karp_flatt(&self) -> Option<Estimate> {
        karp_flatt_of(self.workers, &self.speedup)
    }

    /// The speedup for each worker, from 0 to 1.
    pub fn efficiency(&self) -> f64 {
        self.speedup.point / self.workers as f64
    }
}

impl Curve {
    /// Karp and Flatt's serial fraction at the largest worker count that is not oversubscribed.
    ///
    /// # Errors
    ///
    /// [`Refused::TooFewCounts`] where no such count is above one and undisturbed; [`Refused::WorkGrew`] in weak scaling,
    /// which has no serial fraction of one fixed work.
    pub fn karp_flatt(&self) -> Result<Estimate, Refused> {
        if let Err(Refused::WorkGrew { .. }) = self.laws.amdahl {
            return Err(Refused::WorkGrew { law: LawName::KarpFlatt });
        }
        let credible = self.points.iter().filter(|point| point.is_credible() && !point.oversubscribed);
        let last = credible.filter_map(Point::karp_flatt).next_back();
        last.ok_or(Refused::TooFewCounts { law: LawName::KarpFlatt, needed: 2, found: 1 })
    }
}

impl Scaling {
    /// The point of `arm` with `workers`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchPoint`] where it was not measured.
    pub fn at(&self, arm: &str, workers: usize) -> Result<&Point, Error> {
        let curve = self.curves.iter().find(|curve| curve.arm == arm);
        let point = curve.and_then(|curve| curve.points.iter().find(|point| point.workers == workers));
        point.ok_or_else(|| Error::NoSuchPoint {
            arm: arm.to_owned(),
            workers,
            measured: self.curves.iter().map(|curve| curve.arm.as_str()).collect::<Vec<_>>().join("`, `"),
        })
    }

    /// All points of all arms, without the ceiling's.
    pub fn points(&self) -> impl Iterator<Item = (&Curve, &Point)> {
        self.curves.iter().flat_map(|curve| curve.points.iter().map(move |point| (curve, point)))
    }

    /// The fastest point that is not oversubscribed.
    pub fn best(&self) -> Option<(&Curve, &Point)> {
        let points = self.points().filter(|(_, point)| !point.oversubscribed);
        points.max_by(|one, two| one.1.speedup.point.total_cmp(&two.1.speedup.point))
    }

    /// The fastest point among those with the most workers.
    pub fn fastest_on_most(&self) -> Option<(&Curve, &Point)> {
        let most = self.points().map(|(_, point)| point.workers).max()?;
        let points = self.points().filter(|(_, point)| point.workers == most);
        points.max_by(|one, two| one.1.speedup.point.total_cmp(&two.1.speedup.point))
    }

    /// The largest measured number of workers that is not oversubscribed; 1 where there is none.
    pub fn most_workers(&self) -> usize {
        let points = self.points().map(|(_, point)| point).filter(|point| !point.oversubscribed);
        points.map(|point| point.workers).max().unwrap_or(1)
    }

    /// The ceiling's point with `workers`.
    pub fn ceiling_at(&self, workers: usize) -> Option<&Point> {
        self.ceiling.iter().find(|point| point.workers == workers)
    }

    /// Whether a verdict may rest on the ceiling of so many workers: it had undisturbed samples enough, is no higher than
    /// so many cores can give, and high enough that parallel code differs from serial code. Where it is higher, the machine's
    /// speed changed between the samples that it was made from; where it is lower, the workers shared one physical core.
    pub fn has_sound_ceiling(&self, workers: usize) -> bool {
        /// What the clock and the samples' spread may add.
        const MORE: f64 = 1.05;
        /// What two workers give at least.
        const LEAST: f64 = 1.25;
        self.ceiling_at(workers).is_some_and(|ceiling| {
            let Estimate { low, .. } = ceiling.speedup;
            ceiling.is_credible() && low <= MORE * workers as f64 && (workers < 2 || low >= LEAST)
        })
    }
}
