//! The control groups of this process: the folders in which the limits of one controller stand.
//!
//! Linux, "Control Group v2" and "Control Groups version 1". Every group on the way up may set a limit. Where the groups are
//! mounted, and from which group on they are visible in a container, is told by `/proc/self/mountinfo`.

use std::path::{Path, PathBuf};

/// The folders of this process's groups that `controller` rules, and of those above them; none where there are no groups.
pub(super) fn own(controller: &str) -> Vec<PathBuf> {
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    ways_up(controller, &read("/proc/self/cgroup"), &read("/proc/self/mountinfo"))
}

/// The folders of all `groups` that lie below a mount, and of those above them; both as in the files of the same name.
pub(super) fn ways_up(controller: &str, groups: &str, mounts: &str) -> Vec<PathBuf> {
    let mounts: Vec<Mount<'_>> = mounts.lines().filter_map(|line| Mount::new(controller, line)).collect();
    let groups = groups.lines().filter_map(|line| group(controller, line));
    let folders = groups.flat_map(|(version, path)| {
        let of_version = mounts.iter().filter(move |mount| mount.version == version);
        of_version.map(move |mount| (mount.point, mount.folder(path)))
    });
    let upwards = |(top, folder): (&str, PathBuf)| -> Vec<PathBuf> {
        folder.ancestors().take_while(|folder| folder.starts_with(top)).map(Path::to_owned).collect()
    };
    folders.flat_map(upwards).collect()
}

/// The two interfaces of control groups. Both may be there, and one of them has the controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

/// The group of a line of `/proc/self/cgroup` that may have the controller: `0::/path` in version 2,
/// `4:cpu,cpuacct:/path` in version 1.
fn group<'l>(controller: &str, line: &'l str) -> Option<(Version, &'l str)> {
    let mut fields = line.splitn(3, ':');
    let (_, controllers, path) = (fields.next()?, fields.next()?, fields.next()?);
    match controllers {
        "" => Some((Version::Two, path)),
        _ if names(controllers, controller) => Some((Version::One, path)),
        _ => None,
    }
}

fn names(controllers: &str, controller: &str) -> bool {
    controllers.split(',').any(|named| named == controller)
}

/// Where a tree of groups is mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mount<'l> {
    version: Version,
    /// The group that is at the mount point: `/`, or a container's own.
    root: &'l str,
    point: &'l str,
}

impl<'l> Mount<'l> {
    /// A line of `/proc/self/mountinfo`, where it mounts groups that may have the controller.
    fn new(controller: &str, line: &'l str) -> Option<Mount<'l>> {
        let (place, kind) = line.split_once(" - ")?;
        let mut place = place.split(' ').skip(3);
        let mut kind = kind.split(' ');
        let version = match (kind.next()?, kind.nth(1)?) {
            ("cgroup2", _) => Version::Two,
            ("cgroup", controllers) if names(controllers, controller) => Version::One,
            _ => return None,
        };
        Some(Mount { version, root: place.next()?, point: place.next()? })
    }

    /// The folder of the group `path`. One that lies outside of what is mounted is judged by the topmost that is.
    fn folder(&self, path: &str) -> PathBuf {
        let below = path.strip_prefix(self.root).unwrap_or("");
        Path::new(self.point).join(below.trim_start_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_both_versions_name_their_group() {
        assert_eq!(group("cpu", "0::/user/a"), Some((Version::Two, "/user/a")));
        assert_eq!(group("cpu", "4:cpu,cpuacct:/b"), Some((Version::One, "/b")));
        assert_eq!(group("pids", "8:pids:/b"), Some((Version::One, "/b")));
        assert_eq!(group("cpu", "3:memory:/b"), None);
        assert_eq!(group("cpu", "5:cpuset:/b"), None);
        assert_eq!(group("cpu", "nonsense"), None);
    }
}
