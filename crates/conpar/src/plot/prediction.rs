//! Predictions beside what was measured: a row for each, on an axis of its own.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::axis::{Axis, Scale, ends, spread};
use super::mark::Drawn;
use super::theme::{INK, MUTED, SERIES};
use super::words::shortened;
use super::{Spot, Svg, text};
use crate::Error;
use crate::language::{say, word};
use crate::prediction::{Measured, Prediction, rounded};

const WIDTH: u32 = 740;
/// The height of a row, and that of the legend above all rows.
const ROW: u32 = 78;
const LEGEND: u32 = 34;
/// Where a row's axis begins and ends, and how far below the row's top it lies, in pixels.
const ENDS: (i32, i32) = (40, 700);
const AXIS: i32 = 44;
/// Half the height of an interval's bar.
const HALF: i32 = 5;
/// How far an open end reaches beyond its bar.
const OPEN: i32 = 26;
/// How many characters of a question have room beside its verdict.
const LONGEST: usize = 50;
/// About how many ticks an axis has.
const TICKS: usize = 7;
/// The most rows of one figure.
pub(crate) const MOST_ROWS: usize = 24;

const PREDICTED: RGBColor = SERIES[1];
const MEASURED: RGBColor = SERIES[0];

/// Draws a row for each prediction; `alternative` is what they say in words.
///
/// # Errors
///
/// [`Error::NothingToDraw`] without a number, [`Error::Drawing`] when plotters fails.
pub fn prediction_rows(predictions: &[Prediction], alternative: &str) -> Result<Svg, Error> {
    let rows: Vec<(&Prediction, Axis)> =
        predictions.iter().take(MOST_ROWS).filter_map(|one| Some((one, axis(one)?))).collect();
    if rows.is_empty() {
        let title = predictions.first().map(|first| first.question.clone()).unwrap_or_default();
        return Err(Error::NothingToDraw { title });
    }
    let mut spots = Vec::new();
    let svg = Svg::draw((WIDTH, LEGEND + ROW * rows.len() as u32), alternative, |area| {
        legend(area)?;
        for (number, (prediction, axis)) in (0..).zip(&rows) {
            spots.extend(row(area, LEGEND as i32 + number * ROW as i32, prediction, axis)?);
        }
        Ok(())
    })?;
    Ok(svg.with_spots(spots))
}

/// The axis that holds what was predicted and what was measured; `None` where there is no number.
fn axis(prediction: &Prediction) -> Option<Axis> {
    let numbers =
        prediction.measured.numbers().chain([prediction.predicted]).filter(|number| number.is_finite());
    let (low, high) = ends(numbers)?;
    // Where all is one number, it stands in the middle.
    let alone = if low == 0.0 { 1.0 } else { 0.4 * low.abs() };
    let (low, high) = if low < high { (low, high) } else { (low - alone, high + alone) };
    let spread = spread(low, high)?;
    Some(match Scale::of(low, high) {
        Scale::Log => {
            let (from, to) = (Scale::Log.position(low), Scale::Log.position(high));
            Axis::rounded(Scale::Log, from - 0.08 * (to - from), to + 0.08 * (to - from), TICKS)
        }
        Scale::Linear => {
            // Nothing that is counted or timed lies below zero: its axis does not go there either.
            let from = low - 0.12 * spread;
            let from = if low >= 0.0 { from.max(0.0) } else { from };
            Axis::rounded(Scale::Linear, from, high + 0.12 * spread, TICKS)
        }
    })
}

fn place(axis: &Axis, value: f64) -> i32 {
    /// Far outside of every figure, and far from where numbers of pixels overflow.
    const OUTSIDE: f64 = 1e6;
    let share = (axis.scale.position(value) - axis.from) / axis.length();
    let from_start = (share * f64::from(ENDS.1 - ENDS.0)).clamp(-OUTSIDE, OUTSIDE);
    ENDS.0 + from_start.round() as i32
}

fn legend<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>) -> Drawn
where
    DB::ErrorType: 'static,
{
    let beside = text(12).pos(Pos::new(HPos::Left, VPos::Center));
    let names = word!(
        en: ["predicted", "measured, 95% interval", "counted, or seen once", "disturbed"],
        pt: ["previsto", "medido, intervalo de 95%", "contado, ou visto uma vez", "perturbado"]
    );
    let y = LEGEND as i32 / 2;
    let mut x = ENDS.0;
    for (number, name) in names.into_iter().enumerate() {
        match number {
            0 => predicted(area, (x + 6, y + 8))?,
            1 => bar(area, [x, x + 14, x + 28], y, true)?,
            2 => counted(area, (x + 6, y))?,
            _ => bar(area, [x, x + 14, x + 28], y, false)?,
        }
        let width = if number % 2 == 0 { 12 } else { 28 };
        area.draw(&Text::new(name, (x + width + 8, y), beside.clone()))?;
        x += width + 28 + 7 * name.chars().count() as i32;
    }
    Ok(())
}

/// The mark of a prediction: it points at its value from above.
fn predicted<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, (x, y): (i32, i32)) -> Drawn
where
    DB::ErrorType: 'static,
{
    area.draw(&PathElement::new([(x, y - 11), (x, y)], PREDICTED.stroke_width(2)))?;
    let corners = vec![(x - 7, y - 21), (x + 7, y - 21), (x, y - 9)];
    Ok(area.draw(&Polygon::new(corners, PREDICTED.filled()))?)
}

/// The bar of an interval with its value; hollow where no verdict rests on it.
fn bar<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    [low, point, high]: [i32; 3],
    y: i32,
    credible: bool,
) -> Drawn
where
    DB::ErrorType: 'static,
{
    let corners = [(low, y - HALF), (high.max(low + 2), y + HALF)];
    if credible {
        // A shade: it is its outline that says where the interval ends.
        area.draw(&Rectangle::new(corners, MEASURED.mix(0.3).filled()))?;
    }
    area.draw(&Rectangle::new(corners, MEASURED.stroke_width(1)))?;
    let style = if credible { INK.filled() } else { INK.stroke_width(1) };
    Ok(area.draw(&Circle::new((point, y), 4, style))?)
}

/// The mark of a number without an interval.
fn counted<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, (x, y): (i32, i32)) -> Drawn
where
    DB::ErrorType: 'static,
{
    Ok(area.draw(&Rectangle::new([(x - 6, y - 6), (x + 6, y + 6)], MEASURED.filled()))?)
}

fn row<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    top: i32,
    prediction: &Prediction,
    axis: &Axis,
) -> Result<Vec<Spot>, Box<dyn std::error::Error>>
where
    DB::ErrorType: 'static,
{
    let y = top + AXIS;
    let left = text(13).pos(Pos::new(HPos::Left, VPos::Top));
    area.draw(&Text::new(shortened(&prediction.question, LONGEST), (ENDS.0 - 20, top), left))?;
    let right = text(13).pos(Pos::new(HPos::Right, VPos::Top));
    area.draw(&Text::new(prediction.verdict(), (ENDS.1 + 20, top), right))?;
    area.draw(&PathElement::new([(ENDS.0, y), (ENDS.1, y)], MUTED.stroke_width(1)))?;
    let below = text(11).pos(Pos::new(HPos::Center, VPos::Top));
    for tick in axis.ticks() {
        let Some(value) = axis.value(tick) else { continue };
        let x = place(axis, value);
        area.draw(&PathElement::new([(x, y), (x, y + 8)], MUTED.stroke_width(1)))?;
        area.draw(&Text::new(axis.label(tick), (x, y + 11), below.clone()))?;
    }
    let mut spots = Vec::new();
    let question = || prediction.question.clone();
    match &prediction.measured {
        Measured::Interval { estimate, open, .. } => {
            let places = [estimate.low, estimate.point, estimate.high].map(|value| place(axis, value));
            bar(area, places, y, prediction.measured.is_credible())?;
            for (open, x, way) in [(open.0, places[0], -1), (open.1, places[2], 1)] {
                if open {
                    arrow(area, (x, y), way)?;
                }
            }
            spots.push(Spot { at: (places[1], y), lines: vec![question(), prediction.measured.to_string()] });
        }
        Measured::Counted(value) | Measured::Once(value) => {
            let at = (place(axis, *value), y);
            counted(area, at)?;
            spots.push(Spot { at, lines: vec![question(), prediction.measured.to_string()] });
        }
        Measured::Missing(_) => {}
    }
    if prediction.predicted.is_finite() {
        let at = (place(axis, prediction.predicted), y);
        predicted(area, at)?;
        let number = rounded(prediction.predicted);
        let said = say!(en: "predicted {number}", pt: "previsto {number}");
        spots.push(Spot { at: (at.0, y - 15), lines: vec![question(), said] });
    }
    Ok(spots)
}

/// The end of a bar beyond which nothing was measured.
fn arrow<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, (x, y): (i32, i32), way: i32) -> Drawn
where
    DB::ErrorType: 'static,
{
    let tip = x + way * OPEN;
    for line in [[(x, y), (tip, y)], [(tip - way * 6, y - 5), (tip, y)], [(tip - way * 6, y + 5), (tip, y)]] {
        area.draw(&PathElement::new(line, MEASURED.stroke_width(2)))?;
    }
    Ok(())
}
