//! Recording: a lane for each task, brought together at the end.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Activity, Span, Timeline};
use crate::machine;

/// The most spans that a lane keeps: 4 MB a lane. More are counted and dropped, so that a trace cannot fill the memory.
const MOST_SPANS: usize = 100_000;

/// Up to which gap two spans on one core are one: the cost of recording lies between them, and nothing else.
const MERGED: Duration = Duration::from_micros(20);

/// From which difference of wall time and CPU time on a piece of work was interrupted: well above the error of the two
/// clocks, well below a time slice of the scheduler (some milliseconds).
const INTERRUPTED: Duration = Duration::from_micros(50);

/// Traces `work`: gives it a [`Recorder`], and gives back what was recorded.
pub fn trace(name: &str, work: impl FnOnce(&Recorder)) -> Timeline {
    let recorder = Recorder::begin();
    work(&recorder);
    recorder.timeline(name)
}

/// Where the lanes of a trace come together.
#[derive(Debug)]
pub struct Recorder {
    start: Instant,
    ended: Mutex<Ended>,
}

/// What the lanes that have ended recorded.
#[derive(Debug, Default)]
struct Ended {
    spans: Vec<Span>,
    lanes: usize,
    dropped: u64,
}

impl Recorder {
    /// Begins a trace.
    pub(crate) fn begin() -> Recorder {
        Recorder { start: Instant::now(), ended: Mutex::default() }
    }

    /// Ends the trace: what the lanes recorded that have ended.
    pub(crate) fn timeline(&self, name: &str) -> Timeline {
        let makespan = self.start.elapsed().as_secs_f64();
        let ended = std::mem::take(&mut *self.ended.lock().unwrap_or_else(PoisonError::into_inner));
        let Ended { mut spans, lanes, dropped } = ended;
        spans.sort_by(|one, two| one.lane.cmp(&two.lane).then(one.start.total_cmp(&two.start)));
        Timeline { name: name.to_owned(), lanes, makespan, spans, dropped }
    }

    /// A lane for the task with this `number`, counted from 0. What it records belongs to the trace when it is dropped.
    pub fn lane(&self, number: usize) -> Lane<'_> {
        Lane { recorder: self, number, spans: Vec::with_capacity(256), dropped: 0 }
    }
}

/// The record of one task, written by the thread that runs it.
#[derive(Debug)]
pub struct Lane<'r> {
    recorder: &'r Recorder,
    number: usize,
    spans: Vec<Span>,
    dropped: u64,
}

impl Lane<'_> {
    /// Runs a piece of computing work and records when and where.
    ///
    /// If the scheduler took the core away meanwhile, wall time and CPU time differ. Where within the piece that was is
    /// not known: the record shows one half of the CPU time at its start and one at its end. So pieces of some 100 µs
    /// show the scheduler's time slices truly, to within a piece.
    pub fn computing<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (cpu_before, core_before) = (machine::thread_cpu_time(), machine::current_core());
        let start = self.recorder.start.elapsed();
        let value = work();
        let end = self.recorder.start.elapsed();
        let (core_after, cpu_after) = (machine::current_core(), machine::thread_cpu_time());
        let wall = end - start;
        let ran =
            cpu_after.zip(cpu_before).map_or(wall, |(after, before)| after.saturating_sub(before).min(wall));
        if wall - ran > INTERRUPTED {
            self.record(Activity::Computing, core_before, start, start + ran / 2);
            self.record(Activity::Computing, core_after, end - ran / 2, end);
        } else {
            self.record(Activity::Computing, core_after, start, end);
        }
        value
    }

    /// Waits for something else than a core, and records when.
    pub fn waiting<T>(&mut self, wait: impl FnOnce() -> T) -> T {
        let start = self.recorder.start.elapsed();
        let value = wait();
        self.record(Activity::Waiting, None, start, self.recorder.start.elapsed());
        value
    }

    /// Awaits a future that waits for something else than a core, and records when.
    pub async fn waiting_for<F: Future>(&mut self, wait: F) -> F::Output {
        let start = self.recorder.start.elapsed();
        let value = wait.await;
        self.record(Activity::Waiting, None, start, self.recorder.start.elapsed());
        value
    }

    fn record(&mut self, activity: Activity, core: Option<usize>, start: Duration, end: Duration) {
        let (start, end) = (start.as_secs_f64(), end.as_secs_f64());
        let follows = |last: &&mut Span| {
            last.activity == activity && last.core == core && start - last.end <= MERGED.as_secs_f64()
        };
        if let Some(last) = self.spans.last_mut().filter(follows) {
            last.end = end;
        } else if self.spans.len() < MOST_SPANS {
            self.spans.push(Span { lane: self.number, activity, core, start, end });
        } else {
            self.dropped += 1;
        }
    }
}

impl Drop for Lane<'_> {
    fn drop(&mut self) {
        // A panic elsewhere leaves the record whole: it is only ever appended to.
        let mut ended = self.recorder.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.spans.append(&mut self.spans);
        ended.lanes = ended.lanes.max(self.number.saturating_add(1));
        ended.dropped += self.dropped;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::xorshift;

    fn busy(lane: &mut Lane<'_>, pieces: usize) {
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
        assert_eq!((timeline.lanes, timeline.cores().len()), (4, 1));
        let busy: f64 = timeline.spans.iter().map(|span| span.end - span.start).sum();
        // An interrupted piece is placed to within itself, so spans may overlap by that much and not by more.
        assert!(busy <= timeline.makespan * 1.05, "{busy} s of work in {} s on one core", timeline.makespan);
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let timeline = trace("many", |recorder| {
            let mut lane = recorder.lane(0);
            for at in 0..MOST_SPANS as u64 + 5 {
                let start = Duration::from_millis(at);
                lane.record(Activity::Waiting, None, start, start);
            }
        });
        assert_eq!((timeline.spans.len(), timeline.dropped), (MOST_SPANS, 5));
    }
}
