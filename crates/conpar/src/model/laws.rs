//! What the laws say of one curve, or why they say nothing.

use serde::{Deserialize, Serialize};

use super::fitted::{Refits, Sweep};
use super::{Amdahl, Fitted, Gustafson, LawName, Mode, Refused, Usl};
use crate::measure::{Drawn, ENOUGH_CLEAN, Estimate};

/// Each law as it was fitted to one curve, or the reason why it was not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Laws {
    /// Amdahl's law.
    pub amdahl: Result<Fitted<Amdahl<Estimate>>, Refused>,
    /// Gustafson's law.
    pub gustafson: Result<Fitted<Gustafson<Estimate>>, Refused>,
    /// The universal scalability law. Half of the rounds decided that its kappa is above 0; what is shown comes from the
    /// other half, whose interval may reach down to 0.
    pub usl: Result<Fitted<Usl<Estimate>>, Refused>,
    /// The number of workers N* with the highest speedup, by the universal scalability law; only where it lies within the
    /// measured range.
    pub peak: Result<Estimate, Refused>,
}

/// Where the speedup at one worker count comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// The number of workers.
    pub workers: usize,
    /// Which of the samples' arms is the base.
    pub base: usize,
    /// Which of the samples' arms is measured against it.
    pub arm: usize,
}

/// How many rounds the universal scalability law takes: enough to decide with one half and to estimate with the other.
pub const USL_ROUNDS: usize = 2 * ENOUGH_CLEAN;

impl Laws {
    /// Fits every law to the speedups of one curve, by ascending number of workers and without those that are
    /// oversubscribed: these measure the scheduler, not the code.
    pub fn fit(drawn: &Drawn<'_>, curve: &[Source], mode: Mode) -> Laws {
        let sweep = Sweep::new(drawn, curve);
        match mode {
            Mode::Strong => {
                let (usl, peak) = match universal(drawn, &sweep) {
                    Ok((usl, peak)) => (Ok(usl), peak),
                    Err(refused) => (Err(refused), Err(refused)),
                };
                let gustafson = Err(Refused::WorkFixed { law: LawName::Gustafson });
                Laws { amdahl: sweep.fit::<Amdahl>().and_then(Refits::fitted), gustafson, usl, peak }
            }
            Mode::Weak => Laws {
                amdahl: Err(Refused::WorkGrew { law: LawName::Amdahl }),
                gustafson: sweep.fit::<Gustafson>().and_then(Refits::fitted),
                usl: Err(Refused::WorkGrew { law: LawName::Usl }),
                peak: Err(Refused::WorkGrew { law: LawName::Usl }),
            },
        }
    }
}

/// A fitted universal scalability law, and its peak.
type Universal = (Fitted<Usl<Estimate>>, Result<Estimate, Refused>);

/// Fits the universal scalability law where kappa is above 0 for sure.
///
/// To ask that of the very samples that then give its value would let through mostly those whose noise made kappa larger
/// than it is: the interval would hold the truth less often than it says (the winner's curse). So the rounds are split:
/// every other one decides whether the law, and its peak, may be shown, and the rest, which had no part in this, says what
/// they are. Cox, "A note on data-splitting for the evaluation of significance levels", Biometrika 62(2), 1975; Fithian,
/// Sun and Taylor, "Optimal inference after model selection", 2014, section 2.
fn universal(drawn: &Drawn<'_>, sweep: &Sweep<'_, '_>) -> Result<Universal, Refused> {
    sweep.enough_for::<Usl>()?;
    let found = drawn.samples.rounds();
    if found < USL_ROUNDS {
        return Err(Refused::TooFewRounds { law: LawName::Usl, needed: USL_ROUNDS, found });
    }
    let (arms, sources) = sweep.alone();
    let halves = [0, 1].map(|from| drawn.samples.every_other(from, &arms));
    let [deciding, estimating] = halves.each_ref().map(|half| Drawn::new(half, drawn.draws.len()));
    let [deciding, estimating] = [&deciding, &estimating].map(|half| Sweep::new(half, &sources));
    let deciding = deciding.fit::<Usl>()?;
    let kappa = deciding.estimate(|law| law.kappa);
    if kappa.low <= 0.0 {
        return Err(Refused::KappaNotAboveZero { kappa: kappa.clamp(0.0, f64::MAX) });
    }
    let range = estimating.range();
    let estimating = estimating.fit::<Usl>()?;
    let peak = peak_within(range, &deciding, &estimating);
    Ok((estimating.fitted()?, peak))
}

/// The peak, where the rounds that decide put all of its interval within the range of the worker counts.
fn peak_within(
    (least, most): (usize, usize),
    deciding: &Refits<'_, '_, '_, Usl>,
    estimating: &Refits<'_, '_, '_, Usl>,
) -> Result<Estimate, Refused> {
    // A very large number where the speedup never falls again, 0 where it falls from the beginning.
    let peak = |law: &Usl| law.peak().unwrap_or(if law.sigma < 1.0 { f64::MAX } else { 0.0 });
    let (first, last) = (least as f64, most as f64);
    let within = |count: f64| (first..=last).contains(&count);
    let (decided, estimate) = (deciding.estimate(peak), estimating.estimate(peak));
    match within(decided.low) && within(decided.high) && within(estimate.point) {
        true => Ok(estimate.clamp(first, last)),
        false => Err(Refused::PeakOutside { least, most }),
    }
}
