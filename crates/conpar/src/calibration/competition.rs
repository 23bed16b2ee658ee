//! The ceiling beside other processes that compute without end.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::OFTEN;
use crate::measure::{
    Drawn, ENOUGH_CLEAN, Estimate, Estimator, Plan, RESAMPLES, Sample, Stopped, Verdict, Width, run_rounds,
    watch,
};
use crate::speedup::Ceiling;
use crate::{Error, machine};

/// Beside how many competing processes the ceiling is measured; 0 is the quiet machine.
pub(super) const LOOPS: [usize; 4] = [0, 1, 2, 4];

/// How far from its quiet value the ceiling may be found, as a share of it.
pub const WITHIN: f64 = 0.05;

/// The workers of the ceiling.
const WORKERS: usize = 2;

/// One measurement of the ceiling: short, since it is repeated.
const PLAN: Plan = Plan {
    budget: Duration::from_millis(180),
    limit: Duration::from_millis(250),
    precision: 0.02,
    rounds: ENOUGH_CLEAN,
};

/// The measurement of the quiet machine that the others are compared with: narrow, so that it decides nothing.
const THOROUGH: Plan =
    Plan { budget: Duration::from_millis(1_500), limit: Duration::from_secs(3), precision: 0.003, ..PLAN };

/// Processes that compute until they are dropped, and no longer than this process lives.
#[derive(Debug)]
pub struct Competitors(Vec<Child>);

impl Competitors {
    /// Starts `count` of them.
    ///
    /// # Errors
    ///
    /// [`Error::NoCompetitor`] where there is no shell `sh`, or the system lets no process start.
    pub fn start(count: usize) -> Result<Competitors, Error> {
        // It counts, and looks now and then whether its parent is still there: a killed one leaves no load behind.
        const LOOP: &str =
            "while kill -0 \"$0\" 2>&-; do n=0; while [ $n -lt 50000 ]; do n=$((n+1)); done; done";
        let mut started = Competitors(Vec::new());
        for _ in 0..count {
            let mut shell = Command::new("sh");
            shell
                .args(["-c", LOOP, &std::process::id().to_string()])
                .stdin(Stdio::null())
                .stdout(Stdio::null());
            let child = shell.spawn().map_err(|error| Error::NoCompetitor { reason: error.to_string() })?;
            started.0.push(child);
        }
        Ok(started)
    }
}

impl Drop for Competitors {
    fn drop(&mut self) {
        for child in &mut self.0 {
            // One that has ended already is what is wanted.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The ceiling on two workers, on a quiet machine and beside competing processes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Competition {
    /// What the machine gives when it is quiet: an interval that holds that of a longer measurement at the beginning and
    /// that of one at the end, so that a machine that changed meanwhile decides less; `None` where it was quiet at neither.
    pub quiet: Option<Estimate>,
    /// For each number of competing processes, in ascending order.
    pub loads: Vec<UnderLoad>,
}

/// The ceiling beside so many competing processes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnderLoad {
    /// The number of competing processes.
    pub loops: usize,
    /// One measurement after the other.
    pub repeats: Vec<Repeat>,
}

/// One measurement of the ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Repeat {
    /// The speedup from the mean of all samples: what a measurement finds that does not look who else ran.
    pub naive: f64,
    /// The speedup as this crate estimates it.
    pub speedup: Estimate,
    /// How it did.
    pub estimator: Estimator,
}

impl Competition {
    /// Measures `repeats` times beside each number of competing processes, none among them. `told` hears the share that is
    /// done.
    ///
    /// # Errors
    ///
    /// [`Error::NoCompetitor`].
    pub fn measure(repeats: usize, told: &mut dyn FnMut(f64)) -> Result<Competition, Error> {
        let ceiling = Ceiling::calibrate();
        let before = measure_once(&ceiling, &THOROUGH);
        let (mut done, all) = (0, LOOPS.len() * repeats);
        let mut loads = Vec::new();
        for loops in LOOPS {
            let _competitors = Competitors::start(loops)?;
            let repeat = |_| {
                told(done as f64 / all as f64);
                done += 1;
                measure_once(&ceiling, &PLAN)
            };
            loads.push(UnderLoad { loops, repeats: (0..repeats).map(repeat).collect() });
        }
        let after = measure_once(&ceiling, &THOROUGH);
        let quiet = [before, after].into_iter().filter(Repeat::is_credible).map(|repeat| repeat.speedup);
        let both = |one: Estimate, two: Estimate| Estimate {
            point: (one.point + two.point) / 2.0,
            low: one.low.min(two.low),
            high: one.high.max(two.high),
            level: one.level,
        };
        let quiet = quiet.reduce(both);
        Ok(Competition { quiet, loads })
    }

    /// Whether `repeat` found the ceiling within [`WITHIN`] of its quiet value; "cannot tell" where that was none for long.
    pub fn verdict(&self, repeat: &Repeat) -> Verdict {
        if self.is_steady() { self.agrees(repeat) } else { Verdict::CannotTell }
    }

    /// Whether the machine stayed what it was while nothing of ours competed: [`OFTEN`] of the quiet repeats that could tell
    /// agree with the quiet value. What a virtual machine gives changes with who else computes on the cores below it, for
    /// tenths of a second and more, and no counter inside shows that.
    pub fn is_steady(&self) -> bool {
        let quiet = self.loads.iter().filter(|load| load.loops == 0).flat_map(|load| &load.repeats);
        let verdicts: Vec<Verdict> = quiet.map(|repeat| self.agrees(repeat)).collect();
        let count = |wanted| verdicts.iter().filter(|verdict| **verdict == wanted).count() as f64;
        let (right, wrong) = (count(Verdict::Supported), count(Verdict::Violated));
        right >= OFTEN * (right + wrong)
    }

    fn agrees(&self, repeat: &Repeat) -> Verdict {
        match self.quiet {
            Some(quiet) if repeat.is_credible() => {
                repeat.speedup.over(&quiet).within(1.0 - WITHIN, 1.0 + WITHIN)
            }
            _ => Verdict::CannotTell,
        }
    }

    /// How many of the repeats of `load` came to `verdict`.
    pub fn count(&self, load: &UnderLoad, verdict: Verdict) -> usize {
        load.repeats.iter().filter(|repeat| self.verdict(repeat) == verdict).count()
    }
}

impl Repeat {
    /// Whether a verdict may rest on it: it had undisturbed samples enough.
    pub fn is_credible(&self) -> bool {
        self.estimator == Estimator::MedianOfClean
    }
}

/// Measures the ceiling on one and on [`WORKERS`] workers.
fn measure_once(ceiling: &Ceiling, plan: &Plan) -> Repeat {
    let cores = machine::available_cores();
    let mut watched = true;
    let mut time = |arm: usize| {
        let workers = [1, WORKERS][arm];
        let (spans, clean) = watch(Width { threads: workers, cores }, || ceiling.spans(workers));
        watched &= clean.is_some();
        let clean = clean.unwrap_or(true) && (spans.began_together() || workers > cores);
        Ok::<_, std::convert::Infallible>(Sample { seconds: spans.makespan(), clean })
    };
    let Ok(rounds) = run_rounds(2, plan, &mut time, &mut |_, _| ());
    let samples = &rounds.samples;
    let drawn = Drawn::new(samples, RESAMPLES);
    // More workers than cores measure how they take turns, and few rounds measure nothing.
    let sound =
        watched && rounds.stopped != Stopped::TooFewRounds && machine::effective_cores() >= WORKERS as f64;
    Repeat {
        naive: WORKERS as f64 * samples.ratio_of_means(0, 1),
        speedup: drawn.estimate(|times| WORKERS as f64 * samples.ratio(times, 0, 1)),
        estimator: if sound { samples.estimator(0, 1) } else { Estimator::Minimum },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(point: f64) -> Repeat {
        let speedup = Estimate { point, low: 0.99 * point, high: 1.01 * point, level: 0.95 };
        Repeat { naive: point, speedup, estimator: Estimator::MedianOfClean }
    }

    fn competition(quiet: &[f64], beside_one: f64) -> Competition {
        let load =
            |loops, points: &[f64]| UnderLoad { loops, repeats: points.iter().copied().map(found).collect() };
        Competition { quiet: Some(found(2.0).speedup), loads: vec![load(0, quiet), load(1, &[beside_one])] }
    }

    #[test]
    fn a_machine_that_does_not_stay_what_it_was_decides_nothing() {
        let mut quiet = [2.0; 50];
        quiet[7] = 1.6;
        let once = competition(&quiet, 1.6);
        assert!(once.is_steady());
        assert_eq!(once.count(&once.loads[0], Verdict::Violated), 1, "it is shown");
        assert_eq!(
            once.verdict(&once.loads[1].repeats[0]),
            Verdict::Violated,
            "a wrong one beside a loop stays wrong"
        );
        quiet[..5].fill(1.6);
        let often = competition(&quiet, 1.6);
        assert!(!often.is_steady());
        assert_eq!(often.verdict(&often.loads[1].repeats[0]), Verdict::CannotTell);
    }
}
