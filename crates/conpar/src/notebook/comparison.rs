//! A [`Comparison`] in a cell: what the second result has that the first has not.

use std::path::Path;

use super::{Block, Loaded, Shown, Table};
use crate::Error;
use crate::language::{say, word};
use crate::machine::Machine;
use crate::measure::{Estimate, Verdict};
use crate::model::Mode;
use crate::plot::{self, Comparison, Labelled, workers};
use crate::speedup::{Curve, NEGLIGIBLE, Point, Scaling};

/// Up to which half-width an interval around 1 says that there is no difference to speak of.
const NARROW: f64 = 0.05;

/// Loads speedup experiments, each of which [`save_json`](Shown::save_json) wrote here or on another machine, and puts them side
/// by side under the names of their machines. Where that does not tell them apart, the file's name stands beside.
///
/// ```no_run
/// use conpar::prelude::*;
///
/// println!("{}", compare_files(["mine.json", "yours.json", "ours.json"])?.block().caption);
/// # Ok::<(), conpar::Error>(())
/// ```
///
/// # Errors
///
/// As [`Loaded::load`] and [`compare`](plot::compare).
pub fn compare_files<P: AsRef<Path>>(files: impl IntoIterator<Item = P>) -> Result<Comparison, Error> {
    let load = |file: P| {
        let scaling = Scaling::load(&file)?;
        let stem = file.as_ref().file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let machine = scaling.machine.as_ref().map(Machine::short_name);
        Ok((machine, stem, scaling))
    };
    let loaded: Vec<(Option<String>, String, Scaling)> =
        files.into_iter().map(load).collect::<Result<_, Error>>()?;
    let label = |(machine, stem, _): &(Option<String>, String, Scaling)| match machine {
        Some(name) if loaded.iter().filter(|(other, ..)| other.as_ref() == Some(name)).count() == 1 => {
            name.clone()
        }
        Some(name) => format!("{stem}: {name}"),
        None => stem.clone(),
    };
    let labels: Vec<String> = loaded.iter().map(label).collect();
    plot::compare(labels.iter().map(String::as_str).zip(loaded.iter().map(|(.., scaling)| scaling)))
}

impl Comparison {
    /// Shows the comparison in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// The arms that two results share; where each has one arm, these two.
    fn pairs<'r>(&self, first: &'r Scaling, other: &'r Scaling) -> Vec<(&'r Curve, &'r Curve)> {
        if let ([one], [two]) = (first.curves.as_slice(), other.curves.as_slice()) {
            return vec![(one, two)];
        }
        let same = |one: &'r Curve| Some((one, other.curves.iter().find(|two| two.arm == one.arm)?));
        first.curves.iter().filter_map(same).collect()
    }

    /// One sentence for each arm that the first result shares with another.
    fn caption(&self) -> String {
        let Some((first, others)) = self.results.split_first() else { return String::new() };
        let mut sentences = Vec::new();
        for other in others {
            for (one, two) in self.pairs(&first.scaling, &other.scaling) {
                sentences.push(sentence(first, one, other, two));
            }
        }
        match sentences.is_empty() {
            true => say!(
                en: "The results share no arm, so nothing is compared: look at the curves.",
                pt: "Os resultados não têm variante em comum; nada é comparado: olhe as curvas."
            ),
            false => sentences.join(" "),
        }
    }

    fn notes(&self) -> Vec<String> {
        let milliseconds = |seconds: &Estimate| seconds.scaled(1e3);
        let serial = self.results.iter().map(|Labelled { label, scaling }| {
            let cores = plot::cores(scaling.cores.effective);
            say!(
                en: "{label} {:.2} ms, with {cores}",
                pt: "{label} {:.2} ms, com {cores}",
                milliseconds(&scaling.serial_seconds)
            )
        });
        let serial = serial.collect::<Vec<_>>().join("; ");
        let mut notes = vec![say!(
            en: "Each speedup is over its own serial time: {serial}.",
            pt: "Cada speedup se refere a seu próprio tempo serial: {serial}."
        )];
        if self.results.iter().any(|result| result.scaling.mode == Mode::Weak) {
            notes.push(say!(
                en: "Where the work grew with the workers, the speedup is the scaled one.",
                pt: "Onde o trabalho cresceu com os trabalhadores, o speedup é o escalado."
            ));
        }
        notes.push(say!(
            en: "The results come from different rounds: \
                 the interval of a quotient holds all quotients of the two intervals.",
            pt: "Os resultados vêm de rodadas diferentes: \
                 o intervalo de um quociente contém todos os quocientes dos dois intervalos."
        ));
        notes
    }
}

impl Shown for Comparison {
    fn block(&self) -> Block {
        let caption = self.caption();
        let figure = plot::comparison_curve(self, &caption);
        let mut block = Block { caption, notes: self.notes(), table: self.table(), ..Block::default() };
        block.show(figure);
        block
    }

    fn columns(&self) -> Table {
        self.labelled(|scaling| scaling.columns())
    }
}

impl Comparison {
    fn table(&self) -> Table {
        self.labelled(|scaling| scaling.block().table)
    }

    /// The tables of all results under one head, with a column for the label.
    fn labelled(&self, table: impl Fn(&Scaling) -> Table) -> Table {
        let mut all = Table::default();
        for Labelled { label, scaling } in &self.results {
            let Table { head, rows } = table(scaling);
            all.head = [vec![say!(en: "result", pt: "resultado")], head].concat();
            all.rows.extend(rows.into_iter().map(|row| [vec![label.clone()], row].concat()));
        }
        all
    }
}

/// What the intervals say of one arm in two results, on the most workers that both had cores for.
fn sentence(first: &Labelled, one: &Curve, other: &Labelled, two: &Curve) -> String {
    let within = |point: &&Point| !point.oversubscribed;
    let pair = one.points.iter().filter(within).rev().find_map(|point| {
        Some((point, two.points.iter().filter(within).find(|other| other.workers == point.workers)?))
    });
    let against = |one: &str, other: &str| say!(en: "{one} against {other}", pt: "{one} contra {other}");
    let labels = against(&other.label, &first.label);
    let Some((before, after)) = pair else {
        return say!(
            en: "{labels}, {}: no worker count that both had cores for.",
            pt: "{labels}, {}: nenhum número de trabalhadores para o qual ambos tinham núcleos.",
            one.arm
        );
    };
    let quotient = after.speedup.over(&before.speedup);
    let no_difference = word!(en: "no difference shown", pt: "nenhuma diferença mostrada");
    let verdict = match (quotient.above(1.0), quotient.relative_half_width() <= NARROW) {
        _ if !(before.is_credible() && after.is_credible()) => plot::too_busy(),
        _ if (quotient.low - 1.0).abs().max((quotient.high - 1.0).abs()) <= NEGLIGIBLE => no_difference,
        (Verdict::Supported, _) => word!(en: "larger", pt: "maior"),
        (Verdict::Violated, _) => word!(en: "smaller", pt: "menor"),
        (Verdict::CannotTell, true) => no_difference,
        (Verdict::CannotTell, false) => {
            word!(en: "cannot tell, the interval is wide", pt: "inconclusivo, o intervalo é largo")
        }
    };
    let arms = if one.arm == two.arm { one.arm.clone() } else { against(&two.arm, &one.arm) };
    say!(
        en: "{labels}, {arms} on {}: {verdict}, {quotient} times the speedup.",
        pt: "{labels}, {arms} com {}: {verdict}, {quotient} vezes o speedup.",
        workers(before.workers)
    )
}
