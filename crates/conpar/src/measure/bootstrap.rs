//! Intervals by resampling whole rounds.

use serde::{Deserialize, Serialize};

use super::{Estimate, Sample};

/// The confidence level of every interval.
pub const LEVEL: f64 = 0.95;

/// The share of a distribution beyond each end of an interval at [`LEVEL`].
const TAIL: f64 = (1.0 - LEVEL) / 2.0;

/// Where the normal distribution has the share [`TAIL`] beyond.
const NORMAL: f64 = 1.959_963_984_540_054;

/// How often the rounds are drawn again for an interval. At 2,000 the ends of a 95% percentile interval rest on the 50
/// smallest and the 50 largest values (Efron and Tibshirani 1993, section 13.3, advise at least 1,000).
pub const RESAMPLES: usize = 2_000;

/// From how many clean samples on an arm is judged by their median. With competing load, the median of a handful of
/// clean samples was found further off than the minimum of all.
pub const ENOUGH_CLEAN: usize = 20;

/// Fewer will do where nearly all are clean: then there is no load that chose them.
const NEARLY_ALL: f64 = 0.8;

/// How an arm's samples become one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Estimator {
    /// The median of the clean samples.
    MedianOfClean,
    /// The smallest of all samples, clean or not: too few were clean. It shows what happened and decides nothing.
    Minimum,
}

/// All samples of an experiment: `samples[arm][round]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    arms: Vec<Vec<Sample>>,
    /// Of each arm the clean samples, and all of them, by ascending time: sorted once, so that no draw has to be.
    clean: Vec<Sorted>,
    all: Vec<Sorted>,
    /// Whether each arm has clean samples enough for their median.
    enough_clean: Vec<bool>,
}

/// The time of each arm over some choice of rounds, in seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Times {
    /// The median of the clean samples of each arm; NaN where there is none.
    medians: Vec<f64>,
    /// The smallest of all samples of each arm.
    minima: Vec<f64>,
}

impl Samples {
    /// Takes samples as `samples[arm][round]`; every arm has a sample of every round.
    pub fn new(arms: Vec<Vec<Sample>>) -> Samples {
        Samples {
            clean: arms.iter().map(|arm| Sorted::new(arm, |sample| sample.clean)).collect(),
            all: arms.iter().map(|arm| Sorted::new(arm, |_| true)).collect(),
            enough_clean: arms.iter().map(|arm| enough_clean(arm)).collect(),
            arms,
        }
    }

    /// The samples as they were taken, `[arm][round]`.
    pub fn into_arms(self) -> Vec<Vec<Sample>> {
        self.arms
    }

    /// The samples of some arms in every other round: the first, third, … for `from` 0, the second, fourth, … for 1.
    pub fn every_other(&self, from: usize, arms: &[usize]) -> Samples {
        let half = |&arm: &usize| self.arms[arm].iter().skip(from).step_by(2).copied().collect();
        Samples::new(arms.iter().map(half).collect())
    }

    /// The number of complete rounds.
    pub fn rounds(&self) -> usize {
        self.arms.iter().map(Vec::len).min().unwrap_or(0)
    }

    /// How many samples of `arm` were clean.
    pub fn clean(&self, arm: usize) -> usize {
        clean(&self.arms[arm])
    }

    /// How `arm` is judged beside `base`. Always both in the same way: a minimum beside a median would look faster than
    /// it is.
    pub fn estimator(&self, base: usize, arm: usize) -> Estimator {
        match self.enough_clean[base] && self.enough_clean[arm] {
            true => Estimator::MedianOfClean,
            false => Estimator::Minimum,
        }
    }

    /// The time of `arm` in seconds, as it is estimated beside `base`.
    pub fn seconds(&self, times: &Times, base: usize, arm: usize) -> f64 {
        match self.estimator(base, arm) {
            Estimator::MedianOfClean => times.medians[arm],
            Estimator::Minimum => times.minima[arm],
        }
    }

    /// How many times faster than `base` the `arm` is.
    pub fn ratio(&self, times: &Times, base: usize, arm: usize) -> f64 {
        match self.estimator(base, arm) {
            Estimator::MedianOfClean => times.medians[base] / times.medians[arm],
            Estimator::Minimum => times.minima[base] / times.minima[arm],
        }
    }

    /// The mean of all samples of `base`, clean or not, divided by that of `arm`. It is what a measurement says that
    /// knows none of the rules here, and good for nothing but to be compared with.
    pub fn ratio_of_means(&self, base: usize, arm: usize) -> f64 {
        let mean = |arm: usize| {
            let samples = &self.arms[arm];
            samples.iter().map(|sample| sample.seconds).sum::<f64>() / samples.len() as f64
        };
        mean(base) / mean(arm)
    }

    /// The times over all rounds.
    pub fn times(&self) -> Times {
        self.times_of(&vec![1; self.rounds()])
    }

    /// Draws the rounds `resamples` times with replacement and gives the times of each draw.
    ///
    /// All arms see the same rounds, so a ratio of two of them is a paired one. The seed is fixed: the same samples
    /// always give the same intervals.
    pub fn resample(&self, resamples: usize) -> Vec<Times> {
        draws(self.rounds(), resamples).map(|drawn| self.times_of(&drawn)).collect()
    }

    /// The times when round `r` counts `drawn[r]` times.
    fn times_of(&self, drawn: &[u32]) -> Times {
        Times {
            medians: self.clean.iter().map(|samples| samples.median(drawn)).collect(),
            minima: self.all.iter().map(|samples| samples.minimum(drawn)).collect(),
        }
    }
}

/// Draws so many rounds with replacement, `resamples` times: how often each of them was drawn.
///
/// The seed is fixed: the same number of rounds always gives the same draws, so that whatever is computed from them is
/// paired.
pub fn draws(rounds: usize, resamples: usize) -> impl Iterator<Item = Vec<u32>> {
    let mut rng = fastrand::Rng::with_seed(0x5eed);
    (0..resamples).map(move |_| {
        let mut drawn = vec![0; rounds];
        (0..rounds).for_each(|_| drawn[rng.usize(..rounds)] += 1);
        drawn
    })
}

/// Samples of one arm by ascending time, each with its round.
#[derive(Debug, Clone, PartialEq)]
struct Sorted(Vec<(usize, f64)>);

impl Sorted {
    fn new(samples: &[Sample], wanted: impl Fn(&Sample) -> bool) -> Sorted {
        let rounds = samples.iter().enumerate().filter(|(_, sample)| wanted(sample));
        let mut sorted: Vec<(usize, f64)> = rounds.map(|(round, sample)| (round, sample.seconds)).collect();
        sorted.sort_unstable_by(|one, two| one.1.total_cmp(&two.1));
        Sorted(sorted)
    }

    /// The median when round `r` counts `drawn[r]` times; of an even number of values the mean of the middle two. NaN when
    /// there is none.
    fn median(&self, drawn: &[u32]) -> f64 {
        let count: u32 = self.0.iter().map(|&(round, _)| drawn[round]).sum();
        if count == 0 {
            return f64::NAN;
        }
        let mut passed = 0;
        // The value that has `below` others below it; to be asked for in ascending order.
        let mut sorted = self.0.iter();
        let mut last = f64::NAN;
        let mut at = |below: u32| {
            while passed <= below {
                let Some(&(round, seconds)) = sorted.next() else { break };
                passed += drawn[round];
                last = seconds;
            }
            last
        };
        let lower = at((count - 1) / 2);
        (lower + at(count / 2)) / 2.0
    }

    fn minimum(&self, drawn: &[u32]) -> f64 {
        let first = self.0.iter().find(|&&(round, _)| drawn[round] > 0);
        first.map_or(f64::INFINITY, |&(_, seconds)| seconds)
    }
}

/// Whether an arm's clean samples carry a median.
pub(super) fn enough_clean(samples: &[Sample]) -> bool {
    let clean = clean(samples);
    clean >= ENOUGH_CLEAN || clean as f64 >= NEARLY_ALL * samples.len() as f64
}

fn clean(samples: &[Sample]) -> usize {
    samples.iter().filter(|sample| sample.clean).count()
}

/// The median; of an even number of values the mean of the middle two. NaN when there is none. Reorders `values`.
pub fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let middle = values.len() / 2;
    let even = values.len().is_multiple_of(2);
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if even { (below.iter().copied().fold(f64::MIN, f64::max) + upper) / 2.0 } else { upper }
}

/// The percentile interval of `resampled` values around `point`, at [`LEVEL`].
///
/// Values that are not finite (a resample in which a fit was impossible) are left out.
pub fn interval(point: f64, resampled: impl IntoIterator<Item = f64>) -> Estimate {
    interval_beyond(TAIL, point, resampled)
}

/// The interval between the `tail` share of the `resampled` values and the largest such share.
pub(super) fn interval_beyond(tail: f64, point: f64, resampled: impl IntoIterator<Item = f64>) -> Estimate {
    let mut values: Vec<f64> = resampled.into_iter().filter(|value| value.is_finite()).collect();
    let count = values.len();
    let mut at = |share: f64| match count {
        0 => f64::NAN,
        _ => *values.select_nth_unstable_by((share * (count - 1) as f64).round() as usize, f64::total_cmp).1,
    };
    Estimate { point, low: at(tail), high: at(1.0 - tail), level: LEVEL }
}

/// The share of the resampled values to leave out at each end for an interval at [`LEVEL`] from so many rounds.
///
/// Values that are drawn from n rounds spread less than the estimate does, by √((n - 1) / n): a resample knows the mean of
/// its rounds and not the true one. So the ends are put further out by the inverse (Hesterberg, "What teachers should know
/// about the bootstrap", The American Statistician 69(4), 2015, on the narrowness bias). With seven rounds 1.7% are left
/// out at each end, with 200 rounds 2.5%.
pub(super) fn tail(rounds: usize) -> f64 {
    let rounds = rounds.max(2) as f64;
    let density = |z: f64| (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt();
    let further = NORMAL * (rounds / (rounds - 1.0)).sqrt();
    // The part of the normal distribution in between, by Simpson's rule.
    let between = (further - NORMAL) / 6.0
        * (density(NORMAL) + 4.0 * density((NORMAL + further) / 2.0) + density(further));
    TAIL - between
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(times: &[f64]) -> Vec<Sample> {
        times.iter().map(|&seconds| Sample { seconds, clean: true }).collect()
    }

    #[test]
    fn medians_of_odd_even_and_no_values() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), 2.5);
        assert!(median(&mut []).is_nan());
    }

    #[test]
    fn the_median_of_a_draw_is_that_of_the_drawn_values() {
        let mut rng = fastrand::Rng::with_seed(5);
        for rounds in 1..40 {
            let arm: Vec<Sample> =
                (0..rounds).map(|_| Sample { seconds: rng.f64(), clean: rng.f64() < 0.7 }).collect();
            let drawn: Vec<u32> = arm.iter().map(|_| rng.u32(..4)).collect();
            let counted = |wanted: fn(&Sample) -> bool| -> Vec<f64> {
                let drawn = arm.iter().zip(&drawn).filter(|(sample, _)| wanted(sample));
                drawn.flat_map(|(sample, &times)| vec![sample.seconds; times as usize]).collect()
            };
            let times = Samples::new(vec![arm.clone()]).times_of(&drawn);
            let expected = median(&mut counted(|sample| sample.clean));
            assert_eq!(times.medians[0].to_bits(), expected.to_bits());
            assert_eq!(times.minima[0], counted(|_| true).into_iter().fold(f64::INFINITY, f64::min));
        }
    }

    #[test]
    fn few_rounds_put_the_ends_further_out() {
        // From a table of the normal distribution: beyond 2.1170 lie 1.713%, beyond 1.9849 lie 2.358%.
        assert!((tail(7) - 0.01713).abs() < 1e-5, "{}", tail(7));
        assert!((tail(40) - 0.02358).abs() < 1e-5, "{}", tail(40));
        assert!((tail(1_000_000) - 0.025).abs() < 1e-6);
    }

    #[test]
    fn few_clean_samples_fall_back_to_the_minimum() {
        let all = Samples::new(vec![
            [samples(&[5.0, 3.0, 4.0]), vec![Sample { seconds: 9.0, clean: false }; ENOUGH_CLEAN - 3]]
                .concat(),
            samples(&[1.0; ENOUGH_CLEAN]),
        ]);
        assert_eq!(all.estimator(1, 1), Estimator::MedianOfClean);
        assert_eq!(all.estimator(0, 1), Estimator::Minimum, "two arms are judged alike");
        assert_eq!(all.ratio(&all.times(), 0, 1), 3.0);
    }

    #[test]
    fn what_two_arms_share_cancels_out_of_their_ratio() {
        // Every round is slower than the one before, both arms alike: the ratio has no spread at all.
        let slow: Vec<f64> = (1..=25).map(f64::from).collect();
        let fast: Vec<f64> = slow.iter().map(|time| time / 2.0).collect();
        let all = Samples::new(vec![samples(&slow), samples(&fast)]);
        let ratio = interval(2.0, all.resample(200).iter().map(|times| all.ratio(times, 0, 1)));
        assert_eq!((ratio.low, ratio.high), (2.0, 2.0));
    }

    /// The proof that the interval is one: seeded noise, known truth, counted hits.
    #[test]
    fn the_interval_holds_the_truth_as_often_as_it_says() {
        let mut rng = fastrand::Rng::with_seed(7);
        let repeats = 400;
        let mut held = 0;
        for _ in 0..repeats {
            let mut noisy = |time: f64| {
                let times: Vec<f64> = (0..40).map(|_| time * (1.0 + 0.1 * (rng.f64() - 0.5))).collect();
                samples(&times)
            };
            let all = Samples::new(vec![noisy(2.0), noisy(1.0)]);
            let ratios = all.resample(400);
            let ratios = ratios.iter().map(|times| all.ratio(times, 0, 1));
            let ratio = interval(all.ratio(&all.times(), 0, 1), ratios);
            held += usize::from(ratio.low <= 2.0 && 2.0 <= ratio.high);
        }
        assert!(held * 100 >= repeats * 93, "{held} of {repeats} intervals held the truth");
    }
}
