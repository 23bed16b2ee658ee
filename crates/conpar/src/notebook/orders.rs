//! An [`Ordered`] in a cell: the orders of each arm, one traced run of each, and the exercise.

use super::{Block, Claim, Exercise, Shown, Table, View, claim};
use crate::Error;
use crate::language::{say, word};
use crate::measure::{Verdict, share};
use crate::orders::{Arm, Ordered};
use crate::plot::{self, Noun, counted, orders, runs_of};

/// In so many runs at least an arm of the exercise has to come to the order: fewer could be chance.
const ENOUGH_RUNS: u64 = 20;

impl Ordered {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// One traced run of each arm.
    pub fn timelines(&self) -> View<Ordered> {
        View::new(self.clone(), |ordered| {
            let said = ordered.arms.iter().map(|arm| format!("{}: {}", arm.name, parallel(arm)));
            let caption = format!("{}.", said.collect::<Vec<_>>().join("; "));
            let note = say!(
                en: "One run of each; task 1 is A, task 2 is B, and so on. Between two bars a task was ready to run, \
                     and had no core.",
                pt: "Uma execução de cada; a tarefa 1 é A, a tarefa 2 é B, e assim por diante. Entre duas barras, uma \
                     tarefa estava pronta para executar e não tinha núcleo."
            );
            let mut block = Block { notes: vec![note], table: ordered.table(), ..Block::default() };
            block.show(plot::orders_timelines(ordered, &caption));
            block.caption = caption;
            block
        })
    }

    /// Claims that `arm` comes to one order in every run: no run did not, and the others make up less than the share `bound`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where the arm was not run.
    pub fn claim_one_order(&self, arm: &str, bound: f64) -> Result<Claim, Error> {
        let arm = self.at(arm)?;
        let others = share(arm.runs - arm.count(arm.most_frequent()), arm.runs);
        let verdict = if arm.orders.len() > 1 { Verdict::Violated } else { others.below(bound) };
        let reason = say!(
            en: "{} in {}, others below a share of {:.3}",
            pt: "{} em {}, outras abaixo de uma fração de {:.3}",
            orders(arm.orders.len() as u64),
            runs_of(arm.runs),
            others.high
        );
        let text = say!(en: "{}: one order", pt: "{}: uma só ordem", arm.name);
        Ok(Claim { claim: text, verdict, estimate: Some(others), reason })
    }

    /// Claims that `arm` comes to many orders: its most frequent one has less than the share `bound` of the runs.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where the arm was not run.
    pub fn claim_many_orders(&self, arm: &str, bound: f64) -> Result<Claim, Error> {
        let arm = self.at(arm)?;
        let text = say!(
            en: "{}: no order has most of the runs",
            pt: "{}: nenhuma ordem tem a maioria das execuções",
            arm.name
        );
        Ok(claim(&text, &arm.share(arm.most_frequent())).below(bound))
    }

    /// Claims that tasks of `arm` compute at the same moment, on cores of their own, in more than the share `bound` of the
    /// runs.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where the arm was not run.
    pub fn claim_parallel(&self, arm: &str, bound: f64) -> Result<Claim, Error> {
        let arm = self.at(arm)?;
        let text = say!(
            en: "{}: tasks compute at the same moment",
            pt: "{}: tarefas calculam no mesmo instante",
            arm.name
        );
        Ok(match arm.parallel {
            _ if self.cores < 2 => Claim::cannot_tell(
                &text,
                word!(
                    en: "one core: nothing runs at the same moment here",
                    pt: "um núcleo: nada executa no mesmo instante aqui"
                ),
            ),
            None => Claim::cannot_tell(
                &text,
                word!(en: "no core was recorded", pt: "nenhum núcleo foi registrado"),
            ),
            Some(runs) => claim(&text, &share(runs, arm.runs)).above(bound),
        })
    }

    /// Claims that no two tasks of `arm` ever compute at the same moment: none were seen to, and the runs in which they may
    /// have make up less than the share `bound`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where the arm was not run.
    pub fn claim_in_turns(&self, arm: &str, bound: f64) -> Result<Claim, Error> {
        let arm = self.at(arm)?;
        let text = say!(en: "{}: one task at a time", pt: "{}: uma tarefa de cada vez", arm.name);
        let Some(runs) = arm.parallel else {
            let reason = word!(en: "no core was recorded", pt: "nenhum núcleo foi registrado");
            return Ok(Claim::cannot_tell(&text, reason));
        };
        let seen = share(runs, arm.runs);
        let verdict = if runs > 0 { Verdict::Violated } else { seen.below(bound) };
        let reason = say!(
            en: "{}; such runs have a share below {:.3}",
            pt: "{}; tais execuções são uma fração abaixo de {:.3}",
            parallel(arm),
            seen.high
        );
        Ok(Claim { claim: text, verdict, estimate: Some(seen), reason })
    }

    /// Checks whether `arm` comes to this order in every run.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where the arm was not run.
    pub fn exercise(&self, arm: &str, order: &str) -> Result<Exercise, Error> {
        let arm = self.at(arm)?;
        let (hits, block) = (arm.count(order), self.block());
        let measured = say!(
            en: "{}: {order} in {hits} of {}, and {} in all.",
            pt: "{}: {order} em {hits} de {}, e {} ao todo.",
            arm.name,
            runs_of(arm.runs),
            orders(arm.orders.len() as u64)
        );
        let (verdict, hint) = match (hits == arm.runs, arm.orders.len()) {
            (true, _) if arm.runs < ENOUGH_RUNS => (
                Verdict::CannotTell,
                word!(en: "Hint: more runs would tell.", pt: "Dica: mais execuções decidiriam."),
            ),
            (true, _) => (Verdict::Supported, ""),
            (false, _) if arm.orders.iter().any(|seen| seen.order.len() != order.len()) => (
                Verdict::Violated,
                word!(
                    en: "Hint: not every run has as many steps as the order. Does each task do all of its steps, once, \
                         and is it waited for?",
                    pt: "Dica: nem toda execução tem tantos passos quanto a ordem. Cada tarefa dá todos os seus passos, \
                         uma vez, e se espera por ela?"
                ),
            ),
            (false, 1) => (
                Verdict::Violated,
                word!(
                    en: "Hint: every run is the same, so the program decides. After which steps does a task let the \
                         next one on?",
                    pt: "Dica: todas as execuções são iguais; portanto, quem decide é o programa. Depois de quais \
                         passos uma tarefa deixa passar a próxima?"
                ),
            ),
            (false, _) => (
                Verdict::Violated,
                word!(
                    en: "Hint: the runs differ, so the scheduler of the system decides. Who could hold a task back \
                         until it is its turn?",
                    pt: "Dica: as execuções diferem; portanto, quem decide é o escalonador do sistema. Quem poderia \
                         segurar uma tarefa até que seja a vez dela?"
                ),
            ),
        };
        Ok(Exercise::new(block, verdict, &measured, hint))
    }

    fn table(&self) -> Table {
        let row = |arm: &Arm| {
            let most = arm.most_frequent();
            let of = |share: crate::measure::Estimate| format!("{share:.3}");
            let unknown = || say!(en: "unknown", pt: "não se sabe");
            let parallel = arm.parallel.map_or_else(unknown, |runs| of(share(runs, arm.runs)));
            let [runs, different] = [arm.runs, arm.orders.len() as u64].map(|count| count.to_string());
            [arm.name.clone(), runs, different, most.to_owned(), of(arm.share(most)), parallel]
        };
        let head = word!(
            en: ["arm", "runs", "different orders", "most frequent", "its share", "share of parallel runs"],
            pt: ["variante", "execuções", "ordens diferentes", "mais frequente", "fração dela", "fração de paralelas"]
        );
        Table::new(head, self.arms.iter().map(row))
    }

    fn notes(&self) -> Vec<String> {
        let steps: usize = self.steps.iter().sum();
        let tasks = self.steps.iter().filter(|steps| **steps > 0).count();
        let possible = self.possible();
        let possible = if possible < 1e9 { possible.to_string() } else { format!("{possible:.1e}") };
        let mut notes = vec![
            say!(
                en: "{} of {}: {possible} possible orders. A step has its place where it is done.",
                pt: "{} de {}: {possible} ordens possíveis. O lugar de um passo é aquele em que ele é feito.",
                counted(steps, Noun::Step),
                counted(tasks, Noun::Task)
            ),
            say!(
                en: "Exact 95% intervals of Clopper and Pearson, for runs that do not depend on one another.",
                pt: "Intervalos exatos de 95% de Clopper e Pearson, para execuções que não dependem umas das outras."
            ),
        ];
        if self.cores < 2 {
            let note = word!(
                en: "One core: no two steps run at the same moment, in no arm.",
                pt: "Um núcleo: em nenhuma variante dois passos ocorrem no mesmo instante."
            );
            notes.push(note.to_owned());
        }
        notes
    }
}

/// In how many runs tasks computed at the same moment, in words.
fn parallel(arm: &Arm) -> String {
    match arm.parallel {
        Some(runs) => say!(
            en: "two tasks at the same moment in {runs} of {}",
            pt: "duas tarefas no mesmo instante em {runs} de {}",
            runs_of(arm.runs)
        ),
        None => say!(en: "no core recorded", pt: "nenhum núcleo registrado"),
    }
}

impl Shown for Ordered {
    fn block(&self) -> Block {
        let said = |arm: &Arm| {
            let orders = orders(arm.orders.len() as u64);
            say!(en: "{}: {} in {}", pt: "{}: {} em {}", arm.name, orders, runs_of(arm.runs))
        };
        let caption = format!("{}.", self.arms.iter().map(said).collect::<Vec<_>>().join("; "));
        let mut block = Block { notes: self.notes(), table: self.table(), ..Block::default() };
        block.show(plot::orders_bars(self, &caption));
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let rows = self.arms.iter().flat_map(|arm| {
            arm.orders.iter().map(|seen| {
                let share = share(seen.count, arm.runs);
                let [point, low, high] =
                    [share.point, share.low, share.high].map(|number| number.to_string());
                [arm.name.clone(), seen.order.clone(), seen.count.to_string(), point, low, high]
            })
        });
        let head = word!(
            en: ["arm", "order", "runs", "share", "low", "high"],
            pt: ["variante", "ordem", "execuções", "fração", "de", "até"]
        );
        Table::new(head, rows)
    }
}
