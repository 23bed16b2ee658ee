//! What the machine module asks of the operating system. Elsewhere than on Linux it asks nothing and knows nothing.

#[cfg(target_os = "linux")]
mod linux {
    use std::time::Duration;

    use rustix::thread::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};
    use rustix::time::{ClockId, clock_gettime};

    /// The cores that the calling thread may run on, in ascending order.
    pub(in crate::machine) fn affinity() -> Option<Vec<usize>> {
        let set = sched_getaffinity(None).ok()?;
        Some((0..CpuSet::MAX_CPU).filter(|&core| set.is_set(core)).collect())
    }

    /// Binds the calling thread to `cores`; whether the system did.
    pub(in crate::machine) fn set_affinity(cores: &[usize]) -> bool {
        let mut set = CpuSet::new();
        cores.iter().for_each(|&core| set.set(core));
        sched_setaffinity(None, &set).is_ok()
    }

    /// The first `model name` of `/proc/cpuinfo`; not every architecture has one.
    pub(in crate::machine) fn processor() -> Option<String> {
        let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    }

    pub(in crate::machine) fn current_core() -> Option<usize> {
        Some(sched_getcpu())
    }

    pub(in crate::machine) fn thread_cpu_time() -> Option<Duration> {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Some(Duration::new(time.tv_sec.try_into().ok()?, time.tv_nsec.try_into().ok()?))
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use std::time::Duration;

    pub(in crate::machine) fn affinity() -> Option<Vec<usize>> {
        None
    }

    pub(in crate::machine) fn set_affinity(_cores: &[usize]) -> bool {
        false
    }

    pub(in crate::machine) fn processor() -> Option<String> {
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
pub(super) use linux::{affinity, current_core, processor, set_affinity, thread_cpu_time};
#[cfg(not(target_os = "linux"))]
pub(super) use other::{affinity, current_core, processor, set_affinity, thread_cpu_time};
