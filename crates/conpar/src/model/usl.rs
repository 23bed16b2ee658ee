//! The universal scalability law: contention flattens the speedup, coherency bends it down again.

use serde::{Deserialize, Serialize};

use super::refused::check;
use super::{Law, LawName, Refused, SpeedupPoint};

/// The universal scalability law: S(N) = c N / (1 + σ (N - 1) + κ N (N - 1)).
///
/// Neil Gunther, "Guerrilla Capacity Planning", 2007, chapters 4 to 6. There c is 1: the speedup is one over the parallel
/// code on one worker. Here it is one over the best serial code, and c is what the parallel code gives on one worker.
///
/// ```
/// use conpar::model::{Law, Usl};
///
/// let law = Usl { sigma: 0.0, kappa: 0.01, one_worker: 1.0 };
/// assert_eq!(law.speedup(1.0), 1.0);
/// assert_eq!(law.peak(), Some(10.0));
/// assert!(law.speedup(10.0) > law.speedup(9.0) && law.speedup(10.0) > law.speedup(11.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Usl<T = f64> {
    /// Contention σ: the share of the work that waits in a queue for something shared. At least 0.
    pub sigma: T,
    /// Coherency κ: what each pair of workers costs to keep what they share equal. At least 0.
    pub kappa: T,
    /// The speedup c on one worker: below 1 where the parallel code does more than serial.
    pub one_worker: T,
}

impl Usl {
    /// The number of workers with the highest speedup, N* = √((1 - σ) / κ). `None` where the speedup never falls again
    /// (κ is 0), or falls from the beginning (σ is 1 or more).
    pub fn peak(&self) -> Option<f64> {
        let peak = ((1.0 - self.sigma) / self.kappa).sqrt();
        (peak.is_finite() && peak > 0.0).then_some(peak)
    }
}

impl Law for Usl {
    const NAME: LawName = LawName::Usl;

    /// Three parameters, and as many points again to see whether the law holds.
    const NEEDED: usize = 6;

    /// Least squares on the relative error of N·t(N) with t = 1/S, which is linear: N·t = t₁ + t₁σ (N - 1) +
    /// t₁κ N (N - 1). σ and κ at least 0; t₁ = 1/c is free.
    ///
    /// The best fit under such bounds is the best free fit with some of the bounded coefficients left out, so all four
    /// choices are tried, and the best of those that keep the bounds is taken (Lawson and Hanson, "Solving Least Squares
    /// Problems", 1974, chapter 23).
    fn fit(points: &[SpeedupPoint]) -> Result<Usl, Refused> {
        check(points, Self::NAME, Self::NEEDED)?;
        let normal = Normal::new(points);
        let choices = [[0, 1, 2].as_slice(), &[0, 1], &[0, 2], &[0]];
        let feasible = choices.iter().filter_map(|&columns| {
            let coefficients = normal.solve(columns)?;
            coefficients
                .iter()
                .all(|&value| value >= 0.0)
                .then(|| (normal.error(&coefficients), coefficients))
        });
        let best = feasible.min_by(|one, two| one.0.total_cmp(&two.0));
        best.map(|(_, coefficients)| coefficients.into()).ok_or(Refused::NotPositive)
    }

    /// The free fit, without the bounds; the ends of an interval are then cut to them.
    ///
    /// Where the true σ is 0, bounded refits would make kappa's interval too narrow: the bootstrap of an estimate on the
    /// boundary of what it may be is not consistent (Andrews, "Inconsistency of the bootstrap when a parameter is on the
    /// boundary of the parameter space", Econometrica 68(2), 2000). The free fit has no boundary.
    fn refit(points: &[SpeedupPoint]) -> Result<Usl, Refused> {
        check(points, Self::NAME, Self::NEEDED)?;
        Normal::new(points).solve(&[0, 1, 2]).map(Usl::from).ok_or(Refused::NotPositive)
    }

    fn speedup(&self, workers: f64) -> f64 {
        let lost = self.sigma * (workers - 1.0) + self.kappa * workers * (workers - 1.0);
        self.one_worker * workers / (1.0 + lost)
    }
}

impl From<[f64; 3]> for Usl {
    /// From the coefficients t₁, t₁σ and t₁κ.
    fn from([one, contention, coherency]: [f64; 3]) -> Usl {
        Usl { sigma: contention / one, kappa: coherency / one, one_worker: 1.0 / one }
    }
}

/// The normal equations of the three columns 1, N - 1, N (N - 1), each divided by the measured N·t(N), against 1.
struct Normal {
    /// The products of the columns with each other.
    matrix: [[f64; 3]; 3],
    /// The products of the columns with the right side, which is 1 everywhere.
    right: [f64; 3],
    /// The number of points.
    points: f64,
}

impl Normal {
    fn new(points: &[SpeedupPoint]) -> Normal {
        let mut normal = Normal { matrix: [[0.0; 3]; 3], right: [0.0; 3], points: points.len() as f64 };
        for &(workers, speedup) in points {
            let workers = workers as f64;
            let row =
                [1.0, workers - 1.0, workers * (workers - 1.0)].map(|column| column * speedup / workers);
            for (index, value) in row.iter().enumerate() {
                normal.right[index] += value;
                for (other, second) in row.iter().enumerate() {
                    normal.matrix[index][other] += value * second;
                }
            }
        }
        normal
    }

    /// The coefficients with the least error when only `columns` are used; the others are 0. `None` where these columns
    /// do not determine them.
    ///
    /// By Cholesky's decomposition, with the columns scaled to length 1: they differ by a factor of N².
    fn solve(&self, columns: &[usize]) -> Option<[f64; 3]> {
        let scale = [0, 1, 2].map(|column: usize| self.matrix[column][column].sqrt());
        let mut lower = [[0.0; 3]; 3];
        let mut forward = [0.0; 3];
        for (i, &column) in columns.iter().enumerate() {
            for (j, &other) in columns[..=i].iter().enumerate() {
                let product = self.matrix[column][other] / (scale[column] * scale[other]);
                let rest = product - (0..j).map(|k| lower[i][k] * lower[j][k]).sum::<f64>();
                lower[i][j] = if i == j { rest.sqrt() } else { rest / lower[j][j] };
            }
            let rest =
                self.right[column] / scale[column] - (0..i).map(|k| lower[i][k] * forward[k]).sum::<f64>();
            forward[i] = rest / lower[i][i];
        }
        let mut solution = [0.0; 3];
        let mut coefficients = [0.0; 3];
        for i in (0..columns.len()).rev() {
            let rest = forward[i] - (i + 1..columns.len()).map(|k| lower[k][i] * solution[k]).sum::<f64>();
            solution[i] = rest / lower[i][i];
            coefficients[columns[i]] = solution[i] / scale[columns[i]];
        }
        coefficients.iter().all(|value| value.is_finite()).then_some(coefficients)
    }

    /// The sum of the squared relative errors.
    fn error(&self, coefficients: &[f64; 3]) -> f64 {
        let quadratic = (0..3).map(|i| {
            let row: f64 = (0..3).map(|j| self.matrix[i][j] * coefficients[j]).sum();
            coefficients[i] * (row - 2.0 * self.right[i])
        });
        self.points + quadratic.sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: [usize; 8] = [1, 2, 3, 4, 6, 8, 12, 16];

    fn points(law: Usl) -> Vec<SpeedupPoint> {
        COUNTS.iter().map(|&workers| (workers, law.speedup(workers as f64))).collect()
    }

    #[test]
    fn planted_parameters_are_found_again_on_every_boundary() {
        for sigma in [0.0, 0.02, 0.3] {
            for kappa in [0.0, 1e-4, 0.01] {
                for one_worker in [0.5, 1.0, 1.1] {
                    let law = Usl { sigma, kappa, one_worker };
                    let found = Usl::fit(&points(law)).expect("eight points");
                    assert!((found.sigma - sigma).abs() < 1e-9, "{law:?} became {found:?}");
                    assert!((found.kappa - kappa).abs() < 1e-9, "{law:?} became {found:?}");
                    assert!((found.one_worker - one_worker).abs() < 1e-9, "{law:?} became {found:?}");
                }
            }
        }
    }

    #[test]
    fn the_bounds_are_kept_and_nothing_feasible_is_better() {
        let mut rng = fastrand::Rng::with_seed(3);
        for _ in 0..200 {
            let law = Usl { sigma: 0.01, kappa: 1e-4, one_worker: 1.0 };
            let noisy: Vec<SpeedupPoint> =
                points(law).into_iter().map(|(n, speedup)| (n, speedup * (0.9 + 0.2 * rng.f64()))).collect();
            let found = Usl::fit(&noisy).expect("eight points");
            assert!(found.sigma >= 0.0 && found.kappa >= 0.0 && found.one_worker > 0.0, "{found:?}");
            let error = |law: &Usl| -> f64 {
                noisy.iter().map(|&(n, speedup)| (speedup / law.speedup(n as f64) - 1.0).powi(2)).sum()
            };
            for _ in 0..50 {
                let near = |value: f64| (value + 0.01 * (rng.clone().f64() - 0.5)).max(0.0);
                let other = Usl {
                    sigma: near(found.sigma),
                    kappa: near(found.kappa) / 10.0,
                    one_worker: near(found.one_worker),
                };
                rng.f64();
                assert!(error(&found) <= error(&other) + 1e-12, "{other:?} is better than {found:?}");
            }
        }
    }

    #[test]
    fn five_points_are_refused() {
        let refused = Usl::fit(&points(Usl { sigma: 0.1, kappa: 0.01, one_worker: 1.0 })[..5]);
        assert_eq!(refused, Err(Refused::TooFewCounts { law: LawName::Usl, needed: 6, found: 5 }));
    }

    #[test]
    fn a_peak_is_where_there_is_one() {
        let law = Usl { sigma: 0.0, kappa: 0.01, one_worker: 1.0 };
        assert_eq!(law.peak(), Some(10.0));
        assert_eq!(Usl { kappa: 0.0, ..law }.peak(), None);
        assert_eq!(Usl { sigma: 1.5, ..law }.peak(), None);
    }
}
