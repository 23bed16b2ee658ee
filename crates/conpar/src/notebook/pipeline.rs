//! The exercise of chapter 06: jobs through threads, with nothing lost, a bounded queue, and all cores at work.

use super::{Block, Exercise, Shown as _};
use crate::Error;
use crate::measure::{Estimate, Verdict};
use crate::messages::jobs::{JOBS, most_between};
use crate::messages::{Tried, try_jobs};
use crate::sweep::Swept;

/// The share of what workers reach that share nothing.
const GOAL: f64 = 0.75;

/// Below this share of what serial code reaches times the cores, hardly anything overlaps.
const HARDLY_PARALLEL: f64 = 0.6;

/// Checks the reader's program, in a process of its own: that it comes to an end, that no job is lost, that the jobs between
/// its two ends are bounded, and that it reaches 75% of what workers do that share nothing.
///
/// # Errors
///
/// Those of [`try_jobs`].
pub fn pipeline_exercise(text: &str) -> Result<Exercise, Error> {
    let wrong = |measured: String, hint: &str| {
        Ok(Exercise::new(Block::default(), Verdict::Violated, &measured, hint))
    };
    let (put, between, swept) = match try_jobs(text)? {
        Tried::Stuck { taken, put } => {
            return wrong(
                format!(
                    "Everybody waits, for ever: {taken} of {JOBS} jobs were taken, {put} results were put."
                ),
                "Hint: a loop over a receiver ends when the last sender is gone. Who still has one? And does a thread \
                 wait for room in a channel that only itself would empty?",
            );
        }
        Tried::TookTooLong => {
            return wrong(
                "It was still busy when its time was up.".to_owned(),
                "Hint: does a thread try again and again, and nobody else gets on?",
            );
        }
        Tried::Ran { put, most_between, swept } => (put, most_between, swept),
    };
    if put < JOBS {
        return wrong(
            format!("{put} of {JOBS} results were there when it came back: {} were lost.", JOBS - put),
            "Hint: who dropped a job, or did not wait for the threads that still had some?",
        );
    }
    if between > most_between() {
        return wrong(
            format!(
                "No job is lost. But up to {between} jobs were between the two ends; at most {} may be.",
                most_between()
            ),
            "Hint: who takes jobs has to wait when the others do not keep up. What makes a sender wait?",
        );
    }
    match swept {
        Some(swept) => fast_enough(&swept, between),
        None => {
            let hint = format!(
                "No job is lost, and at most {between} are between the two ends. Whether it is fast cannot be seen on one core."
            );
            Ok(Exercise::new(Block::default(), Verdict::CannotTell, "", &hint))
        }
    }
}

/// Whether it reaches the share of the ceiling, from the interval.
fn fast_enough(swept: &Swept, between: u64) -> Result<Exercise, Error> {
    let workers = swept.cores as u64;
    let ceiling = "nothing shared";
    let reached = swept.ratio("mine", workers, ceiling, workers)?;
    let speedup = swept.ratio("mine", workers, "serial", 0)?;
    let credible = swept.is_credible("mine", workers, ceiling, workers)?;
    let verdict = if credible { reached.above(GOAL) } else { Verdict::CannotTell };
    let percent = |share: f64| (100.0 * share).round();
    let Estimate { point, low, high, .. } = reached;
    let measured = format!(
        "No job is lost, and at most {between} are between the two ends. Its throughput is {}% [{}, {}] of that of {workers} \
         workers that share nothing; the goal is {}%.",
        percent(point),
        percent(low),
        percent(high),
        percent(GOAL)
    );
    let hint = if !credible {
        ""
    } else if speedup.point < HARDLY_PARALLEL * workers as f64 {
        "Hint: one thread does nearly all the work. Which stage is the slowest, and how many threads may take from one channel?"
    } else {
        "Hint: the workers wait. Is there always a job in the channel when one of them is done?"
    };
    Ok(Exercise::new(swept.block(), verdict, &measured, hint))
}
