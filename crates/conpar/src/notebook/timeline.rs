//! A [`Timeline`] in a cell.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Block, Shown, Table, View};
use crate::Error;
use crate::language::{say, word};
use crate::plot::{self, By, Noun, Saved, counted};
use crate::trace::{Activity, Timeline};

impl Timeline {
    /// Shows the timeline in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// The same with a row for each thread: which tasks it ran.
    pub fn by_worker(&self) -> View<Timeline> {
        View::new(self.clone(), |timeline| timeline.shown_by(By::Worker))
    }

    /// The same with a row for each core: which tasks were on it.
    pub fn by_core(&self) -> View<Timeline> {
        View::new(self.clone(), |timeline| timeline.shown_by(By::Core))
    }

    /// Saves the timeline in the Trace Event Format, for Perfetto (ui.perfetto.dev), `chrome://tracing` or Speedscope.
    ///
    /// # Errors
    ///
    /// [`Error::CannotWrite`], with what to do.
    pub fn save_trace_events(&self, path: impl AsRef<Path>) -> Result<Saved, Error> {
        plot::write(path.as_ref(), self.trace_events().as_bytes())
    }

    fn shown_by(&self, by: By) -> Block {
        let cores = match self.cores().len() {
            0 => String::new(),
            count => say!(en: ", on {}", pt: ", em {}", counted(count, Noun::Core)),
        };
        let processes: BTreeSet<u32> = self.workers.iter().map(|worker| worker.process).collect();
        let threads = match (self.workers.len(), processes.len()) {
            (0, _) => String::new(),
            (threads, 0 | 1) => say!(en: " on {}", pt: " em {}", counted(threads, Noun::Thread)),
            (threads, processes) => {
                say!(
                    en: " on {} of {processes} processes",
                    pt: " em {} de {processes} processos",
                    counted(threads, Noun::Thread)
                )
            }
        };
        let caption = say!(
            en: "{}: {}{threads}{cores}, {:.1} ms from start to end.",
            pt: "{}: {}{threads}{cores}, {:.1} ms do início ao fim.",
            self.name,
            counted(self.lanes, Noun::Task),
            self.makespan * 1e3
        );
        let mut block = Block { table: self.table(), ..Block::default() };
        block.show(plot::timeline(self, by, &caption));
        if self.dropped > 0 {
            block.notes.push(say!(
                en: "{} spans did not fit into the record and are missing.",
                pt: "{} trechos não couberam no registro e faltam.",
                self.dropped
            ));
        }
        block.caption = caption;
        block
    }

    fn table(&self) -> Table {
        let total = |lane: usize, activity: Activity| {
            let spans = self.spans.iter().filter(|span| span.lane == lane && span.activity == activity);
            // The sum of no numbers would be -0.0.
            spans.map(|span| span.end - span.start).fold(0.0, |sum, time| sum + time) * 1e3
        };
        let row = |&lane: &usize| {
            let spans = || self.spans.iter().filter(|span| span.lane == lane);
            let start = spans().map(|span| span.start).fold(f64::INFINITY, f64::min) * 1e3;
            let end = spans().map(|span| span.end).fold(0.0, f64::max) * 1e3;
            let times = [start, end, total(lane, Activity::Computing), total(lane, Activity::Waiting)];
            [vec![lane.saturating_add(1).to_string()], times.map(|time| format!("{time:.2}")).to_vec()]
                .concat()
        };
        let head = word!(
            en: ["task", "start (ms)", "end (ms)", "computing (ms)", "waiting (ms)"],
            pt: ["tarefa", "início (ms)", "fim (ms)", "calculando (ms)", "esperando (ms)"]
        );
        let lanes: BTreeSet<usize> = self.spans.iter().map(|span| span.lane).collect();
        Table { head: head.map(str::to_owned).to_vec(), rows: lanes.iter().map(row).collect() }
    }
}

impl Shown for Timeline {
    fn block(&self) -> Block {
        self.shown_by(By::Task)
    }

    fn columns(&self) -> Table {
        let activity = |activity| match activity {
            Activity::Computing => word!(en: "computing", pt: "calculando"),
            Activity::Waiting => word!(en: "waiting", pt: "esperando"),
        };
        let rows = self.spans.iter().map(|span| {
            [
                span.lane.to_string(),
                activity(span.activity).to_owned(),
                span.worker.map(|worker| self.worker_name(worker)).unwrap_or_default(),
                span.core.map(|core| core.to_string()).unwrap_or_default(),
                span.start.to_string(),
                span.end.to_string(),
            ]
        });
        let head = word!(
            en: ["lane", "activity", "worker", "core", "start (s)", "end (s)"],
            pt: ["faixa", "atividade", "trabalhador", "núcleo", "início (s)", "fim (s)"]
        );
        Table::new(head, rows)
    }
}

#[cfg(test)]
mod tests {
    use crate::notebook::Shown;
    use crate::trace::trace;

    #[test]
    fn any_lane_number_is_shown_at_once() {
        let timeline = trace("far apart", |recorder| {
            recorder.lane(2_000_000_000).waiting(|| ());
            recorder.lane(usize::MAX).waiting(|| ());
        });
        let block = timeline.block();
        assert_eq!((block.table.rows.len(), block.figures.len()), (2, 1));
        assert_eq!(block.table.rows[0][3], "0.00", "no computing, and no minus sign before it");
    }
}
