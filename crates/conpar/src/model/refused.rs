//! Why a law was not fitted.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::SpeedupPoint;
use crate::measure::Estimate;

/// The laws by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LawName {
    /// Amdahl's law.
    Amdahl,
    /// Gustafson's law.
    Gustafson,
    /// Gunther's universal scalability law.
    Usl,
    /// Karp and Flatt's serial fraction.
    KarpFlatt,
}

impl fmt::Display for LawName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LawName::Amdahl => "Amdahl's law",
            LawName::Gustafson => "Gustafson's law",
            LawName::Usl => "the universal scalability law",
            LawName::KarpFlatt => "Karp and Flatt's serial fraction",
        })
    }
}

/// Why a law was not fitted, or what it says is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Refused {
    /// Too few points within the cores of this machine.
    #[error(
        "{law} needs {needed} worker counts within this machine's cores with undisturbed samples, and there are {found}"
    )]
    TooFewCounts {
        /// The law.
        law: LawName,
        /// How many different worker counts it needs.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// Too few rounds.
    #[error(
        "{law} needs {needed} rounds, half of them to decide and half to estimate, and there are {found}"
    )]
    TooFewRounds {
        /// The law.
        law: LawName,
        /// How many rounds it needs.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// The law speaks of a fixed work.
    #[error("{law} speaks of a fixed work, and here the work grew with the workers")]
    WorkGrew {
        /// The law.
        law: LawName,
    },
    /// The law speaks of work that grows with the workers.
    #[error("{law} speaks of work that grows with the workers, and here the work was fixed")]
    WorkFixed {
        /// The law.
        law: LawName,
    },
    /// A speedup that is not a positive number.
    #[error("a speedup is not a positive number")]
    NotPositive,
    /// The points contradict the law.
    #[error(
        "{law} does not describe the points: on {workers} workers the measured speedup is {ratio} times the fitted one"
    )]
    Contradicted {
        /// The law.
        law: LawName,
        /// The number of workers where it is furthest off.
        workers: usize,
        /// The measured speedup as a multiple of the fitted one.
        ratio: Estimate,
    },
    /// The coherency of the universal scalability law may be nothing.
    #[error(
        "the universal scalability law is not told apart from a law without coherency: kappa is {kappa:.5}, not above 0 for sure"
    )]
    KappaNotAboveZero {
        /// The coherency, from the rounds that decide.
        kappa: Estimate,
    },
    /// The peak that the universal scalability law predicts was not measured.
    #[error(
        "the worker count of the highest speedup is not shown to lie within the measured range, {least} to {most} workers"
    )]
    PeakOutside {
        /// The smallest number of workers that was fitted.
        least: usize,
        /// The largest.
        most: usize,
    },
}

/// Refuses points that no law can be fitted to.
pub(super) fn check(points: &[SpeedupPoint], law: LawName, needed: usize) -> Result<(), Refused> {
    let mut counts: Vec<usize> = points.iter().map(|&(workers, _)| workers).collect();
    counts.sort_unstable();
    counts.dedup();
    if counts.len() < needed {
        return Err(Refused::TooFewCounts { law, needed, found: counts.len() });
    }
    match points.iter().all(|&(_, speedup)| speedup.is_finite() && speedup > 0.0) {
        true => Ok(()),
        false => Err(Refused::NotPositive),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_sentences_and_survive_json() {
        let kappa = Estimate { point: 0.0012, low: 0.0, high: 0.003, level: 0.95 };
        for reason in [
            Refused::TooFewCounts { law: LawName::Amdahl, needed: 3, found: 2 },
            Refused::TooFewRounds { law: LawName::Usl, needed: 40, found: 12 },
            Refused::WorkGrew { law: LawName::Amdahl },
            Refused::WorkFixed { law: LawName::Gustafson },
            Refused::NotPositive,
            Refused::Contradicted { law: LawName::Amdahl, workers: 8, ratio: kappa },
            Refused::KappaNotAboveZero { kappa },
            Refused::PeakOutside { least: 1, most: 8 },
        ] {
            let json = serde_json::to_string(&reason).expect("plain data");
            assert_eq!(serde_json::from_str::<Refused>(&json).expect("what was saved"), reason, "{json}");
            assert!(reason.to_string().len() > 20);
        }
    }
}
