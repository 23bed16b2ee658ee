//! The alpha-beta model of a message's time.

use serde::{Deserialize, Serialize};

use super::job::Job;
use crate::Error;
use crate::measure::{self, Drawn, Estimate, Samples, Times};

/// T(m) = α + β m: what a message of m bytes takes, however it travels.
///
/// Roger Hockney, "The communication challenge for MPP: Intel Paragon and Meiko CS-2", Parallel Computing 20(3), 1994.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlphaBeta {
    /// What was fitted.
    pub name: String,
    /// The time of an empty message, in seconds.
    pub alpha: Estimate,
    /// The further time for each byte, in seconds.
    pub beta: Estimate,
    /// What it was fitted to.
    pub measured: Vec<Measured>,
    /// Whether the times of the small messages, on which α rests, are those of undisturbed samples.
    pub credible: bool,
}

/// The time of a message of one size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Its size, in bytes.
    pub bytes: f64,
    /// In seconds.
    pub seconds: Estimate,
}

impl AlphaBeta {
    /// The time of a message of so many bytes, in seconds.
    #[must_use]
    pub fn seconds(&self, bytes: f64) -> f64 {
        self.alpha.point + self.beta.point * bytes
    }

    /// The same with the interval that those of α and β leave: wider than it need be.
    #[must_use]
    pub fn interval(&self, bytes: f64) -> Estimate {
        let at = |alpha: f64, beta: f64| alpha + beta * bytes;
        let (alpha, beta) = (&self.alpha, &self.beta);
        Estimate {
            point: at(alpha.point, beta.point),
            low: at(alpha.low, beta.low),
            high: at(alpha.high, beta.high),
            level: alpha.level,
        }
    }

    /// The size at which half the time is latency: α / β, in bytes.
    #[must_use]
    pub fn half_size(&self) -> Estimate {
        self.alpha.over(&self.beta)
    }
}

/// Up to this size a message is mostly latency, in bytes.
const SMALL: f64 = 1_024.0;

/// Fits the model to what `job` timed as `timed`, over the message's size: weighted least squares by the relative error, and
/// again in each resample.
///
/// # Errors
///
/// [`Error::NotReported`] where fewer than three sizes were timed.
pub fn alpha_beta(name: &str, timed: &str, job: &Job) -> Result<AlphaBeta, Error> {
    let sizes = job.places(timed);
    if sizes.len() < 3 {
        return Err(Error::NotReported { name: format!("{timed} at three sizes or more") });
    }
    let mut samples: Vec<_> = sizes.iter().map(|&at| job.samples(timed, at)).collect();
    let rounds = samples.iter().map(Vec::len).min().unwrap_or(0);
    samples.iter_mut().for_each(|arm| arm.truncate(rounds));
    let samples = Samples::new(samples);
    let drawn = Drawn::new(&samples, measure::RESAMPLES);
    let seconds = |times: &Times, arm: usize| samples.seconds(times, arm, arm);
    let fit = |times: &Times| {
        let points = sizes.iter().enumerate().map(|(arm, &bytes)| (bytes, seconds(times, arm)));
        least_squares(&points.collect::<Vec<_>>())
    };
    let measured = sizes
        .iter()
        .enumerate()
        .map(|(arm, &bytes)| Measured { bytes, seconds: drawn.estimate(|times| seconds(times, arm)) });
    Ok(AlphaBeta {
        name: name.to_owned(),
        alpha: drawn.estimate(|times| fit(times).0),
        beta: drawn.estimate(|times| fit(times).1),
        measured: measured.collect(),
        credible: sizes.iter().enumerate().all(|(arm, &bytes)| {
            bytes > SMALL || samples.estimator(arm, arm) == measure::Estimator::MedianOfClean
        }),
    })
}

/// α and β, neither negative, with the least sum of (α + β m − t)² / t².
fn least_squares(points: &[(f64, f64)]) -> (f64, f64) {
    let sum =
        |of: &dyn Fn(f64, f64) -> f64| points.iter().map(|&(bytes, seconds)| of(bytes, seconds)).sum::<f64>();
    let ones = sum(&|_, t| 1.0 / (t * t));
    let sizes = sum(&|m, t| m / (t * t));
    let squares = sum(&|m, t| m * m / (t * t));
    let (times, products) = (sum(&|_, t| 1.0 / t), sum(&|m, t| m / t));
    let determinant = ones * squares - sizes * sizes;
    let alpha = (times * squares - products * sizes) / determinant;
    let beta = (products * ones - times * sizes) / determinant;
    match (alpha >= 0.0, beta >= 0.0) {
        (true, true) => (alpha, beta),
        (false, _) => (0.0, products / squares),
        (_, false) => (times / ones, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_latency_and_bandwidth_are_found() {
        let planted = |bytes: f64| 5e-6 + bytes * 2e-10;
        let points: Vec<(f64, f64)> = [8.0, 1e3, 1e5, 1e7].map(|bytes| (bytes, planted(bytes))).to_vec();
        let (alpha, beta) = least_squares(&points);
        assert!((alpha / 5e-6 - 1.0).abs() < 1e-9 && (beta / 2e-10 - 1.0).abs() < 1e-9, "{alpha} {beta}");
        // A line through these would begin below nothing.
        assert_eq!(least_squares(&[(1.0, 1.0), (2.0, 3.0), (3.0, 9.0)]).0, 0.0);
    }
}
