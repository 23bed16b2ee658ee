//! A [`Responded`] in a cell: delays and throughput, the beats of one run, what a stopwatch leaves out, and the exercise.

use std::fmt::Debug;

use super::{Block, Claim, Exercise, Shown, Table, View, claim};
use crate::Error;
use crate::language::{say, word};
use crate::measure::{Estimate, Verdict};
use crate::plot::{self, LATE, Noun, counted, delay, in_units, named};
use crate::responsiveness::{Arm, PERCENTILES, Percentile, Responded, Responsiveness, Since, enough_beats};
use crate::sweep::Quantity;

/// What stands beside an arm that decides nothing.
fn disturbed() -> &'static str {
    word!(en: " (disturbed, decides nothing)", pt: " (perturbada, nada decide)")
}

impl<T: PartialEq + Debug + Send + 'static> Responsiveness<T> {
    /// Measures, and prints what is being measured.
    ///
    /// # Errors
    ///
    /// As [`Responsiveness::measure_with`].
    pub fn measure(self) -> Result<Responded, Error> {
        self.measure_with(&mut |what| println!("{what}"))
    }
}

impl Responded {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// One run of each arm, beat by beat.
    pub fn timelines(&self) -> View<Responded> {
        View::new(self.clone(), |responded| {
            let late = |arm: &Arm| {
                let traced = arm.traced.as_ref()?;
                let late = traced.beats.iter().filter(|beat| beat.delay >= LATE * responded.period).count();
                Some(say!(
                    en: "{}: {late} of {} late by two periods or more",
                    pt: "{}: {late} de {} com atraso de dois períodos ou mais",
                    arm.name,
                    counted(traced.beats.len(), Noun::Beat)
                ))
            };
            let said: Vec<String> = responded.arms.iter().filter_map(late).collect();
            let caption = say!(en: "One run of each. {}.", pt: "Uma execução de cada. {}.", said.join("; "));
            let notes = vec![say!(
                en: "A line leads from when a beat was due down to when it came: grey where that was less than two \
                     periods later.",
                pt: "Uma linha leva de quando uma batida estava prevista a quando ela chegou: cinza onde isso foi \
                     menos de dois períodos depois."
            )];
            let mut block = Block { notes, table: responded.table(), ..Block::default() };
            block.show(plot::beats(responded, &caption));
            block.caption = caption;
            block
        })
    }

    /// What the stopwatch of `arm` saw, beside the delays of the same runs from when the beats were due.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where it was not measured; [`Error::NoPulse`] where it had no stopwatch.
    pub fn omission(&self, arm: &str) -> Result<View<Responded>, Error> {
        let arm = self.with_stopwatch(arm)?.clone();
        let alone = Responded { arms: vec![arm], ..self.clone() };
        Ok(View::new(alone, |responded| {
            let Some(arm) = responded.arms.first() else { return Block::default() };
            let ways = [
                (Since::Due, word!(en: "from when a beat was due", pt: "a partir da hora prevista")),
                (Since::Began, word!(en: "by the stopwatch", pt: "pelo cronômetro")),
                (
                    Since::Corrected,
                    word!(en: "by the stopwatch, corrected", pt: "pelo cronômetro, corrigido"),
                ),
            ];
            let ways = ways.map(|(since, name)| (name, responded.percentiles(arm, since, &PERCENTILES)));
            let said = ways.iter().map(
                |(name, found)| say!(en: "{name}, p99 is {}", pt: "{name}, o p99 é {}", delay(&found[1])),
            );
            let doubt = if arm.is_credible() { "" } else { disturbed() };
            let caption = format!("{}: {}{doubt}.", arm.name, said.collect::<Vec<_>>().join("; "));
            let row = |(name, found): &(&str, Vec<Percentile>)| {
                let [p50, p99, p999] = [0, 1, 2].map(|index| delay(&found[index]));
                [(*name).to_owned(), p50, p99, p999]
            };
            let table = Table::new(
                [word!(en: "measured", pt: "medido"), "p50", "p99", "p99.9"],
                ways.iter().map(row),
            );
            let mut block = Block { notes: responded.notes(), table, ..Block::default() };
            block.show(plot::omission_percentiles(responded, arm, &caption));
            block.caption = caption;
            block
        }))
    }

    /// Claims that at this quantile (0.99 for p99) the beats of `arm` come more than `bound` times as late as those of
    /// `other`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where one of them was not measured.
    pub fn claim_later(&self, quantile: f64, arm: &str, other: &str, bound: f64) -> Result<Claim, Error> {
        let ratio = self.delay_ratio(quantile, arm, other)?;
        let text = say!(
            en: "{} of {arm}, times that of {other}",
            pt: "{} de {arm}, em vezes o de {other}",
            named(quantile)
        );
        Ok(match self.doubt(&[arm, other], Some(quantile))? {
            None => claim(&text, &ratio).above(bound),
            Some(why) => Claim::cannot_tell(&text, &why),
        })
    }

    /// Claims that at this quantile the beats of `arm` come less than `bound` times as late as those of `other`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where one of them was not measured.
    pub fn claim_sooner(&self, quantile: f64, arm: &str, other: &str, bound: f64) -> Result<Claim, Error> {
        let ratio = self.delay_ratio(quantile, arm, other)?;
        let text = say!(
            en: "{} of {arm}, times that of {other}",
            pt: "{} de {arm}, em vezes o de {other}",
            named(quantile)
        );
        Ok(match self.doubt(&[arm, other], Some(quantile))? {
            None => claim(&text, &ratio).below(bound),
            Some(why) => Claim::cannot_tell(&text, &why),
        })
    }

    /// Claims that the throughput of `arm` is that of `other`, but for the share `within`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where one of them was not measured.
    pub fn claim_as_fast(&self, arm: &str, other: &str, within: f64) -> Result<Claim, Error> {
        let ratio = self.throughput_ratio(arm, other)?;
        let text = say!(
            en: "jobs a second of {arm}, times those of {other}",
            pt: "serviços por segundo de {arm}, em vezes os de {other}"
        );
        Ok(match self.doubt(&[arm, other], None)? {
            None => claim(&text, &ratio).near(1.0, within),
            Some(why) => Claim::cannot_tell(&text, &why),
        })
    }

    /// Claims that the throughput of `arm` is less than `bound` times that of `other`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where one of them was not measured.
    pub fn claim_slower(&self, arm: &str, other: &str, bound: f64) -> Result<Claim, Error> {
        let ratio = self.throughput_ratio(arm, other)?;
        let text = say!(
            en: "jobs a second of {arm}, times those of {other}",
            pt: "serviços por segundo de {arm}, em vezes os de {other}"
        );
        Ok(match self.doubt(&[arm, other], None)? {
            None => claim(&text, &ratio).below(bound),
            Some(why) => Claim::cannot_tell(&text, &why),
        })
    }

    /// Claims that at this quantile the delays of `arm` are more than `bound` times what its stopwatch says of them.
    ///
    /// # Errors
    ///
    /// As [`Responded::omission`].
    pub fn claim_omitted(&self, quantile: f64, arm: &str, bound: f64) -> Result<Claim, Error> {
        let found = self.with_stopwatch(arm)?;
        let text = say!(
            en: "{} of {arm} from when it was due, times that of the stopwatch",
            pt: "{} de {arm} a partir da hora prevista, em vezes o do cronômetro",
            named(quantile)
        );
        let ratio = self.ratio(quantile, (found, Since::Due), (found, Since::Began));
        Ok(match self.doubt(&[arm], Some(quantile))? {
            None => claim(&text, &ratio).above(bound),
            Some(why) => Claim::cannot_tell(&text, &why),
        })
    }

    /// Checks whether the p99 of `arm` is below the share `delay` of that of `base`, and its throughput above the share
    /// `throughput` of it. That both come to the same result was checked before.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where one of them was not measured.
    pub fn exercise(&self, arm: &str, base: &str, delay: f64, throughput: f64) -> Result<Exercise, Error> {
        const P99: f64 = 0.99;
        let late = self.delay_ratio(P99, arm, base)?;
        let fast = self.throughput_ratio(arm, base)?;
        let measured = say!(
            en: "{arm}: its p99 is {late} times that of {base}, the goal is below {delay}; its throughput is {fast} \
                 times, the goal is above {throughput}.",
            pt: "{arm}: seu p99 é {late} vezes o de {base}, a meta é abaixo de {delay}; sua vazão é {fast} vezes, a \
                 meta é acima de {throughput}."
        );
        let (soon, enough) = (late.below(delay), fast.above(throughput));
        let verdict = match (self.doubt(&[arm, base], Some(P99))?, soon, enough) {
            (Some(_), ..) => Verdict::CannotTell,
            (None, Verdict::Supported, Verdict::Supported) => Verdict::Supported,
            (None, Verdict::Violated, _) | (None, _, Verdict::Violated) => Verdict::Violated,
            _ => Verdict::CannotTell,
        };
        /// From which share of the base's delay on nothing was gained at all.
        const STILL: f64 = 0.6;
        let hint = if self.at(arm)?.missed() > 0 {
            word!(
                en: "Hint: some beats never came. Is the heartbeat waited for after `pulse.stop()`?",
                pt: "Dica: algumas batidas nunca chegaram. Espera-se pelo batimento depois de `pulse.stop()`?"
            )
        } else if late.point > STILL {
            word!(
                en: "Hint: a task still computes as long as before from one `.await` to the next. Who else could \
                     compute, while the task waits for the result?",
                pt: "Dica: uma tarefa ainda calcula tanto tempo quanto antes de um `.await` ao seguinte. Quem mais \
                     poderia calcular, enquanto a tarefa espera pelo resultado?"
            )
        } else if soon != Verdict::Supported {
            word!(
                en: "Hint: better, but the longest piece of work between two `.await`s is still long. Which is it?",
                pt: "Dica: melhor, mas a parte mais longa de trabalho entre dois `.await` ainda é longa. Qual é ela?"
            )
        } else {
            word!(
                en: "Hint: the heartbeat is saved, and the work pays for it. Does a task give way too often? Or is a \
                     thread started, or waited for, for each little piece?",
                pt: "Dica: o batimento está salvo, e quem paga é o trabalho. Uma tarefa cede a vez com frequência \
                     demais? Ou se inicia uma thread, ou se espera por uma, a cada pequena parte?"
            )
        };
        Ok(Exercise::new(self.block(), verdict, &measured, hint))
    }

    fn with_stopwatch(&self, arm: &str) -> Result<&Arm, Error> {
        let found = self.at(arm)?;
        let reason = || {
            say!(
                en: "`{arm}` has no stopwatch: let a task of it call `pulse.waited(began)`",
                pt: "`{arm}` não tem cronômetro: faça uma tarefa dela chamar `pulse.waited(began)`"
            )
        };
        found.has_stopwatch().then_some(found).ok_or_else(|| Error::NoPulse { reason: reason() })
    }

    /// Why no verdict may rest on these arms, at this percentile.
    fn doubt(&self, arms: &[&str], quantile: Option<f64>) -> Result<Option<String>, Error> {
        for arm in arms {
            let arm = self.at(arm)?;
            if !arm.is_credible() {
                let reason = word!(
                    en: "the machine was too busy: too few undisturbed runs",
                    pt: "a máquina estava ocupada demais: poucas execuções limpas"
                );
                return Ok(Some(reason.to_owned()));
            }
            if let Some(quantile) = quantile.filter(|&quantile| !enough_beats(quantile, arm.beats())) {
                return Ok(Some(say!(
                    en: "{} beats are too few for {}",
                    pt: "{} batidas são poucas demais para {}",
                    arm.beats(),
                    named(quantile)
                )));
            }
        }
        Ok(None)
    }

    fn caption(&self) -> String {
        let doubtful = self.arms.iter().filter(|arm| !arm.is_credible()).count();
        let all = doubtful == self.arms.len();
        let said = |arm: &Arm| {
            let p99 = self.percentiles(arm, Since::Due, &PERCENTILES[1..2])[0];
            let doubt = if arm.is_credible() || all { "" } else { disturbed() };
            let jobs = in_units(Quantity::Throughput, &self.jobs_a_second(arm));
            say!(
                en: "{}: p99 {}, jobs: {jobs}{doubt}.",
                pt: "{}: p99 {}, serviços: {jobs}{doubt}.",
                arm.name,
                delay(&p99)
            )
        };
        // Over a parameter the ends and the figure between them say it.
        let told: Vec<&Arm> = match (&self.parameter, self.arms.as_slice()) {
            (Some(_), [first, .., last]) => vec![first, last],
            (_, arms) => arms.iter().collect(),
        };
        let caption = told.into_iter().map(said).collect::<Vec<_>>().join(" ");
        match (all, doubtful) {
            (true, _) => say!(
                en: "{caption} All were disturbed: this decides nothing.",
                pt: "{caption} Todas foram perturbadas: isto nada decide."
            ),
            (false, some) if some > 0 && self.parameter.is_some() => {
                say!(
                    en: "{caption} {some} of the values were disturbed and decide nothing.",
                    pt: "{caption} Valores perturbados, que nada decidem: {some}."
                )
            }
            _ => caption,
        }
    }

    fn notes(&self) -> Vec<String> {
        let beats = self.arms.iter().map(Arm::beats);
        let (fewest, most) = (beats.clone().min().unwrap_or(0), beats.max().unwrap_or(0));
        let range = match fewest == most {
            true => most.to_string(),
            false => say!(en: "{fewest} to {most}", pt: "{fewest} a {most}"),
        };
        let mut rounds = say!(
            en: "{} rounds in random order, {range} beats an arm, one due every {} ms; 95% intervals from whole rounds \
                 drawn again.",
            pt: "{} rodadas em ordem aleatória, {range} batidas por variante, uma prevista a cada {} ms; intervalos de \
                 95% por reamostragem de rodadas inteiras.",
            self.rounds(),
            1e3 * self.period
        );
        if !self.watched {
            rounds += word!(
                en: " This system does not tell whether others disturbed a run.",
                pt: " Este sistema não informa se outros perturbaram uma execução."
            );
        }
        let mut notes = vec![rounds];
        let open: Vec<String> =
            PERCENTILES.into_iter().filter(|&at| !enough_beats(at, fewest)).map(named).collect();
        if !open.is_empty() {
            notes.push(say!(
                en: "{}: so few beats give no upper end. Even the latest of them may have been lucky.",
                pt: "{}: tão poucas batidas não dão um extremo superior. Até a mais atrasada delas pode ter tido sorte.",
                open.join(", ")
            ));
        }
        let missed = self.arms.iter().filter(|arm| arm.missed() > 0);
        notes.extend(missed.map(|arm| {
            say!(
                en: "{}: {} beats never came, and count as late as the end of their run.",
                pt: "{}: {} batidas nunca chegaram, e contam como atrasadas até o fim de sua execução.",
                arm.name,
                arm.missed()
            )
        }));
        if self.cores < 2 {
            notes.push(say!(
                en: "One core: a thread that computes and a heartbeat take turns, as the system decides.",
                pt: "Um núcleo: uma thread que calcula e um batimento se revezam, como o sistema decide."
            ));
        }
        notes
    }

    fn table(&self) -> Table {
        let row = |arm: &Arm| {
            let found = self.percentiles(arm, Since::Due, &PERCENTILES);
            let [p50, p99, p999] = [0, 1, 2].map(|index| delay(&found[index]));
            let jobs = in_units(Quantity::Throughput, &self.jobs_a_second(arm));
            let clean = say!(en: "{} of {}", pt: "{} de {}", arm.clean(), arm.runs.len());
            [arm.name.clone(), p50, p99, p999, jobs, arm.beats().to_string(), clean]
        };
        let head = word!(
            en: ["arm", "p50", "p99", "p99.9", "jobs", "beats", "clean runs"],
            pt: ["variante", "p50", "p99", "p99.9", "serviços", "batidas", "execuções limpas"]
        );
        Table::new(head, self.arms.iter().map(row))
    }
}

impl Shown for Responded {
    fn block(&self) -> Block {
        let caption = self.caption();
        let mut block = Block { notes: self.notes(), table: self.table(), ..Block::default() };
        match self.parameter {
            Some(_) => match plot::responded_over(self, &caption) {
                Ok(figures) => block.figures.extend(figures),
                Err(error) => block.notes.push(error.to_string()),
            },
            None => {
                block.show(plot::delay_percentiles(self, &caption));
                block.show(plot::throughput_bars(self).draw());
            }
        }
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let row = |arm: &Arm| {
            let found = self.percentiles(arm, Since::Due, &PERCENTILES);
            let numbers = found.iter().map(|found| found.delay).chain([self.jobs_a_second(arm)]);
            let numbers = numbers.flat_map(|Estimate { point, low, high, .. }| [point, low, high]);
            let value = arm.value.map(|value| value.to_string()).unwrap_or_default();
            let counts = [arm.beats(), arm.missed(), arm.clean() as u64, arm.runs.len() as u64];
            [arm.name.clone(), value]
                .into_iter()
                .chain(numbers.map(|number| number.to_string()))
                .chain(counts.map(|count| count.to_string()))
                .collect()
        };
        let head = word!(
            en: "arm,value,p50 (s),p50 low,p50 high,p99 (s),p99 low,p99 high,p99.9 (s),p99.9 low,p99.9 high,jobs \
                 (1/s),jobs low,jobs high,beats,missed,clean runs,runs",
            pt: "variante,valor,p50 (s),p50 de,p50 até,p99 (s),p99 de,p99 até,p99.9 (s),p99.9 de,p99.9 até,serviços \
                 (1/s),serviços de,serviços até,batidas,perdidas,execuções limpas,execuções"
        );
        Table {
            head: head.split(',').map(str::to_owned).collect(),
            rows: self.arms.iter().map(row).collect(),
        }
    }
}
