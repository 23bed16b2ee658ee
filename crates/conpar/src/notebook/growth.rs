//! A [`Grown`] in a cell: the queues over time, and the memory that they took.

use super::{Block, Claim, Shown, Table, claim};
use crate::Error;
use crate::language::{say, word};
use crate::measure::Estimate;
use crate::messages::{Growing, Grown};
use crate::plot::{Noun, bars, chart, counted};

fn megabytes(bytes: &Estimate) -> Estimate {
    bytes.scaled(1e-6)
}

impl Grown {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that one program takes more than `bound` times as much memory as another.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where one of them was not run.
    pub fn claim_more(&self, arm: &str, other: &str, bound: f64) -> Result<Claim, Error> {
        let text = say!(en: "{arm} takes more memory than {other}", pt: "{arm} usa mais memória que {other}");
        Ok(claim(&text, &self.ratio(arm, other)?).above(bound))
    }
}

impl Shown for Grown {
    fn block(&self) -> Block {
        let said = |arm: &Growing| {
            say!(
                en: "{}: up to {:.0} messages in the queue, {:.1} MB, {:.2} s.",
                pt: "{}: até {:.0} mensagens na fila, {:.1} MB, {:.2} s.",
                arm.name,
                arm.longest(),
                megabytes(&arm.memory),
                arm.seconds
            )
        };
        let queues = self.arms.iter().fold(
            chart(&self.name)
                .x(word!(en: "time (s)", pt: "tempo (s)"))
                .y(word!(en: "messages in the queue", pt: "mensagens na fila")),
            |figure, arm| figure.line(&arm.name, arm.queue.iter().copied()),
        );
        let most = say!(
            en: "{}: most memory of the process",
            pt: "{}: máximo de memória do processo",
            self.name
        );
        let memory = self
            .arms
            .iter()
            .fold(bars(&most).x(word!(en: "memory (MB)", pt: "memória (MB)")), |figure, arm| {
                figure.bar(&arm.name, megabytes(&arm.memory))
            });
        let row = |arm: &Growing| {
            [
                arm.name.clone(),
                format!("{:.0}", arm.longest()),
                format!("{:.1}", megabytes(&arm.memory)),
                format!("{:.2}", arm.seconds),
                arm.memories.len().to_string(),
            ]
        };
        let head = word!(
            en: ["program", "longest queue", "most memory (MB), 95% interval", "time (s)", "runs"],
            pt: ["programa", "maior fila", "máximo de memória (MB), intervalo de 95%", "tempo (s)", "execuções"]
        );
        let runs = self.arms.first().map_or(0, |arm| arm.memories.len());
        let notes = vec![say!(
            en: "{} of each, in processes of their own; medians with 95% intervals. \
                 The queues are those of the first run.",
            pt: "{} de cada um, em processos próprios; medianas com intervalos de 95%. \
                 As filas são as da primeira execução.",
            counted(runs, Noun::Run)
        )];
        let caption = self.arms.iter().map(said).collect::<Vec<_>>().join(" ");
        let table = Table::new(head, self.arms.iter().map(row));
        let mut block = Block { caption, notes, table, ..Block::default() };
        block.show(queues.draw());
        block.show(memory.draw());
        block
    }

    fn columns(&self) -> Table {
        let rows = self.arms.iter().flat_map(|arm| {
            arm.queue.iter().map(|(seconds, length)| {
                let memory = arm.memory.point;
                [arm.name.clone(), seconds.to_string(), length.to_string(), memory.to_string()]
            })
        });
        let head = word!(
            en: ["program", "time (s)", "messages in the queue", "most memory (bytes)"],
            pt: ["programa", "tempo (s)", "mensagens na fila", "máximo de memória (bytes)"]
        );
        Table::new(head, rows)
    }
}
