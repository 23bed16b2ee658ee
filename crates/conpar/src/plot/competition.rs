//! The ceiling beside competing processes: each measurement a mark, beside what a mean of all samples gives.

use plotters::prelude::*;

use super::mark::Look;
use super::theme::{self, MUTED};
use super::{Svg, text};
use crate::Error;
use crate::calibration::{Competition, WITHIN};
use crate::language::{say, word};

const SIZE: (u32, u32) = (740, 380);

/// How far the marks of one number of processes are spread to either side of their place.
const SPREAD: f64 = 0.13;

/// The series of what decides nothing.
const MINIMA: usize = 5;

/// The three kinds of marks: where they stand beside the number of processes, and how they look.
const KINDS: [(f64, usize); 3] = [(-0.22, 1), (0.04, 0), (0.28, MINIMA)];

/// Draws the speedup of the ceiling on two workers against the number of competing processes.
///
/// # Errors
///
/// [`Error::NothingToDraw`] where nothing was measured, [`Error::Drawing`] when plotters fails.
pub fn ceiling_under_load(competition: &Competition) -> Result<Svg, Error> {
    let title = word!(
        en: "The ceiling on two workers, beside processes that compute without end",
        pt: "O teto com dois trabalhadores, ao lado de processos que calculam sem parar"
    );
    // For each kind of mark the places.
    let mut marks: [Vec<(f64, f64)>; 3] = Default::default();
    for (index, load) in competition.loads.iter().enumerate() {
        let last = load.repeats.len().saturating_sub(1).max(1) as f64;
        for (at, repeat) in load.repeats.iter().enumerate() {
            let across = index as f64 + SPREAD * (at as f64 / last - 0.5);
            let ours = if repeat.is_credible() { 1 } else { 2 };
            for (kind, value) in [(0, repeat.naive), (ours, repeat.speedup.point)] {
                marks[kind].extend(value.is_finite().then_some((across + KINDS[kind].0, value)));
            }
        }
    }
    let highest = marks.iter().flatten().map(|mark| mark.1).fold(0.0, f64::max);
    if highest <= 0.0 {
        return Err(Error::NothingToDraw { title: title.to_owned() });
    }
    let loops: Vec<String> = competition.loads.iter().map(|load| load.loops.to_string()).collect();
    let alternative = say!(
        en: "{title}: speedup against {} processes, from the mean of all samples, and as estimated by the rules.",
        pt: "{title}: speedup contra {} processos, pela média de todas as amostras, e estimado pelas regras.",
        loops.join(", ")
    );
    Svg::draw(SIZE, &alternative, |area| {
        let right = loops.len() as f64 - 0.5;
        let mut chart = theme::framed(area, title)
            // The words of the marks stand above them.
            .build_cartesian_2d(-0.5..right, 0.0..highest * 1.7)?;
        let label = |x: &f64| match (x.round() - x).abs() < 1e-9 {
            true => loops.get(*x as usize).cloned().unwrap_or_default(),
            false => String::new(),
        };
        let mut mesh = chart.configure_mesh();
        mesh.disable_x_mesh().x_labels(2 * loops.len() + 2).x_label_formatter(&label);
        mesh.x_desc(word!(en: "competing processes", pt: "processos concorrentes"))
            .y_desc(word!(en: "speedup of two workers", pt: "speedup de dois trabalhadores"));
        theme::style(&mut mesh);
        mesh.draw()?;
        if let Some(quiet) = competition.quiet {
            let (low, high) = (quiet.low * (1.0 - WITHIN), quiet.high * (1.0 + WITHIN));
            let band = Rectangle::new([(-0.5, low), (right, high)], MUTED.mix(0.18).filled());
            chart
                .draw_series([band])?
                .label(word!(en: "5% around the quiet value", pt: "5% em torno do valor sem eles"))
                .legend(|(x, y)| Rectangle::new([(x, y - 5), (x + 14, y + 5)], MUTED.mix(0.3).filled()));
        }
        let names = word!(
            en: ["mean of all samples", "clean samples: a verdict may rest on it", "minima: \"cannot tell\""],
            pt: ["média de todas as amostras", "amostras limpas: base para um veredito", "mínimos: \"inconclusiva\""]
        );
        for ((marks, (_, series)), name) in marks.iter().zip(KINDS).zip(names) {
            let colour = Look::of(series).colour;
            // What decides is filled, what only shows is a ring: colour is not the only difference.
            let style = if series == MINIMA { colour.stroke_width(1) } else { colour.filled() };
            let size = if series == MINIMA { 3 } else { 2 };
            chart
                .draw_series(marks.iter().map(|&at| Circle::new(at, size, style)))?
                .label(name)
                .legend(move |(x, y)| Circle::new((x + 7, y), 4, style));
        }
        let mut legend = chart.configure_series_labels();
        legend.position(SeriesLabelPosition::UpperRight).label_font(text(12)).margin(6).draw()?;
        Ok(())
    })
}
