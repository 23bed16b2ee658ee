//! An [`Explored`] in a cell: the lattice of its orders, and how many of them come to what.

use super::exercise::Exercise;
use super::{Block, Claim, Shown, Table};
use crate::interleaving::{Explored, How, Path, Step};
use crate::measure::Verdict;
use crate::plot::{self, Noun, bars, counted};
use crate::race::Observed;

impl Explored {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that what was seen on this processor is among what the model allows.
    pub fn claim_allows(&self, seen: &Observed) -> Claim {
        let text = format!("{}: every outcome seen in {} trials is allowed", seen.name, seen.trials);
        let allowed = self.outcomes();
        let forbidden = seen.outcomes.iter().find(|outcome| !allowed.contains(&outcome.outcome));
        let (verdict, reason) = match forbidden {
            Some(outcome) => {
                (Verdict::Violated, format!("{} was seen {} times", outcome.outcome, outcome.count))
            }
            None if self.complete => (Verdict::Supported, format!("allowed are {}", allowed.join(", "))),
            None => (Verdict::CannotTell, "the search for what is allowed was not complete".to_owned()),
        };
        Claim { claim: text, verdict, estimate: None, reason }
    }

    /// Checks a solution whose model asserts what has to hold: no execution may fail, and none of the trials on this
    /// processor may have come to an outcome that the model does not have.
    pub fn exercise(&self, seen: &Observed) -> Exercise {
        let mut block = self.block();
        block.figures.extend(seen.block().figures);
        let strange: u64 = seen
            .outcomes
            .iter()
            .filter(|outcome| !self.outcomes().contains(&outcome.outcome))
            .map(|outcome| outcome.count)
            .sum();
        let (verdict, measured, hint) = match &self.failure {
            Some((message, steps)) => (
                Verdict::Violated,
                format!("An execution fails: {message}. Its steps: {}.", in_words(steps)),
                "Hint: what was read may be old by the time it is acted upon. Which operation does both at once?",
            ),
            None if strange > 0 => (
                Verdict::Violated,
                format!("{} of {} trials came to what the model never does.", strange, seen.trials),
                "Hint: do both do the same? The trials and the model have to run the same code.",
            ),
            None if !self.complete => (
                Verdict::CannotTell,
                "No execution failed, and not all were looked at.".to_owned(),
                "Hint: a loop that waits has no end in a model. Let it end, or yield in it.",
            ),
            None => (
                Verdict::Supported,
                format!(
                    "None of {} fails, and {} trials agree.",
                    counted(self.executions() as usize, Noun::Execution),
                    seen.trials
                ),
                "",
            ),
        };
        Exercise::new(block, verdict, &measured, hint)
    }

    fn caption(&self) -> String {
        let what = match self.how {
            How::EveryOrder if self.complete => "every order of the steps",
            How::EveryExecution if self.complete => "every execution that the memory model allows",
            How::RandomOrders => "orders drawn at random, which is not how a scheduler chooses",
            How::EveryOrder | How::EveryExecution => "not all of them: the search was broken off",
        };
        let outcomes = self.outcomes();
        let said = outcomes.iter().map(|outcome| match self.how {
            How::RandomOrders => format!("{outcome} in {} of them", percent(self.share(outcome))),
            _ => {
                let of = self.paths.iter().filter(|path| path.outcome == *outcome);
                format!("{outcome} in {}", of.map(|path| path.executions).sum::<u64>())
            }
        });
        let said = said.collect::<Vec<_>>().join(", ");
        let executions = counted(self.executions() as usize, Noun::Execution);
        match &self.failure {
            Some((message, steps)) => format!(
                "{}: after {executions} one fails, which ends the search: {message}. Its steps: {}.",
                self.name,
                in_words(steps)
            ),
            None => format!("{}: {executions}, {what}: {said}.", self.name),
        }
    }
}

/// A share in percent, with its interval.
fn percent(share: crate::measure::Estimate) -> String {
    let share = share.scaled(100.0);
    if share.low == share.high { format!("{:.1}%", share.point) } else { format!("{share:.1}%") }
}

/// Steps as a sentence has them: "0 load, 1 load, 0 store".
fn in_words(steps: &[Step]) -> String {
    let words: Vec<String> = steps.iter().map(|step| format!("{} {}", step.thread, step.what)).collect();
    words.join(", ")
}

impl Shown for Explored {
    fn block(&self) -> Block {
        let caption = self.caption();
        let row = |path: &Path| [in_words(&path.steps), path.outcome.clone(), path.executions.to_string()];
        let table = Table::new(["thread and step", "outcome", "executions"], self.paths.iter().map(row));
        let mut block = Block { table, ..Block::default() };
        let title = format!("{}: share of the executions", self.name);
        let shares = self.outcomes().iter().fold(bars(&title).x("share"), |figure, outcome| {
            figure.bar(&format!("outcome {outcome}"), self.share(outcome))
        });
        // Orders that are no ways through a lattice are still so many of so many. The first execution may fail: then its
        // steps say all.
        if !self.paths.is_empty() {
            block.show(plot::lattice(self, &caption).or_else(|_| shares.draw()));
        }
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let row = |path: &Path| [in_words(&path.steps), path.outcome.clone(), path.executions.to_string()];
        Table::new(["steps", "outcome", "executions"], self.paths.iter().map(row))
    }
}
