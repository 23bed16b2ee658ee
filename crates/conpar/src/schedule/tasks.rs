//! The tasks: how long each takes, as it was measured here or as somebody says.

use std::hint::black_box;
use std::ops::Range;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::language::word;
use crate::measure::median;

/// The most tasks of a list.
pub const MOST_TASKS: usize = 1_000_000;

/// The least time of a block of tasks that is timed as one: the clock's own cost, some 20 ns, stays below a thousandth.
const SHORTEST: Duration = Duration::from_micros(25);

/// How long [`task_times`] goes on, beside the passes that it needs: long enough for a median of some passes over work of
/// a tenth of a second.
const BUDGET: Duration = Duration::from_millis(700);

/// How often every task is run: a time is the median over the passes, so what disturbs one pass decides nothing.
const PASSES: std::ops::RangeInclusive<usize> = 3..=15;

/// The times of a list of tasks, in the order in which one worker would do them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tasks {
    /// The time of each task, in seconds.
    pub seconds: Vec<f64>,
    /// How many neighbouring tasks were timed as one, and share their time equally; 1 where each was timed by itself.
    pub block: usize,
    /// How often each was run; 0 where the times were not measured here.
    pub passes: usize,
}

impl Tasks {
    /// Times that were not measured by [`task_times`], in seconds.
    ///
    /// # Errors
    ///
    /// [`Error::NoTasks`], [`Error::TooManyToSchedule`], and [`Error::NoTime`] for a time that is none.
    pub fn of(seconds: impl IntoIterator<Item = f64>) -> Result<Tasks, Error> {
        // One more than allowed shows that there are too many, of an endless list as well.
        let seconds: Vec<f64> = seconds.into_iter().take(MOST_TASKS + 1).collect();
        let tasks = Tasks { seconds, block: 1, passes: 0 };
        tasks.check()?;
        Ok(tasks)
    }

    /// The time of all tasks, one after the other, in seconds.
    pub fn total(&self) -> f64 {
        self.seconds.iter().sum()
    }

    /// The time of the longest task, in seconds.
    pub fn longest(&self) -> f64 {
        self.seconds.iter().copied().fold(0.0, f64::max)
    }

    /// Refuses lists that no scheduler can be given.
    pub(super) fn check(&self) -> Result<(), Error> {
        count(self.seconds.len())?;
        let wrong = |(_, time): &(usize, &f64)| !time.is_finite() || **time < 0.0;
        if let Some((task, time)) = self.seconds.iter().enumerate().find(wrong) {
            return Err(Error::NoTime { task, seconds: time.to_string() });
        }
        let total = self.total();
        match total > 0.0 && total.is_finite() {
            true => Ok(()),
            false => {
                let what = word!(
                    en: "the times of the tasks together",
                    pt: "os tempos das tarefas somados"
                );
                Err(Error::NotPositive { what, value: total.to_string() })
            }
        }
    }
}

fn count(tasks: usize) -> Result<(), Error> {
    match tasks {
        0 => Err(Error::NoTasks),
        asked if asked > MOST_TASKS => Err(Error::TooManyToSchedule { most: MOST_TASKS }),
        _ => Ok(()),
    }
}

/// Measures how long `work` takes for each of `items`, on this thread, one after the other.
///
/// Each item is one task. Where tasks are so short that the clock would weigh, neighbours are timed together and share the
/// time equally. All are run several times, in about a second; the time of each is the median.
///
/// ```
/// use conpar::prelude::*;
///
/// let tasks = task_times(0..100_u64, |n| (0..n * 100).map(|k| k ^ n).sum::<u64>())?;
/// assert_eq!(tasks.seconds.len(), 100);
/// # Ok::<(), conpar::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::NoTasks`], [`Error::TooManyToSchedule`].
pub fn task_times<I: Clone, T>(
    items: impl IntoIterator<Item = I>,
    work: impl Fn(I) -> T,
) -> Result<Tasks, Error> {
    let items: Vec<I> = items.into_iter().take(MOST_TASKS + 1).collect();
    let run = |range: Range<usize>| {
        for item in &items[range] {
            black_box(work(black_box(item.clone())));
        }
    };
    measured(items.len(), &run)
}

fn measured(tasks: usize, run: &dyn Fn(Range<usize>)) -> Result<Tasks, Error> {
    count(tasks)?;
    let clock = Instant::now();
    let time = |range: Range<usize>| {
        let start = Instant::now();
        run(range);
        start.elapsed().as_secs_f64()
    };
    let whole = time(0..tasks);
    // As many tasks as take the shortest time on average; where they differ, some blocks are shorter than that.
    let each = (whole / tasks as f64).max(1e-12);
    let block = ((SHORTEST.as_secs_f64() / each).ceil() as usize).clamp(1, tasks);
    let mut passes: Vec<Vec<f64>> = vec![Vec::new(); tasks.div_ceil(block)];
    let mut done = 0;
    while done < *PASSES.start() || (done < *PASSES.end() && clock.elapsed() < BUDGET) {
        for (index, times) in passes.iter_mut().enumerate() {
            times.push(time(index * block..((index + 1) * block).min(tasks)));
        }
        done += 1;
    }
    let mut seconds = Vec::with_capacity(tasks);
    for times in &mut passes {
        let share = block.min(tasks - seconds.len());
        seconds.resize(seconds.len() + share, median(times) / share as f64);
    }
    let tasks = Tasks { seconds, block, passes: done };
    tasks.check()?;
    Ok(tasks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::xorshift;

    #[test]
    fn longer_tasks_get_longer_times_and_short_ones_are_timed_together() {
        let tasks = task_times([40_000, 400_000_u64], xorshift).expect("two tasks");
        assert_eq!(tasks.block, 1);
        assert!(tasks.seconds[1] > 3.0 * tasks.seconds[0], "{tasks:?}");
        let short = task_times(0..1_000_u64, |n| n + 1).expect("a thousand tasks");
        assert!(short.block > 10 && short.seconds.len() == 1_000, "{} in a block", short.block);
    }

    #[test]
    fn lists_that_cannot_be_scheduled_are_refused() {
        assert_eq!(Tasks::of([]), Err(Error::NoTasks));
        assert_eq!(task_times(0..0, |n: u64| n), Err(Error::NoTasks));
        assert_eq!(Tasks::of([1.0, -1.0]), Err(Error::NoTime { task: 1, seconds: "-1".into() }));
        assert_eq!(Tasks::of([f64::NAN]), Err(Error::NoTime { task: 0, seconds: "NaN".into() }));
        assert!(Tasks::of([0.0, 0.0]).is_err() && Tasks::of([f64::MAX, f64::MAX]).is_err());
        assert_eq!(Tasks::of(std::iter::repeat(1.0)), Err(Error::TooManyToSchedule { most: MOST_TASKS }));
    }
}
