//! A [`Recorded`] curve in a cell. Title, caption and text alternative say that it was not measured here.

use super::{Block, Table};
use crate::model::SpeedupPoint;
use crate::plot::{chart, workers};
use crate::recorded::{Base, Recorded};

impl Recorded {
    /// Shows the record in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// The figure, what it says in words, where it comes from, and the numbers behind it.
    pub fn block(&self) -> Block {
        let line = |points: Vec<SpeedupPoint>| {
            points.into_iter().map(|(workers, speedup)| (workers as f64, speedup)).collect::<Vec<_>>()
        };
        let mut figure = chart(&format!("recorded: {}", self.title)).x("workers").y("speedup (times)");
        for (base, name) in
            [(Base::Serial, "over the best serial code"), (Base::OneWorker, "over one worker")]
        {
            if let Some(points) = self.speedups(base) {
                figure = figure.line(name, line(points));
            }
        }
        let mut block = Block {
            caption: self.caption(),
            notes: vec![self.provenance()],
            table: self.table(),
            ..Block::default()
        };
        block.show(figure.draw());
        block
    }

    fn caption(&self) -> String {
        let best = |base| {
            let within = |points: Vec<SpeedupPoint>| {
                let points = points.into_iter().filter(|&(workers, _)| workers <= self.cores);
                points.max_by(|one, two| one.1.total_cmp(&two.1))
            };
            self.speedups(base).and_then(within)
        };
        let mut caption = format!("Recorded, not measured here: {}.", self.title);
        if let Some((count, speedup)) = best(Base::OneWorker) {
            caption += &format!(
                " Within the {} cores of that machine it was fastest on {}: {speedup:.2} times as fast as on one worker",
                self.cores,
                workers(count)
            );
        }
        if let Some((_, speedup)) = best(Base::Serial) {
            caption += &format!(", and {speedup:.2} times as fast as the best serial code");
        }
        caption + "."
    }

    fn provenance(&self) -> String {
        format!(
            "{}. {}, {}. {}: no interval can be given. Source: {}",
            self.machine, self.by, self.date, self.statistic, self.source
        )
    }

    fn table(&self) -> Table {
        let times = |base, workers: usize| {
            let points = self.speedups(base).unwrap_or_default();
            let found = points.iter().find(|&&(count, _)| count == workers);
            found.map_or(String::new(), |(_, speedup)| format!("{speedup:.2}"))
        };
        let row = |workers: usize, value: f64| {
            let value = format!("{value}");
            vec![workers.to_string(), value, times(Base::OneWorker, workers), times(Base::Serial, workers)]
        };
        let mut rows: Vec<Vec<String>> =
            self.points.iter().map(|point| row(point.workers, point.value)).collect();
        if let Some(serial) = self.serial {
            rows.insert(0, vec!["serial".to_owned(), format!("{serial}"), String::new(), "1.00".to_owned()]);
        }
        let head = ["workers", self.unit.as_str(), "over one worker", "over serial"];
        Table { head: head.map(str::to_owned).to_vec(), rows }
    }
}
