//! The non-generic core: rounds of runs, and what they marked.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use super::log::Log;
use super::ordered::{Arm, Order, Ordered};
use super::{LIMIT, MOST_ARMS, MOST_RUNS, MOST_STEPS, MOST_TASKS};
use crate::error::{check_names, panic_message};
use crate::language::{say, word};
use crate::trace::Timeline;
use crate::{Error, machine};

/// The most spans that the kept traces of one arm have together.
const MOST_SPANS: usize = 100_000;

/// Runs all tasks once.
type Run<'a> = Box<dyn Fn(&Log) + 'a>;

pub(super) struct Experiment<'a> {
    pub(super) name: String,
    pub(super) runs: u64,
    pub(super) arms: Vec<(String, Run<'a>)>,
}

/// What the runs of one arm came to.
#[derive(Debug, Default)]
struct Seen {
    runs: u64,
    /// For each order its runs, and the trace of the first of them while there is room.
    orders: HashMap<String, (u64, Option<Timeline>)>,
    spans: usize,
    recorded: bool,
    parallel: u64,
}

impl Experiment<'_> {
    pub(super) fn run(self) -> Result<Ordered, Error> {
        self.check()?;
        let mut seen: Vec<Seen> = self.arms.iter().map(|_| Seen::default()).collect();
        let mut turns: Vec<usize> = (0..self.arms.len()).collect();
        let mut steps = None;
        let start = Instant::now();
        for round in 0..self.runs {
            if round > 0 && start.elapsed() >= LIMIT {
                break;
            }
            fastrand::shuffle(&mut turns);
            for &arm in &turns {
                let (order, timeline) = self.once(arm, round)?;
                let counts = counts(&order);
                let expected = steps.get_or_insert_with(|| counts.clone());
                if counts != *expected {
                    return Err(self.differ(arm, &counts, expected));
                }
                seen[arm].add(letters(&order), timeline);
            }
        }
        let arms = self.arms.iter().zip(seen).map(|((name, _), seen)| seen.arm(name)).collect();
        let cores = machine::available_cores();
        Ok(Ordered { name: self.name, steps: steps.unwrap_or_default(), cores, arms })
    }

    /// Runs an arm once: the tasks in the order of their steps, and the trace.
    fn once(&self, arm: usize, round: u64) -> Result<(Vec<usize>, Timeline), Error> {
        let (name, run) = &self.arms[arm];
        let log = Log::begin();
        catch_unwind(AssertUnwindSafe(|| run(&log))).map_err(|panic| Error::PanickedAt {
            arm: name.clone(),
            at: say!(en: "run {}", pt: "execução {}", round + 1),
            message: panic_message(&*panic),
        })?;
        let not = |what: &str| Error::NoOrder { reason: format!("`{name}` {what}") };
        let (steps, marked) = log.steps();
        if marked == 0 {
            return Err(not(word!(
                en: "marked no step: call `log.mark(task)` after each",
                pt: "não marcou nenhum passo: chame `log.mark(task)` depois de cada um"
            )));
        }
        if marked > MOST_STEPS {
            return Err(not(&say!(
                en: "marked {marked} steps in a run: at most {MOST_STEPS}",
                pt: "marcou {marked} passos em uma execução: no máximo {MOST_STEPS}"
            )));
        }
        let steps: Option<Vec<usize>> = steps.into_iter().collect();
        let steps = steps.ok_or_else(|| {
            not(word!(
                en: "came back while a task was still marking: wait for all tasks",
                pt: "retornou enquanto uma tarefa ainda marcava: espere por todas as tarefas"
            ))
        })?;
        if steps.iter().any(|&task| task >= MOST_TASKS) {
            return Err(not(&say!(
                en: "marked a task above {}: count them from 0",
                pt: "marcou uma tarefa acima de {}: conte-as a partir de 0",
                MOST_TASKS - 1
            )));
        }
        Ok((steps, log.timeline(name)))
    }

    fn differ(&self, arm: usize, counts: &[usize], expected: &[usize]) -> Error {
        let said = |counts: &[usize]| {
            let of_each = counts.iter().enumerate().filter(|(_, count)| **count > 0);
            of_each
                .map(|(task, count)| say!(en: "{count} of {}", pt: "{count} de {}", letter(task)))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let reason = say!(
            en: "a run of `{}` marked {}, and one before it {}: all runs of all arms are to take the same steps, and \
                 to end before they return",
            pt: "uma execução de `{}` marcou {}, e uma antes dela {}: todas as execuções de todas as variantes devem \
                 dar os mesmos passos, e terminar antes de retornar",
            self.arms[arm].0,
            said(counts),
            said(expected)
        );
        Error::NoOrder { reason }
    }

    fn check(&self) -> Result<(), Error> {
        let not = |reason: String| Err(Error::NoOrder { reason });
        check_names(
            &[(word!(en: "the experiment", pt: "o experimento"), &self.name)],
            self.arms.iter().map(|(name, _)| name),
        )?;
        match (self.runs, self.arms.len()) {
            (_, 0) => Err(Error::NoArm),
            (_, many) if many > MOST_ARMS => not(say!(
                en: "{many} arms are too many for one figure: at most {MOST_ARMS}",
                pt: "{many} variantes são demais para uma figura: no máximo {MOST_ARMS}"
            )),
            (runs, _) if runs == 0 || runs > MOST_RUNS => not(
                say!(en: "{runs} runs: take 1 to {MOST_RUNS}", pt: "{runs} execuções: use de 1 a {MOST_RUNS}"),
            ),
            _ => Ok(()),
        }
    }
}

impl Seen {
    fn add(&mut self, order: String, timeline: Timeline) {
        self.runs += 1;
        self.recorded |= !timeline.cores().is_empty();
        self.parallel += u64::from(timeline.is_parallel());
        let entry = self.orders.entry(order).or_insert_with_key(|order| {
            self.spans += timeline.spans.len();
            let name = format!("{}: {order}", timeline.name);
            (0, (self.runs == 1 || self.spans <= MOST_SPANS).then_some(Timeline { name, ..timeline }))
        });
        entry.0 += 1;
    }

    fn arm(self, name: &str) -> Arm {
        let mut seen: Vec<_> = self.orders.into_iter().collect();
        seen.sort_by(|(one, (ones, _)), (two, (twos, _))| twos.cmp(ones).then(one.cmp(two)));
        Arm {
            name: name.to_owned(),
            runs: self.runs,
            timeline: seen.iter_mut().find_map(|(_, (_, timeline))| timeline.take()),
            parallel: self.recorded.then_some(self.parallel),
            orders: seen.into_iter().map(|(order, (count, _))| Order { order, count }).collect(),
        }
    }
}

/// How many steps each task took, up to the last that took one.
fn counts(order: &[usize]) -> Vec<usize> {
    let mut counts = vec![0; order.iter().max().map_or(0, |most| most + 1)];
    order.iter().for_each(|&task| counts[task] += 1);
    counts
}

fn letters(order: &[usize]) -> String {
    order.iter().map(|&task| letter(task)).collect()
}

/// The letter of a task below [`MOST_TASKS`].
fn letter(task: usize) -> char {
    char::from(b'A' + task as u8)
}
