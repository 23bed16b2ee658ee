//! One run followed event by event, and what several runs of a scheduler come to.

use super::ledger::Ledger;
use super::stealing::{self, Splitter};
use super::{Costs, Point, Scheduler, Share, Span, Tasks, central};

/// How often a scheduler runs in which chance takes part.
const RUNS: u64 = 9;

/// From how many pieces on three runs do: among so many steals chance averages out.
const MANY_PIECES: usize = 10_000;

/// Follows one run, and keeps each stretch of work if `spans`.
pub(super) fn follow(
    tasks: &Tasks,
    scheduler: Scheduler,
    workers: usize,
    costs: Costs,
    seed: u64,
    spans: bool,
) -> Ledger<'_> {
    let mut ledger = Ledger::new(&tasks.seconds, workers, costs, spans);
    match scheduler {
        Scheduler::Static => central::blocks(&mut ledger),
        Scheduler::Cyclic => central::cyclic(&mut ledger),
        Scheduler::Dynamic { chunk } => central::shared(&mut ledger, &|_| chunk),
        Scheduler::Guided { least } => {
            central::shared(&mut ledger, &|left| left.div_ceil(workers).max(least));
        }
        Scheduler::Stealing { min_len } => {
            stealing::steal(&mut ledger, Splitter::Adaptive { splits: workers, min_len }, seed);
        }
        Scheduler::Join { grain } => stealing::steal(&mut ledger, Splitter::Fixed { grain }, seed),
    }
    ledger
}

/// The median run of a scheduler on so many workers.
pub(super) fn point(tasks: &Tasks, scheduler: Scheduler, workers: usize, costs: Costs, seed: u64) -> Point {
    let run = |costs, nth: u64| follow(tasks, scheduler, workers, costs, seed.wrapping_add(nth), false);
    let pieces = |ledger: &Ledger<'_>| ledger.shares.iter().map(|share| share.pieces).sum::<usize>();
    let mut runs = vec![run(costs, 0)];
    let all = match scheduler.is_random() {
        true if pieces(&runs[0]) >= MANY_PIECES => 3,
        true => RUNS,
        false => 1,
    };
    runs.extend((1..all).map(|nth| run(costs, nth)));
    runs.sort_by(|one, two| one.makespan.total_cmp(&two.makespan));
    let median = &runs[runs.len() / 2];
    let time = median.makespan * workers as f64;
    let sum = |of: fn(&Share) -> f64| median.shares.iter().map(of).sum::<f64>();
    Point {
        workers,
        makespan: median.makespan,
        fastest: runs[0].makespan,
        slowest: runs[runs.len() - 1].makespan,
        speedup: tasks.total() / median.makespan,
        at_double_costs: tasks.total() / run(costs.scaled(2.0), 0).makespan,
        busy: sum(|share| share.busy) / time,
        overhead: sum(|share| share.overhead) / time,
        pieces: pieces(median),
        steals: median.shares.iter().map(|share| share.steals).sum(),
    }
}

/// The spans by worker, with those joined to their neighbours that are too short to be seen: a figure is less than a
/// thousand pixels wide.
pub(super) fn visible(mut spans: Vec<Span>, makespan: f64) -> Vec<Span> {
    let pixel = makespan / 1_000.0;
    spans.sort_by(|one, two| one.worker.cmp(&two.worker).then(one.start.total_cmp(&two.start)));
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        let short = |last: &&mut Span| {
            last.worker == span.worker
                && last.stolen == span.stolen
                && span.start - last.end < pixel
                && (last.end - last.start < 2.0 * pixel || span.end - span.start < 2.0 * pixel)
        };
        match joined.last_mut().filter(short) {
            Some(last) => (last.end, last.tasks) = (span.end, last.tasks + span.tasks),
            None => joined.push(span),
        }
    }
    joined
}
