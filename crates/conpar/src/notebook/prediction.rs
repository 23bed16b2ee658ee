//! Predictions in a cell, beside what was measured; and the journal of all of them.

use serde::{Deserialize, Serialize};

use super::claim::Claims;
use super::{Block, Claim, Shown, Table};
use crate::language::{say, word};
use crate::plot::{self, MOST_KEPT, MOST_ROWS, workers};
use crate::prediction::{self, Deleted, Entry, Journal, Measured, Number, Outcome, Prediction};
use crate::speedup::Scaling;

/// Holds a number that the reader wrote down against what was measured; the last expression of a cell shows both, and keeps
/// them in the reader's journal ([`my_predictions`](crate::prediction::my_predictions)).
///
/// `question` says what was to be predicted, with its unit in parentheses where it has one. `measured` is an estimate, a
/// count, a speedup's point, or an error that says why it could not be measured.
///
/// ```
/// use conpar::measure::Estimate;
/// use conpar::prelude::*;
///
/// let speedup = Estimate { point: 1.87, low: 1.85, high: 1.90, level: 0.95 };
/// let held = prediction("par_iter, 2 workers", 2.0, speedup).and("orders", 24, 20_usize);
/// assert!(held.block().caption.starts_with("par_iter, 2 workers: predicted 2, measured 1.87 [1.85, 1.90]: too high by 7%."));
/// ```
pub fn prediction(question: &str, predicted: impl Number, measured: impl Into<Measured>) -> Predictions {
    Predictions { predictions: Vec::new(), beside: Block::default() }.and(question, predicted, measured)
}

/// Predictions held against what was measured, and what else the cell shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use = "they are shown and kept as the last expression of a cell"]
pub struct Predictions {
    /// The predictions.
    pub predictions: Vec<Prediction>,
    /// What stands above them in the cell.
    #[serde(skip)]
    beside: Block,
}

impl Predictions {
    /// Another prediction of the same cell.
    pub fn and(
        mut self,
        question: &str,
        predicted: impl Number,
        measured: impl Into<Measured>,
    ) -> Predictions {
        let (question, predicted) = (question.to_owned(), predicted.number());
        self.predictions.push(Prediction { question, predicted, measured: measured.into() });
        self
    }

    /// The same below a result: a cell shows one block.
    pub fn below(self, result: &impl Shown) -> Predictions {
        let claims = self.beside.claims;
        Predictions { beside: Block { claims, ..result.block() }, ..self }
    }

    /// The same with claims of the text, for a cell that is tagged `claim`.
    pub fn claims(mut self, claims: impl IntoIterator<Item = Claim>) -> Predictions {
        self.beside.claims.extend(claims);
        self
    }

    /// Shows the predictions in a cell, and keeps them.
    pub fn evcxr_display(&self) {
        let mut block = self.block();
        match prediction::keep(&self.predictions) {
            Ok(true) => block.notes.push(say!(
                en: "Kept in your journal: `my_predictions()?` shows it.",
                pt: "Guardado no seu diário: `my_predictions()?` o mostra."
            )),
            Ok(false) => {}
            Err(error) => block.notes.push(say!(en: "Not kept: {error}", pt: "Não foi guardado: {error}")),
        }
        block.emit();
    }
}

impl Shown for Predictions {
    fn block(&self) -> Block {
        let caption = self.predictions.iter().map(Prediction::sentence).collect::<Vec<_>>().join(" ");
        let mut block = self.beside.clone();
        let figure = plot::prediction_rows(&self.predictions, &caption);
        let result = std::mem::replace(&mut block.caption, caption);
        let mut notes = Claims(block.claims.clone()).sentences();
        notes.extend(Some(result).filter(|caption| !caption.is_empty()));
        block.notes.splice(0..0, notes);
        block.show(figure);
        if self.predictions.len() > MOST_ROWS {
            block.notes.push(say!(
                en: "The figure shows the first {MOST_ROWS} predictions.",
                pt: "A figura mostra as primeiras {MOST_ROWS} previsões."
            ));
        }
        block
    }

    fn columns(&self) -> Table {
        Table::new(head(), self.predictions.iter().map(numbers))
    }
}

impl Scaling {
    /// Holds the speedup that was predicted for `arm` on so many workers against the one that was measured, and draws it
    /// among the curves.
    pub fn prediction(&self, arm: &str, count: usize, predicted: impl Number) -> Predictions {
        let predicted = predicted.number();
        let question = format!("{arm}, {}", workers(count));
        let held = prediction(&question, predicted, self.at(arm, count)).below(self);
        let curve = plot::predicted_speedup(self, (count, predicted), &held.beside.caption);
        Predictions { beside: Block { figures: curve.into_iter().collect(), ..held.beside }, ..held }
    }
}

impl Deleted {
    /// Says what is gone, as the result of a cell.
    pub fn evcxr_display(&self) {
        println!("{self}");
    }
}

fn head() -> [&'static str; 7] {
    word!(
        en: ["question", "predicted", "measured", "measured low", "measured high", "kind", "outcome"],
        pt: ["pergunta", "previsto", "medido", "medido, de", "medido, até", "tipo", "resultado"]
    )
}

fn numbers(prediction: &Prediction) -> [String; 7] {
    let Prediction { question, predicted, measured } = prediction;
    let text = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    let kind = match measured {
        Measured::Interval { credible: true, .. } => word!(en: "interval", pt: "intervalo"),
        Measured::Interval { .. } => word!(en: "disturbed", pt: "perturbado"),
        Measured::Counted(_) => word!(en: "counted", pt: "contado"),
        Measured::Once(_) => word!(en: "seen once", pt: "visto uma vez"),
        Measured::Missing(_) => word!(en: "not measured", pt: "não medido"),
    };
    let outcome = prediction.outcome().name().to_owned();
    let [point, low, high] =
        [measured.point(), measured.numbers().next(), measured.numbers().last()].map(text);
    [question.clone(), predicted.to_string(), point, low, high, kind.to_owned(), outcome]
}

impl Journal {
    /// Shows the journal in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    fn caption(&self) -> String {
        let Some(path) = &self.path else { return prediction::nothing_kept() };
        let path = path.display();
        if self.entries.is_empty() {
            return say!(
                en: "No prediction is kept yet: a cell that shows one adds it to {path}.",
                pt: "Ainda não há previsão guardada: uma célula que mostra uma a acrescenta a {path}."
            );
        }
        let count = |outcome: Outcome| self.entries.iter().filter(|entry| entry.outcome == outcome).count();
        let counts = Outcome::ALL.map(|outcome| format!("{} {}", count(outcome), outcome.name()));
        let all = self.entries.len();
        say!(
            en: "Predictions so far: {all}; {}. They are kept in {path}.",
            pt: "Previsões até aqui: {all}; {}. Elas ficam guardadas em {path}.",
            counts.join(", ")
        )
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.damaged > 0 {
            notes.push(say!(
                en: "Lines that cannot be read, and are left as they are: {}.",
                pt: "Linhas que não podem ser lidas, e ficam como estão: {}.",
                self.damaged
            ));
        }
        if self.newer > 0 {
            notes.push(say!(
                en: "Lines that a newer conpar wrote: {}. Update conpar to read them.",
                pt: "Linhas gravadas por um conpar mais novo: {}. Atualize o conpar para lê-las.",
                self.newer
            ));
        }
        if self.entries.len() > MOST_KEPT {
            notes.push(say!(
                en: "Figure and table show the last {MOST_KEPT}; `.save_csv(…)` saves all.",
                pt: "Figura e tabela mostram as últimas {MOST_KEPT}; `.save_csv(…)` salva todas."
            ));
        }
        notes
    }
}

impl Shown for Journal {
    fn block(&self) -> Block {
        let mut block = Block { caption: self.caption(), notes: self.notes(), ..Block::default() };
        if self.entries.is_empty() {
            return block;
        }
        block.show(plot::journal_curve(self, &block.caption));
        let head = word!(
            en: ["time (UTC)", "notebook", "question", "predicted", "measured", "outcome", "machine"],
            pt: ["hora (UTC)", "notebook", "pergunta", "previsto", "medido", "resultado", "máquina"]
        );
        let row = |entry: &Entry| {
            let Entry { prediction, time, machine, .. } = entry;
            let predicted = prediction::rounded(prediction.predicted);
            let (measured, verdict) = (prediction.measured.to_string(), prediction.verdict());
            let notebook = entry.notebook.clone().unwrap_or_default();
            [
                time.clone(),
                notebook,
                prediction.question.clone(),
                predicted,
                measured,
                verdict,
                machine.clone(),
            ]
        };
        let first = self.entries.len().saturating_sub(MOST_KEPT);
        block.table = Table::new(head, self.entries[first..].iter().map(row));
        block.unfolded = true;
        block
    }

    fn columns(&self) -> Table {
        let before = word!(en: ["time (UTC)", "notebook"], pt: ["hora (UTC)", "notebook"]);
        let machine = word!(en: "machine", pt: "máquina");
        let row = |entry: &Entry| {
            let notebook = entry.notebook.clone().unwrap_or_default();
            let machine = vec![entry.machine.clone()];
            [vec![entry.time.clone(), notebook], numbers(&entry.prediction).to_vec(), machine].concat()
        };
        let head = [before.as_slice(), &head(), &[machine]].concat().into_iter().map(str::to_owned).collect();
        Table { head, rows: self.entries.iter().map(row).collect() }
    }
}
