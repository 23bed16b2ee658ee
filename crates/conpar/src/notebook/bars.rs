//! [`Bars`] in a cell.

use super::{Block, Shown, Table};
use crate::language::word;
use crate::measure::Estimate;
use crate::plot::Bars;

impl Bars {
    /// Shows the figure in a cell, or says why it cannot be drawn.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }
}

impl Shown for Bars {
    fn block(&self) -> Block {
        let row = |(name, value): &(String, Estimate)| [name.clone(), format!("{value:.4}")];
        let head = word!(en: ["name", "value, 95% interval"], pt: ["nome", "valor, intervalo de 95%"]);
        let table = Table::new(head, self.values().iter().map(row));
        let mut block = Block { table, ..Block::default() };
        block.show(self.draw());
        block
    }

    fn columns(&self) -> Table {
        let row = |(name, value): &(String, Estimate)| {
            [name.clone(), value.point.to_string(), value.low.to_string(), value.high.to_string()]
        };
        let head = word!(en: ["name", "value", "low", "high"], pt: ["nome", "valor", "de", "até"]);
        Table::new(head, self.values().iter().map(row))
    }
}
