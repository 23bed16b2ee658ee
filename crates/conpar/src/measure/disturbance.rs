//! Whether others took the cores away while a sample ran.
//!
//! Five things are read from Linux before and after a sample:
//!
//! - how long each thread of this process was on a core, and how long it was ready and had to wait, the first two numbers
//!   of `/proc/self/task/*/schedstat`;
//! - how often threads of this process, ended ones included, were taken off a core against their will, `ru_nivcsw` of
//!   `getrusage`;
//! - how many threads of the whole system are running or ready, in `/proc/loadavg`. A thread that lived and died within
//!   the sample leaves no record of its waits; but it had to wait if there were more threads than cores;
//! - how long the host gave the cores to other guests (steal), which it counts in steps of often 10 ms: the sample in which
//!   a step falls is one of those that lost the time;
//! - in how many periods a CPU quota stopped the process (throttling).
//!
//! Elsewhere nothing is known, and a result says so.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::machine;

/// From which share of the wall time on a wait for a core spoils a sample.
const TOLERATED: f64 = 0.01;

/// From which share of the wall time on a core on the calling thread is one that worked. Below it, it waited for the
/// others, and how long it then waits for a core says nothing of the work.
const WORKED: f64 = 0.1;

/// A wait up to this is none: so long it may take until a thread runs that was woken by another of this process.
const HAND_OFF: Duration = Duration::from_micros(100);

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

impl Width {
    /// Of threads that wait for one another by design, so that their waits disturb nothing: they are judged as those that
    /// outnumber their cores, by the others alone.
    pub fn blocking(cores: usize) -> Width {
        Width { threads: cores + 1, cores }
    }
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
    threads: HashMap<u32, OnCore>,
    /// The thread that asks.
    caller: u32,
    involuntary: i64,
    /// Threads that run or could run, without the one that asks.
    others: usize,
    /// The cores of the system that are switched on.
    cores: usize,
    /// The time that the host gave to other guests, where the system tells.
    stolen: Option<Duration>,
    /// The periods in which a quota stopped the process, where there is one.
    throttled: Option<u64>,
}

/// What the system counts for a thread, since it began.
#[derive(Debug, Clone, Copy, Default)]
struct OnCore {
    /// The time on a core.
    ran: Duration,
    /// The time that it was ready to run and had no core.
    waited: Duration,
}

impl Disturbance {
    /// Reads the counters; `None` where the system has none. Takes some 10 µs a thread of this process, and up to
    /// [`SETTLING`] where others run.
    pub fn now() -> Option<Disturbance> {
        let start = Instant::now();
        let mut others = machine::load()?.others;
        while others > 0 && start.elapsed() < SETTLING {
            // Asleep, not spinning: a thread that is ending may need this very core for its last steps.
            std::thread::sleep(SETTLING / 10);
            others = others.min(machine::load()?.others);
        }
        Some(Disturbance {
            threads: os::threads()?,
            caller: os::this_thread()?,
            involuntary: os::involuntary_switches()?,
            others,
            cores: os::online_cores()?,
            stolen: machine::stolen(),
            throttled: machine::throttled(),
        })
    }

    /// Whether nothing disturbed a sample of `width` between `self` and `end`, `wall` apart.
    ///
    /// With the others that ran at both ends, there must have been a core for each thread. No thread that lived through
    /// must have waited for a core for more than 1% of the time, or [`HAND_OFF`]. If threads began or ended in between,
    /// none may have been taken off its core.
    ///
    /// Threads that outnumber their cores disturb one another, which is then what is measured: there only the others
    /// count, of which there must be none.
    pub fn is_clean(&self, end: &Disturbance, wall: Duration, width: Width) -> bool {
        if width.threads > width.cores {
            return self.others == 0 && end.others == 0;
        }
        let same_threads = self.threads.len() == end.threads.len()
            && self.threads.keys().all(|thread| end.threads.contains_key(thread));
        let undelayed = end.threads.iter().all(|(thread, now)| {
            let before = self.threads.get(thread).copied().unwrap_or_default();
            let (ran, waited) =
                (now.ran.saturating_sub(before.ran), now.waited.saturating_sub(before.waited));
            let only_waits = *thread == end.caller && ran < wall.mul_f64(WORKED);
            only_waits || waited <= wall.mul_f64(TOLERATED).max(HAND_OFF)
        });
        let unswitched = same_threads || end.involuntary == self.involuntary;
        let roomy = |reading: &Disturbance| reading.others + width.threads <= reading.cores;
        let stolen = end.stolen.unwrap_or_default().saturating_sub(self.stolen.unwrap_or_default());
        let taken = stolen > wall.mul_f64(TOLERATED) || end.throttled != self.throttled;
        undelayed && unswitched && roomy(self) && roomy(end) && !taken
    }
}

#[cfg(target_os = "linux")]
mod os {
    use std::collections::HashMap;
    use std::time::Duration;

    use nix::sys::resource::UsageWho;
    use nix::unistd::{SysconfVar, sysconf};

    use super::OnCore;

    pub(super) fn threads() -> Option<HashMap<u32, OnCore>> {
        let threads = std::fs::read_dir("/proc/self/task").ok()?;
        let counts = threads.flatten().filter_map(|thread| {
            // A thread that ends while we read is no loss: its waits are judged by the other two readings.
            let line = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            let mut numbers = line.split_whitespace().map(|number| number.parse().map(Duration::from_nanos));
            let (ran, waited) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
            Some((thread.file_name().to_str()?.parse().ok()?, OnCore { ran, waited }))
        });
        Some(counts.collect::<HashMap<_, _>>()).filter(|counts| !counts.is_empty())
    }

    pub(super) fn this_thread() -> Option<u32> {
        u32::try_from(nix::unistd::gettid().as_raw()).ok()
    }

    pub(super) fn involuntary_switches() -> Option<i64> {
        let usage = nix::sys::resource::getrusage(UsageWho::RUSAGE_SELF).ok()?;
        Some(usage.involuntary_context_switches())
    }

    pub(super) fn online_cores() -> Option<usize> {
        let cores = sysconf(SysconfVar::_NPROCESSORS_ONLN).ok()??;
        usize::try_from(cores).ok().filter(|&cores| cores > 0)
    }
}

#[cfg(not(target_os = "linux"))]
mod os {
    use std::collections::HashMap;

    use super::OnCore;

    pub(super) fn threads() -> Option<HashMap<u32, OnCore>> {
        None
    }

    pub(super) fn this_thread() -> Option<u32> {
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

    /// One percent of it is 200 µs.
    const WALL: Duration = Duration::from_millis(20);

    fn width(threads: usize) -> Width {
        Width { threads, cores: 4 }
    }

    /// A reading on four cores: (thread, µs on a core, µs waited), involuntary switches, other runnable threads.
    fn reading(counts: &[(u32, u64, u64)], involuntary: i64, others: usize) -> Disturbance {
        let on_core = |&(thread, ran, waited): &(u32, u64, u64)| {
            (thread, OnCore { ran: Duration::from_micros(ran), waited: Duration::from_micros(waited) })
        };
        Disturbance {
            threads: counts.iter().map(on_core).collect(),
            caller: 1,
            involuntary,
            others,
            cores: 4,
            stolen: None,
            throttled: None,
        }
    }

    #[test]
    fn a_worker_that_waited_for_more_than_one_percent_spoils_a_sample() {
        let start = reading(&[(1, 500, 10), (2, 0, 0)], 0, 0);
        let end = |waited: u64| reading(&[(1, 20_000, 10 + waited), (2, 20_000, 0)], 3, 0);
        assert!(start.is_clean(&end(200), WALL, width(2)));
        assert!(!start.is_clean(&end(201), WALL, width(2)));
        let short = Duration::from_millis(2);
        assert!(start.is_clean(&end(100), short, width(2)), "a hand-off is no wait");
        assert!(!start.is_clean(&end(101), short, width(2)));
    }

    #[test]
    fn how_long_the_caller_waited_says_nothing_unless_it_worked() {
        let start = reading(&[(1, 0, 0), (2, 0, 0)], 0, 0);
        let idle_caller = reading(&[(1, 1_999, 5_000), (2, 20_000, 0)], 0, 0);
        assert!(start.is_clean(&idle_caller, WALL, width(1)));
        let idle_worker = reading(&[(1, 20_000, 0), (2, 0, 5_000)], 0, 0);
        assert!(!start.is_clean(&idle_worker, WALL, width(2)), "it was ready, and did not get to work");
    }

    #[test]
    fn where_threads_ended_a_single_switch_spoils_it() {
        let start = reading(&[(1, 0, 0), (2, 0, 0)], 5, 0);
        assert!(start.is_clean(&reading(&[(1, 0, 0)], 5, 0), WALL, width(2)));
        assert!(!start.is_clean(&reading(&[(1, 0, 0)], 6, 0), WALL, width(2)));
    }

    #[test]
    fn others_spoil_it_only_where_they_leave_too_few_cores() {
        let (quiet, two_others) = (reading(&[(1, 0, 0)], 0, 0), reading(&[(1, 0, 0)], 0, 2));
        assert!(quiet.is_clean(&two_others, WALL, width(2)));
        assert!(!quiet.is_clean(&two_others, WALL, width(3)));
        assert!(!two_others.is_clean(&quiet, WALL, width(3)));
    }

    #[test]
    fn what_a_host_or_a_quota_took_spoils_it() {
        let start = reading(&[(1, 0, 0)], 0, 0);
        let tick = Some(Duration::from_millis(10));
        assert!(!start.is_clean(&Disturbance { stolen: tick, ..start.clone() }, WALL, width(1)));
        let long = 100 * Duration::from_millis(10);
        assert!(start.is_clean(&Disturbance { stolen: tick, ..start.clone() }, long, width(1)), "1% of it");
        let limited = Disturbance { throttled: Some(3), ..start };
        assert!(limited.is_clean(&limited, WALL, width(1)));
        assert!(!limited.is_clean(&Disturbance { throttled: Some(4), ..limited.clone() }, WALL, width(1)));
    }

    #[test]
    fn threads_that_outnumber_their_cores_are_disturbed_by_others_alone() {
        let (quiet, switched) =
            (reading(&[(1, 0, 0)], 0, 0), reading(&[(1, 20_000, 9_999), (2, 0, 0)], 7, 0));
        assert!(quiet.is_clean(&switched, WALL, width(5)));
        assert!(!quiet.is_clean(&switched, WALL, width(4)));
        assert!(!quiet.is_clean(&reading(&[(1, 0, 0)], 0, 1), WALL, width(5)));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_has_the_counters() {
        assert!(Disturbance::now().is_some());
    }
}
