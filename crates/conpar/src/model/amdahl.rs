//! Amdahl's law: what cannot be done in parallel bounds the speedup.

use serde::{Deserialize, Serialize};

use super::{Refused, SpeedupPoint};

/// Amdahl's law with its serial fraction s: S(N) = 1 / (s + (1 - s) / N).
///
/// Gene Amdahl, "Validity of the single processor approach to achieving large scale computing capabilities", AFIPS 1967.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Amdahl {
    /// The share of the serial time that does not get shorter with more workers, from 0 to 1.
    pub serial_fraction: f64,
}

impl Amdahl {
    /// From how many worker counts on the law may be fitted. With two, the fraction is Karp and Flatt's and nothing is
    /// left to see whether the law holds.
    pub const NEEDED: usize = 3;

    /// The speedup that the law predicts for `workers`.
    ///
    /// ```
    /// use conpar::model::Amdahl;
    ///
    /// let law = Amdahl { serial_fraction: 0.1 };
    /// assert_eq!(law.speedup(1), 1.0);
    /// assert!((law.speedup(9) - 5.0).abs() < 1e-12);
    /// ```
    pub fn speedup(&self, workers: usize) -> f64 {
        1.0 / (self.serial_fraction + (1.0 - self.serial_fraction) / workers as f64)
    }

    /// Fits s by least squares on the relative error of the time t = 1/S, which is linear in s:
    /// t(N) = 1/N + s (1 - 1/N). The result is kept within [0, 1].
    ///
    /// # Errors
    ///
    /// [`Refused::TooFewPoints`] with fewer than [`Amdahl::NEEDED`] different worker counts, [`Refused::NotPositive`]
    /// for a speedup that is not a positive number.
    pub fn fit(points: &[SpeedupPoint]) -> Result<Amdahl, Refused> {
        let mut counts: Vec<usize> = points.iter().map(|&(workers, _)| workers).collect();
        counts.sort_unstable();
        counts.dedup();
        if counts.len() < Amdahl::NEEDED {
            return Err(Refused::TooFewPoints {
                model: "Amdahl's law",
                needed: Amdahl::NEEDED,
                found: counts.len(),
            });
        }
        let (mut numerator, mut denominator) = (0.0, 0.0);
        for &(workers, speedup) in points {
            if !(speedup.is_finite() && speedup > 0.0) {
                return Err(Refused::NotPositive);
            }
            let (time, ideal) = (1.0 / speedup, 1.0 / workers as f64);
            let weight = 1.0 / (time * time);
            numerator += weight * (time - ideal) * (1.0 - ideal);
            denominator += weight * (1.0 - ideal) * (1.0 - ideal);
        }
        Ok(Amdahl { serial_fraction: (numerator / denominator).clamp(0.0, 1.0) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_fraction_is_found_again() {
        for planted in [0.0, 0.1, 0.3, 0.5, 1.0] {
            let law = Amdahl { serial_fraction: planted };
            let points: Vec<SpeedupPoint> = [1, 2, 4, 8].map(|n| (n, law.speedup(n))).to_vec();
            let found = Amdahl::fit(&points).expect("four points").serial_fraction;
            assert!((found - planted).abs() < 1e-12, "{planted} became {found}");
        }
    }

    #[test]
    fn two_points_are_refused_even_when_repeated() {
        let refused = Amdahl::fit(&[(1, 1.0), (2, 1.9), (2, 1.8)]);
        assert!(matches!(refused, Err(Refused::TooFewPoints { found: 2, .. })));
        assert_eq!(Amdahl::fit(&[(1, 1.0), (2, f64::NAN), (3, 2.0)]), Err(Refused::NotPositive));
    }

    #[test]
    fn super_linear_points_stay_within_bounds() {
        let law = Amdahl::fit(&[(1, 1.0), (2, 2.2), (4, 4.5)]).expect("three points");
        assert_eq!(law.serial_fraction, 0.0);
    }
}
