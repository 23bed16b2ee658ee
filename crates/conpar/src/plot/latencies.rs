//! How long messages are on their way, over the values of a parameter: median and 99th percentile, and Little's law.

use super::curves::{Curves, Guide, Measured, Series};
use super::mark::{Dash, Look};
use super::sweep::{in_units, unit};
use super::theme::MUTED;
use super::{Svg, words};
use crate::Error;
use crate::language::{say, word};
use crate::measure::Estimate;
use crate::messages::{Arm, Latencies, Place};
use crate::sweep::Quantity;

/// Draws the curves. An axis whose values are far apart is logarithmic. `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::NothingToDraw`] without a finite value, [`Error::Drawing`] when plotters fails.
pub fn latency_curves(latencies: &Latencies, alternative: &str) -> Result<Svg, Error> {
    let places = latencies.arms.iter().flat_map(|arm| &arm.places);
    let longest = places.map(|place| place.median.point).fold(0.0, f64::max);
    let (factor, unit) = unit(Quantity::Seconds, longest);
    let several = latencies.arms.len() > 1;
    let mut curves = Curves {
        title: latencies.name.clone(),
        across: latencies.parameter.clone(),
        up: say!(en: "time on the way ({unit})", pt: "tempo a caminho ({unit})"),
        cores: f64::INFINITY,
        adaptive: true,
        ..Curves::default()
    };
    for (index, arm) in latencies.arms.iter().enumerate() {
        let named = |what: &str| if several { format!("{}, {what}", arm.name) } else { what.to_owned() };
        let results = word!(en: ["median", "99th percentile"], pt: ["mediana", "percentil 99"]);
        for (result, what) in results.into_iter().enumerate() {
            let quantity = |place: &Place| if result == 0 { place.median } else { place.p99 };
            let measured = |place: &Place| Measured {
                at: place.value as f64,
                value: quantity(place).scaled(factor),
                lines: says(latencies, arm, place, what, &quantity(place)),
            };
            curves.series.push(Series {
                name: named(what),
                // The median has the solid line.
                look: Look::compared(if several { index } else { result }, result),
                points: arm.places.iter().map(measured).collect(),
            });
        }
        let law = arm
            .places
            .iter()
            .filter_map(|place| Some((place.value as f64, place.law?.predicted.point * factor)));
        let points: Vec<_> = law.collect();
        if !points.is_empty() {
            curves.guides.push(Guide {
                name: named(word!(en: "Little's law", pt: "lei de Little")),
                colour: MUTED,
                dash: Dash::Long,
                points,
            });
        }
    }
    curves.draw(alternative)
}

fn says(latencies: &Latencies, arm: &Arm, place: &Place, what: &str, value: &Estimate) -> Vec<String> {
    let mut lines = vec![
        format!("{}, {}", arm.name, latencies.named(place.value)),
        format!("{what}: {}", in_units(Quantity::Seconds, value)),
        say!(en: "messages: {}", pt: "mensagens: {}", in_units(Quantity::Throughput, &place.rate)),
    ];
    lines.extend(place.law.map(|law| {
        let predicted = in_units(Quantity::Seconds, &law.predicted);
        say!(en: "Little's law: {predicted}", pt: "lei de Little: {predicted}")
    }));
    lines.push(say!(
        en: "{} of {} samples clean: {}",
        pt: "{} de {} amostras limpas: {}",
        place.clean,
        latencies.rounds,
        words::estimator(place.estimator)
    ));
    lines
}
