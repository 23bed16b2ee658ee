//! What the laws say of one curve, in words, or why they say nothing.

use crate::language::say;
use crate::model::{Laws, Refused};
use crate::speedup::Curve;

/// A sentence for each law that speaks of such a curve.
pub(super) fn said(curve: &Curve) -> Vec<String> {
    let sentences = match &curve.laws.gustafson {
        Err(Refused::WorkFixed { .. }) => [amdahl(curve), universal(&curve.laws)],
        Ok(fitted) => {
            let fraction = fitted.parameters.serial_fraction;
            let sentence = say!(
                en: "Gustafson's law fits with a serial fraction of {fraction}",
                pt: "a lei de Gustafson se ajusta com uma fração serial de {fraction}"
            );
            [Some(sentence), None]
        }
        Err(refused) => [Some(refused.to_string()), None],
    };
    sentences.into_iter().flatten().map(|sentence| format!("{}: {sentence}.", curve.arm)).collect()
}

/// Amdahl's law; in its place, the serial fraction of the last point, where it has one.
fn amdahl(curve: &Curve) -> Option<String> {
    match &curve.laws.amdahl {
        Ok(fitted) => {
            let fraction = fitted.parameters.serial_fraction;
            Some(say!(
                en: "Amdahl's law fits with a serial fraction of {fraction}",
                pt: "a lei de Amdahl se ajusta com uma fração serial de {fraction}"
            ))
        }
        Err(refused) => {
            let fraction = curve.karp_flatt().ok()?;
            Some(say!(
                en: "serial fraction {fraction} (Karp and Flatt); {refused}",
                pt: "fração serial {fraction} (Karp e Flatt); {refused}"
            ))
        }
    }
}

/// The universal scalability law, where there are worker counts enough to ask for it.
fn universal(laws: &Laws) -> Option<String> {
    let peak = match &laws.peak {
        Ok(peak) => say!(
            en: "the speedup is highest on {peak:.1} workers",
            pt: "o speedup é máximo com {peak:.1} trabalhadores"
        ),
        Err(refused) => refused.to_string(),
    };
    match &laws.usl {
        Ok(fitted) => {
            let (sigma, kappa) = (fitted.parameters.sigma, fitted.parameters.kappa);
            Some(say!(
                en: "the universal scalability law fits with a contention σ of {sigma:.3} \
                     and a coherency κ of {kappa:.5}; {peak}",
                pt: "a lei universal da escalabilidade se ajusta com uma contenção σ de {sigma:.3} \
                     e uma coerência κ de {kappa:.5}; {peak}"
            ))
        }
        Err(Refused::TooFewCounts { .. }) => None,
        Err(refused) => Some(refused.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Estimate;
    use crate::model::{Amdahl, Fitted, LawName, Usl};
    use crate::speedup::Kind;

    fn estimate(point: f64) -> Estimate {
        Estimate { point, low: 0.9 * point, high: 1.1 * point, level: 0.95 }
    }

    fn curve(laws: Laws) -> Curve {
        Curve { arm: "arm".to_owned(), kind: Kind::Rayon, points: Vec::new(), laws }
    }

    fn fixed() -> Laws {
        let usl = Usl { sigma: estimate(0.05), kappa: estimate(0.002), one_worker: estimate(1.0) };
        Laws {
            amdahl: Ok(Fitted { parameters: Amdahl { serial_fraction: estimate(0.1) }, band: Vec::new() }),
            gustafson: Err(Refused::WorkFixed { law: LawName::Gustafson }),
            usl: Ok(Fitted { parameters: usl, band: Vec::new() }),
            peak: Err(Refused::PeakOutside { least: 1, most: 8 }),
        }
    }

    #[test]
    fn each_law_of_a_fixed_work_speaks_with_its_intervals() {
        let said = said(&curve(fixed()));
        assert_eq!(said[0], "arm: Amdahl's law fits with a serial fraction of 0.10 [0.09, 0.11].");
        assert!(said[1].contains("σ of 0.050 [0.045, 0.055] and a coherency κ of 0.00200"), "{}", said[1]);
        assert!(
            said[1].ends_with("not shown to lie within the measured range, 1 to 8 workers."),
            "{}",
            said[1]
        );
    }

    #[test]
    fn a_refusal_is_said_where_the_law_was_within_reach() {
        let few = |law, needed| Refused::TooFewCounts { law, needed, found: needed - 1 };
        let five = Laws { usl: Err(few(LawName::Usl, 6)), ..fixed() };
        assert_eq!(said(&curve(five)).len(), 1, "six worker counts are not missed where there are five");
        let kappa = Refused::KappaNotAboveZero { kappa: estimate(0.0) };
        let unsure = said(&curve(Laws { usl: Err(kappa), peak: Err(kappa), ..fixed() }));
        assert!(unsure[1].contains("kappa is 0.00000 [0.00000, 0.00000], not above 0"), "{}", unsure[1]);
        let grew = Laws { gustafson: Err(few(LawName::Gustafson, 3)), ..fixed() };
        let grew = said(&curve(grew));
        assert!(
            grew.len() == 1 && grew[0].starts_with("arm: Gustafson's law needs 3 worker counts"),
            "{grew:?}"
        );
    }
}
