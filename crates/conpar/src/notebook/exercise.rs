//! Exercises that check themselves by measuring: the right result first, then the interval, with a hint that fits.

use super::{Block, Shown as _};
use crate::Error;
use crate::measure::Verdict;
use crate::overlap::{Overlapped, Place, Work};
use crate::plot::{Noun, counted};
use crate::speedup::{Point, Scaling};

/// What a measurement says of the reader's solution.
#[derive(Debug, Clone, PartialEq)]
pub struct Exercise {
    block: Block,
    /// Whether the goal is reached, missed, or cannot be decided here.
    pub verdict: Verdict,
    /// What the reader is told.
    pub answer: String,
}

impl Exercise {
    pub(super) fn new(block: Block, verdict: Verdict, measured: &str, hint: &str) -> Exercise {
        let opening = match verdict {
            Verdict::Supported => "Solved.",
            Verdict::Violated => "Not yet.",
            // Where nothing was measured, no quieter machine helps: the hint says what is missing.
            Verdict::CannotTell if measured.is_empty() => "Cannot tell here.",
            Verdict::CannotTell => "This run cannot tell; try again on a quieter machine.",
        };
        let hint = if verdict == Verdict::Supported { "" } else { hint };
        let answer =
            [opening, measured, hint].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        Exercise { block, verdict, answer: answer.join(" ") }
    }

    /// Shows the answer with the figure.
    pub fn evcxr_display(&self) {
        let mut block = self.block.clone();
        block.notes.insert(0, std::mem::replace(&mut block.caption, self.answer.clone()));
        block.emit();
    }
}

impl Scaling {
    /// Checks whether `arm`, on as many workers as this machine has cores, reaches `share` of the ceiling (0 to 1).
    ///
    /// That its result is right was checked before it was timed.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchPoint`] where the arm was not measured.
    pub fn exercise(&self, arm: &str, share: f64) -> Result<Exercise, Error> {
        let most = self.most_workers();
        let point = self.at(arm, most)?;
        let Some(reached) = point.of_ceiling.filter(|_| most > 1) else {
            let hint = "The result is right. Whether it is fast cannot be seen on one core: nothing runs in parallel here.";
            return Ok(Exercise::new(self.block(), Verdict::CannotTell, "", hint));
        };
        let verdict = if point.is_credible() { reached.above(share) } else { Verdict::CannotTell };
        let percent = |share: f64| (100.0 * share).round();
        let measured = format!(
            "{arm} on {most} workers reaches {}% [{}, {}] of the ceiling; the goal is {}%.",
            percent(reached.point),
            percent(reached.low),
            percent(reached.high),
            percent(share)
        );
        Ok(Exercise::new(self.block(), verdict, &measured, speedup_hint(point)))
    }
}

impl Scaling {
    /// Checks whether `predicted` is the speedup of `arm` on as many workers as this machine has cores, to within 5%.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchPoint`] where the arm was not measured.
    pub fn exercise_prediction(&self, arm: &str, predicted: f64) -> Result<Exercise, Error> {
        /// How far from the measured speedup a prediction may be, as a share of the prediction.
        const NEAR: f64 = 0.05;
        let most = self.most_workers();
        let point = self.at(arm, most)?;
        if most < 2 {
            let hint = "One core: nothing runs in parallel here, and there is no speedup to predict.";
            return Ok(Exercise::new(self.block(), Verdict::CannotTell, "", hint));
        }
        let verdict = match point.is_credible() {
            true => point.speedup.within((1.0 - NEAR) * predicted, (1.0 + NEAR) * predicted),
            false => Verdict::CannotTell,
        };
        let measured = format!(
            "{arm} on {most} workers: predicted {predicted:.2}, measured {}; the goal is to be within {:.0}%.",
            point.speedup,
            100.0 * NEAR
        );
        let hint = if predicted > point.speedup.point {
            "Hint: what stays serial takes its time, however many workers there are."
        } else {
            "Hint: only a part stays serial. All workers share the rest."
        };
        Ok(Exercise::new(self.block(), verdict, &measured, hint))
    }
}

/// A hint that fits what the curve looks like.
fn speedup_hint(point: &Point) -> &'static str {
    /// Below this share of the ideal it is not an uneven split that costs the speedup: hardly anything overlaps.
    const HARDLY_PARALLEL: f64 = 0.6;
    if point.efficiency() < HARDLY_PARALLEL {
        "Hint: one worker seems to do nearly all the work, or they wait for one another. What does each of them get?"
    } else {
        "Hint: the workers do not finish together. Who gets the dear pieces, and could pieces be smaller?"
    }
}

impl Overlapped {
    /// Checks whether the waiting tasks on one core gained at least `goal`, on at most `threads` threads.
    pub fn exercise(&self, goal: f64, threads: usize) -> Exercise {
        let Some(waiting) = self.corner(Work::Waiting, Place::OneCore) else {
            return Exercise::new(
                self.block(),
                Verdict::CannotTell,
                "",
                "The waiting tasks were not measured.",
            );
        };
        let measured = format!(
            "Waiting on one core: {} times faster than one after another, on {}; the goal is {goal} on at most {threads}.",
            waiting.gain,
            counted(self.threads, Noun::Thread)
        );
        // The threads are counted, not timed: they stand also on a busy machine.
        let (verdict, hint) = match (self.doubt(waiting), waiting.gain.above(goal)) {
            _ if self.threads > threads => {
                (Verdict::Violated, "Hint: that is a thread too many. Let each thread run several tasks.")
            }
            (None, Verdict::Supported) => (Verdict::Supported, ""),
            (doubt, verdict) => {
                let verdict = if doubt.is_some() { Verdict::CannotTell } else { verdict };
                let hint = match (self.threads, doubt) {
                    (1, _) => "Hint: one thread waits for one task after another. Who else could?",
                    (_, None) => "Hint: are all threads started before one of them is waited for?",
                    (_, Some(_)) => "",
                };
                (verdict, hint)
            }
        };
        Exercise::new(self.block(), verdict, &measured, hint)
    }
}
