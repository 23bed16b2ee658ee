//! A [`Machine`] in a cell: one sentence, or its card.

use super::{Block, Shown, Table};
use crate::language::{say, word};
use crate::machine::{Core, CoreKind, Holds, Machine};
use crate::plot;
use crate::plot::{Noun, cores, counted};

impl Machine {
    /// Shows in a cell, in a sentence, what this machine has, and what it can therefore show. [`Machine::card`] shows all
    /// that is known.
    pub fn evcxr_display(&self) {
        Block { caption: self.caption(), ..Block::default() }.emit();
    }

    /// The machine card: the map of its cores and caches, the time that this process gets, and all else that is known.
    pub fn card(&self) -> Block {
        let caption = self.caption();
        let mut block = Block { notes: self.notes(), table: self.table(), ..Block::default() };
        block.show(plot::machine_map(self, &caption));
        block.caption = caption;
        block
    }

    fn caption(&self) -> String {
        let available = counted(self.available_cores, Noun::Core);
        let processor =
            self.processor.as_ref().map(|name| say!(en: " of {name}", pt: " de {name}")).unwrap_or_default();
        let mut caption = say!(
            en: "This kernel may use {available}{processor}",
            pt: "Este kernel pode usar {available}{processor}"
        );
        if self.effective_cores < self.available_cores as f64 {
            caption += &say!(
                en: ", of which a quota gives it the time of {}",
                pt: ", mas uma cota lhe dá apenas o equivalente a {}",
                self.effective_cores
            );
        }
        caption += ".";
        if self.effective_cores < 2.0 {
            caption += word!(
                en: " That is enough to show concurrency. To show parallelism it takes two.",
                pt: " Isso basta para mostrar concorrência. Para mostrar paralelismo, são precisos dois."
            );
        }
        caption
    }

    /// What follows for a measurement.
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.virtual_machine == Some(true) {
            notes.push(
                say!(
                    en: "A virtual machine: its cores are promises of a hypervisor. Two of them may be threads of one \
                         real core, and others may use them too.",
                    pt: "Uma máquina virtual: seus núcleos são promessas de um hipervisor. Dois deles podem ser \
                         threads de um mesmo núcleo real, e outros também podem usá-los."
                ),
            );
        }
        if let Some(physical) = self.physical_cores().filter(|&physical| physical < self.available_cores) {
            notes.push(say!(
                en: "{} share {} (SMT): two threads on one physical core do less than two cores would.",
                pt: "{} compartilham {} (SMT): duas threads em um núcleo físico fazem menos que em dois.",
                counted(self.available_cores, Noun::LogicalCore),
                counted(physical, Noun::PhysicalCore),
            ));
        }
        if let Some(quota) = self.quota {
            notes.push(say!(
                en: "The quota of {} holds over a period, often of 100 ms. What is shorter may not feel it.",
                pt: "A cota de {} vale para um período, em geral de 100 ms. O que é mais curto pode não senti-la.",
                cores(quota)
            ));
        }
        if let Some(load) = self.load.filter(|load| load.others > 0) {
            let want = match load.others {
                1 => word!(en: "wants", pt: "quer"),
                _ => word!(en: "want", pt: "querem"),
            };
            notes.push(say!(
                en: "At this moment {} of the system {want} a core.",
                pt: "Neste momento, {} do sistema {want} um núcleo.",
                counted(load.others, Noun::OtherThread)
            ));
        }
        if self.cores.len() > plot::MOST_DRAWN {
            notes.push(say!(
                en: "The map shows {} of {} cores.",
                pt: "O mapa mostra {} de {} núcleos.",
                plot::MOST_DRAWN,
                self.cores.len()
            ));
        }
        notes
    }

    /// All that is known, and what is not.
    fn table(&self) -> Table {
        let unknown = || say!(en: "unknown", pt: "não se sabe");
        let known = |count: usize| if count > 0 { count.to_string() } else { unknown() };
        let of_kind = |kind| self.cores.iter().filter(|core| core.kind == Some(kind)).count();
        let kinds = match (of_kind(CoreKind::Performance), of_kind(CoreKind::Efficiency)) {
            (0, 0) => say!(en: "not told apart", pt: "não se distinguem"),
            (performance, efficiency) => {
                say!(en: "{performance} and {efficiency}", pt: "{performance} e {efficiency}")
            }
        };
        let mut nodes: Vec<usize> = self.cores.iter().filter_map(|core| core.node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let nanoseconds = |seconds: f64| format!("{:.0} ns", seconds * 1e9);
        let mut rows = vec![
            (word!(en: "processor", pt: "processador"), self.processor.clone().unwrap_or_else(unknown)),
            (
                word!(en: "virtual machine", pt: "máquina virtual"),
                self.virtual_machine.map_or_else(unknown, |is| {
                    if is { word!(en: "yes", pt: "sim") } else { word!(en: "no", pt: "não") }.to_owned()
                }),
            ),
            (word!(en: "logical cores", pt: "núcleos lógicos"), known(self.cores.len())),
            (
                word!(en: "of these for this process (affinity)", pt: "destes, para este processo (afinidade)"),
                self.available_cores.to_string(),
            ),
            (
                word!(en: "physical cores of these", pt: "núcleos físicos destes"),
                self.physical_cores().map_or_else(unknown, |count| count.to_string()),
            ),
            (
                word!(en: "performance and efficiency cores", pt: "núcleos de desempenho e de eficiência"),
                kinds,
            ),
            (word!(en: "memory nodes (NUMA)", pt: "nós de memória (NUMA)"), known(nodes.len())),
            (
                word!(en: "CPU quota", pt: "cota de CPU"),
                self.quota.map_or_else(|| say!(en: "none seen", pt: "nenhuma vista"), cores),
            ),
            (word!(en: "effective cores", pt: "núcleos efetivos"), format!("{}", self.effective_cores)),
            (
                word!(en: "other threads that want a core", pt: "outras threads que querem um núcleo"),
                self.load.map_or_else(unknown, |load| load.others.to_string()),
            ),
            (
                word!(en: "load, last minute", pt: "carga, último minuto"),
                self.load.map_or_else(unknown, |load| format!("{:.2}", load.last_minute)),
            ),
            (word!(en: "clock: smallest step", pt: "relógio: menor passo"), nanoseconds(self.clock.step)),
            (
                word!(en: "clock: cost of a reading", pt: "relógio: custo de uma leitura"),
                nanoseconds(self.clock.cost),
            ),
        ];
        let caches = self.cache_rows();
        rows.extend(caches.iter().map(|(name, value)| (name.as_str(), value.clone())));
        Table {
            head: word!(en: ["what", "value"], pt: ["o quê", "valor"]).map(str::to_owned).to_vec(),
            rows: rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect(),
        }
    }

    /// A row for each kind of cache of one size.
    fn cache_rows(&self) -> Vec<(String, String)> {
        let mut caches: Vec<_> = self
            .caches
            .iter()
            .map(|cache| (cache.level, cache.holds, cache.bytes, cache.cores.len()))
            .collect();
        caches.sort_unstable();
        let row = |alike: &[(u8, Holds, u64, usize)]| {
            let (level, holds, bytes, shared) = alike[0];
            let holds = match holds {
                Holds::Data => word!(en: ", data", pt: ", dados"),
                Holds::Instructions => word!(en: ", code", pt: ", código"),
                Holds::Both => "",
            };
            let value = say!(
                en: "{} × {}, for {} each",
                pt: "{} × {}, cada uma para {}",
                alike.len(),
                plot::size(bytes),
                counted(shared, Noun::Core)
            );
            (say!(en: "L{level} cache{holds}", pt: "cache L{level}{holds}"), value)
        };
        caches.chunk_by(|one, two| one == two).map(row).collect()
    }
}

impl Shown for Machine {
    fn block(&self) -> Block {
        self.card()
    }

    /// A row for each logical core.
    fn columns(&self) -> Table {
        let number = |number: Option<usize>| number.map_or(String::new(), |number| number.to_string());
        let kind = |kind| match kind {
            Some(CoreKind::Performance) => word!(en: "performance", pt: "desempenho"),
            Some(CoreKind::Efficiency) => word!(en: "efficiency", pt: "eficiência"),
            None => "",
        };
        let row = |core: &Core| {
            [
                core.number.to_string(),
                number(core.physical),
                number(core.node),
                kind(core.kind).to_owned(),
                self.may_use(core.number).to_string(),
            ]
        };
        let head = word!(
            en: ["logical core", "physical core", "node", "kind", "allowed"],
            pt: ["núcleo lógico", "núcleo físico", "nó", "tipo", "permitido"]
        );
        Table::new(head, self.cores.iter().map(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Cache, Clock};

    fn machine(available_cores: usize, effective_cores: f64) -> Machine {
        Machine {
            processor: None,
            virtual_machine: None,
            cores: Vec::new(),
            caches: Vec::new(),
            affinity: None,
            available_cores,
            quota: (effective_cores < available_cores as f64).then_some(effective_cores),
            effective_cores,
            load: None,
            clock: Clock { step: 1e-9, cost: 2e-8 },
        }
    }

    #[test]
    fn a_quota_and_a_single_core_are_said() {
        assert_eq!(machine(4, 4.0).caption(), "This kernel may use 4 cores.");
        assert!(machine(4, 1.5).caption().contains("a quota gives it the time of 1.5"));
        assert!(machine(1, 1.0).caption().starts_with("This kernel may use 1 core. That is enough"));
    }

    #[test]
    fn what_is_unknown_is_said_to_be_unknown() {
        let block = machine(4, 1.5).card();
        let value =
            |name: &str| block.table.rows.iter().find(|row| row[0] == name).map(|row| row[1].as_str());
        assert_eq!(value("physical cores of these"), Some("unknown"));
        assert_eq!(value("CPU quota"), Some("1.5 cores"));
        assert_eq!((block.figures.len(), block.notes.len()), (1, 1), "the map, and what a quota means");
    }

    #[test]
    fn hardware_threads_and_equal_caches_are_counted() {
        let core = |number| Core { number, physical: Some(number / 2 * 2), node: Some(0), kind: None };
        let cache =
            |first| Cache { level: 1, holds: Holds::Data, bytes: 48 << 10, cores: vec![first, first + 1] };
        let smt = Machine {
            cores: (0..4).map(core).collect(),
            caches: vec![cache(0), cache(2)],
            ..machine(4, 4.0)
        };
        assert_eq!(
            smt.notes(),
            [
                "4 logical cores share 2 physical cores (SMT): two threads on one physical core do less than two cores would."
            ]
        );
        assert_eq!(
            smt.cache_rows(),
            [("L1 cache, data".to_owned(), "2 × 48 KiB, for 2 cores each".to_owned())]
        );
    }
}
