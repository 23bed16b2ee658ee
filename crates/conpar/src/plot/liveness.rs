//! Programs that were watched for a moment: the progress of each actor, and the cores that were busy meanwhile.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::theme::{INK, MUTED, SERIES};
use super::words::shortened;
use super::{Spot, Svg, text};
use crate::Error;
use crate::language::{say, word};
use crate::liveness::{Classified, Kind, Program};

const WIDTH: u32 = 740;
/// Where the columns begin, and how wide the longest bar is, in pixels.
const NAMES: i32 = 196;
const CORES: i32 = 470;
const KIND: i32 = 620;
const LONGEST: f64 = 190.0;
const LONGEST_CORES: f64 = 110.0;
/// The height of an actor's bar, of the room between two programs, and of the headings.
const BAR: i32 = 20;
const APART: i32 = 16;
const HEAD: i32 = 40;
/// The most actors of a program that are drawn.
const MOST: usize = 8;

impl Kind {
    /// The name of what was seen.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Deadlock => word!(en: "deadlock", pt: "impasse"),
            Kind::Livelock => "livelock",
            Kind::Starvation => word!(en: "starvation", pt: "inanição"),
            Kind::GetsOn => word!(en: "gets on", pt: "avança"),
            Kind::Ended => word!(en: "ended", pt: "acabou"),
        }
    }
}

/// Draws a row for each actor of each program: its progress beside that of the one that gets on best, and for each program
/// the cores that it kept busy.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn classified_rows(classified: &Classified, alternative: &str) -> Result<Svg, Error> {
    let rows: i32 = classified.programs.iter().map(|program| height(program) + APART).sum();
    let most_cores = classified.programs.iter().filter_map(|program| program.cores).fold(1.0, f64::max);
    let mut spots = Vec::new();
    let svg = Svg::draw((WIDTH, (HEAD + rows + 8) as u32), alternative, |area| {
        let headings = word!(
            en: ["progress (of the program's best)", "cores busy", "seen as"],
            pt: ["progresso (do melhor do programa)", "núcleos ocupados", "visto como"]
        );
        for (x, words) in [NAMES, CORES, KIND].into_iter().zip(headings) {
            area.draw(&Text::new(words.to_owned(), (x, 12), text(13)))?;
        }
        let mut top = HEAD;
        for program in &classified.programs {
            let middle = top + height(program) / 2;
            let left = |size| text(size).pos(Pos::new(HPos::Left, VPos::Center));
            area.draw(&Text::new(shortened(&program.name, 14), (10, middle), left(13)))?;
            let best = program.progress.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
            for (index, (name, rate)) in program.progress.iter().take(MOST).enumerate() {
                let y = top + BAR * index as i32;
                let share = if best > 0.0 { rate / best } else { 0.0 };
                let anchor = text(12).pos(Pos::new(HPos::Right, VPos::Center));
                area.draw(&Text::new(shortened(name, 12), (NAMES - 8, y + BAR / 2), anchor))?;
                let end = NAMES + (LONGEST * share).round() as i32;
                area.draw(&Rectangle::new([(NAMES, y + 3), (end, y + BAR - 3)], SERIES[0].filled()))?;
                let none = || say!(en: "none", pt: "nada");
                let said = if *rate == 0.0 { none() } else { format!("{rate:.0}/s") };
                area.draw(&Text::new(said.clone(), (end + 6, y + BAR / 2), left(11)))?;
                let units = say!(en: "units of work: {said}", pt: "unidades de trabalho: {said}");
                let lines = vec![format!("{}, {name}", program.name), units];
                spots.push(Spot { at: (end, y + BAR / 2), lines });
            }
            area.draw(&PathElement::new(
                [(NAMES, top), (NAMES, top + height(program))],
                INK.stroke_width(1),
            ))?;
            area.draw(&PathElement::new(
                [(CORES, top), (CORES, top + height(program))],
                INK.stroke_width(1),
            ))?;
            if let Some(cores) = program.cores {
                let end = CORES + (LONGEST_CORES * cores / most_cores).round() as i32;
                area.draw(&Rectangle::new([(CORES, middle - 7), (end, middle + 7)], MUTED.filled()))?;
                area.draw(&Text::new(format!("{cores:.2}"), (end + 6, middle), left(11)))?;
            }
            let mixed = word!(en: "not the same each time", pt: "nem sempre o mesmo");
            let kind = program.kind().map_or(mixed, Kind::name);
            area.draw(&Text::new(kind.to_owned(), (KIND, middle), left(13)))?;
            top += height(program) + APART;
        }
        Ok(())
    })?;
    Ok(svg.with_spots(spots))
}

fn height(program: &Program) -> i32 {
    BAR * program.progress.len().clamp(1, MOST) as i32
}
