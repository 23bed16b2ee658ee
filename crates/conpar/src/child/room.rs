//! How many processes there is room for: limits are read before a demonstration could run into them.

use std::fs;

/// What the system still allows this process, as far as it tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Room {
    /// How many more processes: what is left of the user's limit (`RLIMIT_NPROC`, which counts threads) or of a control
    /// group's (`pids.max`), whichever is less.
    pub processes: Option<u64>,
    /// How many more descriptors (`RLIMIT_NOFILE`).
    pub descriptors: Option<u64>,
    /// How many bytes of memory are free, or left of a control group's limit (`memory.max`), for all processes together.
    pub memory: Option<u64>,
    /// How many more bytes this process alone may have (`RLIMIT_DATA`).
    pub data: Option<u64>,
}

/// What a worker takes: its process, with room for threads of its own; three pipes, of which for a moment both ends are
/// open.
const PROCESSES_EACH: u64 = 4;
const DESCRIPTORS_EACH: u64 = 8;

/// The share of what is free that a demonstration may take.
const SHARE: u64 = 2;

impl Room {
    /// Reads the limits and what is used of them.
    pub fn now() -> Room {
        let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
        let limits = read("/proc/self/limits");
        let left = |limit: Option<u64>, used: Option<u64>| Some(limit?.saturating_sub(used?));
        let of_user = left(limit(&limits, "Max processes"), threads_of_user());
        let of_group = group_left("pids.max", "pids.current");
        let open = fs::read_dir("/proc/self/fd").ok().map(|open| open.count() as u64);
        let free = number_after(&read("/proc/meminfo"), "MemAvailable:").map(|kibibytes| kibibytes * 1024);
        Room {
            processes: least(of_user, of_group),
            descriptors: left(limit(&limits, "Max open files"), open),
            memory: least(free, group_left("memory.max", "memory.current")),
            data: left(
                limit(&limits, "Max data size"),
                number_after(&read("/proc/self/status"), "VmData:").map(|kibibytes| kibibytes * 1024),
            ),
        }
    }

    /// How many of `wanted` workers there is room for, at least one, when each may take `memory` bytes: half of what is free
    /// at most. And why they are fewer than wanted.
    pub fn workers(&self, wanted: usize, memory: u64) -> (usize, Option<String>) {
        let room = [
            (self.processes, PROCESSES_EACH, "processes"),
            (self.descriptors, DESCRIPTORS_EACH, "open files"),
            (self.memory, memory.max(1), "bytes of memory"),
        ];
        let room = room.into_iter().filter_map(|(left, each, what)| {
            let left = left?;
            Some((left / SHARE / each, left, what))
        });
        let Some((workers, left, what)) = room.min_by_key(|(workers, ..)| *workers) else {
            return (wanted.max(1), None);
        };
        let workers = usize::try_from(workers).unwrap_or(usize::MAX).max(1);
        if workers >= wanted {
            return (wanted.max(1), None);
        }
        let note =
            format!("{workers} workers instead of {wanted}: this process may have {left} more {what}.");
        (workers, Some(note))
    }

    /// Those of the `wanted` sizes in bytes of which there is room for `copies`: half of what is free at most. And why some
    /// are left out.
    pub fn sizes(&self, wanted: &[u64], copies: u64) -> (Vec<u64>, Option<String>) {
        let left = least(self.memory, self.data).unwrap_or(u64::MAX);
        let most = left / SHARE / copies.max(1);
        let sizes: Vec<u64> = wanted.iter().copied().filter(|&size| size <= most).collect();
        let note = (sizes.len() < wanted.len()).then(|| {
            format!("Sizes above {most} bytes are left out: this process may have {left} more bytes of memory, and needs {copies} times a size.")
        });
        (sizes, note)
    }
}

fn least(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        _ => one.or(other),
    }
}

/// The soft limit of this name in the table of `/proc/self/limits`; `None` where there is none.
fn limit(limits: &str, name: &str) -> Option<u64> {
    number_after(limits, name)
}

fn number_after(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// All threads of this user, which are what `RLIMIT_NPROC` counts.
fn threads_of_user() -> Option<u64> {
    let user = |status: &str| number_after(status, "Uid:");
    let own = user(&fs::read_to_string("/proc/self/status").ok()?)?;
    let statuses = fs::read_dir("/proc").ok()?.flatten().filter_map(|entry| {
        entry.file_name().to_str()?.parse::<u32>().ok()?;
        fs::read_to_string(entry.path().join("status")).ok()
    });
    let of_user = statuses.filter(|status| user(status) == Some(own));
    Some(of_user.filter_map(|status| number_after(&status, "Threads:")).sum())
}

/// The least that is left of a limit in the control groups that this process is in (version 2).
fn group_left(limit: &str, used: &str) -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let own = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let top = std::path::Path::new("/sys/fs/cgroup");
    let folder = top.join(own);
    let left = folder.ancestors().take_while(|folder| folder.starts_with(top)).filter_map(|folder| {
        let number = |file: &str| fs::read_to_string(folder.join(file)).ok()?.trim().parse::<u64>().ok();
        Some(number(limit)?.saturating_sub(number(used)?))
    });
    left.min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_the_system_writes_them() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max processes             96551                96551                processes \n\
                      Max open files            unlimited            524288               files     \n";
        assert_eq!(limit(limits, "Max processes"), Some(96_551));
        assert_eq!(limit(limits, "Max open files"), None);
    }

    #[test]
    fn the_tightest_limit_decides_and_is_named() {
        let room = Room { processes: Some(1_000), descriptors: Some(33), memory: Some(1 << 30), data: None };
        let (workers, note) = room.workers(4, 64 << 20);
        assert_eq!(workers, 2);
        assert!(note.is_some_and(|note| note.contains("33 more open files")));
        assert_eq!(room.workers(2, 64 << 20), (2, None));
        let (workers, note) = room.workers(4, 300 << 20);
        assert!(workers == 1 && note.is_some_and(|note| note.contains("memory")));
        let none = Room { processes: Some(0), ..Room::default() };
        assert_eq!(none.workers(4, 1).0, 1, "one is tried: the system has the last word");
        assert_eq!(Room::default().workers(4, 1), (4, None));
        let small = Room { data: Some(1_000), memory: Some(1 << 30), ..Room::default() };
        let (sizes, note) = small.sizes(&[1, 100, 200], 4);
        assert!(sizes == [1, 100] && note.is_some_and(|note| note.contains("above 125 bytes")));
        assert_eq!(Room::default().sizes(&[1, 100], 4), (vec![1, 100], None));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_machine_tells() {
        let room = Room::now();
        assert!(room.descriptors.is_some_and(|left| left > 0) && room.memory.is_some_and(|left| left > 0));
    }
}
