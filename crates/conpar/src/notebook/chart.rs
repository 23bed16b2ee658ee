//! A [`Chart`] in a cell.

use super::Block;
use crate::plot::Chart;

impl Chart {
    /// Shows the chart in a cell, or says why it cannot be drawn.
    pub fn evcxr_display(&self) {
        let block = match self.draw() {
            Ok(figure) => Block { figures: vec![figure], ..Block::default() },
            Err(error) => Block { caption: error.to_string(), ..Block::default() },
        };
        block.emit();
    }
}
