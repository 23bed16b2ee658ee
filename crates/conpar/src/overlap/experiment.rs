//! Runs the four corners in rounds.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::result::{Corner, Overlapped, Place, Work};
use crate::error::{Error, panic_message};
use crate::language::word;
use crate::machine;
use crate::measure::{self, Plan, Sample, Stopped, Width, interval, run_rounds, watch};
use crate::trace::{Lane, Recorder, Timeline, trace};

/// The most tasks at once: more lanes cannot be told apart in a figure.
pub const MOST_TASKS: usize = 32;

/// How long the experiment measures.
const BUDGET: Duration = Duration::from_secs(3);

/// How long it measures at most, for tasks that are long.
const LIMIT: Duration = Duration::from_secs(6);

/// Up to which half-width of every interval it goes on.
const PRECISION: f64 = 0.03;

/// The share of a run on one core that its tasks may have spent off it, before others must have had it; and the time
/// that each task may have besides, to be started and joined.
const LOST: f64 = 0.03;
const STARTING: Duration = Duration::from_micros(50);

/// A task of the reader, which records what it does.
type Task<'a> = dyn Fn(&mut Lane) + Sync + 'a;

/// The reader's concurrent code: `at_once(tasks, task)` runs `task(0)` to `task(tasks - 1)`, all at once.
type AtOnce<'a> = dyn Fn(usize, &(dyn Fn(usize) + Sync)) + 'a;

/// Begins an experiment named `name` with so many `tasks`, which `at_once` runs.
///
/// `at_once` is the concurrent code: it calls `task(number)` once for each number from 0 to `tasks - 1`, in whatever way
/// it likes, and returns when all have ended.
pub fn overlap<'a>(
    name: &str,
    tasks: usize,
    at_once: impl Fn(usize, &(dyn Fn(usize) + Sync)) + 'a,
) -> Overlap<'a> {
    Overlap {
        name: name.to_owned(),
        tasks,
        at_once: Box::new(at_once),
        waiting: Box::new(|lane| lane.waiting(|| std::thread::sleep(Duration::from_millis(10)))),
        computing: Box::new(|lane| {
            for _ in 0..50 {
                lane.computing(|| std::hint::black_box(crate::workload::xorshift(100_000)));
            }
        }),
    }
}

/// An experiment that is being put together. See [`overlap`].
#[must_use = "an experiment measures nothing until `.measure()`"]
pub struct Overlap<'a> {
    name: String,
    tasks: usize,
    at_once: Box<AtOnce<'a>>,
    waiting: Box<Task<'a>>,
    computing: Box<Task<'a>>,
}

/// One run of an arm.
struct Run {
    timeline: Timeline,
    threads: usize,
    /// The time that the tasks spent on a core, all together, where the system tells.
    on_core: Option<Duration>,
}

/// One arm of the rounds: one task alone, or all of them in one corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Arm {
    work: Work,
    /// `None` for one task alone.
    at_once: Option<Place>,
}

const ARMS: [Arm; 6] = {
    const fn arm(work: Work, at_once: Option<Place>) -> Arm {
        Arm { work, at_once }
    }
    [
        arm(Work::Waiting, None),
        arm(Work::Computing, None),
        arm(Work::Waiting, Some(Place::OneCore)),
        arm(Work::Waiting, Some(Place::AllCores)),
        arm(Work::Computing, Some(Place::OneCore)),
        arm(Work::Computing, Some(Place::AllCores)),
    ]
};

impl<'a> Overlap<'a> {
    /// The task that waits. It records its waits with [`Lane::waiting`].
    pub fn waiting(mut self, task: impl Fn(&mut Lane) + Sync + 'a) -> Self {
        self.waiting = Box::new(task);
        self
    }

    /// The task that computes. It records its work with [`Lane::computing`], in pieces of some 100 µs.
    pub fn computing(mut self, task: impl Fn(&mut Lane) + Sync + 'a) -> Self {
        self.computing = Box::new(task);
        self
    }

    /// Measures all four corners.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyName`], [`Error::ZeroTasks`], [`Error::TooManyTasks`]; [`Error::TasksNotRun`] when `at_once` leaves
    /// a task out or runs one twice; [`Error::Panicked`]; [`Error::NoAffinity`] where no thread can be bound to a core;
    /// [`Error::NotOnOneCore`] when a task ran on a thread that was there before; [`Error::TasksTooLong`] when fewer
    /// rounds fit into the time than an interval rests on.
    pub fn measure(self) -> Result<Overlapped, Error> {
        if self.name.trim().is_empty() {
            return Err(Error::EmptyName { what: word!(en: "the experiment", pt: "o experimento") });
        }
        match self.tasks {
            0 => return Err(Error::ZeroTasks),
            asked if asked > MOST_TASKS => return Err(Error::TooManyTasks { asked, most: MOST_TASKS }),
            _ => (),
        }
        let cores = machine::available_cores();
        let core = machine::on_one_core(|core| core)?;
        let mut timelines: Vec<Vec<Timeline>> = vec![Vec::new(); ARMS.len()];
        let (mut watched, mut threads) = (true, 0);
        let mut sample = |index: usize| {
            let arm = ARMS[index];
            let (run, clean) = watch(self.width(arm, cores), || self.run(arm));
            watched &= clean.is_some();
            let run = run?;
            threads = threads.max(run.threads);
            let clean =
                clean.unwrap_or(true) || (arm.at_once == Some(Place::OneCore) && self.had_the_core(&run));
            let sample = Sample { seconds: run.timeline.makespan, clean };
            timelines[index].push(run.timeline);
            Ok(sample)
        };
        let clock = Instant::now();
        for arm in 0..ARMS.len() {
            sample(arm)?;
            // The first round is a slow one, so it says "too long" only when it is so by far.
            if clock.elapsed() > 2 * LIMIT / measure::MIN_ROUNDS as u32 {
                return Err(Error::TasksTooLong { rounds: 0, seconds: clock.elapsed().as_secs_f64() });
            }
        }
        let one_round = clock.elapsed();
        let plan = Plan { budget: BUDGET, limit: LIMIT, precision: PRECISION, rounds: measure::MIN_ROUNDS };
        let rounds = run_rounds(ARMS.len(), &plan, &mut sample, &mut |_, _| ())?;
        if rounds.stopped == Stopped::TooFewRounds {
            let (rounds, seconds) = (rounds.samples.rounds(), one_round.as_secs_f64());
            return Err(Error::TasksTooLong { rounds, seconds });
        }
        let samples = &rounds.samples;
        let (times, resampled) = (samples.times(), samples.resample(measure::RESAMPLES));
        let corners = ARMS.iter().enumerate().filter_map(|(index, arm)| {
            let place = arm.at_once?;
            let alone = ARMS.iter().position(|other| other.work == arm.work && other.at_once.is_none())?;
            let gain = |times| self.tasks as f64 * samples.ratio(times, alone, index);
            let seconds = samples.seconds(&times, alone, index);
            // The run that is drawn is the one that is nearest to the estimate.
            let off = |timeline: &Timeline| (timeline.makespan - seconds).abs();
            let runs = std::mem::take(&mut timelines[index]);
            let typical = runs.into_iter().min_by(|one, two| off(one).total_cmp(&off(two)))?;
            Some(Corner {
                work: arm.work,
                place,
                seconds,
                alone: samples.seconds(&times, index, alone),
                gain: interval(gain(&times), resampled.iter().map(gain)),
                estimator: samples.estimator(alone, index),
                timeline: typical,
            })
        });
        Ok(Overlapped {
            corners: corners.collect(),
            rounds: samples.rounds(),
            tasks: self.tasks,
            name: self.name,
            cores,
            effective_cores: machine::effective_cores(),
            core,
            watched,
            threads,
        })
    }

    /// The cores that an arm wants and has. Tasks that wait want none for themselves.
    fn width(&self, arm: Arm, cores: usize) -> Width {
        let threads = if arm.work == Work::Waiting || arm.at_once.is_none() { 1 } else { self.tasks };
        let cores = if arm.at_once == Some(Place::OneCore) { 1 } else { cores };
        Width { threads, cores }
    }

    /// Whether tasks bound to one core had it to themselves: then their times on it add up to the time of the run. That
    /// holds also while others keep the other cores busy.
    fn had_the_core(&self, run: &Run) -> bool {
        let allowed = run.timeline.makespan * LOST + (STARTING * self.tasks as u32).as_secs_f64();
        run.on_core.is_some_and(|time| time.as_secs_f64() + allowed >= run.timeline.makespan)
    }

    fn run(&self, arm: Arm) -> Result<Run, Error> {
        match arm.at_once {
            None => self.traced(arm.work, 1),
            Some(Place::AllCores) => self.traced(arm.work, self.tasks),
            Some(Place::OneCore) => {
                let (core, run) = machine::on_one_core(|core| (core, self.traced(arm.work, self.tasks)))?;
                let run = run?;
                let elsewhere = run.timeline.cores().into_iter().find(|&other| other != core);
                elsewhere.map_or(Ok(run), |other| Err(Error::NotOnOneCore { core, other }))
            }
        }
    }

    fn traced(&self, work: Work, tasks: usize) -> Result<Run, Error> {
        let (name, task) = match work {
            Work::Waiting => (word!(en: "waiting", pt: "esperando"), &self.waiting),
            Work::Computing => (word!(en: "computing", pt: "calculando"), &self.computing),
        };
        let (ended, panicked) = (Mutex::new(Vec::new()), Mutex::new(None));
        let run_task = |recorder: &Recorder, number| {
            let before = machine::thread_cpu_time();
            // The panic goes on its way. Its words are kept: a thread that is joined says no more than that it panicked.
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| task(&mut recorder.lane(number)))) {
                lock(&panicked).get_or_insert_with(|| panic_message(&*panic));
                resume_unwind(panic);
            }
            let on_core =
                machine::thread_cpu_time().zip(before).map(|(after, before)| after.saturating_sub(before));
            lock(&ended).push((number, std::thread::current().id(), on_core));
        };
        let all_at_once = |recorder: &Recorder| (self.at_once)(tasks, &|number| run_task(recorder, number));
        // Nothing of a run that panicked is used again: the experiment is given up.
        let traced = catch_unwind(AssertUnwindSafe(|| trace(&self.name, all_at_once)));
        let message = lock(&panicked).take();
        let timeline = match (traced, message) {
            (Ok(timeline), None) => timeline,
            (Err(panic), None) => return Err(panicked_with(name, tasks, panic_message(&*panic))),
            (_, Some(message)) => return Err(panicked_with(name, tasks, message)),
        };
        let ended = ended.into_inner().unwrap_or_else(PoisonError::into_inner);
        let distinct: HashSet<usize> =
            ended.iter().map(|&(number, ..)| number).filter(|&number| number < tasks).collect();
        match (ended.len(), distinct.len()) {
            (all, each) if all == tasks && each == tasks => {
                let threads: HashSet<_> = ended.iter().map(|&(_, thread, _)| thread).collect();
                let on_core = ended.iter().map(|&(.., on_core)| on_core).sum();
                Ok(Run { timeline, threads: threads.len(), on_core })
            }
            (all, each) => {
                Err(Error::TasksNotRun { asked: tasks, ran: if all == tasks { each } else { all } })
            }
        }
    }
}

fn panicked_with(arm: &str, workers: usize, message: String) -> Error {
    Error::Panicked { arm: arm.to_owned(), workers, message }
}

/// What these locks guard stays whole when a task panics.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_core_was_theirs_when_their_times_on_it_add_up_to_the_run() {
        let four = overlap("4 tasks", 4, |_, _| ());
        let run = |on_core: Option<u64>| Run {
            timeline: Timeline { lanes: 4, makespan: 0.040, ..Timeline::default() },
            threads: 4,
            on_core: on_core.map(Duration::from_millis),
        };
        assert!(four.had_the_core(&run(Some(40))));
        assert!(four.had_the_core(&run(Some(39))), "starting and joining take a little");
        assert!(!four.had_the_core(&run(Some(38))), "another program had it for 2 ms");
        assert!(!four.had_the_core(&run(None)), "nothing is known");
    }
}
