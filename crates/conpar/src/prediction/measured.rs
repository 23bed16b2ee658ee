//! What each kind of result says to a prediction.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{decimals, rounded};
use crate::Error;
use crate::language::say;
use crate::measure::Estimate;
use crate::messages::Latencies;
use crate::overlap::{Overlapped, Place, Work};
use crate::responsiveness::Responded;
use crate::speedup::Point;
use crate::sweep::{Crossing, Swept};

/// What a prediction is held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measured {
    /// A value with its interval.
    Interval {
        /// The value.
        estimate: Estimate,
        /// Whether a verdict may rest on it: there were undisturbed samples enough.
        credible: bool,
        /// Whether the true value may lie any way below the interval, and above it: the measured range ended there.
        open: (bool, bool),
    },
    /// A number that was counted exactly.
    Counted(f64),
    /// A value that was seen once, and has no interval.
    Once(f64),
    /// Nothing, and why.
    Missing(String),
}

/// A number that a reader may write: `2`, `2.0`, in any type that a cell's constant has.
pub trait Number {
    /// The same, as all are compared.
    fn number(self) -> f64;
}

macro_rules! numbers {
    ($($kind:ty),*) => {
        $(impl Number for $kind {
            fn number(self) -> f64 {
                self as f64
            }
        })*
    };
}

numbers!(f64, f32, usize, u64, u32, i64, i32);

impl Measured {
    /// The same, on which no verdict rests where it is not `credible`.
    pub fn if_credible(mut self, also: bool) -> Measured {
        if let Measured::Interval { credible, .. } = &mut self {
            *credible &= also;
        }
        self
    }

    /// The same in another unit, `factor` of which make one; `factor` is positive.
    pub fn scaled(self, factor: f64) -> Measured {
        match self {
            Measured::Interval { estimate, credible, open } => {
                Measured::Interval { estimate: estimate.scaled(factor), credible, open }
            }
            Measured::Counted(count) => Measured::Counted(count * factor),
            Measured::Once(value) => Measured::Once(value * factor),
            missing => missing,
        }
    }

    /// The value itself.
    pub fn point(&self) -> Option<f64> {
        match self {
            Measured::Interval { estimate, .. } => Some(estimate.point),
            Measured::Counted(value) | Measured::Once(value) => Some(*value),
            Measured::Missing(_) => None,
        }
    }

    /// Between which values a prediction is inside; `None` where nothing can be told.
    pub(super) fn bounds(&self) -> Option<(f64, f64)> {
        let bounds = match self {
            Measured::Interval { estimate, credible: true, open } => {
                let low = if open.0 { f64::NEG_INFINITY } else { estimate.low };
                (low, if open.1 { f64::INFINITY } else { estimate.high })
            }
            Measured::Counted(value) | Measured::Once(value) => (*value, *value),
            _ => return None,
        };
        self.numbers().all(f64::is_finite).then_some(bounds)
    }

    /// Whether an end of the interval is open.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Measured::Interval { open, .. } if open.0 || open.1)
    }

    /// Whether it is one number without an interval.
    pub(super) fn is_exact(&self) -> bool {
        matches!(self, Measured::Counted(_) | Measured::Once(_))
    }

    /// Whether a verdict may rest on it.
    pub(crate) fn is_credible(&self) -> bool {
        !matches!(self, Measured::Interval { credible: false, .. } | Measured::Missing(_))
    }

    /// The lower end, the value and the upper end.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = f64> + use<> {
        let numbers = match self {
            Measured::Interval { estimate, .. } => vec![estimate.low, estimate.point, estimate.high],
            Measured::Counted(value) | Measured::Once(value) => vec![*value],
            Measured::Missing(_) => Vec::new(),
        };
        numbers.into_iter()
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Measured::Interval { estimate, open, .. } => {
                let decimals = decimals(estimate.low.abs().max(estimate.high.abs()));
                let estimate = format!("{estimate:.decimals$}");
                match open {
                    (false, false) => say!(en: "measured {estimate}", pt: "medido {estimate}"),
                    (true, false) => say!(en: "measured {estimate} or less", pt: "medido {estimate} ou menos"),
                    (false, true) => say!(en: "measured {estimate} or more", pt: "medido {estimate} ou mais"),
                    (true, true) => {
                        say!(en: "measured {estimate}, less or more", pt: "medido {estimate}, menos ou mais")
                    }
                }
            }
            Measured::Counted(count) => say!(en: "counted {}", pt: "contado {}", rounded(*count)),
            Measured::Once(value) => {
                say!(en: "seen once {}, without an interval", pt: "visto uma vez {}, sem intervalo", rounded(*value))
            }
            Measured::Missing(reason) => say!(en: "not measured ({reason})", pt: "não medido ({reason})"),
        })
    }
}

impl From<Estimate> for Measured {
    fn from(estimate: Estimate) -> Measured {
        Measured::Interval { estimate, credible: true, open: (false, false) }
    }
}

/// The speedup of a point.
impl From<&Point> for Measured {
    fn from(point: &Point) -> Measured {
        Measured::from(point.speedup).if_credible(point.is_credible())
    }
}

/// The value at which a faster arm begins to be so; open where the measured values end.
impl From<Crossing> for Measured {
    fn from(crossing: Crossing) -> Measured {
        let Crossing { value: estimate, first, last, credible } = crossing;
        Measured::Interval { estimate, credible, open: (estimate.low <= first, estimate.high >= last) }
    }
}

impl From<usize> for Measured {
    fn from(count: usize) -> Measured {
        Measured::Counted(count as f64)
    }
}

impl From<u64> for Measured {
    fn from(count: u64) -> Measured {
        Measured::Counted(count as f64)
    }
}

impl From<f64> for Measured {
    fn from(value: f64) -> Measured {
        Measured::Once(value)
    }
}

/// What could not be measured says why.
impl<M: Into<Measured>> From<Result<M, Error>> for Measured {
    fn from(result: Result<M, Error>) -> Measured {
        result.map_or_else(|error| Measured::Missing(error.to_string()), Into::into)
    }
}

impl Swept {
    /// [`Swept::ratio`], with whether a verdict may rest on it: for a prediction.
    ///
    /// # Errors
    ///
    /// As [`Swept::ratio`].
    pub fn measured_ratio(&self, arm: &str, value: u64, other: &str, at: u64) -> Result<Measured, Error> {
        let ratio = Measured::from(self.ratio(arm, value, other, at)?);
        Ok(ratio.if_credible(self.is_credible(arm, value, other, at)?))
    }
}

impl Latencies {
    /// [`Latencies::ratio`], with whether a verdict may rest on it: for a prediction.
    ///
    /// # Errors
    ///
    /// As [`Latencies::ratio`].
    pub fn measured_ratio(&self, long: (&str, u64), short: (&str, u64)) -> Result<Measured, Error> {
        let credible = self.at(long.0, long.1)?.is_credible() && self.at(short.0, short.1)?.is_credible();
        Ok(Measured::from(self.ratio(long, short)?).if_credible(credible))
    }
}

impl Responded {
    /// [`Responded::percentile`] in seconds, with whether a verdict may rest on it: for a prediction.
    ///
    /// # Errors
    ///
    /// As [`Responded::percentile`].
    pub fn measured_percentile(&self, arm: &str, quantile: f64) -> Result<Measured, Error> {
        let percentile = self.percentile(arm, quantile)?;
        let credible = self.at(arm)?.is_credible();
        Ok(Measured::Interval { estimate: percentile.delay, credible, open: (false, percentile.open) })
    }

    /// [`Responded::throughput_ratio`], with whether a verdict may rest on it: for a prediction.
    ///
    /// # Errors
    ///
    /// As [`Responded::throughput_ratio`].
    pub fn measured_throughput_ratio(&self, arm: &str, other: &str) -> Result<Measured, Error> {
        let credible = self.at(arm)?.is_credible() && self.at(other)?.is_credible();
        Ok(Measured::from(self.throughput_ratio(arm, other)?).if_credible(credible))
    }
}

impl Overlapped {
    /// The gain of the corner of `work` at `place`, with whether a verdict may rest on it: for a prediction.
    pub fn measured_gain(&self, work: Work, place: Place) -> Measured {
        self.corner(work, place).map_or_else(
            || Measured::Missing(say!(en: "no such corner", pt: "não há tal canto")),
            |corner| Measured::from(corner.gain).if_credible(self.doubt(corner).is_none()),
        )
    }
}
