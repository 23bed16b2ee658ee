//! Lines through points: the plain figure for any two quantities.

use plotters::prelude::*;
use serde::{Deserialize, Serialize};

use super::mark::Look;
use super::theme;
use super::words::shortened;
use super::{Spot, Svg, text};
use crate::Error;

const SIZE: (u32, u32) = (740, 430);
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

    /// What the chart shows, in words.
    pub fn alternative(&self) -> String {
        let names: Vec<&str> = self.lines.iter().map(|(name, _)| name.as_str()).collect();
        format!("{}: {} against {}, for {}.", self.title, self.y, self.x, names.join(", "))
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
        let mut spots = Vec::new();
        let svg = Svg::draw(SIZE, &self.alternative(), |area| {
            let mut chart = ChartBuilder::on(area)
                .caption(&self.title, text(15))
                .margin(10)
                .margin_right(24)
                .x_label_area_size(42)
                .y_label_area_size(62)
                .build_cartesian_2d(across, up)?;
            let mut rows = Vec::new();
            let mut mesh = chart.configure_mesh();
            mesh.x_desc(&self.x).y_desc(&self.y);
            theme::style(&mut mesh);
            mesh.draw()?;
            for (index, (name, points)) in self.lines.iter().enumerate() {
                let look = Look::of_line(index);
                let style = look.colour.stroke_width(2);
                let places: Vec<_> = points.iter().map(|point| chart.backend_coord(point)).collect();
                look.dash.line(area, &places, style)?;
                if points.len() <= MARKED {
                    places.iter().try_for_each(|&place| look.mark(area, place))?;
                    let says = |(at, (x, y)): (&(i32, i32), &(f64, f64))| Spot {
                        at: *at,
                        lines: vec![name.clone(), format!("{}: {x}", self.x), format!("{}: {y}", self.y)],
                    };
                    spots.extend(places.iter().zip(points).map(says));
                }
                rows.push((name, look));
            }
            let (left, top) = (chart.plotting_area().get_pixel_range().0.start + 16, 48);
            for (y, (name, look)) in (top..).step_by(18).zip(rows.iter().filter(|_| self.lines.len() > 1)) {
                look.dash.line(area, &[(left, y), (left + 26, y)], look.colour.stroke_width(2))?;
                look.mark(area, (left + 13, y))?;
                area.draw(&Text::new(shortened(name, 40), (left + 32, y - 6), text(12)))?;
            }
            Ok(())
        })?;
        Ok(svg.with_spots(spots))
    }
}

/// The smallest range that holds all `values`, never empty.
fn span(values: impl Iterator<Item = f64>) -> std::ops::Range<f64> {
    let (low, high) = values
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low < high { low..high + (high - low) * 0.04 } else { low - 0.5..low + 0.5 }
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
}
