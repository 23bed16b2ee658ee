//! [`Transports`] and a [`Payoff`] in a cell.

use super::sweep::ordered;
use super::{Block, Claim, Shown, Table, claim};
use crate::Error;
use crate::language::{say, word};
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
            false => Ok(Claim::too_busy(&text)),
        }
    }

    /// The bandwidth of each transport with the largest payload.
    fn bandwidths(&self) -> String {
        let arms = self.swept.series.iter().zip(&self.fits).filter(|(_, fit)| plot::carries(self, fit));
        let said = arms.filter_map(|(series, fit)| {
            Some(match plot::gigabytes(series.places.last()?).point {
                slow if slow < 0.1 => format!("{} {:.1} MB/s", fit.arm, 1e3 * slow),
                fast => format!("{} {fast:.1} GB/s", fit.arm),
            })
        });
        say!(
            en: "With the largest payload: {}.",
            pt: "Com a maior carga útil: {}.",
            said.collect::<Vec<_>>().join(", ")
        )
    }

    fn notes(&self) -> Vec<String> {
        let worst = self.fits.iter().map(|fit| fit.misfit).fold(1.0, f64::max);
        let mut notes = vec![say!(
            en: "One way is half of there and back. {}; 95% intervals.",
            pt: "Só a ida é metade da ida e volta. {}; intervalos de 95%.",
            ordered(self.swept.rounds(), self.swept.stopped)
        )];
        notes.push(say!(
            en: "Dotted: latency + payload × time a byte, fitted. The law is off by up to {worst:.1} times.",
            pt: "Pontilhado: latência + carga útil × tempo por byte, ajustados. A lei erra por até {worst:.1} vezes."
        ));
        if self.fits.iter().any(|fit| !fit.credible) {
            notes.push(say!(
                en: "Some points had too few undisturbed samples and are judged by their fastest one: \
                     no verdict rests on them.",
                pt: "Alguns pontos tiveram poucas amostras limpas e valem pela mais rápida: \
                     nenhum veredito se apoia neles."
            ));
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
        let head = word!(
            en: ["transport", "latency", "time a byte", "half of the bandwidth from", "law off by (times)"],
            pt: ["transporte", "latência", "tempo por byte", "metade da banda a partir de", "erro da lei (vezes)"]
        );
        Table::new(head, self.fits.iter().map(row))
    }
}

impl Shown for Transports {
    fn block(&self) -> Block {
        let said = |fit: &Transport| {
            say!(
                en: "{}: {} and {:.2} ns a byte",
                pt: "{}: {} e {:.2} ns por byte",
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
        let head = word!(
            en: ["transport", "payload (bytes)", "one way (s)", "low", "high", "clean samples"],
            pt: ["transporte", "carga útil (bytes)", "só a ida (s)", "de", "até", "amostras limpas"]
        );
        Table::new(head, rows)
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
        let text = say!(en: "{arm}: the largest payload pays", pt: "{arm}: a maior carga útil compensa");
        let shared = self.at(arm)?;
        let Some((_, ratio, credible)) = shared.ratios.last() else {
            return Ok(Claim::cannot_tell(&text, word!(en: "not measured", pt: "não medido")));
        };
        Ok(match (self.swept.cores, credible) {
            (1, _) => Claim::cannot_tell(&text, one_core()),
            (_, false) => Claim::too_busy(&text),
            _ => claim(&text, ratio).above(bound),
        })
    }

    /// Claims that what was predicted from the transport is within `factor` times of what was measured.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where it was not measured.
    pub fn claim_predicted(&self, arm: &str, factor: f64) -> Result<Claim, Error> {
        let text = say!(
            en: "{arm}: from which payload on it pays, was predicted",
            pt: "{arm}: a partir de que carga útil compensa, foi previsto"
        );
        let Shared { measured, predicted, .. } = self.at(arm)?;
        if self.swept.cores == 1 {
            return Ok(Claim::cannot_tell(&text, one_core()));
        }
        if !predicted.credible {
            return Ok(Claim::too_busy(&text));
        }
        if !measured.is_within() || !predicted.is_within() {
            let beyond = word!(
                en: "it lies beyond the payloads that were measured",
                pt: "está além das cargas úteis medidas"
            );
            return Ok(Claim::cannot_tell(&text, beyond));
        }
        let off = measured.value.over(&predicted.value);
        let verdict = off.within(1.0 / factor, factor);
        let reason = say!(
            en: "measured {}, predicted {}: a quotient of {off}, claimed between {:.2} and {factor}",
            pt: "medido {}, previsto {}: um quociente de {off}, afirmado entre {:.2} e {factor}",
            from(measured),
            from(predicted),
            1.0 / factor
        );
        Ok(Claim { claim: text, verdict, estimate: Some(off), reason })
    }
}

fn one_core() -> &'static str {
    word!(
        en: "one core: nothing is computed at the same time here",
        pt: "um só núcleo: aqui nada se calcula ao mesmo tempo"
    )
}

/// The payload from which on something pays, in words.
fn from(crossing: &Crossing) -> String {
    match () {
        () if crossing.is_always() => {
            say!(en: "from the smallest payload on", pt: "a partir da menor carga útil")
        }
        () if crossing.is_never() => {
            say!(en: "for no payload here", pt: "para nenhuma carga útil daqui")
        }
        () => say!(en: "from {} on", pt: "a partir de {}", payload_estimate(&crossing.value)),
    }
}

impl Shown for Payoff {
    fn block(&self) -> Block {
        let said = |shared: &Shared| {
            let doubt = match shared.measured.credible {
                true => "",
                false => word!(en: " (disturbed, decides nothing)", pt: " (perturbado, não decide nada)"),
            };
            say!(
                en: "{} is faster {}{doubt}; predicted: {}",
                pt: "{} é mais rápido {}{doubt}; previsto: {}",
                shared.arm,
                from(&shared.measured),
                from(&shared.predicted)
            )
        };
        let computing = format!("{:.2} ns", self.computing.scaled(1e9));
        let caption = say!(
            en: "{computing} of computing a byte. {}.",
            pt: "{computing} de cálculo por byte. {}.",
            self.arms.iter().map(said).collect::<Vec<_>>().join(". ")
        );
        let mut notes = vec![say!(
            en: "{} rounds in random order; medians with 95% intervals. Dotted: where it should begin to pay, \
                 by latency and time a byte; shaded: the interval of that.",
            pt: "{} rodadas em ordem aleatória; medianas com intervalos de 95%. Pontilhado: onde deveria começar a \
                 compensar, pela latência e pelo tempo por byte; sombreado: o intervalo disso.",
            self.swept.rounds()
        )];
        if self.swept.cores == 1 {
            notes.push(
                say!(
                    en: "One core: the halves are computed one after the other, so that sharing cannot pay.",
                    pt: "Um só núcleo: as metades são calculadas uma depois da outra, e repartir não pode compensar."
                ),
            );
        }
        let row = |shared: &Shared| {
            let rows = shared.ratios.iter().map(|(bytes, ratio, credible)| {
                let credible =
                    if *credible { word!(en: "yes", pt: "sim") } else { word!(en: "no", pt: "não") };
                [shared.arm.clone(), payload(*bytes as f64), ratio.to_string(), credible.to_owned()]
            });
            rows.collect::<Vec<_>>()
        };
        let head = word!(
            en: ["arm", "payload", "times as fast as alone", "undisturbed"],
            pt: ["variante", "carga útil", "vezes mais rápido que sozinho", "não perturbado"]
        );
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
        let head = word!(
            en: ["arm", "payload (bytes)", "times as fast as alone", "low", "high"],
            pt: ["variante", "carga útil (bytes)", "vezes mais rápido que sozinho", "de", "até"]
        );
        Table::new(head, rows)
    }
}
