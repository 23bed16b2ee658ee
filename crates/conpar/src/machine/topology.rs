//! Which logical cores there are, which of them share a physical core, a memory node or a cache, and how fast they are.
//!
//! Linux, `Documentation/ABI/stable/sysfs-devices-system-cpu` (topology, `cpu_capacity`) and
//! `.../testing/sysfs-devices-system-cpu` (caches). Where a file is missing, what it would say is unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A logical core: what the operating system runs a thread on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Core {
    /// Its number, as the system counts.
    pub number: usize,
    /// The physical core that it is a hardware thread of, named by the smallest number of its hardware threads; `None`
    /// where the system does not tell.
    pub physical: Option<usize>,
    /// The NUMA node whose memory is nearest to it, where the system tells.
    pub node: Option<usize>,
    /// Whether it is a fast or a thrifty one, where the system tells them apart.
    pub kind: Option<CoreKind>,
}

/// What a core was built for, on a machine that has several kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoreKind {
    /// The fastest kind.
    Performance,
    /// A kind that does less in the same time, and takes less power.
    Efficiency,
}

/// A cache, and the cores that share it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cache {
    /// Its level: 1 is nearest to the core.
    pub level: u8,
    /// What it holds.
    pub holds: Holds,
    /// Its size in bytes.
    pub bytes: u64,
    /// The numbers of the logical cores that share it, ascending.
    pub cores: Vec<usize>,
}

/// What a cache holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holds {
    /// Data alone.
    Data,
    /// Instructions alone.
    Instructions,
    /// Both.
    Both,
}

/// More logical cores than any system has: a number above is a fault, and no reason to fill the memory.
pub(super) const MOST_CORES: usize = 1 << 16;

/// The cores that are switched on, by ascending number, and their caches, the nearest first. `devices` is `/sys/devices`.
///
/// The threads of a physical core have the same caches, so each physical core is asked once: on machines of
/// some hundred cores the reading stays a matter of milliseconds.
pub(super) fn read(devices: &Path) -> (Vec<Core>, Vec<Cache>) {
    let system = devices.join("system");
    let numbers = list_in(&system.join("cpu/online")).unwrap_or_default();
    let folder = |number: usize| system.join(format!("cpu/cpu{number}"));
    let nodes = nodes(&system.join("node"));
    let kinds = kinds(devices, &numbers);
    let mut physical: BTreeMap<usize, usize> = BTreeMap::new();
    let mut caches: BTreeMap<(u8, Holds, usize), Cache> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for &number in &numbers {
        if !physical.contains_key(&number) {
            let topology = folder(number).join("topology");
            // The second name is the one that Linux had before 5.3.
            let siblings = list_in(&topology.join("core_cpus_list"))
                .or_else(|| list_in(&topology.join("thread_siblings_list")))
                .filter(|siblings| siblings.contains(&number));
            let first = siblings.as_ref().and_then(|siblings| siblings.first().copied());
            physical.extend(siblings.into_iter().flatten().zip(first.into_iter().cycle()));
            read_caches(&folder(number).join("cache"), &mut seen, &mut caches);
        }
    }
    let core = |&number: &usize| Core {
        number,
        physical: physical.get(&number).copied(),
        node: nodes.get(&number).copied(),
        kind: kinds.get(&number).copied(),
    };
    (numbers.iter().map(core).collect(), caches.into_values().collect())
}

/// Adds the caches of one core that none before it shared.
fn read_caches(
    folder: &Path,
    seen: &mut BTreeSet<(usize, String)>,
    caches: &mut BTreeMap<(u8, Holds, usize), Cache>,
) {
    for index in 0.. {
        let file = |name: &str| text(&folder.join(format!("index{index}/{name}")));
        let Some(shared) = file("shared_cpu_list") else { break };
        if !seen.insert((index, shared.clone())) {
            continue;
        }
        let cache = || {
            Some(Cache {
                level: file("level")?.parse().ok()?,
                holds: match file("type")?.as_str() {
                    "Data" => Holds::Data,
                    "Instruction" => Holds::Instructions,
                    _ => Holds::Both,
                },
                bytes: bytes(&file("size")?)?,
                cores: list(&shared)?,
            })
        };
        if let Some(cache) = cache()
            && let Some(&first) = cache.cores.first()
        {
            caches.insert((cache.level, cache.holds, first), cache);
        }
    }
}

/// The memory node of each core.
fn nodes(folder: &Path) -> BTreeMap<usize, usize> {
    let node = |number: usize| {
        let cores = list_in(&folder.join(format!("node{number}/cpulist"))).unwrap_or_default();
        cores.into_iter().map(move |core| (core, number))
    };
    list_in(&folder.join("online")).unwrap_or_default().into_iter().flat_map(node).collect()
}

/// The kind of each core: Intel's hybrid processors list both kinds, Arm's tell what each core does in the same time
/// (`cpu_capacity`, of which the fastest kind has 1024). Empty where the system tells no kinds apart.
fn kinds(devices: &Path, cores: &[usize]) -> BTreeMap<usize, CoreKind> {
    let listed = |name: &str| list_in(&devices.join(name).join("cpus"));
    if let (Some(performance), Some(efficiency)) = (listed("cpu_core"), listed("cpu_atom")) {
        let of_kind = |cores: Vec<usize>, kind| cores.into_iter().map(move |core| (core, kind));
        let performance = of_kind(performance, CoreKind::Performance);
        return performance.chain(of_kind(efficiency, CoreKind::Efficiency)).collect();
    }
    let capacity = |&core: &usize| {
        let path = devices.join(format!("system/cpu/cpu{core}/cpu_capacity"));
        Some((core, text(&path)?.parse::<u64>().ok()?))
    };
    let capacities: Option<Vec<(usize, u64)>> = cores.iter().map(capacity).collect();
    let capacities = capacities.unwrap_or_default();
    let highest = capacities.iter().map(|&(_, capacity)| capacity).max();
    let kind = |capacity| match Some(capacity) == highest {
        true => CoreKind::Performance,
        false => CoreKind::Efficiency,
    };
    let kinds: BTreeMap<_, _> = capacities.iter().map(|&(core, capacity)| (core, kind(capacity))).collect();
    let several = kinds.values().any(|&kind| kind == CoreKind::Efficiency);
    if several { kinds } else { BTreeMap::new() }
}

fn text(path: &PathBuf) -> Option<String> {
    Some(std::fs::read_to_string(path).ok()?.trim().to_owned())
}

fn list_in(path: &PathBuf) -> Option<Vec<usize>> {
    list(&text(path)?)
}

/// The numbers of a list such as `0-3,8`, ascending; `None` for what is no such list.
fn list(text: &str) -> Option<Vec<usize>> {
    let mut numbers = BTreeSet::new();
    for range in text.split(',').filter(|range| !range.is_empty()) {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        if first > last || last >= MOST_CORES {
            return None;
        }
        numbers.extend(first..=last);
    }
    Some(numbers.into_iter().collect())
}

/// The bytes of a size such as `48K`.
fn bytes(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::super::fake::Tree;
    use super::*;

    #[test]
    fn lists_and_sizes_as_linux_writes_them() {
        assert_eq!(list("0-3,8"), Some(vec![0, 1, 2, 3, 8]));
        assert_eq!(list(""), Some(vec![]));
        assert_eq!(list("3-1"), None);
        assert_eq!(list("0-99999999999"), None, "no machine has so many: the file is damaged");
        assert_eq!(list("a"), None);
        assert_eq!(
            (bytes("48K"), bytes("2M"), bytes("7"), bytes("K"), bytes("1é")),
            (Some(49_152), Some(2_097_152), Some(7), None, None)
        );
    }

    /// Two physical cores of two threads each, one memory node each, as a server with SMT has them.
    #[test]
    fn threads_of_a_core_share_its_caches_and_nodes_are_told() {
        let tree = Tree::new("smt");
        tree.file("system/cpu/online", "0-3\n");
        tree.file("system/node/online", "0-1\n");
        for core in 0..2 {
            tree.file(&format!("system/node/node{core}/cpulist"), &format!("{core},{}\n", core + 2));
        }
        for number in 0..4 {
            let (cpu, siblings) =
                (format!("system/cpu/cpu{number}"), format!("{},{}\n", number % 2, number % 2 + 2));
            tree.file(&format!("{cpu}/topology/core_cpus_list"), &siblings);
            for (index, level, size, shared) in [(0, "1", "32K", siblings.as_str()), (1, "3", "16M", "0-3\n")]
            {
                let cache = format!("{cpu}/cache/index{index}");
                tree.file(&format!("{cache}/shared_cpu_list"), shared);
                tree.file(&format!("{cache}/level"), level);
                tree.file(&format!("{cache}/type"), if level == "1" { "Data\n" } else { "Unified\n" });
                tree.file(&format!("{cache}/size"), size);
            }
        }
        let (cores, caches) = read(tree.root());
        let told: Vec<_> = cores.iter().map(|core| (core.number, core.physical, core.node)).collect();
        assert_eq!(
            told,
            [(0, Some(0), Some(0)), (1, Some(1), Some(1)), (2, Some(0), Some(0)), (3, Some(1), Some(1))]
        );
        assert!(cores.iter().all(|core| core.kind.is_none()));
        let told: Vec<_> =
            caches.iter().map(|cache| (cache.level, cache.bytes, cache.cores.as_slice())).collect();
        assert_eq!(told, [(1, 32 << 10, &[0, 2][..]), (1, 32 << 10, &[1, 3]), (3, 16 << 20, &[0, 1, 2, 3])]);
    }

    #[test]
    fn kinds_are_told_by_lists_or_by_capacities_that_differ() {
        let intel = Tree::new("hybrid");
        intel.file("system/cpu/online", "0-2");
        intel.file("cpu_core/cpus", "0-1\n");
        intel.file("cpu_atom/cpus", "2\n");
        let kinds = |tree: &Tree| read(tree.root()).0.iter().map(|core| core.kind).collect::<Vec<_>>();
        let (performance, efficiency) = (Some(CoreKind::Performance), Some(CoreKind::Efficiency));
        assert_eq!(kinds(&intel), [performance, performance, efficiency]);
        let arm = Tree::new("capacities");
        arm.file("system/cpu/online", "0-1");
        arm.file("system/cpu/cpu0/cpu_capacity", "446\n");
        arm.file("system/cpu/cpu1/cpu_capacity", "1024\n");
        assert_eq!(kinds(&arm), [efficiency, performance]);
        arm.file("system/cpu/cpu0/cpu_capacity", "1024\n");
        assert_eq!(kinds(&arm), [None, None], "all alike: there is nothing to tell apart");
    }

    #[test]
    fn a_system_that_tells_nothing_leaves_all_unknown() {
        assert_eq!(read(Path::new("/nowhere")), (vec![], vec![]));
    }
}
