//! A [`Scaling`] in a cell: live lines while it is measured, then figure, verdict and table.

use std::fmt::Debug;

use super::sweep::ordered;
use super::{Block, Claim, Shown, Table, claim, laws};
use crate::Error;
use crate::language::{say, word};
use crate::measure::{Estimator, Stopped};
use crate::plot::{self, cores, workers};
use crate::speedup::{Curve, FEELS_A_QUOTA, Kind, Point, Scaling, Speedup, Sustained, Versus};

impl<'a, T: PartialEq + Debug + Send + Sync + 'a, W> Speedup<'a, T, W> {
    /// Measures, and prints a line for each point as soon as it is known.
    ///
    /// # Errors
    ///
    /// As [`Speedup::measure_with`].
    pub fn measure(self) -> Result<Scaling, Error> {
        self.measure_with(&mut |arm, point| {
            let doubt = match point.is_credible() {
                true => "",
                false => word!(en: " (disturbed by others)", pt: " (perturbado por outros)"),
            };
            let line = say!(
                en: "{arm}, {}: {} times as fast as serial{doubt}",
                pt: "{arm}, {}: speedup de {}{doubt}",
                workers(point.workers),
                point.speedup
            );
            println!("{line}");
        })
    }
}

impl Scaling {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that `arm`, on as many workers as this machine has cores, is faster than serial code by more than `bound`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchPoint`] where the arm was not measured.
    pub fn claim_faster(&self, arm: &str, bound: f64) -> Result<Claim, Error> {
        let most = self.most_workers();
        let point = self.at(arm, most)?;
        let text = say!(
            en: "{arm} on {} is faster than serial",
            pt: "{arm} com {} é mais rápido que o código serial",
            workers(most)
        );
        if most < 2 {
            let reason = word!(
                en: "one core only: nothing can run in parallel here",
                pt: "um só núcleo: nada pode executar em paralelo aqui"
            );
            return Ok(Claim::cannot_tell(&text, reason));
        }
        if !point.is_credible() {
            return Ok(Claim::too_busy(&text));
        }
        Ok(claim(&text, &point.speedup).above(bound))
    }

    fn caption(&self) -> String {
        let Some((curve, point)) = self.best() else {
            return say!(
                en: "No worker count lies within the {} of this process: nothing can be said of parallel speedup.",
                pt: "Nenhum número de trabalhadores cabe neste processo, que tem {}: nada se pode dizer do speedup \
                     paralelo.",
                cores(self.cores.effective)
            );
        };
        let verdict = match point.versus_serial() {
            Versus::Faster => word!(en: "faster", pt: "mais rápido"),
            Versus::Slower => word!(en: "slower", pt: "mais lento"),
            Versus::NoDifference => word!(en: "no difference shown", pt: "nenhuma diferença mostrada"),
            Versus::CannotTell => {
                word!(en: "cannot tell, the interval is wide", pt: "inconclusivo, o intervalo é largo")
            }
            Versus::TooBusy => plot::too_busy(),
        };
        let mut caption = say!(
            en: "{} on {} against serial: {verdict}, {} times as fast.",
            pt: "{} com {} contra o serial: {verdict}, speedup de {}.",
            curve.arm,
            workers(point.workers),
            point.speedup
        );
        let ceiling = self.ceiling_at(point.workers).filter(|_| point.workers > 1);
        if let (Some(ceiling), Some(share)) = (ceiling, point.of_ceiling) {
            let of_this_work = match self.own_ceiling {
                true => word!(en: " for this work", pt: " neste trabalho"),
                false => "",
            };
            caption += &say!(
                en: " The ceiling of this machine{of_this_work} with {} is {}; the arm reaches {:.0}% [{:.0}, {:.0}] of it.",
                pt: " O teto desta máquina{of_this_work} com {} é {}; a variante alcança {:.0}% [{:.0}, {:.0}] dele.",
                workers(point.workers),
                ceiling.speedup,
                100.0 * share.point,
                100.0 * share.low,
                100.0 * share.high
            );
        }
        caption
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.cores.effective < 2.0 {
            let second = match self.cores.effective > 1.0 {
                true => word!(
                    en: "a second worker runs in a part of the time",
                    pt: "um segundo trabalhador executa em uma parte do tempo"
                ),
                false => word!(
                    en: "no second worker can run at the same time, so no speedup can show here",
                    pt: "um segundo trabalhador não pode executar ao mesmo tempo, e nenhum speedup pode aparecer aqui"
                ),
            };
            notes.push(say!(
                en: "This process has {}: {second}.",
                pt: "Este processo tem {}: {second}.",
                cores(self.cores.effective)
            ));
        }
        notes.extend(self.best().map(|(curve, _)| laws::said(curve)).unwrap_or_default());
        if self.points().any(|(_, point)| point.oversubscribed) {
            notes.push(say!(
                en: "Shaded: more workers than the {} of this process. They take turns.",
                pt: "Sombreado: mais trabalhadores que núcleos (este processo tem {}). Eles se revezam.",
                cores(self.cores.effective)
            ));
            let short = |(_, point): (&Curve, &Point)| point.oversubscribed && point.seconds < FEELS_A_QUOTA;
            if self.cores.effective < self.cores.available as f64 && self.points().any(short) {
                notes.push(
                    say!(
                        en: "Cannot tell beyond the quota from these samples: it holds over periods of often 100 ms, \
                             and what is shorter fits into one. Work that goes on gets no more than the quota.",
                        pt: "Além da cota, estas amostras são inconclusivas: ela vale por períodos, muitas vezes de \
                             100 ms, e o que é mais curto cabe em um deles. Um trabalho que continua não recebe mais \
                             que a cota."
                    ),
                );
            }
        }
        notes.extend(self.sustained.as_ref().map(felt));
        if self.points().any(|(_, point)| point.is_super_linear()) {
            notes.push(
                say!(
                    en: "A speedup above the number of workers has another cause than parallelism: a better serial \
                         arm may be missing, or the parts fit into a cache that the whole does not.",
                    pt: "Um speedup acima do número de trabalhadores tem outra causa que não o paralelismo: talvez \
                         falte uma variante serial melhor, ou as partes caibam em uma cache em que o todo não cabe."
                ),
            );
        }
        let stopped = match self.stopped {
            Stopped::Precise => word!(
                en: "every interval was narrow enough",
                pt: "todos os intervalos ficarem estreitos o bastante"
            ),
            Stopped::Budget | Stopped::TooFewRounds => word!(en: "the time was up", pt: "o tempo acabar"),
            Stopped::OneByOne => word!(en: "all jobs had ended", pt: "todos os jobs terminarem"),
        };
        let mut rounds = say!(
            en: "{}, until {stopped}; 95% intervals.",
            pt: "{}, até {stopped}; intervalos de 95%.",
            ordered(self.rounds, self.stopped)
        );
        let by_minimum = self.points().filter(|(_, point)| !point.is_credible()).count();
        if by_minimum > 0 {
            rounds += &say!(
                en: " {by_minimum} of the points had too few undisturbed samples and are judged by their fastest one.",
                pt: " Pontos com poucas amostras limpas, julgados pela mais rápida: {by_minimum}."
            );
        }
        if !self.watched {
            rounds += word!(
                en: " This system does not tell whether others disturbed a sample.",
                pt: " Este sistema não informa se outros perturbaram uma amostra."
            );
        }
        notes.push(rounds);
        if self.stopped != Stopped::OneByOne {
            notes.push(self.binding());
        }
        notes
    }

    /// Who chose the cores of the workers. It shows in work of a few milliseconds, and on a busy machine.
    fn binding(&self) -> String {
        let has = |kind: Kind| self.curves.iter().any(|curve| curve.kind == kind);
        let bound = match has(Kind::Rayon) {
            true => word!(
                en: "The workers of rayon and of the ceiling",
                pt: "Os trabalhadores do rayon e do teto"
            ),
            false => word!(en: "The ceiling's workers", pt: "Os trabalhadores do teto"),
        };
        let free = match [Kind::Threads, Kind::Crossbeam, Kind::Tokio].into_iter().any(has) {
            true => word!(
                en: "; threads that an arm's own code starts run where the scheduler puts them",
                pt: "; as threads que o código de uma variante inicia executam onde o escalonador as põe"
            ),
            false => "",
        };
        say!(
            en: "{bound} are bound to one core each, where the system can{free}.",
            pt: "{bound} são fixados, cada um em um núcleo, onde o sistema permite{free}."
        )
    }

    fn table(&self) -> Table {
        let head = word!(
            en: ["arm", "workers", "time (ms)", "speedup", "95% interval", "efficiency", "clean samples"],
            pt: [
                "variante",
                "trabalhadores",
                "tempo (ms)",
                "speedup",
                "intervalo de 95%",
                "eficiência",
                "amostras limpas"
            ]
        );
        let row = |arm: &str, point: &Point| {
            let speedup = point.speedup;
            vec![
                arm.to_owned(),
                point.workers.to_string(),
                format!("{:.3}", point.seconds * 1e3),
                format!("{:.2}", speedup.point),
                say!(en: "{:.2} to {:.2}", pt: "{:.2} a {:.2}", speedup.low, speedup.high),
                format!("{:.0}%", 100.0 * point.efficiency()),
                match point.estimator {
                    Estimator::MedianOfClean => {
                        say!(en: "{} of {}", pt: "{} de {}", point.clean, self.rounds)
                    }
                    Estimator::Minimum => {
                        say!(en: "{} of {}, minimum", pt: "{} de {}, mínimo", point.clean, self.rounds)
                    }
                },
            ]
        };
        let serial = self.serial_seconds;
        let milliseconds = |seconds: f64| format!("{:.3}", seconds * 1e3);
        let mut rows = vec![vec![
            "serial".to_owned(),
            "1".to_owned(),
            milliseconds(serial.point),
            "1.00".to_owned(),
            String::new(),
            "100%".to_owned(),
            String::new(),
        ]];
        rows.extend(self.points().map(|(curve, point)| row(&curve.arm, point)));
        let ceiling = word!(en: "ceiling", pt: "teto");
        rows.extend(self.ceiling.iter().map(|point| row(ceiling, point)));
        Table { head: head.map(str::to_owned).to_vec(), rows }
    }
}

/// What long samples say under a quota.
fn felt(Sustained { arm, workers: count, speedup, estimator, seconds }: &Sustained) -> String {
    let doubt = match estimator {
        Estimator::MedianOfClean => "",
        Estimator::Minimum => word!(
            en: ", judged by the fastest: the machine was too busy, so cannot tell",
            pt: ", pela amostra mais rápida: inconclusivo, a máquina estava ocupada demais"
        ),
    };
    say!(
        en: "Under the quota, in samples of {seconds} s and more: \
             {arm} on {} is {speedup} times as fast as serial{doubt}.",
        pt: "Sob a cota, em amostras de {seconds} s ou mais: \
             {arm} com {} tem um speedup de {speedup}{doubt}.",
        workers(*count)
    )
}

impl Shown for Scaling {
    fn block(&self) -> Block {
        let caption = self.caption();
        let figure = plot::speedup_curve(self, &caption);
        let mut block = Block { caption, notes: self.notes(), table: self.table(), ..Block::default() };
        block.show(figure);
        block
    }

    fn columns(&self) -> Table {
        let arms = self.points().map(|(curve, point)| (curve.arm.as_str(), point));
        let ceiling = self.ceiling.iter().map(|point| (word!(en: "ceiling", pt: "teto"), point));
        let rows = arms.chain(ceiling).map(|(arm, point)| {
            let speedup = point.speedup;
            let fraction = point.karp_flatt().map(|fraction| fraction.point.to_string()).unwrap_or_default();
            let numbers = [point.seconds, speedup.point, speedup.low, speedup.high, point.efficiency()];
            let [seconds, speedup, low, high, efficiency] = numbers.map(|number| number.to_string());
            [
                arm.to_owned(),
                point.workers.to_string(),
                seconds,
                speedup,
                low,
                high,
                efficiency,
                fraction,
                plot::estimator(point.estimator).to_owned(),
                point.clean.to_string(),
                self.rounds.to_string(),
                point.oversubscribed.to_string(),
            ]
        });
        let head = word!(
            en: [
                "arm",
                "workers",
                "time (s)",
                "speedup",
                "speedup low",
                "speedup high",
                "efficiency",
                "serial fraction",
                "estimator",
                "clean samples",
                "rounds",
                "oversubscribed"
            ],
            pt: [
                "variante",
                "trabalhadores",
                "tempo (s)",
                "speedup",
                "speedup, de",
                "speedup, até",
                "eficiência",
                "fração serial",
                "estimador",
                "amostras limpas",
                "rodadas",
                "excesso de threads"
            ]
        );
        Table::new(head, rows)
    }
}
