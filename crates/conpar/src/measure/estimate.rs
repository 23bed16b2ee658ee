//! A measured value is never a bare number: point, interval, level.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::language::word;

/// A point estimate with its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The estimate itself.
    pub point: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
    /// The confidence level, 0.95 for a 95% interval.
    pub level: f64,
}

/// What an interval says of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The whole interval agrees with the statement.
    Supported,
    /// The whole interval contradicts it.
    Violated,
    /// The interval holds both possibilities.
    #[serde(rename = "cannot tell")]
    CannotTell,
}

impl Estimate {
    /// Whether the true value lies above `bound`.
    pub fn above(&self, bound: f64) -> Verdict {
        if self.low > bound {
            Verdict::Supported
        } else if self.high < bound {
            Verdict::Violated
        } else {
            Verdict::CannotTell
        }
    }

    /// Whether the true value lies below `bound`.
    pub fn below(&self, bound: f64) -> Verdict {
        if self.high < bound {
            Verdict::Supported
        } else if self.low > bound {
            Verdict::Violated
        } else {
            Verdict::CannotTell
        }
    }

    /// The same of a value that cannot lie outside of `low` to `high`.
    pub fn clamp(self, low: f64, high: f64) -> Estimate {
        let [point, lower, upper] = [self.point, self.low, self.high].map(|value| value.clamp(low, high));
        Estimate { point, low: lower, high: upper, ..self }
    }

    /// The estimate of a quantity `factor` times as large; `factor` is positive.
    pub fn scaled(&self, factor: f64) -> Estimate {
        let [point, low, high] = [self.point, self.low, self.high].map(|value| value * factor);
        Estimate { point, low, high, level: self.level }
    }

    /// The quotient of two positive estimates that were not made from the same rounds. Its interval reaches from the
    /// least to the greatest quotient of what the two intervals hold: wider than it need be, never too narrow.
    pub fn over(&self, base: &Estimate) -> Estimate {
        Estimate {
            point: self.point / base.point,
            low: self.low / base.high,
            high: self.high / base.low,
            level: self.level.min(base.level),
        }
    }

    /// Whether the true value lies between `low` and `high`.
    pub fn within(&self, low: f64, high: f64) -> Verdict {
        match (self.above(low), self.below(high)) {
            (Verdict::Supported, Verdict::Supported) => Verdict::Supported,
            (Verdict::Violated, _) | (_, Verdict::Violated) => Verdict::Violated,
            _ => Verdict::CannotTell,
        }
    }

    /// Half the interval's width as a share of the point.
    pub fn relative_half_width(&self) -> f64 {
        (self.high - self.low) / 2.0 / self.point.abs()
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = f.precision().unwrap_or(2);
        let [point, low, high] = [self.point, self.low, self.high].map(|value| rounded(value, decimals));
        write!(f, "{point} [{low}, {high}]")
    }
}

/// `value` with so many decimals. What rounds to zero has no sign.
fn rounded(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|digit| matches!(digit, '0' | '.')) => digits.to_owned(),
        _ => text,
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Supported => word!(en: "supported", pt: "sustentada"),
            Verdict::Violated => word!(en: "violated", pt: "violada"),
            Verdict::CannotTell => word!(en: "cannot tell", pt: "inconclusiva"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotient_holds_every_quotient_of_the_two_intervals() {
        let one = Estimate { point: 4.0, low: 3.0, high: 6.0, level: 0.95 };
        let two = Estimate { point: 2.0, low: 1.5, high: 3.0, level: 0.95 };
        assert_eq!(one.over(&two), Estimate { point: 2.0, low: 1.0, high: 4.0, level: 0.95 });
        assert_eq!(one.scaled(0.5), Estimate { point: 2.0, low: 1.5, high: 3.0, level: 0.95 });
    }

    #[test]
    fn verdicts_come_from_the_interval_not_from_the_point() {
        let wide = Estimate { point: 1.5, low: 0.9, high: 2.0, level: 0.95 };
        assert_eq!(wide.above(1.0), Verdict::CannotTell);
        assert_eq!(wide.below(1.0), Verdict::CannotTell);
        assert_eq!(wide.above(0.8), Verdict::Supported);
        assert_eq!(wide.below(0.8), Verdict::Violated);
        assert_eq!(wide.within(0.8, 2.1), Verdict::Supported);
        assert_eq!(wide.within(1.0, 2.1), Verdict::CannotTell);
        assert_eq!(wide.within(2.1, 3.0), Verdict::Violated);
    }

    #[test]
    fn what_rounds_to_zero_is_shown_without_a_sign() {
        let tiny = Estimate { point: -0.0, low: -0.004, high: 0.004, level: 0.95 };
        assert_eq!(tiny.to_string(), "0.00 [0.00, 0.00]");
        assert_eq!(format!("{tiny:.3}"), "0.000 [-0.004, 0.004]");
    }
}
