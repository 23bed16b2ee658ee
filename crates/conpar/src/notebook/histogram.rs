//! A [`Histogram`] in a cell.

use super::{Block, Shown, Table};
use crate::language::word;
use crate::plot::{self, Histogram};

impl Histogram {
    /// Shows the histogram in a cell, or says why it cannot be drawn.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    fn table(&self) -> Table {
        /// The shares of the values that lie below what is shown.
        const SHARES: [f64; 6] = [0.0, 0.25, 0.5, 0.95, 0.99, 1.0];
        let head = word!(
            en: ["values", "how many", "smallest", "25% below", "median", "95% below", "99% below", "largest"],
            pt: ["valores", "quantos", "menor", "25% abaixo", "mediana", "95% abaixo", "99% abaixo", "maior"]
        );
        let row = |(name, values): &(String, Vec<f64>)| {
            let quantile = |&share: &f64| match values.as_slice() {
                [] => String::new(),
                values => format!("{:.4}", plot::quantile(values, share)),
            };
            let quantiles = SHARES.iter().map(quantile);
            [name.clone(), values.len().to_string()].into_iter().chain(quantiles).collect()
        };
        Table { head: head.map(str::to_owned).to_vec(), rows: self.series().iter().map(row).collect() }
    }
}

impl Shown for Histogram {
    fn block(&self) -> Block {
        let mut block = Block { table: self.table(), ..Block::default() };
        block.show(self.draw());
        block
    }

    fn columns(&self) -> Table {
        let values =
            self.series().iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
        let head = word!(en: ["values", "value"], pt: ["valores", "valor"]);
        Table::new(head, values.map(|(name, value)| [name.clone(), value.to_string()]))
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn the_table_has_the_quantiles_of_each_set() {
        let block = histogram("h").values("a", (0..=100).map(f64::from)).values("none", []).block();
        assert_eq!(block.figures.len(), 1);
        assert_eq!(block.table.rows[0][1..5], ["101", "0.0000", "25.0000", "50.0000"]);
        assert_eq!(block.table.rows[1][1..3], ["0", ""]);
    }
}
