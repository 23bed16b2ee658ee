//! Schedulers without deques: the work is dealt out before it begins, or taken from what all share.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::event::Time;
use super::ledger::Ledger;

/// When each worker is there: threads are started one after the other.
fn started(ledger: &Ledger<'_>, worker: usize) -> f64 {
    (worker + 1) as f64 * ledger.costs.spawn
}

/// One contiguous block for each worker; the first ones get the tasks that are left over.
pub(super) fn blocks(ledger: &mut Ledger<'_>) {
    let (tasks, workers) = (ledger.tasks.len(), ledger.workers());
    let (part, over) = (tasks / workers, tasks % workers);
    for worker in 0..workers.min(tasks) {
        let first = worker * part + worker.min(over);
        let last = first + part + usize::from(worker < over);
        ledger.work(worker, started(ledger, worker), first..last, false);
    }
}

/// Every so-manieth task for each worker.
pub(super) fn cyclic(ledger: &mut Ledger<'_>) {
    let (tasks, workers) = (ledger.tasks.len(), ledger.workers());
    for worker in 0..workers {
        let mut at = started(ledger, worker);
        for task in (worker..tasks).step_by(workers) {
            at = ledger.work(worker, at, task..task + 1, false);
        }
    }
}

/// Workers take chunks from a shared counter whenever they are free; `size(left)` is how many tasks they take.
///
/// Taking excludes the others: who comes while somebody takes waits for its turn. So the counter bounds how many chunks a
/// second all workers together can take.
pub(super) fn shared(ledger: &mut Ledger<'_>, size: &dyn Fn(usize) -> usize) {
    let tasks = ledger.tasks.len();
    let mut free: BinaryHeap<Reverse<(Time, usize)>> = BinaryHeap::new();
    free.extend((0..ledger.workers()).map(|worker| Reverse((Time(started(ledger, worker)), worker))));
    let (mut next, mut counter, mut last_taker) = (0, 0.0_f64, 0);
    while next < tasks
        && let Some(Reverse((Time(asked), worker))) = free.pop()
    {
        let costs = ledger.costs;
        let cost = if worker == last_taker { costs.chunk_again } else { costs.chunk };
        let taken = asked.max(counter) + cost;
        (counter, last_taker) = (taken, worker);
        ledger.overhead(worker, taken - asked);
        let last = next.saturating_add(size(tasks - next)).min(tasks);
        let end = ledger.work(worker, taken, next..last, false);
        next = last;
        free.push(Reverse((Time(end), worker)));
    }
}
