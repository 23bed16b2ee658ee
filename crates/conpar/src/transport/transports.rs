//! The result: what each transport takes for a message, and Hockney's law of it.

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::language::word;
use crate::measure::{self, Drawn, Estimate, Estimator, Samples, Times};
use crate::model::Hockney;
use crate::sweep::{Quantity, Series, Swept};

/// Messages of many sizes through several transports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transports {
    /// What was measured: of each arm the time there and back, over the payload in bytes.
    pub swept: Swept,
    /// What was fitted, in the order of the arms.
    pub fits: Vec<Transport>,
}

/// Hockney's law of one transport, one way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transport {
    /// The arm.
    pub arm: String,
    /// The seconds that any message takes.
    pub latency: Estimate,
    /// The seconds that each byte adds.
    pub per_byte: Estimate,
    /// How many times a measured time is above or below the fitted one, where that is most; 1 where all agree.
    pub misfit: f64,
    /// Whether every point had undisturbed samples enough.
    pub credible: bool,
}

/// Fits Hockney's law to each arm of a sweep over payloads whose operation is a message there and back: one way is taken to
/// be half of it.
///
/// # Errors
///
/// [`Error::NotPayloads`] for a sweep that counts operations, or has fewer than two payloads.
pub fn transports(swept: &Swept) -> Result<Transports, Error> {
    let not = |reason: &str| Err(Error::NotPayloads { reason: reason.to_owned() });
    if swept.quantity != Quantity::Seconds {
        return not(word!(
            en: "it counts operations: leave `.operations(…)` out",
            pt: "ela conta operações: deixe `.operations(…)` de fora"
        ));
    }
    let samples = Samples::new(swept.samples.clone());
    let drawn = Drawn::new(&samples, measure::RESAMPLES);
    let mut fits = Vec::new();
    for series in &swept.series {
        let Some(law) = fit(&samples, &drawn.times, series, ONE_WAY) else {
            return not(word!(
                en: "a law of latency and bandwidth needs two payloads or more",
                pt: "uma lei de latência e largura de banda precisa de duas cargas úteis ou mais"
            ));
        };
        let draws: Vec<Option<Hockney>> =
            drawn.draws.iter().map(|times| fit(&samples, times, series, ONE_WAY)).collect();
        let estimate = |of: fn(&Hockney) -> f64| {
            drawn.interval(of(&law), draws.iter().map(|law| law.as_ref().map_or(f64::NAN, of)))
        };
        let off = series.places.iter().map(|place| {
            let times = ONE_WAY * place.estimate.point / law.seconds(place.value as f64);
            times.max(1.0 / times)
        });
        fits.push(Transport {
            arm: series.arm.clone(),
            latency: estimate(|law| law.latency),
            per_byte: estimate(|law| law.per_byte),
            misfit: off.fold(1.0, f64::max),
            credible: series.places.iter().all(|place| place.estimator == Estimator::MedianOfClean),
        });
    }
    Ok(Transports { swept: swept.clone(), fits })
}

/// The share of a message there and back that is one way.
pub(super) const ONE_WAY: f64 = 0.5;

/// Fits the law to the times of one arm, of which each is a message `share` times.
pub(super) fn fit(samples: &Samples, times: &Times, series: &Series, share: f64) -> Option<Hockney> {
    let point = |place: &crate::sweep::Place| {
        let seconds = samples.seconds(times, place.index, place.index);
        (place.value as f64, share * seconds)
    };
    Hockney::fit(series.places.iter().map(point))
}

impl Transports {
    /// What was fitted to this arm.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where it was not measured.
    pub fn at(&self, arm: &str) -> Result<&Transport, Error> {
        self.fits.iter().find(|fit| fit.arm == arm).ok_or_else(|| Error::NoSuchArm {
            arm: arm.to_owned(),
            measured: self.fits.iter().map(|fit| fit.arm.as_str()).collect::<Vec<_>>().join("`, `"),
        })
    }

    /// The seconds that a payload takes one way, as it was measured.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchValue`] where it was not measured.
    pub fn one_way(&self, arm: &str, payload: u64) -> Result<Estimate, Error> {
        Ok(self.swept.at(arm, payload)?.scaled(ONE_WAY))
    }
}

impl Transport {
    /// The point estimates as a law.
    pub fn law(&self) -> Hockney {
        Hockney { latency: self.latency.point, per_byte: self.per_byte.point }
    }
}
