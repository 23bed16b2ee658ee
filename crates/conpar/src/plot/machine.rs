//! The map of a machine: its cores, what they share, and how much of their time this process gets.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::theme::{INK, MUTED, SERIES, text_on};
use super::words::shortened;
use super::{Svg, cores, text};
use crate::Error;
use crate::language::{say, word};
use crate::machine::{Cache, Core, CoreKind, Holds, Machine};

const WIDTH: u32 = 740;
/// Where the names of the rows end and the cells begin.
const LEFT: i32 = 74;
const RIGHT: i32 = 730;
/// Title and legend.
const TOP: i32 = 62;
/// A row of caches below a row of cores.
const BAND: i32 = 20;
/// The bar of the time that the process gets.
const TIME: i32 = 56;
/// More cores than these are not drawn: they would be smaller than a letter.
pub(crate) const MOST_DRAWN: usize = 512;

/// What a step of drawing gives.
type Drawn = Result<(), Box<dyn std::error::Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws the machine: a cell for each logical core, an outline round those of one physical core, a row for each memory
/// node, below it the caches across the cores that share them; then the time that the process gets. Where the system
/// tells nothing of its cores, their number alone is drawn. `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn machine_map(machine: &Machine, alternative: &str) -> Result<Svg, Error> {
    let map = Map::of(machine);
    let height = TOP + map.rows.len() as i32 * map.row_height() + TIME;
    Svg::draw((WIDTH, height as u32), alternative, |area| {
        let unknown = word!(en: "processor unknown", pt: "processador desconhecido");
        let title = machine.processor.as_deref().unwrap_or(unknown);
        let centred = text(15).pos(Pos::new(HPos::Center, VPos::Top));
        area.draw(&Text::new(shortened(title, 80), (WIDTH as i32 / 2, 8), centred))?;
        legend(area, machine)?;
        for (index, row) in map.rows.iter().enumerate() {
            map.row(area, row, TOP + index as i32 * map.row_height())?;
        }
        time(area, machine, height - TIME)
    })
}

/// Which cells stand where.
struct Map<'m> {
    machine: &'m Machine,
    rows: Vec<Vec<Core>>,
    /// The kinds of cache that are drawn, the nearest first.
    levels: Vec<(u8, Holds)>,
    /// The width of a cell.
    cell: i32,
}

impl<'m> Map<'m> {
    fn of(machine: &'m Machine) -> Map<'m> {
        let unknown = |number| Core { number, physical: None, node: None, kind: None };
        let mut cores = machine.cores.clone();
        if cores.is_empty() {
            cores.extend((0..machine.available_cores.min(MOST_DRAWN)).map(unknown));
        }
        // Cores that share something stand side by side: first those of one node, then those of one outer cache.
        let outer = |core: &Core| {
            let shared = machine.caches.iter().rev().filter(|cache| holds(cache, core.number));
            shared.filter_map(|cache| cache.cores.first().copied()).collect::<Vec<usize>>()
        };
        cores.sort_by_cached_key(|core| (core.node, outer(core), core.physical, core.number));
        cores.truncate(MOST_DRAWN);
        let columns = match cores.len() {
            count @ 0..=16 => count.max(1),
            17..=64 => 16,
            65..=256 => 32,
            _ => 64,
        };
        let of_nodes = cores.chunk_by(|one, two| one.node == two.node);
        let rows: Vec<Vec<Core>> =
            of_nodes.flat_map(|node| node.chunks(columns)).map(<[Core]>::to_vec).collect();
        let mut levels: Vec<(u8, Holds)> =
            machine.caches.iter().map(|cache| (cache.level, cache.holds)).collect();
        levels.sort_unstable();
        levels.dedup();
        // On a large machine the outermost cache is the one that groups its cores.
        if rows.len() > 4 {
            levels.drain(..levels.len().saturating_sub(1));
        }
        levels.truncate(6);
        let cell = ((RIGHT - LEFT) / columns as i32).min(72);
        Map { machine, rows, levels, cell }
    }

    fn cell_height(&self) -> i32 {
        self.cell.clamp(10, 40)
    }

    fn row_height(&self) -> i32 {
        self.cell_height() + self.levels.len() as i32 * BAND + 14
    }

    fn across(&self, column: usize) -> i32 {
        LEFT + column as i32 * self.cell
    }

    fn row(&self, area: &Area<'_>, row: &[Core], top: i32) -> Drawn {
        let height = self.cell_height();
        let several_nodes = self.machine.cores.iter().any(|core| core.node != row[0].node);
        let name = match row[0].node.filter(|_| several_nodes) {
            Some(node) => say!(en: "node {node}", pt: "nó {node}"),
            None => say!(en: "cores", pt: "núcleos"),
        };
        row_name(area, &name, top + height / 2)?;
        for (column, core) in row.iter().enumerate() {
            let inset = if self.cell < 30 { 1 } else { 3 };
            let corners = [
                (self.across(column) + inset, top + inset),
                (self.across(column + 1) - inset - 1, top + height - inset),
            ];
            let allowed = self.machine.may_use(core.number);
            let style = if allowed { colour(core).filled() } else { MUTED.stroke_width(1) };
            area.draw(&Rectangle::new(corners, style))?;
            if !self.machine.cores.is_empty() {
                let ink = if allowed { text_on(colour(core)) } else { INK };
                label(area, &core.number.to_string(), corners, ink)?;
            }
        }
        // Runs of cells that share something: their columns, first and one past the last.
        let runs = |same: &dyn Fn(&Core, &Core) -> bool| {
            let mut start = 0;
            let runs = row.chunk_by(|one, two| same(one, two)).map(|run| {
                let columns = start..start + run.len();
                start = columns.end;
                columns
            });
            runs.collect::<Vec<_>>()
        };
        for run in runs(&|one, two| one.physical.is_some() && one.physical == two.physical) {
            if row[run.start].physical.is_some() {
                let corners = [(self.across(run.start), top), (self.across(run.end) - 1, top + height)];
                area.draw(&Rectangle::new(corners, INK.stroke_width(1)))?;
            }
        }
        for (index, &level) in self.levels.iter().enumerate() {
            let top = top + height + 4 + index as i32 * BAND;
            row_name(area, &level_name(level), top + BAND / 2)?;
            let of_level = |core: &Core| {
                let mut caches = self.machine.caches.iter();
                caches.find(|cache| (cache.level, cache.holds) == level && holds(cache, core.number))
            };
            let same = |one: &Core, two: &Core| match (of_level(one), of_level(two)) {
                (Some(one), Some(two)) => std::ptr::eq(one, two),
                _ => false,
            };
            for run in runs(&same) {
                if let Some(cache) = of_level(&row[run.start]) {
                    self.band(area, cache, (self.across(run.start), self.across(run.end) - 1), top)?;
                }
            }
        }
        Ok(())
    }

    /// A cache, drawn below the cores that share it.
    fn band(&self, area: &Area<'_>, cache: &Cache, (left, right): (i32, i32), top: i32) -> Drawn {
        let corners = [(left + 1, top + 1), (right - 1, top + BAND - 3)];
        area.draw(&Rectangle::new(corners, MUTED.mix(0.18).filled()))?;
        area.draw(&Rectangle::new(corners, MUTED.stroke_width(1)))?;
        label(area, &size(cache.bytes), corners, INK)
    }
}

/// A text in the middle of a rectangle, in the largest letters that fit, or none.
fn label(
    area: &Area<'_>,
    label: &str,
    [(left, top), (right, bottom)]: [(i32, i32); 2],
    ink: RGBColor,
) -> Drawn {
    // A letter is at most two thirds as wide as it is high.
    let fits = |size: &u32| {
        label.len() as i32 * *size as i32 * 13 / 20 <= right - left && *size as i32 <= bottom - top
    };
    if let Some(size) = [12, 11, 9, 8].into_iter().find(fits) {
        let centred = text(size).color(&ink).pos(Pos::new(HPos::Center, VPos::Center));
        area.draw(&Text::new(label.to_owned(), ((left + right) / 2, (top + bottom) / 2 + 1), centred))?;
    }
    Ok(())
}

fn holds(cache: &Cache, core: usize) -> bool {
    cache.cores.binary_search(&core).is_ok()
}

fn colour(core: &Core) -> RGBColor {
    if core.kind == Some(CoreKind::Efficiency) { SERIES[2] } else { SERIES[0] }
}

/// The name of a row, at its left.
fn row_name(area: &Area<'_>, name: &str, middle: i32) -> Drawn {
    let beside = text(12).pos(Pos::new(HPos::Right, VPos::Center));
    area.draw(&Text::new(name.to_owned(), (LEFT - 8, middle), beside))?;
    Ok(())
}

fn level_name((level, holds): (u8, Holds)) -> String {
    match holds {
        Holds::Data => say!(en: "L{level} data", pt: "L{level} dados"),
        Holds::Instructions => say!(en: "L{level} code", pt: "L{level} código"),
        Holds::Both => format!("L{level}"),
    }
}

/// A size in the largest unit that leaves no fraction.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        _ if bytes >= 1 << 20 && bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        _ if bytes >= 1 << 10 && bytes.is_multiple_of(1 << 10) => format!("{} KiB", bytes >> 10),
        _ => format!("{bytes} B"),
    }
}

/// One row that explains the cells.
fn legend(area: &Area<'_>, machine: &Machine) -> Drawn {
    let any = |kind| machine.cores.iter().any(|core| core.kind == Some(kind));
    let hybrid = any(CoreKind::Performance) || any(CoreKind::Efficiency);
    let mut entries = vec![if hybrid {
        (
            word!(en: "performance core, may be used", pt: "núcleo de desempenho, utilizável"),
            SERIES[0].filled(),
        )
    } else {
        (word!(en: "logical core, may be used", pt: "núcleo lógico, utilizável"), SERIES[0].filled())
    }];
    if hybrid {
        entries.push((
            word!(en: "efficiency core, may be used", pt: "núcleo eficiente, utilizável"),
            SERIES[2].filled(),
        ));
    }
    if machine.cores.iter().any(|core| !machine.may_use(core.number)) {
        entries
            .push((word!(en: "not for this process", pt: "não para este processo"), MUTED.stroke_width(1)));
    }
    if machine.cores.iter().any(|core| core.physical.is_some()) {
        entries.push((word!(en: "physical core", pt: "núcleo físico"), INK.stroke_width(1)));
    }
    let mut left = LEFT;
    for (label, style) in entries {
        area.draw(&Rectangle::new([(left, 36), (left + 14, 48)], style))?;
        area.draw(&Text::new(label, (left + 20, 36), text(12)))?;
        left += 40 + 13 * label.chars().count() as i32 / 2;
    }
    Ok(())
}

/// The time of the available cores, and the part of it that the process gets.
fn time(area: &Area<'_>, machine: &Machine, top: i32) -> Drawn {
    const LENGTH: f64 = 400.0;
    let (available, effective) = (machine.available_cores, machine.effective_cores);
    let across = |cores: f64| LEFT + (LENGTH * cores / available as f64).round() as i32;
    let (upper, lower) = (top + 8, top + 30);
    row_name(area, word!(en: "time", pt: "tempo"), (upper + lower) / 2)?;
    area.draw(&Rectangle::new([(LEFT, upper), (across(effective), lower)], SERIES[0].filled()))?;
    area.draw(&Rectangle::new([(LEFT, upper), (across(available as f64), lower)], INK.stroke_width(1)))?;
    if available <= 64 {
        for core in 1..available {
            let line = [(across(core as f64), upper), (across(core as f64), lower)];
            area.draw(&PathElement::new(line, INK.stroke_width(1)))?;
        }
    }
    let label = match machine.quota {
        Some(quota) => say!(
            en: "{} of {available}: the quota is {quota}",
            pt: "{} de {available}: a cota é {quota}",
            cores(effective)
        ),
        None => {
            say!(en: "{} of {available}, no quota", pt: "{} de {available}, sem cota", cores(effective))
        }
    };
    let beside = text(12).pos(Pos::new(HPos::Left, VPos::Center));
    area.draw(&Text::new(label, (across(available as f64) + 10, (upper + lower) / 2), beside))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Clock;

    fn machine(cores: Vec<Core>, caches: Vec<Cache>, available_cores: usize) -> Machine {
        Machine {
            processor: None,
            virtual_machine: None,
            cores,
            caches,
            affinity: Some((0..available_cores).collect()),
            available_cores,
            quota: Some(1.5),
            effective_cores: 1.5_f64.min(available_cores as f64),
            load: None,
            clock: Clock { step: 1e-9, cost: 1e-8 },
        }
    }

    #[test]
    fn threads_of_a_core_stand_side_by_side_and_nodes_have_rows() {
        let core =
            |number: usize| Core { number, physical: Some(number % 4), node: Some(number % 2), kind: None };
        let machine = machine((0..8).map(core).collect(), Vec::new(), 4);
        let numbers: Vec<Vec<usize>> =
            Map::of(&machine).rows.iter().map(|row| row.iter().map(|core| core.number).collect()).collect();
        assert_eq!(numbers, [[0, 4, 2, 6], [1, 5, 3, 7]]);
    }

    #[test]
    fn any_machine_is_drawn_the_largest_as_well_as_an_unknown_one() {
        let core = |number| Core { number, physical: None, node: None, kind: None };
        let cache = Cache { level: 3, holds: Holds::Both, bytes: 1 << 25, cores: (0..9_000).collect() };
        let largest = machine((0..9_000).map(core).collect(), vec![cache], 9_000);
        for machine in [largest, machine(Vec::new(), Vec::new(), 1)] {
            let figure = machine_map(&machine, "a map").expect("drawn");
            assert!(figure.markup().len() < 500_000, "no more cells than can be told apart");
        }
    }

    #[test]
    fn sizes_are_told_without_fractions() {
        assert_eq!(
            (size(48 << 10), size(480 << 20), size(1_500)),
            ("48 KiB".into(), "480 MiB".into(), "1500 B".into())
        );
    }
}
