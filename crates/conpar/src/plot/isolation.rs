//! Jobs by worker over time: who did what, who died at what, and what was given out again.

use plotters::coord::Shift;
use plotters::coord::combinators::BindKeyPoints;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::axis::{Axis, Scale};
use super::mark::{Dash, Drawn};
use super::theme::{self, INK, MUTED, SERIES};
use super::timeline::within;
use super::words::shortened;
use super::{Spot, Svg, text};
use crate::Error;
use crate::child::How;
use crate::isolation::{JobReport, Life, Try};
use crate::language::{say, word};

const WIDTH: u32 = 740;
/// The height of a lane, and what title, legend and axis take beside the lanes.
const LANE: u32 = 44;
const AROUND: u32 = 128;
/// Where in its lane a job lies, from the top: above it there is room for how a worker ended.
const TOP: f64 = 0.42;
const BOTTOM: f64 = 0.92;
const MILLISECONDS: f64 = 1e3;
/// Half the width of the cross at a death, in pixels.
const CROSS: i32 = 5;

/// What became of a job that was given out, by its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Answered,
    AnsweredAgain,
    Unanswered,
}

impl Fate {
    const ALL: [Fate; 3] = [Fate::Answered, Fate::Unanswered, Fate::AnsweredAgain];

    fn of(report: &JobReport, number: usize) -> Fate {
        match (report.tries[number].answer, report.is_again(number)) {
            (None, _) => Fate::Unanswered,
            (Some(_), false) => Fate::Answered,
            (Some(_), true) => Fate::AnsweredAgain,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Fate::Answered => word!(en: "answered", pt: "respondida"),
            Fate::Unanswered => word!(en: "no answer", pt: "sem resposta"),
            Fate::AnsweredAgain => word!(en: "given out again, answered", pt: "entregue de novo, respondida"),
        }
    }

    fn colour(self) -> RGBColor {
        match self {
            Fate::Answered => SERIES[0],
            Fate::Unanswered => SERIES[1],
            Fate::AnsweredAgain => SERIES[2],
        }
    }

    /// The part of the height that it takes: the colour is never the only difference.
    fn height(self) -> f64 {
        match self {
            Fate::Answered => 1.0,
            Fate::Unanswered => 0.4,
            Fate::AnsweredAgain => 0.7,
        }
    }
}

/// Draws the report; `alternative` is what it says in words.
///
/// # Errors
///
/// [`Error::NothingToDraw`] where no job was given out, [`Error::Drawing`] when plotters fails.
pub fn job_lanes(report: &JobReport, alternative: &str) -> Result<Svg, Error> {
    if report.tries.is_empty() {
        return Err(Error::NothingToDraw { title: report.name.clone() });
    }
    let lanes = report.workers().max(1) as u32;
    let mut spots = Vec::new();
    let svg = Svg::draw((WIDTH, AROUND + LANE * lanes), alternative, |area| {
        let (legend_area, lanes_area) = area.split_vertically(30);
        legend(&legend_area)?;
        draw(&lanes_area, area, report, &mut spots)
    })?;
    Ok(svg.with_spots(spots))
}

fn legend<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>) -> Drawn
where
    DB::ErrorType: 'static,
{
    let mut x = 58;
    for fate in Fate::ALL {
        let name = fate.name();
        let half = (7.0 * fate.height()).round() as i32;
        area.draw(&Rectangle::new([(x, 17 - half), (x + 18, 17 + half)], fate.colour().filled()))?;
        area.draw(&Text::new(name, (x + 24, 11), text(12)))?;
        x += 46 + 7 * name.chars().count() as i32;
    }
    cross(area, (x + 4, 17))?;
    let dies = word!(en: "the worker dies", pt: "o trabalhador morre");
    area.draw(&Text::new(dies, (x + 16, 11), text(12)))?;
    Ok(())
}

fn cross<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, (x, y): (i32, i32)) -> Drawn
where
    DB::ErrorType: 'static,
{
    for (from, to) in [(-CROSS, CROSS), (CROSS, -CROSS)] {
        area.draw(&PathElement::new([(x - CROSS, y + from), (x + CROSS, y + to)], INK.stroke_width(2)))?;
    }
    Ok(())
}

fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    canvas: &DrawingArea<DB, Shift>,
    report: &JobReport,
    spots: &mut Vec<Spot>,
) -> Drawn
where
    DB::ErrorType: 'static,
{
    let end = report.seconds.max(1e-6) * MILLISECONDS;
    let across = Axis::rounded(Scale::Linear, 0.0, 1.04 * end, 8);
    let lanes = report.workers().max(1);
    let mut chart = ChartBuilder::on(area)
        .caption(shortened(&report.name, 80), text(15))
        .margin(6)
        .margin_right(24)
        .x_label_area_size(40)
        .y_label_area_size(52)
        .build_cartesian_2d(across.range().with_key_points(across.ticks()), lanes as f64..0.0)?;
    let label = |at: &i32| across.label(*at);
    let mut mesh = chart.configure_mesh();
    mesh.disable_y_mesh()
        .y_labels(0)
        .x_desc(word!(en: "time (ms)", pt: "tempo (ms)"))
        .y_desc(word!(en: "worker", pt: "trabalhador"))
        .x_label_formatter(&label);
    theme::style(&mut mesh);
    mesh.draw()?;
    let along = |seconds: f64| across.along(seconds * MILLISECONDS);
    for (number, one) in report.tries.iter().enumerate() {
        let fate = Fate::of(report, number);
        let (until, middle) = (one.until.unwrap_or(report.seconds), (TOP + BOTTOM) / 2.0);
        let half = (BOTTOM - TOP) / 2.0 * fate.height();
        let lane = one.worker as f64 + middle;
        let begun = begun(report, number);
        let corners = [(along(begun), lane - half), (along(until), lane + half)];
        chart.draw_series([Rectangle::new(corners, fate.colour().filled())])?;
        // A gap of a pixel tells neighbours apart.
        let edge = chart.backend_coord(&(along(begun), lane));
        let [up, down] = [lane - half, lane + half].map(|at| chart.backend_coord(&(along(begun), at)).1);
        canvas.draw(&PathElement::new([(edge.0, up), (edge.0, down)], MUTED.stroke_width(1)))?;
        let at = chart.backend_coord(&(along((begun + until) / 2.0), lane));
        spots.push(Spot { at, lines: said(one, fate) });
    }
    for life in report.deaths() {
        let (Some(ended), Some(how)) = (life.ended, &life.end) else { continue };
        let at = chart.backend_coord(&(along(ended), life.worker as f64 + (TOP + BOTTOM) / 2.0));
        cross(canvas, at)?;
        let top = chart.backend_coord(&(along(ended), life.worker as f64 + 0.06)).1;
        let left = 2 * at.0 < WIDTH as i32;
        let (side, x) = if left { (HPos::Left, at.0 - CROSS) } else { (HPos::Right, at.0 + CROSS) };
        let style = text(12).pos(Pos::new(side, VPos::Top));
        canvas.draw(&Text::new(how.to_string(), (x, top), style))?;
        spots.push(Spot { at, lines: died(life) });
    }
    if report.how != How::Exited(0) {
        let [top, bottom] =
            [0.0, lanes as f64].map(|lane| chart.backend_coord(&(along(report.seconds), lane)));
        Dash::Long.line(canvas, &[top, bottom], INK.stroke_width(2))?;
        let style = text(12).pos(Pos::new(HPos::Right, VPos::Top));
        canvas.draw(&Text::new(ended(report.how), (top.0 - 6, top.1 + 3), style))?;
    }
    let step = lanes.div_ceil(16).max(1);
    for lane in (0..lanes).step_by(step) {
        let place = chart.backend_coord(&(across.range().start, lane as f64 + (TOP + BOTTOM) / 2.0));
        let (x, y) = within(area, place);
        let beside = text(12).pos(Pos::new(HPos::Right, VPos::Center));
        area.draw(&Text::new(lane.to_string(), (x - 8, y), beside))?;
    }
    Ok(())
}

/// When a worker began with what it was given: not before it had answered what it was given earlier.
fn begun(report: &JobReport, number: usize) -> f64 {
    let one = report.tries[number];
    let end = one.until.unwrap_or(report.seconds);
    let before = report.tries[..number].iter().filter(|before| before.worker == one.worker);
    let answered = before.filter(|before| before.answer.is_some()).filter_map(|before| before.until);
    answered.filter(|until| *until <= end).fold(one.given, f64::max)
}

fn said(one: &Try, fate: Fate) -> Vec<String> {
    let time = match one.until {
        Some(until) => format!("{:.2} ms", (until - one.given) * MILLISECONDS),
        None => say!(en: "never ended", pt: "nunca terminou"),
    };
    let what = say!(en: "job {}, worker {}", pt: "tarefa {}, trabalhador {}", one.job, one.worker);
    vec![what, fate.name().to_owned(), time]
}

fn died(life: &Life) -> Vec<String> {
    let end = life.end.as_ref().map(ToString::to_string).unwrap_or_default();
    vec![say!(en: "worker {} died", pt: "trabalhador {} morreu", life.worker), end]
}

fn ended(how: How) -> String {
    match how {
        How::Signalled(signal) => say!(
            en: "signal {signal}: the whole program ends",
            pt: "sinal {signal}: o programa inteiro acaba"
        ),
        How::Exited(code) => say!(
            en: "exit code {code}: the whole program ends",
            pt: "código de saída {code}: o programa inteiro acaba"
        ),
        How::Deadline => say!(en: "the deadline", pt: "o prazo"),
        How::Killed => say!(en: "killed", pt: "morto"),
    }
}
