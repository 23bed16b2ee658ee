//! What [`crate::units`] finds, in a cell.

use super::{Block, Claim, Exercise, Shown, Table, claim};
use crate::Error;
use crate::language::{say, word};
use crate::machine::{Allowed, Limit, Limits, Resource};
use crate::measure::{Estimate, LEVEL, Verdict};
use crate::plot::{self, in_bytes};
use crate::units::{Arm, CLIENTS, Clients, Goroutines, Place, Resident, clients};

impl Goroutines {
    /// Shows in a cell which Go it is and how long it took to build, or what to do where there is none.
    pub fn evcxr_display(&self) {
        let sentence = match (self.recorded(), self.built()) {
            (Some(_), _) => say!(
                en: "{} The measurements below draw what was recorded instead: {}.",
                pt: "{} As medições abaixo mostram, em seu lugar, o que foi registrado: {}.",
                sentence(&Error::NoGo.to_string()),
                self.about()
            ),
            (None, Some(took)) => {
                say!(en: "Built in {:.2} s: {}.", pt: "Compilado em {:.2} s: {}.", took.as_secs_f64(), self.about())
            }
            (None, None) => say!(en: "Built before: {}.", pt: "Compilado antes: {}.", self.about()),
        };
        Block { caption: sentence, ..Block::default() }.emit();
    }
}

impl Limits {
    /// Shows the limits in a cell, and how many units they allow.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }
}

impl Shown for Limits {
    fn block(&self) -> Block {
        let said = |(name, allowed): (&str, Allowed)| match allowed.reason {
            Some(reason) => say!(
                en: "{} {name} and no more: {reason}.",
                pt: "{} {name} e não mais: {reason}.",
                allowed.count
            ),
            None => format!("{} {name}.", allowed.count),
        };
        let wanted = [
            ("threads", self.threads(100_000)),
            (word!(en: "processes", pt: "processos"), self.processes(10_000)),
            (word!(en: "coroutines with stacks", pt: "corrotinas com pilha"), self.coroutines(100_000)),
            (word!(en: "tasks or goroutines", pt: "tarefas ou goroutines"), self.tasks(1_000_000)),
        ];
        let mut block = Block { table: self.columns(), unfolded: true, ..Block::default() };
        block.caption = wanted.into_iter().map(said).collect::<Vec<_>>().join(" ");
        let note = match self.all.is_empty() {
            true => word!(
                en: "This system does not tell its limits.",
                pt: "Este sistema não informa seus limites."
            ),
            false => word!(
                en: "At most half of what each limit leaves is taken: other programs need some, too.",
                pt: "Toma-se no máximo metade do que cada limite deixa: outros programas também precisam de algo."
            ),
        };
        block.notes.push(note.to_owned());
        block
    }

    fn columns(&self) -> Table {
        let row = |limit: &Limit| {
            let of = match limit.of {
                Resource::Threads => word!(en: "threads and processes", pt: "threads e processos"),
                Resource::Mappings => {
                    word!(en: "mappings of a process", pt: "mapeamentos de um processo")
                }
                Resource::Files => {
                    word!(en: "open files of a process", pt: "arquivos abertos de um processo")
                }
                Resource::Memory => word!(en: "memory (bytes)", pt: "memória (bytes)"),
            };
            [limit.name.clone(), of.to_owned(), limit.most.to_string(), limit.used.to_string()]
        };
        let head = word!(
            en: ["limit", "of", "at most", "taken"],
            pt: ["limite", "de", "no máximo", "em uso"]
        );
        Table::new(head, self.all.iter().map(row))
    }
}

impl Resident {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that a unit of `arm`, where there are most of them, takes less than the part `bound` of the memory that one of
    /// `other` takes.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`].
    pub fn claim_smaller(&self, arm: &str, other: &str, bound: f64) -> Result<Claim, Error> {
        let text = say!(
            en: "{arm} takes less memory than {other} while it waits",
            pt: "{arm} ocupa menos memória que {other} enquanto espera"
        );
        let cannot = |reason: &str| Ok(Claim::cannot_tell(&text, reason));
        if self.arm(arm)?.recorded || self.arm(other)?.recorded {
            return cannot(word!(
                en: "one of them was recorded elsewhere and not measured here",
                pt: "um dos dois foi registrado em outro lugar, e não medido aqui"
            ));
        }
        match (self.last(arm), self.last(other)) {
            (Ok((_, one)), Ok((_, two))) => Ok(claim(&text, &one.over(&two)).below(bound)),
            _ => cannot(word!(
                en: "the limits here allow too few of them",
                pt: "os limites daqui permitem poucas unidades"
            )),
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = vec![say!(
            en: "Each program ran {} times in a process of its own; medians with 95% intervals. \
                 Memory: its share of the pages in memory, and the tables that map them.",
            pt: "Cada programa executou {} vezes em um processo próprio; medianas com intervalos de 95%. \
                 Memória: sua parte das páginas que estão na memória, e as tabelas que as mapeiam.",
            self.rounds
        )];
        let few = self.arms.iter().flat_map(|arm| &arm.places).find(|place| place.bytes.level < LEVEL);
        notes.extend(few.map(|place| {
            say!(
                en: "Where it takes long to make so many, there are {} runs only: \
                     the bar is their range, a {:.0}% interval, and no claim rests on it.",
                pt: "Onde demora criar tantas, só há {} execuções: \
                     a barra vai da menor à maior, um intervalo de {:.0}%, e nenhuma afirmação se apoia nela.",
                place.runs,
                100.0 * place.bytes.level
            )
        }));
        for arm in &self.arms {
            let name = &arm.name;
            match &arm.about {
                Some(about) if arm.recorded => notes.push(say!(
                    en: "Recorded, not measured here: {name}: {about}.",
                    pt: "Registrado, não medido aqui: {name}: {about}."
                )),
                Some(about) => notes.push(format!("{name}: {about}.")),
                None => (),
            }
            if let Some(reason) = &arm.allowed.reason {
                let Allowed { wanted, count, .. } = arm.allowed;
                notes.push(say!(
                    en: "{name}: {wanted} were wanted, and at most {count} are made here; {reason}.",
                    pt: "{name}: pediram-se {wanted}, e aqui se criam no máximo {count}; {reason}."
                ));
            }
            notes.extend(arm.stopped.iter().map(|why| format!("{name}: {why}.")));
        }
        notes
    }
}

impl Shown for Resident {
    fn block(&self) -> Block {
        let said = |arm: &Arm| {
            let place = arm.places.last()?;
            let recorded = if arm.recorded { word!(en: " (recorded)", pt: " (registrado)") } else { "" };
            Some(say!(
                en: "{}{recorded}: {} each where there are {}.",
                pt: "{}{recorded}: {} cada, onde há {}.",
                arm.name,
                in_bytes(&place.bytes),
                place.units
            ))
        };
        let caption = self.arms.iter().filter_map(said).collect::<Vec<_>>().join(" ");
        let row = |arm: &Arm, place: &Place| {
            let kernel = place.kernel.map_or(String::new(), |kernel| in_bytes(&kernel));
            let runs = match arm.recorded {
                true => say!(en: "recorded", pt: "registrado"),
                false => place.runs.to_string(),
            };
            [arm.name.clone(), place.units.to_string(), runs, in_bytes(&place.bytes), kernel]
        };
        let rows = self.arms.iter().flat_map(|arm| arm.places.iter().map(move |place| row(arm, place)));
        let head = word!(
            en: ["unit", "how many", "runs", "memory of one", "kernel stacks, all programs, for each"],
            pt: ["unidade", "quantas", "execuções", "memória de uma", "pilhas no kernel, toda a máquina, cada"]
        );
        let mut block = Block { notes: self.notes(), table: Table::new(head, rows), ..Block::default() };
        block.show(plot::resident_curves(self, &caption));
        block.caption = caption;
        block
    }

    fn columns(&self) -> Table {
        let row = |arm: &Arm, place: &Place| {
            let Estimate { point, low, high, .. } = place.bytes;
            let kernel = place.kernel.map_or(String::new(), |kernel| kernel.point.to_string());
            let [point, low, high] = [point, low, high].map(|bytes| bytes.to_string());
            [arm.name.clone(), place.units.to_string(), point, low, high, kernel, arm.recorded.to_string()]
        };
        let rows = self.arms.iter().flat_map(|arm| arm.places.iter().map(move |place| row(arm, place)));
        let head = word!(
            en: ["unit", "units", "bytes", "low", "high", "kernel stacks (bytes)", "recorded"],
            pt: ["unidade", "unidades", "bytes", "de", "até", "pilhas no kernel (bytes)", "registrado"]
        );
        Table::new(head, rows)
    }
}

/// The memory of one client that is to be reached, in bytes.
const GOAL: f64 = 1_024.0;

/// Checks the exercise of chapter 08: clients that wait for an answer, all of which have to get it, in less than 1 KiB each.
///
/// Client `n` holds a request of 4,096 bytes of the value `n % 256`, waits, and then computes their sum plus 1.
///
/// # Errors
///
/// Those of [`clients`].
pub fn clients_exercise(text: &str) -> Result<Exercise, Error> {
    let answer = |clients: u64| (0..clients).map(|number| 4_096 * (number % 256) + 1).sum();
    Ok(clients(text, answer)?.exercise())
}

impl Clients {
    fn exercise(&self) -> Exercise {
        let block = Block::default();
        if let Some(stopped) = &self.stopped {
            let hint = say!(
                en: "It did not come to its end: {stopped}. Each client says `here.now()`, waits, and answers.",
                pt: "O programa não chegou ao fim: {stopped}. Cada cliente diz `here.now()`, espera e responde."
            );
            return Exercise::new(block, Verdict::Violated, "", &hint);
        }
        if let Some(wrong) = self.wrong {
            let measured = say!(
                en: "The clients' answers come to {wrong}, and should to {}.",
                pt: "As respostas dos clientes somam {wrong}, e deveriam somar {}.",
                self.expected
            );
            let hint = word!(
                en: "Hint: each client sums up its 4096 bytes, whatever it keeps while it waits, \
                     and adds the reply, 1.",
                pt: "Dica: cada cliente soma seus 4096 bytes, guarde o que guardar enquanto espera, \
                     e acrescenta a resposta, 1."
            );
            return Exercise::new(block, Verdict::Violated, &measured, hint);
        }
        let Some(bytes) = self.bytes.filter(|_| self.clients == CLIENTS) else {
            let hint = say!(
                en: "The limits here allow {} clients, and it takes {CLIENTS} to see what one needs.",
                pt: "Os limites daqui permitem {} clientes, e são precisos {CLIENTS} para ver quanto um ocupa.",
                self.clients
            );
            return Exercise::new(block, Verdict::CannotTell, "", &hint);
        };
        let measured = say!(
            en: "{CLIENTS} clients wait, {} each; the goal is less than {GOAL:.0} bytes.",
            pt: "{CLIENTS} clientes esperam, {} cada um; a meta é menos de {GOAL:.0} bytes.",
            in_bytes(&bytes)
        );
        Exercise::new(block, bytes.below(GOAL), &measured, hint(bytes.point))
    }
}

/// A hint that fits what one client takes.
fn hint(bytes: f64) -> &'static str {
    /// From here on it is a stack of its own that a client has.
    const A_STACK: f64 = 6_500.0;
    match bytes {
        stack if stack > A_STACK => word!(
            en: "Hint: each client has a thread, and with it a stack. Which unit has none? \
                 Its waiting has to be an `.await`.",
            pt: "Dica: cada cliente tem uma thread, e com ela uma pilha. Que unidade não tem pilha? \
                 Sua espera precisa ser um `.await`."
        ),
        _ => word!(
            en: "Hint: what is used again after the `.await` is part of the task while it waits, \
                 and a variable lives to the end of its block. Must all 4096 bytes live that long?",
            pt: "Dica: o que se usa de novo depois do `.await` faz parte da tarefa enquanto ela espera, \
                 e uma variável vive até o fim de seu bloco. Todos os 4096 bytes precisam viver tanto?"
        ),
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
