//! Gustafson's law: with more workers one does more, and the serial part does not grow.

use serde::{Deserialize, Serialize};

use super::refused::check;
use super::{Law, LawName, Refused, SpeedupPoint};

/// Gustafson's law with its serial fraction s': the scaled speedup is S(N) = s' + (1 - s') N.
///
/// Here s' is a share of the time of the *parallel* run, and Amdahl's s one of the serial time: the two are not the same
/// number. John Gustafson, "Reevaluating Amdahl's law", CACM 31(5), 1988.
///
/// ```
/// use conpar::model::{Gustafson, Law};
///
/// let law = Gustafson { serial_fraction: 0.1 };
/// assert_eq!(law.speedup(1.0), 1.0);
/// assert!((law.speedup(11.0) - 10.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gustafson<T = f64> {
    /// The share of the parallel time that is spent on one worker, whatever the number of workers; from 0 to 1.
    pub serial_fraction: T,
}

impl Law for Gustafson {
    const NAME: LawName = LawName::Gustafson;

    /// As for Amdahl's law: one worker always gives 1, the second gives s', and the third shows whether the law holds.
    const NEEDED: usize = 3;

    /// Least squares on the relative error of the speedup, which is linear in s': S(N) = N - s' (N - 1). The result is
    /// kept within [0, 1].
    fn fit(points: &[SpeedupPoint]) -> Result<Gustafson, Refused> {
        check(points, Self::NAME, Self::NEEDED)?;
        let (mut numerator, mut denominator) = (0.0, 0.0);
        for &(workers, speedup) in points {
            // Both sides are divided by the measured speedup.
            let ideal = workers as f64 / speedup;
            let slope = ideal - 1.0 / speedup;
            numerator += (ideal - 1.0) * slope;
            denominator += slope * slope;
        }
        Ok(Gustafson { serial_fraction: (numerator / denominator).clamp(0.0, 1.0) })
    }

    fn speedup(&self, workers: f64) -> f64 {
        self.serial_fraction + (1.0 - self.serial_fraction) * workers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_fraction_is_found_again() {
        for planted in [0.0, 0.1, 0.3, 0.5, 1.0] {
            let law = Gustafson { serial_fraction: planted };
            let points: Vec<SpeedupPoint> = [1, 2, 4, 8].map(|n| (n, law.speedup(n as f64))).to_vec();
            let found = Gustafson::fit(&points).expect("four points").serial_fraction;
            assert!((found - planted).abs() < 1e-12, "{planted} became {found}");
        }
    }
}
