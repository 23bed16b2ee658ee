//! Who waits for whom: actors and locks on a circle, with the cycle marked.

use std::f64::consts::PI;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::mark::{Dash, Drawn};
use super::theme::{INK, MUTED, SERIES};
use super::words::shortened;
use super::{Spot, Svg, text};
use crate::Error;
use crate::language::{say, word};
use crate::liveness::Graph;

const WIDTH: u32 = 740;
/// The height of a figure with few nodes and of one with many, and how many are few.
const HEIGHTS: [u32; 2] = [250, 400];
const FEW: usize = 6;
/// Where the circle's middle is from the left, how far it reaches to the sides, and what it leaves above and below.
const MIDDLE: f64 = 300.0;
const REACH: f64 = 205.0;
const MARGIN: f64 = 52.0;
/// Half the size of an actor and of a lock, and what an arrow keeps free before them, in pixels.
const ACTOR: i32 = 9;
const LOCK: i32 = 8;
const FREE: f64 = 15.0;
/// The most nodes that are drawn.
const MOST: usize = 40;
/// The colour of the cycle: vermilion, and thick as well.
const CYCLE: RGBColor = SERIES[1];

/// A node: an actor or a lock, by its index.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    Actor(usize),
    Lock(usize),
}

/// Draws the graph; `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::NothingToDraw`] where nobody acts; [`Error::Drawing`] when plotters fails.
pub fn wait_for_graph(graph: &Graph, alternative: &str) -> Result<Svg, Error> {
    let cycle = graph.cycle();
    let nodes = around(graph, &cycle);
    if nodes.is_empty() {
        let title = say!(en: "who waits for whom", pt: "quem espera por quem");
        return Err(Error::NothingToDraw { title });
    }
    let height = HEIGHTS[usize::from(nodes.len() > FEW)];
    let centre = f64::from(height) / 2.0;
    let at = |node: Node| {
        let place = nodes.iter().position(|&other| other == node)? as f64;
        let turn = 2.0 * PI * place / nodes.len() as f64 - PI / 2.0;
        Some((MIDDLE + REACH * turn.cos(), centre + (centre - MARGIN) * turn.sin()))
    };
    let mut spots = Vec::new();
    let svg = Svg::draw((WIDTH, height), alternative, |area| {
        for (index, actor) in graph.actors.iter().enumerate() {
            let (Some(from), Some(to)) =
                (at(Node::Actor(index)), actor.wants.and_then(|lock| at(Node::Lock(lock))))
            else {
                continue;
            };
            arrow(area, from, to, cycle.contains(&index), Dash::Long)?;
        }
        for (index, lock) in graph.locks.iter().enumerate() {
            let (Some(from), Some(to)) =
                (at(Node::Lock(index)), lock.owner.and_then(|owner| at(Node::Actor(owner))))
            else {
                continue;
            };
            arrow(area, from, to, is_on(graph, &cycle, index), Dash::Solid)?;
        }
        for &node in &nodes {
            let Some((x, y)) = at(node) else { continue };
            let place = (x.round() as i32, y.round() as i32);
            draw(area, graph, &cycle, node, (place, y < centre))?;
            spots.push(Spot { at: place, lines: says(graph, node) });
        }
        legend(area, !cycle.is_empty())
    })?;
    Ok(svg.with_spots(spots))
}

/// The nodes in the order in which they stand: along the cycle first, an actor before the lock that it waits for.
fn around(graph: &Graph, cycle: &[usize]) -> Vec<Node> {
    let mut nodes = Vec::new();
    let others = 0..graph.actors.len();
    for actor in cycle.iter().copied().chain(others.filter(|actor| !cycle.contains(actor))) {
        nodes.push(Node::Actor(actor));
        let wanted = graph.actors[actor].wants.map(Node::Lock);
        nodes.extend(wanted.filter(|lock| matches!(lock, Node::Lock(lock) if *lock < graph.locks.len())));
    }
    nodes.extend((0..graph.locks.len()).map(Node::Lock));
    let mut each = Vec::new();
    nodes.into_iter().for_each(|node| {
        if !each.contains(&node) {
            each.push(node)
        }
    });
    each.truncate(MOST);
    each
}

/// Whether the lock is part of the cycle: one of it waits for it.
fn is_on(graph: &Graph, cycle: &[usize], lock: usize) -> bool {
    cycle.iter().any(|&actor| graph.actors[actor].wants == Some(lock))
}

/// An arrow that bends outwards a little, so that one back does not lie on it.
fn arrow<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    from: (f64, f64),
    to: (f64, f64),
    in_cycle: bool,
    dash: Dash,
) -> Drawn
where
    DB::ErrorType: 'static,
{
    let style = if in_cycle { CYCLE.stroke_width(3) } else { MUTED.stroke_width(1) };
    let (across, down) = (to.0 - from.0, to.1 - from.1);
    let length = across.hypot(down).max(1.0);
    let (right, below) = (across / length, down / length);
    let bend = 0.12 * length;
    let middle = ((from.0 + to.0) / 2.0 + below * bend, (from.1 + to.1) / 2.0 - right * bend);
    let along = |share: f64| {
        let point = |a: f64, b: f64, c: f64| {
            (1.0 - share).powi(2) * a + 2.0 * share * (1.0 - share) * b + share.powi(2) * c
        };
        (point(from.0, middle.0, to.0), point(from.1, middle.1, to.1))
    };
    let (start, end) = (FREE / length, 1.0 - FREE / length);
    let pixel = |(x, y): (f64, f64)| (x.round() as i32, y.round() as i32);
    let line: Vec<_> =
        (0..=24).map(|step| pixel(along(start + (end - start) * f64::from(step) / 24.0))).collect();
    dash.line(area, &line, style)?;
    let (tip, before) = (along(end), along(end - 12.0 / length));
    let (x, y) = (tip.0 - before.0, tip.1 - before.1);
    let wing = |side: f64| pixel((before.0 - side * 0.5 * y, before.1 + side * 0.5 * x));
    let colour = if in_cycle { CYCLE.filled() } else { MUTED.filled() };
    Ok(area.draw(&Polygon::new(vec![pixel(tip), wing(1.0), wing(-1.0)], colour))?)
}

/// A round actor or a square lock, and its name outside of the circle.
fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    graph: &Graph,
    cycle: &[usize],
    node: Node,
    ((x, y), is_above): ((i32, i32), bool),
) -> Drawn
where
    DB::ErrorType: 'static,
{
    let (name, in_cycle) = match node {
        Node::Actor(actor) => (&graph.actors[actor].name, cycle.contains(&actor)),
        Node::Lock(lock) => (&graph.locks[lock].name, is_on(graph, cycle, lock)),
    };
    let colour = if in_cycle { CYCLE } else { SERIES[0] };
    match node {
        Node::Actor(_) => area.draw(&Circle::new((x, y), ACTOR, colour.filled()))?,
        Node::Lock(_) => {
            area.draw(&Rectangle::new([(x - LOCK, y - LOCK), (x + LOCK, y + LOCK)], colour.stroke_width(3)))?;
        }
    }
    let side = f64::from(x) - MIDDLE;
    let (anchor, shift) = match side {
        side if side > 40.0 => (Pos::new(HPos::Left, VPos::Center), (16, 0)),
        side if side < -40.0 => (Pos::new(HPos::Right, VPos::Center), (-16, 0)),
        _ if is_above => (Pos::new(HPos::Center, VPos::Bottom), (0, -14)),
        _ => (Pos::new(HPos::Center, VPos::Top), (0, 14)),
    };
    let style = text(13).pos(anchor);
    Ok(area.draw(&Text::new(shortened(name, 16), (x + shift.0, y + shift.1), style))?)
}

fn legend<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, has_cycle: bool) -> Drawn
where
    DB::ErrorType: 'static,
{
    let row = |y: i32, words: &str| area.draw(&Text::new(words.to_owned(), (634, y - 6), text(12)));
    area.draw(&Circle::new((614, 40), ACTOR - 2, INK.filled()))?;
    row(40, word!(en: "who acts", pt: "quem age"))?;
    area.draw(&Rectangle::new([(607, 57), (621, 71)], INK.stroke_width(2)))?;
    row(64, word!(en: "a lock", pt: "uma trava"))?;
    Dash::Long.line(area, &[(602, 88), (627, 88)], INK.stroke_width(2))?;
    row(88, word!(en: "waits for", pt: "espera por"))?;
    Dash::Solid.line(area, &[(602, 112), (627, 112)], INK.stroke_width(2))?;
    row(112, word!(en: "is held by", pt: "está com"))?;
    if has_cycle {
        Dash::Solid.line(area, &[(602, 136), (627, 136)], CYCLE.stroke_width(3))?;
        row(136, word!(en: "the cycle", pt: "o ciclo"))?;
    }
    Ok(())
}

fn says(graph: &Graph, node: Node) -> Vec<String> {
    match node {
        Node::Actor(actor) => {
            let actor = &graph.actors[actor];
            let wants = actor.wants.and_then(|lock| graph.locks.get(lock));
            let waits = match wants {
                Some(lock) => say!(en: "waits for {}", pt: "espera por {}", lock.name),
                None => say!(en: "waits for nothing", pt: "não espera por nada"),
            };
            let done =
                say!(en: "{} units of work done", pt: "{} unidades de trabalho feitas", actor.progress);
            vec![actor.name.clone(), waits, done]
        }
        Node::Lock(lock) => {
            let lock = &graph.locks[lock];
            let owner = lock.owner.and_then(|owner| graph.actors.get(owner));
            let held = match owner {
                Some(owner) => say!(en: "held by {}", pt: "está com {}", owner.name),
                None => say!(en: "free", pt: "livre"),
            };
            vec![lock.name.clone(), held]
        }
    }
}
