//! What was simulated past this machine, and what was measured of it.

use super::Svg;
use super::curves::{Curves, Guide, Measured, Series};
use super::mark::{Dash, Look, Shape};
use super::sweep::{in_units, unit};
use super::theme::MUTED;
use crate::Error;
use crate::language::say;
use crate::measure::Estimate;
use crate::ranks::{Of, Past};
use crate::sweep::Quantity;

/// How far apart curves stand at one number of ranks, in pixels.
const APART: f64 = 1.0;

/// Draws simulated curves over ranks as broken lines, and what was measured of each as a mark in its colour.
///
/// # Errors
///
/// [`Error::NothingToDraw`] without a point, [`Error::Drawing`] when plotters fails.
pub fn past_curves(past: &Past, alternative: &str) -> Result<Svg, Error> {
    let values = past.curves.iter().flat_map(|curve| &curve.points);
    let (factor, up) = match past.of {
        Of::Speedup => (1.0, say!(en: "speedup over one rank", pt: "speedup sobre um rank")),
        Of::Seconds => {
            let (factor, unit) =
                unit(Quantity::Seconds, values.clone().map(|point| point.1).fold(0.0, f64::max));
            (factor, say!(en: "time ({unit})", pt: "tempo ({unit})"))
        }
    };
    let mut curves = Curves {
        title: say!(en: "{} (simulated)", pt: "{} (simulado)", past.name),
        across: "ranks".to_owned(),
        up,
        cores: f64::INFINITY,
        adaptive: true,
        apart: Some(APART),
        ..Curves::default()
    };
    let mut measured = Vec::new();
    for (index, curve) in past.curves.iter().enumerate() {
        let look = Look::of(index);
        let simulated = curve.points.iter().map(|&(ranks, value)| {
            let says = match past.of {
                Of::Speedup => format!("speedup {value:.1}"),
                Of::Seconds => simulated_seconds(value),
            };
            let simulated = say!(en: "{ranks} ranks, simulated", pt: "{ranks} ranks, simulado");
            let lines = vec![curve.name.clone(), simulated, says];
            let value = Estimate { point: value, low: value, high: value, level: 0.95 };
            Measured { at: ranks as f64, value: value.scaled(factor), lines }
        });
        let name = curve.name.clone();
        curves.series.push(Series {
            name,
            look: Look { dash: Dash::Long, ..look },
            points: simulated.collect(),
        });
        let held = past.measured.iter().filter(|held| held.curve == curve.name).map(|held| {
            let measured = match held.credible {
                true => say!(en: "{} ranks, measured", pt: "{} ranks, medido", held.ranks),
                false => say!(
                    en: "{} ranks, measured (decides nothing)",
                    pt: "{} ranks, medido (não decide nada)",
                    held.ranks
                ),
            };
            let says = match past.of {
                Of::Speedup => format!("speedup {}", held.value),
                Of::Seconds => in_units(Quantity::Seconds, &held.value),
            };
            let lines = vec![held.curve.clone(), measured, says];
            Measured { at: held.ranks as f64, value: held.value.scaled(factor), lines }
        });
        let points: Vec<Measured> = held.collect();
        if !points.is_empty() {
            let look = Look { shape: Shape::Ring, dash: Dash::Solid, ..look };
            let name = say!(en: "measured: {}", pt: "medido: {}", curve.name);
            measured.push(Series { name, look, points });
        }
    }
    curves.series.extend(measured);
    if past.of == Of::Speedup {
        let mut ranks: Vec<usize> = values.map(|point| point.0).collect();
        ranks.sort_unstable();
        ranks.dedup();
        curves.guides.push(Guide {
            name: "ideal".to_owned(),
            colour: MUTED,
            dash: Dash::Dots,
            points: ranks.into_iter().map(|ranks| (ranks as f64, ranks as f64)).collect(),
        });
    }
    curves.draw(alternative)
}

/// A time that was computed and has no interval: "8.59 ms".
pub(crate) fn simulated_seconds(seconds: f64) -> String {
    let (factor, unit) = unit(Quantity::Seconds, seconds);
    format!("{:.2} {unit}", factor * seconds)
}
