//! What a reader predicted, held against what was then measured; and the journal of all of it.

mod journal;
mod measured;

use serde::{Deserialize, Serialize};

pub use journal::{Deleted, Entry, Journal, my_predictions};
pub(crate) use journal::{keep, nothing_kept};
pub use measured::{Measured, Number};

use crate::language::{say, word};
use crate::measure::Estimate;

/// A number that was written down before the measurement, and what the measurement came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// What was to be predicted, with its unit in parentheses where it has one: "p99, blocking (ms)".
    pub question: String,
    /// The reader's number.
    pub predicted: f64,
    /// What was measured.
    pub measured: Measured,
}

/// What a measurement says of a prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It lies inside of the interval, or is the very number that was counted.
    Inside,
    /// It lies below.
    TooLow,
    /// It lies above.
    TooHigh,
    /// Nothing was measured that could decide.
    CannotTell,
}

impl Prediction {
    /// Whether the prediction lay inside of what was measured.
    pub fn outcome(&self) -> Outcome {
        let Some((low, high)) = self.measured.bounds().filter(|_| self.predicted.is_finite()) else {
            return Outcome::CannotTell;
        };
        match (self.predicted < low, self.predicted > high) {
            (true, _) => Outcome::TooLow,
            (_, true) => Outcome::TooHigh,
            _ if self.measured.is_open() => Outcome::CannotTell,
            _ => Outcome::Inside,
        }
    }

    /// How many times the measured value the prediction is; `None` where one of them is zero, negative or missing.
    pub fn ratio(&self) -> Option<f64> {
        let ratio = self.predicted / self.measured.point()?;
        (self.predicted > 0.0 && ratio > 0.0 && ratio.is_finite()).then_some(ratio)
    }

    /// The outcome in words, with how far off the prediction was: "too high by 7%".
    pub fn verdict(&self) -> String {
        /// From which factor on it is said as such, and no longer in percent.
        const FAR: f64 = 2.0;
        let outcome = self.outcome();
        let side = match outcome {
            Outcome::TooLow => word!(en: "too low", pt: "baixo demais"),
            Outcome::TooHigh => word!(en: "too high", pt: "alto demais"),
            Outcome::Inside if self.measured.is_exact() => return say!(en: "right", pt: "certo"),
            Outcome::Inside => return say!(en: "inside", pt: "dentro"),
            Outcome::CannotTell => return self.doubt(),
        };
        let Some(ratio) = self.ratio() else { return side.to_owned() };
        match ratio.max(1.0 / ratio) {
            factor if factor >= FAR => {
                let factor = rounded(factor);
                say!(en: "{side} by a factor of {factor}", pt: "{side}, por um fator de {factor}")
            }
            _ => match 100.0 * (ratio - 1.0).abs() {
                // So narrow is the interval that the prediction lies outside.
                small if small < 0.5 => say!(en: "{side} by less than 1%", pt: "{side}, por menos de 1%"),
                percent => say!(en: "{side} by {percent:.0}%", pt: "{side} em {percent:.0}%"),
            },
        }
    }

    /// Why nothing can be told.
    fn doubt(&self) -> String {
        if !self.predicted.is_finite() {
            return say!(en: "cannot tell, no number was predicted", pt: "inconclusivo, nenhum número foi previsto");
        }
        match &self.measured {
            Measured::Interval { credible: false, .. } => {
                say!(en: "cannot tell, a disturbed measurement", pt: "inconclusivo, a medição foi perturbada")
            }
            Measured::Interval { .. } if self.measured.is_open() => {
                say!(en: "cannot tell, beyond what was measured", pt: "inconclusivo, além do que foi medido")
            }
            _ => say!(en: "cannot tell, not measured here", pt: "inconclusivo, não medido aqui"),
        }
    }

    /// The whole in one sentence: "par_iter, 2 workers: predicted 2, measured 1.87 [1.85, 1.90]: too high by 7%."
    pub fn sentence(&self) -> String {
        say!(
            en: "{}: predicted {}, {}: {}.",
            pt: "{}: previsto {}, {}: {}.",
            self.question,
            rounded(self.predicted),
            self.measured,
            self.verdict()
        )
    }

    /// Finds what no prediction has: names and numbers that would break a figure.
    pub(crate) fn contradiction(&self) -> Option<&'static str> {
        /// The longest question or reason.
        const LONGEST: usize = 1_000;
        /// What is larger breaks a figure's axis.
        const LARGEST: f64 = 1e15;
        let reason = if let Measured::Missing(reason) = &self.measured { reason.len() } else { 0 };
        if self.question.len().max(reason) > LONGEST {
            return Some(
                word!(en: "a question or a reason is too long", pt: "uma pergunta ou um motivo é longo demais"),
            );
        }
        let numbers = self.measured.numbers().chain([self.predicted]);
        if numbers.into_iter().any(|number| !number.is_finite() || number.abs() > LARGEST) {
            return Some(word!(en: "a number is too large", pt: "um número é grande demais"));
        }
        match self.measured {
            Measured::Interval { estimate: Estimate { low, point, high, .. }, .. }
                if low > point || point > high =>
            {
                Some(word!(en: "an interval is upside down", pt: "um intervalo está invertido"))
            }
            _ => None,
        }
    }
}

impl Outcome {
    /// All outcomes, in the order in which they are told.
    pub(crate) const ALL: [Outcome; 4] =
        [Outcome::Inside, Outcome::TooHigh, Outcome::TooLow, Outcome::CannotTell];

    /// The outcome in one or two words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Outcome::Inside => word!(en: "inside", pt: "dentro"),
            Outcome::TooLow => word!(en: "too low", pt: "baixo demais"),
            Outcome::TooHigh => word!(en: "too high", pt: "alto demais"),
            Outcome::CannotTell => word!(en: "cannot tell", pt: "inconclusivo"),
        }
    }
}

/// A number with three digits that count, and no more decimals than it needs.
pub(crate) fn rounded(number: f64) -> String {
    let text = format!("{number:.*}", decimals(number));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// With how many decimals three digits of a number of this size are shown.
fn decimals(size: f64) -> usize {
    // What has no logarithm, 0 or no number at all, becomes 0 here.
    (2.0 - size.abs().log10().floor()).clamp(0.0, 9.0) as usize % 9
}

#[cfg(test)]
mod tests {
    use super::*;

    const NARROW: Estimate = Estimate { point: 1.87, low: 1.85, high: 1.90, level: 0.95 };

    fn of(predicted: f64, measured: impl Into<Measured>) -> Prediction {
        Prediction { question: "q".to_owned(), predicted, measured: measured.into() }
    }

    #[test]
    fn the_interval_decides_and_the_point_says_how_far_off() {
        for (predicted, outcome, verdict) in [
            (1.86, Outcome::Inside, "inside"),
            (1.90, Outcome::Inside, "inside"),
            (2.0, Outcome::TooHigh, "too high by 7%"),
            (1.0, Outcome::TooLow, "too low by 47%"),
            (100.0, Outcome::TooHigh, "too high by a factor of 53.5"),
            (0.187, Outcome::TooLow, "too low by a factor of 10"),
            (0.0, Outcome::TooLow, "too low"),
            (-3.0, Outcome::TooLow, "too low"),
            (f64::NAN, Outcome::CannotTell, "cannot tell, no number was predicted"),
            (f64::INFINITY, Outcome::CannotTell, "cannot tell, no number was predicted"),
        ] {
            let prediction = of(predicted, NARROW);
            assert_eq!(
                (prediction.outcome(), prediction.verdict().as_str()),
                (outcome, verdict),
                "{predicted}"
            );
        }
        assert_eq!(of(2.0, NARROW).sentence(), "q: predicted 2, measured 1.87 [1.85, 1.90]: too high by 7%.");
    }

    #[test]
    fn what_is_counted_has_no_interval_and_is_met_exactly_or_not() {
        assert_eq!(of(24.0, 24_usize).sentence(), "q: predicted 24, counted 24: right.");
        assert_eq!(of(2.0, 4_u64).sentence(), "q: predicted 2, counted 4: too low by a factor of 2.");
        assert_eq!(of(1.0, 0_u64).verdict(), "too high");
        assert_eq!(
            of(1.0, 1.5).sentence(),
            "q: predicted 1, seen once 1.5, without an interval: too low by 33%."
        );
    }

    #[test]
    fn what_does_not_decide_cannot_tell() {
        let disturbed = Measured::from(NARROW).if_credible(false);
        assert_eq!(of(1.86, disturbed).verdict(), "cannot tell, a disturbed measurement");
        let missing: Measured = Err::<Measured, _>(crate::Error::NoGo).into();
        assert_eq!(of(1.0, missing).outcome(), Outcome::CannotTell);
        let nan = Estimate { point: f64::NAN, ..NARROW };
        assert_eq!(of(1.0, nan).outcome(), Outcome::CannotTell);
    }

    #[test]
    fn beyond_an_open_end_nothing_is_told_and_beyond_a_closed_one_it_is() {
        let open =
            |below, above| Measured::Interval { estimate: NARROW, credible: true, open: (below, above) };
        assert_eq!(of(5.0, open(false, true)).outcome(), Outcome::CannotTell);
        assert_eq!(of(1.0, open(false, true)).outcome(), Outcome::TooLow);
        assert_eq!(of(1.0, open(true, false)).outcome(), Outcome::CannotTell);
        assert_eq!(of(5.0, open(true, false)).outcome(), Outcome::TooHigh);
    }

    #[test]
    fn numbers_are_short() {
        for (number, text) in
            [(2.0, "2"), (1.5, "1.5"), (131_072.0, "131072"), (0.0123, "0.0123"), (53.48, "53.5")]
        {
            assert_eq!(rounded(number), text);
        }
    }
}
