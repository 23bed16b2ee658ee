//! A [`Ladder`] in a cell: the figure, and below it all values as a table of things by quantities.

use super::{Block, Shown, Table};
use crate::language::{say, word};
use crate::measure::Estimate;
use crate::plot::{Ladder, in_bytes, in_units};
use crate::sweep::{Quantity, Series, Swept};
use crate::units::{Arm, Resident};

impl Ladder {
    /// Shows the figure and the table in a cell, or says why it cannot be drawn.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Adds what a sweep measured of each arm, and what was recorded beside: at `value`, or where an arm has fewer, at its
    /// largest. Times stand on the axis in nanoseconds. In the table and the legend it is called `quantity`.
    pub fn swept(self, quantity: &str, swept: &Swept, value: u64) -> Ladder {
        let factor = if swept.quantity == Quantity::Throughput { 1.0 } else { 1e9 };
        let arms = swept.series.iter().filter(|series| !series.serial);
        let measured = arms.filter_map(|series: &Series| {
            let place = series.places.iter().rfind(|place| place.value <= value)?;
            Some((series.arm.clone(), place.value, place.estimate))
        });
        let recorded = swept.beside.iter().filter_map(|beside| {
            let &(at, estimate) = beside.places.iter().rfind(|(at, _)| *at <= value)?;
            Some((say!(en: "recorded: {}", pt: "registrado: {}", beside.arm), at, estimate))
        });
        measured.chain(recorded).fold(self, |ladder, (arm, at, estimate)| {
            let note = if at == value { String::new() } else { say!(en: ", at {at}", pt: ", com {at}") };
            let words = format!("{}{note}", in_units(swept.quantity, &estimate));
            ladder.add(&arm, quantity, Some(estimate.scaled(factor)), words)
        })
    }

    /// Adds the memory of one unit of each kind, where there were most of them: it stands in the table only, since its unit is
    /// another one.
    pub fn resident(self, quantity: &str, resident: &Resident) -> Ladder {
        let last = |arm: &Arm| Some((arm.clone(), arm.places.last()?.units, arm.places.last()?.bytes));
        resident.arms.iter().filter_map(last).fold(self, |ladder, (arm, units, bytes)| {
            let name = match arm.recorded {
                true => say!(en: "recorded: {}", pt: "registrado: {}", arm.name),
                false => arm.name,
            };
            ladder.add(
                &name,
                quantity,
                None,
                say!(en: "{}, at {units}", pt: "{}, com {units}", in_bytes(&bytes)),
            )
        })
    }
}

impl Shown for Ladder {
    fn block(&self) -> Block {
        let mut block = Block { table: self.table(), unfolded: true, ..Block::default() };
        block.show(self.draw());
        block
    }

    fn columns(&self) -> Table {
        let rows = self.marks.iter().map(|mark| {
            let number = |of: fn(&Estimate) -> f64| {
                mark.value.as_ref().map_or(String::new(), |value| of(value).to_string())
            };
            let ends = [number(|value| value.point), number(|value| value.low), number(|value| value.high)];
            let [point, low, high] = ends;
            [mark.of.clone(), mark.quantity.clone(), point, low, high, mark.words.clone()]
        });
        let head = word!(
            en: ["thing", "quantity", "value", "low", "high", "in words"],
            pt: ["coisa", "grandeza", "valor", "de", "até", "por extenso"]
        );
        Table::new(head, rows)
    }
}

impl Ladder {
    fn table(&self) -> Table {
        let quantities = self.quantities();
        let head = [""].into_iter().chain(quantities.iter().copied()).map(str::to_owned).collect();
        let cell = |thing: &str, quantity: &str| {
            let mark = self.marks.iter().find(|mark| mark.of == thing && mark.quantity == quantity);
            mark.map_or("–".to_owned(), |mark| mark.words.clone())
        };
        let row = |thing: &&str| {
            let cells = quantities.iter().map(|quantity| cell(thing, quantity));
            [(*thing).to_owned()].into_iter().chain(cells).collect()
        };
        Table { head, rows: self.things().iter().map(row).collect() }
    }
}
