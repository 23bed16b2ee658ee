//! Two arms with the same code: there is no difference to be found.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::measure::{Estimate, Verdict, share};
use crate::speedup::{Versus, speedup};
use crate::workload::{steps_in, xorshift};

/// How often "no difference shown" has to be what is said, as a share of the comparisons that could tell.
pub const OFTEN: f64 = 0.93;

/// The time of one run, and the budget of one comparison.
const LENGTH: Duration = Duration::from_millis(3);
const BUDGET: Duration = Duration::from_millis(400);

/// The most time for each comparison that is wanted: on a busy machine those that cannot tell are repeated until then.
const PATIENCE: Duration = Duration::from_millis(450);

/// What was said of two arms with the same code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EqualArms {
    /// How many comparisons that can tell were wanted.
    pub wanted: usize,
    /// The comparisons.
    pub compared: Vec<Compared>,
}

/// One comparison of two arms with the same code.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The speedup of one over the other; `None` where the machine was so busy that the rounds did not fit.
    pub speedup: Option<Estimate>,
    /// What was said of it.
    pub versus: Versus,
}

impl EqualArms {
    /// Compares until `wanted` comparisons could tell, or the patience ends. `told` hears the share that is done.
    ///
    /// # Errors
    ///
    /// Those of an experiment; the work itself gives no cause.
    pub fn measure(wanted: usize, told: &mut dyn FnMut(f64)) -> Result<EqualArms, Error> {
        let (clock, steps) = (Instant::now(), steps_in(LENGTH));
        let work = || black_box(xorshift(black_box(steps)));
        let patience = PATIENCE * wanted as u32;
        let mut equal = EqualArms { wanted, compared: Vec::new() };
        while equal.decided() < wanted && clock.elapsed() < patience {
            told(equal.decided() as f64 / wanted as f64);
            let measured = speedup("the same code")
                .serial(work)
                .threads("again", |_| work())
                .workers([1])
                .budget(BUDGET)
                .measure_with(&mut |_, _| ());
            match measured {
                Ok(scaling) => {
                    let point = scaling.at("again", 1)?;
                    let versus = point.versus_serial();
                    equal.compared.push(Compared { speedup: Some(point.speedup), versus });
                }
                Err(Error::TooFewRounds { .. }) => {
                    equal.compared.push(Compared { speedup: None, versus: Versus::TooBusy });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(equal)
    }

    /// How many comparisons came to `verdict`.
    pub fn count(&self, verdict: Versus) -> usize {
        self.compared.iter().filter(|compared| compared.versus == verdict).count()
    }

    /// How many could tell.
    pub fn decided(&self) -> usize {
        [Versus::NoDifference, Versus::Faster, Versus::Slower].map(|versus| self.count(versus)).iter().sum()
    }

    /// Whether "no difference shown" was said in [`OFTEN`] of those that could tell; "cannot tell" where these are fewer
    /// than were wanted, or where the [share](share()) that was found is smaller by so little that it may be chance. Of 200
    /// right intervals at 95%, less than 93% hold the truth in one run of thirteen.
    pub fn verdict(&self) -> Verdict {
        let (none, decided) = (self.count(Versus::NoDifference), self.decided());
        let found = share(none as u64, decided as u64);
        if decided < self.wanted || self.wanted == 0 {
            Verdict::CannotTell
        } else if found.point >= OFTEN {
            Verdict::Supported
        } else {
            found.above(OFTEN)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(none: usize, faster: usize) -> Verdict {
        let compared = |versus, count| std::iter::repeat_n(Compared { speedup: None, versus }, count);
        let compared = compared(Versus::NoDifference, none).chain(compared(Versus::Faster, faster));
        EqualArms { wanted: 200, compared: compared.collect() }.verdict()
    }

    #[test]
    fn a_share_is_too_small_only_where_that_is_not_chance() {
        assert_eq!(said(186, 14), Verdict::Supported);
        assert_eq!(said(180, 20), Verdict::CannotTell);
        assert_eq!(said(170, 30), Verdict::Violated);
        assert_eq!(said(100, 0), Verdict::CannotTell);
    }
}
