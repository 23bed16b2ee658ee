//! Results drawn over one another: before and after, one machine and another, strong and weak scaling.

use serde::{Deserialize, Serialize};

use super::Svg;
use super::curves::{Curves, Guide, Series};
use super::mark::{Dash, Look};
use super::scaling::{guide, measured};
use super::theme::INK;
use crate::Error;
use crate::language::{say, word};
use crate::speedup::Scaling;

/// Results side by side, each with its label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The results, two or more.
    pub results: Vec<Labelled>,
}

/// A result with its label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Labelled {
    /// What tells it from the others: "before", "16 cores".
    pub label: String,
    /// The result.
    pub scaling: Scaling,
}

/// Puts results side by side, to be drawn over one another: just measured, or loaded from files.
///
/// ```no_run
/// use conpar::prelude::*;
///
/// let before = Scaling::load("before.json")?;
/// let after = Scaling::load("after.json")?;
/// println!("{}", compare([("before", &before), ("after", &after)])?.block().caption);
/// # Ok::<(), conpar::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::NothingToCompare`] with fewer than two results, an empty label, or two that are the same.
pub fn compare<'r>(results: impl IntoIterator<Item = (&'r str, &'r Scaling)>) -> Result<Comparison, Error> {
    let labelled =
        |(label, scaling): (&str, &Scaling)| Labelled { label: label.to_owned(), scaling: scaling.clone() };
    let comparison = Comparison { results: results.into_iter().map(labelled).collect() };
    comparison.check().map_err(|reason| Error::NothingToCompare { reason })?;
    Ok(comparison)
}

impl Comparison {
    /// Finds what keeps the results from being told apart.
    pub(crate) fn check(&self) -> Result<(), String> {
        let labels: Vec<&str> = self.results.iter().map(|result| result.label.trim()).collect();
        let twice = labels.iter().enumerate().find(|(index, label)| labels[..*index].contains(label));
        match (labels.len(), labels.contains(&""), twice) {
            (0 | 1, ..) => Err(say!(
                en: "{} of the two results that a comparison takes",
                pt: "{} dos dois resultados que uma comparação exige",
                labels.len()
            )),
            (_, true, _) => Err(say!(en: "a label is empty", pt: "um rótulo está vazio")),
            (.., Some((_, label))) => Err(say!(
                en: "two results have the label `{label}`",
                pt: "dois resultados têm o rótulo `{label}`"
            )),
            _ => Ok(()),
        }
    }
}

/// Draws the speedups of all results, each arm in one colour, each result with its own marks and lines; `alternative` is
/// what the figure says in words.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn comparison_curve(comparison: &Comparison, alternative: &str) -> Result<Svg, Error> {
    let results = &comparison.results;
    let single = results.iter().all(|result| result.scaling.curves.len() == 1);
    let mut arms: Vec<&str> = Vec::new();
    let up = word!(en: "speedup over serial (times)", pt: "speedup sobre o serial (vezes)");
    let mut curves = Curves { up: up.to_owned(), ..Curves::over_workers() };
    for (number, Labelled { label, scaling }) in results.iter().enumerate() {
        for curve in &scaling.curves {
            if !arms.contains(&curve.arm.as_str()) {
                arms.push(&curve.arm);
            }
            let arm = arms.iter().position(|&arm| arm == curve.arm).unwrap_or(0);
            let name = if single { label.clone() } else { format!("{label}: {}", curve.arm) };
            let look = Look::compared(if single { number } else { arm }, number);
            let said = format!("{label}: {}", curve.arm);
            let points = curve.points.iter();
            let points = points.map(|point| measured(scaling, &said, point, point.speedup)).collect();
            curves.series.push(Series { name, look, points });
        }
        let ceiling = scaling.ceiling.iter().map(|point| (point.workers as f64, point.speedup.point));
        let dash = if number == 0 { Dash::Solid } else { Dash::Dots };
        // Many machines are told apart by colour; one row of the legend then stands for all their ceilings.
        let (name, colour, dash) = match (single && results.len() > 2, number) {
            (false, _) => (say!(en: "ceiling, {label}", pt: "teto, {label}"), INK, dash),
            (true, 0) => (say!(en: "ceilings", pt: "tetos"), Look::of(0).colour, Dash::Dots),
            (true, _) => (String::new(), Look::of(number).colour, Dash::Dots),
        };
        curves.guides.push(Guide { name, colour, dash, points: ceiling.collect() });
    }
    let first = results.first().map(|result| &result.scaling);
    curves.title = first.map(|scaling| scaling.name.clone()).unwrap_or_default();
    curves.cores = results.iter().map(|result| result.scaling.cores.effective).fold(1.0, f64::max);
    let counts = results.iter().flat_map(|result| result.scaling.points().map(|(_, point)| point.workers));
    let most = counts.max().unwrap_or(1) as f64;
    let bend = most.min(curves.cores);
    curves.guides.push(guide("ideal", [(1.0, 1.0), (bend, bend), (most, bend)]));
    curves.draw(alternative)
}
