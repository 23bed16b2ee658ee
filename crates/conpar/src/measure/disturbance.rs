//! Whether others took the cores away while a sample ran.
//!
//! Linux counts for each thread how long it was ready to run and had to wait (`run_delay`, the second number of
//! `/proc/self/task/*/schedstat`, in nanoseconds), and for the whole process how often a thread was taken off its core
//! against its will (`ru_nivcsw` of `getrusage`, which also counts threads that have ended). Elsewhere nothing is known,
//! and a result says so.

use std::collections::HashMap;
use std::time::Duration;

/// From which share of the wall time on a wait for a core spoils a sample.
const TOLERATED: f64 = 0.01;

/// A reading of the system's counters at one moment.
#[derive(Debug, Clone)]
pub struct Disturbance {
    run_delay: HashMap<u32, Duration>,
    involuntary: i64,
}

impl Disturbance {
    /// Reads the counters; `None` where the system has none. Takes some 10 µs a thread of this process.
    pub fn now() -> Option<Disturbance> {
        Some(Disturbance { run_delay: os::run_delay()?, involuntary: os::involuntary_switches()? })
    }

    /// Whether nothing disturbed this process between `self` and `end`, `wall` apart.
    ///
    /// Threads that lived through must not have waited for a core for more than 1% of the time. What threads that
    /// ended in between had to wait is not known any more, so then no thread may have been taken off its core at all.
    pub fn is_clean(&self, end: &Disturbance, wall: Duration) -> bool {
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
        let undisturbed = waited.as_secs_f64() <= TOLERATED * wall.as_secs_f64();
        undisturbed && (same_threads || end.involuntary == self.involuntary)
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
            // A thread that ends while we read is no loss: its waits are judged by the switches.
            let line = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            let nanoseconds = line.split_whitespace().nth(1)?.parse().ok()?;
            Some((thread.file_name().to_str()?.parse().ok()?, Duration::from_nanos(nanoseconds)))
        });
        Some(delays.collect::<HashMap<_, _>>()).filter(|delays| !delays.is_empty())
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
}

#[cfg(not(target_os = "linux"))]
mod os {
    use std::collections::HashMap;
    use std::time::Duration;

    pub(super) fn run_delay() -> Option<HashMap<u32, Duration>> {
        None
    }

    pub(super) fn involuntary_switches() -> Option<i64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(delays: &[(u32, u64)], involuntary: i64) -> Disturbance {
        let run_delay = delays.iter().map(|&(thread, ns)| (thread, Duration::from_nanos(ns))).collect();
        Disturbance { run_delay, involuntary }
    }

    #[test]
    fn a_wait_of_more_than_one_percent_spoils_a_sample() {
        let start = reading(&[(1, 100), (2, 0)], 0);
        let wall = Duration::from_micros(10);
        assert!(start.is_clean(&reading(&[(1, 150), (2, 50)], 3), wall));
        assert!(!start.is_clean(&reading(&[(1, 150), (2, 51)], 3), wall));
    }

    #[test]
    fn where_threads_ended_a_single_switch_spoils_it() {
        let (start, wall) = (reading(&[(1, 0), (2, 0)], 5), Duration::from_micros(10));
        assert!(start.is_clean(&reading(&[(1, 0)], 5), wall));
        assert!(!start.is_clean(&reading(&[(1, 0)], 6), wall));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_has_the_counters() {
        assert!(Disturbance::now().is_some());
    }
}
