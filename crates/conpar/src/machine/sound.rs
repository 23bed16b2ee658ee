//! What can be true of no machine, for one that was read from a file.

use super::topology::MOST_CORES;
use super::{Core, Machine, effective};
use crate::language::word;

/// No processor's name is longer, in bytes.
const LONGEST_NAME: usize = 256;

impl Machine {
    /// Finds what contradicts itself, or is out of all range.
    pub(crate) fn contradiction(&self) -> Option<&'static str> {
        let available = self.available_cores;
        let numbers: Vec<usize> = self.cores.iter().map(|core| core.number).collect();
        let mask = self.affinity.as_deref();
        let ids = |core: &Core| [core.physical, core.node].into_iter().flatten().all(|id| id < MOST_CORES);
        let checks = [
            (
                self.processor.as_ref().is_none_or(|name| name.len() <= LONGEST_NAME),
                word!(en: "the processor's name is too long", pt: "o nome do processador é longo demais"),
            ),
            (
                (1..=MOST_CORES).contains(&available),
                word!(
                    en: "the number of available cores is out of range",
                    pt: "o número de núcleos disponíveis está fora dos limites"
                ),
            ),
            (
                mask.is_none_or(ascending),
                word!(en: "the affinity mask is in no order", pt: "a máscara de afinidade não está em ordem"),
            ),
            (
                mask.is_none_or(|mask| mask.len() == available),
                word!(
                    en: "the affinity mask and the number of available cores contradict each other",
                    pt: "a máscara de afinidade e o número de núcleos disponíveis se contradizem"
                ),
            ),
            (
                self.quota.is_none_or(positive),
                word!(en: "the quota is not a positive number", pt: "a cota não é um número positivo"),
            ),
            (
                self.effective_cores == effective(available, self.quota),
                word!(
                    en: "the effective cores do not follow from the available ones and the quota",
                    pt: "os núcleos efetivos não decorrem dos disponíveis e da cota"
                ),
            ),
            (
                ascending(&numbers),
                word!(en: "the cores are in no order", pt: "os núcleos não estão em ordem"),
            ),
            (
                self.cores.iter().all(ids),
                word!(
                    en: "a core's physical core or memory node is out of range",
                    pt: "o núcleo físico ou o nó de memória de um núcleo está fora dos limites"
                ),
            ),
            (
                self.caches.iter().all(|cache| cache.level > 0 && cache.bytes > 0 && ascending(&cache.cores)),
                word!(
                    en: "a cache has no level, no size, or its cores in no order",
                    pt: "uma cache não tem nível, não tem tamanho, ou tem seus núcleos fora de ordem"
                ),
            ),
            (
                self.load.is_none_or(|load| load.last_minute.is_finite() && load.last_minute >= 0.0),
                word!(
                    en: "the load is not a number from 0 upwards",
                    pt: "a carga não é um número a partir de 0"
                ),
            ),
            (
                positive(self.clock.step) && positive(self.clock.cost),
                word!(en: "the clock's times are not positive", pt: "os tempos do relógio não são positivos"),
            ),
        ];
        checks.into_iter().find(|(holds, _)| !holds).map(|(_, reason)| reason)
    }
}

fn positive(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

fn ascending(numbers: &[usize]) -> bool {
    numbers.windows(2).all(|pair| pair[0] < pair[1]) && numbers.last().is_none_or(|&last| last < MOST_CORES)
}
