//! A law's parameters with their intervals, and the band of what it predicts.

use serde::{Deserialize, Serialize};

use super::refused::check;
use super::{Amdahl, Gustafson, Law, Refused, Source, SpeedupPoint, Usl};
use crate::measure::{Drawn, Estimate, Estimator, Times};

/// In how many steps a band goes from one measured worker count to the next.
const STEPS: usize = 4;

/// A fit that is off by no more than this share of a speedup describes it: a law leaves small effects out.
const DESCRIBES: f64 = 0.05;

/// A law that was fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fitted<L> {
    /// The law's parameters, each with its interval.
    pub parameters: L,
    /// What the law predicts, from the smallest to the largest worker count that it was fitted to. The measured counts
    /// are among them.
    pub band: Vec<Predicted>,
}

/// A predicted speedup. Its interval is one for this worker count, not for all of the band at once.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Predicted {
    /// The number of workers; fractions are for drawing.
    pub workers: f64,
    /// The speedup that the law predicts.
    pub speedup: Estimate,
}

/// A law whose parameters get intervals.
pub(super) trait Estimated: Law {
    /// The same law with an interval for each parameter.
    type Parameters;

    /// Gives each parameter its interval: `estimate` makes one from how to read the parameter.
    fn parameters(estimate: &dyn Fn(fn(&Self) -> f64) -> Estimate) -> Self::Parameters;
}

impl Estimated for Amdahl {
    type Parameters = Amdahl<Estimate>;

    fn parameters(estimate: &dyn Fn(fn(&Self) -> f64) -> Estimate) -> Amdahl<Estimate> {
        Amdahl { serial_fraction: estimate(|law| law.serial_fraction) }
    }
}

impl Estimated for Gustafson {
    type Parameters = Gustafson<Estimate>;

    fn parameters(estimate: &dyn Fn(fn(&Self) -> f64) -> Estimate) -> Gustafson<Estimate> {
        Gustafson { serial_fraction: estimate(|law| law.serial_fraction) }
    }
}

impl Estimated for Usl {
    type Parameters = Usl<Estimate>;

    fn parameters(estimate: &dyn Fn(fn(&Self) -> f64) -> Estimate) -> Usl<Estimate> {
        Usl {
            sigma: estimate(|law| law.sigma).clamp(0.0, f64::MAX),
            kappa: estimate(|law| law.kappa).clamp(0.0, f64::MAX),
            one_worker: estimate(|law| law.one_worker),
        }
    }
}

/// The speedups of one curve, over all rounds and in each draw.
pub(super) struct Sweep<'d, 's> {
    drawn: &'d Drawn<'s>,
    sources: Vec<Source>,
}

impl<'d, 's> Sweep<'d, 's> {
    /// Leaves out what was judged by its minimum: disturbed samples decide nothing.
    pub(super) fn new(drawn: &'d Drawn<'s>, sources: &[Source]) -> Sweep<'d, 's> {
        let judged =
            |source: &&Source| drawn.samples.estimator(source.base, source.arm) == Estimator::MedianOfClean;
        Sweep { drawn, sources: sources.iter().filter(judged).copied().collect() }
    }

    /// Refuses `L` where too few worker counts are left.
    pub(super) fn enough_for<L: Law>(&self) -> Result<(), Refused> {
        check(&self.speedups(&self.drawn.times), L::NAME, L::NEEDED)
    }

    /// The arms that this curve needs, and its sources when there are no other arms.
    pub(super) fn alone(&self) -> (Vec<usize>, Vec<Source>) {
        let mut arms: Vec<usize> = self.sources.iter().flat_map(|source| [source.base, source.arm]).collect();
        arms.sort_unstable();
        arms.dedup();
        let position = |arm| arms.iter().position(|&other| other == arm).unwrap_or(0);
        let source = |source: &Source| Source {
            base: position(source.base),
            arm: position(source.arm),
            workers: source.workers,
        };
        let sources = self.sources.iter().map(source).collect();
        (arms, sources)
    }

    /// The smallest and the largest number of workers.
    pub(super) fn range(&self) -> (usize, usize) {
        let count = |source: Option<&Source>| source.map_or(1, |source| source.workers);
        (count(self.sources.first()), count(self.sources.last()))
    }

    fn speedups(&self, times: &Times) -> Vec<SpeedupPoint> {
        let speedup = |source: &Source| self.drawn.samples.ratio(times, source.base, source.arm);
        self.sources.iter().map(|source| (source.workers, speedup(source))).collect()
    }

    /// Fits `L` to all rounds, and again to each draw.
    pub(super) fn fit<L: Law>(&self) -> Result<Refits<'_, 'd, 's, L>, Refused> {
        let law = L::fit(&self.speedups(&self.drawn.times))?;
        // A draw to which the law cannot be fitted has no clean sample of some arm: it says nothing.
        let refit = |times| {
            let speedups = self.speedups(times);
            Some((L::refit(&speedups).ok()?, speedups))
        };
        Ok(Refits { sweep: self, law, draws: self.drawn.draws.iter().filter_map(refit).collect() })
    }
}

/// A law as it was fitted to all rounds, and to each draw.
pub(super) struct Refits<'w, 'd, 's, L> {
    sweep: &'w Sweep<'d, 's>,
    law: L,
    draws: Vec<(L, Vec<SpeedupPoint>)>,
}

impl<L: Law> Refits<'_, '_, '_, L> {
    /// A quantity with its interval, which holds the point also where the refits know no bounds and the fit does.
    pub(super) fn estimate(&self, quantity: impl Fn(&L) -> f64) -> Estimate {
        let drawn = self.draws.iter().map(|(law, _)| quantity(law));
        let estimate = self.sweep.drawn.interval(quantity(&self.law), drawn);
        Estimate {
            low: estimate.low.min(estimate.point),
            high: estimate.high.max(estimate.point),
            ..estimate
        }
    }

    /// Refuses a law that is off by more than [`DESCRIBES`] somewhere, with certainty.
    fn described(&self) -> Result<(), Refused> {
        let all = self.sweep.speedups(&self.sweep.drawn.times);
        let ratio = |law: &L, (workers, speedup): SpeedupPoint| speedup / law.speedup(workers as f64);
        let ratios = all.iter().enumerate().map(|(index, &point)| {
            let drawn = self.draws.iter().map(|(law, points)| ratio(law, points[index]));
            (point.0, self.sweep.drawn.interval(ratio(&self.law, point), drawn))
        });
        let off = |ratio: &Estimate| (ratio.low - 1.0).max(1.0 - ratio.high);
        let worst = ratios.max_by(|(_, one), (_, two)| off(one).total_cmp(&off(two)));
        match worst {
            Some((workers, ratio)) if off(&ratio) > DESCRIBES => {
                Err(Refused::Contradicted { law: L::NAME, workers, ratio })
            }
            _ => Ok(()),
        }
    }

    fn band(&self) -> Vec<Predicted> {
        let counts: Vec<f64> = self.sweep.sources.iter().map(|source| source.workers as f64).collect();
        let between = counts.windows(2).flat_map(|pair| {
            (0..STEPS).map(|step| pair[0] + (pair[1] - pair[0]) * step as f64 / STEPS as f64)
        });
        let predicted = |workers| Predicted { workers, speedup: self.estimate(|law| law.speedup(workers)) };
        between.chain(counts.last().copied()).map(predicted).collect()
    }
}

impl<L: Estimated> Refits<'_, '_, '_, L> {
    /// The law with its intervals, provided that it describes the points.
    pub(super) fn fitted(self) -> Result<Fitted<L::Parameters>, Refused> {
        self.described()?;
        Ok(Fitted { parameters: L::parameters(&|read| self.estimate(read)), band: self.band() })
    }
}
