//! The CPU quota of the control group: how many cores' worth of time it may use in a period.
//!
//! Linux, "Control Group v2", section "CPU" (`cpu.max`), and "CFS Bandwidth Control" for version 1
//! (`cpu.cfs_quota_us`, `cpu.cfs_period_us`). Every group on the way up may set one; the smallest holds.

use std::path::{Path, PathBuf};

/// The quota in cores, may be a fraction; `None` where there is none.
pub(super) fn quota() -> Option<f64> {
    let groups = std::fs::read_to_string("/proc/self/cgroup").ok()?;
    let found = groups.lines().filter_map(group).filter_map(|(root, path)| smallest(&root, path));
    found.fold(None, |least: Option<f64>, quota| Some(least.map_or(quota, |least| least.min(quota))))
}

/// Where the group of a line of `/proc/self/cgroup` is mounted, and its path below: `0::/path` in version 2,
/// `4:cpu,cpuacct:/path` in version 1.
fn group(line: &str) -> Option<(PathBuf, &str)> {
    let mut fields = line.splitn(3, ':');
    let (_, controllers, path) = (fields.next()?, fields.next()?, fields.next()?);
    let root = match controllers {
        "" => "/sys/fs/cgroup",
        _ if controllers.split(',').any(|controller| controller == "cpu") => "/sys/fs/cgroup/cpu",
        _ => return None,
    };
    Some((PathBuf::from(root), path.trim_start_matches('/')))
}

/// The smallest quota from `root/path` up to `root`.
fn smallest(root: &Path, path: &str) -> Option<f64> {
    let folder = root.join(path);
    let upwards = folder.ancestors().take_while(|folder| folder.starts_with(root));
    upwards.filter_map(quota_of).reduce(f64::min)
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
    use super::*;

    #[test]
    fn quotas_of_both_versions_keep_their_fractions() {
        assert_eq!(cores("150000 100000\n"), Some(1.5));
        assert_eq!(cores("50000\n 100000\n"), Some(0.5));
        assert_eq!(cores("max 100000\n"), None);
        assert_eq!(cores("-1\n 100000\n"), None);
        assert_eq!(cores(""), None);
    }

    #[test]
    fn lines_of_both_versions_name_their_group() {
        assert_eq!(group("0::/user/a"), Some(("/sys/fs/cgroup".into(), "user/a")));
        assert_eq!(group("4:cpu,cpuacct:/b"), Some(("/sys/fs/cgroup/cpu".into(), "b")));
        assert_eq!(group("3:memory:/b"), None);
        assert_eq!(group("nonsense"), None);
    }
}
