//! What the machine module asks of the operating system. Elsewhere than on Linux it asks nothing and knows nothing.

#[cfg(target_os = "linux")]
mod linux {
    use std::time::Duration;

    use nix::sched::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};
    use nix::time::{ClockId, clock_gettime};
    use nix::unistd::Pid;

    use crate::machine::Load;

    /// The calling thread, to the calls that take a process or a thread.
    const CALLER: Pid = Pid::from_raw(0);

    /// The cores that the calling thread may run on, in ascending order.
    pub(in crate::machine) fn affinity() -> Option<Vec<usize>> {
        let set = sched_getaffinity(CALLER).ok()?;
        Some((0..CpuSet::count()).filter(|&core| set.is_set(core) == Ok(true)).collect())
    }

    /// Binds the calling thread to `cores`; whether the system did.
    pub(in crate::machine) fn set_affinity(cores: &[usize]) -> bool {
        let mut set = CpuSet::new();
        let all_set = cores.iter().all(|&core| set.set(core).is_ok());
        all_set && sched_setaffinity(CALLER, &set).is_ok()
    }

    /// The average of the last minute and, at this moment, the other threads of the whole system that run or could run:
    /// the first field and the fourth, `runnable/all`, of `/proc/loadavg`. The thread that reads it is one of them.
    pub(in crate::machine) fn load() -> Option<Load> {
        let line = std::fs::read_to_string("/proc/loadavg").ok()?;
        let mut fields = line.split_whitespace();
        let last_minute = fields.next()?.parse().ok()?;
        let runnable: usize = fields.nth(2)?.split_once('/')?.0.parse().ok()?;
        Some(Load { others: runnable.saturating_sub(1), last_minute })
    }

    pub(in crate::machine) fn current_core() -> Option<usize> {
        sched_getcpu().ok()
    }

    pub(in crate::machine) fn thread_cpu_time() -> Option<Duration> {
        let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).ok()?;
        Some(time.into())
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use std::time::Duration;

    use crate::machine::Load;

    pub(in crate::machine) fn affinity() -> Option<Vec<usize>> {
        None
    }

    pub(in crate::machine) fn set_affinity(_cores: &[usize]) -> bool {
        false
    }

    pub(in crate::machine) fn load() -> Option<Load> {
        None
    }

    pub(in crate::machine) fn current_core() -> Option<usize> {
        None
    }

    pub(in crate::machine) fn thread_cpu_time() -> Option<Duration> {
        None
    }
}

#[cfg(target_os = "linux")]
pub(super) use linux::{affinity, current_core, load, set_affinity, thread_cpu_time};
#[cfg(not(target_os = "linux"))]
pub(super) use other::{affinity, current_core, load, set_affinity, thread_cpu_time};
