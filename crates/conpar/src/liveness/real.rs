//! The world as it is: threads and mutexes of the standard library.
//!
//! For the text of a child program: `use conpar::liveness::real::*;`.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::task::Poll;
use std::time::{Duration, Instant};

pub use std::thread;

use super::locks::locks;
use super::report::{Trials, Window};
use super::scene::{self, ActorState, LockState};
use crate::child::tell_and_end;
use crate::machine;

locks!();

/// How often a watchdog looks.
const LOOK: Duration = Duration::from_millis(1);

/// In how many looks, one after the other, all threads have to sleep and nobody to take a step, before a program counts as
/// stuck that has no cycle of locks: it waits for something else. Looks are counted, and not time, because a machine that
/// stood still for a while has not looked.
const SILENT_LOOKS: u32 = 300;

/// How long a program runs before it is observed, and for how long it is.
const WARM: Duration = Duration::from_millis(100);
const WINDOW: Duration = Duration::from_millis(300);

/// Work takes its time by itself.
fn pause() {}

/// Computes for `spins` turns of an empty loop: some nanoseconds each.
pub fn between(spins: u64) {
    for _ in 0..spins {
        std::hint::spin_loop();
    }
}

/// How many philosophers, or whatever the program seats: its second argument, 5 without one.
pub fn seats() -> usize {
    argument(2).unwrap_or(5)
}

fn argument(number: usize) -> Option<usize> {
    std::env::args().nth(number)?.parse().ok()
}

/// A worker thread of a runtime, as something that only one task can hold at a time.
#[derive(Debug)]
pub struct Worker(std::sync::Arc<LockState>);

impl Worker {
    /// A worker with this name.
    pub fn new(name: impl std::fmt::Display) -> Worker {
        Worker(scene::new_lock(name.to_string()))
    }
}

impl Actor {
    /// Runs a task on the worker: it holds it while it is polled, and waits for it in between.
    pub async fn run_on<F: Future>(&self, worker: &Worker, task: F) -> F::Output {
        let mut task = pin!(task);
        poll_fn(|context| {
            self.0.has(&worker.0);
            let polled = task.as_mut().poll(context);
            self.0.releases(&worker.0);
            if polled.is_pending() {
                self.0.wants(&worker.0);
            }
            match polled {
                Poll::Ready(output) => Poll::Ready(output),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }
}

/// Runs `trial` over and over, as often as the program's first argument says, until it is stuck or done; then it tells the
/// kernel and ends the process.
pub fn trials(trial: impl Fn()) {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let most = argument(1).unwrap_or(1_000) as u64;
    let clock = Instant::now();
    let report = move |stuck, least_progress| Trials {
        trials: NUMBER.load(Ordering::SeqCst),
        stuck,
        seconds: clock.elapsed().as_secs_f64(),
        most_working: scene::most_working(),
        least_progress,
    };
    std::thread::spawn(move || {
        let graph = when_stuck();
        tell_and_end(&report(Some(graph), None));
    });
    let mut least_progress = None;
    for number in 1..=most {
        NUMBER.store(number, Ordering::SeqCst);
        scene::clear();
        trial();
        let least = scene::graph().actors.iter().map(|actor| actor.progress).min();
        least_progress = least_progress.map_or(least, |before: u64| least.map(|least| least.min(before)));
    }
    tell_and_end(&report(None, least_progress));
}

/// Waits until the scene is stuck: a cycle in which nobody took a step between two looks, or silence.
fn when_stuck() -> super::Graph {
    let (mut before, mut silent) = (scene::graph(), 0);
    loop {
        std::thread::sleep(LOOK);
        let now = scene::graph();
        if now != before {
            (before, silent) = (now, 0);
            continue;
        }
        if !now.cycle().is_empty() {
            return now;
        }
        let sleep = !now.actors.is_empty() && machine::other_threads_sleep() == Some(true);
        silent = if sleep { silent + 1 } else { 0 };
        if silent >= SILENT_LOOKS {
            return now;
        }
    }
}

/// Runs `program` and watches it for a moment: who makes progress, and what is spent on it. Then it tells the kernel and
/// ends the process.
pub fn observe(program: impl FnOnce()) {
    std::thread::spawn(|| {
        std::thread::sleep(WARM);
        let (clock, cpu, before) = (Instant::now(), machine::process_cpu_time(), scene::graph());
        std::thread::sleep(WINDOW);
        let used = machine::process_cpu_time().zip(cpu);
        tell_and_end(&Window {
            seconds: clock.elapsed().as_secs_f64(),
            cpu_seconds: used.map(|(after, before)| after.saturating_sub(before).as_secs_f64()),
            graphs: [before, scene::graph()],
            ended: false,
        });
    });
    program();
    let graph = scene::graph();
    tell_and_end(&Window { seconds: 0.0, cpu_seconds: None, graphs: [graph.clone(), graph], ended: true });
}
