//! Jobs, the model of their messages, and what was simulated past this machine, in cells.

use super::{Block, Claim, Exercise, Shown, Table, claim};
use crate::Error;
use crate::language::{say, word};
use crate::measure::{Estimate, Verdict};
use crate::plot::{self, in_units};
use crate::ranks::{Checkpoints, Curve, Held, Hosts, Job, Of, Past, ranks};
use crate::sweep::Quantity;

/// What was counted or computed, not sampled.
fn exact(point: f64) -> Estimate {
    Estimate { point, low: point, high: point, level: 1.0 }
}

fn seconds(estimate: &Estimate) -> String {
    in_units(Quantity::Seconds, estimate)
}

impl Job {
    /// Shows where the ranks were and what they brought back.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that the payload of the ranks went over the hosts' interfaces: each byte that was sent was counted there. On
    /// hosts without an interface of their own it cannot be told.
    #[must_use]
    pub fn claim_traffic(&self) -> Claim {
        let text = word!(
            en: "the payload went over the hosts' interfaces",
            pt: "a carga útil passou pelas interfaces dos hospedeiros"
        );
        if self.traffic.is_empty() || self.sent == 0 {
            let reason = say!(
                en: "{}: there is no interface to ask",
                pt: "{}: não há interface a que perguntar",
                self.kind.words()
            );
            return Claim::cannot_tell(text, &reason);
        }
        let counted: u64 = self.traffic.iter().map(|traffic| traffic.sent).sum();
        let share = counted as f64 / self.sent as f64;
        claim(text, &exact(share)).above(0.999)
    }

    /// Claims that `name` took less than 1/`bound` of the time of `other`, both timed at `at` in the same rounds.
    ///
    /// # Errors
    ///
    /// [`Error::NotReported`] where the program timed no such thing.
    pub fn claim_faster(&self, name: &str, other: &str, at: f64, bound: f64) -> Result<Claim, Error> {
        let text = say!(en: "{name} is faster than {other}", pt: "{name} é mais rápido que {other}");
        let compared = self.ratio(name, other, at)?;
        Ok(match compared.credible {
            true => claim(&text, &compared.ratio).above(bound),
            false => Claim::too_busy(&text),
        })
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.traffic.is_empty() {
            let each = self.traffic.iter().map(|traffic| {
                say!(
                    en: "{} ({}) sent {:.1} MB",
                    pt: "{} ({}) enviou {:.1} MB",
                    traffic.host,
                    traffic.address,
                    traffic.sent as f64 / 1e6
                )
            });
            notes.push(say!(
                en: "By the counters of the interfaces: {}; the ranks say that they sent {:.1} MB.",
                pt: "Pelos contadores das interfaces: {}; os ranks dizem ter enviado {:.1} MB.",
                each.collect::<Vec<_>>().join(", "),
                self.sent as f64 / 1e6
            ));
        }
        notes
    }
}

impl Shown for Job {
    fn block(&self) -> Block {
        let values: Vec<String> =
            self.values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let end = if values.is_empty() { String::new() } else { format!(" {}.", values.join(", ")) };
        let caption = say!(
            en: "{} ranks on {}; {:.2} s from launch to end.{end}",
            pt: "{} ranks em {}; {:.2} s do início ao fim.{end}",
            self.ranks.len(),
            self.kind.words(),
            self.seconds
        );
        let row = |placed: &crate::ranks::Placed| {
            [placed.rank.to_string(), placed.host.clone(), placed.process.to_string()]
        };
        let table = Table::new(
            word!(en: ["rank", "host", "process"], pt: ["rank", "hospedeiro", "processo"]),
            self.ranks.iter().map(row),
        );
        Block { caption, notes: self.notes(), table, ..Block::default() }
    }

    fn columns(&self) -> Table {
        let row = |timed: &crate::ranks::Timed| {
            [timed.name.clone(), timed.at.to_string(), timed.seconds.to_string(), timed.clean.to_string()]
        };
        let head = word!(en: ["name", "at", "seconds", "clean"], pt: ["nome", "em", "segundos", "limpa"]);
        Table::new(head, self.timed.iter().map(row))
    }
}

impl Past {
    /// Shows the figure in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims of each measured point that the simulation is no more than a factor of `factor` away.
    #[must_use]
    pub fn claims_agree(&self, factor: f64) -> Vec<Claim> {
        let held = |held: &Held| {
            let text = say!(
                en: "{}, {} ranks: simulated, measured",
                pt: "{}, {} ranks: simulado, medido",
                held.curve,
                held.ranks
            );
            let simulated = match self.at(&held.curve, held.ranks) {
                Ok(simulated) if held.credible => simulated,
                Ok(_) => {
                    let reason = word!(
                        en: "too few undisturbed samples, or too few cores",
                        pt: "poucas amostras limpas, ou poucos núcleos"
                    );
                    return Claim::cannot_tell(&text, reason);
                }
                Err(error) => return Claim::cannot_tell(&text, &error.to_string()),
            };
            let ratio = held.value.scaled(1.0 / simulated);
            let verdict = ratio.within(1.0 / factor, factor);
            let reason = say!(
                en: "measured is {ratio} times simulated, claimed within a factor of {factor}",
                pt: "o medido é {ratio} vezes o simulado, afirmado dentro de um fator de {factor}"
            );
            Claim { claim: text, verdict, estimate: Some(ratio), reason }
        };
        self.measured.iter().map(held).collect()
    }
}

impl Shown for Past {
    fn block(&self) -> Block {
        let best = |curve: &Curve| {
            let largest = |one: &&(usize, f64), two: &&(usize, f64)| one.1.total_cmp(&two.1);
            let (ranks, value) = *match self.of {
                Of::Speedup => curve.points.iter().max_by(largest)?,
                Of::Seconds => curve.points.last()?,
            };
            Some(match self.of {
                Of::Speedup => say!(
                    en: "{}: at most {value:.0} times, on {ranks} ranks.",
                    pt: "{}: no máximo {value:.0} vezes, em {ranks} ranks.",
                    curve.name
                ),
                Of::Seconds => say!(
                    en: "{}: {} on {ranks} ranks.",
                    pt: "{}: {} em {ranks} ranks.",
                    curve.name,
                    plot::simulated_seconds(value)
                ),
            })
        };
        let caption = say!(
            en: "Simulated. {}",
            pt: "Simulado. {}",
            self.curves.iter().filter_map(best).collect::<Vec<_>>().join(" ")
        );
        let notes = vec![say!(
            en: "No such machine was here: each message is followed by the model that was fitted to the messages \
                 measured above. What was measured is marked as such.",
            pt: "Aqui não havia máquina assim: cada mensagem é acompanhada pelo modelo ajustado às mensagens \
                 medidas acima. O que foi medido está marcado como tal."
        )];
        let mut block = Block { notes, table: self.columns(), ..Block::default() };
        block.show(plot::past_curves(self, &caption));
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let simulated = self.curves.iter().flat_map(|curve| {
            let row = |(ranks, value): &(usize, f64)| {
                let source = word!(en: "simulated", pt: "simulado");
                [curve.name.clone(), ranks.to_string(), value.to_string(), source.to_owned()]
            };
            curve.points.iter().map(row)
        });
        let measured = self.measured.iter().map(|held| {
            let value = held.value.point.to_string();
            let source = word!(en: "measured", pt: "medido");
            [held.curve.clone(), held.ranks.to_string(), value, source.to_owned()]
        });
        let value = match self.of {
            Of::Speedup => "speedup",
            Of::Seconds => word!(en: "seconds", pt: "segundos"),
        };
        let head = word!(en: ["curve", "ranks", value, "source"], pt: ["curva", "ranks", value, "origem"]);
        Table::new(head, simulated.chain(measured))
    }
}

impl Checkpoints {
    /// Shows the figure in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }
}

impl Shown for Checkpoints {
    fn block(&self) -> Block {
        let young = self.young();
        let caption = say!(
            en: "Simulated. {} machines, each failing once in {:.1} years: together every {:.1} hours. \
                 With a checkpoint every {young:.0} s the job takes {:.3} times as long.",
            pt: "Simulado. {} máquinas, cada uma com uma falha em {:.1} anos: juntas, uma a cada {:.1} horas. \
                 Com um checkpoint a cada {young:.0} s, o job leva {:.3} vezes o tempo sem falhas.",
            self.machines,
            self.hours / 8_766.0,
            self.between_failures() / 3_600.0,
            self.stretch(young)
        );
        let notes = vec![say!(
            en: "The broken line is Daly's formula, which the sliders move. The marks follow a long job through \
                 failures at random, nine times each: their median, and the least and the most; \
                 they stay at the start.",
            pt: "A linha pontilhada é a fórmula de Daly, que os controles movem. As marcas acompanham um job longo \
                 através de falhas aleatórias, nove vezes cada: a mediana, o mínimo e o máximo; \
                 elas ficam onde começaram."
        )];
        let mut block = Block { notes, ..Block::default() };
        block.show(plot::checkpoints_curve(self, &caption));
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let row = |factor: f64| {
            let interval = factor * self.young();
            [interval.to_string(), self.stretch(interval).to_string()]
        };
        Table::new(
            word!(
                en: ["time between checkpoints (s)", "time, as a multiple"],
                pt: ["tempo entre checkpoints (s)", "tempo, como múltiplo"]
            ),
            [0.25, 0.5, 1.0, 2.0, 4.0].map(row),
        )
    }
}

/// Runs the reader's `source` and the `naive` program on two isolated hosts: both report the value `sum` and the timing
/// `send`. Solved is the exercise when the values are alike and the reader's is at least `times` as fast.
///
/// # Errors
///
/// Those of building and running a job; [`Error::NotReported`].
pub fn message_exercise(naive: &str, source: &str, times: f64) -> Result<Exercise, Error> {
    let run = |text: &str| ranks(text)?.on(Hosts::isolated(2)).run(2);
    let (before, after) = (run(naive)?, run(source)?);
    let places =
        |job: &Job| job.timed.iter().find(|timed| timed.name == "send").map_or(0.0, |timed| timed.at);
    let (slow, fast) = (before.time("send", places(&before))?, after.time("send", places(&after))?);
    let (expected, found) = (before.value("sum")?, after.value("sum")?);
    if (found - expected).abs() > 1e-9 * expected.abs() {
        let hint = say!(
            en: "Hint: the sum is {found}, and it should be {expected}. First the right result, then a fast one.",
            pt: "Dica: a soma é {found}, e devia ser {expected}. Primeiro o resultado certo, depois um rápido."
        );
        return Ok(Exercise::new(after.block(), Verdict::Violated, "", &hint));
    }
    let ratio = slow.over(&fast);
    let measured = say!(
        en: "{}, {ratio} times as fast as before; the goal is {times} times.",
        pt: "{}, {ratio} vezes mais rápido que antes; a meta é {times} vezes.",
        seconds(&fast)
    );
    let hint = word!(
        en: "Hint: what does a message cost before its first byte? Pay it less often.",
        pt: "Dica: quanto custa uma mensagem antes do primeiro byte? Pague isso menos vezes."
    );
    Ok(Exercise::new(after.block(), ratio.above(times), &measured, hint))
}
