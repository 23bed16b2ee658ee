//! Orders of the steps of two threads as ways through a lattice: to the right a step of one, upwards a step of the other.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::mark::Look;
use super::theme::{INK, grid};
use super::words::{Noun, counted, shortened};
use super::{Spot, Svg, text};
use crate::Error;
use crate::interleaving::{Explored, Path, Step};
use crate::language::{say, word};

const SIZE: (u32, u32) = (740, 430);
/// Where the lattice lies on the canvas, in pixels.
const LEFT: i32 = 130;
const RIGHT: i32 = 500;
const TOP: i32 = 64;
const BOTTOM: i32 = 370;
/// Where the legend begins.
const LEGEND: i32 = 548;
const ROW: i32 = 22;
/// How far apart ways lie that go along the same edge, and how far all of them together, in pixels.
const APART: f64 = 7.0;
const SPREAD: f64 = 52.0;
/// The most ways that can be told apart, and the most steps of a thread that can be read.
const MOST_WAYS: usize = 80;
const MOST_STEPS: usize = 8;

/// Draws every order of the steps of two threads as a way through a lattice, in the colour and dash of its outcome;
/// `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::NoFigure`] for other than two threads, for threads that do not always take the same steps, and for too many of
/// them; [`Error::Drawing`] when plotters fails.
pub fn lattice(explored: &Explored, alternative: &str) -> Result<Svg, Error> {
    let [across, upwards] = threads(explored)?;
    let outcomes = explored.outcomes();
    let look = |outcome: &str| Look::of_line(outcomes.iter().position(|other| other == outcome).unwrap_or(0));
    let place = |right: usize, up: usize| {
        let x = LEFT + (RIGHT - LEFT) * right as i32 / across.len() as i32;
        (x, BOTTOM - (BOTTOM - TOP) * up as i32 / upwards.len() as i32)
    };
    let apart = APART.min(SPREAD / explored.paths.len() as f64);
    let shift =
        |way: usize| (apart * (way as f64 - (explored.paths.len() as f64 - 1.0) / 2.0)).round() as i32;
    let mut spots = Vec::new();
    let svg = Svg::draw(SIZE, alternative, |area| {
        let centred = text(15).pos(Pos::new(HPos::Center, VPos::Top));
        area.draw(&Text::new(shortened(&explored.name, 60), ((LEFT + RIGHT) / 2, 14), centred))?;
        for right in 0..=across.len() {
            let line = vec![place(right, 0), place(right, upwards.len())];
            area.draw(&PathElement::new(line, grid().stroke_width(1)))?;
        }
        for up in 0..=upwards.len() {
            let line = vec![place(0, up), place(across.len(), up)];
            area.draw(&PathElement::new(line, grid().stroke_width(1)))?;
        }
        for (way, path) in explored.paths.iter().enumerate() {
            let Look { colour, dash, .. } = look(&path.outcome);
            let points = corners(&path.steps).into_iter().map(|(right, up)| {
                let (x, y) = place(right, up);
                (x + shift(way), y + shift(way))
            });
            let points: Vec<(i32, i32)> = points.collect();
            dash.line(area, &points, colour.stroke_width(2))?;
            spots.push(Spot { at: points[points.len() / 2], lines: said(path) });
        }
        let (start, end) = word!(en: ("start", "end"), pt: ("início", "fim"));
        for (at, label) in [((0, 0), start), ((across.len(), upwards.len()), end)] {
            let (x, y) = place(at.0, at.1);
            area.draw(&Circle::new((x, y), 5, INK.filled()))?;
            // Beside the ways, which reach to either side of the point.
            let beside = if at == (0, 0) { (x - 12, y + 12) } else { (x + 12, y - 24) };
            let anchor = if at == (0, 0) { HPos::Right } else { HPos::Left };
            area.draw(&Text::new(label, beside, text(12).pos(Pos::new(anchor, VPos::Top))))?;
        }
        for (step, name) in across.iter().enumerate() {
            let (x, y) = (place(step, 0).0.midpoint(place(step + 1, 0).0), BOTTOM + 30);
            let style = text(12).pos(Pos::new(HPos::Center, VPos::Top));
            area.draw(&Text::new(format!("0: {}", shortened(name, 14)), (x, y), style))?;
        }
        for (step, name) in upwards.iter().enumerate() {
            let (x, y) = (LEFT - 36, place(0, step).1.midpoint(place(0, step + 1).1));
            let style = text(12).pos(Pos::new(HPos::Right, VPos::Center));
            area.draw(&Text::new(format!("1: {}", shortened(name, 12)), (x, y), style))?;
        }
        for (row, outcome) in outcomes.iter().enumerate() {
            let y = TOP + ROW * row as i32;
            let (Look { colour, dash, .. }, ways) = (look(outcome), ways(explored, outcome));
            dash.line(area, &[(LEGEND, y), (LEGEND + 26, y)], colour.stroke_width(2))?;
            let label = format!("{}: {}", shortened(outcome, 12), counted(ways, Noun::Order));
            area.draw(&Text::new(label, (LEGEND + 34, y - 6), text(12)))?;
        }
        Ok(())
    })?;
    Ok(svg.with_spots(spots))
}

/// The number of ways to an outcome.
fn ways(explored: &Explored, outcome: &str) -> usize {
    explored.paths.iter().filter(|path| path.outcome == outcome).count()
}

/// The names of the steps of both threads.
fn threads(explored: &Explored) -> Result<[Vec<String>; 2], Error> {
    let no = |reason: &str| Err(Error::NoFigure { reason: reason.to_owned() });
    let of = |path: &Path, thread: usize| -> Vec<String> {
        let steps = path.steps.iter().filter(|step| step.thread == thread);
        steps.map(|step| step.what.clone()).collect()
    };
    let Some(first) = explored.paths.first() else {
        return no(word!(en: "there is no whole execution", pt: "não há nenhuma execução completa"));
    };
    let both = [of(first, 0), of(first, 1)];
    let sizes = both.iter().all(|steps| (1..=MOST_STEPS).contains(&steps.len()));
    if first.steps.iter().any(|step| step.thread > 1) || !sizes {
        return no(word!(
            en: "a lattice shows two threads of 1 to 8 steps each",
            pt: "um reticulado mostra duas threads, cada uma de 1 a 8 passos"
        ));
    }
    let alike = |path: &Path| of(path, 0).len() == both[0].len() && of(path, 1).len() == both[1].len();
    match explored.paths.len() <= MOST_WAYS && explored.paths.iter().all(alike) {
        true => Ok(both),
        false => no(word!(
            en: "a lattice shows up to 80 orders of the same number of steps",
            pt: "um reticulado mostra até 80 ordens com o mesmo número de passos"
        )),
    }
}

/// The points of the lattice that an order comes through: how many steps each thread has taken.
fn corners(steps: &[Step]) -> Vec<(usize, usize)> {
    let mut at = (0, 0);
    let mut corners = vec![at];
    for step in steps {
        if step.thread == 0 {
            at.0 += 1
        } else {
            at.1 += 1
        }
        corners.push(at);
    }
    corners
}

fn said(path: &Path) -> Vec<String> {
    let steps = path.steps.iter().map(|step| format!("{}: {}", step.thread, step.what));
    let mut lines = vec![say!(en: "outcome {}", pt: "resultado {}", path.outcome)];
    lines.extend(steps.take(10));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interleaving::How;

    fn path(threads: &[usize], outcome: &str) -> Path {
        let step = |&thread: &usize| Step { thread, what: "step".into() };
        Path { steps: threads.iter().map(step).collect(), outcome: outcome.into(), executions: 1 }
    }

    fn explored(paths: Vec<Path>) -> Explored {
        Explored { name: "a".into(), how: How::EveryOrder, paths, complete: true, failure: None }
    }

    #[test]
    fn a_way_goes_right_for_one_and_up_for_the_other() {
        assert_eq!(corners(&path(&[0, 1, 0], "2").steps), [(0, 0), (1, 0), (1, 1), (2, 1)]);
        assert!(lattice(&explored(vec![path(&[0, 1], "1"), path(&[1, 0], "2")]), "").is_ok());
    }

    #[test]
    fn what_is_no_lattice_says_so() {
        for paths in [vec![], vec![path(&[0, 1, 2], "3")], vec![path(&[0, 1], "1"), path(&[0, 1, 1], "1")]] {
            assert!(matches!(lattice(&explored(paths), ""), Err(Error::NoFigure { .. })));
        }
    }
}
