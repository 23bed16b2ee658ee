//! A [`Served`] in a cell: the least served worker of each arm, and what the fairness cost.

use super::{Block, Claim, Shown, Table, claim};
use crate::Error;
use crate::fairness::{Arm, Served};
use crate::plot::{bars, in_units, workers};
use crate::sweep::Quantity;

impl Served {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that with `arm` the least served worker has more than the share `bound` of its fair turns.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where the arm was not measured.
    pub fn claim_fair(&self, arm: &str, bound: f64) -> Result<Claim, Error> {
        let arm = self.at(arm)?;
        let text = format!("{}: the least served of {} has its share", arm.name, workers(self.workers));
        match arm.is_credible() {
            true => Ok(claim(&text, &arm.least).above(bound)),
            false => Ok(Claim::cannot_tell(&text, "the machine was too busy: too few undisturbed samples")),
        }
    }
}

impl Shown for Served {
    fn block(&self) -> Block {
        let figure = self.arms.iter().fold(
            bars(&format!("{}, {}", self.name, workers(self.workers)))
                .x("turns of the least served worker (1 = its fair share)")
                .guide("fair", 1.0),
            |figure, arm| figure.bar(&arm.name, arm.least),
        );
        let said = |arm: &Arm| {
            let doubt = if arm.is_credible() { "" } else { " (disturbed, decides nothing)" };
            format!(
                "{}: {} of its share{doubt}, {}.",
                arm.name,
                arm.least,
                in_units(Quantity::Throughput, &arm.turns)
            )
        };
        let mut notes = vec![format!("{} rounds in random order; medians with 95% intervals.", self.rounds)];
        if self.workers > self.cores {
            notes
                .push("There are more workers than cores: the scheduler's time slices take part.".to_owned());
        }
        let caption = self.arms.iter().map(said).collect::<Vec<_>>().join(" ");
        let row = |arm: &Arm| {
            let clean = format!("{} of {}", arm.clean, self.rounds);
            [arm.name.clone(), arm.least.to_string(), in_units(Quantity::Throughput, &arm.turns), clean]
        };
        let head = ["arm", "least served, of its share", "turns of all", "clean samples"];
        let table = Table::new(head, self.arms.iter().map(row));
        let mut block = Block { caption, notes, table, ..Block::default() };
        block.show(figure.draw());
        block
    }

    fn columns(&self) -> Table {
        let row = |arm: &Arm| {
            let [least, turns] = [arm.least, arm.turns];
            let numbers = [least.point, least.low, least.high, turns.point, turns.low, turns.high];
            let [a, b, c, d, e, f] = numbers.map(|number| number.to_string());
            [arm.name.clone(), a, b, c, d, e, f, arm.clean.to_string()]
        };
        let head = [
            "arm",
            "least",
            "least low",
            "least high",
            "turns (1/s)",
            "turns low",
            "turns high",
            "clean samples",
        ];
        Table::new(head, self.arms.iter().map(row))
    }
}
