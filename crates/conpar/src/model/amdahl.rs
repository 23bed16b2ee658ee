//! Amdahl's law: what cannot be done in parallel bounds the speedup.

use serde::{Deserialize, Serialize};

use super::refused::check;
use super::{Law, LawName, Refused, SpeedupPoint};

/// Amdahl's law with its serial fraction s: S(N) = 1 / (s + (1 - s) / N).
///
/// Gene Amdahl, "Validity of the single processor approach to achieving large scale computing capabilities", AFIPS 1967.
///
/// ```
/// use conpar::model::{Amdahl, Law};
///
/// let law = Amdahl { serial_fraction: 0.1 };
/// assert_eq!(law.speedup(1.0), 1.0);
/// assert!((law.speedup(9.0) - 5.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Amdahl<T = f64> {
    /// The share of the serial time that does not get shorter with more workers, from 0 to 1.
    pub serial_fraction: T,
}

impl Law for Amdahl {
    const NAME: LawName = LawName::Amdahl;

    /// With two, the fraction is Karp and Flatt's, and nothing is left to see whether the law holds.
    const NEEDED: usize = 3;

    /// Least squares on the relative error of the time t = 1/S, which is linear in s: t(N) = 1/N + s (1 - 1/N). The
    /// result is kept within [0, 1].
    fn fit(points: &[SpeedupPoint]) -> Result<Amdahl, Refused> {
        check(points, Self::NAME, Self::NEEDED)?;
        let (mut numerator, mut denominator) = (0.0, 0.0);
        for &(workers, speedup) in points {
            // Both sides are divided by the measured time, 1/S.
            let ideal = speedup / workers as f64;
            let slope = speedup - ideal;
            numerator += (1.0 - ideal) * slope;
            denominator += slope * slope;
        }
        Ok(Amdahl { serial_fraction: (numerator / denominator).clamp(0.0, 1.0) })
    }

    fn speedup(&self, workers: f64) -> f64 {
        1.0 / (self.serial_fraction + (1.0 - self.serial_fraction) / workers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_fraction_is_found_again() {
        for planted in [0.0, 0.1, 0.3, 0.5, 1.0] {
            let law = Amdahl { serial_fraction: planted };
            let points: Vec<SpeedupPoint> = [1, 2, 4, 8].map(|n| (n, law.speedup(n as f64))).to_vec();
            let found = Amdahl::fit(&points).expect("four points").serial_fraction;
            assert!((found - planted).abs() < 1e-12, "{planted} became {found}");
        }
    }

    #[test]
    fn two_points_are_refused_even_when_repeated() {
        let refused = Amdahl::fit(&[(1, 1.0), (2, 1.9), (2, 1.8)]);
        assert!(matches!(refused, Err(Refused::TooFewCounts { found: 2, .. })));
        assert_eq!(Amdahl::fit(&[(1, 1.0), (2, f64::NAN), (3, 2.0)]), Err(Refused::NotPositive));
    }

    #[test]
    fn super_linear_points_stay_within_bounds() {
        let law = Amdahl::fit(&[(1, 1.0), (2, 2.2), (4, 4.5)]).expect("three points");
        assert_eq!(law.serial_fraction, 0.0);
    }
}
