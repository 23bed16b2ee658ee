//! A [`Grown`] in a cell: the queues over time, and the memory that they took.

use super::{Block, Claim, Shown, Table, claim};
use crate::Error;
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
        Ok(claim(&format!("{arm} takes more memory than {other}"), &self.ratio(arm, other)?).above(bound))
    }
}

impl Shown for Grown {
    fn block(&self) -> Block {
        let said = |arm: &Growing| {
            format!(
                "{}: up to {:.0} messages in the queue, {:.1} MB, {:.2} s.",
                arm.name,
                arm.longest(),
                megabytes(&arm.memory),
                arm.seconds
            )
        };
        let queues = self
            .arms
            .iter()
            .fold(chart(&self.name).x("time (s)").y("messages in the queue"), |figure, arm| {
                figure.line(&arm.name, arm.queue.iter().copied())
            });
        let memory = self.arms.iter().fold(
            bars(&format!("{}: most memory of the process", self.name)).x("memory (MB)"),
            |figure, arm| figure.bar(&arm.name, megabytes(&arm.memory)),
        );
        let row = |arm: &Growing| {
            [
                arm.name.clone(),
                format!("{:.0}", arm.longest()),
                format!("{:.1}", megabytes(&arm.memory)),
                format!("{:.2}", arm.seconds),
                arm.memories.len().to_string(),
            ]
        };
        let head = ["program", "longest queue", "most memory (MB), 95% interval", "time (s)", "runs"];
        let runs = self.arms.first().map_or(0, |arm| arm.memories.len());
        let notes = vec![format!(
            "{} of each, in processes of their own; medians with 95% intervals. The queues are those of the first run.",
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
        Table::new(["program", "time (s)", "messages in the queue", "most memory (bytes)"], rows)
    }
}
