//! What one run of the tasks writes down: the order of its steps, and a trace.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use super::MOST_STEPS;
use crate::trace::{Lane, Recorder, Timeline};

/// Where the tasks of one run mark their steps. A clone writes into the same log.
#[derive(Debug, Clone)]
pub struct Log {
    run: Arc<Run>,
}

#[derive(Debug)]
struct Run {
    recorder: Recorder,
    /// How many steps were marked, with those that found no place.
    marked: AtomicUsize,
    /// The task of each step, plus 1; 0 where none is written yet.
    steps: [AtomicU8; MOST_STEPS],
}

impl Log {
    pub(super) fn begin() -> Log {
        let (marked, steps) = (AtomicUsize::new(0), [const { AtomicU8::new(0) }; MOST_STEPS]);
        Log { run: Arc::new(Run { recorder: Recorder::begin(), marked, steps }) }
    }

    /// Marks that a step of the task with this number, counted from 0, is done. Task 0 is shown as A, task 1 as B, and so
    /// on.
    ///
    /// Steps come in the order in which this is called: all calls of a run add to one atomic number, and the additions to
    /// one atomic number have one order (`Relaxed` is enough for that). A mark takes some 10 ns: no lock, no waiting, so
    /// that the log does not make the order that it writes down.
    pub fn mark(&self, task: usize) {
        let place = self.run.marked.fetch_add(1, Ordering::Relaxed);
        if let Some(step) = self.run.steps.get(place) {
            step.store(u8::try_from(task).map_or(u8::MAX, |task| task.saturating_add(1)), Ordering::Relaxed);
        }
    }

    /// A lane for the task with this number, as that of a [`trace`](fn@crate::trace::trace).
    pub fn lane(&self, task: usize) -> Lane {
        self.run.recorder.lane(task)
    }

    /// The tasks of the steps in their order, `None` for a step that was being marked; and how many steps were marked.
    pub(super) fn steps(&self) -> (Vec<Option<usize>>, usize) {
        let marked = self.run.marked.load(Ordering::Relaxed);
        let steps = self.run.steps.iter().take(marked);
        let tasks = steps.map(|step| usize::from(step.load(Ordering::Relaxed)).checked_sub(1));
        (tasks.collect(), marked)
    }

    pub(super) fn timeline(&self, name: &str) -> Timeline {
        self.run.recorder.timeline(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_many_threads_are_all_there_and_each_task_is_in_its_own_order() {
        let log = Log::begin();
        std::thread::scope(|scope| {
            for task in 0..4 {
                let log = log.clone();
                scope.spawn(move || (0..10).for_each(|_| log.mark(task)));
            }
        });
        let (steps, marked) = log.steps();
        assert_eq!((steps.len(), marked), (40, 40));
        for task in 0..4 {
            assert_eq!(steps.iter().filter(|step| **step == Some(task)).count(), 10);
        }
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let log = Log::begin();
        (0..MOST_STEPS + 5).for_each(|_| log.mark(usize::MAX));
        let (steps, marked) = log.steps();
        assert_eq!((steps.len(), marked), (MOST_STEPS, MOST_STEPS + 5));
        assert!(steps.iter().all(|step| *step == Some(254)));
    }
}
