//! How often a job should write down how far it is, so that failures cost it least: simulated.

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::language::word;

/// How often a job that may fail should write a checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checkpoints {
    /// Writing one, in seconds.
    pub cost: f64,
    /// Starting again from one, in seconds.
    pub restart: f64,
    /// The mean time between failures of one machine, in hours.
    pub hours: f64,
    /// The number of machines.
    pub machines: usize,
}

/// Begins with what a checkpoint and a restart cost in seconds.
///
/// # Errors
///
/// [`Error::BadRanks`] for times that are not positive.
pub fn checkpoints(cost: f64, restart: f64, hours: f64, machines: usize) -> Result<Checkpoints, Error> {
    let positive = [cost, hours].iter().all(|time| time.is_finite() && *time > 0.0);
    let sound = positive && restart.is_finite() && restart >= 0.0 && machines > 0;
    if !sound {
        let reason = word!(
            en: "a checkpoint and a failure take positive times",
            pt: "um checkpoint e uma falha levam tempos positivos"
        );
        return Err(Error::BadRanks { reason: reason.to_owned() });
    }
    Ok(Checkpoints { cost, restart, hours, machines })
}

impl Checkpoints {
    /// The mean time between failures of all machines together, in seconds.
    #[must_use]
    pub fn between_failures(&self) -> f64 {
        self.hours * 3_600.0 / self.machines as f64
    }

    /// The time between two checkpoints with the least loss, in seconds: √(2 C M) (John Young, "A first order approximation to
    /// the optimum checkpoint interval", Communications of the ACM 17(9), 1974).
    #[must_use]
    pub fn young(&self) -> f64 {
        (2.0 * self.cost * self.between_failures()).sqrt()
    }

    /// The time that a job takes, as a multiple of what it would without failures and checkpoints: M e^(R/M) (e^((τ+C)/M) − 1) / τ
    /// for failures that come at random (John Daly, "A higher order estimate of the optimum checkpoint interval for restart
    /// dumps", Future Generation Computer Systems 22(3), 2006).
    #[must_use]
    pub fn stretch(&self, interval: f64) -> f64 {
        let mean = self.between_failures();
        mean * (self.restart / mean).exp() * ((interval + self.cost) / mean).exp_m1() / interval
    }

    /// The same by following one long job through failures that come at random.
    #[must_use]
    pub fn simulated(&self, interval: f64, seed: u64) -> f64 {
        const PIECES: usize = 4_000;
        /// Beyond it the job does not end.
        const MOST_STRETCH: f64 = 50.0;
        let mut rng = fastrand::Rng::with_seed(seed);
        let mean = self.between_failures();
        let mut failure = || -mean * (1.0 - rng.f64()).ln();
        let (mut clock, mut next, mut done) = (0.0, failure(), 0);
        while done < PIECES && clock < MOST_STRETCH * PIECES as f64 * interval {
            if clock + interval + self.cost <= next {
                clock += interval + self.cost;
                done += 1;
                continue;
            }
            clock = next;
            next = clock + failure();
            // A restart may fail as well.
            while clock + self.restart > next {
                clock = next;
                next = clock + failure();
            }
            clock += self.restart;
        }
        clock / (done.max(1) as f64 * interval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dalys_formula_is_what_a_followed_job_takes_and_young_is_near_its_best() {
        let given = checkpoints(30.0, 60.0, 24.0 * 365.0, 2_000).expect("positive");
        let young = given.young();
        for interval in [0.3 * young, young, 3.0 * young] {
            let followed: f64 = (0..8).map(|seed| given.simulated(interval, seed)).sum::<f64>() / 8.0;
            let ratio = followed / given.stretch(interval);
            assert!((0.99..1.01).contains(&ratio), "{interval}: {ratio}");
        }
        assert!(given.stretch(young) < given.stretch(0.7 * young).min(given.stretch(1.4 * young)));
    }
}
