//! The speedup curve: measured with intervals, ideal, ceiling, fit.

use plotters::coord::combinators::BindKeyPoints;
use plotters::element::ErrorBarOrientV;
use plotters::prelude::*;

use super::theme::{self, INK, MUTED, SERIES};
use super::words::shortened;
use super::{Svg, text};
use crate::Error;
use crate::speedup::{Point, Scaling};

const SIZE: (u32, u32) = (740, 430);
/// The right-hand strip that holds the legend, so that it can never cover a point.
const LEGEND: u32 = 190;
/// How far apart the arms stand at one worker count, in workers: their bars would hide one another.
const DODGE: f64 = 0.07;
/// The horizontal axis counts in thousandths of a worker: plotters puts ticks where it is told on whole numbers only.
const WORKER: f64 = 1_000.0;

/// What a step of drawing gives.
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// Draws `scaling`; `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn speedup_curve(scaling: &Scaling, alternative: &str) -> Result<Svg, Error> {
    Svg::draw(SIZE, alternative, |area| {
        let (chart_area, legend_area) = area.split_horizontally(SIZE.0 - LEGEND);
        let counts: Vec<usize> = scaling.ceiling.iter().map(|point| point.workers).collect();
        let most = counts.last().copied().unwrap_or(1) as f64;
        let cores = scaling.cores.effective;
        let gaps = counts.len().saturating_sub(1).clamp(1, 4) as f64;
        let margin = 0.45 * (most - 1.0).max(1.0) / gaps;
        let (left, right) = (1.0 - margin, most + margin);
        let highest = scaling.points().map(|(_, point)| point).chain(&scaling.ceiling);
        let top = highest.map(|point| point.speedup.high).fold(most.min(cores), f64::max) * 1.08;

        let ticks: Vec<i32> = counts.iter().map(|&count| across(count as f64)).collect();
        let mut chart = ChartBuilder::on(&chart_area)
            .caption(&scaling.name, text(15))
            .margin(10)
            .x_label_area_size(42)
            .y_label_area_size(52)
            .build_cartesian_2d((across(left)..across(right)).with_key_points(ticks), 0.0..top)?;
        if most > cores {
            let from = (cores.max(1.0) + 0.5).min(right);
            let shade = MUTED.mix(0.13).filled();
            chart.draw_series([Rectangle::new([(across(from), 0.0), (across(right), top)], shade)])?;
        }
        let mut mesh = chart.configure_mesh();
        mesh.x_desc("workers")
            .y_desc("speedup over serial (times)")
            .x_label_formatter(&|at| format!("{:.0}", f64::from(*at) / WORKER))
            .y_label_formatter(&|speedup| format!("{speedup:.1}"));
        theme::style(&mut mesh);
        mesh.draw()?;

        let bend = most.min(cores.max(1.0));
        let ideal =
            [(1.0, 1.0), (bend, bend), (most, bend)].map(|(workers, speedup)| (across(workers), speedup));
        chart.draw_series(DashedLineSeries::new(ideal, 6, 5, MUTED.stroke_width(2)))?;
        let ceiling = |point: &Point| (across(point.workers as f64), point.speedup.point);
        chart.draw_series(LineSeries::new(scaling.ceiling.iter().map(ceiling), INK.stroke_width(1)))?;
        chart.draw_series(bars(&scaling.ceiling, INK, 0.0))?;
        for (index, curve) in scaling.curves.iter().enumerate() {
            let colour = SERIES[index % SERIES.len()];
            let shift = DODGE * margin / 0.45 * (index as f64 - (scaling.curves.len() as f64 - 1.0) / 2.0);
            let at = |point: &Point| (across(point.workers as f64 + shift), point.speedup.point);
            chart.draw_series(LineSeries::new(curve.points.iter().map(at), colour.stroke_width(1)))?;
            chart.draw_series(bars(&curve.points, colour, shift))?;
            chart.draw_series(curve.points.iter().map(|point| Circle::new(at(point), 4, colour.filled())))?;
            if let Ok(amdahl) = &curve.laws.amdahl {
                let fit = amdahl.band.iter().map(|at| (across(at.workers), at.speedup.point));
                chart.draw_series(DashedLineSeries::new(fit, 2, 4, colour.stroke_width(2)))?;
            }
        }
        legend(&legend_area, scaling, most > cores)
    })
}

fn across(workers: f64) -> i32 {
    (workers * WORKER).round() as i32
}

/// An interval bar at each point.
fn bars<'p>(
    points: &'p [Point],
    colour: RGBColor,
    shift: f64,
) -> impl Iterator<Item = ErrorBar<i32, f64, ErrorBarOrientV<i32, f64>>> + 'p {
    points.iter().map(move |point| {
        let speedup = point.speedup;
        let (low, high) = (speedup.low.min(speedup.point), speedup.high.max(speedup.point));
        ErrorBar::new_vertical(
            across(point.workers as f64 + shift),
            low,
            speedup.point,
            high,
            colour.stroke_width(2),
            7,
        )
    })
}

fn legend<DB: DrawingBackend>(
    area: &DrawingArea<DB, plotters::coord::Shift>,
    scaling: &Scaling,
    oversubscribed: bool,
) -> Drawn
where
    DB::ErrorType: 'static,
{
    const ROW: i32 = 22;
    let mut y = 52;
    let mut row = |name: &str, draw: &dyn Fn(i32) -> Drawn| {
        draw(y)?;
        area.draw(&Text::new(shortened(name, 23), (34, y - 6), text(12)))?;
        y += ROW;
        Drawn::Ok(())
    };
    let line = |y: i32, style: ShapeStyle| Drawn::Ok(area.draw(&PathElement::new([(4, y), (28, y)], style))?);
    for (index, curve) in scaling.curves.iter().enumerate() {
        let colour = SERIES[index % SERIES.len()];
        row(&curve.arm, &|y| {
            line(y, colour.stroke_width(1))?;
            Ok(area.draw(&Circle::new((16, y), 4, colour.filled()))?)
        })?;
    }
    row("ceiling", &|y| {
        line(y, INK.stroke_width(1))?;
        Ok(area.draw(&Circle::new((16, y), 3, INK.stroke_width(1)))?)
    })?;
    row("ideal", &|y| {
        line_pieces(&[(4, 10), (15, 21), (26, 30)], |from, to| {
            Ok(area.draw(&PathElement::new([(from, y), (to, y)], MUTED.stroke_width(2)))?)
        })
    })?;
    if scaling.curves.iter().any(|curve| curve.laws.amdahl.is_ok()) {
        row("Amdahl's law, fitted", &|y| {
            line_pieces(&[(4, 6), (10, 12), (16, 18), (22, 24)], |from, to| {
                Ok(area.draw(&PathElement::new([(from, y), (to, y)], INK.stroke_width(2)))?)
            })
        })?;
    }
    if oversubscribed {
        row("more workers than cores", &|y| {
            let corners = [(4, y - 7), (28, y + 7)];
            Ok(area.draw(&Rectangle::new(corners, MUTED.mix(0.3).filled()))?)
        })?;
    }
    Ok(())
}

fn line_pieces(pieces: &[(i32, i32)], mut draw: impl FnMut(i32, i32) -> Drawn) -> Drawn {
    pieces.iter().try_for_each(|&(from, to)| draw(from, to))
}
