//! Simulated schedulers: the speedup over workers with what was measured beside it, and what each worker does when. Both
//! say that they are simulated, in their title and in their legend.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::curves::{Curves, Guide, Measured, Series};
use super::mark::{Dash, Drawn, Look, Shape};
use super::recorded;
use super::scaling::guide;
use super::theme::{self, INK, MUTED, SERIES};
use super::timeline::within;
use super::words::shortened;
use super::{Noun, Spot, Svg, counted, text, workers};
use crate::Error;
use crate::language::{say, word};
use crate::measure::Estimate;
use crate::recorded::Base;
use crate::schedule::{Check, Point, Run, Scheduled, Scheduler, Simulated, Span};

const WIDTH: u32 = 740;
/// The room that title and axis take beside the lanes of a run.
const AROUND: u32 = 74;
/// How wide and high a piece has to be to be pointed at, in pixels.
const POINTED: i32 = 9;

/// Draws the simulated speedup of every scheduler over its workers, broken lines, and what was measured on the cores here
/// with its intervals, in the colour of the text; `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn simulated_curves(simulated: &Simulated, alternative: &str) -> Result<Svg, Error> {
    let mut series: Vec<Series> = Vec::new();
    for (index, curve) in simulated.curves.iter().enumerate() {
        series.push(Series {
            name: say!(en: "{}, simulated", pt: "{}, simulado", curve.scheduler),
            look: Look { dash: Dash::Long, ..Look::of(index) },
            points: curve.points.iter().map(|point| simulated_point(curve.scheduler, point)).collect(),
        });
    }
    let mut arms: Vec<&str> = Vec::new();
    for check in &simulated.checks {
        if !arms.contains(&check.arm.as_str()) {
            arms.push(&check.arm);
        }
    }
    for (index, arm) in arms.into_iter().enumerate() {
        let of_arm = simulated.checks.iter().filter(|check| check.arm == arm);
        series.push(Series {
            name: say!(en: "{}, measured", pt: "{}, medida", shortened(arm, 10)),
            look: Look { colour: INK, ..Look::of(index) },
            points: of_arm.map(measured_point).collect(),
        });
    }
    let recorded = simulated.recorded.iter().filter_map(|record| {
        let look = Look { colour: MUTED, shape: Shape::Ring, dash: Dash::Dots };
        let name = say!(en: "recorded: {}", pt: "registrado: {}", record.label);
        recorded::one(record, Base::OneWorker, name, look)
    });
    series.extend(recorded);
    let counts = || simulated.curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.workers));
    let most = counts().max().unwrap_or(1) as f64;
    let bend = simulated.bound(usize::MAX).min(most);
    let fastest = word!(en: "no order is faster", pt: "limite de toda ordem");
    let bound: Guide = guide(fastest, [(1.0, 1.0), (bend, bend), (most, bend)]);
    let curves = Curves {
        title: say!(en: "simulated: {}", pt: "simulado: {}", simulated.name),
        across: say!(en: "workers (simulated cores)", pt: "trabalhadores (núcleos simulados)"),
        up: say!(en: "speedup over serial (times)", pt: "speedup sobre o serial (vezes)"),
        series,
        guides: vec![bound],
        cores: simulated.cores,
        apart: Some(3.0),
        beyond: Some(word!(en: "beyond the cores here", pt: "além dos núcleos daqui")),
        adaptive: true,
        ..Curves::default()
    };
    curves.draw(alternative)
}

fn simulated_point(scheduler: Scheduler, point: &Point) -> Measured {
    let speedup = |makespan: f64| point.speedup * point.makespan / makespan;
    let (low, high) = (speedup(point.slowest), speedup(point.fastest));
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    let mut lines = vec![
        say!(en: "{scheduler}, {}: simulated", pt: "{scheduler}, {}: simulado", workers(point.workers)),
        format!("speedup {:.2}", point.speedup),
        format!("makespan {:.3} ms", 1e3 * point.makespan),
        say!(en: "at double costs {:.2}", pt: "com custos em dobro {:.2}", point.at_double_costs),
        say!(
            en: "busy {}, scheduling {}",
            pt: "ocupado {}, escalonando {}",
            percent(point.busy),
            percent(point.overhead)
        ),
        counted(point.pieces, Noun::Piece),
    ];
    if scheduler.is_random() {
        lines.insert(
            2,
            say!(en: "over several runs {low:.2} to {high:.2}", pt: "em várias execuções, de {low:.2} a {high:.2}"),
        );
        lines.push(counted(point.steals, Noun::Steal));
    }
    Measured {
        at: point.workers as f64,
        value: Estimate { point: point.speedup, low, high, level: 1.0 },
        lines,
    }
}

fn measured_point(check: &Check) -> Measured {
    let lines = vec![
        say!(en: "{}, {}: measured", pt: "{}, {}: medida", check.arm, workers(check.workers)),
        format!("speedup {}", check.measured),
        say!(en: "{}, simulated: {:.2}", pt: "{}, simulado: {:.2}", check.scheduler, check.simulated),
        say!(
            en: "measured over simulated, on whole cores: {}",
            pt: "medido sobre simulado, em núcleos inteiros: {}",
            check.ratio
        ),
    ];
    Measured { at: check.workers as f64, value: check.measured, lines }
}

/// Draws what each worker does when, one panel for each scheduler, all on one time axis.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn scheduled_timelines(scheduled: &Scheduled, alternative: &str) -> Result<Svg, Error> {
    let heights: Vec<u32> =
        scheduled.runs.iter().map(|run| AROUND + lane(run) * run.shares.len() as u32).collect();
    let end = scheduled.runs.iter().map(|run| run.makespan).fold(0.0, f64::max);
    let mut spots = Vec::new();
    let svg = Svg::draw((WIDTH, 28 + heights.iter().sum::<u32>()), alternative, |area| {
        let (legend_area, mut rest) = area.split_vertically(28);
        legend(&legend_area, scheduled)?;
        for (run, &height) in scheduled.runs.iter().zip(&heights) {
            let (panel, below) = rest.split_vertically(height);
            lanes(&panel, run, &scheduled.name, end, &mut spots)?;
            rest = below;
        }
        Ok(())
    })?;
    Ok(svg.with_spots(spots))
}

/// The height of a worker's lane, in pixels.
fn lane(run: &Run) -> u32 {
    match run.shares.len() {
        0..=8 => 20,
        9..=16 => 12,
        _ => 7,
    }
}

fn legend<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, scheduled: &Scheduled) -> Drawn
where
    DB::ErrorType: 'static,
{
    let stolen = scheduled.runs.iter().any(|run| run.spans.iter().any(|span| span.stolen));
    let entries = [
        (word!(en: "tasks", pt: "tarefas"), false),
        (word!(en: "first tasks after a steal", pt: "primeiras tarefas após um roubo"), true),
    ];
    let mut x = 56;
    for (label, of_stolen) in entries.into_iter().filter(|&(_, of_stolen)| stolen || !of_stolen) {
        let style = colour(of_stolen).filled();
        area.draw(&Rectangle::new([(x, 10), (x + 14, 22)], style))?;
        area.draw(&Text::new(label, (x + 20, 10), text(12)))?;
        x += 40 + 7 * label.chars().count() as i32;
    }
    Ok(())
}

fn colour(stolen: bool) -> RGBColor {
    SERIES[usize::from(stolen)]
}

/// The lanes of one run, on a time axis that ends at `end` seconds.
fn lanes<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    run: &Run,
    name: &str,
    end: f64,
    spots: &mut Vec<Spot>,
) -> Drawn
where
    DB::ErrorType: 'static,
{
    let (unit, factor) = if end < 1e-3 { ("µs", 1e6) } else { ("ms", 1e3) };
    let makespan = run.makespan * factor;
    let decimals = if makespan < 10.0 { 2 } else { usize::from(makespan < 100.0) };
    let name = shortened(name, 48);
    let title = say!(
        en: "{}, simulated: {makespan:.decimals$} {unit}, {name}",
        pt: "{}, simulado: {makespan:.decimals$} {unit}, {name}",
        run.scheduler
    );
    let count = run.shares.len().max(1);
    let mut chart = ChartBuilder::on(area)
        .caption(title, text(14))
        .margin(4)
        .margin_right(16)
        .x_label_area_size(38)
        .y_label_area_size(50)
        .build_cartesian_2d(0.0..(end * factor).max(1e-6), count as f64..0.0)?;
    let mut mesh = chart.configure_mesh();
    // As many decimals as tell six ticks apart.
    let digits = (-(end * factor / 6.0).log10().floor()).clamp(0.0, 6.0) as usize;
    let label = |time: &f64| format!("{time:.digits$}");
    mesh.disable_y_mesh()
        .x_desc(say!(en: "time ({unit})", pt: "tempo ({unit})"))
        .y_desc(word!(en: "worker", pt: "trabalhador"))
        .y_labels(0)
        .x_labels(6)
        .x_label_formatter(&label);
    theme::style(&mut mesh);
    mesh.draw()?;
    for span in &run.spans {
        let place =
            |seconds: f64, down: f64| chart.backend_coord(&(seconds * factor, span.worker as f64 + down));
        let ((left, top), (right, bottom)) = (place(span.start, 0.1), place(span.end, 0.9));
        // A pixel between neighbours, where there is room for it.
        let right = if right - left > 2 { right - 1 } else { right };
        let corners = [within(area, (left, top)), within(area, (right, bottom))];
        area.draw(&Rectangle::new(corners, colour(span.stolen).filled()))?;
        if right - left >= POINTED && bottom - top >= POINTED {
            spots
                .push(Spot { at: ((left + right) / 2, (top + bottom) / 2), lines: said(span, unit, factor) });
        }
    }
    let step = count.div_ceil(8).max(1);
    for worker in (0..count).step_by(step) {
        let (x, y) = within(area, chart.backend_coord(&(0.0, worker as f64 + 0.5)));
        let beside = text(12).pos(Pos::new(HPos::Right, VPos::Top));
        area.draw(&Text::new((worker + 1).to_string(), (x - 8, y - 6), beside))?;
    }
    Ok(())
}

fn said(span: &Span, unit: &str, factor: f64) -> Vec<String> {
    let kind = if span.stolen { word!(en: ", after a steal", pt: ", após um roubo") } else { "" };
    let (start, end) = (span.start * factor, span.end * factor);
    vec![
        say!(en: "worker {}, simulated", pt: "trabalhador {}, simulado", span.worker + 1),
        say!(
            en: "{}, from number {}{kind}",
            pt: "{}, a partir da número {}{kind}",
            counted(span.tasks, Noun::Task),
            span.first
        ),
        say!(en: "{start:.3} to {end:.3} {unit}", pt: "de {start:.3} a {end:.3} {unit}"),
    ]
}
