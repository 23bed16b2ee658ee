//! From which payload on it pays to send half of it to somebody else: predicted from the transports, and measured.

use serde::{Deserialize, Serialize};

use super::transports::{ONE_WAY, Transports, fit};
use crate::Error;
use crate::language::word;
use crate::measure::{self, Drawn, Estimate, Samples};
use crate::sweep::{Crossing, Swept};

/// Work on payloads that is shared half and half with another thread or process, beside the same work done alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Payoff {
    /// What was measured: the time of each arm over the payload in bytes.
    pub swept: Swept,
    /// The arm that does all by itself.
    pub alone: String,
    /// The seconds that it computes for each byte.
    pub computing: Estimate,
    /// The arms that share.
    pub arms: Vec<Shared>,
}

/// One arm that shares its work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shared {
    /// The arm.
    pub arm: String,
    /// The transport that it sends through.
    pub transport: String,
    /// How many times faster than alone it is: each payload with its ratio, and whether a verdict may rest on it.
    pub ratios: Vec<(u64, Estimate, bool)>,
    /// From which payload on it was faster.
    pub measured: Crossing,
    /// From which payload on it should be.
    pub predicted: Crossing,
}

impl Transports {
    /// Holds a sweep in which arms share a payload's work with somebody else against `alone`, and predicts each from the
    /// transport beside its name.
    ///
    /// Alone, a payload of p bytes takes C p seconds, C being fitted to the arm's own times. Shared, half of the bytes are
    /// sent, both sides compute at once, and an answer of some bytes comes back: 2 α + β p / 2 + C p / 2 with the transport's
    /// latency α and its seconds a byte β. That is less from p = 4 α / (C - β) on, and nowhere where C is not above β: a byte has
    /// to be worth more computing than sending.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where an arm or a transport was not measured; [`Error::NotPayloads`] where no law can be fitted.
    pub fn payoff<'a>(
        &self,
        swept: &Swept,
        alone: &str,
        shared: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Payoff, Error> {
        let samples = Samples::new(swept.samples.clone());
        let drawn = Drawn::new(&samples, measure::RESAMPLES);
        let base = series(swept, alone)?;
        let two = word!(en: "it needs two payloads or more", pt: "ela precisa de duas cargas úteis ou mais");
        let needs_two = || Error::NotPayloads { reason: two.to_owned() };
        let per_byte = |times| fit(&samples, times, base, 1.0).map(|law| law.per_byte);
        let computing = per_byte(&drawn.times).ok_or_else(needs_two)?;
        let computings: Vec<f64> =
            drawn.draws.iter().map(|times| per_byte(times).unwrap_or(f64::NAN)).collect();

        let transport_samples = Samples::new(self.swept.samples.clone());
        let transport_drawn = Drawn::new(&transport_samples, measure::RESAMPLES);
        let mut arms = Vec::new();
        for (arm, transport) in shared {
            let measured = swept.crossing(arm, alone)?;
            let law = self.at(transport)?;
            let of = series(&self.swept, transport)?;
            let pays = |law: crate::model::Hockney, computing: f64| {
                let from = 4.0 * law.latency / (computing - law.per_byte);
                let from = if computing > law.per_byte { from } else { f64::INFINITY };
                from.clamp(measured.first, measured.last)
            };
            // The two were measured apart, so that any draw of the one goes with any draw of the other.
            let draws = transport_drawn.draws.iter().zip(&computings).map(|(times, &computing)| {
                fit(&transport_samples, times, of, ONE_WAY).map_or(f64::NAN, |law| pays(law, computing))
            });
            let value = transport_drawn.interval(pays(law.law(), computing), draws);
            let credible = law.credible && measured.credible;
            let ratios = base.places.iter().map(|place| {
                let value = place.value;
                let ratio = swept.ratio(arm, value, alone, value)?;
                Ok((value, ratio, swept.is_credible(arm, value, alone, value)?))
            });
            arms.push(Shared {
                arm: arm.to_owned(),
                transport: transport.to_owned(),
                ratios: ratios.collect::<Result<_, Error>>()?,
                measured,
                predicted: Crossing { value, credible, ..measured },
            });
        }
        Ok(Payoff {
            swept: swept.clone(),
            alone: alone.to_owned(),
            computing: drawn.interval(computing, computings.iter().copied()),
            arms,
        })
    }
}

impl Payoff {
    /// What came of this arm.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where it was not measured.
    pub fn at(&self, arm: &str) -> Result<&Shared, Error> {
        self.arms.iter().find(|shared| shared.arm == arm).ok_or_else(|| Error::NoSuchArm {
            arm: arm.to_owned(),
            measured: self.arms.iter().map(|shared| shared.arm.as_str()).collect::<Vec<_>>().join("`, `"),
        })
    }
}

fn series<'s>(swept: &'s Swept, arm: &str) -> Result<&'s crate::sweep::Series, Error> {
    let found = swept.series.iter().find(|series| series.arm == arm);
    found.ok_or_else(|| Error::NoSuchArm {
        arm: arm.to_owned(),
        measured: swept.series.iter().map(|series| series.arm.as_str()).collect::<Vec<_>>().join("`, `"),
    })
}
