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
        if self.points().is_empty() && self.doubts().is_empty() {
            let caption = "Nothing could be measured here, so there is nothing to compare.".to_owned();
            return Block { caption, ..Block::default() };
        }
        let row = |doubt: &'static str| {
            move |&(expected, measured): &(f64, Estimate)| {
                [expected.to_string(), format!("{measured:.3}{doubt}")]
            }
        };
        let rows = self.points().iter().map(row("")).chain(self.doubts().iter().map(row(", disturbed")));
        let table = Table::new(["expected", "measured, 95% interval"], rows);
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
        Table::new(["expected", "measured", "low", "high", "level", "disturbed"], rows)
    }
}
