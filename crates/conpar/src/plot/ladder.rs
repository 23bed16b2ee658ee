//! A ladder: for each of some things, where its quantities stand on one logarithmic axis.

use plotters::coord::combinators::BindKeyPoints;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use serde::{Deserialize, Serialize};

use super::axis::{Axis, Scale, ends};
use super::mark::Look;
use super::theme::{self, MUTED};
use super::words::shortened;
use super::{Spot, Svg, text};
use crate::Error;
use crate::measure::Estimate;

const WIDTH: u32 = 740;
/// The height of a rung, and what title, axis and legend take beside the rungs.
const RUNG: u32 = 40;
const AROUND: u32 = 126;
/// The height of the legend above the rungs, and how many quantities stand in a row of it.
const LEGEND: i32 = 24;
const IN_A_ROW: usize = 4;
/// The room for the names, in pixels, and how many characters fit into it.
const NAMES: u32 = 150;
const LONGEST: usize = 20;
const TICKS: usize = 10;
/// The most rungs and quantities of one figure.
pub(crate) const MOST_RUNGS: usize = 24;

/// Begins a ladder with this title. See [`Ladder`].
///
/// ```
/// use conpar::measure::Estimate;
/// use conpar::prelude::*;
///
/// let seen = |point: f64| Estimate { point, low: 0.9 * point, high: 1.1 * point, level: 0.95 };
/// let figure = ladder("prices").x("seconds").mark("thread", "create", seen(2e-5)).mark("task", "create", seen(2e-7));
/// assert!(figure.draw()?.markup().starts_with("<svg "));
/// # Ok::<(), conpar::Error>(())
/// ```
pub fn ladder(title: &str) -> Ladder {
    Ladder { title: title.to_owned(), x: String::new(), marks: Vec::new() }
}

/// A ladder that is being put together; the last expression of a cell shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use = "it is drawn as the last expression of a cell, or by `.draw()`"]
pub struct Ladder {
    pub(crate) title: String,
    pub(crate) x: String,
    pub(crate) marks: Vec<Mark>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Mark {
    /// The thing, whose rung it stands on.
    pub(crate) of: String,
    pub(crate) quantity: String,
    /// `None` for a number that was measured, but not on this axis: it stands in the table only.
    pub(crate) value: Option<Estimate>,
    /// The value in words, with its unit.
    pub(crate) words: String,
}

impl Ladder {
    /// What the axis shows, with its unit.
    pub fn x(mut self, quantity: &str) -> Ladder {
        self.x = quantity.to_owned();
        self
    }

    /// Adds a positive value of a thing. What is not finite and positive is left out.
    pub fn mark(self, of: &str, quantity: &str, value: Estimate) -> Ladder {
        let words = format!("{:.3e} [{:.3e}, {:.3e}]", value.point, value.low, value.high);
        self.add(of, quantity, Some(value), words)
    }

    pub(crate) fn add(mut self, of: &str, quantity: &str, value: Option<Estimate>, words: String) -> Ladder {
        let drawn = |value: &Estimate| {
            [value.point, value.high].iter().all(|value| value.is_finite() && *value > 0.0)
        };
        if value.as_ref().is_none_or(drawn) {
            self.marks.push(Mark { of: of.to_owned(), quantity: quantity.to_owned(), value, words });
        }
        self
    }

    /// The things, in the order in which they were first named.
    pub(crate) fn things(&self) -> Vec<&str> {
        distinct(self.marks.iter().map(|mark| mark.of.as_str()))
    }

    /// The quantities, in the order in which they were first named.
    pub(crate) fn quantities(&self) -> Vec<&str> {
        distinct(self.marks.iter().map(|mark| mark.quantity.as_str()))
    }

    /// What the figure shows, in words.
    pub fn alternative(&self) -> String {
        let said = |mark: &Mark| format!("{}, {}: {}", mark.of, mark.quantity, mark.words);
        format!("{}. {}.", self.title, self.marks.iter().map(said).collect::<Vec<_>>().join("; "))
    }

    /// Draws the figure.
    ///
    /// # Errors
    ///
    /// [`Error::NothingToDraw`] without a value, [`Error::TooFarApart`] for more than 24 things or quantities,
    /// [`Error::Drawing`] when plotters fails.
    pub fn draw(&self) -> Result<Svg, Error> {
        let drawn: Vec<(&Mark, Estimate)> =
            self.marks.iter().filter_map(|mark| Some((mark, mark.value?))).collect();
        let things = distinct(drawn.iter().map(|(mark, _)| mark.of.as_str()));
        let quantities = distinct(drawn.iter().map(|(mark, _)| mark.quantity.as_str()));
        if things.len().max(quantities.len()) > MOST_RUNGS {
            return Err(Error::TooFarApart { title: self.title.clone() });
        }
        let values = drawn.iter().flat_map(|(_, value)| [value.low, value.point, value.high]);
        let (low, high) = ends(values.filter(|value| *value > 0.0))
            .ok_or_else(|| Error::NothingToDraw { title: self.title.clone() })?;
        let (from, to) = (Scale::Log.position(low), Scale::Log.position(high));
        let room = 0.05 * (to - from).max(0.5);
        let axis = Axis::rounded(Scale::Log, from - room, to + room, TICKS);
        let count = things.len() as u32;
        let legend = LEGEND * quantities.len().div_ceil(IN_A_ROW) as i32;
        let height = AROUND - LEGEND as u32 + legend as u32 + RUNG * count;
        let place = |names: &[&str], name: &str| names.iter().position(|known| *known == name).unwrap_or(0);
        let mut spots = Vec::new();
        let svg = Svg::draw((WIDTH, height), &self.alternative(), |area| {
            area.draw(&Text::new(
                shortened(&self.title, 80),
                (WIDTH as i32 / 2, 12),
                text(15).pos(Pos::new(HPos::Center, VPos::Top)),
            ))?;
            for (index, quantity) in quantities.iter().enumerate() {
                let (x, y) = (24 + (index % IN_A_ROW) as i32 * 176, 48 + (index / IN_A_ROW) as i32 * LEGEND);
                Look::of(index).mark(area, (x, y))?;
                area.draw(&Text::new(
                    shortened(quantity, 24),
                    (x + 12, y),
                    text(12).pos(Pos::new(HPos::Left, VPos::Center)),
                ))?;
            }
            let mut chart = ChartBuilder::on(area)
                .margin(10)
                .margin_top(40 + legend)
                .margin_right(24)
                .x_label_area_size(42)
                .y_label_area_size(NAMES)
                .build_cartesian_2d(axis.range().with_key_points(axis.ticks()), f64::from(count)..0.0)?;
            let label = |at: &i32| axis.label(*at);
            let mut mesh = chart.configure_mesh();
            mesh.disable_y_mesh().y_labels(0).x_desc(&self.x).x_label_formatter(&label);
            theme::style(&mut mesh);
            mesh.draw()?;
            for (row, thing) in things.iter().enumerate() {
                let middle = row as f64 + 0.5;
                let rung = [axis.range().start, axis.range().end].map(|at| (at, middle));
                chart.draw_series([PathElement::new(rung, MUTED)])?;
                let (x, y) = chart.backend_coord(&(axis.range().start, middle));
                let beside = text(12).pos(Pos::new(HPos::Right, VPos::Center));
                area.draw(&Text::new(shortened(thing, LONGEST), (x - 8, y), beside))?;
            }
            for (mark, value) in &drawn {
                let (row, index) = (place(&things, &mark.of), place(&quantities, &mark.quantity));
                // The quantities of a thing stand a little above and below one another: equal ones would cover each other.
                let spread = (index as f64 + 0.5) / quantities.len() as f64 - 0.5;
                let at = |value: f64| {
                    let along = axis.along(Scale::Log.position(value.max(low)));
                    chart.backend_coord(&(along, row as f64 + 0.5 + 0.66 * spread))
                };
                let look = Look::of(index);
                let ends = [at(value.low), at(value.high)];
                area.draw(&PathElement::new(ends, look.colour.stroke_width(2)))?;
                look.mark(area, at(value.point))?;
                spots.push(Spot {
                    at: at(value.point),
                    lines: vec![mark.of.clone(), mark.quantity.clone(), mark.words.clone()],
                });
            }
            Ok(())
        })?;
        Ok(svg.with_spots(spots))
    }
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for name in names {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(point: f64) -> Estimate {
        Estimate { point, low: 0.8 * point, high: 1.2 * point, level: 0.95 }
    }

    #[test]
    fn every_mark_is_drawn_on_the_rung_of_its_thing() {
        let figure = ladder("prices")
            .x("seconds")
            .mark("a", "make", about(1e-6))
            .mark("b", "make", about(1e-3))
            .mark("a", "use", about(1e-8))
            .mark("b", "use", about(f64::NAN));
        assert_eq!((figure.things(), figure.quantities()), (vec!["a", "b"], vec!["make", "use"]));
        assert_eq!(figure.marks.len(), 3, "what is no number is left out");
        assert!(figure.draw().is_ok());
        assert!(figure.alternative().contains("b, make: 1.000e-3"), "{}", figure.alternative());
    }

    #[test]
    fn nothing_is_an_error() {
        assert_eq!(ladder("none").draw(), Err(Error::NothingToDraw { title: "none".into() }));
        assert!(ladder("zero").mark("a", "b", about(0.0)).draw().is_err());
    }
}
