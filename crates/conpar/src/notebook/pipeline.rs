//! The exercise of chapter 06: jobs through threads, with nothing lost, a bounded queue, and all cores at work.

use super::{Block, Exercise, Shown as _};
use crate::Error;
use crate::language::{say, word};
use crate::measure::{Estimate, Verdict};
use crate::messages::jobs::{JOBS, apart_named, most_between};
use crate::messages::{Tried, try_jobs};
use crate::sweep::Swept;

/// The share of what workers reach that share nothing.
const GOAL: f64 = 0.75;

/// Below this share of what serial code reaches times the cores, hardly anything overlaps.
const HARDLY_PARALLEL: f64 = 0.6;

/// Checks the reader's program, in a process of its own: that it comes to an end, that no job is lost, that the jobs between
/// its two ends are bounded, and that it reaches 75% of what workers do that share nothing.
///
/// # Errors
///
/// Those of [`try_jobs`].
pub fn pipeline_exercise(text: &str) -> Result<Exercise, Error> {
    let wrong = |measured: String, hint: &str| {
        Ok(Exercise::new(Block::default(), Verdict::Violated, &measured, hint))
    };
    let (put, between, swept) = match try_jobs(text)? {
        Tried::Stuck { taken, put } => {
            return wrong(
                say!(
                    en: "Everybody waits, for ever: {taken} of {JOBS} jobs were taken, {put} results were put.",
                    pt: "Todos esperam, para sempre: {taken} de {JOBS} serviços foram retirados, {put} resultados \
                         foram postos."
                ),
                word!(
                    en: "Hint: a loop over a receiver ends when the last sender is gone. Who still has one? And does a \
                         thread wait for room in a channel that only itself would empty?",
                    pt: "Dica: um laço sobre um receptor acaba quando o último emissor se foi. Quem ainda tem um? E \
                         alguma thread espera por lugar em um canal que só ela mesma esvaziaria?"
                ),
            );
        }
        Tried::TookTooLong => {
            return wrong(
                say!(
                    en: "It was still busy when its time was up.",
                    pt: "Ele ainda estava ocupado quando seu tempo acabou."
                ),
                word!(
                    en: "Hint: does a thread try again and again, and nobody else gets on?",
                    pt: "Dica: alguma thread tenta sem parar, e mais ninguém avança?"
                ),
            );
        }
        Tried::Ran { put, most_between, swept } => (put, most_between, swept),
    };
    if put < JOBS {
        return wrong(
            say!(
                en: "{put} of {JOBS} results were there when it came back: {} were lost.",
                pt: "{put} de {JOBS} resultados estavam lá quando ele retornou: {} se perderam.",
                JOBS - put
            ),
            word!(
                en: "Hint: who dropped a job, or did not wait for the threads that still had some?",
                pt: "Dica: quem descartou um serviço, ou não esperou pelas threads que ainda tinham algum?"
            ),
        );
    }
    if between > most_between() {
        return wrong(
            say!(
                en: "No job is lost. But up to {between} jobs were between the two ends; at most {} may be.",
                pt: "Nenhum serviço se perde. Mas até {between} estiveram entre as duas pontas; podem estar no máximo \
                     {}.",
                most_between()
            ),
            word!(
                en: "Hint: who takes jobs has to wait when the others do not keep up. What makes a sender wait?",
                pt: "Dica: quem retira serviços precisa esperar quando os outros não acompanham. O que faz um emissor \
                     esperar?"
            ),
        );
    }
    match swept {
        Some(swept) => fast_enough(&swept, between),
        None => {
            let hint = say!(
                en: "No job is lost, and at most {between} are between the two ends. Whether it is fast cannot be seen \
                     on one core.",
                pt: "Nenhum serviço se perde, e no máximo {between} estão entre as duas pontas. Se ele é rápido, não \
                     se vê em um só núcleo."
            );
            Ok(Exercise::new(Block::default(), Verdict::CannotTell, "", &hint))
        }
    }
}

/// Whether it reaches the share of the ceiling, from the interval.
fn fast_enough(swept: &Swept, between: u64) -> Result<Exercise, Error> {
    let workers = swept.cores as u64;
    let ceiling = &apart_named();
    let reached = swept.ratio("mine", workers, ceiling, workers)?;
    let speedup = swept.ratio("mine", workers, "serial", 0)?;
    let credible = swept.is_credible("mine", workers, ceiling, workers)?;
    let verdict = if credible { reached.above(GOAL) } else { Verdict::CannotTell };
    let percent = |share: f64| (100.0 * share).round();
    let Estimate { point, low, high, .. } = reached;
    let measured = say!(
        en: "No job is lost, and at most {between} are between the two ends. Its throughput is {}% [{}, {}] of that of \
             {workers} workers that share nothing; the goal is {}%.",
        pt: "Nenhum serviço se perde, e no máximo {between} estão entre as duas pontas. Sua vazão é {}% [{}, {}] da de \
             {workers} trabalhadores que nada compartilham; a meta é {}%.",
        percent(point),
        percent(low),
        percent(high),
        percent(GOAL)
    );
    let hint = if !credible {
        ""
    } else if speedup.point < HARDLY_PARALLEL * workers as f64 {
        word!(
            en: "Hint: one thread does nearly all the work. Which stage is the slowest, and how many threads may take \
                 from one channel?",
            pt: "Dica: uma thread faz quase todo o trabalho. Que estágio é o mais lento, e quantas threads podem \
                 retirar de um mesmo canal?"
        )
    } else {
        word!(
            en: "Hint: the workers wait. Is there always a job in the channel when one of them is done?",
            pt: "Dica: os trabalhadores esperam. Há sempre um serviço no canal quando um deles acaba?"
        )
    };
    Ok(Exercise::new(swept.block(), verdict, &measured, hint))
}
