//! Whether others took the cores away while a sample ran.
//!
//! Three things are read from Linux before and after a sample:
//!
//! - how long each thread of this process was ready to run and had to wait, the second number of
//!   `/proc/self/task/*/schedstat`;
//! - how often threads of this process, ended ones included, were taken off a core against their will, `ru_nivcsw` of
//!   `getrusage`;
//! - how many threads of the whole system are running or ready, in `/proc/loadavg`. A thread that lived and died within
//!   the sample leaves no record of its waits; but it had to wait if there were more threads than cores.
//!
//! Elsewhere nothing is known, and a result says so.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// From which share of the wall time on a wait for a core spoils a sample.
const TOLERATED: f64 = 0.01;

/// How long the threads of the sample before get to fall asleep: an idle rayon worker looks for work for some tens of
/// microseconds before it does.
const SETTLING: Duration = Duration::from_micros(200);

/// What a sample keeps busy, and what it may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width {
    /// The threads that could all run at the same time.
    pub threads: usize,
    /// The cores that they may run on.
    pub cores: usize,
}

/// Runs `work` and says whether nobody took its cores away; `None` where the system cannot tell.
pub fn watch<T>(width: Width, work: impl FnOnce() -> T) -> (T, Option<bool>) {
    let (before, clock) = (Disturbance::now(), Instant::now());
    let value = work();
    let (wall, after) = (clock.elapsed(), Disturbance::now());
    let clean = before.zip(after).map(|(before, after)| before.is_clean(&after, wall, width));
    (value, clean)
}

/// A reading of the system's counters at one moment.
#[derive(Debug, Clone)]
pub struct Disturbance {
    run_delay: HashMap<u32, Duration>,
    involuntary: i64,
    /// Threads that run or could run, without the one that asks.
    others: usize,
    /// The cores of the system that are switched on.
    cores: usize,
}

impl Disturbance {
    /// Reads the counters; `None` where the system has none. Takes some 10 µs a thread of this process, and up to
    /// [`SETTLING`] where others run.
    pub fn now() -> Option<Disturbance> {
        let start = Instant::now();
        let mut others = os::other_runnable_threads()?;
        while others > 0 && start.elapsed() < SETTLING {
            std::hint::spin_loop();
            others = others.min(os::other_runnable_threads()?);
        }
        Some(Disturbance {
            run_delay: os::run_delay()?,
            involuntary: os::involuntary_switches()?,
            others,
            cores: os::online_cores()?,
        })
    }

    /// Whether nothing disturbed a sample of `width` between `self` and `end`, `wall` apart.
    ///
    /// Threads that lived through must not have waited for a core for more than 1% of the time. If threads began or
    /// ended in between, none may have been taken off its core. And with the others that ran at both ends, there must
    /// have been a core for each thread.
    ///
    /// Threads that outnumber their cores disturb one another, which is then what is measured: there only the others
    /// count, of which there must be none.
    pub fn is_clean(&self, end: &Disturbance, wall: Duration, width: Width) -> bool {
        if width.threads > width.cores {
            return self.others == 0 && end.others == 0;
        }
        let same_threads = self.run_delay.len() == end.run_delay.len()
            && self.run_delay.keys().all(|thread| end.run_delay.contains_key(thread));
        let waited: Duration = end
            .run_delay
            .iter()
            .map(|(thread, &delay)| match self.run_delay.get(thread) {
                Some(&before) => delay.saturating_sub(before),
                None => delay,
            })
            .sum();
        let undelayed = waited.as_secs_f64() <= TOLERATED * wall.as_secs_f64();
        let unswitched = same_threads || end.involuntary == self.involuntary;
        let roomy = |reading: &Disturbance| reading.others + width.threads <= reading.cores;
        undelayed && unswitched && roomy(self) && roomy(end)
    }
}

#[cfg(target_os = "linux")]
mod os {
    use std::collections::HashMap;
    use std::mem::MaybeUninit;
    use std::time::Duration;

    pub(super) fn run_delay() -> Option<HashMap<u32, Duration>> {
        let threads = std::fs::read_dir("/proc/self/task").ok()?;
        let delays = threads.flatten().filter_map(|thread| {
            // A thread that ends while we read is no loss: its waits are judged by the other two readings.
            let line = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            let nanoseconds = line.split_whitespace().nth(1)?.parse().ok()?;
            Some((thread.file_name().to_str()?.parse().ok()?, Duration::from_nanos(nanoseconds)))
        });
        Some(delays.collect::<HashMap<_, _>>()).filter(|delays| !delays.is_empty())
    }

    /// The fourth field of `/proc/loadavg` is `runnable/all`, and the thread that reads it is one of the runnable.
    pub(super) fn other_runnable_threads() -> Option<usize> {
        let line = std::fs::read_to_string("/proc/loadavg").ok()?;
        let (runnable, _) = line.split_whitespace().nth(3)?.split_once('/')?;
        runnable.parse::<usize>().ok().map(|runnable| runnable.saturating_sub(1))
    }

    pub(super) fn involuntary_switches() -> Option<i64> {
        let mut usage = MaybeUninit::<libc::rusage>::uninit();
        // SAFETY: getrusage writes a whole rusage to the pointer it is given when it returns 0, and only then is it read.
        let usage = unsafe {
            match libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr()) {
                0 => usage.assume_init(),
                _ => return None,
            }
        };
        Some(usage.ru_nivcsw)
    }

    pub(super) fn online_cores() -> Option<usize> {
        // SAFETY: sysconf takes a number and returns one; it touches no memory of ours.
        let cores = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
        usize::try_from(cores).ok().filter(|&cores| cores > 0)
    }
}

#[cfg(not(target_os = "linux"))]
mod os {
    use std::collections::HashMap;
    use std::time::Duration;

    pub(super) fn run_delay() -> Option<HashMap<u32, Duration>> {
        None
    }

    pub(super) fn other_runnable_threads() -> Option<usize> {
        None
    }

    pub(super) fn involuntary_switches() -> Option<i64> {
        None
    }

    pub(super) fn online_cores() -> Option<usize> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WALL: Duration = Duration::from_micros(10);

    fn width(threads: usize) -> Width {
        Width { threads, cores: 4 }
    }

    /// A reading on four cores: (thread, run delay in ns), involuntary switches, other runnable threads.
    fn reading(delays: &[(u32, u64)], involuntary: i64, others: usize) -> Disturbance {
        let run_delay = delays.iter().map(|&(thread, ns)| (thread, Duration::from_nanos(ns))).collect();
        Disturbance { run_delay, involuntary, others, cores: 4 }
    }

    #[test]
    fn a_wait_of_more_than_one_percent_spoils_a_sample() {
        let start = reading(&[(1, 100), (2, 0)], 0, 0);
        assert!(start.is_clean(&reading(&[(1, 150), (2, 50)], 3, 0), WALL, width(2)));
        assert!(!start.is_clean(&reading(&[(1, 150), (2, 51)], 3, 0), WALL, width(2)));
    }

    #[test]
    fn where_threads_ended_a_single_switch_spoils_it() {
        let start = reading(&[(1, 0), (2, 0)], 5, 0);
        assert!(start.is_clean(&reading(&[(1, 0)], 5, 0), WALL, width(2)));
        assert!(!start.is_clean(&reading(&[(1, 0)], 6, 0), WALL, width(2)));
    }

    #[test]
    fn others_spoil_it_only_where_they_leave_too_few_cores() {
        let quiet = reading(&[(1, 0)], 0, 0);
        let two_others = reading(&[(1, 0)], 0, 2);
        assert!(quiet.is_clean(&two_others, WALL, width(2)));
        assert!(!quiet.is_clean(&two_others, WALL, width(3)));
        assert!(!two_others.is_clean(&quiet, WALL, width(3)));
    }

    #[test]
    fn threads_that_outnumber_their_cores_are_disturbed_by_others_alone() {
        let (quiet, switched) = (reading(&[(1, 0)], 0, 0), reading(&[(1, 999), (2, 0)], 7, 0));
        assert!(quiet.is_clean(&switched, WALL, width(5)));
        assert!(!quiet.is_clean(&reading(&[(1, 0)], 0, 1), WALL, width(5)));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_has_the_counters() {
        assert!(Disturbance::now().is_some());
    }
}
