//! A timeline: a row for each task, worker or core, and what was there when.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::spot::Region;
use super::theme::{self, INK, MUTED, SERIES};
use super::words::shortened;
use super::{Svg, text};
use crate::Error;
use crate::language::{say, word};
use crate::trace::{Activity, Span, Timeline};

const WIDTH: u32 = 740;
/// The height of a row, and what title, axis and legend take beside the rows.
const ROW: u32 = 26;
const AROUND: u32 = 118;
/// The most rows of a figure's height: more share it.
const MOST_ROWS: usize = 32;
/// Waiting is drawn as a thin grey bar: nothing runs. Unmixed, so that it keeps the grey's 3:1 on light and dark pages.
const WAITING: RGBColor = MUTED;
/// The most bars of one timeline that say more when they are pointed at: the longest ones. Each is a step of the keyboard.
const MOST_REGIONS: usize = 60;
/// How many characters the name of a row has, and the room for it and for a number, in pixels.
const LONGEST: usize = 18;
const NAMES: u32 = 136;
const NUMBERS: u32 = 50;

/// What the rows of a timeline are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A row for each task; its colour says which core.
    Task,
    /// A row for each thread; its colour says which task.
    Worker,
    /// A row for each core; its colour says which task.
    Core,
}

/// Draws one timeline; `alternative` is what it says in words.
///
/// # Errors
///
/// [`Error::NothingToDraw`] where no span knows its worker, or its core, and those are the rows; [`Error::Drawing`] when
/// plotters fails.
pub fn timeline(timeline: &Timeline, by: By, alternative: &str) -> Result<Svg, Error> {
    let rows = Rows::of(timeline, by, &timeline.cores());
    if by != By::Task && rows.names.is_empty() {
        return Err(Error::NothingToDraw { title: timeline.name.clone() });
    }
    let mut regions = Vec::new();
    let height = AROUND + ROW * rows.count().clamp(1, MOST_ROWS) as u32;
    let svg = Svg::draw((WIDTH, height), alternative, |area| {
        let (legend_area, rows_area) = area.split_vertically(28);
        legend(&legend_area, by, &rows.colours, has_waits(timeline) && by != By::Core)?;
        let title = shortened(&timeline.name, 80);
        regions = rows.draw(&rows_area, &title, timeline.makespan)?;
        Ok(())
    })?;
    Ok(svg.with_regions(regions))
}

/// The tasks of one timeline under `title`, in the colours of `cores`, on a time axis that ends at `end` seconds; gives back
/// what its bars say.
pub(super) fn lanes<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    timeline: &Timeline,
    title: &str,
    end: f64,
    cores: &[usize],
) -> Result<Vec<Region>, Box<dyn std::error::Error>>
where
    DB::ErrorType: 'static,
{
    Rows::of(timeline, By::Task, cores).draw(area, title, end)
}

/// A place on the whole canvas, as a place within `area`.
pub(super) fn within<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, (x, y): (i32, i32)) -> (i32, i32) {
    let (left, top) = area.get_base_pixel();
    (x - left, y - top)
}

pub(super) fn has_waits(timeline: &Timeline) -> bool {
    timeline.spans.iter().any(|span| span.activity == Activity::Waiting)
}

/// The colour of a thing: its place among `all` that the figure shows.
pub(super) fn colour(thing: Option<usize>, all: &[usize]) -> RGBColor {
    let place = thing.and_then(|thing| all.iter().position(|&other| other == thing));
    place.map_or(INK, |place| SERIES[place % SERIES.len()])
}

/// One row that explains the colours of a figure with such rows: what the things are called, and their numbers as the
/// reader counts them.
pub(super) fn legend<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    by: By,
    things: &[usize],
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
        entry(word!(en: "waiting", pt: "esperando"), 2, WAITING.filled())?;
    }
    let of_cores = by == By::Task;
    let word = if of_cores { word!(en: "core", pt: "núcleo") } else { word!(en: "task", pt: "tarefa") };
    let number = |thing: usize| if of_cores { thing } else { thing.saturating_add(1) };
    for (place, &thing) in things.iter().take(SERIES.len()).enumerate() {
        // Colours come round again: then each names the first of its things, as many as there is room for.
        let next = |rounds: usize| things.get(place + rounds * SERIES.len()).map(|&thing| number(thing));
        let label = match (next(1), next(2)) {
            (None, _) => format!("{word} {}", number(thing)),
            (Some(_), _) if number(thing) >= 100 => format!("{}, …", number(thing)),
            (Some(next), None) => format!("{}, {next}", number(thing)),
            (Some(next), Some(_)) => format!("{}, {next}, …", number(thing)),
        };
        let label = if place == 0 && !label.starts_with(word) { format!("{word} {label}") } else { label };
        entry(&label, 6, colour(Some(thing), things).filled())?;
    }
    Ok(())
}

/// A timeline, laid out.
struct Rows<'t> {
    timeline: &'t Timeline,
    by: By,
    /// The names of workers or cores, in the order of their rows.
    names: Vec<String>,
    /// The cores or tasks that have colours, in ascending order.
    colours: Vec<usize>,
    /// The cores in the order of their rows.
    cores: Vec<usize>,
}

impl<'t> Rows<'t> {
    /// `cores` have the colours where tasks are the rows.
    fn of(timeline: &'t Timeline, by: By, cores: &[usize]) -> Rows<'t> {
        let own = timeline.cores();
        let names = match by {
            By::Task => Vec::new(),
            By::Worker => (0..timeline.workers.len()).map(|worker| timeline.worker_name(worker)).collect(),
            By::Core => own.iter().map(|core| say!(en: "core {core}", pt: "núcleo {core}")).collect(),
        };
        let colours = if by == By::Task { cores.to_vec() } else { timeline.computing_tasks() };
        Rows { timeline, by, names, colours, cores: own }
    }

    fn count(&self) -> usize {
        if self.by == By::Task { self.timeline.lanes } else { self.names.len() }
    }

    /// The row that a span is in, if any.
    fn row(&self, span: &Span) -> Option<usize> {
        match self.by {
            By::Task => Some(span.lane),
            By::Worker => span.worker,
            By::Core => span.core.and_then(|core| self.cores.binary_search(&core).ok()),
        }
    }

    fn draw<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        title: &str,
        end: f64,
    ) -> Result<Vec<Region>, Box<dyn std::error::Error>>
    where
        DB::ErrorType: 'static,
    {
        const MILLISECONDS: f64 = 1e3;
        let room = if self.by == By::Task { NUMBERS } else { NAMES };
        let mut chart = ChartBuilder::on(area)
            .caption(title, text(14))
            .margin(4)
            .margin_right(16)
            .x_label_area_size(38)
            .y_label_area_size(room)
            .build_cartesian_2d(0.0..(end * MILLISECONDS).max(1e-3), self.count().max(1) as f64..0.0)?;
        let decimals = if end * MILLISECONDS < 3.0 { 1 } else { 0 };
        let label = |time: &f64| format!("{time:.decimals$}");
        let mut mesh = chart.configure_mesh();
        let across = word!(en: "time (ms)", pt: "tempo (ms)");
        mesh.disable_y_mesh().x_desc(across).y_labels(0).x_labels(6).x_label_formatter(&label);
        // An empty name would be a text as well, and one outside of the figure.
        if self.by == By::Task {
            mesh.y_desc(word!(en: "task", pt: "tarefa"));
        }
        theme::style(&mut mesh);
        mesh.draw()?;
        let mut regions = Vec::new();
        for span in &self.timeline.spans {
            let Some(row) = self.row(span) else { continue };
            let thing = if self.by == By::Task { span.core } else { Some(span.lane) };
            let (half, style) = match span.activity {
                Activity::Computing => (0.36, colour(thing, &self.colours).filled()),
                Activity::Waiting => (0.12, WAITING.filled()),
            };
            let middle = row as f64 + 0.5;
            let corners =
                [(span.start * MILLISECONDS, middle - half), (span.end * MILLISECONDS, middle + half)];
            chart.draw_series([Rectangle::new(corners, style)])?;
            let corners = corners.map(|corner| chart.backend_coord(&corner));
            regions.push((span.end - span.start, Region { corners, lines: said(self.timeline, span) }));
        }
        // Names stand beside the middle of their row, where plotters' own labels would stand at its edge.
        let step = self.count().div_ceil(if self.by == By::Task { 8 } else { MOST_ROWS }).max(1);
        for row in (0..self.count()).step_by(step) {
            let (x, y) = within(area, chart.backend_coord(&(0.0, row as f64 + 0.5)));
            let beside = text(12).pos(Pos::new(HPos::Right, VPos::Top));
            let name =
                self.names.get(row).map_or_else(|| (row + 1).to_string(), |name| shortened(name, LONGEST));
            area.draw(&Text::new(name, (x - 8, y - 6), beside))?;
        }
        regions.sort_by(|one, two| two.0.total_cmp(&one.0));
        regions.truncate(MOST_REGIONS);
        let mut regions: Vec<Region> = regions.into_iter().map(|(_, region)| region).collect();
        // The keyboard goes through them as one reads: row by row.
        regions
            .sort_by_key(|region| (region.corners[0].1.midpoint(region.corners[1].1), region.corners[0].0));
        Ok(regions)
    }
}

/// What a bar says where it is pointed at.
fn said(timeline: &Timeline, span: &Span) -> Vec<String> {
    let what = match (span.activity, span.core) {
        (Activity::Computing, Some(core)) => {
            say!(en: "computing on core {core}", pt: "calculando no núcleo {core}")
        }
        (Activity::Computing, None) => say!(en: "computing", pt: "calculando"),
        (Activity::Waiting, _) => say!(en: "waiting", pt: "esperando"),
    };
    let worker = span.worker.filter(|_| !timeline.workers.is_empty());
    let mut lines = vec![say!(en: "task {}: {what}", pt: "tarefa {}: {what}", span.lane.saturating_add(1))];
    lines.extend(
        worker.map(|worker| say!(en: "on {}", pt: "em {}", shortened(&timeline.worker_name(worker), 40))),
    );
    let (start, end) = (span.start * 1e3, span.end * 1e3);
    lines.push(say!(
        en: "{:.3} ms, from {start:.3} to {end:.3} ms",
        pt: "{:.3} ms, de {start:.3} a {end:.3} ms",
        end - start
    ));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Worker;

    fn both() -> Timeline {
        let span = |lane, worker, core, start| Span {
            lane,
            activity: Activity::Computing,
            worker: Some(worker),
            core: Some(core),
            start,
            end: start + 0.001,
        };
        let waits = Span { activity: Activity::Waiting, worker: None, core: None, ..span(0, 0, 0, 0.001) };
        Timeline {
            name: "two tasks".into(),
            lanes: 2,
            makespan: 0.004,
            spans: vec![span(0, 0, 3, 0.0), waits, span(0, 1, 5, 0.002), span(1, 0, 3, 0.002)],
            workers: ["main", ""].map(|name| Worker { process: 1, name: name.into() }).to_vec(),
            ..Timeline::default()
        }
    }

    #[test]
    fn a_suspended_task_is_on_no_worker_and_on_no_core() {
        let timeline = both();
        let bars = |by| timeline_regions(&timeline, by);
        assert_eq!([By::Task, By::Worker, By::Core].map(bars), [4, 3, 3]);
    }

    fn timeline_regions(both: &Timeline, by: By) -> usize {
        timeline(both, by, "in words").expect("drawn").html().matches("class=\"spot\"").count()
    }

    #[test]
    fn rows_have_the_names_of_threads_and_cores() {
        let drawn = |by| timeline(&both(), by, "in words").expect("drawn").markup().to_owned();
        let (workers, cores) = (drawn(By::Worker), drawn(By::Core));
        assert!(workers.contains("main") && workers.contains("thread 2") && workers.contains("task 1"));
        assert!(cores.contains("core 3") && cores.contains("core 5"));
    }

    #[test]
    fn rows_that_are_not_known_are_not_drawn() {
        let unknown = Timeline { name: "old".into(), lanes: 1, ..Timeline::default() };
        assert!(timeline(&unknown, By::Task, "").is_ok());
        for by in [By::Worker, By::Core] {
            assert!(matches!(timeline(&unknown, by, ""), Err(Error::NothingToDraw { .. })));
        }
    }
}
