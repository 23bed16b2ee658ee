//! A [`Chart`] in a cell.

use super::{Block, Shown, Table};
use crate::language::word;
use crate::plot::Chart;

impl Chart {
    /// Shows the chart in a cell, or says why it cannot be drawn.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }
}

impl Shown for Chart {
    fn block(&self) -> Block {
        let mut block = Block::default();
        block.show(self.draw());
        block
    }

    fn columns(&self) -> Table {
        let points =
            self.lines().iter().flat_map(|(name, points)| points.iter().map(move |point| (name, point)));
        Table::new(
            word!(en: ["line", "x", "y"], pt: ["linha", "x", "y"]),
            points.map(|(name, (x, y))| [name.clone(), x.to_string(), y.to_string()]),
        )
    }
}
