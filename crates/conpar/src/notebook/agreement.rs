//! An [`Agreement`] in a cell.

use super::{Block, Shown, Table};
use crate::language::{say, word};
use crate::measure::Estimate;
use crate::plot::Agreement;

impl Agreement {
    /// Shows the figure in a cell, or says why it cannot be drawn.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }
}

impl Shown for Agreement {
    fn block(&self) -> Block {
        if self.points().is_empty() && self.doubts().is_empty() {
            let caption = say!(
                en: "Nothing could be measured here, so there is nothing to compare.",
                pt: "Nada pôde ser medido aqui; por isso, não há o que comparar."
            );
            return Block { caption, ..Block::default() };
        }
        let row = |doubt: &'static str| {
            move |&(expected, measured): &(f64, Estimate)| {
                [expected.to_string(), format!("{measured:.3}{doubt}")]
            }
        };
        let rows = self
            .points()
            .iter()
            .map(row(""))
            .chain(self.doubts().iter().map(row(word!(en: ", disturbed", pt: ", perturbado"))));
        let table = Table::new(
            word!(en: ["expected", "measured, 95% interval"], pt: ["esperado", "medido, intervalo de 95%"]),
            rows,
        );
        let mut block = Block { caption: self.alternative(), table, ..Block::default() };
        block.show(self.draw());
        block
    }

    fn columns(&self) -> Table {
        let row = |disturbed: bool| {
            move |&(expected, measured): &(f64, Estimate)| {
                let Estimate { point, low, high, level } = measured;
                let [expected, point, low, high, level] =
                    [expected, point, low, high, level].map(|value| value.to_string());
                [expected, point, low, high, level, disturbed.to_string()]
            }
        };
        let rows = self.points().iter().map(row(false)).chain(self.doubts().iter().map(row(true)));
        Table::new(
            word!(
                en: ["expected", "measured", "low", "high", "level", "disturbed"],
                pt: ["esperado", "medido", "de", "até", "nível", "perturbado"]
            ),
            rows,
        )
    }
}
