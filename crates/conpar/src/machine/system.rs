//! What the machine module asks of the operating system. Elsewhere than on Linux it asks nothing and knows nothing.

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{BufRead as _, BufReader};
    use std::sync::OnceLock;
    use std::time::Duration;

    use nix::sched::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};
    use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit};
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

    /// The threads of the whole system: the second number of the fourth field, `runnable/all`, of `/proc/loadavg`.
    pub(in crate::machine) fn threads_of_all() -> Option<u64> {
        let line = std::fs::read_to_string("/proc/loadavg").ok()?;
        line.split_whitespace().nth(3)?.split_once('/')?.1.parse().ok()
    }

    /// How many threads this process's user may have; `None` where that is not limited, or the limit is not enforced, as for
    /// who has the capability `CAP_SYS_ADMIN` (bit 21) or `CAP_SYS_RESOURCE` (bit 24; getrlimit(2)).
    pub(in crate::machine) fn most_processes() -> Option<u64> {
        const EXEMPT: u64 = 1 << 21 | 1 << 24;
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let capabilities = u64::from_str_radix(field(&status, "CapEff")?, 16).ok()?;
        if capabilities & EXEMPT != 0 { None } else { limit(Resource::RLIMIT_NPROC) }
    }

    /// The threads of all processes of this process's user that can be seen.
    pub(in crate::machine) fn own_threads() -> u64 {
        let status = |id: &str| std::fs::read_to_string(format!("/proc/{id}/status")).ok();
        let user = |status: &str| {
            field(status, "Uid").and_then(|ids| ids.split_whitespace().next().map(str::to_owned))
        };
        let own = status("self").and_then(|status| user(&status));
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let processes = names.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
        let others = processes.filter_map(|id| status(&id)).filter(|status| user(status) == own);
        others.filter_map(|status| field(&status, "Threads")?.parse::<u64>().ok()).sum()
    }

    pub(in crate::machine) fn own_mappings() -> u64 {
        std::fs::read_to_string("/proc/self/maps").map_or(0, |maps| maps.lines().count() as u64)
    }

    pub(in crate::machine) fn most_files() -> Option<u64> {
        limit(Resource::RLIMIT_NOFILE)
    }

    pub(in crate::machine) fn own_files() -> u64 {
        std::fs::read_dir("/proc/self/fd").map_or(0, |files| files.count() as u64)
    }

    /// The bytes of data that this process may have, and has.
    pub(in crate::machine) fn own_data() -> Option<(u64, u64)> {
        let most = limit(Resource::RLIMIT_DATA)?;
        Some((most, bytes(&std::fs::read_to_string("/proc/self/status").ok()?, "VmData")?))
    }

    /// All memory, and what programs could still get without others being swapped out, in bytes.
    pub(in crate::machine) fn memory() -> Option<(u64, u64)> {
        let text = std::fs::read_to_string("/proc/meminfo").ok()?;
        Some((bytes(&text, "MemTotal")?, bytes(&text, "MemAvailable")?))
    }

    fn bytes(text: &str, name: &str) -> Option<u64> {
        field(text, name)?.strip_suffix(" kB")?.parse::<u64>().ok().map(|kibibytes| kibibytes << 10)
    }

    /// What stands after the name and a colon.
    fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    }

    fn limit(resource: Resource) -> Option<u64> {
        getrlimit(resource).ok().map(|(soft, _)| soft).filter(|&soft| soft != RLIM_INFINITY)
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

    pub(in crate::machine) fn threads_of_all() -> Option<u64> {
        None
    }

    pub(in crate::machine) fn most_processes() -> Option<u64> {
        None
    }

    pub(in crate::machine) fn own_threads() -> u64 {
        0
    }

    pub(in crate::machine) fn own_mappings() -> u64 {
        0
    }

    pub(in crate::machine) fn most_files() -> Option<u64> {
        None
    }

    pub(in crate::machine) fn own_files() -> u64 {
        0
    }

    pub(in crate::machine) fn own_data() -> Option<(u64, u64)> {
        None
    }

    pub(in crate::machine) fn memory() -> Option<(u64, u64)> {
        None
    }
}

#[cfg(target_os = "linux")]
pub(super) use linux::{
    affinity, current_core, load, memory, most_files, most_processes, other_threads_sleep, own_data,
    own_files, own_mappings, own_threads, process_cpu_time, set_affinity, since_boot, stolen,
    thread_cpu_time, threads_of_all,
};
#[cfg(not(target_os = "linux"))]
pub(super) use other::{
    affinity, current_core, load, memory, most_files, most_processes, other_threads_sleep, own_data,
    own_files, own_mappings, own_threads, process_cpu_time, set_affinity, since_boot, stolen,
    thread_cpu_time, threads_of_all,
};
