//! Values over workers: the plane on which speedup, efficiency, serial fraction and all other curves of an experiment are
//! drawn, with intervals, guides, bands and what each point says.

use plotters::coord::Shift;
use plotters::coord::combinators::BindKeyPoints;
use plotters::prelude::*;

use super::mark::{Dash, Drawn, Look};
use super::plane::Plane;
use super::theme::{self, MUTED};
use super::words::shortened;
use super::{Spot, Svg, text};
use crate::Error;
use crate::measure::Estimate;

const SIZE: (u32, u32) = (740, 430);
/// The right-hand strip that holds the legend, so that it can never cover a point.
const LEGEND: u32 = 190;
/// How far apart series stand at one worker count, in pixels: their bars would hide one another.
const DODGE: f64 = 8.0;
/// The horizontal axis counts in thousandths of a worker: plotters puts ticks where it is told on whole numbers only.
const WORKER: f64 = 1_000.0;
/// The height of a row of the legend, in pixels, where all of them have room.
const ROW: i32 = 22;
/// The least distance of two ticks, in pixels.
const TICK: f64 = 26.0;

/// A figure that is put together and then drawn.
#[derive(Debug, Clone, Default)]
pub(super) struct Curves {
    pub(super) title: String,
    /// What the vertical axis shows, with its unit.
    pub(super) up: String,
    /// Whether the vertical axis counts in hundredths.
    pub(super) percent: bool,
    pub(super) series: Vec<Series>,
    pub(super) guides: Vec<Guide>,
    pub(super) bands: Vec<Band>,
    /// The cores' worth of time there is: what lies beyond is shaded.
    pub(super) cores: f64,
}

/// One measured curve.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub(super) name: String,
    pub(super) look: Look,
    pub(super) points: Vec<Measured>,
}

/// One measured value.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub(super) workers: usize,
    pub(super) value: Estimate,
    /// What it says where it is pointed at.
    pub(super) lines: Vec<String>,
}

/// A line that was not measured: an ideal, a law, a bound.
#[derive(Debug, Clone)]
pub(super) struct Guide {
    /// Its name in the legend; empty for a guide that belongs to one with a name.
    pub(super) name: String,
    pub(super) colour: RGBColor,
    pub(super) dash: Dash,
    pub(super) points: Vec<(f64, f64)>,
}

/// Where a fitted law lies at a confidence level.
#[derive(Debug, Clone)]
pub(super) struct Band {
    /// Its name in the legend; empty for a band that belongs to one with a name.
    pub(super) name: String,
    pub(super) colour: RGBColor,
    /// Workers, lower end, upper end.
    pub(super) edges: Vec<(f64, f64, f64)>,
}

impl Curves {
    /// Draws the figure; `alternative` is what it says in words.
    ///
    /// # Errors
    ///
    /// [`Error::NothingToDraw`] without a finite value, [`Error::Drawing`] when plotters fails.
    pub(super) fn draw(&self, alternative: &str) -> Result<Svg, Error> {
        self.draw_on(alternative).map(|(svg, _)| svg)
    }

    /// As [`Curves::draw`], and tells where things lie.
    pub(super) fn draw_on(&self, alternative: &str) -> Result<(Svg, Plane), Error> {
        let counts = self.counts();
        let (Some(most), Some((low, high))) = (counts.last(), self.span()) else {
            return Err(Error::NothingToDraw { title: self.title.clone() });
        };
        let most = *most as f64;
        let gaps = counts.len().saturating_sub(1).clamp(1, 4) as f64;
        let margin = 0.45 * (most - 1.0).max(1.0) / gaps;
        let (left, right) = (1.0 - margin, most + margin);
        let mut plane = Plane { left: 0.0, across: 0.0, bottom: 0.0, up: 0.0, top: 0.0 };
        let mut spots = Vec::new();
        let svg = Svg::draw(SIZE, alternative, |area| {
            let (chart_area, legend_area) = area.split_horizontally(SIZE.0 - LEGEND);
            let per_worker = f64::from(SIZE.0 - LEGEND - 72) / (right - left);
            let mut chart = ChartBuilder::on(&chart_area)
                .caption(shortened(&self.title, 64), text(15))
                .margin(10)
                .x_label_area_size(42)
                .y_label_area_size(52)
                .build_cartesian_2d(
                    (thousandths(left)..thousandths(right)).with_key_points(ticks(&counts, per_worker)),
                    low..high,
                )?;
            if most > self.cores {
                let from = (self.cores.max(1.0) + 0.5).min(right);
                let corners = [(thousandths(from), low), (thousandths(right), high)];
                chart.draw_series([Rectangle::new(corners, MUTED.mix(0.13).filled())])?;
            }
            let percent = self.percent;
            let decimals = if high - low < 1.0 { 2 } else { 1 };
            let value = |value: &f64| match percent {
                true => format!("{:.0}%", 100.0 * value),
                false => format!("{value:.decimals$}"),
            };
            let mut mesh = chart.configure_mesh();
            mesh.x_desc("workers")
                .y_desc(&self.up)
                .x_label_formatter(&|at| format!("{:.0}", f64::from(*at) / WORKER))
                .y_label_formatter(&value);
            theme::style(&mut mesh);
            mesh.draw()?;
            let (across, up) = chart.plotting_area().get_pixel_range();
            plane.across = f64::from(across.end - across.start) / (right - left);
            plane.left = f64::from(across.start) + (1.0 - left) * plane.across;
            plane.up = f64::from(up.end - up.start) / (high - low);
            plane.bottom = f64::from(up.end) + low * plane.up;
            plane.top = f64::from(up.start);
            self.content(area, &plane, &mut spots)?;
            self.legend(&legend_area, most > self.cores)
        })?;
        Ok((svg.with_spots(spots), plane))
    }

    /// Everything between the axes.
    fn content<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        plane: &Plane,
        spots: &mut Vec<Spot>,
    ) -> Drawn
    where
        DB::ErrorType: 'static,
    {
        for Band { colour, edges, .. } in &self.bands {
            let upper = edges.iter().map(|&(workers, _, high)| pixel(plane, workers, high));
            let lower = edges.iter().rev().map(|&(workers, low, _)| pixel(plane, workers, low));
            area.draw(&Polygon::new(upper.chain(lower).collect::<Vec<_>>(), colour.mix(0.2).filled()))?;
        }
        for Guide { colour, dash, points, .. } in &self.guides {
            let through: Vec<_> =
                points.iter().map(|&(workers, value)| pixel(plane, workers, value)).collect();
            if through.len() > 1 {
                dash.line(area, &through, colour.stroke_width(2))?;
            }
        }
        // The ceiling first: where it meets an arm, the arm is seen, and the arm's spot answers.
        let (below, above): (Vec<_>, Vec<_>) =
            self.series.iter().partition(|series| series.look == Look::CEILING);
        below.iter().try_for_each(|ceiling| ceiling.draw(area, plane, 0.0, spots))?;
        let apart = DODGE.min(plane.across / (2.0 * above.len() as f64));
        let middle = (above.len() as f64 - 1.0) / 2.0;
        let mut shifts = (0..).map(|place| apart * (f64::from(place) - middle));
        above.iter().zip(&mut shifts).try_for_each(|(arm, shift)| arm.draw(area, plane, shift, spots))
    }

    fn legend<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, shaded: bool) -> Drawn
    where
        DB::ErrorType: 'static,
    {
        let rows = self.series.len() + self.guides.len() + 2;
        let step = (ROW as usize).min((SIZE.1 as usize - 80) / rows) as i32;
        let mut y = 52;
        let mut row = |name: &str, draw: &dyn Fn(i32) -> Drawn| {
            draw(y)?;
            area.draw(&Text::new(shortened(name, 23), (34, y - 6), text(12)))?;
            y += step;
            Drawn::Ok(())
        };
        let line = |y: i32, dash: Dash, style: ShapeStyle| dash.line(area, &[(4, y), (29, y)], style);
        for Series { name, look, .. } in &self.series {
            row(name, &|y| {
                line(y, look.dash, look.colour.stroke_width(1))?;
                look.mark(area, (16, y))
            })?;
        }
        for Guide { name, colour, dash, .. } in self.guides.iter().filter(|guide| !guide.name.is_empty()) {
            row(name, &|y| line(y, *dash, colour.stroke_width(2)))?;
        }
        let box_of = |y: i32, colour: RGBAColor| {
            Drawn::Ok(area.draw(&Rectangle::new([(4, y - 7), (29, y + 7)], colour.filled()))?)
        };
        for Band { name, colour, .. } in self.bands.iter().filter(|band| !band.name.is_empty()) {
            row(name, &|y| box_of(y, colour.mix(0.2)))?;
        }
        if shaded {
            row("more workers than cores", &|y| box_of(y, MUTED.mix(0.3)))?;
        }
        Ok(())
    }

    /// All worker counts with a point, in ascending order, each once.
    fn counts(&self) -> Vec<usize> {
        let points = self.series.iter().flat_map(|series| &series.points);
        let mut counts: Vec<usize> = points.map(|point| point.workers).collect();
        counts.sort_unstable();
        counts.dedup();
        counts
    }

    /// From where to where the vertical axis goes: 0 and every value are within.
    fn span(&self) -> Option<(f64, f64)> {
        let points = self.series.iter().flat_map(|series| &series.points).map(|point| point.value);
        let measured = points.flat_map(|value| [value.low, value.point, value.high]);
        let guides = self.guides.iter().flat_map(|guide| guide.points.iter().map(|point| point.1));
        let bands = self.bands.iter().flat_map(|band| band.edges.iter().flat_map(|edge| [edge.1, edge.2]));
        let finite = measured.chain(guides).chain(bands).filter(|value| value.is_finite());
        let (low, high) =
            finite.fold((0.0_f64, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let room = 0.08 * (high - low);
        (high - low > 0.0).then_some((if low < 0.0 { low - room } else { 0.0 }, high + room))
    }
}

impl Series {
    /// Draws line, intervals and marks, so many pixels to the right of the worker counts.
    fn draw<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        plane: &Plane,
        shift: f64,
        spots: &mut Vec<Spot>,
    ) -> Drawn
    where
        DB::ErrorType: 'static,
    {
        let Series { look, points, .. } = self;
        let place = |point: &Measured, value: f64| {
            let (x, y) = plane.at(point.workers as f64, value);
            ((x + shift).round() as i32, y.round() as i32)
        };
        let through: Vec<_> = points.iter().map(|point| place(point, point.value.point)).collect();
        look.dash.line(area, &through, look.colour.stroke_width(1))?;
        for (point, &at) in points.iter().zip(&through) {
            let Estimate { point: middle, low, high, .. } = point.value;
            let ends = [place(point, low.min(middle)), place(point, high.max(middle))];
            let bar = look.colour.stroke_width(2);
            area.draw(&PathElement::new(ends, bar))?;
            for (x, y) in ends {
                area.draw(&PathElement::new([(x - 3, y), (x + 4, y)], bar))?;
            }
            look.mark(area, at)?;
            spots.push(Spot { at, lines: point.lines.clone() });
        }
        Ok(())
    }
}

/// The counts that get a tick: from the largest downwards, as many as stand apart.
fn ticks(counts: &[usize], per_worker: f64) -> Vec<i32> {
    let mut ticks: Vec<usize> = Vec::new();
    for &count in counts.iter().rev() {
        if ticks.last().is_none_or(|&last| (last - count) as f64 * per_worker >= TICK) {
            ticks.push(count);
        }
    }
    ticks.iter().rev().map(|&count| thousandths(count as f64)).collect()
}

fn thousandths(workers: f64) -> i32 {
    (workers * WORKER).round() as i32
}

fn pixel(plane: &Plane, workers: f64, value: f64) -> (i32, i32) {
    let (x, y) = plane.at(workers, value);
    (x.round() as i32, y.round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_stand_apart_and_the_largest_count_has_one() {
        let counts = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
        let told: Vec<i32> = ticks(&counts, 6.0).iter().map(|tick| tick / 1_000).collect();
        assert_eq!(told, [3, 8, 16, 24, 32, 48, 64]);
        assert_eq!(ticks(&[1, 2], 100.0), [1_000, 2_000]);
    }

    #[test]
    fn without_a_finite_value_there_is_nothing_to_draw() {
        let empty = Curves { title: "empty".into(), cores: 2.0, ..Curves::default() };
        assert_eq!(empty.draw(""), Err(Error::NothingToDraw { title: "empty".into() }));
    }
}
