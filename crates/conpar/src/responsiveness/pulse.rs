//! When beats are due, and when they came.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::RUN_LIMIT;
use super::delays::Delays;
use super::responded::Beat;
use crate::trace::{Lane, Recorder, Timeline};

/// The most waits that a stopwatch's record keeps.
const MOST_WAITS: usize = 100_000;

/// What the arm of an experiment gets: it says when the next beat is due, and writes down when it came. A clone belongs to
/// the same heartbeat.
#[derive(Debug, Clone)]
pub struct Pulse {
    run: Arc<OneRun>,
}

#[derive(Debug)]
struct OneRun {
    start: Instant,
    /// When the first beat is due, after the start.
    first: Duration,
    period: Duration,
    /// How many beats were asked for.
    asked: AtomicU64,
    /// For each beat its delay in nanoseconds, at least 1; 0 for one that has not come.
    came: Box<[AtomicU64]>,
    stopped: OnceLock<Instant>,
    /// What a stopwatch measured, in nanoseconds.
    waits: Mutex<Vec<u64>>,
    recorder: Recorder,
}

/// What one run came to.
#[derive(Debug)]
pub(super) struct Record {
    /// From the start to the stop, in seconds; `None` where it was never stopped.
    pub(super) seconds: Option<f64>,
    /// The beats that were due before the stop. One that never came is as late as the run's end tells.
    pub(super) beats: Vec<Beat>,
    /// How many of them never came.
    pub(super) missed: usize,
    pub(super) delays: Delays,
    pub(super) waits: Delays,
}

impl Pulse {
    /// Starts the clock. The first beat is due after one period and some part of a second one, so that beats have no
    /// place of their own between the ticks of a runtime that is built now: a runtime that counts in whole milliseconds from
    /// its start would else find them all at its ticks.
    pub(super) fn begin(period: Duration) -> Pulse {
        let most = (RUN_LIMIT.div_duration_f64(period) as usize).saturating_sub(2);
        let run = OneRun {
            start: Instant::now(),
            first: period.mul_f64(1.0 + fastrand::f64()),
            period,
            asked: AtomicU64::new(0),
            came: (0..most).map(|_| AtomicU64::new(0)).collect(),
            stopped: OnceLock::new(),
            waits: Mutex::default(),
            recorder: Recorder::begin(),
        };
        Pulse { run: Arc::new(run) }
    }

    /// When the next beat is due, which may be past already; `None` when the work is done and all beats that were due
    /// before have been asked for.
    ///
    /// Several heartbeats may share one pulse: each call gives another beat.
    pub fn next(&self) -> Option<Instant> {
        let OneRun { asked, came, stopped, .. } = &*self.run;
        // Relaxed is enough: nothing is published with it.
        let number = usize::try_from(asked.fetch_add(1, Ordering::Relaxed)).ok()?;
        let due = self.due(number);
        let is_over = number >= came.len() || stopped.get().is_some_and(|&end| due > end);
        (!is_over).then_some(due)
    }

    /// Notes that the beat that was due at `due` has come now.
    pub fn beat(&self, due: Instant) {
        let now = Instant::now();
        let OneRun { period, came, .. } = &*self.run;
        let number = due.saturating_duration_since(self.due(0)).div_duration_f64(*period).round() as usize;
        if let Some(slot) = came.get(number) {
            let delay = now.saturating_duration_since(self.due(number));
            slot.store(nanoseconds(delay).max(1), Ordering::Relaxed);
        }
    }

    /// Says that the work is done. Beats that were due before still count; later ones do not.
    pub fn stop(&self) {
        self.run.stopped.get_or_init(Instant::now);
    }

    /// Whether the work is done, or has taken longer than a run may.
    pub fn is_stopped(&self) -> bool {
        self.run.stopped.get().is_some() || self.run.start.elapsed() > RUN_LIMIT
    }

    /// Notes a wait of one period as a stopwatch sees it: by how much longer it took than the period, counted from when it
    /// `began`. It is kept beside the beats and is none.
    pub fn waited(&self, began: Instant) {
        let longer = began.elapsed().saturating_sub(self.run.period);
        let mut waits = self.run.waits.lock().unwrap_or_else(PoisonError::into_inner);
        if waits.len() < MOST_WAITS {
            waits.push(nanoseconds(longer));
        }
    }

    /// A lane for the task with this number, as that of a [`trace`](fn@crate::trace::trace): what it records is drawn under
    /// the beats.
    pub fn lane(&self, number: usize) -> Lane {
        self.run.recorder.lane(number)
    }

    /// When the beat with this number, counted from 0, is due.
    fn due(&self, number: usize) -> Instant {
        let OneRun { start, first, period, .. } = self.run.as_ref();
        *start + *first + *period * u32::try_from(number).unwrap_or(u32::MAX)
    }

    /// What came of the run, which is over at this moment.
    pub(super) fn record(&self) -> Record {
        let (end, run) = (Instant::now(), &*self.run);
        let seconds = run.stopped.get().map(|stop| stop.duration_since(run.start));
        let end_of_work = run.stopped.get().copied().unwrap_or(end);
        let count = (0..run.came.len()).take_while(|&number| self.due(number) <= end_of_work).count();
        let mut missed = 0;
        let beat = |(number, came): (usize, &AtomicU64)| {
            let due = self.due(number);
            let delay = match came.load(Ordering::Relaxed) {
                0 => {
                    missed += 1;
                    end.saturating_duration_since(due)
                }
                delay => Duration::from_nanos(delay),
            };
            Beat { due: (due - run.start).as_secs_f64(), delay: delay.as_secs_f64() }
        };
        let beats: Vec<Beat> = run.came.iter().take(count).enumerate().map(beat).collect();
        let waits = std::mem::take(&mut *run.waits.lock().unwrap_or_else(PoisonError::into_inner));
        Record {
            seconds: seconds.map(|seconds| seconds.as_secs_f64()),
            delays: Delays::of(beats.iter().map(|beat| (beat.delay * 1e9) as u64)),
            waits: Delays::of(waits),
            beats,
            missed,
        }
    }

    pub(super) fn timeline(&self, name: &str) -> Timeline {
        self.run.recorder.timeline(name)
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(1);

    #[test]
    fn a_stall_makes_every_beat_late_that_was_due_in_it() {
        let pulse = Pulse::begin(SHORT);
        let mut stalled = false;
        while let Some(due) = pulse.next() {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if !std::mem::replace(&mut stalled, true) {
                std::thread::sleep(20 * SHORT);
            }
            pulse.beat(due);
            if due.duration_since(pulse.run.start) > 30 * SHORT {
                pulse.stop();
            }
        }
        let record = pulse.record();
        assert_eq!(record.missed, 0);
        let late =
            |least: u32| record.beats.iter().filter(|beat| beat.delay > 1e-3 * f64::from(least)).count();
        assert!(late(10) >= 10 && late(1) >= 18, "{} {} of {}", late(10), late(1), record.beats.len());
        let first = record.beats[0];
        assert!((1e-3..=2e-3).contains(&first.due) && first.delay >= 20e-3, "{first:?}");
        assert_eq!(record.delays.count(), record.beats.len() as u64);
    }

    #[test]
    fn what_never_comes_counts_until_the_end() {
        let pulse = Pulse::begin(SHORT);
        let due = pulse.next().expect("the first");
        std::thread::sleep(20 * SHORT);
        pulse.beat(due);
        pulse.stop();
        let record = pulse.record();
        assert_eq!((record.missed + 1, record.beats.len() >= 19), (record.beats.len(), true));
        assert!(record.beats[1].delay >= 17e-3, "{:?}", record.beats[1]);
        assert!(record.seconds.is_some_and(|seconds| seconds >= 20e-3));
    }

    #[test]
    fn after_the_stop_no_more_is_due_and_several_may_ask() {
        let pulse = Pulse::begin(SHORT);
        let clone = pulse.clone();
        assert!(clone.next() < pulse.next());
        std::thread::sleep(5 * SHORT);
        pulse.stop();
        let rest = std::iter::from_fn(|| clone.next()).count();
        assert!(rest >= 2, "those that were due before are still given out: {rest}");
        assert!(pulse.is_stopped() && pulse.next().is_none());
        // A moment at which no beat is due does no harm.
        pulse.beat(Instant::now() + Duration::from_secs(1_000_000));
        pulse.beat(pulse.run.start);
    }

    #[test]
    fn a_stopwatch_sees_one_long_wait() {
        let pulse = Pulse::begin(SHORT);
        let began = Instant::now();
        std::thread::sleep(20 * SHORT);
        pulse.waited(began);
        let waits = pulse.record().waits;
        assert_eq!(waits.count(), 1);
        assert!(waits.0[0].0 >= 18_900_000, "{waits:?}");
    }
}
