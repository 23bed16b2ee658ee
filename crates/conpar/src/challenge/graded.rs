//! Grades from intervals: where an interval leaves a thing open, it counts neither for the reader nor against.

use serde::{Deserialize, Serialize};

use super::{Cause, Trial};
use crate::measure::{Estimate, Verdict};
use crate::speedup::{Point, Scaling};

/// How near a prediction has to be to count in full, and to count by half, as a share of the measured speedup.
pub const NEAR: f64 = 0.05;
/// See [`NEAR`].
pub const ROUGHLY: f64 = 0.1;

/// What a part of the work is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// As it should be.
    Full,
    /// Not far from it.
    Half,
    /// Not yet.
    Missed,
    /// This machine, or this run, cannot tell. It does not count.
    CannotTell,
}

/// What an edit has to reach on all cores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// This share of what the machine gives to work that shares nothing.
    OfCeiling(f64),
    /// So many times the speed of the program as it was drawn.
    TimesDrawn(f64),
}

/// How far an edit came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// On so many workers.
    pub workers: usize,
    /// What was to be at least as large as the target.
    pub value: Estimate,
    /// Whether it is.
    pub verdict: Verdict,
}

impl Grade {
    /// Of 1; `None` where it does not count.
    pub fn points(self) -> Option<f64> {
        match self {
            Grade::Full => Some(1.0),
            Grade::Half => Some(0.5),
            Grade::Missed => Some(0.0),
            Grade::CannotTell => None,
        }
    }
}

impl From<Verdict> for Grade {
    fn from(verdict: Verdict) -> Grade {
        match verdict {
            Verdict::Supported => Grade::Full,
            Verdict::Violated => Grade::Missed,
            Verdict::CannotTell => Grade::CannotTell,
        }
    }
}

impl Target {
    /// How far the last arm of `scaling` came, beside the first one. `None` on one core, where no parallel speed shows.
    pub fn reached(self, scaling: &Scaling) -> Option<Reached> {
        let (drawn, edited) = (on_all_cores(scaling, 0)?, on_all_cores(scaling, scaling.curves.len() - 1)?);
        let (value, goal, sound) = match self {
            Target::OfCeiling(share) => {
                (edited.of_ceiling?, share, scaling.has_sound_ceiling(edited.workers))
            }
            Target::TimesDrawn(times) => (edited.speedup.over(&drawn.speedup), times, true),
        };
        let credible = sound && drawn.is_credible() && edited.is_credible();
        let verdict = if credible { value.above(goal) } else { Verdict::CannotTell };
        Some(Reached { workers: edited.workers, value, verdict })
    }
}

/// The point of an arm on as many workers as there are cores; `None` where these are fewer than two.
pub(crate) fn on_all_cores(scaling: &Scaling, arm: usize) -> Option<&Point> {
    let most = scaling.most_workers();
    let points = &scaling.curves.get(arm)?.points;
    points.iter().find(|point| point.workers == most && most > 1)
}

/// What a prediction of the speedup on all cores is worth: how far it is from the interval of what was measured.
pub fn predicted(predicted: f64, scaling: &Scaling) -> Grade {
    let Some(point) = on_all_cores(scaling, 0).filter(|point| point.is_credible()) else {
        return Grade::CannotTell;
    };
    let Estimate { point: measured, low, high, .. } = point.speedup;
    match (low - predicted).max(predicted - high).max(0.0) / measured {
        near if near <= NEAR => Grade::Full,
        roughly if roughly <= ROUGHLY => Grade::Half,
        _ => Grade::Missed,
    }
}

/// What a diagnosis is worth. A wrong one counts only where the measurement shows that something limits the program at all: a
/// machine may have memory for all its cores.
pub fn diagnosed(named: Cause, cause: Cause, scaling: &Scaling) -> Grade {
    let limited = on_all_cores(scaling, 0)
        .filter(|point| point.is_credible() && scaling.has_sound_ceiling(point.workers))
        .and_then(|point| point.of_ceiling)
        .is_some_and(|share| share.high < 1.0 - NEAR);
    match (named == cause, limited) {
        (true, _) => Grade::Full,
        (false, true) => Grade::Missed,
        (false, false) => Grade::CannotTell,
    }
}

/// What an edit is worth: nothing where a result is wrong or a run does not end; else what its target says.
pub fn edited(trial: &Trial, target: Target) -> Grade {
    match trial {
        Trial::Measured { scaling, .. } => {
            target.reached(scaling).map_or(Grade::CannotTell, |reached| reached.verdict.into())
        }
        _ => Grade::Missed,
    }
}
