//! An [`Observed`] in a cell: how often each outcome was seen, alone or beside what a model allows.

use serde::Serialize;

use super::{Block, Claim, Shown, Table, claim};
use crate::interleaving::Explored;
use crate::language::{say, word};
use crate::measure::Verdict;
use crate::plot::{Noun, bars, counted};
use crate::race::{Observed, Standing};

/// Below this share an outcome that was seen would be no more than a line on a linear axis.
const RARE: f64 = 0.02;

impl Observed {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Sets what was seen beside what `explored` allows; `possible` names outcomes that neither of them may have.
    pub fn against<'o>(&self, explored: &Explored, possible: impl IntoIterator<Item = &'o str>) -> Against {
        let mut outcomes = explored.outcomes();
        outcomes.extend(self.outcomes.iter().map(|seen| seen.outcome.clone()));
        outcomes.extend(possible.into_iter().map(str::to_owned));
        outcomes.sort_unstable();
        outcomes.dedup();
        let allowed = explored.outcomes();
        let standing = |outcome: String| {
            let standing = Standing::of(allowed.contains(&outcome), self.count(&outcome) > 0);
            (outcome, standing)
        };
        Against {
            seen: self.clone(),
            complete: explored.complete,
            standings: outcomes.into_iter().map(standing).collect(),
        }
    }

    /// Claims that `outcome` comes out in more than the share `bound` of the trials. With fewer cores than threads it seldom
    /// can, and nothing is said.
    pub fn claim_seen(&self, outcome: &str, bound: f64) -> Claim {
        let text = say!(en: "{}: {outcome} comes out", pt: "{}: {outcome} aparece", self.name);
        match self.cores < self.threads {
            true => Claim::cannot_tell(
                &text,
                word!(en: "fewer cores than threads: they hardly ever meet", pt: "menos núcleos que threads: elas quase nunca se encontram"),
            ),
            false => claim(&text, &self.share(outcome)).above(bound),
        }
    }

    /// Claims that every trial came to `outcome`: not one did not, among so many that others make up less than the share
    /// `bound`.
    pub fn claim_always(&self, outcome: &str, bound: f64) -> Claim {
        let others = crate::measure::share(self.trials - self.count(outcome), self.trials);
        let text =
            say!(en: "{}: never other than {outcome}", pt: "{}: nunca outro que não {outcome}", self.name);
        let verdict = match others.point > 0.0 {
            true => Verdict::Violated,
            false => others.below(bound),
        };
        let reason = say!(
            en: "others in {} of {} trials, a share below {:.1e}",
            pt: "outros em {} de {} tentativas, uma fração abaixo de {:.1e}",
            self.trials - self.count(outcome),
            self.trials,
            others.high
        );
        Claim { claim: text, verdict, estimate: Some(others), reason }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = vec![say!(
            en: "{} trials of {} on {}; exact 95% intervals of Clopper and Pearson.",
            pt: "{} tentativas de {} em {}; intervalos exatos de 95% de Clopper e Pearson.",
            self.trials,
            counted(self.threads, Noun::Thread),
            counted(self.cores, Noun::Core)
        )];
        if self.cores < self.threads {
            notes.push(
                say!(
                    en: "Fewer cores than threads: the threads take turns, and meet only where one loses its core in the middle.",
                    pt: "Menos núcleos que threads: elas se revezam, e só se encontram onde uma perde o núcleo no meio do caminho."
                ),
            );
        }
        notes
    }
}

impl Shown for Observed {
    fn block(&self) -> Block {
        let title = say!(en: "{}: seen on this processor", pt: "{}: visto neste processador", self.name);
        let figure = self.outcomes.iter().fold(
            bars(&title).x(word!(en: "share of the trials", pt: "fração das tentativas")),
            |figure, seen| {
                figure
                    .bar(&say!(en: "outcome {}", pt: "resultado {}", seen.outcome), self.share(&seen.outcome))
            },
        );
        let said = self
            .outcomes
            .iter()
            .map(|seen| say!(en: "{} in {} trials", pt: "{} em {} tentativas", seen.outcome, seen.count));
        let caption = format!("{}: {}.", self.name, said.collect::<Vec<_>>().join(", "));
        let mut block = Block { caption, notes: self.notes(), table: self.columns(), ..Block::default() };
        block.show(figure.draw());
        block
    }

    fn columns(&self) -> Table {
        let rows = self.outcomes.iter().map(|seen| {
            let share = self.share(&seen.outcome);
            let numbers = [share.point, share.low, share.high].map(|number| format!("{number:e}"));
            let [point, low, high] = numbers;
            [seen.outcome.clone(), seen.count.to_string(), point, low, high]
        });
        let head = word!(en: ["outcome", "trials", "share", "low", "high"], pt: ["resultado", "tentativas", "fração", "de", "até"]);
        Table::new(head, rows)
    }
}

/// What was seen beside what is allowed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Against {
    /// What was seen.
    pub seen: Observed,
    /// Whether all that is allowed is known.
    pub complete: bool,
    /// Every outcome with how it stands.
    pub standings: Vec<(String, Standing)>,
}

impl Against {
    /// Shows it in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }
}

impl Shown for Against {
    fn block(&self) -> Block {
        let title = say!(en: "{}: allowed, and seen on this processor", pt: "{}: permitido, e visto neste processador", self.seen.name);
        let figure = bars(&title).x(word!(en: "share of the trials", pt: "fração das tentativas"));
        let rarest = self.seen.outcomes.iter().map(|seen| self.seen.share(&seen.outcome).point);
        let figure = if rarest.fold(1.0, f64::min) < RARE { figure.logarithmic() } else { figure };
        let figure = self.standings.iter().fold(figure, |figure, (outcome, standing)| {
            figure.bar(&format!("{outcome}: {}", words(*standing)), self.seen.share(outcome))
        });
        let said = |(outcome, standing): &(String, Standing)| format!("{outcome}: {}", words(*standing));
        let caption = format!(
            "{}. {}.",
            self.seen.name,
            self.standings.iter().map(said).collect::<Vec<_>>().join("; ")
        );
        let mut notes = self.seen.notes();
        notes.push(
            say!(
                en: "The bar of an outcome that was not seen is empty; its interval says how often it may be.",
                pt: "A barra de um resultado que não foi visto está vazia; o intervalo diz com que frequência ele pode ocorrer."
            ),
        );
        if !self.complete {
            notes.push(say!(en: "The search for what is allowed was not complete.", pt: "A busca do que é permitido não foi completa."));
        }
        let mut block = Block { caption, notes, table: self.columns(), ..Block::default() };
        block.show(figure.draw());
        block
    }

    fn columns(&self) -> Table {
        let row = |(outcome, standing): &(String, Standing)| {
            let share = self.seen.share(outcome);
            let [low, high] = [share.low, share.high].map(|number| format!("{number:e}"));
            [outcome.clone(), words(*standing).to_owned(), self.seen.count(outcome).to_string(), low, high]
        };
        Table::new(
            word!(
                en: ["outcome", "standing", "trials", "share low", "share high"],
                pt: ["resultado", "situação", "tentativas", "fração, de", "fração, até"]
            ),
            self.standings.iter().map(row),
        )
    }
}

fn words(standing: Standing) -> &'static str {
    match standing {
        Standing::Seen => word!(en: "allowed, seen", pt: "permitido, visto"),
        Standing::NotSeenHere => word!(en: "allowed, not seen here", pt: "permitido, não visto aqui"),
        Standing::Forbidden => word!(en: "forbidden", pt: "proibido"),
        Standing::SeenThoughForbidden => word!(en: "forbidden, and seen!", pt: "proibido, e visto!"),
    }
}
