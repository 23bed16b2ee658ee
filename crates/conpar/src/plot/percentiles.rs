//! Delays by percentile, as HdrHistogram's own plots show them: each further nine of the horizontal axis takes as much room
//! as the one before, so that the tail is seen.

use plotters::coord::Shift;
use plotters::coord::combinators::BindKeyPoints;
use plotters::prelude::*;

use super::axis::{Axis, Scale, ends};
use super::mark::{Drawn, Look};
use super::theme;
use super::words::shortened;
use super::{Spot, Svg, text};
use crate::Error;
use crate::language::word;
use crate::responsiveness::Percentile;

const SIZE: (u32, u32) = (740, 430);
/// The right-hand strip that names the lines, and the height of a row of it.
const LEGEND: u32 = 190;
const ROW: i32 = 22;
/// About how many ticks the vertical axis has.
const TICKS: usize = 8;
/// How far apart the intervals of two lines stand at one percentile, in pixels.
const APART: i32 = 8;
/// How many points make a nine of a line.
const FINENESS: f64 = 40.0;
/// The length of the arrow of an interval that has no upper end, in pixels.
const ARROW: i32 = 16;

/// A figure that is put together and then drawn.
pub(super) struct Percentiles<'p> {
    pub(super) title: &'p str,
    pub(super) lines: Vec<Line>,
}

/// The delays of one arm, or of one way to measure them.
pub(super) struct Line {
    pub(super) name: String,
    /// Quantiles (0 to 1) with their delays in seconds, ascending.
    pub(super) curve: Vec<(f64, f64)>,
    /// The percentiles that have an interval.
    pub(super) marks: Vec<Percentile>,
}

/// The quantiles at which a line over so many beats is drawn: up to the one beyond which lies the latest beat alone.
pub(super) fn quantiles(beats: u64) -> Vec<f64> {
    let last = (beats.max(1) as f64).log10();
    let steps = (last * FINENESS).ceil().max(1.0);
    (0..=steps as u32).map(|step| 1.0 - 10.0_f64.powf(-last * f64::from(step) / steps)).collect()
}

impl Percentiles<'_> {
    /// Draws the figure; `alternative` is what it says in words.
    pub(super) fn draw(&self, alternative: &str) -> Result<Svg, Error> {
        let up = self.up().ok_or_else(|| Error::NothingToDraw { title: self.title.to_owned() })?;
        let across = self.across();
        let mut spots = Vec::new();
        let svg = Svg::draw(SIZE, alternative, |area| {
            let (chart_area, legend) = area.split_horizontally(SIZE.0 - LEGEND);
            let mut chart = theme::framed(&chart_area, &shortened(self.title, 64)).build_cartesian_2d(
                across.range().with_key_points(across.ticks()),
                up.range().with_key_points(up.ticks()),
            )?;
            let (right, above) =
                (|at: &i32| across.value(*at).map_or_else(String::new, percent), |at: &i32| up.label(*at));
            let mut mesh = chart.configure_mesh();
            mesh.x_desc(word!(en: "percentile of the beats", pt: "percentil das batidas"))
                .y_desc(word!(en: "delay (ms)", pt: "atraso (ms)"));
            mesh.x_label_formatter(&right).y_label_formatter(&above);
            theme::style(&mut mesh);
            mesh.draw()?;
            let place = |quantile: f64, seconds: f64| {
                let (x, y) =
                    (Scale::Log.position(beyond(quantile)), Scale::Log.position(milliseconds(seconds)));
                chart.backend_coord(&(across.along(x), up.along(y)))
            };
            for (index, line) in self.lines.iter().enumerate() {
                let look = Look::of_line(index);
                let through: Vec<_> =
                    line.curve.iter().map(|&(quantile, delay)| place(quantile, delay)).collect();
                look.dash.line(&chart_area, &through, look.colour.stroke_width(2))?;
                let y = 52 + ROW * index as i32;
                look.dash.line(&legend, &[(4, y), (29, y)], look.colour.stroke_width(2))?;
                look.mark(&legend, (16, y))?;
                legend.draw(&Text::new(shortened(&line.name, 23), (34, y - 6), text(12)))?;
            }
            let middle = (self.lines.len() as i32 - 1) / 2;
            for (line, index) in self.lines.iter().zip(0..) {
                let look = Look::of_line(index as usize);
                for mark in &line.marks {
                    let shift = APART * (index - middle);
                    let [low, at, high] =
                        [mark.delay.low, mark.delay.point, mark.delay.high].map(|seconds| {
                            let (x, y) = place(mark.quantile, seconds);
                            (x + shift, y)
                        });
                    interval(&chart_area, look, low, at, (high, mark.open))?;
                    spots.push(Spot { at, lines: vec![line.name.clone(), said(mark)] });
                }
            }
            Ok(())
        })?;
        Ok(svg.with_spots(spots))
    }

    /// From the median's side of the first percentile to a little beyond the last beat.
    fn across(&self) -> Axis {
        let curves = self.lines.iter().flat_map(|line| line.curve.iter().map(|&(quantile, _)| quantile));
        let marks = self.lines.iter().flat_map(|line| line.marks.iter().map(|mark| mark.quantile));
        let last = curves.chain(marks).map(beyond).fold(10.0, f64::max);
        let to = Scale::Log.position(last) + 0.15;
        let nines = (1..=9).map(|nine| 10.0_f64.powi(nine)).take_while(|value| value.log10() <= to);
        Axis::at(Scale::Log, 0.0, to, [2.0].into_iter().chain(nines).collect())
    }

    fn up(&self) -> Option<Axis> {
        let curves = self.lines.iter().flat_map(|line| line.curve.iter().map(|&(_, delay)| delay));
        let marks = self.lines.iter().flat_map(|line| &line.marks);
        let marks = marks.flat_map(|mark| [mark.delay.low, mark.delay.point, mark.delay.high]);
        let values = curves.chain(marks).filter(|value| value.is_finite() && *value > 0.0);
        let (low, high) = ends(values.map(|seconds| Scale::Log.position(milliseconds(seconds))))?;
        let room = 0.08 * (high - low).max(0.5);
        Some(Axis::rounded(Scale::Log, low - room, high + 1.5 * room, TICKS))
    }
}

/// An interval; one without an upper end points upwards.
fn interval<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    look: Look,
    low: (i32, i32),
    at: (i32, i32),
    (high, open): ((i32, i32), bool),
) -> Drawn
where
    DB::ErrorType: 'static,
{
    let bar = look.colour.stroke_width(2);
    let cap = |(x, y): (i32, i32)| PathElement::new([(x - 3, y), (x + 4, y)], bar);
    area.draw(&cap(low))?;
    match open {
        true => {
            let (x, tip) = (at.0, at.1.min(high.1) - ARROW);
            area.draw(&PathElement::new([low, (x, tip)], bar))?;
            area.draw(&PathElement::new([(x - 4, tip + 6), (x, tip), (x + 4, tip + 6)], bar))?;
        }
        false => {
            area.draw(&PathElement::new([low, high], bar))?;
            area.draw(&cap(high))?;
        }
    }
    look.mark(area, at)
}

/// One over the share of the beats beyond a quantile: 100 for p99.
fn beyond(quantile: f64) -> f64 {
    1.0 / (1.0 - quantile).max(1e-9)
}

/// The percentile of a place on the horizontal axis: "99%" for 100.
fn percent(beyond: f64) -> String {
    let decimals = (beyond.log10().round() as usize).saturating_sub(2);
    format!("{:.decimals$}%", 100.0 * (1.0 - 1.0 / beyond))
}

fn milliseconds(seconds: f64) -> f64 {
    1e3 * seconds
}

/// A percentile with its delay: "p99: 20.1 [19.8, 20.4] ms".
pub(crate) fn said(percentile: &Percentile) -> String {
    format!("{}: {}", named(percentile.quantile), delay(percentile))
}

/// The usual name of a percentile: "p99", "p99.9".
pub(crate) fn named(quantile: f64) -> String {
    let hundredths = (10_000.0 * quantile).round() / 100.0;
    format!("p{hundredths}")
}

/// The delay of a percentile, with what is known of its interval: "20.1 [19.8, …) ms" where that has no upper end.
pub(crate) fn delay(percentile: &Percentile) -> String {
    let text = super::in_units(crate::sweep::Quantity::Seconds, &percentile.delay);
    match (percentile.open, text.rsplit_once(", ").zip(text.rsplit_once("] "))) {
        (true, Some(((start, _), (_, unit)))) => format!("{start}, …) {unit}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Estimate;

    fn percentile(open: bool) -> Percentile {
        let delay = Estimate { point: 0.02, low: 0.019, high: 0.0215, level: 0.95 };
        Percentile { quantile: 0.999, delay, open }
    }

    #[test]
    fn percentiles_are_named_as_usual_and_an_open_end_is_said() {
        assert_eq!([0.5, 0.99, 0.999, 0.9999].map(named), ["p50", "p99", "p99.9", "p99.99"]);
        assert_eq!(
            [2.0, 10.0, 100.0, 1_000.0, 10_000.0].map(percent),
            ["50%", "90%", "99%", "99.9%", "99.99%"]
        );
        assert_eq!(said(&percentile(false)), "p99.9: 20.0 [19.0, 21.5] ms");
        assert_eq!(said(&percentile(true)), "p99.9: 20.0 [19.0, …) ms");
    }

    #[test]
    fn a_line_ends_where_the_latest_beat_is_alone() {
        let found = quantiles(1_000);
        assert_eq!(found[0], 0.0);
        assert!(found.is_sorted() && (found[found.len() - 1] - 0.999).abs() < 1e-9);
        assert_eq!(quantiles(1), [0.0, 0.0]);
        assert_eq!(quantiles(0), [0.0, 0.0]);
    }

    #[test]
    fn without_a_delay_there_is_nothing_to_draw() {
        let line = Line { name: "a".into(), curve: Vec::new(), marks: Vec::new() };
        assert!(matches!(
            Percentiles { title: "none", lines: vec![line] }.draw(""),
            Err(Error::NothingToDraw { .. })
        ));
        let line =
            Line { name: "a".into(), curve: vec![(0.0, 1e-3), (0.5, 2e-3)], marks: vec![percentile(true)] };
        assert!(Percentiles { title: "one", lines: vec![line] }.draw("").is_ok());
    }
}
