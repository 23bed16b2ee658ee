//! Worker processes that die where it was planned: for pools that are to be tried, in the text of a [`child`](crate::child)
//! program.
//!
//! [`run`] is the program's `main`: it starts an `attend` for each worker, which hands out jobs through a [`Worker`] and
//! writes down what it took as answers. Where the deaths are is told by the program's arguments ([`Plan`]).

use std::collections::BTreeMap;
use std::fmt;
use std::io::{Read, Write, stdin, stdout};
use std::process::{Child, Command, Stdio, abort};
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::log::Log;
use crate::child::tell;
use crate::language::say;
use crate::sweep::sweep;
use crate::{machine, workload};

/// What a worker does for a job: about a millisecond of integer work, and then the job's number is added.
const STEPS: u64 = 400_000;

/// The bytes of a job, and of an answer.
const BYTES: usize = 8;

/// The answer to a job.
pub fn answer(job: u64) -> u64 {
    workload::xorshift(STEPS).wrapping_add(job)
}

/// When a worker dies of which it was planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It has read the job and computed, and answers nothing.
    Before,
    /// It has written half of the answer.
    Middle,
    /// It has written the whole answer, and does not read another job.
    After,
}

/// A planned death.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Death {
    /// The number of the worker.
    pub worker: usize,
    /// Which of the workers of this number that were started one after another, counted from 0.
    pub life: usize,
    /// At which of its jobs, counted from 0.
    pub turn: usize,
    /// When.
    pub stage: Stage,
}

/// How a pool is tried, as the arguments of its program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How many jobs there are.
    pub jobs: u64,
    /// How many workers at once.
    pub workers: usize,
    /// Where they die.
    pub deaths: Vec<Death>,
}

impl Plan {
    /// The program's arguments.
    pub fn arguments(&self) -> Vec<String> {
        let numbers = [self.jobs.to_string(), self.workers.to_string()];
        numbers.into_iter().chain(self.deaths.iter().map(Death::to_string)).collect()
    }

    fn read(arguments: &[String]) -> Option<Plan> {
        let (numbers, deaths) = arguments.split_at_checked(2)?;
        let deaths = deaths.iter().map(|death| death.parse().ok()).collect::<Option<Vec<_>>>()?;
        Some(Plan { jobs: numbers[0].parse().ok()?, workers: numbers[1].parse().ok()?, deaths })
    }
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}.{:?}", self.worker, self.life, self.turn, self.stage)
    }
}

impl FromStr for Death {
    type Err = ();

    fn from_str(text: &str) -> Result<Death, ()> {
        let fields: Vec<&str> = text.split('.').collect();
        let [worker, life, turn, stage] = fields[..] else { return Err(()) };
        let number = |text: &str| text.parse().map_err(|_| ());
        let stages = [Stage::Before, Stage::Middle, Stage::After];
        let stage = stages.into_iter().find(|known| format!("{known:?}") == stage).ok_or(())?;
        Ok(Death { worker: number(worker)?, life: number(life)?, turn: number(turn)?, stage })
    }
}

/// The argument that makes the program a worker, and the one that makes it time itself.
const WORK: &str = "work";
const TIME: &str = "time";

/// What is planned in this program.
static PLANNED: Mutex<Planned> = Mutex::new(Planned { deaths: Vec::new(), lives: BTreeMap::new() });

struct Planned {
    deaths: Vec<Death>,
    /// How often the worker of each number was started.
    lives: BTreeMap<usize, usize>,
}

impl Planned {
    /// The death of the next worker of this number.
    fn next(&mut self, worker: usize) -> Option<Death> {
        let lives = self.lives.entry(worker).or_default();
        let life = std::mem::replace(lives, *lives + 1);
        self.deaths.iter().find(|death| (death.worker, death.life) == (worker, life)).copied()
    }
}

/// A worker process of the same program. What is sent and what ends is written down by itself; what was answered is for the
/// pool to write down.
#[derive(Debug)]
pub struct Worker<'l> {
    log: &'l Log,
    number: usize,
    process: Child,
}

impl<'l> Worker<'l> {
    /// Starts the worker of this number, or the next one of it.
    ///
    /// # Panics
    ///
    /// Where the system starts no process.
    pub fn start(log: &'l Log, number: usize) -> Worker<'l> {
        let death = PLANNED.lock().unwrap_or_else(PoisonError::into_inner).next(number);
        let process = std::env::current_exe().and_then(|program| {
            let mut command = Command::new(program);
            command.arg(WORK).args(death.map(|death| death.to_string()));
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
        });
        let process = process.unwrap_or_else(|error| {
            let why = say!(
                en: "the system starts no worker: {error}",
                pt: "o sistema não inicia um trabalhador: {error}"
            );
            panic!("{why}")
        });
        log.started(number);
        Worker { log, number, process }
    }

    /// Sends a job; whether it went into the pipe.
    pub fn send(&mut self, job: u64) -> bool {
        self.log.given(self.number, job);
        self.process.stdin.as_mut().is_some_and(|pipe| pipe.write_all(&job.to_le_bytes()).is_ok())
    }

    /// Waits for the next answer. `None` when no whole answer comes any more: the worker has ended.
    pub fn receive(&mut self) -> Option<u64> {
        let mut answer = [0; BYTES];
        self.process.stdout.as_mut()?.read_exact(&mut answer).ok()?;
        Some(u64::from_le_bytes(answer))
    }

    /// Closes the worker's input, at whose end it returns, and waits for it.
    pub fn end(mut self) {
        self.log.ended(self.number, self.process.wait());
    }
}

/// Runs a pool, of which `attend` is what is done for each worker: with the jobs that are left, and the worker's number.
pub fn run(attend: fn(&Log, &Mutex<Vec<u64>>, usize)) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let plan = match arguments.first().map(String::as_str) {
        Some(WORK) => return work(arguments.get(1).and_then(|death| death.parse().ok())),
        Some(TIME) => return time(attend),
        _ => Plan::read(&arguments).unwrap_or(Plan { jobs: 40, workers: 2, deaths: Vec::new() }),
    };
    PLANNED.lock().unwrap_or_else(PoisonError::into_inner).deaths = plan.deaths;
    let log = Log::begin(plan.jobs);
    pool(&log, plan.workers, attend);
}

fn pool(log: &Log, workers: usize, attend: fn(&Log, &Mutex<Vec<u64>>, usize)) -> usize {
    let jobs = Mutex::new((0..log.jobs()).rev().collect());
    std::thread::scope(|scope| {
        for number in 0..workers {
            let jobs = &jobs;
            scope.spawn(move || attend(log, jobs, number));
        }
    });
    jobs.into_inner().unwrap_or_else(PoisonError::into_inner).len()
}

/// Times the pool on one worker and on two.
fn time(attend: fn(&Log, &Mutex<Vec<u64>>, usize)) {
    const JOBS: u64 = 60;
    let timed = sweep("your pool", "workers")
        .over([1, 2])
        .arm("pool", |workers| pool(&Log::silent(JOBS), workers as usize, attend))
        .threads(|workers| (workers as usize).min(machine::available_cores()))
        .blocking()
        .budget(Duration::from_secs(2))
        .measure_with(&mut |_| ());
    match timed {
        Ok(swept) => tell(&swept),
        Err(error) => panic!("{error}"),
    }
}

fn work(death: Option<Death>) {
    let (mut input, mut output, mut job) = (stdin().lock(), stdout().lock(), [0; BYTES]);
    let mut turn = 0;
    while input.read_exact(&mut job).is_ok() {
        let answer = answer(u64::from_le_bytes(job)).to_le_bytes();
        let stage = death.filter(|death| death.turn == turn).map(|death| death.stage);
        let sent = match stage {
            Some(Stage::Before) => 0,
            Some(Stage::Middle) => BYTES / 2,
            Some(Stage::After) | None => BYTES,
        };
        // A pool that is gone needs no answer.
        let written = output.write_all(&answer[..sent]).and_then(|()| output.flush());
        if written.is_err() {
            return;
        }
        if stage.is_some() {
            abort();
        }
        turn += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_read_from_the_arguments_that_it_makes() {
        let death = Death { worker: 1, life: 0, turn: 3, stage: Stage::Middle };
        let plan = Plan {
            jobs: 60,
            workers: 3,
            deaths: vec![death, Death { stage: Stage::After, life: 2, ..death }],
        };
        assert_eq!(Plan::read(&plan.arguments()), Some(plan));
        assert_eq!(Plan::read(&["1".to_owned(), "2".to_owned(), "x".to_owned()]), None);
    }
}
