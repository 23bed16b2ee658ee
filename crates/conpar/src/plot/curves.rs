//! Values over workers, or over another parameter: the plane on which speedup, efficiency, serial fraction and all other
//! curves of an experiment are drawn, with intervals, guides, bands and what each point says.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::combinators::BindKeyPoints;
use plotters::prelude::*;

use super::axis::{Axis, Scale, ends, short};
use super::mark::{Dash, Drawn, Look};
use super::plane::Plane;
use super::theme::{self, MUTED};
use super::words::shortened;
use super::{Spot, Svg, text};
use crate::Error;
use crate::language::{say, word};
use crate::measure::Estimate;

const SIZE: (u32, u32) = (740, 430);
/// The right-hand strip that holds the legend, so that it can never cover a point.
const LEGEND: u32 = 190;
/// How far apart series stand at one worker count, in pixels: their bars would hide one another.
pub(super) const DODGE: f64 = 8.0;
/// The height of a row of the legend, in pixels, where all of them have room.
const ROW: i32 = 22;
/// The least room between the labels of two ticks, and that of a letter, in pixels.
const APART: f64 = 19.0;
const LETTER: f64 = 7.0;
/// About how many ticks a vertical axis has.
const TICKS: usize = 8;

/// A figure that is put together and then drawn.
#[derive(Debug, Clone, Default)]
pub(super) struct Curves {
    pub(super) title: String,
    /// What the horizontal axis shows, with its unit.
    pub(super) across: String,
    /// What the vertical axis shows, with its unit.
    pub(super) up: String,
    /// Whether the vertical axis counts in hundredths.
    pub(super) percent: bool,
    pub(super) series: Vec<Series>,
    pub(super) guides: Vec<Guide>,
    pub(super) bands: Vec<Band>,
    /// The cores' worth of time there is: what lies beyond is shaded. Infinite where the places are no workers.
    pub(super) cores: f64,
    /// What the legend calls it, where it is more than that.
    pub(super) beyond: Option<&'static str>,
    /// How far apart series stand at one place, in pixels, where it is not [`DODGE`].
    pub(super) apart: Option<f64>,
    /// Whether an axis is logarithmic where its values are far apart; else both are linear.
    pub(super) adaptive: bool,
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
    /// Its place on the horizontal axis: a number of workers, or another parameter.
    pub(super) at: f64,
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
    /// Place, lower end, upper end.
    pub(super) edges: Vec<(f64, f64, f64)>,
}

impl Curves {
    /// Nothing yet, over workers.
    pub(super) fn over_workers() -> Curves {
        Curves { across: say!(en: "workers", pt: "trabalhadores"), ..Curves::default() }
    }

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
        let places = self.places();
        let drawn = self.across(&places).and_then(|across| Some((self.up(across.0.scale)?, across)));
        let Some((up, (across, from))) = drawn else {
            return Err(Error::NothingToDraw { title: self.title.clone() });
        };
        let mut plane = Plane::default();
        let mut spots = Vec::new();
        let svg = Svg::draw(SIZE, alternative, |area| {
            let (chart_area, legend_area) = area.split_horizontally(SIZE.0 - LEGEND);
            let mut chart = ChartBuilder::on(&chart_area)
                .caption(shortened(&self.title, 64), text(15))
                .margin(10)
                .x_label_area_size(42)
                .y_label_area_size(58)
                .build_cartesian_2d(
                    across.range().with_key_points(across.ticks()),
                    up.range().with_key_points(up.ticks()),
                )?;
            if let Some(from) = from {
                let corners = [(across.along(from), up.range().start), (across.range().end, up.range().end)];
                chart.draw_series([Rectangle::new(corners, MUTED.mix(0.13).filled())])?;
            }
            let value = |at: &i32| match self.percent {
                true => up.value(*at).map_or_else(String::new, |value| format!("{:.0}%", 100.0 * value)),
                false => up.label(*at),
            };
            let place = |at: &i32| across.label(*at);
            let mut mesh = chart.configure_mesh();
            mesh.x_desc(&self.across).y_desc(&self.up).x_label_formatter(&place).y_label_formatter(&value);
            theme::style(&mut mesh);
            mesh.draw()?;
            let (right, down) = chart.plotting_area().get_pixel_range();
            plane = Plane::between(&across, &up, right, down);
            self.content(area, &plane, &mut spots)?;
            self.legend(&legend_area, from.is_some())
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
            let upper = edges.iter().map(|&(place, _, high)| pixel(plane, place, high));
            let lower = edges.iter().rev().map(|&(place, low, _)| pixel(plane, place, low));
            area.draw(&Polygon::new(upper.chain(lower).collect::<Vec<_>>(), colour.mix(0.2).filled()))?;
        }
        for Guide { colour, dash, points, .. } in &self.guides {
            let through: Vec<_> = points.iter().map(|&(place, value)| pixel(plane, place, value)).collect();
            if through.len() > 1 {
                dash.line(area, &through, colour.stroke_width(2))?;
            }
        }
        // The ceiling first: where it meets an arm, the arm is seen, and the arm's spot answers.
        let (below, above): (Vec<_>, Vec<_>) =
            self.series.iter().partition(|series| series.look == Look::CEILING);
        below.iter().try_for_each(|ceiling| ceiling.draw(area, plane, 0.0, spots))?;
        let apart = self.apart.unwrap_or(DODGE).min(self.closest(plane) / (1.0 + above.len() as f64));
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
            let beyond = word!(en: "more workers than cores", pt: "além dos núcleos");
            row(self.beyond.unwrap_or(beyond), &|y| box_of(y, MUTED.mix(0.3)))?;
        }
        Ok(())
    }

    /// All places with a point, in ascending order, each once.
    fn places(&self) -> Vec<f64> {
        let points = self.series.iter().flat_map(|series| &series.points);
        let mut places: Vec<f64> = points.map(|point| point.at).collect();
        places.sort_unstable_by(f64::total_cmp);
        places.dedup();
        places
    }

    /// The distance of the two places that lie closest, in pixels.
    fn closest(&self, plane: &Plane) -> f64 {
        let places = self.places();
        let apart = places.windows(2).map(|pair| plane.at(pair[1], 1.0).0 - plane.at(pair[0], 1.0).0);
        apart.fold(f64::INFINITY, f64::min)
    }

    /// The horizontal axis, with ticks at the measured places, and the position from which it is shaded.
    fn across(&self, places: &[f64]) -> Option<(Axis, Option<f64>)> {
        let (&first, &last) = (places.first()?, places.last()?);
        let scale = self.scale(if first == 0.0 { 1.0 } else { first }, last);
        // What is drawn over workers begins at one, whether it was measured or not.
        let first = if self.cores.is_finite() { first.min(1.0) } else { first };
        let (from, to) = (scale.position(first), scale.position(last));
        let gaps = places.len().saturating_sub(1).clamp(1, 4) as f64;
        let unit = if scale == Scale::Log { 0.3 } else { 1.0 };
        let margin = 0.45 * (to - from).max(unit) / gaps;
        let (from, to) = (from - margin, to + margin);
        let width = f64::from(SIZE.0 - LEGEND - 78) / (to - from);
        let axis = Axis::at(scale, from, to, told(places, |place| scale.position(place) * width));
        let shaded = scale.position(self.cores.max(1.0) + 0.5).min(to);
        Some((axis, (last > self.cores).then_some(shaded)))
    }

    /// The vertical axis beside a horizontal one of the scale `across`: every value is within; on a linear one 0 as well.
    fn up(&self, across: Scale) -> Option<Axis> {
        let points = self.series.iter().flat_map(|series| &series.points).map(|point| point.value);
        let measured = points.flat_map(|value| [value.low, value.point, value.high]);
        let guides = self.guides.iter().flat_map(|guide| guide.points.iter().map(|point| point.1));
        let bands = self.bands.iter().flat_map(|band| band.edges.iter().flat_map(|edge| [edge.1, edge.2]));
        let finite = measured.chain(guides).chain(bands).filter(|value| value.is_finite());
        let (low, high) = ends(finite)?;
        let scale = if self.adaptive { Scale::beside(across, low, high) } else { Scale::Linear };
        let (low, high) = match scale {
            Scale::Linear => (low.min(0.0), high.max(0.0)),
            Scale::Log => (scale.position(low), scale.position(high)),
        };
        let room = 0.08 * (high - low);
        let below = if low < 0.0 || scale == Scale::Log { room } else { 0.0 };
        (room > 0.0).then(|| Axis::rounded(scale, low - below, high + room, TICKS))
    }

    fn scale(&self, low: f64, high: f64) -> Scale {
        if self.adaptive { Scale::of(low, high) } else { Scale::Linear }
    }
}

impl Plane {
    /// The plane of two axes that were drawn between these pixels.
    fn between(across: &Axis, up: &Axis, right: Range<i32>, down: Range<i32>) -> Plane {
        let pixels = |range: &Range<i32>, axis: &Axis| f64::from(range.end - range.start) / axis.length();
        let (for_place, for_value) = (pixels(&right, across), pixels(&down, up));
        Plane {
            left: f64::from(right.start) + (across.scale.position(1.0) - across.from) * for_place,
            across: for_place,
            across_scale: across.scale,
            bottom: f64::from(down.end) + up.from * for_value,
            up: for_value,
            up_scale: up.scale,
            top: f64::from(down.start),
        }
    }
}

impl Series {
    /// Draws line, intervals and marks, so many pixels to the right of their places.
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
            let (x, y) = plane.at(point.at, value);
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

/// The places that get a tick: from the largest downwards, as many as stand apart.
fn told(places: &[f64], pixels: impl Fn(f64) -> f64) -> Vec<f64> {
    let room = |place: f64| APART + LETTER * (short(place, place).len() as f64 - 1.0);
    let mut told: Vec<f64> = Vec::new();
    for &place in places.iter().rev() {
        if told.last().is_none_or(|&last| pixels(last) - pixels(place) >= room(last)) {
            told.push(place);
        }
    }
    told.reverse();
    told
}

fn pixel(plane: &Plane, place: f64, value: f64) -> (i32, i32) {
    let (x, y) = plane.at(place, value);
    (x.round() as i32, y.round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_stand_apart_and_the_largest_place_has_one() {
        let counts = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64].map(f64::from);
        assert_eq!(told(&counts, |place| 6.0 * place), [4.0, 8.0, 16.0, 24.0, 32.0, 48.0, 64.0]);
        assert_eq!(told(&[1.0, 2.0], |place| 100.0 * place), [1.0, 2.0]);
    }

    #[test]
    fn without_a_finite_value_there_is_nothing_to_draw() {
        let empty = Curves { title: "empty".into(), cores: 2.0, ..Curves::default() };
        assert_eq!(empty.draw(""), Err(Error::NothingToDraw { title: "empty".into() }));
    }
}
