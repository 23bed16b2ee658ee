//! The CPU quota of the control group: how many cores' worth of time it may use in a period.
//!
//! Linux, "Control Group v2", section "CPU" (`cpu.max`), and "CFS Bandwidth Control" for version 1
//! (`cpu.cfs_quota_us`, `cpu.cfs_period_us`). Every group on the way up may set one; the smallest holds.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::groups;

/// The controller that rules the CPU.
const CPU: &str = "cpu";

/// The quota in cores, may be a fraction; `None` where there is none.
pub(super) fn quota() -> Option<f64> {
    groups::own(CPU).iter().filter_map(|folder| quota_of(folder)).reduce(f64::min)
}

/// In how many periods a quota was used up, of all groups on the way up that have one; `None` where none has.
pub(super) fn throttled() -> Option<u64> {
    // Where the counters stand is looked up once: it takes longer than to read them, and a process seldom moves.
    static COUNTERS: OnceLock<Vec<PathBuf>> = OnceLock::new();
    let counters = COUNTERS.get_or_init(|| {
        let limited = groups::own(CPU).into_iter().filter(|folder| quota_of(folder).is_some());
        limited.map(|folder| folder.join("cpu.stat")).collect()
    });
    counters.iter().filter_map(|file| stops(&std::fs::read_to_string(file).ok()?)).reduce(u64::wrapping_add)
}

/// The number of periods in which the group was stopped, from its `cpu.stat`.
fn stops(counters: &str) -> Option<u64> {
    counters.lines().find_map(|line| line.strip_prefix("nr_throttled "))?.trim().parse().ok()
}

fn quota_of(folder: &Path) -> Option<f64> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let text =
        read("cpu.max").or_else(|| Some(read("cpu.cfs_quota_us")? + " " + &read("cpu.cfs_period_us")?))?;
    cores(&text)
}

/// The cores of `quota period`, both in microseconds; `max` and -1 are no quota.
fn cores(text: &str) -> Option<f64> {
    let mut fields = text.split_whitespace();
    let (quota, period): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    (quota > 0.0 && period > 0.0).then(|| quota / period)
}

#[cfg(test)]
mod tests {
    use super::super::fake::Tree;
    use super::*;

    fn smallest_of(groups: &str, mounts: &str) -> Option<f64> {
        let folders = groups::ways_up(CPU, groups, mounts);
        folders.iter().filter_map(|folder| quota_of(folder)).reduce(f64::min)
    }

    #[test]
    fn quotas_of_both_versions_keep_their_fractions() {
        assert_eq!(cores("150000 100000\n"), Some(1.5));
        assert_eq!(cores("50000\n 100000\n"), Some(0.5));
        assert_eq!(cores("max 100000\n"), None);
        assert_eq!(cores("-1\n 100000\n"), None);
        assert_eq!(cores(""), None);
    }

    #[test]
    fn stopped_periods_are_counted_in_both_versions() {
        assert_eq!(stops("nr_periods 12\nnr_throttled 5\nthrottled_time 1000\n"), Some(5));
        assert_eq!(stops("usage_usec 9\nnr_periods 12\nnr_throttled 0\nthrottled_usec 0\n"), Some(0));
        assert_eq!(stops("usage_usec 9\n"), None);
    }

    #[test]
    fn the_smallest_quota_on_the_way_up_holds() {
        let tree = Tree::new("groups");
        tree.file("cpu.max", "max 100000\n");
        tree.file("a/cpu.max", "50000 100000\n");
        tree.file("a/b/cpu.max", "150000 100000\n");
        let mounts = format!("35 24 0:30 / {} rw shared:9 - cgroup2 cgroup2 rw\n", tree.root().display());
        assert_eq!(smallest_of("0::/a/b\n", &mounts), Some(0.5));
        assert_eq!(smallest_of("0::/\n", &mounts), None);
        assert_eq!(smallest_of("3:cpu:/a/b\n", &mounts), None, "the other version's groups are elsewhere");
    }

    #[test]
    fn a_container_sees_its_own_group_at_the_mount_point() {
        let tree = Tree::new("container");
        tree.file("cpu.cfs_quota_us", "250000\n");
        tree.file("cpu.cfs_period_us", "100000\n");
        let mounts = format!(
            "40 31 0:29 /docker/c0ffee {} ro,nosuid - cgroup cgroup rw,cpu,cpuacct\n",
            tree.root().display()
        );
        assert_eq!(smallest_of("4:cpu,cpuacct:/docker/c0ffee\n0::/\n", &mounts), Some(2.5));
        assert_eq!(smallest_of("4:cpu,cpuacct:/docker/c0ffee/inner\n", &mounts), Some(2.5));
        assert_eq!(smallest_of("4:cpu,cpuacct:/../elsewhere\n", &mounts), Some(2.5));
    }
}
