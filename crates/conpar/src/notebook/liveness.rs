//! What [`crate::liveness`] finds, in a cell.

use super::{Block, Claim, Claims, Exercise, Shown, Table};
use crate::Error;
use crate::language::{say, word};
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
    say!(
        en: "{}: {} of {} deadlocked, {}.",
        pt: "{}: {} de {} em impasse, {}.",
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
            claim: say!(
                en: "`{never}` deadlocks in none of its trials",
                pt: "`{never}` não entra em impasse em nenhuma de suas tentativas"
            ),
            verdict: if none.deadlocked_in.is_empty() { Verdict::Supported } else { Verdict::Violated },
            estimate: Some(none.per_trial()),
            reason: say!(
                en: "{} of {} trials; at 95%, at most one trial in {:.0}",
                pt: "{} de {} tentativas; a 95%, no máximo uma tentativa em {:.0}",
                none.deadlocked_in.len(),
                none.all_trials,
                1.0 / none.per_trial().high
            ),
        };
        let reason = say!(
            en: "{} of {} runs, {}",
            pt: "{} de {} execuções, {}",
            some.deadlocked_in.len(),
            some.runs,
            percent(&some.share())
        );
        let some = Claim {
            claim: say!(
                en: "`{sometimes}` deadlocks in some of its runs",
                pt: "`{sometimes}` entra em impasse em algumas de suas execuções"
            ),
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
        let cores = match self.cores {
            1 => say!(en: "one core", pt: "um núcleo"),
            cores => counted(cores, Noun::Core),
        };
        block.notes.push(say!(
            en: "Each run is a process of its own on {cores}: up to {} trials, or the first that deadlocks. \
                 Exact 95% intervals.",
            pt: "Cada execução é um processo próprio em {cores}: até {} tentativas, ou até o primeiro impasse. \
                 Intervalos exatos de 95%.",
            self.trials
        ));
        if self.cores == 1 {
            block.notes.push(
                say!(
                    en: "On one core two threads meet between their locks only where the system takes the core away \
                         just there: that no run deadlocked says little.",
                    pt: "Em um só núcleo, duas threads só se encontram entre suas travas onde o sistema toma o núcleo \
                         exatamente ali: que nenhuma execução tenha entrado em impasse diz pouco."
                ),
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
        let head = word!(
            en: ["program", "trials", "runs left (share)", "low", "high"],
            pt: ["programa", "tentativas", "execuções que restam (fração)", "de", "até"]
        );
        Table { head: head.map(str::to_owned).to_vec(), rows: rows.collect() }
    }
}

impl Survived {
    fn table(&self) -> Table {
        let row = |arm: &Arm| {
            [
                arm.name.clone(),
                say!(en: "{} of {}", pt: "{} de {}", arm.deadlocked_in.len(), arm.runs),
                percent(&arm.share()),
                arm.all_trials.to_string(),
                percent(&arm.per_trial()),
                format!("{:.2}", arm.seconds),
            ]
        };
        let head = word!(
            en: ["program", "runs deadlocked", "share of runs", "trials begun", "a trial deadlocks", "time (s)"],
            pt: [
                "programa",
                "execuções em impasse",
                "fração das execuções",
                "tentativas iniciadas",
                "impasse por tentativa",
                "tempo (s)",
            ]
        );
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
            0 => say!(en: "Nobody waits in a circle.", pt: "Ninguém espera em ciclo."),
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
            let owner = name(lock.owner).unwrap_or_else(|| say!(en: "nobody", pt: "ninguém"));
            [lock.name.clone(), owner, waiting.join(", ")]
        });
        let head = word!(
            en: ["lock", "held by", "waited for by"],
            pt: ["trava", "quem a segura", "quem espera por ela"]
        );
        Table::new(head, rows)
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
            claim: say!(
                en: "a model checker finds an order of steps in which `{name}` deadlocks",
                pt: "um verificador de modelos encontra uma ordem de passos em que `{name}` entra em impasse"
            ),
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
            claim: say!(
                en: "in the model, no order of steps of `{name}` deadlocks",
                pt: "no modelo, nenhuma ordem de passos de `{name}` leva a um impasse"
            ),
            verdict,
            estimate: None,
            reason: self.sentence(),
        }
    }

    fn sentence(&self) -> String {
        let count = self.executions;
        match (&self.failure, self.exhausted) {
            (Some(failure), _) if self.replayed => {
                let seen = in_words(failure);
                say!(en: "this order of steps again: {seen}", pt: "esta ordem de passos, de novo: {seen}")
            }
            (Some(failure), _) => {
                let seen = in_words(failure);
                say!(en: "order number {count} ends badly: {seen}", pt: "a ordem número {count} acaba mal: {seen}")
            }
            (None, _) if self.replayed => {
                say!(en: "this order of steps ends well", pt: "esta ordem de passos acaba bem")
            }
            (None, true) => say!(
                en: "all orders of its steps end well; {count} were tried",
                pt: "todas as ordens de seus passos acabam bem; número das que foram tentadas: {count}"
            ),
            (None, false) => say!(
                en: "{count} orders of its steps end well; there are more than could be tried",
                pt: "{count} ordens de seus passos acabam bem; há mais do que se pôde tentar"
            ),
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
            block.notes.push(say!(en: "Steps: {}.", pt: "Passos: {}.", failure.steps.join("; ")));
            block.notes.push(say!(en: "Schedule: {}", pt: "Escalonamento: {}", failure.schedule));
        }
        block.notes.push(say!(
            en: "A model: shuttle runs one thread at a time and switches at locks only.",
            pt: "Um modelo: o shuttle executa uma thread de cada vez e só troca em travas."
        ));
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let steps = self.failure.iter().flat_map(|failure| failure.steps.iter().enumerate());
        Table::new(
            word!(en: ["step", "what happens"], pt: ["passo", "o que acontece"]),
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
            let claim = say!(en: "`{name}` looks like {}", pt: "`{name}`, visto de fora: {}", kind.name());
            let Some(program) = self.programs.iter().find(|program| program.name == name) else {
                return Claim::cannot_tell(&claim, word!(en: "not watched", pt: "não observado"));
            };
            let seen: Vec<&str> = program.kinds.iter().map(|kind| kind.name()).collect();
            let verdict = match program.kind() {
                Some(found) if found == kind => Verdict::Supported,
                Some(_) => Verdict::Violated,
                None => Verdict::CannotTell,
            };
            let reason = say!(en: "seen: {}", pt: "visto: {}", seen.join(", "));
            Claim { claim, verdict, estimate: None, reason }
        };
        Claims(kinds.into_iter().map(claim).collect())
    }
}

/// What is said of a program that did not look the same each time.
fn changing() -> &'static str {
    word!(en: "not the same each time", pt: "nem sempre o mesmo")
}

impl Shown for Classified {
    fn block(&self) -> Block {
        let said = |program: &crate::liveness::Program| {
            let kind = program.kind().map_or_else(changing, Kind::name);
            let cores = program.cores.map_or(
                String::new(),
                |cores| say!(en: ", {cores:.2} cores busy", pt: ", {cores:.2} núcleos ocupados"),
            );
            format!("{}: {kind}{cores}.", program.name)
        };
        let caption = self.programs.iter().map(said).collect::<Vec<_>>().join(" ");
        let mut block = Block { table: self.columns(), ..Block::default() };
        block.show(plot::classified_rows(self, &caption));
        block.notes.push(say!(
            en: "Each program was watched three times for 0.3 s, in processes of its own.",
            pt: "Cada programa foi observado três vezes por 0.3 s, em processos próprios."
        ));
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let rows = self.programs.iter().flat_map(|program| {
            let cores = program.cores.map_or(String::new(), |cores| format!("{cores:.3}"));
            let kind = program.kind().map_or_else(changing, Kind::name);
            program.progress.iter().map(move |(actor, rate)| {
                [&*program.name, actor, &format!("{rate:.1}"), &format!("{:.1}", program.steps), &cores, kind]
                    .map(str::to_owned)
            })
        });
        let head = word!(
            en: ["program", "actor", "progress (1/s)", "steps of all (1/s)", "cores busy", "seen as"],
            pt: ["programa", "ator", "progresso (1/s)", "passos de todos (1/s)", "núcleos ocupados", "visto como"]
        );
        Table::new(head, rows)
    }
}

/// Checks the reader's philosophers: no order of steps of three deadlocks, everybody eats, four can eat two at a time, and
/// real runs of five agree.
///
/// # Errors
///
/// Those of [`survival`] and of [`check`](crate::liveness::check).
pub fn philosophers_exercise(text: &str) -> Result<Exercise, Error> {
    let (name, five) = word!(en: ("your philosophers", "five"), pt: ("seus filósofos", "cinco"));
    let three = check_seats(text, 3)?;
    if let Some(failure) = &three.failure {
        let mut block = three.block();
        if !failure.is_deadlock() {
            let measured = say!(en: "In the model: {}.", pt: "No modelo: {}.", failure.message);
            let hint = word!(
                en: "Hint: a philosopher who retries without end may never get on.",
                pt: "Dica: um filósofo que tenta de novo sem fim pode nunca avançar."
            );
            return Ok(Exercise::new(block, Verdict::Violated, &measured, hint));
        }
        let runs = survival(name).arm(five, text).runs(5).trials(200).measure()?;
        let five = &runs.arms[0];
        if let Some(graph) = &five.graph {
            block.figures.clear();
            block.show(plot::wait_for_graph(graph, &graph.cycle_in_words()));
        }
        let measured = say!(
            en: "Three deadlock in the model: {}. Five: {} of {} real runs deadlocked.",
            pt: "Três entram em impasse no modelo: {}. Cinco: {} de {} execuções reais em impasse.",
            failure.graph.cycle_in_words(),
            five.deadlocked_in.len(),
            five.runs
        );
        let hint = word!(
            en: "Hint: read the steps. What would have to be different so that no circle can close?",
            pt: "Dica: leia os passos. O que teria de ser diferente para que nenhum ciclo pudesse se fechar?"
        );
        return Ok(Exercise::new(block, Verdict::Violated, &measured, hint));
    }
    if three.least_progress.unwrap_or(0) == 0 {
        let measured = word!(en: "There is one who never eats.", pt: "Há um que nunca come.");
        let hint = word!(
            en: "Hint: eating is what `me.work(…)` counts. Everybody has to.",
            pt: "Dica: comer é o que `me.work(…)` conta. Todos precisam."
        );
        return Ok(Exercise::new(three.block(), Verdict::Violated, measured, hint));
    }
    let four = check_seats(text, 4)?;
    if four.failure.is_none() && four.most_working < 2 {
        let hint = word!(
            en: "Hint: neighbours share a fork, those across the table do not. Who need not wait for whom?",
            pt: "Dica: vizinhos compartilham um garfo; quem está do outro lado, não. Quem não precisa esperar por quem?"
        );
        let measured = word!(
            en: "Nobody deadlocks, but in no order of steps do two of four eat at once.",
            pt: "Não há impasse, mas em nenhuma ordem de passos dois de quatro comem ao mesmo tempo."
        );
        return Ok(Exercise::new(four.block(), Verdict::Violated, measured, hint));
    }
    let runs = survival(name).arm(five, text).runs(10).trials(200).measure()?;
    let five = &runs.arms[0];
    let orders = if three.exhausted {
        word!(en: "no order of steps deadlocks", pt: "nenhuma ordem de passos leva a um impasse")
    } else {
        word!(
            en: "no order of steps that was tried deadlocks",
            pt: "nenhuma ordem de passos das que foram tentadas leva a um impasse"
        )
    };
    let measured = say!(
        en: "Three: {orders}, of {}. Four: two eat at once. Five: {} of {} real trials deadlocked.",
        pt: "Três: {orders}, de {}. Quatro: dois comem ao mesmo tempo. Cinco: {} de {} tentativas reais em impasse.",
        three.executions,
        five.deadlocked_in.len(),
        five.all_trials
    );
    let verdict = match (five.deadlocked_in.is_empty() && four.failure.is_none(), three.exhausted) {
        (false, _) => Verdict::Violated,
        (true, true) => Verdict::Supported,
        (true, false) => Verdict::CannotTell,
    };
    let hint = word!(
        en: "Hint: with more seats than three a circle still closes.",
        pt: "Dica: com mais de três lugares, um ciclo ainda se fecha."
    );
    Ok(Exercise::new(runs.block(), verdict, &measured, hint))
}
