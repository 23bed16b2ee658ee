//! Jobs, the model of their messages, and what was simulated past this machine, in cells.

use serde::{Deserialize, Serialize};

use super::{Block, Claim, Exercise, Shown, Table, claim};
use crate::Error;
use crate::measure::{Estimate, Verdict};
use crate::plot::{self, in_units};
use crate::ranks::{AlphaBeta, Checkpoints, Hosts, Job, Past, ranks};
use crate::sweep::{Quantity, Swept};

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
        let text = "the payload went over the hosts' interfaces";
        if self.traffic.is_empty() || self.sent == 0 {
            return Claim::cannot_tell(text, &format!("{}: there is no interface to ask", self.kind.words()));
        }
        let counted: u64 = self.traffic.iter().map(|traffic| traffic.sent).sum();
        let share = counted as f64 / self.sent as f64;
        // Counted, not sampled: there is no interval.
        claim(text, &Estimate { point: share, low: share, high: share, level: 1.0 }).above(0.999)
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.traffic.is_empty() {
            let each = self.traffic.iter().map(|traffic| {
                format!("{} ({}) sent {:.1} MB", traffic.host, traffic.address, traffic.sent as f64 / 1e6)
            });
            notes.push(format!(
                "By the counters of the interfaces: {}; the ranks say that they sent {:.1} MB.",
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
        let caption = format!(
            "{} ranks on {}; {:.2} s from launch to end.{end}",
            self.ranks.len(),
            self.kind.words(),
            self.seconds
        );
        let row = |placed: &crate::ranks::Placed| {
            [placed.rank.to_string(), placed.host.clone(), placed.process.to_string()]
        };
        let table = Table::new(["rank", "host", "process"], self.ranks.iter().map(row));
        Block { caption, notes: self.notes(), table, ..Block::default() }
    }

    fn columns(&self) -> Table {
        let row = |timed: &crate::ranks::Timed| {
            [timed.name.clone(), timed.at.to_string(), timed.seconds.to_string(), timed.clean.to_string()]
        };
        Table::new(["name", "at", "seconds", "clean"], self.timed.iter().map(row))
    }
}

/// A sweep whose arms are jobs. See [`by_job`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ByJob(Swept);

/// Shows a sweep whose arms are jobs, which ran one after the other and not in rounds.
#[must_use]
pub fn by_job(swept: &Swept) -> ByJob {
    ByJob(swept.clone())
}

impl ByJob {
    /// Shows the figure in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }
}

impl Shown for ByJob {
    fn block(&self) -> Block {
        let mut block = self.0.block();
        for note in &mut block.notes {
            *note = note.replace("rounds in random order", "samples a point, one job after the other");
        }
        block
    }

    fn columns(&self) -> Table {
        self.0.columns()
    }
}

/// Fitted models side by side. See [`messages`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Messages(Vec<AlphaBeta>);

/// Shows models of what a message takes over what was measured.
#[must_use]
pub fn messages(models: &[&AlphaBeta]) -> Messages {
    Messages(models.iter().map(|&model| model.clone()).collect())
}

impl Messages {
    /// Shows the figure in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }
}

impl Shown for Messages {
    fn block(&self) -> Block {
        let sentence = |model: &AlphaBeta| {
            format!(
                "{}: α = {}, 1/β = {:.2} GB/s; half of a message of {:.0} bytes is latency.",
                model.name,
                seconds(&model.alpha),
                1e-9 / model.beta.point,
                model.half_size().point
            )
        };
        let caption = self.0.iter().map(sentence).collect::<Vec<_>>().join(" ");
        let mut notes = vec![
            "Least squares by the relative error over all sizes; 95% intervals, fitted again in each resample.".to_owned(),
        ];
        if self.0.iter().any(|model| !model.credible) {
            notes.push(
                "Some points had too few undisturbed samples and are judged by their fastest one.".to_owned(),
            );
        }
        let rows = self.0.iter().flat_map(|model| {
            model.measured.iter().map(|at| {
                let model_says = in_units(Quantity::Seconds, &model.interval(at.bytes));
                [model.name.clone(), at.bytes.to_string(), seconds(&at.seconds), model_says]
            })
        });
        let table = Table::new(["hosts", "bytes", "measured", "α + β m"], rows);
        let mut block = Block { notes, table, ..Block::default() };
        block.show(plot::alpha_beta_curves(&self.0, &caption));
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let rows = self.0.iter().flat_map(|model| {
            model.measured.iter().map(|at| {
                let Estimate { point, low, high, .. } = at.seconds;
                [&model.name, &at.bytes.to_string(), &point.to_string(), &low.to_string(), &high.to_string()]
                    .map(String::clone)
            })
        });
        Table::new(["hosts", "bytes", "seconds", "low", "high"], rows)
    }
}

impl AlphaBeta {
    /// Claims that the latency here is more than `times` that of `other`.
    #[must_use]
    pub fn claim_slower_start(&self, other: &AlphaBeta, times: f64) -> Claim {
        let text = format!("an empty message takes longer: {}, {}", self.name, other.name);
        match self.credible && other.credible && other.alpha.low > 0.0 {
            true => claim(&text, &self.alpha.over(&other.alpha)).above(times),
            false => Claim::cannot_tell(&text, "the machine was too busy: too few undisturbed samples"),
        }
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
        let held = |(name, ranks, measured): &(String, usize, Estimate)| {
            let text = format!("{name}, {ranks} ranks: simulated, measured");
            match self.at(name, *ranks) {
                Ok(simulated) => {
                    let ratio = measured.scaled(1.0 / simulated);
                    let verdict = ratio.within(1.0 / factor, factor);
                    let reason =
                        format!("measured is {ratio} times simulated, claimed within a factor of {factor}");
                    Claim { claim: text, verdict, estimate: Some(ratio), reason }
                }
                Err(error) => Claim::cannot_tell(&text, &error.to_string()),
            }
        };
        self.measured.iter().map(held).collect()
    }
}

impl Shown for Past {
    fn block(&self) -> Block {
        let best = |(name, points): &(String, Vec<(usize, f64)>)| {
            let (ranks, speedup) = points.iter().copied().max_by(|one, two| one.1.total_cmp(&two.1))?;
            Some(format!("{name}: at most {speedup:.0} times, on {ranks} ranks."))
        };
        let caption =
            format!("Simulated. {}", self.curves.iter().filter_map(best).collect::<Vec<_>>().join(" "));
        let notes = vec![
            "No such machine was here: each message is followed by the model that was fitted to the messages measured above. \
             What was measured is marked as such."
                .to_owned(),
        ];
        let mut block = Block { notes, table: self.columns(), ..Block::default() };
        block.show(plot::past_curves(self, &caption));
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let simulated = self.curves.iter().flat_map(|(name, points)| {
            points.iter().map(move |(ranks, speedup)| {
                [name.clone(), ranks.to_string(), format!("{speedup:.3}"), "simulated".to_owned()]
            })
        });
        let measured = self.measured.iter().map(|(name, ranks, speedup)| {
            [name.clone(), ranks.to_string(), format!("{:.3}", speedup.point), "measured".to_owned()]
        });
        Table::new(["curve", "ranks", "speedup", "source"], simulated.chain(measured))
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
        let caption = format!(
            "Simulated. {} machines, each failing once in {:.1} years: together every {:.1} hours. With a checkpoint every {young:.0} s \
             the job takes {:.3} times as long.",
            self.machines,
            self.hours / 8_766.0,
            self.between_failures() / 3_600.0,
            self.stretch(young)
        );
        let notes = vec![
            "The broken line is Daly's formula, which the sliders move. The marks follow a long job through failures at \
             random, nine times each: their median, and the least and the most; they stay at the start."
                .to_owned(),
        ];
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
            ["time between checkpoints (s)", "time, as a multiple"],
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
        let hint = format!(
            "Hint: the sum is {found}, and it should be {expected}. First the right result, then a fast one."
        );
        return Ok(Exercise::new(after.block(), Verdict::Violated, "", &hint));
    }
    let ratio = slow.over(&fast);
    let measured = format!("{}, {ratio} times as fast as before; the goal is {times} times.", seconds(&fast));
    let hint = "Hint: what does a message cost before its first byte? Pay it less often.";
    Ok(Exercise::new(after.block(), ratio.above(times), &measured, hint))
}
