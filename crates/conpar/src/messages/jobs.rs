//! Jobs that pass through the threads of a child program, counted at both ends.
//!
//! For the text of a child program: `use conpar::messages::jobs::{Job, Jobs, Results, check};`, by name, since the prelude
//! has another `Job` and another `check`. Its `main` hands a function to [`check`], which gives it [`Jobs`] to take and
//! [`Results`] to put. A job can be done once and a result be put once: the types see to that, so that what is missing was
//! lost.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::child::{How, child, tell_and_end};
use crate::language::{say, word};
use crate::sweep::{Swept, sweep};
use crate::workload::xorshift;
use crate::{Error, machine};

/// How many jobs a run has.
pub const JOBS: u64 = 300;

/// The arm whose workers share nothing, as the process that is tried names it.
const APART: &str = "nothing shared";

/// The work of a job, in steps of [`xorshift`]: some tens of microseconds.
const STEPS: u64 = 20_000;

/// The time that the measurement takes.
const BUDGET: Duration = Duration::from_secs(2);

/// How long the child may take for all of it.
const DEADLINE: Duration = Duration::from_secs(20);

/// How often a watchdog looks, and in how many looks, one after the other, all threads have to sleep and no job to get on,
/// before a run counts as stuck. Looks are counted, and not time: a machine that stood still has not looked.
const LOOK: Duration = Duration::from_millis(5);
const SILENT_LOOKS: u32 = 100;

/// What is counted of the run that is on: a process tries one program, and one run of it at a time. Nothing is published with
/// these numbers: `Relaxed` is enough.
static TAKEN: AtomicU64 = AtomicU64::new(0);
static PUT: AtomicU64 = AtomicU64::new(0);
static SUM: AtomicU64 = AtomicU64::new(0);
/// The most jobs that were taken and not yet put.
static MOST_BETWEEN: AtomicU64 = AtomicU64::new(0);

/// Where the jobs come from: an iterator of them. There is one; how to share it is the program's own affair.
#[derive(Debug)]
pub struct Jobs {
    next: u64,
}

/// A job that was taken and is to be done.
#[derive(Debug)]
pub struct Job(u64);

/// The result of a job.
#[derive(Debug)]
pub struct Done(u64);

/// Where the results go.
#[derive(Debug)]
pub struct Results(());

impl Iterator for Jobs {
    type Item = Job;

    fn next(&mut self) -> Option<Job> {
        let number = self.next;
        (number < JOBS).then(|| {
            self.next += 1;
            let taken = 1 + TAKEN.fetch_add(1, Ordering::Relaxed);
            let between = taken.saturating_sub(PUT.load(Ordering::Relaxed));
            MOST_BETWEEN.fetch_max(between, Ordering::Relaxed);
            Job(number)
        })
    }
}

impl Job {
    /// Does the job: some tens of microseconds of computing.
    pub fn work(self) -> Done {
        Done(xorshift(std::hint::black_box(STEPS)) ^ self.0)
    }
}

impl Results {
    /// Puts a result.
    pub fn put(&mut self, done: Done) {
        PUT.fetch_add(1, Ordering::Relaxed);
        SUM.fetch_add(done.0, Ordering::Relaxed);
    }
}

/// What came of a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Tried {
    /// All its threads slept, and no job got on.
    Stuck {
        /// The jobs that were taken.
        taken: u64,
        /// The results that were put.
        put: u64,
    },
    /// It came back.
    Ran {
        /// The results that were put in its first run, of [`JOBS`].
        put: u64,
        /// The most jobs that were taken and not yet put.
        most_between: u64,
        /// How fast it was, beside serial code and beside workers that share nothing; `None` where that was not measured: a
        /// result was missing, too many jobs were between, or there is one core.
        swept: Option<Swept>,
    },
    /// It was still busy when its time was up.
    TookTooLong,
}

/// The most jobs that a program may have between its two ends: eight for each core, and at least 64.
pub fn most_between() -> u64 {
    8 * machine::available_cores().max(8) as u64
}

/// One run: the number of results and their sum.
fn run(mine: &dyn Fn(usize, Jobs, Results), workers: usize) -> (u64, u64) {
    [&TAKEN, &PUT, &SUM].into_iter().for_each(|count| count.store(0, Ordering::Relaxed));
    mine(workers, Jobs { next: 0 }, Results(()));
    (PUT.load(Ordering::Relaxed), SUM.load(Ordering::Relaxed))
}

fn serial(_: usize, jobs: Jobs, mut results: Results) {
    jobs.for_each(|job| results.put(job.work()));
}

/// So many workers, each with jobs of its own from the beginning, and nothing between them: what the machine gives at all.
fn apart(workers: usize) -> (u64, u64) {
    let (count, workers) = (JOBS, workers.max(1));
    let worker = |first: u64| {
        (first..count).step_by(workers).map(|number| Job(number).work().0).fold(0_u64, u64::wrapping_add)
    };
    let sum = std::thread::scope(|scope| {
        let worker = &worker;
        let threads: Vec<_> = (0..workers as u64).map(|first| scope.spawn(move || worker(first))).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).fold(0_u64, u64::wrapping_add)
    });
    (count, sum)
}

/// Tries a function: it takes the number of workers that are to work, the jobs, and where the results go. Then it tells the
/// kernel, and ends the process.
pub fn check(mine: impl Fn(usize, Jobs, Results)) {
    let workers = machine::available_cores();
    std::thread::spawn(watch);
    let (put, _) = run(&mine, workers);
    let between = MOST_BETWEEN.load(Ordering::Relaxed);
    let ran = |most_between, swept| Tried::Ran { put, most_between, swept };
    if put < JOBS || between > most_between() || workers < 2 {
        tell_and_end(&ran(between, None));
    }
    let swept = sweep("300 jobs", "workers")
        .over([workers as u64])
        .serial(|| run(&serial, 1))
        .arm(APART, |workers| apart(workers as usize))
        .arm("mine", |workers| run(&mine, workers as usize))
        .operations(|_| JOBS)
        .threads(|workers| workers as usize)
        .blocking()
        .budget(BUDGET)
        .measure_with(&mut |_| ());
    match swept {
        Ok(swept) => tell_and_end(&ran(MOST_BETWEEN.load(Ordering::Relaxed), Some(swept))),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1)
        }
    }
}

/// Ends the process when a run is stuck.
fn watch() {
    let now = || (TAKEN.load(Ordering::Relaxed), PUT.load(Ordering::Relaxed));
    let (mut before, mut silent) = (now(), 0);
    loop {
        std::thread::sleep(LOOK);
        let (taken, put) = now();
        let asleep = (taken, put) == before && machine::other_threads_sleep() == Some(true);
        (before, silent) = ((taken, put), if asleep { silent + 1 } else { 0 });
        if silent >= SILENT_LOOKS {
            tell_and_end(&Tried::Stuck { taken, put });
        }
    }
}

/// The measurement with the names of the language that is spoken here, where it is shown.
fn named(tried: Tried) -> Tried {
    let Tried::Ran { put, most_between, swept: Some(mut swept) } = tried else { return tried };
    swept.name = say!(en: "300 jobs", pt: "300 serviços");
    swept.parameter = say!(en: "workers", pt: "trabalhadores");
    swept
        .series
        .iter_mut()
        .filter(|series| series.arm == APART)
        .for_each(|series| series.arm = apart_named());
    Tried::Ran { put, most_between, swept: Some(swept) }
}

/// What workers that share nothing are called.
pub(crate) fn apart_named() -> String {
    word!(en: APART, pt: "nada compartilhado").to_owned()
}

/// Builds the program whose whole text is `text`, lets it be tried in a process of its own, and gives what came of it.
///
/// # Errors
///
/// Those of [`child`]; [`Error::ChildFailed`] with what it said when it failed.
pub fn try_jobs(text: &str) -> Result<Tried, Error> {
    let ended = child(text)?.deadline(DEADLINE).run()?;
    let failed =
        |reason: String| Error::ChildFailed { what: say!(en: "your program", pt: "seu programa"), reason };
    match (ended.told(), ended.how) {
        // Who waits for a thread that panicked waits for ever: the panic is what went wrong.
        (Some(Tried::Stuck { .. }), _) if ended.stderr.text.contains("panicked at") => Err(failed(say!(
            en: "a thread panicked, and the others wait for it. {}",
            pt: "uma thread entrou em pânico, e as outras esperam por ela. {}",
            ended.last_lines()
        ))),
        (Some(tried), _) => Ok(named(tried)),
        (None, How::Deadline) => Ok(Tried::TookTooLong),
        (None, How::Exited(0)) => {
            let reason = word!(
                en: "it did not report: its `main` has to hand your function to `check(…)`",
                pt: "ele não deu notícia: sua `main` precisa entregar sua função a `check(…)`"
            );
            Err(failed(reason.to_owned()))
        }
        (None, how) => Err(failed(format!("{} {}", how.words(), ended.last_lines()))),
    }
}
