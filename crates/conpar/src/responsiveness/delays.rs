//! Delays as an HDR histogram keeps them, and their percentiles over any choice of rounds.

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// The delays that can be told apart: from 100 ns to 100 s, to three significant digits.
const BOUNDS: (u64, u64) = (100, 100_000_000_000);
const DIGITS: u8 = 3;

/// The share of the cases in which an interval at 95% may end too low.
const TAIL: f64 = 0.025;

/// Delays in nanoseconds, each with how many beats had it, in ascending order: what an HDR histogram recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Delays(pub Vec<(u64, u64)>);

impl Delays {
    /// Records delays in nanoseconds.
    pub(super) fn of(delays: impl IntoIterator<Item = u64>) -> Delays {
        let Some(mut histogram) = histogram() else { return Delays::default() };
        delays.into_iter().for_each(|delay| histogram.saturating_record(delay));
        Delays::recorded(&histogram)
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// The same with the delays that a stopwatch left out while it waited, as HdrHistogram adds them: for one of n periods
    /// those of n - 1, n - 2, … periods.
    pub fn corrected(&self, period: f64) -> Delays {
        let Some(mut histogram) = histogram() else { return Delays::default() };
        for &(delay, count) in &self.0 {
            histogram.saturating_record_n(delay, u32::try_from(count).unwrap_or(u32::MAX));
        }
        Delays::recorded(&histogram.clone_correct((period * 1e9) as u64))
    }

    fn recorded(histogram: &Histogram<u32>) -> Delays {
        let recorded = histogram.iter_recorded();
        Delays(recorded.map(|step| (step.value_iterated_to(), u64::from(step.count_at_value()))).collect())
    }
}

/// An empty histogram: the bounds are right, so that it is there.
fn histogram() -> Option<Histogram<u32>> {
    Histogram::new_with_bounds(BOUNDS.0, BOUNDS.1, DIGITS).ok()
}

/// Whether so many beats tell an upper end of the interval of this quantile (0 to 1).
///
/// That all of n independent beats come sooner than the true quantile q has the probability qⁿ. While that is more than
/// 2.5%, even the latest beat may lie below it, and nothing in the sample can bound it from above: p99 needs 368 beats, p99.9
/// needs 3,688. Beats of one stall depend on one another, so it is the least that is needed, and not always enough.
pub fn enough_beats(quantile: f64, beats: u64) -> bool {
    quantile.powf(beats as f64) <= TAIL
}

/// The delays of several rounds by ascending delay, each with its round and its count.
pub(super) struct Pool {
    sorted: Vec<(u64, usize, u64)>,
    /// How many delays each round has.
    rounds: Vec<u64>,
}

impl Pool {
    pub(super) fn new<'d>(rounds: impl IntoIterator<Item = (usize, &'d Delays)>) -> Pool {
        let mut pool = Pool { sorted: Vec::new(), rounds: Vec::new() };
        for (round, delays) in rounds {
            pool.rounds.resize(pool.rounds.len().max(round + 1), 0);
            pool.rounds[round] += delays.count();
            pool.sorted.extend(delays.0.iter().map(|&(delay, count)| (delay, round, count)));
        }
        pool.sorted.sort_unstable();
        pool
    }

    pub(super) fn count(&self) -> u64 {
        self.rounds.iter().sum()
    }

    /// The delay in seconds at `quantile` (0 to 1), when round `r` counts `drawn[r]` times: the smallest delay that at least
    /// that share of the beats does not exceed, as HdrHistogram has it. NaN where there is none.
    pub(super) fn at(&self, quantile: f64, drawn: &[u32]) -> f64 {
        let all: u64 = self.rounds.iter().zip(drawn).map(|(count, &times)| count * u64::from(times)).sum();
        if all == 0 {
            return f64::NAN;
        }
        // The product of a share and a count may lie a little above the whole number that it is.
        let rank = ((quantile * all as f64 - 1e-9).ceil() as u64).clamp(1, all);
        let counted = |&(delay, round, count): &(u64, usize, u64)| {
            (delay, count * u64::from(drawn.get(round).copied().unwrap_or(0)))
        };
        // From the end that is nearer: a tail has few.
        let found = match rank <= all / 2 {
            true => nth(self.sorted.iter().map(counted), rank),
            false => nth(self.sorted.iter().rev().map(counted), all - rank + 1),
        };
        found.map_or(f64::NAN, |delay| delay as f64 / 1e9)
    }
}

/// The delay at which so many have been passed.
fn nth(delays: impl Iterator<Item = (u64, u64)>, rank: u64) -> Option<u64> {
    let mut passed = 0;
    let mut delays = delays.skip_while(|&(_, count)| {
        passed += count;
        passed < rank
    });
    delays.next().map(|(delay, _)| delay)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_hdrhistogram() {
        let mut random = fastrand::Rng::with_seed(3);
        for beats in [1, 2, 10, 99, 100, 101, 1_000, 5_000] {
            let delays: Vec<u64> =
                (0..beats).map(|_| (1e5 * 10_f64.powf(3.0 * random.f64())) as u64).collect();
            let mut histogram = histogram().expect("the bounds are right");
            delays.iter().for_each(|&delay| histogram.saturating_record(delay));
            // Two rounds, the second drawn once as the first is: together they are all delays.
            let (one, two) = delays.split_at(beats / 2);
            let (one, two) = (Delays::of(one.iter().copied()), Delays::of(two.iter().copied()));
            let pool = Pool::new([(0, &one), (1, &two)]);
            assert_eq!(pool.count(), beats as u64);
            for quantile in [0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0] {
                let expected = histogram.value_at_quantile(quantile) as f64 / 1e9;
                assert_eq!(pool.at(quantile, &[1, 1]), expected, "{quantile} of {beats}");
            }
        }
    }

    #[test]
    fn a_round_counts_as_often_as_it_is_drawn() {
        let (quick, slow) = (Delays::of([1_000_000; 99]), Delays::of([50_000_000; 1]));
        let pool = Pool::new([(0, &quick), (1, &slow)]);
        let p99 = |drawn: &[u32]| pool.at(0.99, drawn);
        assert!((p99(&[1, 1]) - 1e-3).abs() < 1e-5);
        assert!((p99(&[1, 2]) - 50e-3).abs() < 1e-4);
        assert!((p99(&[0, 1]) - 50e-3).abs() < 1e-4);
        assert!(p99(&[0, 0]).is_nan() && Pool::new([]).at(0.5, &[]).is_nan());
    }

    #[test]
    fn the_correction_adds_what_the_stopwatch_slept_through() {
        let waits = Delays::of([100_000, 100_000, 10_050_000]);
        let corrected = waits.corrected(1e-3);
        assert_eq!((waits.count(), corrected.count()), (3, 12));
        assert!(corrected.0.iter().any(|&(delay, _)| (1_000_000..1_200_000).contains(&delay)));
    }

    #[test]
    fn how_many_beats_a_percentile_needs() {
        assert!(enough_beats(0.5, 6) && !enough_beats(0.5, 5));
        assert!(enough_beats(0.99, 368) && !enough_beats(0.99, 367));
        assert!(enough_beats(0.999, 3_688) && !enough_beats(0.999, 3_687));
    }
}
