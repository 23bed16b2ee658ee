//! From which value of the parameter on one arm is faster than another.

use serde::{Deserialize, Serialize};

use super::Swept;
use crate::Error;
use crate::measure::{self, Drawn, Estimate, Estimator, Samples, Times};

/// The value of a parameter from which on one arm is faster than another, for all larger values that were measured.
///
/// Between two values it is interpolated, on logarithmic scales. What lies beyond the measured range is put at its end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Crossing {
    /// The value, with its interval.
    pub value: Estimate,
    /// The smallest value that was measured.
    pub first: f64,
    /// The largest one.
    pub last: f64,
    /// Whether every point of both arms had undisturbed samples enough.
    pub credible: bool,
}

impl Crossing {
    /// Whether the arm was the slower one up to the largest value.
    pub fn is_never(&self) -> bool {
        self.value.point >= self.last
    }

    /// Whether the arm was the faster one from the smallest value on.
    pub fn is_always(&self) -> bool {
        self.value.point <= self.first
    }

    /// Whether both ends of the interval lie within what was measured.
    pub fn is_within(&self) -> bool {
        self.value.low > self.first && self.value.high < self.last
    }
}

impl Swept {
    /// From which value on `arm` is faster than `other`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where one of them was not measured.
    pub fn crossing(&self, arm: &str, other: &str) -> Result<Crossing, Error> {
        self.crossed(arm, other, faster_from)
    }

    /// The smallest value at which `arm` is faster than `other`, which may be serial; at larger ones it need not be.
    ///
    /// # Errors
    ///
    /// As [`Swept::crossing`].
    pub fn first_crossing(&self, arm: &str, other: &str) -> Result<Crossing, Error> {
        self.crossed(arm, other, first_faster)
    }

    fn crossed(&self, arm: &str, other: &str, crossed: fn(&[f64], &[f64]) -> f64) -> Result<Crossing, Error> {
        let samples = Samples::new(self.samples.clone());
        let drawn = Drawn::new(&samples, measure::RESAMPLES);
        let pairs = self.pairs(arm, other)?;
        let values: Vec<f64> = pairs.iter().map(|&(value, ..)| value as f64).collect();
        let at = |times: &Times| {
            let ratios = pairs.iter().map(|&(_, one, two)| samples.ratio(times, two, one));
            crossed(&values, &ratios.collect::<Vec<_>>())
        };
        let clean =
            |&(_, one, two): &(u64, usize, usize)| samples.estimator(one, two) == Estimator::MedianOfClean;
        let credible = pairs.iter().all(clean);
        let (first, last) = (values[0], values[values.len() - 1]);
        Ok(Crossing { value: drawn.estimate(at), first, last, credible })
    }

    /// The values at which both arms were measured, with the places of their samples.
    fn pairs(&self, arm: &str, other: &str) -> Result<Vec<(u64, usize, usize)>, Error> {
        let places = |name: &str| {
            let series = self.series.iter().find(|series| series.arm == name);
            series.map(|series| &series.places).filter(|places| !places.is_empty()).ok_or_else(|| {
                Error::NoSuchArm {
                    arm: name.to_owned(),
                    measured: self
                        .series
                        .iter()
                        .map(|series| series.arm.as_str())
                        .collect::<Vec<_>>()
                        .join("`, `"),
                }
            })
        };
        let (one, two) = (places(arm)?, places(other)?);
        let serial = self.series.iter().any(|series| series.arm == other && series.serial);
        // Serial has one place for all values.
        let base = |index: usize| if serial { two.first() } else { two.get(index) };
        let pairs = one
            .iter()
            .enumerate()
            .filter_map(|(index, place)| Some((place.value, place.index, base(index)?.index)));
        Ok(pairs.collect())
    }
}

/// Where the ratios first come to be above 1; the last value where they never do.
fn first_faster(values: &[f64], ratios: &[f64]) -> f64 {
    let first = ratios.iter().position(|ratio| *ratio > 1.0);
    first.map_or(values[values.len() - 1], |at| faster_from(&values[..=at], &ratios[..=at]))
}

/// Where the ratios, of which each belongs to a value, come to be above 1 for good.
fn faster_from(values: &[f64], ratios: &[f64]) -> f64 {
    let (first, last) = (values[0], values[values.len() - 1]);
    match ratios.iter().rposition(|ratio| *ratio <= 1.0) {
        None => first,
        Some(at) if at + 1 == values.len() => last,
        Some(at) => {
            // A value of 0 has no logarithm, and no place between it and the next but the next.
            if values[at] <= 0.0 {
                return values[at + 1];
            }
            let (below, above) = (ratios[at].ln(), ratios[at + 1].ln());
            let share = if above > below { -below / (above - below) } else { 1.0 };
            values[at] * (values[at + 1] / values[at]).powf(share)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_change_counts_and_what_lies_beyond_is_put_at_the_end() {
        let values = [1.0, 10.0, 100.0];
        assert_eq!(faster_from(&values, &[2.0, 2.0, 2.0]), 1.0);
        assert_eq!(faster_from(&values, &[2.0, 2.0, 0.5]), 100.0);
        assert!((faster_from(&values, &[0.5, 2.0, 4.0]) - 10.0_f64.sqrt()).abs() < 1e-9);
        assert!((faster_from(&values, &[2.0, 0.5, 2.0]) - 1_000.0_f64.sqrt()).abs() < 1e-9);
        assert_eq!(faster_from(&[0.0, 10.0], &[0.5, 2.0]), 10.0);
    }

    #[test]
    fn the_first_change_is_that_into_a_valley() {
        let values = [1.0, 10.0, 100.0];
        assert!((first_faster(&values, &[0.5, 2.0, 0.9]) - 10.0_f64.sqrt()).abs() < 1e-9);
        assert_eq!(first_faster(&values, &[2.0, 0.5, 2.0]), 1.0);
        assert_eq!(first_faster(&values, &[0.5, 0.6, 0.7]), 100.0);
    }
}
