//! An [`Agreement`] in a cell.

use super::{Block, Table};
use crate::plot::Agreement;

impl Agreement {
    /// Shows the figure in a cell, or says why it cannot be drawn.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// The figure, what it says in words, and the numbers.
    pub fn block(&self) -> Block {
        let row = |&(expected, measured): &(f64, _)| vec![format!("{expected}"), format!("{measured:.3}")];
        let table = Table {
            head: ["expected", "measured, 95% interval"].map(str::to_owned).to_vec(),
            rows: self.points().iter().map(row).collect(),
        };
        let mut block = Block { caption: self.alternative(), table, ..Block::default() };
        block.show(self.draw());
        block
    }
}
