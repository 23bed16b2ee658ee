//! What this computer offers to this process: which cores, and how much of them.

mod clock;
mod date;
#[cfg(test)]
mod fake;
mod groups;
mod limits;
mod processor;
mod quota;
mod sound;
mod system;
mod topology;

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::language::say;

pub use clock::Clock;
pub use date::now;
pub use limits::{Allowed, Limit, Limits, Needs, Resource, limits, own_memory};
pub use topology::{Cache, Core, CoreKind, Holds};

/// What this computer offers to this process. Plain data: it can be saved, sent and loaded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's name, where the system tells.
    pub processor: Option<String>,
    /// Whether the cores are a hypervisor's, where the system tells. Then how they lie on the real ones is not to be seen
    /// from here, and may change.
    pub virtual_machine: Option<bool>,
    /// All logical cores that are switched on, also those that this process may not use, by ascending number; none where
    /// the system does not tell.
    pub cores: Vec<Core>,
    /// Their caches, the nearest first; none where the system does not tell.
    pub caches: Vec<Cache>,
    /// The numbers of the logical cores that this process may run on, where the system tells.
    pub affinity: Option<Vec<usize>>,
    /// How many these are: [`available_cores`].
    pub available_cores: usize,
    /// The CPU quota in cores, may be a fraction; `None` where there is none.
    pub quota: Option<f64>,
    /// How many cores it can keep busy: [`effective_cores`].
    pub effective_cores: f64,
    /// How busy the system was at that moment, where it tells.
    pub load: Option<Load>,
    /// The clock of all measurements.
    pub clock: Clock,
}

/// How busy a system is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// The threads of the whole system that run or could run at this moment, without the one that asks.
    pub others: usize,
    /// Their mean number over the last minute; on Linux, threads that wait for a disk count too.
    pub last_minute: f64,
}

/// Looks at this computer. Every notebook begins with it: what a machine has decides what it can show.
///
/// # Errors
///
/// [`Error::UnknownCores`] on a system that tells nothing of its cores.
pub fn this_machine() -> Result<Machine, Error> {
    let affinity = system::affinity();
    if affinity.is_none() {
        std::thread::available_parallelism().map_err(|_| Error::UnknownCores)?;
    }
    let (processor, virtual_machine) = processor::read();
    let (cores, caches) = topology::read(Path::new("/sys/devices"));
    let (available_cores, quota) = (available_cores(), quota::quota());
    Ok(Machine {
        processor,
        virtual_machine,
        cores,
        caches,
        affinity,
        available_cores,
        quota,
        effective_cores: effective(available_cores, quota),
        load: load(),
        clock: Clock::measure(),
    })
}

impl Machine {
    /// The processor's name without trademarks and clock rate, and the cores that this process may use: "Intel Xeon E5-2680
    /// v4, 2 cores".
    pub fn short_name(&self) -> String {
        short(self.processor.as_deref(), self.available_cores)
    }

    /// Whether this process may run on the logical core `number`; where the system has no affinity mask, on all.
    pub fn may_use(&self, number: usize) -> bool {
        self.affinity.as_ref().is_none_or(|mask| mask.binary_search(&number).is_ok())
    }

    /// How many physical cores those are that this process may run on, where the system tells. Fewer than
    /// [`available_cores`](Machine::available_cores) where hardware threads share a core (SMT).
    pub fn physical_cores(&self) -> Option<usize> {
        let allowed = self.cores.iter().filter(|core| self.may_use(core.number));
        let physical: Option<BTreeSet<usize>> = allowed.map(|core| core.physical).collect();
        physical.map(|cores| cores.len()).filter(|&count| count > 0)
    }
}

/// [`Machine::short_name`] of this computer, without a look at all the rest.
pub fn short_name() -> String {
    short(processor::read().0.as_deref(), available_cores())
}

fn short(processor: Option<&str>, cores: usize) -> String {
    let name = processor.and_then(|name| name.split('@').next()).unwrap_or_default();
    let name =
        ["(R)", "(TM)", "(r)", "(tm)"].iter().fold(name.to_owned(), |name, mark| name.replace(mark, ""));
    let words: Vec<&str> =
        name.split_whitespace().filter(|word| !["CPU", "Processor"].contains(word)).collect();
    let name = if words.is_empty() { std::env::consts::ARCH.to_owned() } else { words.join(" ") };
    match cores {
        1 => say!(en: "{name}, 1 core", pt: "{name}, 1 núcleo"),
        _ => say!(en: "{name}, {cores} cores", pt: "{name}, {cores} núcleos"),
    }
}

/// The logical cores that this process may run on: its affinity mask, or all cores where the system has none.
pub fn available_cores() -> usize {
    match system::affinity() {
        Some(cores) if !cores.is_empty() => cores.len(),
        _ => std::thread::available_parallelism().map_or(1, usize::from),
    }
}

/// The cores that this process can keep busy: [`available_cores`], or less where a CPU quota gives less. May be a
/// fraction.
pub fn effective_cores() -> f64 {
    effective(available_cores(), quota::quota())
}

fn effective(available: usize, quota: Option<f64>) -> f64 {
    quota.map_or(available as f64, |quota| quota.min(available as f64))
}

/// How busy the system is at this moment, where it tells.
pub fn load() -> Option<Load> {
    system::load()
}

/// How long the host of this virtual machine gave its cores to other guests while they were wanted here, over all cores
/// since the system was started, in steps of often 10 ms. `None` where the system does not tell.
pub fn stolen() -> Option<std::time::Duration> {
    system::stolen()
}

/// In how many periods of a CPU quota this process, or a group that it belongs to, was stopped until the next; `None`
/// where there is no quota.
pub fn throttled() -> Option<u64> {
    quota::throttled()
}

/// The core that the calling thread runs on at this moment, where the system tells.
pub fn current_core() -> Option<usize> {
    system::current_core()
}

/// The time that the calling thread has spent on a core so far, where the system tells.
pub fn thread_cpu_time() -> Option<std::time::Duration> {
    system::thread_cpu_time()
}

/// Which boot of this machine it is, and the time since then: the same clock in all processes. `None` where the system does
/// not tell.
pub fn since_boot() -> Option<(String, std::time::Duration)> {
    system::since_boot()
}

/// Whether all threads of this process but the calling one sleep at this moment; `None` where the system does not tell.
pub fn other_threads_sleep() -> Option<bool> {
    system::other_threads_sleep()
}

/// The time that all threads of this process have spent on cores; `None` where the system does not tell.
pub fn process_cpu_time() -> Option<std::time::Duration> {
    system::process_cpu_time()
}

/// Runs `work` with the calling thread, and all threads that it starts, bound to one core, and gives the number of that
/// core to `work`. The thread's own mask is put back afterwards, also after a panic.
///
/// # Errors
///
/// [`Error::NoAffinity`] where the system cannot bind a thread or does not let it.
pub fn on_one_core<T>(work: impl FnOnce(usize) -> T) -> Result<T, Error> {
    let before = system::affinity().ok_or(Error::NoAffinity)?;
    let core = *before.first().ok_or(Error::NoAffinity)?;
    if !system::set_affinity(&[core]) {
        return Err(Error::NoAffinity);
    }
    let _restore = Restore(before);
    Ok(work(core))
}

/// Binds the calling thread to one of its cores: the first for `nth` 0, the next for 1, and so on round and round.
/// Whether the system did.
pub fn bind_to(nth: usize) -> bool {
    match system::affinity() {
        Some(cores) if !cores.is_empty() => system::set_affinity(&[cores[nth % cores.len()]]),
        _ => false,
    }
}

/// Binds the calling thread to the core of this number. Whether the system did.
pub(crate) fn bind_to_core(number: usize) -> bool {
    system::set_affinity(&[number])
}

/// Puts the mask back when it is dropped.
struct Restore(Vec<usize>);

impl Drop for Restore {
    fn drop(&mut self) {
        // The mask was this thread's own a moment ago. If the system took a core away since, it has chosen another mask
        // itself, and that one holds.
        let _ = system::set_affinity(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_core_and_no_more_than_that_is_effective() {
        assert!(available_cores() >= 1);
        assert!(effective_cores() > 0.0 && effective_cores() <= available_cores() as f64);
        let machine = this_machine().expect("a system with cores");
        assert_eq!(machine.available_cores, available_cores());
    }

    #[test]
    fn a_short_name_has_no_trademarks() {
        let intel = short(Some("Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz"), 2);
        assert_eq!(intel, "Intel Xeon E5-2680 v4, 2 cores");
        assert_eq!(short(None, 1), format!("{}, 1 core", std::env::consts::ARCH));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn threads_started_on_one_core_stay_on_it_and_the_mask_comes_back() {
        let before = system::affinity();
        let (core, seen) = on_one_core(|core| {
            let look = || (0..50).map(|_| current_core()).collect::<Vec<_>>();
            (core, std::thread::spawn(look).join().expect("no panic"))
        })
        .expect("Linux binds threads");
        assert!(seen.iter().all(|&on| on == Some(core)), "{seen:?} on {core}");
        assert_eq!(system::affinity(), before);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_mask_comes_back_after_a_panic() {
        let before = system::affinity();
        let panicked = std::panic::catch_unwind(|| on_one_core(|_| panic!("on purpose")));
        assert!(panicked.is_err());
        assert_eq!(system::affinity(), before);
    }
}
