//! A [`JobReport`] in a cell, what it claims, and the exercise on a pool.

use super::{Block, Claim, Claims, Exercise, Loaded as _, Shown, Table};
use crate::Error;
use crate::child::{How, child};
use crate::isolation::planted::{Death, Plan, Stage, answer};
use crate::isolation::{End, JobReport, Left, Try, jobs};
use crate::language::{say, word};
use crate::measure::{Estimate, LEVEL, Verdict};
use crate::plot::{self, Noun, counted};
use crate::sweep::Swept;

impl JobReport {
    /// Shows the report in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// The share of the jobs that were done. It was counted: its interval has no width.
    pub fn done(&self) -> Estimate {
        let share = self.share_done();
        Estimate { point: share, low: share, high: share, level: LEVEL }
    }

    /// Claims that every job was done, none of them twice, that the answers add up to `total`, and that the pool left nothing
    /// behind.
    pub fn claims(&self, total: u64) -> Claims {
        let (twice, repeats) = (self.twice(), self.repeats());
        let twice_reason = say!(
            en: "{} with more than one; {} given out again",
            pt: "{} com mais de uma; {} entregue de novo",
            counted(twice.len(), Noun::Job),
            counted(repeats, Noun::Time)
        );
        let sum = say!(
            en: "they add up to {}, serial to {total}",
            pt: "somam {}; em série, {total}",
            self.total()
        );
        let nothing_left = word!(en: "nothing is left behind", pt: "não sobra nada");
        let left = match self.left {
            None => Claim::cannot_tell(
                &self.about(nothing_left),
                word!(en: "the system does not tell", pt: "o sistema não informa"),
            ),
            Some(left) => self.claim(nothing_left, left == Left::default(), left_in_words(&left)),
        };
        Claims(vec![
            self.claim_done(),
            self.claim(
                word!(en: "no job has two answers", pt: "nenhuma tarefa tem duas respostas"),
                twice.is_empty(),
                twice_reason,
            ),
            self.claim(
                word!(en: "the answers are those of serial code", pt: "as respostas são as do código serial"),
                self.total() == total,
                sum,
            ),
            left,
        ])
    }

    /// Claims that every job has an answer.
    pub fn claim_done(&self) -> Claim {
        let lost = self.lost().len();
        let deaths = counted(self.deaths().count(), Noun::Worker);
        let reason = say!(
            en: "{} without an answer; {deaths} died",
            pt: "{} sem resposta; mortos: {deaths}",
            counted(lost, Noun::Job)
        );
        self.claim(
            word!(en: "every job has an answer", pt: "toda tarefa tem uma resposta"),
            lost == 0,
            reason,
        )
    }

    fn about(&self, text: &str) -> String {
        format!("{}: {text}", self.name)
    }

    fn claim(&self, text: &str, holds: bool, reason: String) -> Claim {
        let verdict = match (holds, self.how) {
            (true, _) => Verdict::Supported,
            // It was too slow, and might have come to a good end.
            (false, How::Deadline) => Verdict::CannotTell,
            (false, _) => Verdict::Violated,
        };
        Claim { claim: self.about(text), verdict, estimate: None, reason }
    }

    /// Claims that the whole program was ended by a signal, with jobs left undone.
    pub fn claim_all_ended(&self) -> Claim {
        let undone = self.lost().len();
        let verdict = match self.how {
            How::Signalled(_) if undone > 0 => Verdict::Supported,
            How::Deadline | How::Killed => Verdict::CannotTell,
            _ => Verdict::Violated,
        };
        let claim = say!(
            en: "{}: one worker's end is the end of all",
            pt: "{}: o fim de um trabalhador é o fim de todos",
            self.name
        );
        let reason = say!(
            en: "{} {} of {} jobs are not done.",
            pt: "{} {} de {} tarefas não estão feitas.",
            self.how.words(),
            undone,
            self.jobs
        );
        Claim { claim, verdict, estimate: None, reason }
    }

    /// What was done, by whom, and who ended how.
    fn caption(&self) -> String {
        let done = (self.share_done() * self.jobs as f64).round() as u64;
        let mut text = say!(
            en: "{}: {done} of {} jobs done",
            pt: "{}: {done} de {} tarefas feitas",
            self.name,
            self.jobs
        );
        text += match (self.lost().is_empty(), self.twice().is_empty()) {
            (true, true) => word!(en: ", each once.", pt: ", cada uma só uma vez."),
            (_, true) => ".",
            (..) => word!(en: ", some of them more than once.", pt: ", algumas mais de uma vez."),
        };
        let deaths: Vec<String> = self
            .deaths()
            .map(|life| {
                let end = life.end.as_ref().map(ToString::to_string).unwrap_or_default();
                say!(en: "worker {}: {end}", pt: "trabalhador {}: {end}", life.worker)
            })
            .collect();
        if !deaths.is_empty() {
            text += &say!(
                en: " Of the workers {} of {} died ({}); {} a job was given out again.",
                pt: " Trabalhadores mortos: {} de {} ({}); {} uma tarefa foi entregue de novo.",
                deaths.len(),
                self.lives.len(),
                deaths.join(", "),
                counted(self.repeats(), Noun::Time)
            );
        }
        let unknown = self.lives.iter().filter(|life| life.end == Some(End::Unknown)).count();
        if unknown > 0 {
            text += &say!(
                en: " How {unknown} of {} workers ended is not known.",
                pt: " Como acabaram {unknown} de {} trabalhadores não se sabe.",
                self.lives.len()
            );
        }
        if self.how != How::Exited(0) {
            let end = lower(&self.how.words());
            text += &say!(en: " The whole program: {end}", pt: " O programa inteiro: {end}");
        }
        text
    }

    fn notes(&self) -> Vec<String> {
        let cores = counted(self.cores, Noun::Core);
        let mut notes = vec![say!(
            en: "{} at once on {cores}, {:.0} ms.",
            pt: "{} ao mesmo tempo em {cores}, {:.0} ms.",
            counted(self.workers(), Noun::Worker),
            1e3 * self.seconds
        )];
        notes.extend(self.left.map(|left| {
            say!(
                en: "Left behind when all was done: {}.",
                pt: "O que sobrou quando tudo estava feito: {}.",
                left_in_words(&left)
            )
        }));
        notes.extend(self.notes.iter().cloned());
        notes
    }
}

fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

fn left_in_words(left: &Left) -> String {
    match *left {
        Left { children: 0, zombies: 0, descriptors: 0 } => say!(
            en: "no process, no zombie, no descriptor",
            pt: "nenhum processo, nenhum zumbi, nenhum descritor"
        ),
        Left { children, zombies, descriptors } => format!(
            "{}, {}, {}",
            match children {
                1 => say!(en: "1 process", pt: "1 processo"),
                count => say!(en: "{count} processes", pt: "{count} processos"),
            },
            counted(zombies, Noun::Zombie),
            counted(descriptors, Noun::Descriptor)
        ),
    }
}

impl Shown for JobReport {
    fn block(&self) -> Block {
        let caption = self.caption();
        let row = |worker: usize| {
            let tries: Vec<&Try> = self.tries.iter().filter(|one| one.worker == worker).collect();
            let answered = tries.iter().filter(|one| one.answer.is_some()).count();
            let ends = self.lives.iter().filter(|life| life.worker == worker);
            let unseen = || say!(en: "no end seen", pt: "nenhum fim visto");
            let ends: Vec<String> =
                ends.map(|life| life.end.as_ref().map_or_else(unseen, ToString::to_string)).collect();
            [worker.to_string(), tries.len().to_string(), answered.to_string(), ends.join(", ")]
        };
        let head = word!(
            en: ["worker", "jobs given", "answered", "ended by"],
            pt: ["trabalhador", "tarefas dadas", "respondidas", "fim"]
        );
        let table = Table::new(head, (0..self.workers()).map(row));
        let mut block = Block { notes: self.notes(), table, ..Block::default() };
        block.show(plot::job_lanes(self, &caption));
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let row = |one: &Try| {
            [
                one.worker.to_string(),
                one.job.to_string(),
                one.given.to_string(),
                one.until.map(|until| until.to_string()).unwrap_or_default(),
                one.answer.map(|answer| answer.to_string()).unwrap_or_default(),
            ]
        };
        let head = word!(
            en: ["worker", "job", "given (s)", "until (s)", "answer"],
            pt: ["trabalhador", "tarefa", "dada (s)", "até (s)", "resposta"]
        );
        Table::new(head, self.tries.iter().map(row))
    }
}

/// What the exercise tries: three workers, of which each dies in another way, and one of them twice in a row.
const JOBS: u64 = 60;
const WORKERS: usize = 3;
const DEATHS: [Death; 4] = [
    Death { worker: 0, life: 0, turn: 2, stage: Stage::Before },
    Death { worker: 0, life: 1, turn: 0, stage: Stage::Before },
    Death { worker: 1, life: 0, turn: 1, stage: Stage::Middle },
    Death { worker: 2, life: 0, turn: 2, stage: Stage::After },
];

/// How long the pool may take, many times what it needs.
const DEADLINE: std::time::Duration = std::time::Duration::from_secs(8);

/// How many times faster two workers have to be than one.
const FASTER: f64 = 1.3;

/// Checks the reader's pool, the text of a program whose `main` hands an `attend` to
/// [`planted::run`](crate::isolation::planted::run): workers die before, in the middle of and after an answer, and one dies
/// twice in a row. Nothing may be lost, nothing done twice, nothing left behind. Then two workers have to be faster than
/// one.
///
/// # Errors
///
/// Those of [`child`] and of [`jobs`].
pub fn pool_exercise(text: &str) -> Result<Exercise, Error> {
    let program = child(text)?;
    let plan = Plan { jobs: JOBS, workers: WORKERS, deaths: DEATHS.to_vec() };
    let tried = program.clone().args(plan.arguments()).deadline(DEADLINE);
    let name = word!(en: "your pool", pt: "seu pool");
    let report = jobs(name, &tried)?;
    if let Some((measured, hint)) = fault(&report) {
        return Ok(Exercise::new(report.block(), Verdict::Violated, &measured, hint));
    }
    let deaths = report.deaths().count();
    let right = say!(
        en: "{JOBS} jobs, each done once, although {deaths} workers died.",
        pt: "{JOBS} tarefas, cada uma feita uma vez, embora {deaths} trabalhadores tenham morrido."
    );
    if deaths < DEATHS.len() {
        let hint = word!(
            en: "Hint: not every worker had enough to do to come to its planned end. Are all of them given jobs?",
            pt: "Dica: nem todo trabalhador teve o bastante para chegar a seu fim planejado. Todos recebem tarefas?"
        );
        return Ok(Exercise::new(report.block(), Verdict::CannotTell, &right, hint));
    }
    if report.cores < 2 {
        let hint = word!(
            en: "Nothing is lost and nothing done twice. Whether two workers are faster cannot be seen on one core.",
            pt: "Nada se perde, nada se faz duas vezes. Se dois trabalhadores são mais rápidos, não se vê em um núcleo."
        );
        return Ok(Exercise::new(report.block(), Verdict::CannotTell, "", hint));
    }
    let swept: Swept = program.arg("time").deadline(2 * DEADLINE).run()?.told_or(name)?;
    swept.sound().map_err(|reason| Error::ChildFailed { what: name.to_owned(), reason })?;
    let faster = swept.ratio("pool", 2, "pool", 1)?;
    let verdict = match swept.is_credible("pool", 2, "pool", 1)? {
        true => faster.above(FASTER),
        false => Verdict::CannotTell,
    };
    let measured = say!(
        en: "{right} Two workers are {faster} times as fast as one; the goal is {FASTER}.",
        pt: "{right} Dois trabalhadores são {faster} vezes mais rápidos que um; a meta é {FASTER}."
    );
    let hint = word!(
        en: "Hint: nothing is lost, but the workers wait for one another. \
             Is the list of jobs locked while one of them computes?",
        pt: "Dica: nada se perde, mas os trabalhadores esperam uns pelos outros. \
             A lista de tarefas fica travada enquanto um deles calcula?"
    );
    Ok(Exercise::new(report.block(), verdict, &measured, hint))
}

/// What is wrong with a pool, in words, and a hint.
fn fault(report: &JobReport) -> Option<(String, &'static str)> {
    let (lost, twice) = (report.lost(), report.twice());
    let named = |jobs: &[u64]| {
        let names: Vec<String> = jobs.iter().take(6).map(ToString::to_string).collect();
        names.join(", ") + if jobs.len() > 6 { ", …" } else { "" }
    };
    let right = (0..JOBS).map(answer).fold(0, u64::wrapping_add);
    match report.how {
        How::Deadline => Some((
            say!(
                en: "After {:.0} s the pool had not come to its end.",
                pt: "Depois de {:.0} s, o pool não tinha chegado ao fim.",
                DEADLINE.as_secs_f64()
            ),
            word!(
                en: "Hint: who waits for an answer of a worker that is dead, or of one that was sent nothing?",
                pt: "Dica: quem espera a resposta de um trabalhador morto, ou de um que nada recebeu?"
            ),
        )),
        _ if !twice.is_empty() => Some((
            say!(
                en: "Done twice: {} ({}).",
                pt: "O que foi feito duas vezes: {} ({}).",
                counted(twice.len(), Noun::Job),
                named(&twice)
            ),
            word!(
                en: "Hint: when a worker dies, some of its batch may have been answered before. \
                     Only the rest is to be given out again.",
                pt: "Dica: quando um trabalhador morre, parte de seu lote pode já ter sido respondida. \
                     Só o resto deve ser entregue de novo."
            ),
        )),
        _ if !lost.is_empty() => Some((
            say!(
                en: "Lost: {} ({}).",
                pt: "O que se perdeu: {} ({}).",
                counted(lost.len(), Noun::Job),
                named(&lost)
            ),
            word!(
                en: "Hint: a worker has died, and what it had not answered yet was forgotten. Who else could do it?",
                pt: "Dica: um trabalhador morreu, e o que ainda não respondera foi esquecido. \
                     Quem mais poderia fazê-lo?"
            ),
        )),
        _ if report.total() != right => Some((
            say!(
                en: "The answers add up to {}, and not to {right}.",
                pt: "As respostas somam {}, e não {right}.",
                report.total()
            ),
            word!(
                en: "Hint: answers come in the order in which the jobs were sent. Does each go to its own job?",
                pt: "Dica: as respostas vêm na ordem em que as tarefas foram enviadas. Cada uma vai à sua tarefa?"
            ),
        )),
        _ if report.left.is_some_and(|left| left != Left::default()) => Some((
            say!(
                en: "Left behind: {}.",
                pt: "O que sobrou: {}.",
                left_in_words(&report.left.unwrap_or_default())
            ),
            word!(
                en: "Hint: a process that has ended remains a zombie until it is waited for. \
                     `end` does that, for dead workers too.",
                pt: "Dica: um processo que acabou continua zumbi até que se espere por ele. \
                     `end` faz isso, também por trabalhadores mortos."
            ),
        )),
        How::Exited(0) => None,
        how => Some((
            how.words(),
            word!(
                en: "Hint: the pool itself has to come to a good end.",
                pt: "Dica: o próprio pool precisa acabar bem."
            ),
        )),
    }
}
