//! Turns rounds into a [`Scaling`].

use super::arm::{Arm, Kind, Load};
use super::runner::Place;
use super::scaling::{Cores, Curve, Point, Scaling};
use crate::machine;
use crate::measure::{self, Drawn, Rounds, Times};
use crate::model::{Laws, Mode, Source};

/// What was measured, by place: `places[index]` says what the samples of arm `index` are of.
pub(super) struct Results<'r, 'a> {
    pub(super) mode: Mode,
    pub(super) places: &'r [Place],
    pub(super) arms: &'r [Arm<'a>],
    pub(super) cores: Cores,
}

impl Results<'_, '_> {
    pub(super) fn scaling(&self, name: String, rounds: &Rounds, watched: bool) -> Scaling {
        let drawn = Drawn::new(&rounds.samples, measure::RESAMPLES);
        let parallel = self.arms.iter().enumerate().filter(|(_, arm)| arm.kind != Kind::Serial);
        let ceiling = self.indices(|place| matches!(place, Place::Ceiling { .. }));
        Scaling {
            name,
            mode: self.mode,
            cores: self.cores,
            serial_seconds: drawn.estimate(|times| drawn.samples.seconds(times, 0, 0)),
            curves: parallel.map(|(index, _)| self.curve(&drawn, index)).collect(),
            ceiling: ceiling.map(|index| self.point(&drawn, index)).collect(),
            rounds: rounds.samples.rounds(),
            stopped: rounds.stopped,
            watched,
            sustained: None,
            own_ceiling: false,
            machine: machine::this_machine().ok(),
        }
    }

    pub(super) fn point(&self, drawn: &Drawn<'_>, index: usize) -> Point {
        let (place, base) = (self.places[index], self.base(index));
        let workers = place.workers();
        let ratio = |times: &Times| self.shares(index) * drawn.samples.ratio(times, base, index);
        let ceiling = self.indices(|other| *other == Place::Ceiling { workers }).next();
        let of_ceiling = ceiling.filter(|&ceiling| ceiling != index).map(|ceiling| {
            let alone = self.base(ceiling);
            drawn.estimate(|times| {
                ratio(times) / (workers as f64 * drawn.samples.ratio(times, alone, ceiling))
            })
        });
        Point {
            workers,
            seconds: drawn.samples.seconds(&drawn.times, base, index),
            speedup: drawn.estimate(ratio),
            of_ceiling,
            estimator: drawn.samples.estimator(base, index),
            clean: drawn.samples.clean(index),
            oversubscribed: self.cores.oversubscribed(workers),
        }
    }

    fn curve(&self, drawn: &Drawn<'_>, arm: usize) -> Curve {
        let of_arm = |place: &Place| matches!(*place, Place::Arm { arm: other, .. } if other == arm);
        let source = |index: usize| Source {
            workers: self.places[index].workers(),
            base: self.base(index),
            arm: index,
        };
        let fitted: Vec<Source> = self
            .indices(of_arm)
            .map(source)
            .filter(|source| !self.cores.oversubscribed(source.workers))
            .collect();
        Curve {
            arm: self.arms[arm].name.clone(),
            kind: self.arms[arm].kind,
            points: self.indices(of_arm).map(|index| self.point(drawn, index)).collect(),
            laws: Laws::fit(drawn, &fitted, self.mode),
        }
    }

    /// The place that the one at `index` is measured against: serial with as much to do; for the ceiling, itself on one
    /// worker.
    fn base(&self, index: usize) -> usize {
        let base = match self.places[index] {
            Place::Ceiling { .. } => self.indices(|place| *place == Place::Ceiling { workers: 1 }).next(),
            Place::Arm { load: Load { units, .. }, .. } => self
                .indices(|place| matches!(*place, Place::Arm { load, .. } if load.units == units))
                // Serial comes first.
                .next(),
        };
        base.unwrap_or(0)
    }

    /// How many times its base's work a place does: N workers of the ceiling do N shares.
    fn shares(&self, index: usize) -> f64 {
        match self.places[index] {
            Place::Ceiling { workers } => workers as f64,
            Place::Arm { .. } => 1.0,
        }
    }

    fn indices(&self, wanted: impl Fn(&Place) -> bool) -> impl Iterator<Item = usize> {
        self.places.iter().enumerate().filter(move |(_, place)| wanted(place)).map(|(index, _)| index)
    }
}
