//! A [`Simulated`] and a [`Scheduled`] in a cell: said to be simulated, with what the measured points say of that.

use super::{Block, Claim, Shown, Table, claim};
use crate::language::{say, word};
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
        let text = word!(
            en: "the simulation agrees with what was measured here",
            pt: "a simulação concorda com o que foi medido aqui"
        );
        let credible = self.checks.iter().filter(|check| check.workers > 1 && check.credible);
        let distance = |check: &&Check| (check.ratio.point - 1.0).abs();
        match credible.max_by(|one, two| distance(one).total_cmp(&distance(two))) {
            Some(check) => claim(&format!("{text}: {}", named(check)), &check.ratio).near(1.0, TOLERANCE),
            None => Claim::cannot_tell(
                text,
                word!(
                    en: "no undisturbed point on two cores or more to hold it against",
                    pt: "nenhum ponto limpo em dois núcleos ou mais com que confrontá-la"
                ),
            ),
        }
    }

    fn caption(&self) -> String {
        let agreement = match self.verdict() {
            None => {
                word!(
                    en: "Nothing here shows whether it is right: no parallel point was measured within the cores.",
                    pt: "Nada aqui mostra se ela está certa: nenhum ponto paralelo foi medido dentro dos núcleos."
                )
            }
            Some(Verdict::CannotTell) => word!(
                en: "Cannot tell whether it agrees with what was measured here.",
                pt: "Inconclusivo se ela concorda com o que foi medido aqui."
            ),
            Some(Verdict::Supported) => word!(
                en: "It agrees with what was measured here, to within 10%.",
                pt: "Ela concorda com o que foi medido aqui, com diferença de até 10%."
            ),
            Some(Verdict::Violated) => word!(
                en: "It disagrees with what was measured here: do not trust it.",
                pt: "Ela discorda do que foi medido aqui: não confie nela."
            ),
        };
        let last = |curve: &Curve| curve.points.last().map(|point| (curve.scheduler, *point));
        let mut ends: Vec<_> = self.curves.iter().filter_map(last).collect();
        ends.sort_by(|one, two| two.1.speedup.total_cmp(&one.1.speedup));
        let ends = ends.iter().map(|(scheduler, point)| format!("{:.1} ({scheduler})", point.speedup));
        let ends = ends.collect::<Vec<_>>().join(", ");
        say!(
            en: "Simulated, not measured: speedups on {} of {ends}. {agreement}",
            pt: "Simulado, não medido: speedups com {} de {ends}. {agreement}",
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
        say!(
            en: "{said} If all of it cost twice as much, the speedups on {most} were {last}.",
            pt: "{said} Se tudo isso custasse o dobro, os speedups com {most} seriam {last}."
        )
    }

    fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self.checks.iter().filter(|check| check.workers > 1).map(said).collect();
        notes.extend(self.recorded.iter().map(|record| format!("{}: {}", record.label, record.provenance())));
        notes.push(tasks(&self.work));
        notes.push(self.prices());
        if self.cores < 2.0 && self.costs != Costs::NONE {
            notes.push(
                say!(
                    en: "Here is one core: what chunk, steal and wake cost between two cores is not known, and more \
                         than this.",
                    pt: "Aqui há um só núcleo: não se sabe quanto chunk, steal e wake custam entre dois núcleos, e é \
                         mais que isto."
                ),
            );
        }
        notes.push(
            say!(
                en: "Simulated workers have a whole core each, as fast as the one that timed the tasks, and share no \
                     memory bandwidth, cache or clock rate: what a real machine gives is less.",
                pt: "Cada trabalhador simulado tem um núcleo inteiro, tão rápido quanto o que cronometrou as tarefas, \
                     e não compartilha largura de banda da memória, cache nem frequência: uma máquina real dá menos."
            ),
        );
        notes
    }

    fn table(&self) -> Table {
        let percent = |share: f64| format!("{:.0}%", 100.0 * share);
        let row = |curve: &Curve, point: &Point| {
            [
                say!(en: "{}, simulated", pt: "{}, simulado", curve.scheduler),
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
            let arm = say!(en: "{}, measured", pt: "{}, medido", check.arm);
            let count = check.workers.to_string();
            let blank = String::new;
            [arm, count, blank(), check.measured.to_string(), blank(), blank(), blank(), blank(), blank()]
        });
        let head = word!(
            en: [
                "scheduler",
                "workers",
                "makespan (ms)",
                "speedup",
                "at double costs",
                "busy",
                "scheduling",
                "pieces",
                "steals"
            ],
            pt: [
                "escalonador",
                "trabalhadores",
                "makespan (ms)",
                "speedup",
                "com custo dobrado",
                "ocupados",
                "escalonamento",
                "pedaços",
                "roubos"
            ]
        );
        Table::new(head, simulated.chain(measured))
    }
}

/// What one check says.
fn said(check: &Check) -> String {
    let verdict = match check.verdict() {
        Verdict::Supported => word!(en: "agrees to within 10%", pt: "concorda, com diferença de até 10%"),
        Verdict::Violated => word!(en: "disagrees", pt: "discorda"),
        Verdict::CannotTell if check.credible => word!(
            en: "cannot tell, the interval reaches beyond 10%",
            pt: "inconclusivo, o intervalo vai além de 10%"
        ),
        Verdict::CannotTell => plot::too_busy(),
    };
    say!(
        en: "{}: measured {}, simulated {:.2}; on whole cores {} times what was simulated: {verdict}.",
        pt: "{}: medido {}, simulado {:.2}; em núcleos inteiros, {} vezes o simulado: {verdict}.",
        named(check),
        check.measured,
        check.simulated,
        check.ratio
    )
}

fn named(check: &Check) -> String {
    say!(
        en: "{} as {} on {}",
        pt: "{} como {} com {}",
        check.arm,
        check.scheduler,
        workers(check.workers)
    )
}

fn tasks(work: &Work) -> String {
    let timed = match (work.passes, work.block) {
        (0, _) => say!(en: "whose times were given", pt: "com tempos dados"),
        (passes, 1) => say!(
            en: "each timed here on one core, medians of {passes} runs",
            pt: "cada uma cronometrada aqui em um só núcleo, medianas de {passes} execuções"
        ),
        (passes, block) => {
            say!(
                en: "timed here on one core, {block} neighbours at once, medians of {passes} runs",
                pt: "cronometradas aqui em um só núcleo, {block} vizinhas juntas, medianas de {passes} execuções"
            )
        }
    };
    let (all, longest) = (time(work.total), time(work.longest));
    let mut said = say!(
        en: "{}, {timed}: {all} in all, the longest {longest}.",
        pt: "{}, {timed}: {all} ao todo, a mais longa {longest}.",
        counted(work.tasks, Noun::Task)
    );
    let bound = work.total / work.longest;
    if bound < MOST_WORKERS as f64 {
        said += &say!(
            en: " So no number of workers is faster than {bound:.1} times.",
            pt: " Logo, nenhum número de trabalhadores passa de {bound:.1} vezes."
        );
    }
    said
}

fn costs(costs: &Costs) -> String {
    if *costs == Costs::NONE {
        return say!(
            en: "Scheduling costs nothing in this simulation.",
            pt: "Escalonar não custa nada nesta simulação."
        );
    }
    let costs: Vec<String> =
        costs.named().iter().map(|(name, seconds)| format!("{name} {}", time(*seconds))).collect();
    say!(en: "What scheduling costs: {}.", pt: "O que custa escalonar: {}.", costs.join(", "))
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
                let named = [
                    say!(en: "simulated", pt: "simulado"),
                    curve.scheduler.to_string(),
                    point.workers.to_string(),
                ];
                [named.to_vec(), numbers.iter().map(f64::to_string).collect(), counts.to_vec()].concat()
            })
        });
        let measured = self.checks.iter().map(|check| {
            let speedup = [check.measured.point, check.measured.low, check.measured.high];
            let kind = say!(en: "measured", pt: "medido");
            let named = [kind, check.arm.clone(), check.workers.to_string(), String::new()];
            let blank = vec![String::new(); 5];
            [named.to_vec(), speedup.iter().map(f64::to_string).collect(), blank].concat()
        });
        let head = word!(
            en: [
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
                "steals"
            ],
            pt: [
                "tipo",
                "escalonador ou variante",
                "trabalhadores",
                "makespan (s)",
                "speedup",
                "speedup, de",
                "speedup, até",
                "speedup com custo dobrado",
                "ocupados",
                "escalonamento",
                "pedaços",
                "roubos"
            ]
        );
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
            say!(
                en: "{} takes {}, its workers are busy {share:.0}% of that",
                pt: "{} leva {}, com os trabalhadores ocupados em {share:.0}% disso",
                run.scheduler,
                time(run.makespan)
            )
        });
        let count = self.runs.first().map_or(0, |run| run.shares.len());
        let runs = runs.collect::<Vec<_>>().join("; ");
        say!(
            en: "Simulated, not measured, {}: {runs}.",
            pt: "Simulado, não medido, {}: {runs}.",
            workers(count)
        )
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
                let named =
                    [say!(en: "{}, simulated", pt: "{}, simulado", run.scheduler), (worker + 1).to_string()];
                [named.to_vec(), times.to_vec(), counts.to_vec()].concat()
            })
        });
        let head = word!(
            en: ["scheduler", "worker", "busy (ms)", "scheduling (ms)", "idle (ms)", "tasks", "pieces", "steals"],
            pt: [
                "escalonador",
                "trabalhador",
                "ocupado (ms)",
                "escalonamento (ms)",
                "ocioso (ms)",
                "tarefas",
                "pedaços",
                "roubos"
            ]
        );
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
        let head = word!(
            en: ["scheduler", "worker", "start (s)", "end (s)", "first task", "tasks", "stolen"],
            pt: ["escalonador", "trabalhador", "início (s)", "fim (s)", "primeira tarefa", "tarefas", "roubado"]
        );
        Table::new(head, rows)
    }
}
