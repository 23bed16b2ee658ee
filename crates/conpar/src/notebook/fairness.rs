//! A [`Served`] in a cell: the least served worker of each arm, and what the fairness cost.

use super::{Block, Claim, Shown, Table, claim};
use crate::Error;
use crate::fairness::{Arm, Served};
use crate::language::{say, word};
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
        let text = say!(
            en: "{}: the least served of {} has its share",
            pt: "{}: o menos atendido de {} recebe sua parte",
            arm.name,
            workers(self.workers)
        );
        match arm.is_credible() {
            true => Ok(claim(&text, &arm.least).above(bound)),
            false => Ok(Claim::too_busy(&text)),
        }
    }
}

impl Shown for Served {
    fn block(&self) -> Block {
        let figure = self.arms.iter().fold(
            bars(&format!("{}, {}", self.name, workers(self.workers)))
                .x(word!(
                    en: "turns of the least served worker (1 = its fair share)",
                    pt: "vezes do trabalhador menos atendido (1 = sua parte justa)"
                ))
                .guide(word!(en: "fair", pt: "justo"), 1.0),
            |figure, arm| figure.bar(&arm.name, arm.least),
        );
        let said = |arm: &Arm| {
            let doubt = match arm.is_credible() {
                true => "",
                false => word!(en: " (disturbed, decides nothing)", pt: " (perturbado, não decide nada)"),
            };
            say!(
                en: "{}: {} of its share{doubt}, {}.",
                pt: "{}: {} de sua parte{doubt}, {}.",
                arm.name,
                arm.least,
                in_units(Quantity::Throughput, &arm.turns)
            )
        };
        let mut notes = vec![say!(
            en: "{} rounds in random order; medians with 95% intervals.",
            pt: "{} rodadas em ordem aleatória; medianas com intervalos de 95%.",
            self.rounds
        )];
        if self.workers > self.cores {
            notes.push(say!(
                en: "There are more workers than cores: the scheduler's time slices take part.",
                pt: "Há mais trabalhadores que núcleos: as fatias de tempo do escalonador também contam."
            ));
        }
        let caption = self.arms.iter().map(said).collect::<Vec<_>>().join(" ");
        let row = |arm: &Arm| {
            let clean = say!(en: "{} of {}", pt: "{} de {}", arm.clean, self.rounds);
            [arm.name.clone(), arm.least.to_string(), in_units(Quantity::Throughput, &arm.turns), clean]
        };
        let head = word!(
            en: ["arm", "least served, of its share", "turns of all", "clean samples"],
            pt: ["variante", "menos atendido, de sua parte", "vezes de todos", "amostras limpas"]
        );
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
        let head = word!(
            en: [
                "arm",
                "least",
                "least low",
                "least high",
                "turns (1/s)",
                "turns low",
                "turns high",
                "clean samples",
            ],
            pt: [
                "variante",
                "menor",
                "menor, de",
                "menor, até",
                "vezes (1/s)",
                "vezes, de",
                "vezes, até",
                "amostras limpas",
            ]
        );
        Table::new(head, self.arms.iter().map(row))
    }
}
