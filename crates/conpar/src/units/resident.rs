//! How much memory units that wait take, as plain data.

use serde::{Deserialize, Serialize};

use super::run::Told;
use crate::Error;
use crate::language::say;
use crate::machine::Allowed;
use crate::measure::{Drawn, Estimate, LEVEL, MIN_ROUNDS, RESAMPLES, Sample, Samples, median};
use crate::recorded::Curve;

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resident {
    /// The name of the experiment.
    pub name: String,
    /// In how many rounds each program was run.
    pub rounds: usize,
    /// The cores that the programs could use.
    pub cores: usize,
    /// The kinds of units.
    pub arms: Vec<Arm>,
}

/// One kind of unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// Where the memory was read, by ascending number of units.
    pub places: Vec<Place>,
    /// How many were wanted, and how many it was allowed to make.
    pub allowed: Allowed,
    /// Why no more could be made, where that came before.
    pub stopped: Option<String>,
    /// Which Go it was and with what it ran, where it is Go.
    pub about: Option<String>,
    /// Whether it was recorded elsewhere and not measured here.
    pub recorded: bool,
}

/// The memory at one number of units.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// How many units there were.
    pub units: u64,
    /// In how many runs. Where these are too few for an interval at 95%, it is the range that was seen, and its level says how
    /// sure that is.
    pub runs: usize,
    /// The memory of one, in bytes: that of the processes, divided by the number of units.
    pub bytes: Estimate,
    /// What the system's kernel keeps for the stacks of its threads, in bytes for each unit. It is counted for all programs
    /// together, so that others may add to it.
    pub kernel: Option<Estimate>,
}

impl Arm {
    pub(super) fn new(name: &str, steps: &[u64], rounds: &[Vec<Told>], allowed: Allowed) -> Arm {
        let at = |units: u64| {
            let told = |round: &Vec<Told>| {
                round
                    .iter()
                    .find(|told| told.units == units && told.bytes.is_some() && told.stopped.is_none())
                    .cloned()
            };
            // A number that was not reached in every run that went so far is none that can be relied on.
            let refused =
                |round: &&Vec<Told>| round.iter().any(|told| told.stopped.is_some() && told.units < units);
            if rounds.iter().any(|round| refused(&round)) {
                return None;
            }
            let told: Vec<Told> = rounds.iter().filter_map(told).collect();
            let each = |bytes: i64| bytes as f64 / units as f64;
            let bytes = estimate(told.iter().filter_map(|told| told.bytes).map(each))?;
            let kernel = estimate(told.iter().filter_map(|told| told.kernel).map(each));
            Some(Place { units, runs: told.len(), bytes, kernel })
        };
        // Too few units do not fill a page: nothing was seen to grow.
        let grown = |place: &Place| place.bytes.low > 0.0;
        let all = || rounds.iter().flatten();
        Arm {
            name: name.to_owned(),
            places: steps.iter().filter_map(|&units| at(units)).filter(grown).collect(),
            allowed,
            stopped: all().find_map(|told| {
                let why = told.stopped.as_ref()?;
                Some(say!(en: "it stopped at {}: {why}", pt: "parou em {}: {why}", told.units))
            }),
            about: all().find_map(|told| told.about.as_ref()).map(|about| about.words()),
            recorded: false,
        }
    }

    pub(super) fn recorded(name: &str, curve: &Curve, about: String) -> Arm {
        let place = |(units, bytes): (u64, Estimate)| Place { units, runs: 0, bytes, kernel: None };
        let places: Vec<Place> = curve.places().into_iter().map(place).collect();
        let most = places.last().map_or(0, |place| place.units);
        Arm {
            name: name.to_owned(),
            places,
            allowed: most.into(),
            stopped: None,
            about: Some(about),
            recorded: true,
        }
    }
}

/// The median of some runs with its interval; `None` without one.
pub(super) fn estimate(values: impl Iterator<Item = f64>) -> Option<Estimate> {
    // The rounds are drawn as those of a time are: it is numbers that are drawn, whatever their unit.
    let samples: Vec<Sample> = values.map(|value| Sample { seconds: value, clean: true }).collect();
    if samples.len() < MIN_ROUNDS {
        return range(samples.iter().map(|sample| sample.seconds).collect());
    }
    let samples = Samples::new(vec![samples]);
    (samples.rounds() > 0)
        .then(|| Drawn::new(&samples, RESAMPLES).estimate(|times| samples.seconds(times, 0, 0)))
}

/// The median of a few values, between the least and the greatest. That these hold the true median has the chance
/// 1 - 2 / 2ⁿ, whatever the distribution: it fails only where all values lie on one side of it.
fn range(mut values: Vec<f64>) -> Option<Estimate> {
    let point = median(&mut values);
    let (low, high) = (values.iter().copied().reduce(f64::min)?, values.iter().copied().reduce(f64::max)?);
    Some(Estimate { point, low, high, level: 1.0 - 2.0 / 2.0_f64.powi(values.len() as i32) })
}

impl Resident {
    /// The memory of one unit of `arm` where there are so many, in bytes.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`], [`Error::NoSuchValue`] where it was not measured.
    pub fn at(&self, arm: &str, units: u64) -> Result<Estimate, Error> {
        let arm = self.arm(arm)?;
        let place = arm.places.iter().find(|place| place.units == units);
        place.map(|place| place.bytes).ok_or_else(|| Error::NoSuchValue {
            arm: arm.name.clone(),
            value: units,
            measured: arm.places.iter().map(|place| place.units.to_string()).collect::<Vec<_>>().join(", "),
        })
    }

    /// The largest number of units of `arm` that was made often enough for an interval at 95%, with the memory of one.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`]; [`Error::NoSuchValue`] where nothing was measured.
    pub fn last(&self, arm: &str) -> Result<(u64, Estimate), Error> {
        let found = self.arm(arm)?;
        let often = found.places.iter().rfind(|place| place.bytes.level >= LEVEL);
        let last = often.map(|place| (place.units, place.bytes));
        last.ok_or_else(|| Error::NoSuchValue {
            arm: arm.to_owned(),
            value: 0,
            measured: say!(en: "nothing", pt: "nada"),
        })
    }

    /// What was measured of `arm`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`].
    pub fn arm(&self, name: &str) -> Result<&Arm, Error> {
        self.arms.iter().find(|arm| arm.name == name).ok_or_else(|| Error::NoSuchArm {
            arm: name.to_owned(),
            measured: self.arms.iter().map(|arm| arm.name.as_str()).collect::<Vec<_>>().join("`, `"),
        })
    }
}
