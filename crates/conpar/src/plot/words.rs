//! Words that figures, captions and notes share, so that one thing is worded in one place.

use crate::language::{Language, language, word};
use crate::measure::Estimator;

/// A thing that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    Beat,
    Core,
    Descriptor,
    Execution,
    Job,
    LogicalCore,
    Message,
    Order,
    Other,
    OtherThread,
    PhysicalCore,
    Piece,
    Run,
    Steal,
    Step,
    Task,
    Thread,
    Time,
    Worker,
    Zombie,
}

impl Noun {
    /// One of it and more of it, in the current language.
    fn forms(self) -> (&'static str, &'static str) {
        let (english, portuguese) = match self {
            Noun::Beat => (("beat", "beats"), ("batida", "batidas")),
            Noun::Core => (("core", "cores"), ("núcleo", "núcleos")),
            Noun::Descriptor => (("descriptor", "descriptors"), ("descritor", "descritores")),
            Noun::Execution => (("execution", "executions"), ("execução", "execuções")),
            Noun::Job => (("job", "jobs"), ("tarefa", "tarefas")),
            Noun::LogicalCore => (("logical core", "logical cores"), ("núcleo lógico", "núcleos lógicos")),
            Noun::Message => (("message", "messages"), ("mensagem", "mensagens")),
            Noun::Order => (("order", "orders"), ("ordem", "ordens")),
            Noun::Other => (("other", "others"), ("outra", "outras")),
            Noun::OtherThread => (("other thread", "other threads"), ("outra thread", "outras threads")),
            Noun::PhysicalCore => (("physical core", "physical cores"), ("núcleo físico", "núcleos físicos")),
            Noun::Piece => (("piece", "pieces"), ("pedaço", "pedaços")),
            Noun::Run => (("run", "runs"), ("execução", "execuções")),
            Noun::Steal => (("steal", "steals"), ("roubo", "roubos")),
            Noun::Step => (("step", "steps"), ("passo", "passos")),
            Noun::Task => (("task", "tasks"), ("tarefa", "tarefas")),
            Noun::Thread => (("thread", "threads"), ("thread", "threads")),
            Noun::Time => (("time", "times"), ("vez", "vezes")),
            Noun::Worker => (("worker", "workers"), ("trabalhador", "trabalhadores")),
            Noun::Zombie => (("zombie", "zombies"), ("zumbi", "zumbis")),
        };
        match language() {
            Language::English => english,
            Language::Portuguese => portuguese,
        }
    }
}

/// `count` of a thing: "1 worker", "2 workers".
pub(crate) fn counted(count: usize, noun: Noun) -> String {
    let (one, more) = noun.forms();
    if count == 1 { format!("1 {one}") } else { format!("{count} {more}") }
}

/// Cores' worth of time, which a quota can make a fraction: "1 core", "1.5 cores".
pub(crate) fn cores(effective: f64) -> String {
    let (one, more) = Noun::Core.forms();
    if effective == 1.0 { format!("1 {one}") } else { format!("{effective} {more}") }
}

/// The number of workers: "1 worker", "2 workers".
pub(crate) fn workers(count: usize) -> String {
    counted(count, Noun::Worker)
}

/// How a time was estimated.
pub(crate) fn estimator(estimator: Estimator) -> &'static str {
    match estimator {
        Estimator::MedianOfClean => word!(en: "median of clean samples", pt: "mediana das amostras limpas"),
        Estimator::Minimum => word!(en: "minimum", pt: "mínimo"),
    }
}

/// What stands where a verdict would rest on disturbed samples.
pub(crate) fn too_busy() -> &'static str {
    word!(en: "cannot tell, the machine was too busy", pt: "inconclusivo, a máquina estava ocupada demais")
}

/// At most `most` characters of a name that stands in full elsewhere.
pub(crate) fn shortened(name: &str, most: usize) -> String {
    match name.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_all_else_is_plural() {
        assert_eq!([0, 1, 2].map(workers), ["0 workers", "1 worker", "2 workers"]);
        assert_eq!([1.0, 1.5, 2.0].map(cores), ["1 core", "1.5 cores", "2 cores"]);
    }

    #[test]
    fn a_name_is_cut_between_characters() {
        assert_eq!(shortened("ação", 3), "açã…");
        assert_eq!(shortened("ação", 4), "ação");
    }
}
