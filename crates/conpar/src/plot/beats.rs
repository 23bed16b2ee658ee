//! One run of each arm, beat by beat: a line leads from when a beat was due down to when it came. Upright lines are on time;
//! a fan of slanted ones is a stall. Under them the work.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::mark::Drawn;
use super::theme::{self, INK, MUTED};
use super::timeline::{By, colour, legend, within};
use super::words::shortened;
use super::{Spot, Svg, text};
use crate::Error;
use crate::language::{say, word};
use crate::responsiveness::{Arm, Beat, Responded, Traced};
use crate::trace::{Activity, Span};

const WIDTH: u32 = 740;
/// The height of a panel without its lanes, and of a lane.
const PANEL: u32 = 132;
const LANE: u32 = 22;
/// The room for title and axis of a panel, in pixels.
const LEGEND: u32 = 30;
/// Where the beats are due and where they come, in lanes above the work.
const DUE: f64 = -3.0;
const CAME: f64 = -0.35;
/// The most lanes of a panel.
const MOST_LANES: usize = 8;
/// The most beats of a panel that say their delays.
const MOST_SPOTS: usize = 150;
const MILLISECONDS: f64 = 1e3;
/// From how many periods on a beat is drawn as late: a timer that counts in periods may make it late by one.
pub(crate) const LATE: f64 = 2.0;

/// Draws the traced run of each arm, all on one time axis; `alternative` is what it says in words.
///
/// # Errors
///
/// [`Error::NothingToDraw`] where no run was traced, [`Error::Drawing`] when plotters fails.
pub fn beats(responded: &Responded, alternative: &str) -> Result<Svg, Error> {
    let traced: Vec<_> = responded.arms.iter().filter_map(|arm| Some((arm, arm.traced.as_ref()?))).collect();
    if traced.is_empty() {
        return Err(Error::NothingToDraw { title: responded.name.clone() });
    }
    let mut cores: Vec<usize> = traced.iter().flat_map(|(_, traced)| traced.work.cores()).collect();
    cores.sort_unstable();
    cores.dedup();
    let heights: Vec<u32> = traced.iter().map(|(_, traced)| PANEL + LANE * lanes(traced) as u32).collect();
    let end = traced.iter().map(|(_, traced)| end(traced)).fold(0.0, f64::max);
    let mut spots = Vec::new();
    let svg = Svg::draw((WIDTH, LEGEND + heights.iter().sum::<u32>()), alternative, |area| {
        let (top, mut rest) = area.split_vertically(LEGEND);
        let waits = traced.iter().any(|(_, traced)| super::timeline::has_waits(&traced.work));
        legend(&top, By::Task, &cores, waits)?;
        keys(&top, LATE * responded.period)?;
        for ((arm, traced), height) in traced.iter().zip(&heights) {
            let (here, below) = rest.split_vertically(*height);
            panel(&here, arm, traced, responded.period, end, &cores, &mut spots)?;
            rest = below;
        }
        Ok(())
    })?;
    Ok(svg.with_spots(spots))
}

/// What the two kinds of lines are, at the right end of the legend.
fn keys<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, late: f64) -> Drawn
where
    DB::ErrorType: 'static,
{
    let late = say!(
        en: "a beat, {} ms late or more",
        pt: "batida, {} ms ou mais de atraso",
        late * MILLISECONDS
    );
    let beat = word!(en: "a beat", pt: "batida");
    for (x, colour, label) in [(430, MUTED, beat), (510, INK, late.as_str())] {
        area.draw(&PathElement::new([(x, 10), (x + 8, 22)], colour.stroke_width(2)))?;
        area.draw(&Text::new(label.to_owned(), (x + 14, 10), text(12)))?;
    }
    Ok(())
}

/// The lanes of the work: at most so many.
fn lanes(traced: &Traced) -> usize {
    traced.work.lanes.min(MOST_LANES)
}

/// When the last thing of a run happens.
fn end(traced: &Traced) -> f64 {
    let came = traced.beats.iter().map(|beat| beat.due + beat.delay);
    came.fold(traced.work.makespan, f64::max)
}

fn panel<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    arm: &Arm,
    traced: &Traced,
    period: f64,
    end: f64,
    cores: &[usize],
    spots: &mut Vec<Spot>,
) -> Drawn
where
    DB::ErrorType: 'static,
{
    let below = lanes(traced) as f64;
    let mut chart = ChartBuilder::on(area)
        .caption(shortened(&arm.name, 80), text(14))
        .margin(4)
        .margin_right(16)
        .x_label_area_size(38)
        .y_label_area_size(word!(en: 58, pt: 74))
        .build_cartesian_2d(0.0..(end * MILLISECONDS).max(1e-3), below + 0.1..DUE - 0.3)?;
    let mut mesh = chart.configure_mesh();
    mesh.disable_y_mesh()
        .x_desc(word!(en: "time (ms)", pt: "tempo (ms)"))
        .y_labels(0)
        .x_labels(6)
        .x_label_formatter(&|time| format!("{time:.0}"));
    theme::style(&mut mesh);
    mesh.draw()?;
    for Beat { due, delay } in &traced.beats {
        let ends = [(due * MILLISECONDS, DUE), ((due + delay) * MILLISECONDS, CAME)];
        // On time in the grey of all that guides the eye; what missed its turn in ink.
        let style = if *delay < LATE * period { MUTED.stroke_width(1) } else { INK.stroke_width(1) };
        chart.draw_series([PathElement::new(ends, style)])?;
    }
    for span in traced.work.spans.iter().filter(|span| (span.lane as f64) < below) {
        let (half, style) = match span.activity {
            Activity::Computing => (0.36, colour(span.core, cores).filled()),
            _ => (0.12, MUTED.filled()),
        };
        let middle = span.lane as f64 + 0.5;
        let corners = [(span.start * MILLISECONDS, middle - half), (span.end * MILLISECONDS, middle + half)];
        chart.draw_series([Rectangle::new(corners, style)])?;
        if span.end - span.start > 0.01 * end {
            let at = chart.backend_coord(&((span.start + span.end) / 2.0 * MILLISECONDS, middle));
            spots.push(Spot { at, lines: work_lines(arm, span) });
        }
    }
    let lines = [(word!(en: "due", pt: "prevista"), DUE), (word!(en: "came", pt: "chegou"), CAME)];
    for (label, at) in lines {
        name(area, label, chart.backend_coord(&(0.0, at)))?;
    }
    for lane in 0..lanes(traced) {
        let label = say!(en: "work {}", pt: "trabalho {}", lane + 1);
        name(area, &label, chart.backend_coord(&(0.0, lane as f64 + 0.5)))?;
    }
    let every = traced.beats.len().div_ceil(MOST_SPOTS).max(1);
    for Beat { due, delay } in traced.beats.iter().step_by(every) {
        let at = chart.backend_coord(&(due * MILLISECONDS, DUE));
        let lines = vec![
            arm.name.clone(),
            say!(en: "due at {:.1} ms", pt: "prevista para {:.1} ms", due * MILLISECONDS),
            say!(en: "{:.2} ms late", pt: "{:.2} ms de atraso", delay * MILLISECONDS),
        ];
        spots.push(Spot { at, lines });
    }
    Ok(())
}

/// A name beside the axis, at a place on the whole canvas.
fn name<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, label: &str, at: (i32, i32)) -> Drawn
where
    DB::ErrorType: 'static,
{
    let (x, y) = within(area, at);
    let beside = text(12).pos(Pos::new(HPos::Right, VPos::Center));
    Ok(area.draw(&Text::new(label.to_owned(), (x - 8, y), beside))?)
}

fn work_lines(arm: &Arm, span: &Span) -> Vec<String> {
    let activity = match span.activity {
        Activity::Computing => word!(en: "computing", pt: "calculando"),
        _ => word!(en: "waiting", pt: "esperando"),
    };
    let core = span.core.map(|core| say!(en: " on core {core}", pt: " no núcleo {core}")).unwrap_or_default();
    vec![
        arm.name.clone(),
        format!("{activity}{core}"),
        say!(
            en: "{:.1} to {:.1} ms",
            pt: "de {:.1} a {:.1} ms",
            span.start * MILLISECONDS,
            span.end * MILLISECONDS
        ),
    ]
}
