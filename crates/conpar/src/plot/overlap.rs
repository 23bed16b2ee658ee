//! Waiting and computing, on one core and on all: four timelines, and what was gained as bars.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::theme::{self, INK, MUTED, SERIES};
use super::{Noun, Spot, Svg, counted, estimator, text, timeline};
use crate::Error;
use crate::language::{say, word};
use crate::overlap::{Corner, Overlapped, Place, Work};

const WIDTH: u32 = 740;

/// The four traced runs, two by two, on one time axis.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn overlap_timelines(result: &Overlapped, alternative: &str) -> Result<Svg, Error> {
    let height = 24 * result.tasks.clamp(2, 32) as u32 + 92;
    let mut regions = Vec::new();
    let svg = Svg::draw((WIDTH, 30 + 2 * height), alternative, |area| {
        let (legend_area, panels) = area.split_vertically(30);
        let timelines = || result.corners.iter().map(|corner| &corner.timeline);
        let mut cores: Vec<usize> = timelines().flat_map(|timeline| timeline.cores()).collect();
        cores.sort_unstable();
        cores.dedup();
        timeline::legend(&legend_area, timeline::By::Task, &cores, timelines().any(timeline::has_waits))?;
        let end = timelines().map(|timeline| timeline.makespan).fold(0.0, f64::max);
        for (panel, corner) in panels.split_evenly((2, 2)).iter().zip(&result.corners) {
            regions.extend(timeline::lanes(panel, &corner.timeline, &title(result, corner), end, &cores)?);
        }
        Ok(())
    })?;
    Ok(svg.with_regions(regions))
}

/// How many times faster the tasks were at once than one after another, with intervals.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn overlap_bars(result: &Overlapped, alternative: &str) -> Result<Svg, Error> {
    let mut spots = Vec::new();
    let svg = Svg::draw((WIDTH, 300), alternative, |area| {
        let highest =
            result.corners.iter().map(|corner| corner.gain.high).fold(result.tasks as f64, f64::max);
        let mut chart = ChartBuilder::on(area)
            .caption(
                say!(
                    en: "{} at once against one after another",
                    pt: "{} ao mesmo tempo contra uma depois da outra",
                    counted(result.tasks, Noun::Task)
                ),
                text(15),
            )
            .margin(8)
            .margin_right(84)
            .x_label_area_size(30)
            .y_label_area_size(52)
            .build_cartesian_2d(0.0..result.corners.len() as f64, 0.0..highest * 1.12)?;
        let mut mesh = chart.configure_mesh();
        mesh.disable_x_mesh().x_labels(0).y_desc(word!(en: "times faster", pt: "vezes mais rápidas"));
        theme::style(&mut mesh);
        mesh.draw()?;
        for (index, corner) in result.corners.iter().enumerate() {
            let (middle, gain) = (index as f64 + 0.5, corner.gain);
            let colour = if corner.work == Work::Waiting { MUTED } else { SERIES[0] };
            chart.draw_series([Rectangle::new(
                [(middle - 0.28, 0.0), (middle + 0.28, gain.point)],
                colour.filled(),
            )])?;
            let (low, high) = (gain.low.min(gain.point), gain.high.max(gain.point));
            chart.draw_series([ErrorBar::new_vertical(
                middle,
                low,
                gain.point,
                high,
                INK.stroke_width(2),
                12,
            )])?;
            let (x, y) = timeline::within(area, chart.backend_coord(&(middle, high)));
            spots.push(Spot { at: chart.backend_coord(&(middle, gain.point)), lines: said(result, corner) });
            let centred = text(12).pos(Pos::new(HPos::Center, VPos::Bottom));
            area.draw(&Text::new(format!("{:.2}", gain.point), (x, y - 5), centred.clone()))?;
            let (x, y) = timeline::within(area, chart.backend_coord(&(middle, 0.0)));
            area.draw(&Text::new(label(result, corner), (x, y + 22), centred))?;
        }
        let end = result.corners.len() as f64;
        let all = result.tasks as f64;
        // With one task there is one line: none gained is all there is to gain.
        let (none, every) = word!(en: ("none gained", "all overlap"), pt: ("sem ganho", "todas juntas"));
        let lines = [(1.0, none, INK), (all, every, MUTED)];
        for (gain, label, colour) in lines.into_iter().take(result.tasks.min(2)) {
            chart.draw_series(DashedLineSeries::new(
                [(0.0, gain), (end, gain)],
                6,
                5,
                colour.stroke_width(1),
            ))?;
            let (x, y) = timeline::within(area, chart.backend_coord(&(end, gain)));
            area.draw(&Text::new(label, (x + 6, y - 6), text(12)))?;
        }
        Ok(())
    })?;
    Ok(svg.with_spots(spots))
}

/// What a bar says where it is pointed at.
fn said(result: &Overlapped, corner: &Corner) -> Vec<String> {
    vec![
        label(result, corner),
        say!(en: "{} times faster at once", pt: "ao mesmo tempo, {} vezes mais rápidas", corner.gain),
        say!(
            en: "{:.2} ms at once, {:.2} ms one task alone",
            pt: "{:.2} ms ao mesmo tempo, {:.2} ms uma tarefa sozinha",
            corner.seconds * 1e3,
            corner.alone * 1e3
        ),
        estimator(corner.estimator).to_owned(),
    ]
}

fn title(result: &Overlapped, corner: &Corner) -> String {
    match corner.place {
        Place::OneCore => say!(
            en: "{}, one core (affinity: core {})",
            pt: "{}, um núcleo (afinidade: núcleo {})",
            work(corner),
            result.core
        ),
        Place::AllCores => label(result, corner),
    }
}

fn label(result: &Overlapped, corner: &Corner) -> String {
    match corner.place {
        Place::OneCore => say!(en: "{}, one core", pt: "{}, um núcleo", work(corner)),
        Place::AllCores if result.cores == 1 => {
            say!(en: "{}, all cores: 1", pt: "{}, todos (só 1)", work(corner))
        }
        // The Portuguese words leave out that there are no more: they stand beside one another under the bars.
        Place::AllCores => say!(en: "{}, all {} cores", pt: "{}, {} núcleos", work(corner), result.cores),
    }
}

fn work(corner: &Corner) -> &'static str {
    match corner.work {
        Work::Waiting => word!(en: "waiting", pt: "esperando"),
        Work::Computing => word!(en: "computing", pt: "calculando"),
    }
}
