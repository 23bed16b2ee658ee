//! What the rounds say, and what they would have said in other draws of them.

use super::bootstrap::{interval_beyond, tail};
use super::{Estimate, Samples, Times};

/// The times of all arms over all rounds, and the same for each time that the rounds were drawn again.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn<'s> {
    /// The samples that were drawn from.
    pub samples: &'s Samples,
    /// The times over all rounds.
    pub times: Times,
    /// The times of each draw.
    pub draws: Vec<Times>,
}

impl<'s> Drawn<'s> {
    /// Draws the rounds of `samples` so many times.
    pub fn new(samples: &'s Samples, resamples: usize) -> Drawn<'s> {
        Drawn { samples, times: samples.times(), draws: samples.resample(resamples) }
    }

    /// A quantity with its interval: computed from all rounds, and again from each draw.
    pub fn estimate(&self, quantity: impl Fn(&Times) -> f64) -> Estimate {
        self.interval(quantity(&self.times), self.draws.iter().map(&quantity))
    }

    /// The interval around `point` of what the draws gave, a little wider than [`interval`](super::interval) where the
    /// rounds are few.
    pub fn interval(&self, point: f64, drawn: impl IntoIterator<Item = f64>) -> Estimate {
        interval_beyond(tail(self.samples.rounds()), point, drawn)
    }
}
