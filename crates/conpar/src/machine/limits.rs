//! How much of what is limited a demonstration may take: threads, mappings, open files, memory.
//!
//! Linux: getrlimit(2); "Control Group v2", sections "PID" and "Memory", and the controllers `pids` and `memory` of version 1;
//! proc_sys_kernel(5) and proc_sys_vm(5); proc_meminfo(5). Elsewhere nothing is known, and only what the experiment asks
//! for itself bounds it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{groups, system};
use crate::language::{say, word};

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resource {
    /// Threads and processes: each takes a number of its own from the system.
    Threads,
    /// Stretches of a process's address space: a thread's stack and the guard page below it are two.
    Mappings,
    /// Open files of a process, pipes included.
    Files,
    /// Bytes of memory.
    Memory,
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// What it limits.
    pub of: Resource,
    /// The system's own name for it.
    pub name: String,
    /// How much there may be.
    pub most: u64,
    /// How much of it is taken already, by this process or by all, as the limit counts.
    pub used: u64,
}

/// All limits that hold for this process, as they were when they were read. Plain data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// The limits; none where the system does not tell.
    pub all: Vec<Limit>,
}

/// What one unit takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// Threads or processes.
    pub threads: u64,
    /// Mappings.
    pub mappings: u64,
    /// Open files.
    pub files: u64,
    /// Bytes: more than it will take, since one too many may end another program.
    pub bytes: u64,
}

impl Needs {
    /// A thread that waits. Its bytes: some pages of its own, and 24 KiB that the kernel keeps for it.
    pub const THREAD: Needs = Needs { threads: 1, mappings: 2, files: 0, bytes: 64 << 10 };
    /// A process that waits, and a pipe to it.
    pub const PROCESS: Needs = Needs { threads: 1, mappings: 0, files: 1, bytes: 2 << 20 };
    /// A coroutine with a stack and a guard page.
    pub const COROUTINE: Needs = Needs { threads: 0, mappings: 2, files: 0, bytes: 16 << 10 };
    /// A task, or a goroutine.
    pub const TASK: Needs = Needs { threads: 0, mappings: 0, files: 0, bytes: 4 << 10 };

    fn of(&self, resource: Resource) -> u64 {
        match resource {
            Resource::Threads => self.threads,
            Resource::Mappings => self.mappings,
            Resource::Files => self.files,
            Resource::Memory => self.bytes,
        }
    }
}

/// How many units there may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// How many were wished for.
    pub wanted: u64,
    /// How many it will be.
    pub count: u64,
    /// What the limit is, where they are fewer than were wished for.
    pub reason: Option<String>,
}

/// The share of what is left that a demonstration takes at most: the rest is for the other programs.
const SHARE: u64 = 2;

/// Reads all limits.
pub fn limits() -> Limits {
    let threads = system::threads_of_all().unwrap_or(0);
    let mut all = Vec::new();
    for (file, name) in [("threads-max", "kernel.threads-max"), ("pid_max", "kernel.pid_max")] {
        let most = number(&Path::new("/proc/sys/kernel").join(file));
        all.extend(most.map(|most| limit(Resource::Threads, name, most, threads)));
    }
    if let Some(most) = system::most_processes() {
        let used = system::own_threads();
        all.push(limit(Resource::Threads, "RLIMIT_NPROC", most, used));
    }
    for folder in groups::own("pids") {
        all.extend(group_limit(&folder, Resource::Threads, "pids", ("pids.max", "pids.current")));
    }
    if let Some(most) = number(Path::new("/proc/sys/vm/max_map_count")) {
        all.push(limit(Resource::Mappings, "vm.max_map_count", most, system::own_mappings()));
    }
    if let Some(most) = system::most_files() {
        all.push(limit(Resource::Files, "RLIMIT_NOFILE", most, system::own_files()));
    }
    if let Some((total, available)) = system::memory() {
        let name = word!(en: "memory of the machine", pt: "memória da máquina");
        all.push(limit(Resource::Memory, name, total, total.saturating_sub(available)));
    }
    for folder in groups::own("memory") {
        let files = match folder.join("memory.max").exists() {
            true => ("memory.max", "memory.current"),
            false => ("memory.limit_in_bytes", "memory.usage_in_bytes"),
        };
        all.extend(group_limit(&folder, Resource::Memory, "memory", files));
    }
    Limits { all }
}

/// The memory that this process alone may have, where it was limited. It is not one of [`limits`], which hold for the processes
/// that this one starts as well, all together.
pub fn own_memory() -> Option<Limit> {
    system::own_data().map(|(most, used)| limit(Resource::Memory, "RLIMIT_DATA", most, used))
}

impl Limits {
    /// How many units of these needs there may be, of so many that are `wanted`: at most half of what each limit leaves.
    pub fn allow(&self, needs: Needs, wanted: u64) -> Allowed {
        let bounds = self.all.iter().filter_map(|limit| {
            let each = needs.of(limit.of);
            let left = limit.most.saturating_sub(limit.used) / SHARE;
            (each > 0).then(|| (left / each, limit))
        });
        match bounds.min_by_key(|(count, _)| *count) {
            Some((count, limit)) if count < wanted => {
                Allowed { wanted, count, reason: Some(limit.to_string()) }
            }
            _ => Allowed { wanted, count: wanted, reason: None },
        }
    }

    /// How many threads there may be.
    pub fn threads(&self, wanted: u64) -> Allowed {
        self.allow(Needs::THREAD, wanted)
    }

    /// How many processes there may be.
    pub fn processes(&self, wanted: u64) -> Allowed {
        self.allow(Needs::PROCESS, wanted)
    }

    /// How many coroutines with stacks of their own there may be.
    pub fn coroutines(&self, wanted: u64) -> Allowed {
        self.allow(Needs::COROUTINE, wanted)
    }

    /// How many tasks, or goroutines, there may be.
    pub fn tasks(&self, wanted: u64) -> Allowed {
        self.allow(Needs::TASK, wanted)
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |number: u64| match self.of {
            Resource::Memory => format!("{:.1} GB", number as f64 / 1e9),
            _ => number.to_string(),
        };
        f.write_str(&say!(
            en: "{} is {}, {} of it taken",
            pt: "{} é {}, com {} já em uso",
            self.name,
            shown(self.most),
            shown(self.used)
        ))
    }
}

impl From<u64> for Allowed {
    fn from(count: u64) -> Allowed {
        Allowed { wanted: count, count, reason: None }
    }
}

fn limit(of: Resource, name: &str, most: u64, used: u64) -> Limit {
    Limit { of, name: name.to_owned(), most, used }
}

/// The limit of one group, where it sets one: version 2 writes `max` for none, version 1 a number beyond all memory.
fn group_limit(folder: &Path, of: Resource, controller: &str, (most, used): (&str, &str)) -> Option<Limit> {
    const NONE: u64 = 1 << 60;
    let most_there = number(&folder.join(most)).filter(|&most| most < NONE)?;
    let cache = if of == Resource::Memory { reclaimable(folder) } else { 0 };
    let used = number(&folder.join(used)).unwrap_or(0).saturating_sub(cache);
    let name = say!(
        en: "{most} of the control group ({controller})",
        pt: "{most} do grupo de controle ({controller})"
    );
    Some(limit(of, &name, most_there, used))
}

/// The bytes of a group's memory that hold files not used of late: the kernel gives them up when others need them.
fn reclaimable(folder: &Path) -> u64 {
    let text = std::fs::read_to_string(folder.join("memory.stat")).unwrap_or_default();
    let value = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok())
    };
    value("total_inactive_file").or_else(|| value("inactive_file")).unwrap_or(0)
}

fn number(file: &Path) -> Option<u64> {
    std::fs::read_to_string(file).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::fake::Tree;
    use super::*;

    fn of(all: Vec<Limit>) -> Limits {
        Limits { all }
    }

    #[test]
    fn half_of_the_smallest_remainder_is_taken_and_the_limit_is_named() {
        let limits = of(vec![
            limit(Resource::Threads, "roomy", 10_000, 0),
            limit(Resource::Threads, "tight", 300, 100),
            limit(Resource::Mappings, "mappings", 1_000, 0),
            limit(Resource::Memory, "memory", 1 << 30, 1 << 29),
        ]);
        let threads = limits.threads(5_000);
        assert_eq!(threads.count, 100);
        assert_eq!(threads.reason.as_deref(), Some("tight is 300, 100 of it taken"));
        assert_eq!(limits.threads(50), Allowed::from(50));
        assert_eq!(limits.coroutines(5_000).count, 250, "two mappings each");
        assert_eq!(limits.tasks(1_000_000).count, (1 << 28) / (4 << 10));
        assert_eq!(of(Vec::new()).threads(7), Allowed::from(7), "nothing is known");
    }

    #[test]
    fn more_taken_than_allowed_leaves_nothing() {
        assert_eq!(of(vec![limit(Resource::Threads, "full", 10, 12)]).threads(5).count, 0);
    }

    #[test]
    fn groups_of_both_versions_are_read() {
        let tree = Tree::new("limits");
        tree.file("v2/pids.max", "max\n");
        tree.file("v2/a/pids.max", "120\n");
        tree.file("v2/a/pids.current", "20\n");
        tree.file("v2/a/memory.max", "1000000\n");
        tree.file("v2/a/memory.current", "600000\n");
        tree.file("v2/a/memory.stat", "anon 1\ninactive_file 500000\n");
        tree.file("v1/memory.limit_in_bytes", "9223372036854771712\n");
        let read = |folder: &str, of, files| group_limit(&tree.root().join(folder), of, "x", files);
        assert_eq!(read("v2", Resource::Threads, ("pids.max", "pids.current")), None);
        let pids = read("v2/a", Resource::Threads, ("pids.max", "pids.current")).expect("a limit");
        assert_eq!((pids.most, pids.used), (120, 20));
        let memory = read("v2/a", Resource::Memory, ("memory.max", "memory.current")).expect("a limit");
        assert_eq!((memory.most, memory.used), (1_000_000, 100_000));
        assert_eq!(read("v1", Resource::Memory, ("memory.limit_in_bytes", "memory.usage_in_bytes")), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_system_has_limits_of_every_kind() {
        let limits = limits();
        for kind in [Resource::Threads, Resource::Mappings, Resource::Files, Resource::Memory] {
            let found: Vec<&Limit> = limits.all.iter().filter(|limit| limit.of == kind).collect();
            assert!(!found.is_empty(), "{kind:?}");
            assert!(found.iter().all(|limit| limit.most > 0 && limit.used > 0), "{found:?}");
        }
        assert!(limits.threads(1).count == 1 && limits.tasks(1).count == 1);
    }
}
