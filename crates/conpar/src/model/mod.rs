//! Laws of parallel speedup and their fits. A law that the points cannot carry is refused, with the reason.
//!
//! | law | speaks of | speedup on N workers | parameters | worker counts needed |
//! |---|---|---|---|---|
//! | [`Amdahl`] | a fixed work | 1 / (s + (1 - s) / N) | serial fraction s | 3 |
//! | [`Usl`] | a fixed work | c N / (1 + σ (N - 1) + κ N (N - 1)) | contention σ, coherency κ, c on one worker | 6 |
//! | [`Gustafson`] | work that grows with N | s' + (1 - s') N | serial fraction s' | 3 |
//! | [`karp_flatt`] | one speedup | | serial fraction e | one above 1 |
//!
//! [`Hockney`] speaks of messages: a price for each, and a price for each of its bytes.
//!
//! [`Laws::fit`] fits them to the samples of a curve, again in every resample of the rounds, and decides what may be said.

mod amdahl;
mod fitted;
mod gustafson;
mod hockney;
mod karp_flatt;
mod laws;
mod refused;
mod usl;

use serde::{Deserialize, Serialize};

pub use amdahl::Amdahl;
pub use fitted::{Fitted, Predicted};
pub use gustafson::Gustafson;
pub use hockney::Hockney;
pub use karp_flatt::{karp_flatt, karp_flatt_of};
pub use laws::{Laws, Source, USL_ROUNDS};
pub use refused::{LawName, Refused};
pub use usl::Usl;

/// One measured speedup: the number of workers and how many times faster than serial they were.
pub type SpeedupPoint = (usize, f64);

/// Whether the work stays the same on more workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Strong scaling: the work is fixed, and more workers are to do it sooner.
    Strong,
    /// Weak scaling: each worker brings its own unit of work, and more workers are to do more in the same time.
    Weak,
}

/// A law that predicts a speedup from the number of workers.
pub trait Law: Copy {
    /// Its name.
    const NAME: LawName;

    /// From how many different worker counts on it may be fitted.
    const NEEDED: usize;

    /// Fits the parameters to `points`.
    ///
    /// # Errors
    ///
    /// [`Refused::TooFewCounts`] with fewer than [`Law::NEEDED`] different worker counts, [`Refused::NotPositive`] for a
    /// speedup that is not a positive number.
    fn fit(points: &[SpeedupPoint]) -> Result<Self, Refused>;

    /// The fit to a resample, from which intervals come; the same unless that would make them too narrow.
    ///
    /// # Errors
    ///
    /// As [`Law::fit`].
    fn refit(points: &[SpeedupPoint]) -> Result<Self, Refused> {
        Self::fit(points)
    }

    /// The speedup that the law predicts. Fractions of a worker are for drawing.
    fn speedup(&self, workers: f64) -> f64;
}
