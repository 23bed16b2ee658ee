//! Where the lanes of a trace come together.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use super::{Clock, Lane, Span, Task, Timeline, Worker};
use crate::machine;

/// Traces `work`: gives it a [`Recorder`], and gives back what was recorded.
pub fn trace(name: &str, work: impl FnOnce(&Recorder)) -> Timeline {
    let recorder = Recorder::begin();
    work(&recorder);
    recorder.timeline(name)
}

/// A trace that is being recorded. A clone records into the same trace, and may outlive the code that is traced: what it
/// records then belongs to none.
#[derive(Debug, Clone)]
pub struct Recorder {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Tells traces apart, so that a thread knows whether the number that it keeps is of this one.
    id: u64,
    start: Instant,
    clock: Option<Clock>,
    ended: Mutex<Ended>,
    workers: Mutex<Vec<(ThreadId, Worker)>>,
}

/// What the lanes that have ended recorded.
#[derive(Debug, Default)]
struct Ended {
    spans: Vec<Span>,
    lanes: usize,
    dropped: u64,
}

thread_local! {
    /// The trace that this thread recorded into last, and its number among the workers of that.
    static LAST: Cell<(u64, usize)> = const { Cell::new((0, 0)) };
}

impl Recorder {
    /// Begins a trace.
    pub(crate) fn begin() -> Recorder {
        // Only that each is another matters, so no order with other memory is needed.
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let clock = machine::since_boot().map(|(boot, since)| Clock { boot, start: since.as_secs_f64() });
        let (ended, workers) = (Mutex::default(), Mutex::default());
        Recorder { shared: Arc::new(Shared { id, start: Instant::now(), clock, ended, workers }) }
    }

    /// Ends the trace: what the lanes recorded that have ended.
    pub(crate) fn timeline(&self, name: &str) -> Timeline {
        let makespan = self.now().as_secs_f64();
        let Ended { mut spans, lanes, dropped } = std::mem::take(&mut *locked(&self.shared.ended));
        // A lane that began before the end and ended after it is not here, but a span that did would be.
        spans.sort_by(|one, two| one.lane.cmp(&two.lane).then(one.start.total_cmp(&two.start)));
        let workers = locked(&self.shared.workers).iter().map(|(_, worker)| worker.clone()).collect();
        let clock = self.shared.clock.clone();
        Timeline { name: name.to_owned(), lanes, makespan, spans, dropped, workers, clock }
    }

    /// A lane for the task with this `number`, counted from 0. What it records belongs to the trace when it is dropped.
    pub fn lane(&self, number: usize) -> Lane {
        Lane::new(self.clone(), number)
    }

    /// `future` as the task with this `number`, counted from 0: what it does while it is polled is computing, and from
    /// a poll that leaves it suspended until it is woken it waits. Between being woken and its next poll it is ready to run
    /// and has no worker.
    ///
    /// ```
    /// use conpar::prelude::*;
    /// use conpar::trace::Activity;
    ///
    /// let timeline = trace("one task", |recorder| {
    ///     let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    ///     runtime.block_on(recorder.task(0, async {
    ///         tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    ///     }));
    /// });
    /// let activities: Vec<Activity> = timeline.spans.iter().map(|span| span.activity).collect();
    /// assert_eq!(activities, [Activity::Computing, Activity::Waiting, Activity::Computing]);
    /// ```
    pub fn task<F: Future>(&self, number: usize, future: F) -> Task<F> {
        Task::new(self.lane(number), future)
    }

    /// The time since the trace began.
    pub(super) fn now(&self) -> Duration {
        self.shared.start.elapsed()
    }

    /// The number of the calling thread among the workers of this trace.
    pub(super) fn worker(&self) -> usize {
        let (id, worker) = LAST.get();
        if id == self.shared.id {
            return worker;
        }
        let mut workers = locked(&self.shared.workers);
        let thread = thread::current();
        // A thread that records into two traces in turn comes back.
        let known = workers.iter().position(|(known, _)| *known == thread.id());
        let worker = known.unwrap_or_else(|| {
            let name = thread.name().unwrap_or_default().to_owned();
            workers.push((thread.id(), Worker { process: std::process::id(), name }));
            workers.len() - 1
        });
        LAST.set((self.shared.id, worker));
        worker
    }

    /// Takes what a lane recorded.
    pub(super) fn end(&self, lane: usize, spans: &mut Vec<Span>, dropped: u64) {
        let mut ended = locked(&self.shared.ended);
        ended.spans.append(spans);
        ended.lanes = ended.lanes.max(lane.saturating_add(1));
        ended.dropped += dropped;
    }
}

/// A panic elsewhere leaves the record whole: it is only ever appended to.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_have_numbers_and_names_of_their_own_and_keep_them_between_two_traces() {
        let (one, two) = (Recorder::begin(), Recorder::begin());
        one.lane(0).computing(|| ());
        std::thread::scope(|scope| {
            let other = thread::Builder::new().name("other".to_owned()).spawn_scoped(scope, || {
                for recorder in [&two, &one, &two, &one] {
                    recorder.lane(1).computing(|| ());
                }
            });
            other.expect("a thread").join().expect("no panic");
        });
        let (one, two) = (one.timeline("one"), two.timeline("two"));
        assert_eq!(one.workers.iter().map(|worker| worker.name.as_str()).nth(1), Some("other"));
        assert_eq!(two.workers.iter().map(|worker| worker.name.as_str()).collect::<Vec<_>>(), ["other"]);
        assert_eq!(one.spans.iter().map(|span| span.worker).collect::<Vec<_>>(), [Some(0), Some(1), Some(1)]);
        assert!(one.workers.iter().all(|worker| worker.process == std::process::id()));
    }
}
