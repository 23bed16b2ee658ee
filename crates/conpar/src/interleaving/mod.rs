//! What a small concurrent program can do: every order of its steps, every execution that the memory model allows, or
//! orders drawn at random.
//!
//! [`every_order`] and [`random_orders`] take a program whose threads are those of [`shuttle`] and whose steps are marked,
//! and run it one [step](Steps::step) at a time: what a step has written all others see at once (sequential consistency).
//! [`every_execution`] takes a program written with the types of [`loom`], in which a thread may also read an older value,
//! wherever the memory model of Rust (which is that of C++20) lets it.
//!
//! ```
//! use conpar::prelude::*;
//! use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
//!
//! let explored = every_order("load, store", |steps| {
//!     let counter = std::sync::Arc::new(AtomicU64::new(0));
//!     let threads: Vec<_> = (0..2)
//!         .map(|thread| {
//!             let (counter, steps) = (counter.clone(), steps.clone());
//!             shuttle::thread::spawn(move || {
//!                 let seen = steps.step(thread, "load", || counter.load(SeqCst));
//!                 steps.step(thread, "store", || counter.store(seen + 1, SeqCst));
//!             })
//!         })
//!         .collect();
//!     threads.into_iter().for_each(|thread| thread.join().unwrap());
//!     counter.load(SeqCst)
//! })?;
//! assert_eq!(explored.outcomes(), ["1", "2"]);
//! # Ok::<(), conpar::Error>(())
//! ```

mod explored;

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use explored::{Explored, How, Path, Step};
use explored::{Seen, TOO_LATE};

use crate::Error;
use crate::error::panic_message;
use crate::language::word;

/// The most executions that are looked at.
pub const MOST_EXECUTIONS: usize = 100_000;

/// How long is looked at most.
pub const LIMIT: Duration = Duration::from_secs(10);

/// The most steps that one execution records.
const MOST_STEPS: usize = 1_000;

/// After how many executions loom looks whether it has to end.
const LOOM_LOOKS: usize = 100;

/// Where the threads of a model take their steps.
#[derive(Debug, Clone)]
pub struct Steps {
    how: How,
    taken: Arc<Mutex<Vec<Step>>>,
}

impl Steps {
    /// Takes a step: `thread`, counted from 0, does `what`. Among [orders](every_order) another thread may go on before
    /// it, and none can come in while it is taken. Among [executions](every_execution) that is loom's to say, which knows
    /// its own operations; the step is only written down.
    pub fn step<T>(&self, thread: usize, what: &str, operation: impl FnOnce() -> T) -> T {
        if self.how != How::EveryExecution {
            shuttle::thread::yield_now();
        }
        let value = operation();
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() < MOST_STEPS {
            taken.push(Step { thread, what: what.to_owned() });
        }
        value
    }

    fn take(&self) -> Vec<Step> {
        std::mem::take(&mut self.taken.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Runs a model with shuttle's threads in every order of its steps; what it gives back is its outcome.
///
/// # Errors
///
/// [`Error::EmptyName`]; [`Error::NoExecution`] where not one execution came to its end.
pub fn every_order<R: Debug>(
    name: &str,
    model: impl Fn(&Steps) -> R + Send + Sync + 'static,
) -> Result<Explored, Error> {
    explore(name, How::EveryOrder, MOST_EXECUTIONS, erased(model))
}

/// Runs a model with shuttle's threads in `count` orders drawn at random, at most [`MOST_EXECUTIONS`]. At each step
/// every thread that could go on is equally likely: that is no picture of a real scheduler.
///
/// # Errors
///
/// As [`every_order`].
pub fn random_orders<R: Debug>(
    name: &str,
    count: usize,
    model: impl Fn(&Steps) -> R + Send + Sync + 'static,
) -> Result<Explored, Error> {
    explore(name, How::RandomOrders, count.clamp(1, MOST_EXECUTIONS), erased(model))
}

/// Runs a model written with loom's types in every execution that the memory model allows.
///
/// Loom takes sequentially consistent loads and stores for acquiring and releasing ones, and allows more than it should;
/// with fences it is exact (loom's documentation, "SeqCst").
///
/// # Errors
///
/// As [`every_order`].
pub fn every_execution<R: Debug>(
    name: &str,
    model: impl Fn(&Steps) -> R + Send + Sync + 'static,
) -> Result<Explored, Error> {
    explore(name, How::EveryExecution, MOST_EXECUTIONS, erased(model))
}

/// A model whose outcome is written down.
type Model = Box<dyn Fn(&Steps) -> String + Send + Sync + 'static>;

fn erased<R: Debug>(model: impl Fn(&Steps) -> R + Send + Sync + 'static) -> Model {
    Box::new(move |steps| format!("{:?}", model(steps)))
}

// Not generic, so that it is compiled here: both checkers switch stacks by a routine in assembler, which a dylib does not
// export, and code of theirs that is compiled in a cell would look for it in vain.
fn explore(name: &str, how: How, most: usize, model: Model) -> Result<Explored, Error> {
    if name.trim().is_empty() {
        return Err(Error::EmptyName { what: word!(en: "the model", pt: "o modelo") });
    }
    let (steps, seen) = (Steps { how, taken: Arc::default() }, Arc::new(Mutex::new(Seen::default())));
    let start = Instant::now();
    let run: Box<dyn Fn() + Send + Sync> = {
        let (steps, seen) = (steps.clone(), Arc::clone(&seen));
        Box::new(move || {
            // What an execution that was given up has left.
            steps.take();
            assert!(start.elapsed() <= LIMIT, "{TOO_LATE}");
            let outcome = model(&steps);
            seen.lock().unwrap_or_else(PoisonError::into_inner).add(steps.take(), outcome);
        })
    };
    let ended = quietly(|| {
        catch_unwind(AssertUnwindSafe(|| match how {
            How::EveryOrder => shuttle::check_dfs(run, Some(most)),
            How::RandomOrders => shuttle::check_random(run, most),
            How::EveryExecution => check_by_loom(run, most),
        }))
    });
    let seen = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
    let complete =
        how != How::RandomOrders && start.elapsed() < LIMIT && seen.executions() + LOOM_LOOKS < most;
    let failure = ended.err().map(|panic| panic_message(&*panic));
    seen.explored(name, how, complete, failure.map(|message| (message, steps.take())))
}

fn check_by_loom(run: Box<dyn Fn() + Send + Sync>, most: usize) {
    let mut builder = loom::model::Builder::new();
    builder.max_permutations = Some(most);
    builder.max_duration = Some(LIMIT);
    builder.checkpoint_interval = LOOM_LOOKS;
    builder.check(run);
}

/// Runs `work` without the words that a panic prints: a model that fails is a result, and its schedule says more.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    let value = work();
    std::panic::set_hook(hook);
    value
}
