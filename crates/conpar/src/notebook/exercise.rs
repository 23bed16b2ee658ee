//! Exercises that check themselves by measuring: the right result first, then the interval, with a hint that fits.

use std::io::Write as _;

use serde::Serialize;

use super::block::content;
use super::{Block, Shown as _};
use crate::Error;
use crate::language::{say, word};
use crate::measure::Verdict;
use crate::overlap::{Overlapped, Place, Work};
use crate::plot::{Noun, counted};
use crate::speedup::{Point, Scaling};

/// What a measurement says of the reader's solution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exercise {
    #[serde(skip)]
    block: Block,
    /// Whether the goal is reached, missed, or cannot be decided here.
    pub verdict: Verdict,
    /// What the reader is told.
    pub answer: String,
}

impl Exercise {
    /// The kind of output under which the verdict and the answer reach a test.
    pub const MIME: &'static str = "application/vnd.conpar.exercise+json";

    pub(super) fn new(block: Block, verdict: Verdict, measured: &str, hint: &str) -> Exercise {
        let opening = match verdict {
            Verdict::Supported => word!(en: "Solved.", pt: "Resolvido."),
            Verdict::Violated => word!(en: "Not yet.", pt: "Ainda não."),
            // Where nothing was measured, no quieter machine helps: the hint says what is missing.
            Verdict::CannotTell if measured.is_empty() => {
                word!(en: "Cannot tell here.", pt: "Inconclusivo aqui.")
            }
            Verdict::CannotTell => word!(
                en: "This run cannot tell; try again on a quieter machine.",
                pt: "Esta execução é inconclusiva; tente de novo com a máquina mais tranquila."
            ),
        };
        let hint = if verdict == Verdict::Supported { "" } else { hint };
        let answer =
            [opening, measured, hint].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        Exercise { block, verdict, answer: answer.join(" ") }
    }

    /// Shows the answer with the figure.
    pub fn evcxr_display(&self) {
        let mut block = self.block.clone();
        block.notes.insert(0, std::mem::replace(&mut block.caption, self.answer.clone()));
        block.emit();
        if let Ok(json) = serde_json::to_string(self) {
            // As with the block: who closed the pipe no longer wants it.
            let _ = std::io::stdout().lock().write_all(content(Self::MIME, &json).as_bytes());
        }
    }
}

impl Scaling {
    /// Checks whether `arm`, on as many workers as this machine has cores, reaches `share` of the ceiling (0 to 1).
    ///
    /// That its result is right was checked before it was timed. An arm that passes the ceiling by far does less than serial
    /// code, and does not pass.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchPoint`] where the arm was not measured.
    pub fn exercise(&self, arm: &str, share: f64) -> Result<Exercise, Error> {
        /// Above this share of the ceiling it is not the cores that make it fast: more than caches add to it.
        const TOO_GOOD: f64 = 1.5;
        /// Above this no disturbance explains it either.
        const FAR_TOO_GOOD: f64 = 10.0;
        let most = self.most_workers();
        let point = self.at(arm, most)?;
        let Some(reached) = point.of_ceiling.filter(|_| most > 1) else {
            let hint = word!(
                en: "The result is right. Whether it is fast cannot be seen on one core: \
                     nothing runs in parallel here.",
                pt: "O resultado está certo. Se é rápido, não se vê em um só núcleo: aqui nada executa em paralelo."
            );
            return Ok(Exercise::new(self.block(), Verdict::CannotTell, "", hint));
        };
        let is_too_good = reached.above(TOO_GOOD) == Verdict::Supported;
        let verdict = match point.is_credible() {
            credible if is_too_good && (credible || reached.low > FAR_TOO_GOOD) => Verdict::Violated,
            true if self.has_sound_ceiling(most) => reached.above(share),
            _ => Verdict::CannotTell,
        };
        let hint = if is_too_good {
            word!(
                en: "Hint: that is more than all cores together can do. Is a result used again that was computed before, or \
                     left out what serial code does?",
                pt: "Dica: isso é mais do que todos os núcleos juntos podem fazer. Reaproveita-se um resultado já \
                     calculado, ou se omite algo que o código serial faz?"
            )
        } else {
            speedup_hint(point, self.at(arm, 1).ok())
        };
        let percent = |share: f64| (100.0 * share).round();
        let measured = say!(
            en: "{arm} on {most} workers reaches {}% [{}, {}] of the ceiling; the goal is {}%.",
            pt: "{arm} com {most} trabalhadores alcança {}% [{}, {}] do teto; a meta é {}%.",
            percent(reached.point),
            percent(reached.low),
            percent(reached.high),
            percent(share)
        );
        Ok(Exercise::new(self.block(), verdict, &measured, hint))
    }
}

impl Scaling {
    /// Checks whether `predicted` gives the speedup of `arm` on as many workers as this machine has cores, to within 5%.
    ///
    /// It is handed `fraction`, which stays serial in `arm`, and the speedup of the ceiling. It also has to give what is known
    /// without measuring: the ceiling where nothing is serial, 1 where everything is.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchPoint`] where the arm was not measured.
    pub fn exercise_prediction(
        &self,
        arm: &str,
        fraction: f64,
        predicted: impl Fn(f64, f64) -> f64,
    ) -> Result<Exercise, Error> {
        /// How far from the measured speedup a prediction may be, as a share of the prediction.
        const NEAR: f64 = 0.05;
        let most = self.most_workers();
        let point = self.at(arm, most)?;
        let Some(ceiling) = self.ceiling_at(most).filter(|_| most > 1).map(|ceiling| ceiling.speedup.point)
        else {
            let hint = word!(
                en: "One core: nothing runs in parallel here, and there is no speedup to predict.",
                pt: "Um só núcleo: aqui nada executa em paralelo, e não há speedup a prever."
            );
            return Ok(Exercise::new(self.block(), Verdict::CannotTell, "", hint));
        };
        let here = predicted(fraction, ceiling);
        let verdict = match point.is_credible() && self.has_sound_ceiling(most) {
            true => point.speedup.within((1.0 - NEAR) * here, (1.0 + NEAR) * here),
            false => Verdict::CannotTell,
        };
        let measured = say!(
            en: "{arm} on {most} workers: predicted {here:.2}, measured {}; the goal is to be within {:.0}%.",
            pt: "{arm} com {most} trabalhadores: previsto {here:.2}, medido {}; a meta é errar no máximo {:.0}%.",
            point.speedup,
            100.0 * NEAR
        );
        let is_near = |found: f64, right: f64| (found / right - 1.0).abs() < NEAR;
        let [none_serial, all_serial] = [0.0, 1.0].map(|fraction| predicted(fraction, ceiling));
        let is_known_wrong = !is_near(none_serial, ceiling) || !is_near(all_serial, 1.0);
        let verdict = if is_known_wrong { Verdict::Violated } else { verdict };
        if is_known_wrong && is_near(here, 1.0 / (fraction + (1.0 - fraction) / ceiling)) {
            let hint = say!(
                en: "Hint: with another fraction it is wrong. It predicts {none_serial:.2} where nothing stays serial and \
                     {all_serial:.2} where everything does; it should be {ceiling:.2} and 1.",
                pt: "Dica: com outra fração, ela erra. Prevê {none_serial:.2} onde nada continua serial e \
                     {all_serial:.2} onde tudo continua; deveriam ser {ceiling:.2} e 1."
            );
            return Ok(Exercise::new(self.block(), verdict, &measured, &hint));
        }
        let hint = if here > point.speedup.point {
            word!(
                en: "Hint: what stays serial takes its time, however many workers there are.",
                pt: "Dica: o que continua serial leva seu tempo, sejam quantos forem os trabalhadores."
            )
        } else {
            word!(
                en: "Hint: only a part stays serial. All workers share the rest.",
                pt: "Dica: só uma parte continua serial. Todos os trabalhadores dividem o resto."
            )
        };
        Ok(Exercise::new(self.block(), verdict, &measured, hint))
    }
}

/// A hint that fits what the curve looks like; `one` is the same arm on one worker.
fn speedup_hint(point: &Point, one: Option<&Point>) -> &'static str {
    /// Below this share of what its workers could be it is not an uneven split that costs the speedup: hardly anything
    /// overlaps.
    const HARDLY_PARALLEL: f64 = 0.6;
    /// Below this multiple of one worker's speedup the others are in its way.
    const SLOWER: f64 = 0.9;
    /// Below this multiple of it they add nothing.
    const NOTHING: f64 = 1.15;
    /// Below this speedup of one worker the code pays for what serial code does not do.
    const DEAR: f64 = 0.8;
    let alone = one.map_or(1.0, |one| one.speedup.point);
    let gained = point.speedup.point / alone;
    if gained < SLOWER {
        word!(
            en: "Hint: the workers are slower than one alone. What does each of them write that the others need?",
            pt: "Dica: os trabalhadores são mais lentos que um sozinho. O que cada um escreve de que os outros precisam?"
        )
    } else if gained >= NOTHING && alone < DEAR {
        word!(
            en: "Hint: even one worker takes longer than serial code. What does it pay for each piece that serial code \
                 does not, and could it pay once?",
            pt: "Dica: mesmo um só trabalhador demora mais que o código serial. O que ele paga a cada parte que o código \
                 serial não paga? Poderia pagar uma só vez?"
        )
    } else if gained < HARDLY_PARALLEL * point.workers as f64 {
        word!(
            en: "Hint: one worker seems to do nearly all the work, or they wait for one another. \
                 What does each of them get?",
            pt: "Dica: um trabalhador parece fazer quase todo o trabalho, ou eles esperam uns pelos outros. \
                 O que cabe a cada um?"
        )
    } else {
        word!(
            en: "Hint: the workers do not finish together. Who gets the dear pieces, and could pieces be smaller?",
            pt: "Dica: os trabalhadores não terminam juntos. Quem fica com as partes caras? Poderiam ser menores?"
        )
    }
}

impl Overlapped {
    /// Checks whether the waiting tasks on one core gained at least `goal`, on at most `threads` threads.
    pub fn exercise(&self, goal: f64, threads: usize) -> Exercise {
        let Some(waiting) = self.corner(Work::Waiting, Place::OneCore) else {
            return Exercise::new(
                self.block(),
                Verdict::CannotTell,
                "",
                word!(
                    en: "The waiting tasks were not measured.",
                    pt: "As tarefas que esperam não foram medidas."
                ),
            );
        };
        let measured = say!(
            en: "Waiting on one core: {} times faster than one after another, on {}; \
                 the goal is {goal} on at most {threads}.",
            pt: "Esperar em um núcleo: {} vezes mais rápido que uma após a outra, em {}; \
                 a meta é {goal} em no máximo {threads}.",
            waiting.gain,
            counted(self.threads, Noun::Thread)
        );
        // The threads are counted, not timed: they stand also on a busy machine.
        let (verdict, hint) = match (self.doubt(waiting), waiting.gain.above(goal)) {
            _ if self.threads > threads => {
                let hint = word!(
                    en: "Hint: that is a thread too many. Let each thread run several tasks.",
                    pt: "Dica: são threads demais. Deixe cada thread executar várias tarefas."
                );
                (Verdict::Violated, hint)
            }
            (None, Verdict::Supported) => (Verdict::Supported, ""),
            (doubt, verdict) => {
                let verdict = if doubt.is_some() { Verdict::CannotTell } else { verdict };
                let hint = match (self.threads, doubt) {
                    (1, _) => word!(
                        en: "Hint: one thread waits for one task after another. Who else could?",
                        pt: "Dica: uma só thread espera por uma tarefa após a outra. Quem mais poderia?"
                    ),
                    (_, None) => word!(
                        en: "Hint: are all threads started before one of them is waited for?",
                        pt: "Dica: todas as threads são iniciadas antes que se espere por uma delas?"
                    ),
                    (_, Some(_)) => "",
                };
                (verdict, hint)
            }
        };
        Exercise::new(self.block(), verdict, &measured, hint)
    }
}
