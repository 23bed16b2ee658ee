//! Runs every arm once a round, in random order, until the intervals are narrow or the time is up.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::bootstrap::enough_clean;
use super::{Estimator, Samples, interval};

/// Fewer rounds than this carry no interval: the smallest and the largest of seven values are the first that hold the
/// median with more than 95% confidence (1 - 2/2⁷ = 98%; six give 97%, and one to spare for a bad round).
pub const MIN_ROUNDS: usize = 7;

/// How much longer than the limit the first [`MIN_ROUNDS`] may take where other programs were seen to take the cores: it is
/// their load that made the rounds long, and a result that says so serves a reader better than none.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often the rounds are resampled to decide whether to stop. Fewer than for the result: this decides only when.
const STOP_RESAMPLES: usize = 200;

/// One timing of one arm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Seconds for one run of the arm's work.
    pub seconds: f64,
    /// Whether nothing else was seen to take the cores away ([`watch`](super::watch)). Where the system cannot tell,
    /// every sample counts as clean, and the result has to say so.
    pub clean: bool,
}

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// After this time no further round starts, provided there are [`MIN_ROUNDS`] and every arm has clean samples enough.
    pub budget: Duration,
    /// After this time no further round starts at all, except for the first [`MIN_ROUNDS`] on a busy machine, which may take
    /// 10 s longer.
    pub limit: Duration,
    /// Every arm's interval may be this wide to either side, as a share of its ratio to arm 0.
    pub precision: f64,
    /// How many rounds are wanted even where the intervals are narrow before; at least [`MIN_ROUNDS`] are run.
    pub rounds: usize,
}

/// Why the rounds ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// Every interval was narrow enough.
    Precise,
    /// The time budget was spent.
    Budget,
    /// The time limit came before there were enough rounds: nothing may be concluded.
    TooFewRounds,
    /// There were none: the arms ran one after the other, each in a job of its own.
    OneByOne,
}

/// What the rounds gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Rounds {
    /// All samples.
    pub samples: Samples,
    /// Why they ended.
    pub stopped: Stopped,
}

/// Runs `arms` arms in rounds; `time(arm)` takes one sample.
///
/// `settled` is called once for each arm, as soon as the interval of its ratio to arm 0 is narrow enough, or when the
/// rounds end, with the arm and all samples so far.
///
/// # Errors
///
/// The first error of `time` ends the rounds.
pub fn run_rounds<E>(
    arms: usize,
    plan: &Plan,
    time: &mut dyn FnMut(usize) -> Result<Sample, E>,
    settled: &mut dyn FnMut(usize, &Samples),
) -> Result<Rounds, E> {
    let start = Instant::now();
    let mut rng = fastrand::Rng::new();
    let mut order: Vec<usize> = (0..arms).collect();
    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); arms];
    let mut is_settled = vec![false; arms];
    let mut next_look = MIN_ROUNDS;
    let stopped = loop {
        let rounds = samples.first().map_or(0, Vec::len);
        if rounds >= next_look {
            let so_far = Samples::new(samples.clone());
            let resampled = so_far.resample(STOP_RESAMPLES);
            let times = so_far.times();
            for (arm, is_settled) in is_settled.iter_mut().enumerate() {
                let ratios = resampled.iter().map(|times| so_far.ratio(times, 0, arm));
                let ratio = interval(so_far.ratio(&times, 0, arm), ratios);
                // A narrow interval of disturbed samples is narrow about the disturbance: more rounds may find clean ones.
                let judged = so_far.estimator(0, arm) == Estimator::MedianOfClean;
                if !*is_settled && judged && ratio.relative_half_width() <= plan.precision {
                    *is_settled = true;
                    settled(arm, &so_far);
                }
            }
            if rounds >= plan.rounds && is_settled.iter().all(|&settled| settled) {
                break Stopped::Precise;
            }
            // Looks grow rarer as rounds add less: their cost stays a small share of the time.
            next_look = rounds + (rounds / 4).max(3);
        }
        let spent = start.elapsed();
        if spent >= plan.limit || arms == 0 {
            let busy = samples.iter().flatten().any(|sample| !sample.clean) && spent < plan.limit + PATIENCE;
            if rounds >= MIN_ROUNDS {
                break Stopped::Budget;
            } else if !busy {
                break Stopped::TooFewRounds;
            }
        }
        if spent >= plan.budget && rounds >= MIN_ROUNDS && samples.iter().all(|arm| enough_clean(arm)) {
            break Stopped::Budget;
        }
        rng.shuffle(&mut order);
        for &arm in &order {
            samples[arm].push(time(arm)?);
        }
    };
    let samples = Samples::new(samples);
    for arm in (0..arms).filter(|&arm| !is_settled[arm]) {
        settled(arm, &samples);
    }
    Ok(Rounds { samples, stopped })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan {
        budget: Duration::from_secs(5),
        limit: Duration::from_secs(10),
        precision: 0.02,
        rounds: MIN_ROUNDS,
    };

    fn clean<E>(seconds: f64) -> Result<Sample, E> {
        Ok(Sample { seconds, clean: true })
    }

    #[test]
    fn steady_arms_stop_early_and_each_settles_once() {
        let mut settled = Vec::new();
        let mut time = |arm: usize| clean::<()>(1.0 / (arm + 1) as f64);
        let rounds = run_rounds(3, &PLAN, &mut time, &mut |arm, _| settled.push(arm)).expect("no error");
        assert_eq!(rounds.stopped, Stopped::Precise);
        assert_eq!(settled, [0, 1, 2]);
        assert_eq!(rounds.samples.ratio(&rounds.samples.times(), 0, 2), 3.0);
    }

    #[test]
    fn narrow_intervals_do_not_end_it_before_the_rounds_that_are_wanted() {
        let plan = Plan { rounds: 40, ..PLAN };
        let rounds = run_rounds(2, &plan, &mut |_| clean::<()>(1.0), &mut |_, _| ()).expect("no error");
        assert_eq!(rounds.stopped, Stopped::Precise);
        assert!(rounds.samples.rounds() >= 40);
    }

    #[test]
    fn every_round_runs_every_arm_and_orders_differ() {
        let mut seen = Vec::new();
        let mut rng = fastrand::Rng::with_seed(1);
        let plan = Plan { precision: 0.0, budget: Duration::from_millis(50), ..PLAN };
        let mut time = |arm| {
            seen.push(arm);
            clean::<()>(1.0 + rng.f64())
        };
        run_rounds(4, &plan, &mut time, &mut |_, _| ()).expect("no error");
        let rounds: Vec<&[usize]> = seen.chunks(4).collect();
        assert!(rounds.iter().all(|round| (0..4).all(|arm| round.contains(&arm))));
        assert!(rounds.iter().any(|round| *round != rounds[0]), "the order is drawn anew");
    }

    #[test]
    fn disturbed_samples_settle_nothing() {
        let plan = Plan { budget: Duration::from_millis(10), limit: Duration::from_millis(20), ..PLAN };
        let mut time = |_| Ok::<_, ()>(Sample { seconds: 1.0, clean: false });
        let disturbed = run_rounds(2, &plan, &mut time, &mut |_, _| ()).expect("no error");
        assert_eq!(disturbed.stopped, Stopped::Budget);
    }

    #[test]
    fn work_too_long_for_the_limit_says_so() {
        let plan = Plan { budget: Duration::ZERO, limit: Duration::ZERO, ..PLAN };
        let rounds = run_rounds(2, &plan, &mut |_| clean::<()>(1.0), &mut |_, _| ()).expect("no error");
        assert_eq!(rounds.stopped, Stopped::TooFewRounds);
        assert_eq!(rounds.samples.rounds(), 0);
    }

    #[test]
    fn a_busy_machine_gets_the_time_for_its_first_rounds() {
        let plan = Plan { budget: Duration::ZERO, limit: Duration::from_millis(5), ..PLAN };
        let mut time = |arm| {
            std::thread::sleep(Duration::from_millis(3));
            Ok::<_, ()>(Sample { seconds: 1.0, clean: arm == 0 })
        };
        let rounds = run_rounds(2, &plan, &mut time, &mut |_, _| ()).expect("no error");
        assert_eq!((rounds.stopped, rounds.samples.rounds()), (Stopped::Budget, MIN_ROUNDS));
    }

    #[test]
    fn an_error_ends_the_rounds() {
        let mut time = |arm| if arm == 1 { Err("broken") } else { clean(1.0) };
        assert_eq!(run_rounds(2, &PLAN, &mut time, &mut |_, _| ()), Err("broken"));
    }
}
