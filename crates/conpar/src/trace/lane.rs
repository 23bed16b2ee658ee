//! Recording: a lane for each task.

use std::time::Duration;

use super::{Activity, Recorder, Span};
use crate::machine;

/// The most spans that a lane keeps: 6 MB a lane. More are counted and dropped, so that a trace cannot fill the memory.
const MOST_SPANS: usize = 100_000;

/// Up to which gap two spans on one core are one: the cost of recording lies between them, and nothing else.
const MERGED: Duration = Duration::from_micros(20);

/// From which difference of wall time and CPU time on a piece of work was interrupted: well above the error of the two
/// clocks, well below a time slice of the scheduler (some milliseconds). A shorter piece was not, and its CPU time is not
/// asked for.
const INTERRUPTED: Duration = Duration::from_micros(50);

/// How long a reading of the CPU time serves as the start of the pieces after it, so that small losses of many short pieces
/// do not add up to an interruption.
const FRESH: Duration = Duration::from_millis(1);

/// The record of one task, written by the thread that runs it. It may move to another thread.
#[derive(Debug)]
pub struct Lane {
    recorder: Recorder,
    number: usize,
    spans: Vec<Span>,
    dropped: u64,
    /// When the last piece of work ended.
    ended: Duration,
    reading: Option<Reading>,
}

/// Both clocks of a worker at one moment.
#[derive(Debug, Clone, Copy)]
struct Reading {
    worker: usize,
    wall: Duration,
    cpu: Duration,
}

impl Lane {
    pub(super) fn new(recorder: Recorder, number: usize) -> Lane {
        Lane { recorder, number, spans: Vec::new(), dropped: 0, ended: Duration::ZERO, reading: None }
    }

    /// Runs a piece of computing work and records when and where.
    ///
    /// If the scheduler took the core away meanwhile, wall time and CPU time differ. Where within the piece that was is
    /// not known: the record shows one half of the CPU time at its start and one at its end. So pieces of some 100 µs
    /// show the scheduler's time slices truly, to within a piece.
    pub fn computing<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let piece = self.begin();
        let value = work();
        self.end(piece);
        value
    }

    /// Waits for something else than a core, and records when.
    pub fn waiting<T>(&mut self, wait: impl FnOnce() -> T) -> T {
        let (worker, start) = (self.recorder.worker(), self.recorder.now());
        let value = wait();
        self.waited(Some(worker), start, self.recorder.now());
        value
    }

    /// Awaits a future that waits for something else than a core, and records when.
    pub async fn waiting_for<F: Future>(&mut self, wait: F) -> F::Output {
        let start = self.recorder.now();
        let value = wait.await;
        self.waited(None, start, self.recorder.now());
        value
    }

    pub(super) fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// The time since the trace began.
    pub(super) fn now(&self) -> Duration {
        self.recorder.now()
    }

    /// Records that the task waited; on `worker`, where it kept one.
    pub(super) fn waited(&mut self, worker: Option<usize>, start: Duration, end: Duration) {
        self.record(Activity::Waiting, worker, None, start, end);
    }

    /// The start of a piece of computing work: the worker, its core, the time.
    fn begin(&mut self) -> (usize, Option<usize>, Duration) {
        let (worker, core) = (self.recorder.worker(), machine::current_core());
        let start = self.recorder.now();
        // A reading serves while nothing but pieces of this lane came after it, on the same thread.
        let serves = |reading: &Reading| {
            reading.worker == worker && start - self.ended <= MERGED && start - reading.wall <= FRESH
        };
        if !self.reading.as_ref().is_some_and(serves) {
            self.reading = machine::thread_cpu_time().map(|cpu| Reading { worker, wall: start, cpu });
        }
        (worker, core, start)
    }

    fn end(&mut self, (worker, core_before, start): (usize, Option<usize>, Duration)) {
        let (end, core) = (self.recorder.now(), machine::current_core());
        let wall = end - start;
        self.ended = end;
        let mut lost = Duration::ZERO;
        if wall > INTERRUPTED
            && let (Some(before), Some(cpu)) = (self.reading, machine::thread_cpu_time())
        {
            lost = (end - before.wall).saturating_sub(cpu.saturating_sub(before.cpu)).min(wall);
            self.reading = Some(Reading { worker, wall: end, cpu });
        }
        if lost > INTERRUPTED {
            let half = (wall - lost) / 2;
            self.record(Activity::Computing, Some(worker), core_before, start, start + half);
            self.record(Activity::Computing, Some(worker), core, end - half, end);
        } else {
            self.record(Activity::Computing, Some(worker), core, start, end);
        }
    }

    fn record(
        &mut self,
        activity: Activity,
        worker: Option<usize>,
        core: Option<usize>,
        start: Duration,
        end: Duration,
    ) {
        let (start, end) = (start.as_secs_f64(), end.as_secs_f64());
        let follows = |last: &&mut Span| {
            (last.activity, last.worker, last.core) == (activity, worker, core)
                && start - last.end <= MERGED.as_secs_f64()
        };
        if let Some(last) = self.spans.last_mut().filter(follows) {
            last.end = end;
        } else if self.spans.len() < MOST_SPANS {
            self.spans.push(Span { lane: self.number, activity, worker, core, start, end });
        } else {
            self.dropped += 1;
        }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.recorder.end(self.number, &mut self.spans, self.dropped);
    }
}

#[cfg(test)]
mod tests {
    use super::super::trace;
    use super::*;
    use crate::workload::xorshift;

    fn busy(lane: &mut Lane, pieces: usize) {
        for _ in 0..pieces {
            lane.computing(|| std::hint::black_box(xorshift(50_000)));
        }
    }

    #[test]
    fn pieces_that_follow_one_another_are_one_span_and_order_is_kept() {
        let timeline = trace("one", |recorder| {
            let mut lane = recorder.lane(0);
            busy(&mut lane, 20);
            lane.waiting(|| std::thread::sleep(Duration::from_millis(2)));
            busy(&mut lane, 1);
        });
        assert!(timeline.spans.iter().all(|span| span.start <= span.end && span.end <= timeline.makespan));
        assert!(timeline.spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
        let waits = timeline.spans.iter().filter(|span| span.activity == Activity::Waiting);
        assert_eq!(waits.count(), 1);
        assert!(timeline.spans.len() < 23, "twenty pieces in a row are not twenty spans");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn on_one_core_no_two_tasks_compute_at_once() {
        let timeline = machine::on_one_core(|_| {
            trace("four on one core", |recorder| {
                std::thread::scope(|scope| {
                    for number in 0..4 {
                        scope.spawn(move || busy(&mut recorder.lane(number), 100));
                    }
                });
            })
        })
        .expect("Linux binds threads");
        assert_eq!((timeline.lanes, timeline.cores().len(), timeline.workers.len()), (4, 1, 4));
        let busy: f64 = timeline.spans.iter().map(|span| span.end - span.start).sum();
        // An interrupted piece is placed to within itself, so spans may overlap by that much and not by more.
        assert!(busy <= timeline.makespan * 1.05, "{busy} s of work in {} s on one core", timeline.makespan);
    }

    /// The time that a thread slept between two pieces, unrecorded, is no interruption of the second one.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_lies_between_two_pieces_is_not_taken_from_them() {
        let timeline = trace("apart", |recorder| {
            let mut lane = recorder.lane(0);
            busy(&mut lane, 5);
            std::thread::sleep(Duration::from_millis(20));
            let start = lane.now();
            busy(&mut lane, 1);
            assert!(lane.ended > start);
        });
        let last = timeline.spans.last().expect("a span");
        assert!(timeline.spans.len() > 1 && last.start > 0.02);
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let timeline = trace("many", |recorder| {
            let mut lane = recorder.lane(0);
            for at in 0..MOST_SPANS as u64 + 5 {
                let start = Duration::from_millis(at);
                lane.waited(None, start, start);
            }
        });
        assert_eq!((timeline.spans.len(), timeline.dropped), (MOST_SPANS, 5));
    }
}
