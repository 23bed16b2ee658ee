//! A [`Comparison`] in a cell: what the second result has that the first has not.

use super::{Block, Shown, Table};
use crate::language::{say, word};
use crate::measure::{Estimate, Verdict};
use crate::model::Mode;
use crate::plot::{self, Comparison, Labelled, workers};
use crate::speedup::{Curve, NEGLIGIBLE, Point, Scaling};

/// Up to which half-width an interval around 1 says that there is no difference to speak of.
const NARROW: f64 = 0.05;

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
