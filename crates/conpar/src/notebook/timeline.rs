//! A [`Timeline`] in a cell.

use super::{Block, Table};
use crate::plot;
use crate::trace::{Activity, Timeline};

impl Timeline {
    /// Shows the timeline in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// The figure, what it says in words, and the times of each task.
    pub fn block(&self) -> Block {
        let cores = match self.cores().len() {
            0 => String::new(),
            1 => ", on 1 core".to_owned(),
            count => format!(", on {count} cores"),
        };
        let caption = format!(
            "{}: {} tasks, {:.1} ms from start to end{cores}.",
            self.name,
            self.lanes,
            self.makespan * 1e3
        );
        let mut block = Block { table: self.table(), ..Block::default() };
        match plot::timeline(self, &caption) {
            Ok(figure) => block.figures.push(figure),
            Err(error) => block.notes.push(error.to_string()),
        }
        if self.dropped > 0 {
            block.notes.push(format!("{} spans did not fit into the record and are missing.", self.dropped));
        }
        block.caption = caption;
        block
    }

    fn table(&self) -> Table {
        let total = |lane: usize, activity: Activity| {
            let spans = self.spans.iter().filter(|span| span.lane == lane && span.activity == activity);
            spans.map(|span| span.end - span.start).sum::<f64>() * 1e3
        };
        let row = |lane: usize| {
            let spans = || self.spans.iter().filter(|span| span.lane == lane);
            let start = spans().map(|span| span.start).fold(f64::INFINITY, f64::min) * 1e3;
            let end = spans().map(|span| span.end).fold(0.0, f64::max) * 1e3;
            let times = [start, end, total(lane, Activity::Computing), total(lane, Activity::Waiting)];
            [vec![(lane + 1).to_string()], times.map(|time| format!("{time:.2}")).to_vec()].concat()
        };
        let head = ["task", "start (ms)", "end (ms)", "computing (ms)", "waiting (ms)"];
        let lanes = (0..self.lanes).filter(|&lane| self.spans.iter().any(|span| span.lane == lane));
        Table { head: head.map(str::to_owned).to_vec(), rows: lanes.map(row).collect() }
    }
}
