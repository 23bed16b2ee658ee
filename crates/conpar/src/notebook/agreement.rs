//! An [`Agreement`] in a cell.

use super::{Block, Shown, Table};
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
        if self.points().is_empty() {
            let caption = "Nothing could be measured here, so there is nothing to compare.".to_owned();
            return Block { caption, ..Block::default() };
        }
        let row = |&(expected, measured): &(f64, Estimate)| [expected.to_string(), format!("{measured:.3}")];
        let table = Table::new(["expected", "measured, 95% interval"], self.points().iter().map(row));
        let mut block = Block { caption: self.alternative(), table, ..Block::default() };
        block.show(self.draw());
        block
    }

    fn columns(&self) -> Table {
        let row = |&(expected, measured): &(f64, Estimate)| {
            [expected, measured.point, measured.low, measured.high, measured.level]
                .map(|value| value.to_string())
        };
        Table::new(["expected", "measured", "low", "high", "level"], self.points().iter().map(row))
    }
}
