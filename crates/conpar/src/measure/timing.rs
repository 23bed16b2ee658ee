//! Times a closure: often enough for one sample, and only if it computed what it should.

use std::fmt::Debug;
use std::hint::black_box;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// The least time of one sample. Shorter work is repeated within a sample: the clock's own cost (some 20 ns) and a wake
/// of a worker (some 10 µs) must stay small beside it.
pub(crate) const SHORTEST: Duration = Duration::from_millis(2);

/// How many repeats make a sample of [`SHORTEST`]; `time(repeats)` gives the seconds of one run.
pub(crate) fn repeats<E>(time: &mut dyn FnMut(u32) -> Result<f64, E>) -> Result<u32, E> {
    let mut repeats = 1_u32;
    loop {
        let elapsed = time(repeats)? * f64::from(repeats);
        if elapsed >= SHORTEST.as_secs_f64() {
            return Ok(repeats);
        }
        // A first run is cold and looks longer than the rest, so the estimate is approached and not jumped to.
        let wanted = SHORTEST.as_secs_f64() / elapsed.max(1e-9);
        repeats = repeats.saturating_mul(wanted.ceil().clamp(2.0, 16.0) as u32);
    }
}

/// What one timing of an arm gave.
pub(crate) struct Timed {
    /// The time of all repeats.
    pub(crate) elapsed: Duration,
    /// The arm's value where it differs from the reference, and the reference.
    pub(crate) wrong: Option<Wrong>,
}

/// A value that is not the one that it should be.
pub(crate) struct Wrong {
    pub(crate) value: String,
    pub(crate) expected: String,
}

/// How two values are compared.
pub(crate) type Agree<T> = fn(&T, &T) -> bool;

/// The first value of each piece of work, serial's where there is a serial arm: every arm's value is held against it.
pub(crate) struct Reference<T>(Arc<Known<T>>);

struct Known<T> {
    /// The pieces of work are few, and a cell compiles what this is made of for each new `T`: a list, and no map.
    values: Mutex<Vec<(u64, T)>>,
    agree: OnceLock<Agree<T>>,
}

impl<T> Clone for Reference<T> {
    fn clone(&self) -> Self {
        Reference(Arc::clone(&self.0))
    }
}

impl<T> Reference<T> {
    pub(crate) fn new() -> Reference<T> {
        Reference(Arc::new(Known { values: Mutex::new(Vec::new()), agree: OnceLock::new() }))
    }

    pub(crate) fn set_agree(&self, agree: Agree<T>) {
        // The first way to compare stays: a builder is asked once.
        let _ = self.0.agree.set(agree);
    }
}

impl<T: PartialEq + Debug> Reference<T> {
    /// Times `repeats` runs of `code`; then, with the clock stopped, compares the last value with the first one that was
    /// ever seen of this piece of `work`, a number that tells it from others.
    pub(crate) fn time(&self, work: u64, repeats: u32, code: impl Fn() -> T) -> Timed {
        // Called through a pointer that the optimiser cannot see through: it could otherwise compute a pure closure once
        // and leave an empty loop.
        let code: &dyn Fn() -> T = black_box(&code);
        let start = Instant::now();
        for _ in 1..repeats {
            black_box(code());
        }
        let value = black_box(code());
        Timed { elapsed: start.elapsed(), wrong: self.wrong(work, value) }
    }

    /// Compares a value with the first one that was ever seen of this piece of `work`.
    pub(crate) fn wrong(&self, work: u64, value: T) -> Option<Wrong> {
        let agree = self.0.agree.get().copied().unwrap_or(|one, two| one == two);
        // A panic in the reader's `==` leaves the values whole.
        let mut values = self.0.values.lock().unwrap_or_else(PoisonError::into_inner);
        let known = values.iter().find(|(known, _)| *known == work).map(|(_, expected)| expected);
        // The first is compared with itself too: a value that is not equal to itself (NaN) can prove nothing.
        let expected = known.unwrap_or(&value);
        if !agree(&value, expected) {
            return Some(Wrong { value: shown(&value), expected: shown(expected) });
        }
        if known.is_none() {
            values.push((work, value));
        }
        None
    }
}

/// A value as it goes into an error: cut where it would fill the page.
fn shown(value: &dyn Debug) -> String {
    const MOST: usize = 80;
    let text = format!("{value:?}");
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
