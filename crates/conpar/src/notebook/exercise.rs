//! An exercise that checks itself by measuring.

use crate::Error;
use crate::measure::Verdict;
use crate::speedup::{Point, Scaling};

/// What a measurement says of the reader's solution.
#[derive(Debug, Clone, PartialEq)]
pub struct Exercise {
    scaling: Scaling,
    /// Whether the goal is reached, missed, or cannot be decided here.
    pub verdict: Verdict,
    /// What the reader is told.
    pub answer: String,
}

impl Scaling {
    /// Checks whether `arm`, on as many workers as this machine has cores, reaches `share` of the ceiling (0 to 1).
    ///
    /// That its result is right was checked before it was timed.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchPoint`] where the arm was not measured.
    pub fn exercise(self, arm: &str, share: f64) -> Result<Exercise, Error> {
        let most = self.most_workers();
        let point = *self.at(arm, most)?;
        let (verdict, answer) = match point.of_ceiling.filter(|_| most > 1) {
            Some(reached) => {
                let verdict = if point.is_credible() { reached.above(share) } else { Verdict::CannotTell };
                let percent = |share: f64| (100.0 * share).round();
                let measured = format!(
                    "{arm} on {most} workers reaches {}% [{}, {}] of the ceiling; the goal is {}%.",
                    percent(reached.point),
                    percent(reached.low),
                    percent(reached.high),
                    percent(share)
                );
                (verdict, format!("{} {measured}{}", opening(verdict), hint(verdict, &point)))
            }
            None => (
                Verdict::CannotTell,
                "The result is right. Whether it is fast cannot be seen on one core: nothing can run in parallel here."
                    .to_owned(),
            ),
        };
        Ok(Exercise { scaling: self, verdict, answer })
    }
}

fn opening(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Supported => "Solved.",
        Verdict::Violated => "Not yet.",
        Verdict::CannotTell => "Too close to tell: run the cell again on a quieter machine.",
    }
}

/// A hint that fits what the curve looks like.
fn hint(verdict: Verdict, point: &Point) -> &'static str {
    /// Below this share of the ideal it is not an uneven split that costs the speedup: hardly anything overlaps.
    const HARDLY_PARALLEL: f64 = 0.6;
    match verdict {
        Verdict::Supported => "",
        _ if point.efficiency() < HARDLY_PARALLEL => {
            " Hint: one worker seems to do nearly all the work, or they wait for one another. What does each of them get?"
        }
        _ => {
            " Hint: the workers do not finish together. Who gets the dear pieces, and could pieces be smaller?"
        }
    }
}

impl Exercise {
    /// Shows the answer with the curve.
    pub fn evcxr_display(&self) {
        let mut block = self.scaling.block();
        block.notes.insert(0, std::mem::replace(&mut block.caption, self.answer.clone()));
        block.emit();
    }
}
