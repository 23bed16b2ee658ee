//! The result of a sweep, as plain data.

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::language::say;
use crate::measure::{self, Drawn, Estimate, Estimator, Sample, Samples, Stopped};
use crate::recorded::Curve;

/// What was measured: the time of each arm at each value of a parameter.
///
/// It keeps the samples, so that any two points can be compared in the rounds that they share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Swept {
    /// The name of the experiment.
    pub name: String,
    /// The parameter, with its unit.
    pub parameter: String,
    /// What the estimates are of.
    pub quantity: Quantity,
    /// What one operation is called, where the estimates are of its time.
    #[serde(default)]
    pub operation: Option<String>,
    /// What was recorded elsewhere, to be drawn beside.
    #[serde(default)]
    pub beside: Vec<Beside>,
    /// What a reader has to know of some arms.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The cores that the process could use.
    pub cores: usize,
    /// The arms, serial first where there is one.
    pub series: Vec<Series>,
    /// `samples[place][round]`; a [`Place`] knows its index.
    pub samples: Vec<Vec<Sample>>,
    /// Why the rounds ended.
    pub stopped: Stopped,
    /// Whether the system could tell disturbed samples from clean ones.
    pub watched: bool,
}

/// What is estimated at each value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// The seconds of one run.
    Seconds,
    /// Operations a second.
    Throughput,
    /// The seconds of one operation.
    Each,
}

/// An arm that was not measured here: it is shown, and decides nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// The name that it would have here.
    pub arm: String,
    /// Where it was measured, when, and with what.
    pub about: String,
    /// The values of the parameter, each with what was measured.
    pub places: Vec<(u64, Estimate)>,
}

impl Beside {
    pub(super) fn new(arm: &str, curve: &Curve, about: String) -> Beside {
        Beside { arm: arm.to_owned(), about, places: curve.places() }
    }
}

/// One arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Its name.
    pub arm: String,
    /// Whether it is the one without the parameter.
    pub serial: bool,
    /// Where it was measured, by ascending value.
    pub places: Vec<Place>,
}

/// One arm at one value of the parameter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The value.
    pub value: u64,
    /// The threads that are busy there.
    pub threads: usize,
    /// The operations of one run, where they are counted.
    pub operations: Option<u64>,
    /// The seconds of one run, or the operations a second.
    pub estimate: Estimate,
    /// How it was estimated.
    pub estimator: Estimator,
    /// How many samples were clean.
    pub clean: usize,
    /// Its index among the samples.
    pub index: usize,
}

impl Place {
    /// Estimates from the `samples` of this place: of a run that does so many operations, or whose time is looked at.
    pub(crate) fn new(
        at: (u64, usize),
        (quantity, operations): (Quantity, Option<u64>),
        index: usize,
        samples: &[Sample],
    ) -> Place {
        let samples = Samples::new(vec![samples.to_vec()]);
        let drawn = Drawn::new(&samples, measure::RESAMPLES);
        let estimate = drawn.estimate(|times| {
            let seconds = samples.seconds(times, 0, 0);
            match (quantity, operations) {
                (Quantity::Throughput, Some(operations)) => operations as f64 / seconds,
                (Quantity::Each, Some(operations)) => seconds / operations as f64,
                _ => seconds,
            }
        });
        let (estimator, clean) = (samples.estimator(0, 0), samples.clean(0));
        Place { value: at.0, threads: at.1, operations, estimate, estimator, clean, index }
    }
}

impl Swept {
    /// The number of rounds.
    pub fn rounds(&self) -> usize {
        self.samples.first().map_or(0, Vec::len)
    }

    /// The parameter with a value, without its unit: "grain 64". Of what is counted: "64 units", "1 unit".
    pub fn named(&self, value: u64) -> String {
        let name = self.parameter.split(" (").next().unwrap_or_default();
        match name.strip_suffix('s').filter(|one| !one.ends_with('s') && !one.contains(' ')) {
            Some(one) if value == 1 => format!("1 {one}"),
            Some(_) => format!("{value} {name}"),
            None => format!("{name} {value}"),
        }
    }

    /// The largest value at which `arm` was measured, with what was estimated there.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchValue`] where the arm was not measured.
    pub fn last(&self, arm: &str) -> Result<(u64, Estimate), Error> {
        let series = self.series.iter().find(|series| series.arm == arm);
        let last = series.and_then(|series| series.places.last()).map(|place| (place.value, place.estimate));
        last.ok_or_else(|| Error::NoSuchValue { arm: arm.to_owned(), value: 0, measured: self.measured() })
    }

    /// The seconds of one run of `arm` at `value`, or what else was asked for. Serial has one for all values.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchValue`] where it was not measured.
    pub fn at(&self, arm: &str, value: u64) -> Result<Estimate, Error> {
        Ok(self.place(arm, value)?.estimate)
    }

    /// How many times faster one arm at one value is than another at another: the quotient of their times, or of their
    /// throughputs, from the rounds that they share.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchValue`] where one of them was not measured.
    pub fn ratio(&self, arm: &str, value: u64, other: &str, at: u64) -> Result<Estimate, Error> {
        let (one, two) = (self.place(arm, value)?, self.place(other, at)?);
        let samples = self.pair(one, two);
        // More operations in the same time are as much faster.
        let more = match (one.operations, two.operations) {
            (Some(one), Some(two)) => one as f64 / two as f64,
            _ => 1.0,
        };
        Ok(Drawn::new(&samples, measure::RESAMPLES).estimate(|times| more * samples.ratio(times, 1, 0)))
    }

    /// Whether a verdict may rest on these two points: both had undisturbed samples enough.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchValue`] where one of them was not measured.
    pub fn is_credible(&self, arm: &str, value: u64, other: &str, at: u64) -> Result<bool, Error> {
        let samples = self.pair(self.place(arm, value)?, self.place(other, at)?);
        Ok(samples.estimator(0, 1) == Estimator::MedianOfClean)
    }

    fn pair(&self, one: &Place, two: &Place) -> Samples {
        Samples::new(vec![self.samples[one.index].clone(), self.samples[two.index].clone()])
    }

    fn place(&self, arm: &str, value: u64) -> Result<&Place, Error> {
        let series = self.series.iter().find(|series| series.arm == arm);
        let place = series
            .and_then(|series| series.places.iter().find(|place| series.serial || place.value == value));
        place.ok_or_else(|| Error::NoSuchValue { arm: arm.to_owned(), value, measured: self.measured() })
    }

    fn measured(&self) -> String {
        let said = |series: &Series| {
            let values: Vec<String> = series.places.iter().map(|place| place.value.to_string()).collect();
            match series.serial {
                true => series.arm.clone(),
                false => say!(en: "{} at {}", pt: "{} em {}", series.arm, values.join(", ")),
            }
        };
        self.series.iter().map(said).collect::<Vec<_>>().join("; ")
    }
}
