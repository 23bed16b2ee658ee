//! A reader's predictions one after the other, each as a multiple of what was measured.

use plotters::coord::combinators::BindKeyPoints;
use plotters::prelude::*;

use super::axis::{Axis, Scale, ends};
use super::mark::{Dash, Look, Shape};
use super::theme::{self, MUTED};
use super::{Spot, Svg, text};
use crate::Error;
use crate::language::word;
use crate::prediction::{Entry, Journal, Measured, Outcome};

const SIZE: (u32, u32) = (740, 380);
/// The right-hand strip that names the marks, and the height of a row of it.
const LEGEND: u32 = 150;
const ROW: i32 = 22;
/// About how many ticks an axis has.
const TICKS: usize = 8;
/// The most predictions of one figure: the last ones.
pub(crate) const MOST_KEPT: usize = 200;
/// Beyond this factor a prediction is drawn at the edge.
const FARTHEST: f64 = 1e4;

/// Draws the last predictions of a journal. The bar of one that lay inside crosses the line at 1.
///
/// # Errors
///
/// [`Error::NothingToDraw`] where none is a multiple of what was measured, [`Error::Drawing`] when plotters fails.
pub fn journal_curve(journal: &Journal, alternative: &str) -> Result<Svg, Error> {
    let title = word!(en: "predicted against measured", pt: "previsto contra medido");
    let first = journal.entries.len().saturating_sub(MOST_KEPT);
    let entries = journal.entries.iter().enumerate().skip(first);
    let shown: Vec<(usize, &Entry, [f64; 3])> =
        entries.filter_map(|(index, entry)| Some((index + 1, entry, ratios(entry)?))).collect();
    let up = ends(shown.iter().flat_map(|(.., ratios)| *ratios).chain([0.5, 2.0]));
    let across = ends(shown.iter().map(|(number, ..)| *number as f64));
    let (Some((low, high)), Some((left, right))) = (up, across) else {
        return Err(Error::NothingToDraw { title: title.to_owned() });
    };
    let up = Axis::rounded(Scale::Log, low.log10() - 0.1, high.log10() + 0.1, TICKS);
    let whole = Axis::rounded(Scale::Linear, left - 0.6, right + 0.6, TICKS);
    let numbers = (1..=TICKS).filter_map(|tick| whole.value(*whole.ticks().get(tick - 1)?));
    let numbers = numbers.filter(|number| number.fract() == 0.0).collect();
    let across = Axis::at(Scale::Linear, whole.from, whole.to, numbers);
    let mut spots = Vec::new();
    let svg = Svg::draw(SIZE, alternative, |area| {
        let (chart_area, legend) = area.split_horizontally(SIZE.0 - LEGEND);
        let mut chart = theme::framed(&chart_area, title).build_cartesian_2d(
            across.range().with_key_points(across.ticks()),
            up.range().with_key_points(up.ticks()),
        )?;
        let (right, above) = (|at: &i32| across.label(*at), |at: &i32| up.label(*at));
        let mut mesh = chart.configure_mesh();
        mesh.x_desc(word!(en: "prediction (in the order in which they were kept)", pt: "previsão (na ordem em que foram guardadas)"))
            .y_desc(word!(en: "predicted ÷ measured (times)", pt: "previsto ÷ medido (vezes)"));
        mesh.x_label_formatter(&right).y_label_formatter(&above);
        theme::style(&mut mesh);
        mesh.draw()?;
        let place =
            |number: f64, ratio: f64| chart.backend_coord(&(across.along(number), up.along(ratio.log10())));
        let one = [place(across.from, 1.0), place(across.to, 1.0)];
        Dash::Long.line(&chart_area, &one, MUTED.stroke_width(2))?;
        for &(number, entry, ratios) in &shown {
            let look = look(entry.outcome);
            let [low, at, high] = ratios.map(|ratio| place(number as f64, ratio));
            chart_area.draw(&PathElement::new([low, high], look.colour.stroke_width(2)))?;
            look.mark(&chart_area, at)?;
            let lines =
                vec![entry.time.clone(), entry.prediction.question.clone(), entry.prediction.verdict()];
            spots.push(Spot { at, lines });
        }
        for (row, outcome) in (0..).zip(Outcome::ALL) {
            let y = 52 + ROW * row;
            look(outcome).mark(&legend, (12, y))?;
            legend.draw(&Text::new(outcome.name(), (26, y - 6), text(12)))?;
        }
        Ok(())
    })?;
    Ok(svg.with_spots(spots))
}

/// A shape for each outcome, so that the colour is not the only difference.
fn look(outcome: Outcome) -> Look {
    let (index, shape) = match outcome {
        Outcome::Inside => (2, Shape::Circle),
        Outcome::TooHigh => (1, Shape::Triangle),
        Outcome::TooLow => (0, Shape::Down),
        Outcome::CannotTell => (5, Shape::Ring),
    };
    Look { shape, ..Look::of(index) }
}

/// What was predicted as a multiple of what was measured, between the multiples of the interval's ends.
fn ratios(entry: &Entry) -> Option<[f64; 3]> {
    let ratio = entry.prediction.ratio()?;
    let (low, high) = match &entry.prediction.measured {
        Measured::Interval { estimate, .. } if estimate.low > 0.0 => {
            (entry.prediction.predicted / estimate.high, entry.prediction.predicted / estimate.low)
        }
        _ => (ratio, ratio),
    };
    Some([low, ratio, high].map(|ratio| ratio.clamp(1.0 / FARTHEST, FARTHEST)))
}
