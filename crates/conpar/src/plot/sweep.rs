//! A sweep: the time or the throughput of each arm over the values of a parameter, with intervals.

use super::Svg;
use super::curves::{Band, Curves, DODGE, Guide, Measured, Series};
use super::mark::{Dash, Look, Shape};
use super::theme::MUTED;
use super::words::{Noun, counted};
use crate::Error;
use crate::language::{say, word};
use crate::measure::{Estimate, Estimator};
use crate::sweep::{self, Place, Quantity, Swept};

/// How far the first and the last series stand apart at one place, in pixels: farther from one another they would look as if they
/// had been measured at other values.
const SPREAD: f64 = 18.0;

/// Draws the curves; serial is a line with its interval. An axis whose values are far apart is logarithmic.
/// `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::NothingToDraw`] without a finite value, [`Error::Drawing`] when plotters fails.
pub fn swept_curves(swept: &Swept, alternative: &str) -> Result<Svg, Error> {
    let (serial, arms): (Vec<_>, Vec<_>) = swept.series.iter().partition(|series| series.serial);
    let places = || arms.iter().flat_map(|series| &series.places);
    let longest = swept.series.iter().flat_map(|series| &series.places);
    let longest = longest.map(|place| place.estimate.point).fold(0.0, f64::max);
    let shortest = places().map(|place| place.estimate.point).fold(f64::INFINITY, f64::min);
    // The time of one operation may go over many decades: the unit is that of the middle.
    let typical = if swept.quantity == Quantity::Each { (shortest * longest).sqrt() } else { longest };
    let (factor, unit) = unit(swept.quantity, typical);
    let mut curves = Curves {
        title: swept.name.clone(),
        across: swept.parameter.clone(),
        up: match swept.quantity {
            Quantity::Seconds => say!(en: "time of one run ({unit})", pt: "tempo de uma execução ({unit})"),
            Quantity::Throughput => say!(en: "operations a {unit}", pt: "operações por {unit}"),
            Quantity::Each => say!(
                en: "time of one {} ({unit})",
                pt: "tempo por {} ({unit})",
                swept.operation.as_deref().unwrap_or(word!(en: "operation", pt: "operação"))
            ),
        },
        series: arms.iter().enumerate().map(|(index, arm)| series(swept, index, arm, factor)).collect(),
        cores: f64::INFINITY,
        apart: Some(apart(arms.len() + swept.beside.len())),
        adaptive: true,
        ..Curves::default()
    };
    curves.series.extend(swept.beside.iter().enumerate().map(|(index, beside)| {
        let look = Look { shape: Shape::Ring, dash: Dash::Long, ..Look::of(arms.len() + index) };
        let name = say!(en: "recorded: {}", pt: "registrado: {}", beside.arm);
        let measured = |&(value, estimate): &(u64, Estimate)| Measured {
            at: value as f64,
            value: estimate.scaled(factor),
            lines: vec![name.clone(), swept.named(value), in_units(swept.quantity, &estimate)],
        };
        Series { points: beside.places.iter().map(measured).collect(), look, name: name.clone() }
    }));
    if let Some(base) = serial.first().and_then(|series| series.places.first()) {
        let Estimate { point, low, high, .. } = base.estimate.scaled(factor);
        let ends = [places().map(|place| place.value).min(), places().map(|place| place.value).max()];
        let ends = ends.map(|value| value.unwrap_or_default() as f64);
        let name = serial.first().map(|series| series.arm.clone()).unwrap_or_default();
        let (colour, dash) = (MUTED, Dash::Long);
        curves.bands.push(Band {
            name: String::new(),
            colour,
            edges: ends.map(|at| (at, low, high)).to_vec(),
        });
        curves.guides.push(Guide { name, colour, dash, points: ends.map(|at| (at, point)).to_vec() });
    }
    curves.draw(alternative)
}

/// How far apart so many series stand at one place, in pixels.
pub(super) fn apart(series: usize) -> f64 {
    DODGE.min(SPREAD / (series.max(2) - 1) as f64)
}

fn series(swept: &Swept, index: usize, series: &sweep::Series, factor: f64) -> Series {
    let measured = |place: &Place| {
        let (clean, rounds) = (place.clean, swept.rounds());
        let mut lines = vec![
            series.arm.clone(),
            swept.named(place.value),
            in_units(swept.quantity, &place.estimate),
            match place.estimator {
                Estimator::MedianOfClean => {
                    say!(en: "{clean} of {rounds} samples clean", pt: "{clean} de {rounds} amostras limpas")
                }
                Estimator::Minimum => say!(
                    en: "{clean} of {rounds} samples clean: judged by the fastest",
                    pt: "{clean} de {rounds} amostras limpas: vale a mais rápida"
                ),
            },
        ];
        if place.threads > swept.cores {
            lines.push(say!(
                en: "{} on fewer cores",
                pt: "{} em menos núcleos",
                counted(place.threads, Noun::Thread)
            ));
        }
        Measured { at: place.value as f64, value: place.estimate.scaled(factor), lines }
    };
    Series {
        name: series.arm.clone(),
        look: Look::of(index),
        points: series.places.iter().map(measured).collect(),
    }
}

/// The unit in which `value` is read well, and by what to multiply seconds, or operations a second, to have it.
pub(super) fn unit(quantity: Quantity, value: f64) -> (f64, &'static str) {
    match quantity {
        Quantity::Throughput => (1.0, word!(en: "second", pt: "segundo")),
        _ if value >= 1.0 => (1.0, "s"),
        _ if value >= 1e-3 => (1e3, "ms"),
        _ if value >= 1e-6 => (1e6, "µs"),
        _ => (1e9, "ns"),
    }
}

/// An estimate with three digits and its unit: "1.21 [1.20, 1.24] ms", "52.1 [50.3, 55.0] million a second".
pub(crate) fn in_units(quantity: Quantity, estimate: &Estimate) -> String {
    let (factor, unit) = match (quantity, estimate.point) {
        (Quantity::Throughput, many) if many >= 1e9 => {
            let several = if many < 2e9 { "bilhão por segundo" } else { "bilhões por segundo" };
            (1e-9, word!(en: "billion a second", pt: several))
        }
        (Quantity::Throughput, many) if many >= 1e6 => {
            let several = if many < 2e6 { "milhão por segundo" } else { "milhões por segundo" };
            (1e-6, word!(en: "million a second", pt: several))
        }
        (Quantity::Throughput, many) if many >= 1e4 => {
            (1e-3, word!(en: "thousand a second", pt: "mil por segundo"))
        }
        (Quantity::Throughput, _) => (1.0, word!(en: "a second", pt: "por segundo")),
        (Quantity::Seconds | Quantity::Each, seconds) => unit(quantity, seconds),
    };
    let scaled = estimate.scaled(factor);
    let decimals = (2 - scaled.point.abs().max(1e-9).log10().floor() as i32).clamp(0, 6) as usize;
    format!("{scaled:.decimals$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_series_stand_no_farther_apart_together_than_few() {
        assert_eq!((apart(1), apart(2)), (DODGE, DODGE));
        let together = |series: usize| apart(series) * (series - 1) as f64;
        assert!((3..12).all(|series| (together(series) - SPREAD).abs() < 1e-9 || apart(series) == DODGE));
    }

    #[test]
    fn three_digits_and_the_unit_that_fits() {
        let about = |point: f64| Estimate { point, low: point * 0.9, high: point * 1.1, level: 0.95 };
        assert_eq!(in_units(Quantity::Seconds, &about(1.5e-3)), "1.50 [1.35, 1.65] ms");
        assert_eq!(in_units(Quantity::Seconds, &about(2e-8)), "20.0 [18.0, 22.0] ns");
        assert_eq!(in_units(Quantity::Throughput, &about(4.2e7)), "42.0 [37.8, 46.2] million a second");
    }
}
