//! What the workers of a simulation did, as it is written down while it runs.

use std::ops::Range;

use super::{Costs, Share, Span};

/// The record of one simulated run.
pub(super) struct Ledger<'t> {
    pub(super) tasks: &'t [f64],
    pub(super) costs: Costs,
    pub(super) shares: Vec<Share>,
    /// Each stretch of work; kept only where somebody wants to see it.
    pub(super) spans: Option<Vec<Span>>,
    pub(super) makespan: f64,
}

impl<'t> Ledger<'t> {
    pub(super) fn new(tasks: &'t [f64], workers: usize, costs: Costs, spans: bool) -> Ledger<'t> {
        let shares = vec![Share::default(); workers];
        Ledger { tasks, costs, shares, spans: spans.then(Vec::new), makespan: 0.0 }
    }

    pub(super) fn workers(&self) -> usize {
        self.shares.len()
    }

    /// `worker` does the tasks of a range one after the other from the time `start` on. Tells when it is done.
    pub(super) fn work(&mut self, worker: usize, start: f64, tasks: Range<usize>, stolen: bool) -> f64 {
        let seconds: f64 = self.tasks[tasks.clone()].iter().sum();
        let end = start + seconds;
        let share = &mut self.shares[worker];
        share.busy += seconds;
        share.tasks += tasks.len();
        share.pieces += 1;
        self.makespan = self.makespan.max(end);
        if let Some(spans) = &mut self.spans {
            spans.push(Span { worker, start, end, first: tasks.start, tasks: tasks.len(), stolen });
        }
        end
    }

    /// `worker` spends time on the scheduler.
    pub(super) fn overhead(&mut self, worker: usize, seconds: f64) {
        self.shares[worker].overhead += seconds;
    }
}
