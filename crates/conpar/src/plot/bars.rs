//! Bars with intervals: one measured value for each of some names.

use plotters::coord::combinators::BindKeyPoints;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use serde::{Deserialize, Serialize};

use super::axis::{Axis, Scale, ends};
use super::theme::{self, INK, MUTED, SERIES};
use super::words::shortened;
use super::{Spot, Svg, text};
use crate::Error;
use crate::measure::Estimate;

const WIDTH: u32 = 740;
/// The height of a bar with the room around it, and what title and axis take beside the bars.
const ROW: u32 = 34;
const AROUND: u32 = 96;
/// The room for the names, in pixels, and how many characters fit into it.
const NAMES: u32 = 210;
const LONGEST: usize = 29;
/// About how many ticks the axis has.
const TICKS: usize = 8;
/// The most bars of one figure.
pub(crate) const MOST_BARS: usize = 40;

/// Begins a figure of bars with this title. See [`Bars`].
///
/// ```
/// use conpar::measure::Estimate;
/// use conpar::prelude::*;
///
/// let seen = |point: f64| Estimate { point, low: 0.9 * point, high: 1.1 * point, level: 0.95 };
/// let figure = bars("lost updates").x("share of the trials").bar("two cores", seen(0.2)).bar("one core", seen(0.01));
/// assert!(figure.draw()?.markup().starts_with("<svg "));
/// # Ok::<(), conpar::Error>(())
/// ```
pub fn bars(title: &str) -> Bars {
    Bars { title: title.to_owned(), x: String::new(), bars: Vec::new(), guide: None, logarithmic: false }
}

/// A figure of bars that is being put together; the last expression of a cell shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use = "it is drawn as the last expression of a cell, or by `.draw()`"]
pub struct Bars {
    title: String,
    x: String,
    bars: Vec<(String, Estimate)>,
    guide: Option<(String, f64)>,
    logarithmic: bool,
}

impl Bars {
    /// What the bars measure, with its unit.
    pub fn x(mut self, quantity: &str) -> Bars {
        self.x = quantity.to_owned();
        self
    }

    /// Adds a value named `name`. What is not finite is left out.
    pub fn bar(mut self, name: &str, value: Estimate) -> Bars {
        let finite = [value.point, value.low, value.high].iter().all(|value| value.is_finite());
        self.bars.extend(finite.then(|| (name.to_owned(), value)));
        self
    }

    /// A line across all bars, to compare them with.
    pub fn guide(mut self, name: &str, value: f64) -> Bars {
        self.guide = value.is_finite().then(|| (name.to_owned(), value));
        self
    }

    /// Makes the axis logarithmic: for values of different magnitudes, all of them positive.
    pub fn logarithmic(mut self) -> Bars {
        self.logarithmic = true;
        self
    }

    /// The values with their names.
    pub fn values(&self) -> &[(String, Estimate)] {
        &self.bars
    }

    /// What the figure shows, in words.
    pub fn alternative(&self) -> String {
        let said = |(name, value): &(String, Estimate)| format!("{name} {value:.3}");
        format!("{}, {}: {}.", self.title, self.x, self.bars.iter().map(said).collect::<Vec<_>>().join("; "))
    }

    /// Draws the figure.
    ///
    /// # Errors
    ///
    /// [`Error::NothingToDraw`] without a finite value, [`Error::TooFarApart`] for a value on a logarithmic axis that has no
    /// logarithm, or for more than 40 bars; [`Error::Drawing`] when plotters fails.
    pub fn draw(&self) -> Result<Svg, Error> {
        let axis = self.axis()?;
        let count = self.bars.len() as u32;
        let mut spots = Vec::new();
        let svg = Svg::draw((WIDTH, AROUND + ROW * count), &self.alternative(), |area| {
            let mut chart = ChartBuilder::on(area)
                .caption(shortened(&self.title, 80), text(15))
                .margin(10)
                .margin_right(24)
                .x_label_area_size(42)
                .y_label_area_size(NAMES)
                .build_cartesian_2d(axis.range().with_key_points(axis.ticks()), f64::from(count)..0.0)?;
            let label = |at: &i32| axis.label(*at);
            let mut mesh = chart.configure_mesh();
            mesh.disable_y_mesh().y_labels(0).x_desc(&self.x).x_label_formatter(&label);
            theme::style(&mut mesh);
            mesh.draw()?;
            // What has no logarithm stands at the end of a logarithmic axis, where all bars begin.
            let along = |value: f64| match axis.scale {
                Scale::Log if value <= 0.0 => axis.along(axis.from),
                scale => axis.along(scale.position(value).max(axis.from)),
            };
            let ground = along(0.0);
            for (row, (name, value)) in self.bars.iter().enumerate() {
                let (middle, colour) = (row as f64 + 0.5, SERIES[row % SERIES.len()]);
                let corners = [(ground, middle - 0.3), (along(value.point), middle + 0.3)];
                chart.draw_series([Rectangle::new(corners, colour.filled())])?;
                let [left, at, right] = [value.low, value.point, value.high]
                    .map(|value| chart.backend_coord(&(along(value), middle)));
                area.draw(&PathElement::new([left, right], INK.stroke_width(2)))?;
                for (x, y) in [left, right] {
                    area.draw(&PathElement::new([(x, y - 4), (x, y + 5)], INK.stroke_width(2)))?;
                }
                let beside = text(12).pos(Pos::new(HPos::Right, VPos::Center));
                let names = chart.backend_coord(&(axis.range().start, middle));
                area.draw(&Text::new(shortened(name, LONGEST), (names.0 - 8, names.1), beside))?;
                spots.push(Spot { at, lines: vec![name.clone(), format!("{}: {value:.3}", self.x)] });
            }
            if let Some((name, value)) = &self.guide {
                let (top, bottom) = ((along(*value), 0.0), (along(*value), f64::from(count)));
                chart.draw_series(DashedLineSeries::new([top, bottom], 6, 5, MUTED.stroke_width(2)))?;
                let (x, y) = chart.backend_coord(&top);
                let above = text(12).pos(Pos::new(HPos::Center, VPos::Bottom));
                area.draw(&Text::new(shortened(name, LONGEST), (x, y - 2), above))?;
            }
            Ok(())
        })?;
        Ok(svg.with_spots(spots))
    }

    fn axis(&self) -> Result<Axis, Error> {
        let far = || Error::TooFarApart { title: self.title.clone() };
        if self.bars.len() > MOST_BARS {
            return Err(far());
        }
        let values = self.bars.iter().flat_map(|(_, value)| [value.low, value.point, value.high]);
        let all = values.chain(self.guide.iter().map(|(_, value)| *value));
        if !self.logarithmic {
            let (low, high) = ends(all.chain([0.0]))
                .filter(|_| !self.bars.is_empty())
                .ok_or_else(|| Error::NothingToDraw { title: self.title.clone() })?;
            let room = if high > low { 0.06 * (high - low) } else { 1.0 };
            let below = if low < 0.0 { room } else { 0.0 };
            return Ok(Axis::rounded(Scale::Linear, low - below, high + room, TICKS));
        }
        // A lower end of 0 has no place on the axis and is drawn at its end.
        let positive = ends(all.filter(|value| *value > 0.0));
        let (low, high) = positive.ok_or_else(|| Error::NothingToDraw { title: self.title.clone() })?;
        if self.bars.iter().any(|(_, value)| value.point < 0.0) {
            return Err(far());
        }
        let (from, to) = (Scale::Log.position(low), Scale::Log.position(high));
        let room = 0.06 * (to - from).max(0.5);
        Ok(Axis::rounded(Scale::Log, from - 3.0 * room, to + room, TICKS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(point: f64) -> Estimate {
        Estimate { point, low: 0.8 * point, high: 1.2 * point, level: 0.95 }
    }

    #[test]
    fn bars_are_drawn_on_both_axes_and_say_their_values() {
        let figure = bars("times").x("seconds").bar("a", about(1e-6)).bar("b", about(1.0)).guide("fair", 0.5);
        assert!(figure.draw().is_ok());
        assert!(figure.alternative().contains("b 1.000 [0.800, 1.200]"));
        assert!(figure.logarithmic().draw().is_ok());
    }

    #[test]
    fn bars_of_a_logarithmic_axis_begin_at_its_end() {
        let markup = bars("shares").bar("rare", about(1e-5)).bar("common", about(0.6)).logarithmic();
        let markup = markup.draw().map(|svg| svg.markup().to_owned()).unwrap_or_default();
        // The bars' rectangles are filled in the colours of the series.
        let begin = |colour: &RGBColor| {
            let fill = format!("fill=\"#{:02X}{:02X}{:02X}\"", colour.0, colour.1, colour.2);
            let bar = markup.lines().find(|line| line.contains("<rect") && line.contains(&fill))?;
            let x = bar.split(" x=\"").nth(1)?.split('"').next()?;
            x.parse::<i32>().ok()
        };
        assert_eq!(begin(&SERIES[0]), begin(&SERIES[1]));
        assert!(begin(&SERIES[0]).is_some());
    }

    #[test]
    fn what_cannot_be_drawn_says_so() {
        let none = bars("none").bar("a", about(f64::NAN)).draw();
        assert_eq!(none, Err(Error::NothingToDraw { title: "none".into() }));
        let zero = Estimate { point: 0.0, low: 0.0, high: 0.1, level: 0.95 };
        assert!(bars("zero").bar("a", zero).draw().is_ok());
        assert!(bars("zero").bar("a", zero).bar("b", about(0.5)).logarithmic().draw().is_ok());
        assert!(bars("negative").bar("a", about(-1.0)).bar("b", about(1.0)).logarithmic().draw().is_err());
    }
}
