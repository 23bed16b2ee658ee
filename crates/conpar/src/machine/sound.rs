//! What can be true of no machine, for one that was read from a file.

use super::topology::MOST_CORES;
use super::{Core, Machine, effective};

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
                "the processor's name is too long",
            ),
            ((1..=MOST_CORES).contains(&available), "the number of available cores is out of range"),
            (mask.is_none_or(ascending), "the affinity mask is in no order"),
            (
                mask.is_none_or(|mask| mask.len() == available),
                "the affinity mask and the number of available cores contradict each other",
            ),
            (self.quota.is_none_or(positive), "the quota is not a positive number"),
            (
                self.effective_cores == effective(available, self.quota),
                "the effective cores do not follow from the available ones and the quota",
            ),
            (ascending(&numbers), "the cores are in no order"),
            (self.cores.iter().all(ids), "a core's physical core or memory node is out of range"),
            (
                self.caches.iter().all(|cache| cache.level > 0 && cache.bytes > 0 && ascending(&cache.cores)),
                "a cache has no level, no size, or its cores in no order",
            ),
            (
                self.load.is_none_or(|load| load.last_minute.is_finite() && load.last_minute >= 0.0),
                "the load is not a number from 0 upwards",
            ),
            (positive(self.clock.step) && positive(self.clock.cost), "the clock's times are not positive"),
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
