//! What [`crate::liveness`] finds, in a cell.

use super::{Block, Claim, Claims, Exercise, Shown, Table};
use crate::Error;
use crate::liveness::{Arm, Checked, Classified, Failure, Graph, Kind, Survived, check_seats, survival};
use crate::measure::Verdict;
use crate::plot::{self, Noun, counted};

/// A share in percent with its interval, with as many digits as it needs.
fn percent(share: &crate::measure::Estimate) -> String {
    let digits = if share.high < 0.01 { 3 } else { 0 };
    let [point, low, high] = [share.point, share.low, share.high].map(|share| 100.0 * share);
    format!("{point:.digits$}% [{low:.digits$}, {high:.digits$}]")
}

fn sentence(arm: &Arm) -> String {
    format!(
        "{}: {} of {} deadlocked, {}.",
        arm.name,
        arm.deadlocked_in.len(),
        counted(arm.runs, Noun::Run),
        percent(&arm.share())
    )
}

impl Survived {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that the program `never` did not deadlock in any trial, and that `sometimes` does.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`].
    pub fn claims(&self, never: &str, sometimes: &str) -> Result<Claims, Error> {
        let (none, some) = (self.arm(never)?, self.arm(sometimes)?);
        let none = Claim {
            claim: format!("`{never}` deadlocks in none of its trials"),
            verdict: if none.deadlocked_in.is_empty() { Verdict::Supported } else { Verdict::Violated },
            estimate: Some(none.per_trial()),
            reason: format!(
                "{} of {} trials; at 95%, at most one trial in {:.0}",
                none.deadlocked_in.len(),
                none.all_trials,
                1.0 / none.per_trial().high
            ),
        };
        let reason =
            format!("{} of {} runs, {}", some.deadlocked_in.len(), some.runs, percent(&some.share()));
        let some = Claim {
            claim: format!("`{sometimes}` deadlocks in some of its runs"),
            verdict: some.share().above(0.0),
            estimate: Some(some.share()),
            reason,
        };
        Ok(Claims(vec![none, some]))
    }
}

impl Shown for Survived {
    fn block(&self) -> Block {
        let caption = self.arms.iter().map(sentence).collect::<Vec<_>>().join(" ");
        let mut block = Block { table: self.table(), ..Block::default() };
        block.show(plot::survival_curves(self, &caption));
        let cores = if self.cores == 1 { "one core".to_owned() } else { format!("{} cores", self.cores) };
        block.notes.push(format!(
            "Each run is a process of its own on {cores}: up to {} trials, or the first that deadlocks. Exact 95% intervals.",
            self.trials
        ));
        if self.cores == 1 {
            block.notes.push(
                "On one core two threads meet between their locks only where the system takes the core away just there: \
                 that no run deadlocked says little."
                    .to_owned(),
            );
        }
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let rows = self.arms.iter().flat_map(|arm| {
            let row = |trial: &u64| {
                let left = arm.surviving(*trial);
                [arm.name.clone(), trial.to_string()]
                    .into_iter()
                    .chain([left.point, left.low, left.high].map(|share| share.to_string()))
                    .collect::<Vec<_>>()
            };
            let mut trials = arm.deadlocked_in.clone();
            trials.push(self.trials);
            trials.dedup();
            trials.iter().map(row).collect::<Vec<_>>()
        });
        let head = ["program", "trials", "runs left (share)", "low", "high"];
        Table { head: head.map(str::to_owned).to_vec(), rows: rows.collect() }
    }
}

impl Survived {
    fn table(&self) -> Table {
        let row = |arm: &Arm| {
            [
                arm.name.clone(),
                format!("{} of {}", arm.deadlocked_in.len(), arm.runs),
                percent(&arm.share()),
                arm.all_trials.to_string(),
                percent(&arm.per_trial()),
                format!("{:.2}", arm.seconds),
            ]
        };
        let head =
            ["program", "runs deadlocked", "share of runs", "trials begun", "a trial deadlocks", "time (s)"];
        Table::new(head, self.arms.iter().map(row))
    }
}

impl Graph {
    /// Shows the graph in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }
}

impl Shown for Graph {
    fn block(&self) -> Block {
        let caption = match self.cycle().len() {
            0 => "Nobody waits in a circle.".to_owned(),
            _ => format!("{}.", self.cycle_in_words()),
        };
        let mut block = Block { table: self.columns(), ..Block::default() };
        block.show(plot::wait_for_graph(self, &caption));
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let name = |actor: Option<usize>| {
            actor.and_then(|actor| self.actors.get(actor)).map(|actor| actor.name.clone())
        };
        let rows = self.locks.iter().enumerate().map(|(index, lock)| {
            let waiting = self.actors.iter().filter(|actor| actor.wants == Some(index));
            let waiting: Vec<&str> = waiting.map(|actor| actor.name.as_str()).collect();
            [lock.name.clone(), name(lock.owner).unwrap_or_else(|| "nobody".to_owned()), waiting.join(", ")]
        });
        Table::new(["lock", "held by", "waited for by"], rows)
    }
}

impl Checked {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that the model checker finds an order of steps that deadlocks.
    pub fn claim_deadlock(&self, name: &str) -> Claim {
        let found = self.failure.as_ref().is_some_and(|failure| failure.is_deadlock());
        let verdict = match (found, self.exhausted) {
            (true, _) => Verdict::Supported,
            (false, true) => Verdict::Violated,
            (false, false) => Verdict::CannotTell,
        };
        Claim {
            claim: format!("a model checker finds an order of steps in which `{name}` deadlocks"),
            verdict,
            estimate: None,
            reason: self.sentence(),
        }
    }

    /// Claims that no order of steps deadlocks.
    pub fn claim_none(&self, name: &str) -> Claim {
        let verdict = match (&self.failure, self.exhausted) {
            (Some(_), _) => Verdict::Violated,
            (None, true) => Verdict::Supported,
            (None, false) => Verdict::CannotTell,
        };
        Claim {
            claim: format!("in the model, no order of steps of `{name}` deadlocks"),
            verdict,
            estimate: None,
            reason: self.sentence(),
        }
    }

    fn sentence(&self) -> String {
        let count = self.executions;
        match (&self.failure, self.exhausted) {
            (Some(failure), _) if self.replayed => {
                format!("this order of steps again: {}", in_words(failure))
            }
            (Some(failure), _) => format!("order number {count} ends badly: {}", in_words(failure)),
            (None, _) if self.replayed => "this order of steps ends well".to_owned(),
            (None, true) => format!("all orders of its steps end well; {count} were tried"),
            (None, false) => {
                format!("{count} orders of its steps end well; there are more than could be tried")
            }
        }
    }
}

/// Who waits for whom, where that is what went wrong; else what shuttle says.
fn in_words(failure: &Failure) -> String {
    let cycle = failure.graph.cycle_in_words();
    if failure.is_deadlock() && !cycle.is_empty() { cycle } else { failure.message.clone() }
}

impl Shown for Checked {
    fn block(&self) -> Block {
        let sentence = self.sentence();
        let mut letters = sentence.chars();
        let caption = letters
            .next()
            .map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()));
        let mut block = Block { table: self.columns(), ..Block::default() };
        if let Some(failure) = &self.failure {
            block.show(plot::wait_for_graph(&failure.graph, &failure.graph.cycle_in_words()));
            block.notes.push(format!("Steps: {}.", failure.steps.join("; ")));
            block.notes.push(format!("Schedule: {}", failure.schedule));
        }
        block.notes.push("A model: shuttle runs one thread at a time and switches at locks only.".to_owned());
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let steps = self.failure.iter().flat_map(|failure| failure.steps.iter().enumerate());
        Table::new(
            ["step", "what happens"],
            steps.map(|(number, step)| [(number + 1).to_string(), step.clone()]),
        )
    }
}

impl Classified {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that each program was seen as what stands beside its name.
    pub fn claims<'a>(&self, kinds: impl IntoIterator<Item = (&'a str, Kind)>) -> Claims {
        let claim = |(name, kind): (&str, Kind)| {
            let claim = format!("`{name}` looks like {}", kind.name());
            let Some(program) = self.programs.iter().find(|program| program.name == name) else {
                return Claim::cannot_tell(&claim, "not watched");
            };
            let seen: Vec<&str> = program.kinds.iter().map(|kind| kind.name()).collect();
            let verdict = match program.kind() {
                Some(found) if found == kind => Verdict::Supported,
                Some(_) => Verdict::Violated,
                None => Verdict::CannotTell,
            };
            Claim { claim, verdict, estimate: None, reason: format!("seen: {}", seen.join(", ")) }
        };
        Claims(kinds.into_iter().map(claim).collect())
    }
}

impl Shown for Classified {
    fn block(&self) -> Block {
        let said = |program: &crate::liveness::Program| {
            let kind = program.kind().map_or("not the same each time", Kind::name);
            let cores = program.cores.map_or(String::new(), |cores| format!(", {cores:.2} cores busy"));
            format!("{}: {kind}{cores}.", program.name)
        };
        let caption = self.programs.iter().map(said).collect::<Vec<_>>().join(" ");
        let mut block = Block { table: self.columns(), ..Block::default() };
        block.show(plot::classified_rows(self, &caption));
        block
            .notes
            .push("Each program was watched three times for 0.3 s, in processes of its own.".to_owned());
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let rows = self.programs.iter().flat_map(|program| {
            let cores = program.cores.map_or(String::new(), |cores| format!("{cores:.3}"));
            let kind = program.kind().map_or("not the same each time", Kind::name);
            program.progress.iter().map(move |(actor, rate)| {
                [&*program.name, actor, &format!("{rate:.1}"), &format!("{:.1}", program.steps), &cores, kind]
                    .map(str::to_owned)
            })
        });
        Table::new(
            ["program", "actor", "progress (1/s)", "steps of all (1/s)", "cores busy", "seen as"],
            rows,
        )
    }
}

/// Checks the reader's philosophers: no order of steps of three deadlocks, everybody eats, four can eat two at a time, and
/// real runs of five agree.
///
/// # Errors
///
/// Those of [`survival`] and of [`check`](crate::liveness::check).
pub fn philosophers_exercise(text: &str) -> Result<Exercise, Error> {
    let three = check_seats(text, 3)?;
    if let Some(failure) = &three.failure {
        let mut block = three.block();
        if !failure.is_deadlock() {
            let measured = format!("In the model: {}.", failure.message);
            let hint = "Hint: a philosopher who retries without end may never get on.";
            return Ok(Exercise::new(block, Verdict::Violated, &measured, hint));
        }
        let runs = survival("your philosophers").arm("five", text).runs(5).trials(200).measure()?;
        let five = &runs.arms[0];
        if let Some(graph) = &five.graph {
            block.figures.clear();
            block.show(plot::wait_for_graph(graph, &graph.cycle_in_words()));
        }
        let measured = format!(
            "Three deadlock in the model: {}. Five: {} of {} real runs deadlocked.",
            failure.graph.cycle_in_words(),
            five.deadlocked_in.len(),
            five.runs
        );
        let hint = "Hint: read the steps. What would have to be different so that no circle can close?";
        return Ok(Exercise::new(block, Verdict::Violated, &measured, hint));
    }
    if three.least_progress.unwrap_or(0) == 0 {
        let hint = "Hint: eating is what `me.work(…)` counts. Everybody has to.";
        return Ok(Exercise::new(three.block(), Verdict::Violated, "There is one who never eats.", hint));
    }
    let four = check_seats(text, 4)?;
    if four.failure.is_none() && four.most_working < 2 {
        let hint =
            "Hint: neighbours share a fork, those across the table do not. Who need not wait for whom?";
        let measured = "Nobody deadlocks, but in no order of steps do two of four eat at once.";
        return Ok(Exercise::new(four.block(), Verdict::Violated, measured, hint));
    }
    let runs = survival("your philosophers").arm("five", text).runs(10).trials(200).measure()?;
    let five = &runs.arms[0];
    let orders = if three.exhausted {
        "no order of steps deadlocks"
    } else {
        "no order of steps that was tried deadlocks"
    };
    let measured = format!(
        "Three: {orders}, of {}. Four: two eat at once. Five: {} of {} real trials deadlocked.",
        three.executions,
        five.deadlocked_in.len(),
        five.all_trials
    );
    let verdict = match (five.deadlocked_in.is_empty() && four.failure.is_none(), three.exhausted) {
        (false, _) => Verdict::Violated,
        (true, true) => Verdict::Supported,
        (true, false) => Verdict::CannotTell,
    };
    let hint = "Hint: with more seats than three a circle still closes.";
    Ok(Exercise::new(runs.block(), verdict, &measured, hint))
}
