//! A [`Calibration`] and its parts, in a cell and on a page.

use super::{Block, Claim, Claims, Shown, Table, claim};
use crate::calibration::{Calibration, Competition, EVENT, EqualArms, HarnessCost, OFTEN, Planted, TRACING};
use crate::measure::{Estimate, Verdict};
use crate::plot::{self, agreement, histogram};
use crate::speedup::Versus;

impl Calibration {
    /// Shows all parts in a cell, one under the other.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// The parts with their headings, each as a block of its own.
    pub fn sections(&self) -> [(&'static str, Block); 5] {
        [
            ("The machine", self.machine.card()),
            ("Planted serial fractions", planted(&self.planted)),
            ("The ceiling beside competing processes", competition(&self.competition)),
            ("Two arms with the same code", equal(&self.equal)),
            ("What the instrument costs", self.harness.block()),
        ]
    }

    /// What has to hold of the instrument, and what this run says of it.
    pub fn claims(&self) -> Claims {
        let of = |text: &str, verdict, reason: String| Claim {
            claim: text.to_owned(),
            verdict,
            estimate: None,
            reason,
        };
        let verdicts = self.planted.iter().map(Planted::verdict);
        let loads = &self.competition.loads;
        let repeats = loads.iter().filter(|load| load.loops > 0).flat_map(|load| &load.repeats);
        let under_load = repeats.map(|repeat| self.competition.verdict(repeat));
        let mut claims = vec![
            of("planted serial fractions are found", all(verdicts), planted_sentence(&self.planted)),
            of("load never makes a wrong ceiling", all(under_load), competition_sentence(&self.competition)),
            of("equal arms show no difference", self.equal.verdict(), equal_sentence(&self.equal)),
        ];
        claims.extend(self.harness.claims().0);
        Claims(claims)
    }
}

/// What several verdicts come to: one that is violated decides; one that is supported does, where none is.
fn all(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    verdicts.fold(Verdict::CannotTell, |one, two| match (one, two) {
        (Verdict::Violated, _) | (_, Verdict::Violated) => Verdict::Violated,
        (Verdict::Supported, _) | (_, Verdict::Supported) => Verdict::Supported,
        _ => Verdict::CannotTell,
    })
}

impl Shown for Calibration {
    fn block(&self) -> Block {
        let parts = self.sections().map(|(_, block)| block);
        let mut whole = Block { claims: self.claims().0, ..Block::default() };
        for part in parts {
            whole.figures.extend(part.figures);
            whole.notes.push(part.caption);
        }
        whole
    }

    /// A row for each planted fraction, each repeat beside competing processes, each comparison of equal arms.
    fn columns(&self) -> Table {
        let row = |what: &str, known: String, found: Option<Estimate>, verdict: String| {
            let number = |value: fn(&Estimate) -> f64| {
                found.as_ref().map_or(String::new(), |found| value(found).to_string())
            };
            [
                what.to_owned(),
                known,
                number(|found| found.point),
                number(|found| found.low),
                number(|found| found.high),
                verdict,
            ]
        };
        let planted = self.planted.iter().map(|planted| {
            let verdict = planted.verdict().to_string();
            row("planted serial fraction", planted.fraction.to_string(), planted.found, verdict)
        });
        let loads = self.competition.loads.iter().flat_map(|load| {
            load.repeats.iter().map(|repeat| {
                let verdict = self.competition.verdict(repeat).to_string();
                row("ceiling beside processes", load.loops.to_string(), Some(repeat.speedup), verdict)
            })
        });
        let equal = self.equal.compared.iter().map(|compared| {
            row("equal arms", "1".to_owned(), compared.speedup, words(compared.versus).to_owned())
        });
        let head = ["what", "known", "found", "low", "high", "verdict"];
        Table::new(head, planted.chain(loads).chain(equal))
    }
}

fn planted_sentence(all: &[Planted]) -> String {
    let count = |verdict| all.iter().filter(|planted| planted.verdict() == verdict).count();
    format!(
        "Of {} planted serial fractions {} were found again, {} were not, and of {} the machine cannot tell.",
        all.len(),
        count(Verdict::Supported),
        count(Verdict::Violated),
        count(Verdict::CannotTell)
    )
}

fn planted(all: &[Planted]) -> Block {
    let mut figure = agreement("Serial fraction").expected("planted, share of the work").measured("found");
    for planted in all {
        let Some(found) = planted.found else { continue };
        figure = match planted.credible {
            true => figure.point(planted.fraction, found),
            false => figure.doubtful(planted.fraction, found),
        };
    }
    let row = |planted: &Planted| {
        let found = planted.found.map_or("none".to_owned(), |found| format!("{found:.3}"));
        [
            planted.fraction.to_string(),
            planted.workers.to_string(),
            planted.speedup.to_string(),
            planted.ceiling.to_string(),
            found,
            planted.verdict().to_string(),
        ]
    };
    let head = ["planted", "workers", "speedup", "ceiling", "found, 95% interval", "verdict"];
    let mut block = Block {
        caption: planted_sentence(all),
        notes: vec![
            "What the machine's cores lose together is taken off: the ceiling stands for the number of workers in Karp and \
             Flatt's formula."
                .to_owned(),
        ],
        table: Table::new(head, all.iter().map(row)),
        ..Block::default()
    };
    if !figure.points().is_empty() {
        block.show(figure.draw());
    }
    block
}

fn competition_sentence(competition: &Competition) -> String {
    let Some(quiet) = competition.quiet else {
        return "Two quiet cores were never seen, so there is nothing to compare with: cannot tell."
            .to_owned();
    };
    if !competition.is_steady() {
        return format!(
            "Two workers reach {quiet}, and then something else, though nothing of ours competed: others take turns on these \
             cores. There is nothing to compare with: cannot tell."
        );
    }
    let busy = || competition.loads.iter().filter(|load| load.loops > 0);
    let count = |verdict| busy().map(|load| competition.count(load, verdict)).sum::<usize>();
    format!(
        "On the quiet machine two workers reach {quiet}. Of {} measurements beside competing processes {} were within 5% of \
         it, {} were wrong, and {} said that they cannot tell.",
        busy().map(|load| load.repeats.len()).sum::<usize>(),
        count(Verdict::Supported),
        count(Verdict::Violated),
        count(Verdict::CannotTell)
    )
}

fn competition(competition: &Competition) -> Block {
    let rows = competition.loads.iter().map(|load| {
        let range = |values: &mut dyn Iterator<Item = f64>| {
            let (low, high) =
                values.fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
            format!("{low:.2} to {high:.2}")
        };
        [
            load.loops.to_string(),
            load.repeats.len().to_string(),
            range(&mut load.repeats.iter().map(|repeat| repeat.naive)),
            range(&mut load.repeats.iter().map(|repeat| repeat.speedup.point)),
            competition.count(load, Verdict::Supported).to_string(),
            competition.count(load, Verdict::CannotTell).to_string(),
            competition.count(load, Verdict::Violated).to_string(),
        ]
    });
    let head = ["processes", "repeats", "mean of all", "as shown", "right", "cannot tell", "wrong"];
    let mut block = Block {
        caption: competition_sentence(competition),
        table: Table::new(head, rows),
        ..Block::default()
    };
    block.show(plot::ceiling_under_load(competition));
    block
}

fn words(versus: Versus) -> &'static str {
    match versus {
        Versus::Faster => "faster",
        Versus::Slower => "slower",
        Versus::NoDifference => "no difference shown",
        Versus::CannotTell => "cannot tell: wide interval",
        Versus::TooBusy => "cannot tell: busy machine",
    }
}

const VERSUS: [Versus; 5] =
    [Versus::NoDifference, Versus::Faster, Versus::Slower, Versus::CannotTell, Versus::TooBusy];

fn equal_sentence(equal: &EqualArms) -> String {
    let none = equal.count(Versus::NoDifference);
    let mut sentence = format!(
        "Two arms with the same code were compared until {} comparisons could tell: {none} said \"no difference shown\", {} \
         called one of the two faster, and {} could not tell.",
        equal.decided(),
        equal.decided() - none,
        equal.compared.len() - equal.decided()
    );
    if equal.decided() < equal.wanted {
        sentence += &format!(" {} were wanted: the machine was too busy.", equal.wanted);
    } else {
        sentence += &format!(" At least {}% have to say the first.", OFTEN * 100.0);
    }
    sentence
}

fn equal(equal: &EqualArms) -> Block {
    let mut figure = histogram("The same code against itself").x("speedup, 1 is the truth");
    for versus in VERSUS {
        let of = equal.compared.iter().filter(|compared| compared.versus == versus);
        let points: Vec<f64> = of.filter_map(|compared| compared.speedup).map(|found| found.point).collect();
        if !points.is_empty() {
            figure = figure.values(words(versus), points);
        }
    }
    let rows = VERSUS.map(|versus| [words(versus).to_owned(), equal.count(versus).to_string()]);
    let mut block = Block {
        caption: equal_sentence(equal),
        table: Table::new(["said", "how often"], rows),
        ..Block::default()
    };
    block.show(figure.draw());
    block
}

impl HarnessCost {
    /// Shows the costs in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// What the costs must not exceed, and what this run says of it.
    pub fn claims(&self) -> Claims {
        let costs = [
            ("tracing costs less than 1% of the traced time", self.tracing, TRACING),
            ("an event is recorded in less than 100 ns", self.event, EVENT),
        ];
        let judged = costs.map(|(text, cost, bound)| match self.credible {
            true => claim(text, &cost).below(bound),
            false => Claim::cannot_tell(text, "the machine was too busy"),
        });
        Claims(judged.to_vec())
    }

    /// Each cost with its unit, its interval, and what it is a part of.
    fn rows(&self) -> Vec<[String; 3]> {
        let scaled =
            |seconds: &Estimate, unit: f64, name: &str| format!("{:.1} {name}", seconds.scaled(unit));
        let percent = |share: &Estimate| format!("{:.2} %", share.scaled(100.0));
        let mut rows = vec![
            [
                "a reading of the clock".to_owned(),
                scaled(&self.clock, 1e9, "ns"),
                "two for each sample".to_owned(),
            ],
            [
                "watching a sample".to_owned(),
                scaled(&self.watch, 1e6, "µs"),
                "before and after it, no part of its time".to_owned(),
            ],
            [
                "recording an event".to_owned(),
                scaled(&self.event, 1e9, "ns"),
                "two for each span of a timeline".to_owned(),
            ],
            [
                "tracing work in pieces of 100 µs".to_owned(),
                percent(&self.tracing),
                "of their time".to_owned(),
            ],
        ];
        rows.extend(self.start_skew.map(|skew| {
            let share = percent(&skew.over(&self.makespan));
            [
                "start of two workers, apart".to_owned(),
                scaled(&skew, 1e6, "µs"),
                format!("{share} of a sample"),
            ]
        }));
        rows
    }
}

impl Shown for HarnessCost {
    fn block(&self) -> Block {
        let rows = self.rows();
        let mut caption: String =
            rows.iter().map(|[what, cost, of]| format!("{what}: {cost}, {of}. ")).collect::<String>();
        caption.truncate(caption.trim_end().len());
        let busy = "The machine was too busy for a verdict: these are the smallest values that were seen.";
        let mut block = Block {
            caption: capital(&caption),
            notes: if self.credible { Vec::new() } else { vec![busy.to_owned()] },
            table: Table::new(["what", "cost, 95% interval", "of what"], rows),
            claims: self.claims().0,
            ..Block::default()
        };
        block.notes.push(format!("{} rounds.", self.rounds));
        block
    }

    fn columns(&self) -> Table {
        let row = |(what, cost): (&str, Estimate)| {
            [what.to_owned(), cost.point.to_string(), cost.low.to_string(), cost.high.to_string()]
        };
        let mut costs = vec![
            ("clock_seconds", self.clock),
            ("watch_seconds", self.watch),
            ("makespan_seconds", self.makespan),
            ("event_seconds", self.event),
            ("tracing_share", self.tracing),
        ];
        costs.extend(self.start_skew.map(|skew| ("start_skew_seconds", skew)));
        Table::new(["what", "cost", "low", "high"], costs.into_iter().map(row))
    }
}

/// The sentences with capital letters at their beginnings.
fn capital(text: &str) -> String {
    let sentences = text.split_inclusive(". ").map(|sentence| {
        let mut letters = sentence.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    });
    sentences.collect()
}
