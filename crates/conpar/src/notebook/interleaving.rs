//! An [`Explored`] in a cell: the lattice of its orders, and how many of them come to what.

use super::exercise::Exercise;
use super::{Block, Claim, Shown, Table};
use crate::Error;
use crate::interleaving::{Explored, How, Path, Step};
use crate::language::{say, word};
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
        let text = say!(
            en: "{}: every outcome seen in {} trials is allowed",
            pt: "{}: todo resultado visto em {} tentativas é permitido",
            seen.name,
            seen.trials
        );
        let allowed = self.outcomes();
        let forbidden = seen.outcomes.iter().find(|outcome| !allowed.contains(&outcome.outcome));
        let (verdict, reason) = match forbidden {
            Some(outcome) => {
                let reason = say!(
                    en: "{} was seen {} times",
                    pt: "{} foi visto {} vezes",
                    outcome.outcome,
                    outcome.count
                );
                (Verdict::Violated, reason)
            }
            None if self.complete => {
                let reason = say!(en: "allowed are {}", pt: "permitidos são {}", allowed.join(", "));
                (Verdict::Supported, reason)
            }
            None => {
                let reason = word!(
                    en: "the search for what is allowed was not complete",
                    pt: "a busca do que é permitido não foi completa"
                );
                (Verdict::CannotTell, reason.to_owned())
            }
        };
        Claim { claim: text, verdict, estimate: None, reason }
    }

    /// Checks a solution whose model asserts what has to hold: no execution may fail, and none of the `trials` on this
    /// processor may come to an outcome that the model does not have.
    ///
    /// The trials are run only where the model holds: what has no end there might have none here.
    ///
    /// # Errors
    ///
    /// Those of `trials`.
    pub fn exercise(&self, trials: impl FnOnce() -> Result<Observed, Error>) -> Result<Exercise, Error> {
        /// What loom says of a loop without end.
        const NO_END: &str = "maximum number of branches";
        if let Some((message, steps)) = &self.failure {
            let measured = say!(
                en: "An execution fails: {message}. Its steps: {}.",
                pt: "Uma execução falha: {message}. Seus passos: {}.",
                in_words(steps)
            );
            let hint = if message.contains(NO_END) {
                word!(
                    en: "Hint: a loop that waits has no end in a model. Does it end for the thread that gets nothing?",
                    pt: "Dica: em um modelo, um laço que espera não tem fim. Ele acaba para a thread que nada recebe?"
                )
            } else {
                word!(
                    en: "Hint: follow the steps. What was read may be old by the time it is acted upon. Which operation \
                         looks and acts at once, and only where it may?",
                    pt: "Dica: siga os passos. O que foi lido pode já ser antigo quando se age. Que operação olha e age \
                         de uma só vez, e só quando pode?"
                )
            };
            return Ok(Exercise::new(self.block(), Verdict::Violated, &measured, hint));
        }
        if !self.complete {
            let measured = word!(
                en: "No execution failed, and not all were looked at.",
                pt: "Nenhuma execução falhou, e nem todas foram examinadas."
            );
            let hint = word!(
                en: "Hint: a loop that waits has no end in a model. Let it end, or yield in it.",
                pt: "Dica: em um modelo, um laço que espera não tem fim. Faça-o terminar ou ceder a vez."
            );
            return Ok(Exercise::new(self.block(), Verdict::CannotTell, measured, hint));
        }
        let seen = trials()?;
        let mut block = self.block();
        block.figures.extend(seen.block().figures);
        let allowed = self.outcomes();
        let strange = seen.outcomes.iter().filter(|outcome| !allowed.contains(&outcome.outcome));
        let strange: u64 = strange.map(|outcome| outcome.count).sum();
        if strange > 0 {
            let measured = say!(
                en: "{} of {} trials came to what the model never does.",
                pt: "{} de {} tentativas deram o que o modelo nunca dá.",
                strange,
                seen.trials
            );
            let hint = word!(
                en: "Hint: do both do the same? The trials and the model have to run the same code.",
                pt: "Dica: os dois fazem o mesmo? As tentativas e o modelo precisam executar o mesmo código."
            );
            return Ok(Exercise::new(block, Verdict::Violated, &measured, hint));
        }
        let measured = say!(
            en: "None of {} fails, and {} trials agree.",
            pt: "De {}, nenhuma falha, e {} tentativas concordam.",
            counted(self.executions() as usize, Noun::Execution),
            seen.trials
        );
        Ok(Exercise::new(block, Verdict::Supported, &measured, ""))
    }

    fn caption(&self) -> String {
        let what = match self.how {
            How::EveryOrder if self.complete => {
                word!(en: "every order of the steps", pt: "todas as ordens dos passos")
            }
            How::EveryExecution if self.complete => word!(
                en: "every execution that the memory model allows",
                pt: "todas as que o modelo de memória permite"
            ),
            How::RandomOrders => word!(
                en: "orders drawn at random, which is not how a scheduler chooses",
                pt: "ordens sorteadas, e não é assim que um escalonador escolhe"
            ),
            How::EveryOrder | How::EveryExecution => word!(
                en: "not all of them: the search was broken off",
                pt: "não todas: a busca foi interrompida"
            ),
        };
        let outcomes = self.outcomes();
        let said = outcomes.iter().map(|outcome| match self.how {
            How::RandomOrders => say!(
                en: "{outcome} in {} of them",
                pt: "{outcome} em {} delas",
                percent(self.share(outcome))
            ),
            _ => {
                let of = self.paths.iter().filter(|path| path.outcome == *outcome);
                let count = of.map(|path| path.executions).sum::<u64>();
                say!(en: "{outcome} in {count}", pt: "{outcome} em {count}")
            }
        });
        let said = said.collect::<Vec<_>>().join(", ");
        let executions = counted(self.executions() as usize, Noun::Execution);
        match &self.failure {
            Some((message, steps)) => say!(
                en: "{}: after {executions} one fails, which ends the search: {message}. Its steps: {}.",
                pt: "{}: depois de {executions}, uma falha e encerra a busca: {message}. Seus passos: {}.",
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
        let head = word!(
            en: ["thread and step", "outcome", "executions"],
            pt: ["thread e passo", "resultado", "execuções"]
        );
        let table = Table::new(head, self.paths.iter().map(row));
        let mut block = Block { table, ..Block::default() };
        let title = say!(en: "{}: share of the executions", pt: "{}: fração das execuções", self.name);
        let axis = word!(en: "share", pt: "fração");
        let shares = self.outcomes().iter().fold(bars(&title).x(axis), |figure, outcome| {
            figure.bar(&say!(en: "outcome {outcome}", pt: "resultado {outcome}"), self.share(outcome))
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
        let head = word!(en: ["steps", "outcome", "executions"], pt: ["passos", "resultado", "execuções"]);
        Table::new(head, self.paths.iter().map(row))
    }
}
