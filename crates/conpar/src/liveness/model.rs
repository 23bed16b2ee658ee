//! The world as a model: shuttle runs the threads, one step at a time, in every order or in orders drawn at random.
//!
//! For the text of a child program; [`check`](super::check) puts it in the place of [`real`](super::real).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use shuttle::scheduler::{DfsScheduler, RandomScheduler, ReplayScheduler, Schedule, Scheduler, Task, TaskId};
use shuttle::sync::{Mutex, MutexGuard};
use shuttle::{Config, FailurePersistence, MaxSteps, Runner};

pub use shuttle::thread;

use super::check::Failure;
use super::graph::Graph;
use super::locks::locks;
use super::report::Model;
use super::scene::{self, ActorState, LockState};
use crate::child::tell_and_end;
use crate::error::panic_message;

locks!();

/// How many orders are tried in turn, at most, and for how long; and how many are drawn at random where these were not all.
const TRIED: usize = 2_000_000;
const PATIENCE: Duration = Duration::from_secs(4);
const DRAWN: usize = 300;
const SEED: u64 = 5;

/// Up to how many seats all orders are to be tried. With more, work takes a step, so that it can be seen to overlap.
const FEW: usize = 3;

/// The most steps of one order: a program that retries without end is cut off there.
const MOST_STEPS: usize = 20_000;

/// The fewest units of work of an actor in an execution that ended; the executions that ended.
static LEAST: AtomicU64 = AtomicU64::new(u64::MAX);
static ENDED: AtomicU64 = AtomicU64::new(0);

/// The steps in words, and who waited for whom, when the first execution failed.
static SEEN: OnceLock<(Vec<String>, Graph)> = OnceLock::new();

/// Nothing: a model has no time, and switches before every lock in any case.
pub fn between(_spins: u64) {}

fn pause() {
    if seats() > FEW {
        thread::yield_now();
    }
}

/// How many philosophers, or whatever the program seats: its second argument, 3 without one.
pub fn seats() -> usize {
    std::env::args().nth(2).and_then(|seats| seats.parse().ok()).unwrap_or(FEW)
}

/// Tries the orders of the steps of `trial`, or the one order that the program's first argument names; then it tells the
/// kernel and ends the process.
pub fn trials(trial: impl Fn() + Send + Sync + 'static) {
    scene::tell();
    // What is stuck is seen now: when the panic is caught, the threads are gone.
    std::panic::set_hook(Box::new(|_| drop(SEEN.set((scene::steps(), scene::graph())))));
    let trial = Arc::new(trial);
    if let Some(schedule) = std::env::args().nth(1).filter(|schedule| !schedule.is_empty()) {
        let failure = run(&trial, || ReplayScheduler::new_from_encoded(&schedule)).err();
        report(failure, false);
    }
    let in_turn = run(&trial, || AtLocks(DfsScheduler::new(Some(TRIED), false)));
    let exhausted = match in_turn {
        Ok(tried) => tried.is_some_and(|tried| tried < TRIED) && seats() <= FEW,
        Err(failure) => report(Some(failure), false),
    };
    let drawn = if exhausted { 0 } else { DRAWN };
    report(run(&trial, || RandomScheduler::new_from_seed(SEED, drawn)).err(), exhausted);
}

/// A scheduler that is asked only where somebody tries to take a lock, gives way, or cannot go on.
///
/// Where threads share only what locks guard, nothing is missed by that: a release can as well happen earlier than what
/// others do in between (Lipton, "Reduction", Communications of the ACM 18, 1975).
struct AtLocks<S>(S);

impl<S: Scheduler> Scheduler for AtLocks<S> {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.0.new_execution()
    }

    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>, gives_way: bool) -> Option<TaskId> {
        let goes_on = current.filter(|current| runnable.iter().any(|task| task.id() == *current));
        match goes_on {
            Some(current) if !gives_way && !scene::is_at_a_lock() => Some(current),
            _ => self.0.next_task(runnable, current, gives_way),
        }
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
}

fn report(failure: Option<Failure>, exhausted: bool) -> ! {
    let least = LEAST.load(Ordering::SeqCst);
    tell_and_end(&Model {
        executions: ENDED.load(Ordering::SeqCst) + u64::from(failure.is_some()),
        exhausted,
        most_working: scene::most_working(),
        least_progress: (least != u64::MAX).then_some(least),
        failure,
    })
}

/// Runs the orders of a scheduler, and says how many there were, where the time was enough for all.
fn run<S: Scheduler + 'static>(
    trial: &Arc<impl Fn() + Send + Sync + 'static>,
    scheduler: impl FnOnce() -> S,
) -> Result<Option<usize>, Failure> {
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::Print;
    config.max_steps = MaxSteps::FailAfter(MOST_STEPS);
    config.max_time = Some(if seats() > FEW { PATIENCE / 8 } else { PATIENCE });
    config.stack_size = 1 << 17;
    let clock = std::time::Instant::now();
    let trial = Arc::clone(trial);
    let execution = move || {
        scene::clear();
        trial();
        let least = scene::graph().actors.iter().map(|actor| actor.progress).min().unwrap_or(0);
        LEAST.fetch_min(least, Ordering::SeqCst);
        ENDED.fetch_add(1, Ordering::SeqCst);
    };
    let ran = catch_unwind(AssertUnwindSafe(|| Runner::new(scheduler(), config).run(execution)));
    match ran {
        Ok(tried) => Ok((clock.elapsed() < PATIENCE).then_some(tried)),
        Err(panic) => Err(failure(&panic_message(&*panic))),
    }
}

/// What shuttle says of an execution that failed: words, then the schedule between quotation marks on lines of their own.
fn failure(message: &str) -> Failure {
    let mut parts = message.split("\n\"\n");
    let words = parts.next().unwrap_or_default().trim_end_matches("failing schedule:").trim();
    let schedule = parts.next().and_then(|rest| rest.split("\n\"").next()).unwrap_or_default();
    let (steps, graph) = SEEN.get().cloned().unwrap_or_default();
    Failure { message: words.to_owned(), schedule: schedule.trim().to_owned(), steps, graph }
}
