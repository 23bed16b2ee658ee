//! A [`Simulated`] and a [`Scheduled`] in a cell: said to be simulated, with what the measured points say of that.

use super::{Block, Claim, Shown, Table, claim};
use crate::measure::Verdict;
use crate::plot::{self, Noun, counted, workers};
use crate::schedule::{Check, Costs, Curve, MOST_WORKERS, Point, Scheduled, Simulated, TOLERANCE, Work};

impl Simulated {
    /// Shows the simulation in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that the simulation agrees with what was measured here, to within [`TOLERANCE`], at the check that differs
    /// the most.
    pub fn claim_agrees(&self) -> Claim {
        let text = "the simulation agrees with what was measured here";
        let credible = self.checks.iter().filter(|check| check.workers > 1 && check.credible);
        let distance = |check: &&Check| (check.ratio.point - 1.0).abs();
        match credible.max_by(|one, two| distance(one).total_cmp(&distance(two))) {
            Some(check) => claim(&format!("{text}: {}", named(check)), &check.ratio).near(1.0, TOLERANCE),
            None => Claim::cannot_tell(text, "no undisturbed point on two cores or more to hold it against"),
        }
    }

    fn caption(&self) -> String {
        let agreement = match self.verdict() {
            None => {
                "Nothing here shows whether it is right: no parallel point was measured within the cores."
            }
            Some(Verdict::CannotTell) => "Cannot tell whether it agrees with what was measured here.",
            Some(Verdict::Supported) => "It agrees with what was measured here, to within 10%.",
            Some(Verdict::Violated) => "It disagrees with what was measured here: do not trust it.",
        };
        let last = |curve: &Curve| curve.points.last().map(|point| (curve.scheduler, *point));
        let mut ends: Vec<_> = self.curves.iter().filter_map(last).collect();
        ends.sort_by(|one, two| two.1.speedup.total_cmp(&one.1.speedup));
        let ends = ends.iter().map(|(scheduler, point)| format!("{:.1} ({scheduler})", point.speedup));
        let ends = ends.collect::<Vec<_>>().join(", ");
        format!(
            "Simulated, not measured: speedups on {} of {ends}. {agreement}",
            workers(self.most_workers())
        )
    }

    fn most_workers(&self) -> usize {
        let points = self.curves.iter().flat_map(|curve| &curve.points);
        points.map(|point| point.workers).max().unwrap_or(1)
    }

    /// What scheduling costs, and how much hangs on that.
    fn prices(&self) -> String {
        let said = costs(&self.costs);
        if self.costs == Costs::NONE {
            return said;
        }
        let last = self.curves.iter().filter_map(|curve| Some((curve.scheduler, curve.points.last()?)));
        let last = last.map(|(scheduler, point)| format!("{:.1} ({scheduler})", point.at_double_costs));
        let (most, last) = (workers(self.most_workers()), last.collect::<Vec<_>>().join(", "));
        format!("{said} If all of it cost twice as much, the speedups on {most} were {last}.")
    }

    fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self.checks.iter().filter(|check| check.workers > 1).map(said).collect();
        notes.extend(self.recorded.iter().map(|record| format!("{}: {}", record.label, record.provenance())));
        notes.push(tasks(&self.work));
        notes.push(self.prices());
        if self.cores < 2.0 && self.costs != Costs::NONE {
            notes.push(
                "Here is one core: what chunk, steal and wake cost between two cores is not known, and more than this."
                    .to_owned(),
            );
        }
        notes.push(
            "Simulated workers have a whole core each, as fast as the one that timed the tasks, and share no memory \
             bandwidth, cache or clock rate: what a real machine gives is less."
                .to_owned(),
        );
        notes
    }

    fn table(&self) -> Table {
        let percent = |share: f64| format!("{:.0}%", 100.0 * share);
        let row = |curve: &Curve, point: &Point| {
            [
                format!("{}, simulated", curve.scheduler),
                point.workers.to_string(),
                format!("{:.3}", point.makespan * 1e3),
                format!("{:.2}", point.speedup),
                format!("{:.2}", point.at_double_costs),
                percent(point.busy),
                percent(point.overhead),
                point.pieces.to_string(),
                point.steals.to_string(),
            ]
        };
        let simulated =
            self.curves.iter().flat_map(|curve| curve.points.iter().map(move |point| row(curve, point)));
        let measured = self.checks.iter().map(|check| {
            let [arm, count] = [format!("{}, measured", check.arm), check.workers.to_string()];
            let blank = String::new;
            [arm, count, blank(), check.measured.to_string(), blank(), blank(), blank(), blank(), blank()]
        });
        let head = [
            "scheduler",
            "workers",
            "makespan (ms)",
            "speedup",
            "at double costs",
            "busy",
            "scheduling",
            "pieces",
            "steals",
        ];
        Table::new(head, simulated.chain(measured))
    }
}

/// What one check says.
fn said(check: &Check) -> String {
    let verdict = match check.verdict() {
        Verdict::Supported => "agrees to within 10%",
        Verdict::Violated => "disagrees",
        Verdict::CannotTell if check.credible => "cannot tell, the interval reaches beyond 10%",
        Verdict::CannotTell => "cannot tell, the machine was too busy",
    };
    format!(
        "{}: measured {}, simulated {:.2}; on whole cores {} times what was simulated: {verdict}.",
        named(check),
        check.measured,
        check.simulated,
        check.ratio
    )
}

fn named(check: &Check) -> String {
    format!("{} as {} on {}", check.arm, check.scheduler, workers(check.workers))
}

fn tasks(work: &Work) -> String {
    let timed = match (work.passes, work.block) {
        (0, _) => "whose times were given".to_owned(),
        (passes, 1) => format!("each timed here on one core, medians of {passes} runs"),
        (passes, block) => {
            format!("timed here on one core, {block} neighbours at once, medians of {passes} runs")
        }
    };
    let (all, longest) = (time(work.total), time(work.longest));
    let mut said =
        format!("{}, {timed}: {all} in all, the longest {longest}.", counted(work.tasks, Noun::Task));
    let bound = work.total / work.longest;
    if bound < MOST_WORKERS as f64 {
        said += &format!(" So no number of workers is faster than {bound:.1} times.");
    }
    said
}

fn costs(costs: &Costs) -> String {
    if *costs == Costs::NONE {
        return "Scheduling costs nothing in this simulation.".to_owned();
    }
    let costs: Vec<String> =
        costs.named().iter().map(|(name, seconds)| format!("{name} {}", time(*seconds))).collect();
    format!("What scheduling costs: {}.", costs.join(", "))
}

/// A time with three digits in the unit that suits it.
fn time(seconds: f64) -> String {
    let (value, unit) = match seconds {
        seconds if seconds < 1e-6 => (seconds * 1e9, "ns"),
        seconds if seconds < 1e-3 => (seconds * 1e6, "µs"),
        seconds if seconds < 1.0 => (seconds * 1e3, "ms"),
        seconds => (seconds, "s"),
    };
    let decimals = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.decimals$} {unit}")
}

impl Shown for Simulated {
    fn block(&self) -> Block {
        let caption = self.caption();
        let figure = plot::simulated_curves(self, &caption);
        let mut block = Block { caption, notes: self.notes(), table: self.table(), ..Block::default() };
        block.show(figure);
        block
    }

    fn columns(&self) -> Table {
        let simulated = self.curves.iter().flat_map(|curve| {
            curve.points.iter().map(move |point| {
                let Point { makespan, fastest, slowest, speedup, at_double_costs, busy, overhead, .. } =
                    *point;
                let speedups = [speedup, speedup * makespan / slowest, speedup * makespan / fastest];
                let numbers = [&[makespan][..], &speedups, &[at_double_costs, busy, overhead]].concat();
                let counts = [point.pieces, point.steals].map(|count| count.to_string());
                let named = ["simulated".to_owned(), curve.scheduler.to_string(), point.workers.to_string()];
                [named.to_vec(), numbers.iter().map(f64::to_string).collect(), counts.to_vec()].concat()
            })
        });
        let measured = self.checks.iter().map(|check| {
            let speedup = [check.measured.point, check.measured.low, check.measured.high];
            let named = ["measured".to_owned(), check.arm.clone(), check.workers.to_string(), String::new()];
            let blank = vec![String::new(); 5];
            [named.to_vec(), speedup.iter().map(f64::to_string).collect(), blank].concat()
        });
        let head = [
            "kind",
            "scheduler or arm",
            "workers",
            "makespan (s)",
            "speedup",
            "speedup low",
            "speedup high",
            "speedup at double costs",
            "busy",
            "scheduling",
            "pieces",
            "steals",
        ];
        Table { head: head.map(str::to_owned).to_vec(), rows: simulated.chain(measured).collect() }
    }
}

impl Scheduled {
    /// Shows the runs in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    fn caption(&self) -> String {
        let runs = self.runs.iter().map(|run| {
            let busy: f64 = run.shares.iter().map(|share| share.busy).sum();
            let share = 100.0 * busy / (run.makespan * run.shares.len() as f64);
            format!(
                "{} takes {}, its workers are busy {share:.0}% of that",
                run.scheduler,
                time(run.makespan)
            )
        });
        let count = self.runs.first().map_or(0, |run| run.shares.len());
        format!("Simulated, not measured, {}: {}.", workers(count), runs.collect::<Vec<_>>().join("; "))
    }
}

impl Shown for Scheduled {
    fn block(&self) -> Block {
        let caption = self.caption();
        let figure = plot::scheduled_timelines(self, &caption);
        let rows = self.runs.iter().flat_map(|run| {
            run.shares.iter().enumerate().map(move |(worker, share)| {
                let idle = (run.makespan - share.busy - share.overhead).max(0.0);
                let times = [share.busy, share.overhead, idle].map(|seconds| format!("{:.3}", seconds * 1e3));
                let counts = [share.tasks, share.pieces, share.steals].map(|count| count.to_string());
                let named = [format!("{}, simulated", run.scheduler), (worker + 1).to_string()];
                [named.to_vec(), times.to_vec(), counts.to_vec()].concat()
            })
        });
        let head =
            ["scheduler", "worker", "busy (ms)", "scheduling (ms)", "idle (ms)", "tasks", "pieces", "steals"];
        let table = Table { head: head.map(str::to_owned).to_vec(), rows: rows.collect() };
        let notes = vec![tasks(&self.work), costs(&self.costs)];
        let mut block = Block { caption, notes, table, ..Block::default() };
        block.show(figure);
        block
    }

    fn columns(&self) -> Table {
        let rows = self.runs.iter().flat_map(|run| {
            run.spans.iter().map(move |span| {
                [
                    run.scheduler.to_string(),
                    span.worker.to_string(),
                    span.start.to_string(),
                    span.end.to_string(),
                    span.first.to_string(),
                    span.tasks.to_string(),
                    span.stolen.to_string(),
                ]
            })
        });
        Table::new(["scheduler", "worker", "start (s)", "end (s)", "first task", "tasks", "stolen"], rows)
    }
}
