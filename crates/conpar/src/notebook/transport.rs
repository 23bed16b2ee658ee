//! [`Transports`] and a [`Payoff`] in a cell.

use super::sweep::ordered;
use super::{Block, Claim, Shown, Table, claim};
use crate::Error;
use crate::measure::Estimate;
use crate::plot::{self, in_units, payload, payload_estimate};
use crate::sweep::{Crossing, Quantity};
use crate::transport::{Payoff, Shared, Transport, Transports};

impl Transports {
    /// Shows the result in a cell: the time of a message over its payload, with the fitted laws.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that `arm` takes a payload more than `bound` times as fast as `other`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchValue`] where one of them was not measured.
    pub fn claim_faster(&self, arm: &str, other: &str, bytes: u64, bound: f64) -> Result<Claim, Error> {
        let text = format!("{arm}, {other}: {}", payload(bytes as f64));
        match self.swept.is_credible(arm, bytes, other, bytes)? {
            true => Ok(claim(&text, &self.swept.ratio(arm, bytes, other, bytes)?).above(bound)),
            false => Ok(Claim::cannot_tell(&text, "the machine was too busy: too few undisturbed samples")),
        }
    }

    /// The bandwidth of each transport with the largest payload.
    fn bandwidths(&self) -> String {
        let arms = self.swept.series.iter().zip(&self.fits).filter(|(_, fit)| plot::carries(self, fit));
        let said = arms.filter_map(|(series, fit)| {
            Some(format!("{} {:.1} GB/s", fit.arm, plot::gigabytes(series.places.last()?).point))
        });
        format!("With the largest payload: {}.", said.collect::<Vec<_>>().join(", "))
    }

    fn notes(&self) -> Vec<String> {
        let worst = self.fits.iter().map(|fit| fit.misfit).fold(1.0, f64::max);
        let mut notes = vec![format!(
            "One way is half of there and back. {}; 95% intervals.",
            ordered(self.swept.rounds(), self.swept.stopped)
        )];
        notes.push(format!(
            "Dotted: latency + payload × time a byte, fitted. The law is off by up to {worst:.1} times."
        ));
        if self.fits.iter().any(|fit| !fit.credible) {
            notes.push(
                "Some points had too few undisturbed samples and are judged by their fastest one: no verdict rests on them."
                    .to_owned(),
            );
        }
        notes
    }

    fn table(&self) -> Table {
        let row = |fit: &Transport| {
            let half = fit.law().half_size();
            let half = if plot::carries(self, fit) { payload(half) } else { "–".to_owned() };
            let per_byte = format!("{:.3} ns", fit.per_byte.scaled(1e9));
            let latency = in_units(Quantity::Seconds, &fit.latency);
            [fit.arm.clone(), latency, per_byte, half, format!("{:.1}", fit.misfit)]
        };
        let head =
            ["transport", "latency", "time a byte", "half of the bandwidth from", "law off by (times)"];
        Table::new(head, self.fits.iter().map(row))
    }
}

impl Shown for Transports {
    fn block(&self) -> Block {
        let said = |fit: &Transport| {
            format!(
                "{}: {} and {:.2} ns a byte",
                fit.arm,
                in_units(Quantity::Seconds, &fit.latency),
                fit.per_byte.scaled(1e9)
            )
        };
        let caption = format!("{}.", self.fits.iter().map(said).collect::<Vec<_>>().join("; "));
        let mut block = Block { notes: self.notes(), table: self.table(), ..Block::default() };
        block.show(plot::transport_curves(self, &caption));
        block.show(plot::bandwidth_curves(self, &self.bandwidths()));
        block.notes.insert(0, self.bandwidths());
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let rows = self.swept.series.iter().flat_map(|series| {
            series.places.iter().map(|place| {
                let Estimate { point, low, high, .. } = place.estimate.scaled(0.5);
                let [point, low, high] = [point, low, high].map(|seconds| seconds.to_string());
                [series.arm.clone(), place.value.to_string(), point, low, high, place.clean.to_string()]
            })
        });
        Table::new(["transport", "payload (bytes)", "one way (s)", "low", "high", "clean samples"], rows)
    }
}

impl Payoff {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// From which payload on `arm` was faster than alone, in words.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where it was not measured.
    pub fn pays(&self, arm: &str) -> Result<String, Error> {
        Ok(from(&self.at(arm)?.measured))
    }

    /// Claims that with the largest payload `arm` is more than `bound` times as fast as alone.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where it was not measured.
    pub fn claim_pays(&self, arm: &str, bound: f64) -> Result<Claim, Error> {
        let text = format!("{arm}: the largest payload pays");
        let shared = self.at(arm)?;
        let Some((_, ratio, credible)) = shared.ratios.last() else {
            return Ok(Claim::cannot_tell(&text, "not measured"));
        };
        Ok(match (self.swept.cores, credible) {
            (1, _) => Claim::cannot_tell(&text, ONE_CORE),
            (_, false) => Claim::cannot_tell(&text, BUSY),
            _ => claim(&text, ratio).above(bound),
        })
    }

    /// Claims that what was predicted from the transport is within `factor` times of what was measured.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where it was not measured.
    pub fn claim_predicted(&self, arm: &str, factor: f64) -> Result<Claim, Error> {
        let text = format!("{arm}: from which payload on it pays, was predicted");
        let Shared { measured, predicted, .. } = self.at(arm)?;
        if self.swept.cores == 1 {
            return Ok(Claim::cannot_tell(&text, ONE_CORE));
        }
        if !predicted.credible {
            return Ok(Claim::cannot_tell(&text, BUSY));
        }
        if !measured.is_within() || !predicted.is_within() {
            return Ok(Claim::cannot_tell(&text, "it lies beyond the payloads that were measured"));
        }
        let off = measured.value.over(&predicted.value);
        let verdict = off.within(1.0 / factor, factor);
        let reason = format!(
            "measured {}, predicted {}: a quotient of {off}, claimed between {:.2} and {factor}",
            from(measured),
            from(predicted),
            1.0 / factor
        );
        Ok(Claim { claim: text, verdict, estimate: Some(off), reason })
    }
}

const ONE_CORE: &str = "one core: nothing is computed at the same time here";
const BUSY: &str = "the machine was too busy: too few undisturbed samples";

/// The payload from which on something pays, in words.
fn from(crossing: &Crossing) -> String {
    match () {
        () if crossing.is_always() => "from the smallest payload on".to_owned(),
        () if crossing.is_never() => "for no payload here".to_owned(),
        () => format!("from {} on", payload_estimate(&crossing.value)),
    }
}

impl Shown for Payoff {
    fn block(&self) -> Block {
        let said = |shared: &Shared| {
            let doubt = if shared.measured.credible { "" } else { " (disturbed, decides nothing)" };
            format!(
                "{} is faster {}{doubt}; predicted: {}",
                shared.arm,
                from(&shared.measured),
                from(&shared.predicted)
            )
        };
        let computing = format!("{:.2} ns", self.computing.scaled(1e9));
        let caption = format!(
            "{computing} of computing a byte. {}.",
            self.arms.iter().map(said).collect::<Vec<_>>().join(". ")
        );
        let mut notes = vec![format!(
            "{} rounds in random order; medians with 95% intervals. Dotted: where it should begin to pay, by latency and time a byte; shaded: the interval of that.",
            self.swept.rounds()
        )];
        if self.swept.cores == 1 {
            notes.push(
                "One core: the halves are computed one after the other, so that sharing cannot pay."
                    .to_owned(),
            );
        }
        let row = |shared: &Shared| {
            let rows = shared.ratios.iter().map(|(bytes, ratio, credible)| {
                let credible = if *credible { "yes" } else { "no" };
                [shared.arm.clone(), payload(*bytes as f64), ratio.to_string(), credible.to_owned()]
            });
            rows.collect::<Vec<_>>()
        };
        let head = ["arm", "payload", "times as fast as alone", "undisturbed"];
        let table = Table::new(head, self.arms.iter().flat_map(row));
        let mut block = Block { notes, table, ..Block::default() };
        block.show(plot::payoff_curves(self, &caption));
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let rows = self.arms.iter().flat_map(|shared| {
            shared.ratios.iter().map(|(bytes, ratio, _)| {
                let [point, low, high] = [ratio.point, ratio.low, ratio.high].map(|ratio| ratio.to_string());
                [shared.arm.clone(), bytes.to_string(), point, low, high]
            })
        });
        Table::new(["arm", "payload (bytes)", "times as fast as alone", "low", "high"], rows)
    }
}
