//! A timeline: one lane a task, coloured by the core that ran it.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::theme::{self, INK, MUTED, SERIES};
use super::words::shortened;
use super::{Svg, text};
use crate::Error;
use crate::trace::{Activity, Timeline};

const WIDTH: u32 = 740;
/// The height of a lane, and what title, axis and legend take beside the lanes.
const LANE: u32 = 26;
const AROUND: u32 = 118;
/// Waiting is drawn as a thin grey bar: nothing runs. Unmixed, so that it keeps the grey's 3:1 on light and dark pages.
const WAITING: RGBColor = MUTED;

/// Draws one timeline; `alternative` is what it says in words.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn timeline(timeline: &Timeline, alternative: &str) -> Result<Svg, Error> {
    let size = (WIDTH, AROUND + LANE * timeline.lanes.clamp(1, 32) as u32);
    Svg::draw(size, alternative, |area| {
        let (legend_area, lanes_area) = area.split_vertically(28);
        legend(&legend_area, &timeline.cores(), has_waits(timeline))?;
        lanes(&lanes_area, timeline, &shortened(&timeline.name, 80), timeline.makespan, &timeline.cores())
    })
}

/// A place on the whole canvas, as a place within `area`.
pub(super) fn within<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, (x, y): (i32, i32)) -> (i32, i32) {
    let (left, top) = area.get_base_pixel();
    (x - left, y - top)
}

pub(super) fn has_waits(timeline: &Timeline) -> bool {
    timeline.spans.iter().any(|span| span.activity == Activity::Waiting)
}

/// The colour of a core: its place among all `cores` of the figure.
pub(super) fn colour(core: Option<usize>, cores: &[usize]) -> RGBColor {
    let place = core.and_then(|core| cores.iter().position(|&other| other == core));
    place.map_or(INK, |place| SERIES[place % SERIES.len()])
}

/// One row that explains the colours.
pub(super) fn legend<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    cores: &[usize],
    waits: bool,
) -> Result<(), Box<dyn std::error::Error>>
where
    DB::ErrorType: 'static,
{
    let mut x = 56;
    let mut entry = |label: &str, half: i32, style: ShapeStyle| {
        area.draw(&Rectangle::new([(x, 16 - half), (x + 14, 16 + half)], style))?;
        area.draw(&Text::new(label.to_owned(), (x + 20, 10), text(12)))?;
        x += 34 + 7 * label.chars().count() as i32;
        Ok::<(), Box<dyn std::error::Error>>(())
    };
    if waits {
        entry("waiting", 2, WAITING.filled())?;
    }
    for (place, &core) in cores.iter().take(SERIES.len()).enumerate() {
        // Colours come round again: then each names the first of its cores, as many as there is room for.
        let label = match (cores.get(place + SERIES.len()), cores.get(place + 2 * SERIES.len())) {
            (None, _) => format!("core {core}"),
            (Some(_), _) if core >= 100 => format!("{core}, …"),
            (Some(next), None) => format!("{core}, {next}"),
            (Some(next), Some(_)) => format!("{core}, {next}, …"),
        };
        let label = if place == 0 && !label.starts_with("core") { format!("core {label}") } else { label };
        entry(&label, 6, colour(Some(core), cores).filled())?;
    }
    Ok(())
}

/// The lanes of one timeline under `title`, on a time axis that ends at `end` seconds.
pub(super) fn lanes<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    timeline: &Timeline,
    title: &str,
    end: f64,
    cores: &[usize],
) -> Result<(), Box<dyn std::error::Error>>
where
    DB::ErrorType: 'static,
{
    const MILLISECONDS: f64 = 1e3;
    let count = timeline.lanes.max(1) as f64;
    let mut chart = ChartBuilder::on(area)
        .caption(title, text(14))
        .margin(4)
        .margin_right(16)
        .x_label_area_size(38)
        .y_label_area_size(50)
        .build_cartesian_2d(0.0..(end * MILLISECONDS).max(1e-3), count..0.0)?;
    let mut mesh = chart.configure_mesh();
    mesh.disable_y_mesh()
        .x_desc("time (ms)")
        .y_desc("task")
        .y_labels(0)
        .x_labels(6)
        .x_label_formatter(&|time| format!("{time:.0}"));
    theme::style(&mut mesh);
    mesh.draw()?;
    for span in &timeline.spans {
        let (middle, half, style) = match span.activity {
            Activity::Computing => (0.5, 0.36, colour(span.core, cores).filled()),
            Activity::Waiting => (0.5, 0.12, WAITING.filled()),
        };
        let lane = span.lane as f64 + middle;
        let corners = [(span.start * MILLISECONDS, lane - half), (span.end * MILLISECONDS, lane + half)];
        chart.draw_series([Rectangle::new(corners, style)])?;
    }
    // Lane numbers stand beside the middle of their lane, where plotters' own labels would stand at its edge.
    let step = timeline.lanes.div_ceil(8).max(1);
    for lane in (0..timeline.lanes).step_by(step) {
        let (x, y) = within(area, chart.backend_coord(&(0.0, lane as f64 + 0.5)));
        let beside = text(12).pos(Pos::new(HPos::Right, VPos::Top));
        area.draw(&Text::new((lane + 1).to_string(), (x - 8, y - 6), beside))?;
    }
    Ok(())
}
