//! One way to do the work, as the harness runs it.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::hint::black_box;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// What runs an arm's workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The best serial code, the base of every speedup.
    Serial,
    /// A rayon pool with as many threads as workers.
    Rayon,
    /// Threads that the code spawns itself, `std::thread`.
    Threads,
    /// Threads that the code spawns itself, through crossbeam.
    Crossbeam,
    /// Tokio's blocking pool, with as many threads as workers.
    Tokio,
}

/// How much an arm has to do, and with how many workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Load {
    /// The number of workers.
    pub(super) workers: usize,
    /// The units of work: 1 where the work is fixed.
    pub(super) units: usize,
}

/// What one timing of an arm gave.
pub(super) struct Timed {
    /// The time of all repeats.
    pub(super) elapsed: Duration,
    /// The arm's value where it differs from serial's, and serial's.
    pub(super) wrong: Option<Wrong>,
}

/// A value that is not the one that serial computed.
pub(super) struct Wrong {
    pub(super) value: String,
    pub(super) expected: String,
}

/// The code of an arm with its value's type erased: `run(load, repeats)`.
pub(super) enum Code<'a> {
    /// Runs on the calling thread, which may start threads of its own.
    Caller(Box<dyn Fn(Load, u32) -> Timed + 'a>),
    /// Runs inside a rayon pool, so it must be able to cross threads.
    RayonPool(Box<dyn Fn(Load, u32) -> Timed + Sync + 'a>),
    /// Runs on a tokio runtime.
    TokioRuntime(Box<TokioCode<'a>>),
}

type TokioCode<'a> = dyn Fn(&tokio::runtime::Runtime, Load, u32) -> Timed + 'a;

/// An arm: its name, what runs it, and its code.
pub(super) struct Arm<'a> {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) code: Code<'a>,
}

/// How two values are compared.
pub(super) type Agree<T> = fn(&T, &T) -> bool;

/// Serial's value for each number of units of work, which every arm's value is held against.
pub(super) struct Reference<T> {
    values: Arc<Mutex<BTreeMap<usize, T>>>,
    agree: Arc<OnceLock<Agree<T>>>,
}

impl<T> Clone for Reference<T> {
    fn clone(&self) -> Self {
        Reference { values: Arc::clone(&self.values), agree: Arc::clone(&self.agree) }
    }
}

impl<T> Reference<T> {
    pub(super) fn new() -> Reference<T> {
        Reference { values: Arc::default(), agree: Arc::default() }
    }

    pub(super) fn set_agree(&self, agree: Agree<T>) {
        // The first way to compare stays: a builder is asked once.
        let _ = self.agree.set(agree);
    }
}

impl<T: PartialEq + Debug> Reference<T> {
    /// Times `repeats` runs of `code` on so many units; then, with the clock stopped, compares the last value. The first
    /// value ever seen of so many units is serial's, since serial runs first.
    pub(super) fn time(&self, units: usize, repeats: u32, code: impl Fn() -> T) -> Timed {
        // Called through a pointer that the optimiser cannot see through: it could otherwise compute a pure closure once
        // and leave an empty loop.
        let code: &dyn Fn() -> T = black_box(&code);
        let start = Instant::now();
        for _ in 1..repeats {
            black_box(code());
        }
        let value = black_box(code());
        let elapsed = start.elapsed();
        let agree = self.agree.get().copied().unwrap_or(|one, two| one == two);
        // A panic in the reader's `==` leaves the values whole.
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        // Serial is compared with itself too: a value that is not equal to itself (NaN) can prove nothing.
        let wrong = match values.get(&units) {
            Some(expected) if agree(&value, expected) => None,
            Some(expected) => Some(Wrong { value: shown(&value), expected: shown(expected) }),
            None if agree(&value, &value) => {
                values.insert(units, value);
                None
            }
            None => Some(Wrong { value: shown(&value), expected: shown(&value) }),
        };
        Timed { elapsed, wrong }
    }
}

/// A value as it goes into an error: cut where it would fill the page.
fn shown<T: Debug>(value: &T) -> String {
    const MOST: usize = 80;
    let text = format!("{value:?}");
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
