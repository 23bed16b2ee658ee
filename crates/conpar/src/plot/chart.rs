//! Lines through points: the plain figure for any two quantities.

use plotters::coord::combinators::BindKeyPoints;
use plotters::prelude::*;
use serde::{Deserialize, Serialize};

use super::axis::{self, Axis, Scale, ends};
use super::mark::Look;
use super::theme;
use super::words::shortened;
use super::{Spot, Svg, text};
use crate::Error;
use crate::language::say;

const SIZE: (u32, u32) = (740, 430);
/// The right-hand strip that names the lines, where there are several, and the height of a row of it.
const LEGEND: u32 = 190;
const ROW: i32 = 22;
/// About how many ticks an axis has.
const TICKS: usize = 8;
/// Up to how many points of a line are marked, and say their values.
const MARKED: usize = 24;

/// Begins a chart with this title. See [`Chart`].
///
/// ```
/// use conpar::prelude::*;
///
/// let squares = (0..100).map(|x| (f64::from(x), f64::from(x * x)));
/// let figure = chart("squares").x("x").y("x²").line("x²", squares).draw()?;
/// assert!(figure.markup().starts_with("<svg "));
/// # Ok::<(), conpar::Error>(())
/// ```
pub fn chart(title: &str) -> Chart {
    Chart { title: title.to_owned(), x: String::new(), y: String::new(), lines: Vec::new() }
}

/// A line chart that is being put together; the last expression of a cell shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use = "a chart is drawn as the last expression of a cell, or by `.draw()`"]
pub struct Chart {
    title: String,
    x: String,
    y: String,
    lines: Vec<(String, Vec<(f64, f64)>)>,
}

impl Chart {
    /// What the horizontal axis shows, with its unit.
    pub fn x(mut self, quantity: &str) -> Chart {
        self.x = quantity.to_owned();
        self
    }

    /// What the vertical axis shows, with its unit.
    pub fn y(mut self, quantity: &str) -> Chart {
        self.y = quantity.to_owned();
        self
    }

    /// Adds a line named `name` through `points`. Points that are not finite are gaps in the data and left out.
    pub fn line(mut self, name: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Chart {
        let finite = |&(x, y): &(f64, f64)| x.is_finite() && y.is_finite();
        self.lines.push((name.to_owned(), points.into_iter().filter(finite).collect()));
        self
    }

    /// The lines with their names, in the order of the series' colours.
    pub fn lines(&self) -> &[(String, Vec<(f64, f64)>)] {
        &self.lines
    }

    /// What the chart shows, in words: where each line begins, where it ends, how high it comes.
    pub fn alternative(&self) -> String {
        let mut words = say!(en: "{}: {} against {}.", pt: "{}: {} contra {}.", self.title, self.y, self.x);
        for (name, points) in &self.lines {
            let (Some((x, y)), Some((last_x, last_y))) = (points.first(), points.last()) else { continue };
            let most = points.iter().map(|point| point.1).fold(f64::MIN, f64::max);
            let [x, y, last_x, last_y, most] =
                [x, y, last_x, last_y, &most].map(|value| axis::short(*value, value.abs() / 100.0));
            words += &say!(
                en: " {name}: from {y} at {x} to {last_y} at {last_x}, at most {most}.",
                pt: " {name}: de {y} em {x} a {last_y} em {last_x}, no máximo {most}."
            );
        }
        words
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`Error::NothingToDraw`] when no line has a finite point, [`Error::Drawing`] when plotters fails.
    pub fn draw(&self) -> Result<Svg, Error> {
        let points = || self.lines.iter().flat_map(|(_, points)| points);
        if points().next().is_none() {
            return Err(Error::NothingToDraw { title: self.title.clone() });
        }
        let across = span(points().map(|point| point.0));
        let up = span(points().map(|point| point.1).chain([0.0]));
        let strip = if self.lines.len() > 1 { LEGEND } else { 0 };
        let mut spots = Vec::new();
        let svg = Svg::draw(SIZE, &self.alternative(), |area| {
            let (chart_area, legend_area) = area.split_horizontally(SIZE.0 - strip);
            let mut chart = theme::framed(&chart_area, &self.title).build_cartesian_2d(
                across.range().with_key_points(across.ticks()),
                up.range().with_key_points(up.ticks()),
            )?;
            let (right, above) = (|at: &i32| across.label(*at), |at: &i32| up.label(*at));
            let mut mesh = chart.configure_mesh();
            mesh.x_desc(&self.x).y_desc(&self.y).x_label_formatter(&right).y_label_formatter(&above);
            theme::style(&mut mesh);
            mesh.draw()?;
            for (index, (name, points)) in self.lines.iter().enumerate() {
                let look = Look::of_line(index);
                let style = look.colour.stroke_width(2);
                let place = |&(x, y): &(f64, f64)| chart.backend_coord(&(across.along(x), up.along(y)));
                let places: Vec<_> = points.iter().map(place).collect();
                look.dash.line(area, &places, style)?;
                if points.len() <= MARKED {
                    places.iter().try_for_each(|&place| look.mark(area, place))?;
                    let says = |(at, (x, y)): (&(i32, i32), &(f64, f64))| Spot {
                        at: *at,
                        lines: vec![name.clone(), format!("{}: {x}", self.x), format!("{}: {y}", self.y)],
                    };
                    spots.extend(places.iter().zip(points).map(says));
                }
                if strip > 0 {
                    let y = 52 + ROW * index as i32;
                    look.dash.line(&legend_area, &[(4, y), (29, y)], style)?;
                    look.mark(&legend_area, (16, y))?;
                    legend_area.draw(&Text::new(shortened(name, 23), (34, y - 6), text(12)))?;
                }
            }
            Ok(())
        })?;
        Ok(svg.with_spots(spots))
    }
}

/// The shortest axis that holds all `values`, never empty.
fn span(values: impl Iterator<Item = f64>) -> Axis {
    let (low, high) = match ends(values) {
        Some((low, high)) if low < high => (low, high + (high - low) * 0.04),
        alone => alone.map_or((0.0, 1.0), |(value, _)| (value - 0.5, value + 0.5)),
    };
    Axis::rounded(Scale::Linear, low, high, TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_finite_point_is_an_error_and_one_point_is_a_chart() {
        let empty = chart("empty").line("a", [(f64::NAN, 1.0), (1.0, f64::INFINITY)]).draw();
        assert_eq!(empty, Err(Error::NothingToDraw { title: "empty".into() }));
        assert!(chart("one").line("a", [(1.0, 1.0)]).draw().is_ok());
    }

    #[test]
    fn words_say_where_a_line_begins_ends_and_peaks() {
        let chart = chart("c").x("x").y("y").line("a", [(1.0, 2.0), (2.0, 5.0), (3.0, 4.0)]).line("none", []);
        assert_eq!(
            chart.alternative(),
            "c: y against x. a: from 2.00 at 1.00 to 4.00 at 3.00, at most 5.00."
        );
    }
}
