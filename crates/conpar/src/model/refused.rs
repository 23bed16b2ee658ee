//! Why a law was not fitted.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::SpeedupPoint;
use crate::language::{say, word};
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
            LawName::Amdahl => word!(en: "Amdahl's law", pt: "a lei de Amdahl"),
            LawName::Gustafson => word!(en: "Gustafson's law", pt: "a lei de Gustafson"),
            LawName::Usl => {
                word!(en: "the universal scalability law", pt: "a lei universal da escalabilidade")
            }
            LawName::KarpFlatt => {
                word!(en: "Karp and Flatt's serial fraction", pt: "a fração serial de Karp e Flatt")
            }
        })
    }
}

/// Why a law was not fitted, or what it says is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Refused {
    /// Too few points within the cores of this machine.
    TooFewCounts {
        /// The law.
        law: LawName,
        /// How many different worker counts it needs.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// Too few rounds.
    TooFewRounds {
        /// The law.
        law: LawName,
        /// How many rounds it needs.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// The law speaks of a fixed work.
    WorkGrew {
        /// The law.
        law: LawName,
    },
    /// The law speaks of work that grows with the workers.
    WorkFixed {
        /// The law.
        law: LawName,
    },
    /// A speedup that is not a positive number.
    NotPositive,
    /// The points contradict the law.
    Contradicted {
        /// The law.
        law: LawName,
        /// The number of workers where it is furthest off.
        workers: usize,
        /// The measured speedup as a multiple of the fitted one.
        ratio: Estimate,
    },
    /// The coherency of the universal scalability law may be nothing.
    KappaNotAboveZero {
        /// The coherency, from the rounds that decide.
        kappa: Estimate,
    },
    /// The peak that the universal scalability law predicts was not measured.
    PeakOutside {
        /// The smallest number of workers that was fitted.
        least: usize,
        /// The largest.
        most: usize,
    },
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Refused::TooFewCounts { law, needed, found } => say!(
                en: "{law} needs {needed} worker counts within this machine's cores with undisturbed samples, and \
                     there are {found}",
                pt: "{law} exige {needed} números de trabalhadores dentro dos núcleos desta máquina com amostras \
                     limpas, e há {found}"
            ),
            Refused::TooFewRounds { law, needed, found } => say!(
                en: "{law} needs {needed} rounds, half of them to decide and half to estimate, and there are {found}",
                pt: "{law} exige {needed} rodadas, metade delas para decidir e metade para estimar, e há {found}"
            ),
            Refused::WorkGrew { law } => say!(
                en: "{law} speaks of a fixed work, and here the work grew with the workers",
                pt: "{law} fala de um trabalho fixo, e aqui o trabalho cresceu com os trabalhadores"
            ),
            Refused::WorkFixed { law } => say!(
                en: "{law} speaks of work that grows with the workers, and here the work was fixed",
                pt: "{law} fala de um trabalho que cresce com os trabalhadores, e aqui o trabalho era fixo"
            ),
            Refused::NotPositive => say!(
                en: "a speedup is not a positive number",
                pt: "um speedup não é um número positivo"
            ),
            Refused::Contradicted { law, workers, ratio } => say!(
                en: "{law} does not describe the points: on {workers} workers the measured speedup is {ratio} times \
                     the fitted one",
                pt: "{law} não descreve os pontos: com {workers} trabalhadores, o speedup medido é {ratio} vezes o \
                     ajustado"
            ),
            Refused::KappaNotAboveZero { kappa } => say!(
                en: "the universal scalability law is not told apart from a law without coherency: kappa is \
                     {kappa:.5}, not above 0 for sure",
                pt: "a lei universal da escalabilidade não se distingue de uma lei sem coerência: kappa é {kappa:.5}, \
                     sem estar com certeza acima de 0"
            ),
            Refused::PeakOutside { least, most } => say!(
                en: "the worker count of the highest speedup is not shown to lie within the measured range, {least} to \
                     {most} workers",
                pt: "não se mostra que o número de trabalhadores do maior speedup esteja na faixa medida, de {least} a \
                     {most} trabalhadores"
            ),
        })
    }
}

impl std::error::Error for Refused {}

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
