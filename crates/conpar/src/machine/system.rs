//! What the machine module asks of the operating system. Elsewhere than on Linux it asks nothing and knows nothing.

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{BufRead as _, BufReader};
    use std::sync::OnceLock;
    use std::time::Duration;

    use nix::sched::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};
    use nix::time::{ClockId, clock_gettime};
    use nix::unistd::{Pid, SysconfVar, sysconf};

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

    /// How long other guests of this machine's host had its cores while this system wanted them, over all cores since it
    /// was started: the eighth number of the first line of `/proc/stat`, in ticks.
    pub(in crate::machine) fn stolen() -> Option<Duration> {
        let mut line = String::new();
        let file = std::fs::File::open("/proc/stat").ok()?;
        BufReader::with_capacity(512, file).read_line(&mut line).ok()?;
        let ticks: u64 = line.strip_prefix("cpu ")?.split_whitespace().nth(7)?.parse().ok()?;
        let a_second = sysconf(SysconfVar::CLK_TCK).ok()??;
        Some(Duration::from_secs(ticks) / u32::try_from(a_second).ok()?)
    }

    pub(in crate::machine) fn current_core() -> Option<usize> {
        sched_getcpu().ok()
    }

    /// Which boot this is, and the time since then, by the clock that `Instant` reads too. All processes read the same.
    pub(in crate::machine) fn since_boot() -> Option<(String, Duration)> {
        static BOOT: OnceLock<Option<String>> = OnceLock::new();
        let boot = BOOT.get_or_init(|| std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok());
        let since = clock_gettime(ClockId::CLOCK_MONOTONIC).ok()?;
        Some((boot.as_ref()?.trim().to_owned(), since.into()))
    }

    pub(in crate::machine) fn thread_cpu_time() -> Option<Duration> {
        let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).ok()?;
        Some(time.into())
    }

    /// Whether all threads of this process but the calling one sleep: the state, after the name in parentheses, is `S` in
    /// `/proc/self/task/*/stat` (proc_pid_stat(5)).
    pub(in crate::machine) fn other_threads_sleep() -> Option<bool> {
        let own = nix::unistd::gettid().to_string();
        let threads = std::fs::read_dir("/proc/self/task").ok()?.flatten();
        let mut others = threads.filter(|thread| thread.file_name() != *own);
        Some(others.all(|thread| {
            // One that has ended meanwhile does nothing any more.
            let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
            stat.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with('S'))
        }))
    }

    pub(in crate::machine) fn process_cpu_time() -> Option<Duration> {
        let time = clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).ok()?;
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

    pub(in crate::machine) fn stolen() -> Option<Duration> {
        None
    }

    pub(in crate::machine) fn current_core() -> Option<usize> {
        None
    }

    pub(in crate::machine) fn since_boot() -> Option<(String, Duration)> {
        None
    }

    pub(in crate::machine) fn thread_cpu_time() -> Option<Duration> {
        None
    }

    pub(in crate::machine) fn other_threads_sleep() -> Option<bool> {
        None
    }

    pub(in crate::machine) fn process_cpu_time() -> Option<Duration> {
        None
    }
}

#[cfg(target_os = "linux")]
pub(super) use linux::{
    affinity, current_core, load, other_threads_sleep, process_cpu_time, set_affinity, since_boot, stolen,
    thread_cpu_time,
};
#[cfg(not(target_os = "linux"))]
pub(super) use other::{
    affinity, current_core, load, other_threads_sleep, process_cpu_time, set_affinity, since_boot, stolen,
    thread_cpu_time,
};
