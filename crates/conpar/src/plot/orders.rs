//! The orders in which steps came: each a strip of letters, with a bar for its share of the runs.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::theme::{self, INK, MUTED, SERIES};
use super::words::{Noun, counted, shortened};
use super::{Spot, Svg, text, timeline};
use crate::Error;
use crate::language::{say, word};
use crate::measure::{Estimate, share};
use crate::orders::{Arm, Ordered};

const WIDTH: u32 = 740;
/// The height of a row, and what title and axis take beside the rows.
const ROW: i32 = 24;
const AROUND: u32 = 92;
/// The room for an order, in pixels; its steps are no wider than this.
const STRIP: i32 = 250;
const WIDEST: i32 = 18;
/// From which width on a step has its letter.
const LETTER: i32 = 12;
/// The most orders that an arm shows; the others have one bar together.
const MOST_SHOWN: usize = 4;

/// How many characters of an arm's name fit beside the bars.
const LONGEST: usize = 34;
/// The bars: in no colour of the first tasks.
const BAR: RGBColor = SERIES[5];

/// One row of the figure.
enum Row<'o> {
    Arm(&'o Arm),
    Order(&'o Arm, &'o str, Estimate),
    Others(usize, Estimate),
}

/// Draws the most frequent orders of each arm; `alternative` says the same in words.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn orders_bars(result: &Ordered, alternative: &str) -> Result<Svg, Error> {
    let rows: Vec<Row<'_>> = result.arms.iter().flat_map(rows).collect();
    let mut spots = Vec::new();
    let height = AROUND + ROW as u32 * rows.len() as u32;
    let svg = Svg::draw((WIDTH, height), alternative, |area| {
        let mut chart = ChartBuilder::on(area)
            .caption(shortened(&result.name, 80), text(15))
            .margin(10)
            .margin_right(34)
            .x_label_area_size(42)
            .y_label_area_size(STRIP + 20)
            .build_cartesian_2d(0.0..1.0, rows.len() as f64..0.0)?;
        let mut mesh = chart.configure_mesh();
        let across = word!(en: "share of the runs", pt: "fração das execuções");
        mesh.disable_y_mesh().y_labels(0).x_desc(across).x_labels(6);
        let percent = |share: &f64| format!("{:.0} %", 100.0 * share);
        mesh.x_label_formatter(&percent);
        theme::style(&mut mesh);
        mesh.draw()?;
        for (row, at) in rows.iter().zip(0..) {
            let middle = f64::from(at) + 0.5;
            let (left, y) = chart.backend_coord(&(0.0, middle));
            let mut bar = |value: &Estimate, colour: RGBColor, said: String| {
                let corners = [(0.0, middle - 0.3), (value.point, middle + 0.3)];
                chart.draw_series([Rectangle::new(corners, colour.filled())])?;
                let ends = [value.low, value.point, value.high];
                let [low, point, high] = ends.map(|share| chart.backend_coord(&(share, middle)).0);
                area.draw(&PathElement::new([(low, y), (high, y)], INK.stroke_width(2)))?;
                for end in [low, high] {
                    area.draw(&PathElement::new([(end, y - 4), (end, y + 5)], INK.stroke_width(2)))?;
                }
                let share = say!(en: "{value:.3} of the runs", pt: "{value:.3} das execuções");
                spots.push(Spot { at: (point, y), lines: vec![said, share] });
                Ok::<(), Box<dyn std::error::Error>>(())
            };
            match row {
                Row::Arm(arm) => {
                    let heading = || text(13).pos(Pos::new(HPos::Left, VPos::Center));
                    let name = shortened(&arm.name, LONGEST);
                    area.draw(&Text::new(name, (left - STRIP, y + 2), heading()))?;
                    let (orders, runs) = (orders(arm.orders.len() as u64), runs_of(arm.runs));
                    let seen = say!(en: "{orders} in {runs}", pt: "{orders} em {runs}");
                    area.draw(&Text::new(seen, (left + 8, y + 2), heading()))?;
                }
                Row::Order(arm, order, value) => {
                    strip(area, order, (left, y))?;
                    bar(value, BAR, format!("{}: {order}", arm.name))?;
                }
                Row::Others(count, value) => {
                    area.draw(&Text::new(
                        counted(*count, Noun::Other),
                        (left - 8, y),
                        text(12).pos(Pos::new(HPos::Right, VPos::Center)),
                    ))?;
                    bar(value, MUTED, counted(*count, Noun::Other))?;
                }
            }
        }
        Ok(())
    })?;
    Ok(svg.with_spots(spots))
}

/// The heading of an arm, its most frequent orders, and all others together.
fn rows(arm: &Arm) -> Vec<Row<'_>> {
    // One other would take as much room as itself.
    let shown = if arm.orders.len() <= MOST_SHOWN + 1 { arm.orders.len() } else { MOST_SHOWN };
    let (most, others) = arm.orders.split_at(shown);
    let most = most.iter().map(|seen| Row::Order(arm, &seen.order, share(seen.count, arm.runs)));
    let rest = others.iter().map(|seen| seen.count).sum();
    let rest = (!others.is_empty()).then(|| Row::Others(others.len(), share(rest, arm.runs)));
    [Row::Arm(arm)].into_iter().chain(most).chain(rest).collect()
}

/// The steps of an order, each in the colour of its task, up to `end`.
fn strip<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    order: &str,
    (end, y): (i32, i32),
) -> Result<(), Box<dyn std::error::Error>>
where
    DB::ErrorType: 'static,
{
    let steps = order.chars().count().max(1) as i32;
    let width = (STRIP / steps).clamp(1, WIDEST);
    for (step, left) in order.chars().zip((end - 8 - steps * width..).step_by(width as usize)) {
        let colour = SERIES[(step as usize).wrapping_sub('A' as usize) % SERIES.len()];
        let gap = i32::from(width > 3);
        area.draw(&Rectangle::new([(left, y - 8), (left + width - gap, y + 8)], colour.filled()))?;
        if width >= LETTER {
            let ink = theme::text_on(colour);
            let letter = text(11).color(&ink).pos(Pos::new(HPos::Center, VPos::Center));
            area.draw(&Text::new(step.to_string(), (left + width / 2, y), letter))?;
        }
    }
    Ok(())
}

/// One traced run of each arm, on one time axis.
///
/// # Errors
///
/// [`Error::NothingToDraw`] where no run was traced, [`Error::Drawing`] when plotters fails.
pub fn orders_timelines(result: &Ordered, alternative: &str) -> Result<Svg, Error> {
    let traced: Vec<_> = result.arms.iter().filter_map(|arm| arm.timeline.as_ref()).collect();
    let mut cores: Vec<usize> = traced.iter().flat_map(|timeline| timeline.cores()).collect();
    cores.sort_unstable();
    cores.dedup();
    if traced.iter().all(|timeline| timeline.spans.is_empty()) {
        return Err(Error::NothingToDraw { title: result.name.clone() });
    }
    let height = 24 * result.steps.len().clamp(2, 32) as u32 + 82;
    let mut regions = Vec::new();
    let svg = Svg::draw((WIDTH, 30 + height * traced.len() as u32), alternative, |area| {
        let (legend, panels) = area.split_vertically(30);
        let waits = traced.iter().any(|traced| timeline::has_waits(traced));
        timeline::legend(&legend, timeline::By::Task, &cores, waits)?;
        let end = traced.iter().map(|timeline| timeline.makespan).fold(0.0, f64::max);
        for (panel, traced) in panels.split_evenly((traced.len(), 1)).iter().zip(&traced) {
            regions.extend(timeline::lanes(panel, traced, &shortened(&traced.name, 80), end, &cores)?);
        }
        Ok(())
    })?;
    Ok(svg.with_regions(regions))
}

/// "1 order", "7 different orders".
pub(crate) fn orders(count: u64) -> String {
    match count {
        1 => counted(1, Noun::Order),
        _ => say!(en: "{count} different orders", pt: "{count} ordens diferentes"),
    }
}

/// "1 run", "7 runs".
pub(crate) fn runs_of(count: u64) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), Noun::Run)
}
