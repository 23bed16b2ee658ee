//! What a process knows of itself: its children, dead or alive, its open descriptors, its bound of memory.

use serde::{Deserialize, Serialize};

/// What a process has not cleared away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holds {
    /// Its children that run.
    pub children: usize,
    /// Its children that have ended and that it has not waited for: they keep their number and their exit code.
    pub zombies: usize,
    /// Its open files, pipes and sockets.
    pub descriptors: usize,
}

/// What this process holds; `None` where the system does not tell.
pub fn holds() -> Option<Holds> {
    system::holds()
}

/// Lets this process, and those that it will start, have no more than so many bytes each (on Linux `RLIMIT_DATA`; the stacks
/// of threads count in full). A limit that is lower already stays. Whether it now holds.
///
/// What is refused ends a Rust program: "memory allocation of … bytes failed", and an abort.
pub fn limit_memory(bytes: u64) -> bool {
    system::limit_memory(bytes)
}

#[cfg(target_os = "linux")]
pub(super) mod system {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    use nix::unistd::{Pid, getpid};

    use super::Holds;

    pub(super) fn holds() -> Option<Holds> {
        let own = getpid();
        let descriptors = std::fs::read_dir("/proc/self/fd").ok()?.count();
        let zombies = children_of(own).filter(|(_, zombie)| *zombie).count();
        let children = children_of(own).count() - zombies;
        // The folder itself was one while it was read.
        Some(Holds { children, zombies, descriptors: descriptors.saturating_sub(1) })
    }

    /// The processes whose parent is `parent`, and whether each has ended (proc(5): the third and the fourth field of
    /// `stat`, after a name in parentheses).
    pub(in crate::child) fn children_of(parent: Pid) -> impl Iterator<Item = (Pid, bool)> {
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
        ids.filter_map(move |id| {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            let mut fields = stat.rsplit_once(") ")?.1.split(' ');
            let (state, of) = (fields.next()?, fields.next()?.parse::<i32>().ok()?);
            (of == parent.as_raw()).then(|| (Pid::from_raw(id), state == "Z"))
        })
    }

    pub(super) fn limit_memory(bytes: u64) -> bool {
        let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_DATA) else { return false };
        setrlimit(Resource::RLIMIT_DATA, bytes.min(soft), bytes.min(hard)).is_ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    pub(super) fn holds() -> Option<super::Holds> {
        None
    }

    pub(super) fn limit_memory(_: u64) -> bool {
        false
    }
}
