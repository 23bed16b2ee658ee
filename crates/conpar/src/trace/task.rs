//! A future whose polls and suspensions are recorded.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use super::{Lane, Recorder};

/// A traced task. See [`Recorder::task`].
#[must_use = "futures do nothing unless they are awaited or spawned"]
pub struct Task<F> {
    lane: Lane,
    // Boxed, so that this can be moved between polls although the future cannot.
    future: Pin<Box<F>>,
    alarm: Arc<Alarm>,
    waker: Waker,
    /// When the last poll left the task suspended.
    suspended: Option<Duration>,
}

/// Passes a wake on to the runtime, and keeps when the first one came.
struct Alarm {
    recorder: Recorder,
    runtime: Mutex<Waker>,
    /// Nanoseconds since the trace began, plus 1; 0 while nobody woke the task.
    woken: AtomicU64,
}

impl<F: Future> Task<F> {
    pub(super) fn new(lane: Lane, future: F) -> Task<F> {
        let alarm = Arc::new(Alarm {
            recorder: lane.recorder().clone(),
            runtime: Mutex::new(Waker::noop().clone()),
            woken: AtomicU64::new(0),
        });
        let waker = Waker::from(alarm.clone());
        Task { lane, future: Box::pin(future), alarm, waker, suspended: None }
    }
}

impl<F: Future> Future for Task<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let task = self.get_mut();
        // Wakes from here on are for the next suspension. The swap takes the time that the waker stored; nothing else is
        // published by it.
        let woken = task.alarm.woken.swap(0, Ordering::Relaxed).checked_sub(1).map(Duration::from_nanos);
        if let Some(start) = task.suspended.take() {
            // A task that is polled without having been woken has waited until now.
            let end = woken.unwrap_or_else(|| task.lane.now());
            // Woken before its poll had come back, it never waited.
            task.lane.waited(None, start, end.max(start));
        }
        task.alarm.listen(context.waker());
        let Task { lane, future, waker, .. } = task;
        let polled = lane.computing(|| future.as_mut().poll(&mut Context::from_waker(waker)));
        if polled.is_pending() {
            task.suspended = Some(task.lane.now());
        }
        polled
    }
}

impl Alarm {
    /// Passes wakes on to `waker` from now on.
    fn listen(&self, waker: &Waker) {
        let mut runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner);
        if !runtime.will_wake(waker) {
            runtime.clone_from(waker);
        }
    }
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let now = u64::try_from(self.recorder.now().as_nanos()).unwrap_or(u64::MAX - 1);
        // Only the first wake of a suspension counts.
        let _ = self.woken.compare_exchange(0, now + 1, Ordering::Relaxed, Ordering::Relaxed);
        // Called without the lock: the runtime may poll the task within.
        let runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner).clone();
        runtime.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Activity, Span, trace};
    use super::*;
    use crate::workload::xorshift;

    /// Gives way once: wakes its task, and says that it is not ready yet.
    #[derive(Default)]
    struct GiveWay(bool);

    impl Future for GiveWay {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            if std::mem::replace(&mut self.0, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        }
    }

    /// Two tasks on one thread: each gives way after each step. A task that gave way was woken at once, so it does not wait:
    /// it is ready, and the other one has the worker.
    #[test]
    fn a_task_that_gives_way_does_not_wait() {
        let timeline = trace("giving way", |recorder| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            let task = |number| {
                recorder.task(number, async {
                    for _ in 0..3 {
                        std::hint::black_box(xorshift(200_000));
                        GiveWay::default().await;
                    }
                })
            };
            let (one, two) = (task(0), task(1));
            runtime.block_on(async {
                for task in [tokio::spawn(one), tokio::spawn(two)] {
                    task.await.expect("no panic");
                }
            });
        });
        let (waits, polls): (Vec<&Span>, Vec<&Span>) =
            timeline.spans.iter().partition(|span| span.activity == Activity::Waiting);
        let total = |spans: &[&Span]| spans.iter().map(|span| span.end - span.start).sum::<f64>();
        assert_eq!(polls.iter().filter(|span| span.lane == 0 && span.worker == Some(0)).count(), 4);
        assert!(
            total(&waits) < total(&polls) / 6.0,
            "{} s of waits, {} s of polls",
            total(&waits),
            total(&polls)
        );
    }

    /// A task that waits for another one waits until that one has sent, on whichever threads both are.
    #[test]
    fn a_task_waits_until_it_is_woken() {
        let timeline = trace("a message", |recorder| {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
            let (sender, receiver) = tokio::sync::oneshot::channel();
            let receives = recorder.task(0, async move { receiver.await.expect("sent") });
            let sends = recorder.task(1, async move {
                // Long enough for the other task to be polled first, on whatever machine: it waits for that.
                std::hint::black_box(xorshift(20_000_000));
                sender.send(7).expect("received");
            });
            let received = runtime.block_on(async {
                let (receives, sends) = (tokio::spawn(receives), tokio::spawn(sends));
                sends.await.expect("no panic");
                receives.await.expect("no panic")
            });
            assert_eq!(received, 7);
        });
        let sent =
            timeline.spans.iter().filter(|span| span.lane == 1).map(|span| span.end).fold(0.0, f64::max);
        let waits = timeline.spans.iter().filter(|span| (span.lane, span.activity) == (0, Activity::Waiting));
        for wait in waits {
            assert!(
                wait.end <= sent + 1e-3 && wait.worker.is_none() && wait.core.is_none(),
                "{wait:?}, sent {sent}"
            );
        }
        assert!(timeline.workers.iter().all(|worker| !worker.name.is_empty()), "tokio names its threads");
    }
}
