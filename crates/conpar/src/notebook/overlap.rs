//! An [`Overlapped`] in a cell: four timelines, bars, verdict and table.

use super::{Block, Claim, Claims, Shown, Table};
use crate::language::{say, word};
use crate::measure::{Estimate, Estimator, Verdict};
use crate::overlap::{Corner, Doubt, Overlapped, Place, Work};
use crate::plot;

/// From which gain on tasks did overlap, and up to which they did not. The two are far apart: between them lies what
/// neither word describes. Two hyper-threads of one core may end there.
const OVERLAPS: f64 = 1.3;
const TAKES_TURNS: f64 = 1.15;

/// Whether tasks with this gain did overlap.
fn overlaps(gain: &Estimate) -> Verdict {
    match (gain.above(OVERLAPS), gain.below(TAKES_TURNS)) {
        (Verdict::Supported, _) => Verdict::Supported,
        (_, Verdict::Supported) => Verdict::Violated,
        _ => Verdict::CannotTell,
    }
}

impl Doubt {
    /// The doubt in words.
    pub fn reason(self) -> &'static str {
        match self {
            Doubt::Busy => word!(en: "the machine was too busy", pt: "a máquina estava ocupada demais"),
            Doubt::TooShort => word!(
                en: "a task takes too little time beside what it takes to start one",
                pt: "uma tarefa leva pouco tempo em comparação com o que leva iniciá-la"
            ),
            Doubt::OneTask => word!(
                en: "a single task has no other to overlap with",
                pt: "uma única tarefa não tem com que se sobrepor"
            ),
            Doubt::Quota => word!(en: "a CPU quota takes cores away", pt: "uma cota de CPU tira núcleos"),
        }
    }
}

impl Overlapped {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// What the chapter claims of the four corners, and what this run says of it.
    pub fn claims(&self) -> Claims {
        let on = |work, place, text: &str, holds: fn(Verdict) -> Verdict| match self.corner(work, place) {
            None => Claim::cannot_tell(text, word!(en: "not measured", pt: "não medido")),
            Some(corner) => match self.doubt(corner) {
                Some(doubt) => Claim::cannot_tell(text, doubt.reason()),
                None => Claim {
                    claim: text.to_owned(),
                    verdict: holds(overlaps(&corner.gain)),
                    estimate: Some(corner.gain),
                    reason: say!(
                        en: "measured {}; above {OVERLAPS} tasks overlap, below {TAKES_TURNS} they take turns",
                        pt: "medido {}; acima de {OVERLAPS} há sobreposição, abaixo de {TAKES_TURNS} elas se revezam",
                        corner.gain
                    ),
                },
            },
        };
        let overlap = |verdict| verdict;
        let take_turns = |verdict| match verdict {
            Verdict::Supported => Verdict::Violated,
            Verdict::Violated => Verdict::Supported,
            Verdict::CannotTell => Verdict::CannotTell,
        };
        let parallel = word!(
            en: "tasks that compute overlap on all cores",
            pt: "tarefas que calculam se sobrepõem em todos os núcleos"
        );
        let waiting = word!(
            en: "tasks that wait overlap on one core",
            pt: "tarefas que esperam se sobrepõem em um só núcleo"
        );
        let computing = word!(
            en: "tasks that compute take turns on one core",
            pt: "tarefas que calculam se revezam em um só núcleo"
        );
        Claims(vec![
            on(Work::Waiting, Place::OneCore, waiting, overlap),
            on(Work::Computing, Place::OneCore, computing, take_turns),
            match self.cores {
                1 => Claim::cannot_tell(
                    parallel,
                    word!(
                        en: "one core only: nothing can run in parallel here",
                        pt: "um só núcleo: nada pode executar em paralelo aqui"
                    ),
                ),
                _ => on(Work::Computing, Place::AllCores, parallel, overlap),
            },
        ])
    }

    fn sentence(&self, corner: &Corner) -> String {
        let work = match corner.work {
            Work::Waiting => word!(en: "Waiting", pt: "Esperando"),
            Work::Computing => word!(en: "Computing", pt: "Calculando"),
        };
        let place = match corner.place {
            Place::OneCore => say!(en: "on one core", pt: "em um só núcleo"),
            Place::AllCores if self.cores == 1 => {
                say!(en: "on all cores, which is one", pt: "em todos os núcleos, que são um só")
            }
            Place::AllCores => say!(en: "on all {} cores", pt: "em todos os {} núcleos", self.cores),
        };
        let verdict = match (self.doubt(corner), overlaps(&corner.gain)) {
            (Some(doubt), _) => say!(en: "cannot tell, {}", pt: "inconclusivo, {}", doubt.reason()),
            (None, Verdict::Supported) => {
                say!(en: "the tasks overlap", pt: "as tarefas se sobrepõem")
            }
            (None, Verdict::Violated) => {
                say!(en: "the tasks take turns", pt: "as tarefas se revezam")
            }
            (None, Verdict::CannotTell) => say!(en: "cannot tell", pt: "inconclusivo"),
        };
        say!(
            en: "{work} {place}: {verdict}, {} times faster than one after another.",
            pt: "{work} {place}: {verdict}, {} vezes mais rápido que uma após a outra.",
            corner.gain
        )
    }

    fn table(&self) -> Table {
        let head = word!(
            en: ["tasks", "where", "at once (ms)", "times faster", "95% interval"],
            pt: ["tarefas", "onde", "juntas (ms)", "vezes mais rápido", "intervalo de 95%"]
        );
        let row = |corner: &Corner| {
            let work = match corner.work {
                Work::Waiting => word!(en: "waiting", pt: "esperando"),
                Work::Computing => word!(en: "computing", pt: "calculando"),
            };
            let place = match corner.place {
                Place::OneCore => say!(en: "one core (core {})", pt: "um núcleo (núcleo {})", self.core),
                Place::AllCores => say!(en: "all cores ({})", pt: "todos os núcleos ({})", self.cores),
            };
            vec![
                format!("{} {work}", self.tasks),
                place,
                format!("{:.2}", corner.seconds * 1e3),
                format!("{:.2}", corner.gain.point),
                say!(en: "{:.2} to {:.2}", pt: "{:.2} a {:.2}", corner.gain.low, corner.gain.high),
            ]
        };
        Table { head: head.map(str::to_owned).to_vec(), rows: self.corners.iter().map(row).collect() }
    }
}

impl Shown for Overlapped {
    fn block(&self) -> Block {
        let caption = self.corners.iter().map(|corner| self.sentence(corner)).collect::<Vec<_>>().join(" ");
        let mut notes = Vec::new();
        if self.cores == 1 {
            notes.push(
                say!(
                    en: "This process may use one core only: all cores are one core here, and nothing can run in \
                         parallel.",
                    pt: "Este processo pode usar um só núcleo: todos os núcleos são um só aqui, e nada executa em \
                         paralelo."
                ),
            );
        }
        if self.effective_cores < self.cores as f64 {
            notes.push(say!(
                en: "A CPU quota limits this process to {:.2} cores' worth of time, less than the {} cores it may run \
                     on.",
                pt: "Uma cota de CPU limita este processo ao tempo de {:.2} núcleos, menos que os {} em que ele pode \
                     executar.",
                self.effective_cores,
                self.cores
            ));
        }
        notes.push(say!(
            en: "{} rounds in random order; 95% intervals. Each timeline is the measured run nearest to the estimate.",
            pt: "{} rodadas em ordem aleatória; intervalos de 95%. Cada linha do tempo é a execução medida mais \
                 próxima da estimativa.",
            self.rounds
        ));
        if self.corners.iter().any(|corner| corner.estimator != Estimator::MedianOfClean) {
            notes.push(
                say!(
                    en: "The machine was busy: where too few samples were undisturbed, the fastest one is shown and \
                         nothing is concluded.",
                    pt: "A máquina estava ocupada: onde houve poucas amostras limpas, mostra-se a mais rápida e nada \
                         se conclui."
                ),
            );
        }
        if !self.watched {
            let note = word!(
                en: "This system does not tell whether others disturbed a sample.",
                pt: "Este sistema não informa se outros perturbaram uma amostra."
            );
            notes.push(note.to_owned());
        }
        let figures = [plot::overlap_timelines(self, &caption), plot::overlap_bars(self, &caption)];
        let mut block = Block { caption, notes, table: self.table(), ..Block::default() };
        figures.into_iter().for_each(|figure| block.show(figure));
        block
    }

    fn columns(&self) -> Table {
        let rows = self.corners.iter().map(|corner| {
            let work = match corner.work {
                Work::Waiting => word!(en: "waiting", pt: "esperando"),
                Work::Computing => word!(en: "computing", pt: "calculando"),
            };
            let place = match corner.place {
                Place::OneCore => word!(en: "one core", pt: "um núcleo"),
                Place::AllCores => word!(en: "all cores", pt: "todos os núcleos"),
            };
            let numbers =
                [corner.alone, corner.seconds, corner.gain.point, corner.gain.low, corner.gain.high];
            let [alone, at_once, gain, low, high] = numbers.map(|number| number.to_string());
            let estimator = plot::estimator(corner.estimator).to_owned();
            [work.to_owned(), place.to_owned(), alone, at_once, gain, low, high, estimator]
        });
        let head = word!(
            en: ["work", "place", "one task (s)", "at once (s)", "gain", "gain low", "gain high", "estimator"],
            pt: ["trabalho", "lugar", "uma tarefa (s)", "juntas (s)", "ganho", "ganho, de", "ganho, até", "estimador"]
        );
        Table::new(head, rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Timeline;

    /// Four tasks of 10 ms, undisturbed, with these gains in the order of the corners.
    fn measured(gains: [f64; 4], cores: usize, effective_cores: f64) -> Overlapped {
        let timeline = Timeline { lanes: 4, makespan: 0.01, ..Timeline::default() };
        let kinds =
            [Work::Waiting, Work::Computing].map(|work| [(work, Place::OneCore), (work, Place::AllCores)]);
        let corner = |((work, place), gain): ((Work, Place), f64)| Corner {
            work,
            place,
            seconds: 0.04 / gain,
            alone: 0.01,
            gain: Estimate { point: gain, low: gain - 0.02, high: gain + 0.02, level: 0.95 },
            estimator: Estimator::MedianOfClean,
            timeline: timeline.clone(),
        };
        Overlapped {
            name: "4 tasks".to_owned(),
            tasks: 4,
            cores,
            effective_cores,
            core: 0,
            corners: kinds.into_iter().flatten().zip(gains).map(corner).collect(),
            threads: 4,
            rounds: 20,
            watched: true,
        }
    }

    fn verdicts(result: &Overlapped) -> Vec<Verdict> {
        result.claims().0.iter().map(|claim| claim.verdict).collect()
    }

    #[test]
    fn claims_follow_the_intervals() {
        let fine = measured([3.9, 3.9, 1.0, 1.9], 2, 2.0);
        assert_eq!(verdicts(&fine), [Verdict::Supported; 3]);
        let upside_down = measured([1.0, 1.0, 1.9, 1.0], 2, 2.0);
        assert_eq!(verdicts(&upside_down), [Verdict::Violated; 3]);
        let between = measured([1.2, 1.2, 1.2, 1.2], 2, 2.0);
        assert_eq!(verdicts(&between), [Verdict::CannotTell; 3]);
    }

    #[test]
    fn what_this_machine_cannot_show_is_neither_supported_nor_violated() {
        let one_core = measured([3.9, 3.9, 1.0, 1.0], 1, 1.0);
        assert_eq!(verdicts(&one_core)[2], Verdict::CannotTell);
        let quota = measured([3.9, 3.9, 1.0, 1.0], 8, 1.0);
        assert_eq!(verdicts(&quota), [Verdict::Supported, Verdict::Supported, Verdict::CannotTell]);
        assert!(quota.block().text().contains("quota"));
        let half_a_core = measured([3.9, 3.9, 1.4, 1.9], 8, 0.5);
        assert_eq!(verdicts(&half_a_core), [Verdict::Supported, Verdict::CannotTell, Verdict::CannotTell]);
        let alone = Overlapped { tasks: 1, ..measured([1.0; 4], 2, 2.0) };
        assert_eq!(verdicts(&alone), [Verdict::CannotTell; 3]);
        let mut short = measured([0.9, 1.9, 4.0, 1.9], 2, 2.0);
        short.corners.iter_mut().for_each(|corner| corner.alone = 1e-5);
        assert_eq!(verdicts(&short), [Verdict::CannotTell; 3]);
        assert!(!short.block().caption.contains("the tasks"), "{}", short.block().caption);
    }
}
