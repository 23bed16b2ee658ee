//! A [`Chart`] in a cell.

use super::Block;
use crate::plot::Chart;

impl Chart {
    /// Shows the chart in a cell, or says why it cannot be drawn.
    pub fn evcxr_display(&self) {
        let mut block = Block::default();
        block.show(self.draw());
        block.emit();
    }
}
