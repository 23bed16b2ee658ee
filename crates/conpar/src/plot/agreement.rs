//! Measured against expected: where both agree, the points lie on the diagonal.

use plotters::prelude::*;
use serde::{Deserialize, Serialize};

use super::axis::{ends, spread};
use super::theme::{self, MUTED, SERIES};
use super::{Svg, text};
use crate::Error;
use crate::language::{say, word};
use crate::measure::Estimate;

const SIZE: (u32, u32) = (560, 430);

/// Begins a figure of measured values against expected ones. See [`Agreement`].
///
/// ```
/// use conpar::measure::Estimate;
/// use conpar::prelude::*;
///
/// let found = Estimate { point: 0.31, low: 0.29, high: 0.33, level: 0.95 };
/// let figure = agreement("serial fraction").expected("planted").measured("found").point(0.3, found).draw()?;
/// assert!(figure.markup().starts_with("<svg "));
/// # Ok::<(), conpar::Error>(())
/// ```
pub fn agreement(title: &str) -> Agreement {
    Agreement {
        title: title.to_owned(),
        expected: String::new(),
        measured: String::new(),
        points: Vec::new(),
        doubtful: Vec::new(),
    }
}

/// A figure of measured values against expected ones that is being put together; the last expression of a cell shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use = "it is drawn as the last expression of a cell, or by `.draw()`"]
pub struct Agreement {
    title: String,
    expected: String,
    measured: String,
    points: Vec<(f64, Estimate)>,
    /// Values that decide nothing.
    #[serde(default)]
    doubtful: Vec<(f64, Estimate)>,
}

impl Agreement {
    /// What was expected, with its unit: the horizontal axis.
    pub fn expected(mut self, quantity: &str) -> Agreement {
        self.expected = quantity.to_owned();
        self
    }

    /// What was measured, with its unit: the vertical axis.
    pub fn measured(mut self, quantity: &str) -> Agreement {
        self.measured = quantity.to_owned();
        self
    }

    /// Adds a measured value where `expected` was expected. What is not finite is left out.
    pub fn point(mut self, expected: f64, measured: Estimate) -> Agreement {
        self.points.extend(finite(expected, measured));
        self
    }

    /// Adds a value that was measured under conditions in which it decides nothing: a ring in the figure.
    pub fn doubtful(mut self, expected: f64, measured: Estimate) -> Agreement {
        self.doubtful.extend(finite(expected, measured));
        self
    }

    /// The expected values, each with what was measured.
    pub fn points(&self) -> &[(f64, Estimate)] {
        &self.points
    }

    /// The same of those that decide nothing.
    pub fn doubts(&self) -> &[(f64, Estimate)] {
        &self.doubtful
    }

    /// What the figure shows, in words.
    pub fn alternative(&self) -> String {
        let on_it = self
            .points
            .iter()
            .filter(|(expected, found)| (found.low..=found.high).contains(expected))
            .count();
        let (points, doubts) = (self.points.len(), self.doubtful.len());
        let mut text = say!(
            en: "{}: {} against {}; {on_it} of {points} intervals hold the expected value.",
            pt: "{}: {} contra {}; {on_it} de {points} intervalos contêm o valor esperado.",
            self.title,
            self.measured,
            self.expected
        );
        if doubts > 0 {
            text += &say!(
                en: " Drawn as rings, since they were disturbed and decide nothing: {doubts}.",
                pt: " Desenhados como anéis, pois foram perturbados e nada decidem: {doubts}."
            );
        }
        text
    }

    /// Draws the figure: the diagonal, and a dot with its interval for each point.
    ///
    /// # Errors
    ///
    /// [`Error::NothingToDraw`] without a finite point, [`Error::Drawing`] when plotters fails.
    pub fn draw(&self) -> Result<Svg, Error> {
        let all = || self.points.iter().chain(&self.doubtful);
        let values = all().flat_map(|(expected, found)| [*expected, found.low, found.high, found.point]);
        let (low, high) = ends(values).ok_or_else(|| Error::NothingToDraw { title: self.title.clone() })?;
        // One range for both axes: the diagonal is then where it is looked for.
        let spread = spread(low, high).ok_or_else(|| Error::TooFarApart { title: self.title.clone() })?;
        let range = low - 0.08 * spread..high + 0.08 * spread;
        Svg::draw(SIZE, &self.alternative(), |area| {
            let mut chart =
                theme::framed(area, &self.title).build_cartesian_2d(range.clone(), range.clone())?;
            let mut mesh = chart.configure_mesh();
            mesh.x_desc(&self.expected).y_desc(&self.measured);
            theme::style(&mut mesh);
            mesh.draw()?;
            let diagonal = [(range.start, range.start), (range.end, range.end)];
            chart.draw_series(DashedLineSeries::new(diagonal, 6, 5, MUTED.stroke_width(2)))?;
            let colour = SERIES[0];
            let bars = |width: u32| {
                move |&(expected, found): &(f64, Estimate)| {
                    let (low, high) = (found.low.min(found.point), found.high.max(found.point));
                    ErrorBar::new_vertical(expected, low, found.point, high, colour.stroke_width(width), 9)
                }
            };
            chart.draw_series(self.points.iter().map(bars(2)))?;
            chart.draw_series(self.doubtful.iter().map(bars(1)))?;
            let mark = |style: ShapeStyle| {
                move |&(expected, found): &(f64, Estimate)| Circle::new((expected, found.point), 4, style)
            };
            chart.draw_series(self.points.iter().map(mark(colour.filled())))?;
            chart.draw_series(self.doubtful.iter().map(mark(colour.stroke_width(1))))?;
            if !self.doubtful.is_empty() {
                let (left, top) = (chart.plotting_area().get_pixel_range().0.start + 18, 50);
                area.draw(&Circle::new((left, top), 4, colour.stroke_width(1)))?;
                let doubtful = word!(en: "disturbed: decides nothing", pt: "perturbado: nada decide");
                area.draw(&Text::new(doubtful, (left + 12, top - 6), text(12)))?;
            }
            Ok(())
        })
    }
}

fn finite(expected: f64, measured: Estimate) -> Option<(f64, Estimate)> {
    let values = [expected, measured.point, measured.low, measured.high];
    values.iter().all(|value| value.is_finite()).then_some((expected, measured))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_count_the_intervals_that_hold_what_was_expected() {
        let found = |point: f64| Estimate { point, low: point - 0.1, high: point + 0.1, level: 0.95 };
        let figure =
            agreement("a").expected("x").measured("y").point(0.3, found(0.35)).point(0.3, found(0.5));
        assert!(figure.alternative().ends_with("1 of 2 intervals hold the expected value."));
        assert!(figure.draw().is_ok());
        let doubted = figure.doubtful(0.5, found(0.9));
        assert!(
            doubted.alternative().contains("1 of 2") && doubted.draw().is_ok(),
            "what is in doubt is not counted"
        );
        let none = agreement("none").point(f64::NAN, found(0.1)).draw();
        assert_eq!(none, Err(Error::NothingToDraw { title: "none".into() }));
        let far = agreement("far").point(1e300, found(0.1)).draw();
        assert_eq!(far, Err(Error::TooFarApart { title: "far".into() }));
        assert!(
            agreement("one")
                .point(1.0, Estimate { point: 1.0, low: 1.0, high: 1.0, level: 0.95 })
                .draw()
                .is_ok()
        );
    }
}
