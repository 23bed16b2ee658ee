//! Messages and ranks: the alpha-beta model over what was measured, and what was simulated past this machine.

use super::Svg;
use super::curves::{Curves, Guide, Measured, Series};
use super::mark::{Dash, Look};
use super::sweep::in_units;
use super::theme::SERIES;
use crate::Error;
use crate::ranks::{AlphaBeta, Past};
use crate::sweep::Quantity;

/// Draws the time of a message over its size, measured and by the fitted model, one colour each.
///
/// # Errors
///
/// [`Error::NothingToDraw`] without a measured size, [`Error::Drawing`] when plotters fails.
pub fn alpha_beta_curves(models: &[AlphaBeta], alternative: &str) -> Result<Svg, Error> {
    let mut curves = Curves {
        title: "one message, measured and by α + β m".to_owned(),
        across: "message (bytes)".to_owned(),
        up: "time of one message (µs)".to_owned(),
        cores: f64::INFINITY,
        adaptive: true,
        ..Curves::default()
    };
    for (index, model) in models.iter().enumerate() {
        let look = Look::of(index);
        let says = |bytes: f64, seconds| {
            vec![model.name.clone(), format!("{bytes} bytes"), in_units(Quantity::Seconds, seconds)]
        };
        let points = model.measured.iter().map(|measured| Measured {
            at: measured.bytes,
            value: measured.seconds.scaled(1e6),
            lines: says(measured.bytes, &measured.seconds),
        });
        curves.series.push(Series { name: model.name.clone(), look, points: points.collect() });
        curves.guides.push(Guide {
            name: format!("{}: α + β m", model.name),
            colour: look.colour,
            dash: Dash::Long,
            points: model.measured.iter().map(|at| (at.bytes, 1e6 * model.seconds(at.bytes))).collect(),
        });
    }
    curves.draw(alternative)
}

/// Draws simulated speedups as broken lines and what was measured of them as marks.
///
/// # Errors
///
/// [`Error::NothingToDraw`] without a point, [`Error::Drawing`] when plotters fails.
pub fn past_curves(past: &Past, alternative: &str) -> Result<Svg, Error> {
    let mut curves = Curves {
        title: format!("{} (simulated)", past.name),
        across: "ranks".to_owned(),
        up: "speedup over one rank".to_owned(),
        cores: f64::INFINITY,
        adaptive: true,
        apart: Some(0.0),
        ..Curves::default()
    };
    for (index, (name, points)) in past.curves.iter().enumerate() {
        let look = Look { dash: Dash::Long, ..Look::of(index) };
        let exact = |speedup: f64| crate::measure::Estimate {
            point: speedup,
            low: speedup,
            high: speedup,
            level: 0.95,
        };
        let points = points.iter().map(|&(ranks, speedup)| Measured {
            at: ranks as f64,
            value: exact(speedup),
            lines: vec![name.clone(), format!("{ranks} ranks, simulated"), format!("speedup {speedup:.1}")],
        });
        curves.series.push(Series { name: name.clone(), look, points: points.collect() });
    }
    for (index, (name, ranks, speedup)) in past.measured.iter().enumerate() {
        let point = Measured {
            at: *ranks as f64,
            value: *speedup,
            lines: vec![name.clone(), format!("{ranks} ranks, measured"), format!("speedup {speedup}")],
        };
        let look = Look::of(past.curves.len() + index);
        curves.series.push(Series { name: format!("measured: {name}"), look, points: vec![point] });
    }
    if let Some(most) = past.curves.iter().flat_map(|(_, points)| points).map(|point| point.0).max() {
        let points = (0..).map(|power| 1_usize << power).take_while(|&ranks| ranks <= most);
        curves.guides.push(Guide {
            name: "ideal".to_owned(),
            colour: super::theme::MUTED,
            dash: Dash::Dots,
            points: points.map(|ranks| (ranks as f64, ranks as f64)).collect(),
        });
    }
    curves.draw(alternative)
}

/// The colour of the curve that sliders move.
pub(super) const MOVED: plotters::style::RGBColor = SERIES[1];
