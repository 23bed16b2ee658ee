//! A [`Challenge`] in cells: handed out, measured beside a prediction, diagnosed, mended.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _, Write as _};

use super::{Block, Shown as _, Table};
use crate::Error;
use crate::challenge::graded::{self, on_all_cores};
use crate::challenge::{Cause, Challenge, Grade, Target, Trial, Used};
use crate::language::{say, word};
use crate::plot::{self, workers};
use crate::speedup::{Point, Scaling};

/// The longest text that is taken for a program, in bytes.
const LONGEST: u64 = 1 << 18;

/// A program that was measured as it was drawn, beside what the reader had predicted, and what the reader says limits it.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    /// The program.
    pub challenge: Challenge,
    /// The speedup on all cores that was predicted.
    pub predicted: f64,
    /// What was measured.
    pub scaling: Scaling,
    /// What it made of the cores' time; `None` where the system does not tell.
    pub used: Option<Used>,
    /// What limits it, as the reader says.
    pub diagnosis: Option<Cause>,
}

/// An edited program, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mended {
    /// The program as it was drawn.
    pub challenge: Challenge,
    /// The edited text.
    pub text: String,
    /// What came of it.
    pub trial: Trial,
}

/// A grade with its reason.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub(super) grade: Grade,
    pub(super) reason: String,
}

impl Challenge {
    /// Shows the program, and writes it to its file, to be edited there. A file that is there already is left as it is.
    ///
    /// # Errors
    ///
    /// [`Error::CannotWrite`], with what to do.
    pub fn hand_out(&self) -> Result<Block, Error> {
        let path = self.file();
        let mut notes = Vec::new();
        let new = OpenOptions::new().write(true).create_new(true).open(&path);
        match new.and_then(|mut file| file.write_all(self.text.as_bytes())) {
            Ok(()) => (),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => notes.push(say!(
                en: "`{}` was there already, and is left as it is. Below: the program as it was drawn.",
                pt: "`{}` já estava lá e fica como está. Abaixo: o programa como foi sorteado.",
                path.display()
            )),
            Err(error) => return Err(Error::cannot_write(&path, &error)),
        }
        let caption = say!(
            en: "Challenge {}. To edit it, open `{}`.",
            pt: "Desafio {}. Para editá-lo, abra `{}`.",
            self.seed,
            path.display()
        );
        Ok(Block { caption, code: self.text.clone(), notes, ..Block::default() })
    }

    /// Measures the program as it was drawn, beside the speedup on all cores that was `predicted`.
    ///
    /// # Errors
    ///
    /// [`Error::NotPositive`] for a prediction that is no speedup; those of [`Challenge::try_drawn`].
    pub fn measure(&self, predicted: f64) -> Result<Foreseen, Error> {
        if !(predicted.is_finite() && predicted > 0.0) {
            let what = word!(en: "the predicted times", pt: "as vezes previstas");
            return Err(Error::NotPositive { what, value: predicted.to_string() });
        }
        println!("{}", self.underway());
        match self.try_drawn()? {
            Trial::Measured { mut scaling, used } => {
                scaling.name = self.name();
                Ok(Foreseen { challenge: self.clone(), predicted, scaling: *scaling, used, diagnosis: None })
            }
            trial => Err(Error::ChildFailed { what: self.name(), reason: fault(&trial).0 }),
        }
    }

    /// Reads the edited file, and tries it beside the program as it was drawn.
    ///
    /// # Errors
    ///
    /// [`Error::CannotRead`], with what to do; those of [`Challenge::try_edited`].
    pub fn grade(&self) -> Result<Mended, Error> {
        let path = self.file();
        let mut text = String::new();
        let read = std::fs::File::open(&path).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
        if let Err(error) = read {
            if error.kind() != ErrorKind::NotFound {
                return Err(Error::cannot_read(&path, &error));
            }
            let advice = word!(
                en: "Run the cell that hands the program out: it writes the file",
                pt: "Execute a célula que entrega o programa: ela grava o arquivo"
            );
            return Err(Error::CannotRead { path, reason: error.to_string(), advice });
        }
        println!("{}", self.underway());
        let mut trial = self.try_edited(&text, &path)?;
        if let Trial::Measured { scaling, .. } = &mut trial {
            scaling.name = self.name();
        }
        Ok(Mended { challenge: self.clone(), text, trial })
    }

    fn underway(&self) -> String {
        say!(
            en: "{}: first its results, then its times …",
            pt: "{}: primeiro seus resultados, depois seus tempos …",
            self.name()
        )
    }

    pub(super) fn name(&self) -> String {
        say!(en: "challenge {}", pt: "desafio {}", self.seed)
    }
}

impl Cause {
    /// In words.
    pub(super) fn said(self) -> &'static str {
        match self {
            Cause::SerialPart => word!(en: "a serial part", pt: "uma parte serial"),
            Cause::Skew => word!(en: "skew", pt: "um desequilíbrio"),
            Cause::Memory => word!(en: "memory", pt: "a memória"),
            Cause::Contention => word!(en: "contention", pt: "a contenção"),
        }
    }

    /// Where to look for it.
    fn hint(self) -> &'static str {
        match self {
            Cause::SerialPart => word!(
                en: "Hint: when are cores idle: while some workers still work, or before they start and after they end?",
                pt: "Dica: quando há núcleos ociosos: enquanto alguns trabalhadores ainda trabalham, ou antes de \
                     começarem e depois de terminarem?"
            ),
            Cause::Skew => word!(
                en: "Hint: cores are idle. Do all workers get as much to do?",
                pt: "Dica: há núcleos ociosos. Todos os trabalhadores recebem o mesmo tanto a fazer?"
            ),
            Cause::Memory => word!(
                en: "Hint: how many bytes pass through the cores for each number, and how little is computed?",
                pt: "Dica: quantos bytes passam pelos núcleos para cada número, e quão pouco se calcula?"
            ),
            Cause::Contention => word!(
                en: "Hint: the cores do more than serial code has to. What does a worker do for each number that serial \
                     code does not?",
                pt: "Dica: os núcleos fazem mais do que o código serial precisa fazer. O que um trabalhador faz para \
                     cada número que o código serial não faz?"
            ),
        }
    }

    /// What would mend it.
    fn remedy(self) -> &'static str {
        match self {
            Cause::SerialPart => word!(
                en: "Hint: the workers could do the serial part too, each for its own numbers.",
                pt: "Dica: os trabalhadores poderiam fazer também a parte serial, cada um para seus números."
            ),
            Cause::Skew => word!(
                en: "Hint: cut the work into many more pieces than workers, and let who is free take the next one.",
                pt: "Dica: corte o trabalho em muito mais pedaços que trabalhadores, e que quem estiver livre pegue o \
                     próximo."
            ),
            Cause::Memory => word!(
                en: "Hint: more workers do not bring more memory. Must each number go to memory and come back between \
                     the steps?",
                pt: "Dica: mais trabalhadores não trazem mais memória. Cada número precisa ir à memória e voltar entre \
                     os passos?"
            ),
            Cause::Contention => word!(
                en: "Hint: let each worker collect in a variable of its own, and put it together once, at its end.",
                pt: "Dica: deixe cada trabalhador acumular em uma variável própria e junte tudo uma vez, no fim dele."
            ),
        }
    }
}

impl Foreseen {
    /// The same with what limits the program, as the reader says.
    #[must_use]
    pub fn diagnosed(&self, diagnosis: Cause) -> Foreseen {
        Foreseen { diagnosis: Some(diagnosis), ..self.clone() }
    }

    /// Shows prediction and measurement in a cell; with a diagnosis, whether that is right.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// What the cell shows.
    pub fn block(&self) -> Block {
        match self.diagnosis {
            None => self.curve(),
            Some(_) => Block { caption: self.diagnosis_part().reason, ..self.evidence() },
        }
    }

    /// The figure with the prediction in it.
    pub(super) fn curve(&self) -> Block {
        let Part { reason: caption, .. } = self.prediction_part();
        let most = self.scaling.most_workers();
        // What is far off would leave no room for what was measured.
        let figure = match self.predicted <= 4.0 * self.scaling.cores.available as f64 && most > 1 {
            true => plot::predicted_speedup(&self.scaling, (most, self.predicted), &caption),
            false => plot::speedup_curve(&self.scaling, &caption),
        };
        let mut block = self.evidence();
        block.show(figure);
        Block { caption, ..block }
    }

    /// The numbers from which a diagnosis can be made.
    pub(super) fn evidence(&self) -> Block {
        let (scaling, mut rows) = (&self.scaling, Vec::new());
        let mut row = |what: String, value: String| rows.push([what, value]);
        for (_, point) in scaling.points() {
            let on = workers(point.workers);
            row(say!(en: "speedup, {on}", pt: "speedup, {on}"), point.speedup.to_string());
            if let Some(fraction) = point.karp_flatt() {
                let name = say!(en: "serial fraction (Karp and Flatt), {on}", pt: "fração serial (Karp e Flatt), {on}");
                row(name, fraction.to_string());
            }
        }
        for point in scaling.ceiling.iter().filter(|point| point.workers == scaling.most_workers()) {
            let on = workers(point.workers);
            row(say!(en: "ceiling, {on}", pt: "teto, {on}"), point.speedup.to_string());
        }
        if let Some(Used { busy, cost }) = &self.used {
            let busy = busy.scaled(100.0);
            row(
                say!(en: "busy (share of the cores' time)", pt: "ocupação (parcela do tempo dos núcleos)"),
                format!("{busy:.0}%"),
            );
            row(
                say!(en: "cost (times the core time of serial code)", pt: "custo (vezes o tempo de núcleo do código serial)"),
                cost.to_string(),
            );
        }
        let head = word!(en: ["what, with its 95% interval", "measured"], pt: ["o quê, com seu intervalo de 95%", "medido"]);
        Block { table: Table::new(head, rows), unfolded: true, ..Block::default() }
    }

    /// How good the prediction is.
    pub(super) fn prediction_part(&self) -> Part {
        let grade = graded::predicted(self.predicted, &self.scaling);
        let reason = match on_all_cores(&self.scaling, 0) {
            None => one_core().to_owned(),
            Some(point) => {
                let opening = match grade {
                    Grade::Full => word!(en: "Well predicted.", pt: "Bem previsto."),
                    Grade::Half => word!(en: "Not far.", pt: "Não está longe."),
                    Grade::Missed => word!(en: "Not as predicted.", pt: "Diferente do previsto."),
                    Grade::CannotTell => busy(),
                };
                let measured = say!(
                    en: "On {}: predicted {:.2}, measured {}.",
                    pt: "Com {}: previsto {:.2}, medido {}.",
                    workers(point.workers),
                    self.predicted,
                    point.speedup
                );
                format!("{opening} {measured}")
            }
        };
        Part { grade, reason }
    }

    /// Whether the diagnosis is right.
    pub(super) fn diagnosis_part(&self) -> Part {
        let Some(named) = self.diagnosis else {
            let reason = word!(en: "Nothing was named.", pt: "Nada foi apontado.");
            return Part { grade: Grade::Missed, reason: reason.to_owned() };
        };
        let cause = self.challenge.cause();
        let grade = graded::diagnosed(named, cause, &self.scaling);
        let said = named.said();
        let reason = match grade {
            Grade::Full | Grade::Half => {
                say!(en: "Right: {said} limits it.", pt: "Certo: o que limita é {said}.")
            }
            Grade::Missed => say!(
                en: "Not yet: {said} is not what limits it. {}",
                pt: "Ainda não: o que limita não é {said}. {}",
                cause.hint()
            ),
            Grade::CannotTell => say!(
                en: "It is not {said}; but this measurement does not show that anything limits it, so it does not \
                     count. {}",
                pt: "Não é {said}; mas esta medição não mostra que algo limite o programa, e por isso não conta. {}",
                cause.hint()
            ),
        };
        Part { grade, reason }
    }
}

impl Mended {
    /// Shows in a cell what came of the edit.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// What the cell shows.
    pub fn block(&self) -> Block {
        let Part { reason, .. } = self.part();
        match &self.trial {
            Trial::Measured { scaling, .. } => {
                let mut block = scaling.block();
                block.notes.insert(0, std::mem::replace(&mut block.caption, reason));
                block
            }
            _ => Block { caption: reason, ..Block::default() },
        }
    }

    /// Whether the edit is right, and reaches its target.
    pub(super) fn part(&self) -> Part {
        let target = self.challenge.target();
        let grade = graded::edited(&self.trial, target);
        let Trial::Measured { scaling, .. } = &self.trial else {
            let (fault, hint) = fault(&self.trial);
            let opening = word!(en: "Not yet.", pt: "Ainda não.");
            return Part { grade, reason: format!("{opening} {fault} {hint}") };
        };
        let Some(reached) = target.reached(scaling) else {
            return Part { grade, reason: one_core().to_owned() };
        };
        let opening = match grade {
            Grade::Full | Grade::Half => word!(en: "Mended.", pt: "Consertado."),
            Grade::Missed => word!(en: "Not yet.", pt: "Ainda não."),
            Grade::CannotTell => busy(),
        };
        let on = workers(reached.workers);
        let measured = match target {
            Target::OfCeiling(goal) => say!(
                en: "Its results are right. On {on} it reaches {:.0}% of the ceiling; the goal is {:.0}%.",
                pt: "Seus resultados estão certos. Com {on}, alcança {:.0}% do teto; a meta é {:.0}%.",
                reached.value.scaled(100.0),
                100.0 * goal
            ),
            Target::TimesDrawn(goal) => say!(
                en: "Its results are right. On {on} it is {} times as fast as it was drawn; the goal is {goal}.",
                pt: "Seus resultados estão certos. Com {on}, é {} vezes mais rápido que o sorteado; a meta é {goal}.",
                reached.value
            ),
        };
        let hint = match grade {
            _ if self.text == self.challenge.text => {
                word!(en: "The file is still as it was drawn.", pt: "O arquivo ainda está como foi sorteado.")
            }
            Grade::Missed => self.challenge.cause().remedy(),
            _ => "",
        };
        // Less to move is a reason to be faster than the cores alone allow; elsewhere there is none.
        let doubt = match matches!(target, Target::OfCeiling(_)) && super_linear(scaling) {
            true => word!(
                en: "It is faster than all cores together can make it: is something no longer computed in each run?",
                pt: "É mais rápido do que todos os núcleos juntos permitem: algo deixou de ser calculado a cada vez?"
            ),
            false => "",
        };
        let said = [opening, &measured, hint, doubt];
        Part { grade, reason: said.into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>().join(" ") }
    }
}

/// Whether the edited program is faster than parallelism explains.
fn super_linear(scaling: &Scaling) -> bool {
    scaling.curves.last().is_some_and(|curve| curve.points.iter().any(Point::is_super_linear))
}

/// What went wrong before anything could be measured, and a hint.
fn fault(trial: &Trial) -> (String, &'static str) {
    match trial {
        Trial::Wrong { size, workers: count, value, expected } => (
            say!(
                en: "Of size {size}, on {}, it computes {value}; serial code computes {expected}.",
                pt: "Com tamanho {size} e {}, calcula {value}; o código serial calcula {expected}.",
                workers(*count)
            ),
            word!(
                en: "Hint: does every size and every number of workers give all of the work, each part once? Do two \
                     threads write to the same place?",
                pt: "Dica: todo tamanho e todo número de trabalhadores dão o trabalho inteiro, cada parte uma vez? Duas \
                     threads escrevem no mesmo lugar?"
            ),
        ),
        Trial::NeverEnds { workers: count } => {
            let on = count.map_or(String::new(), |count| say!(en: " on {}", pt: " com {}", workers(count)));
            (
                say!(en: "A run{on} did not come back.", pt: "Uma execução{on} não retornou."),
                word!(
                    en: "Hint: does a thread wait for a lock, a message or a thread that never comes?",
                    pt: "Dica: alguma thread espera por uma trava, uma mensagem ou uma thread que nunca vem?"
                ),
            )
        }
        Trial::Broke { reason } => (reason.clone(), ""),
        Trial::Measured { .. } => (String::new(), ""),
    }
}

fn one_core() -> &'static str {
    word!(
        en: "One core: nothing can be concluded about parallel speed here.",
        pt: "Um só núcleo: nada se pode concluir aqui sobre a velocidade paralela."
    )
}

fn busy() -> &'static str {
    word!(
        en: "This run cannot tell; try again on a quieter machine.",
        pt: "Esta execução é inconclusiva; tente de novo com a máquina mais tranquila."
    )
}
