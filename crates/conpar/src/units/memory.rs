//! The experiment: units that wait, in child processes, and how much memory one of them takes.

use std::cmp::Reverse;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rayon::prelude::*;

use super::resident::{Arm, Resident};
use super::run::{Told, run};
use crate::Error;
use crate::child::{Program, child, go};
use crate::error::check_names;
use crate::language::{say, word};
use crate::machine::{self, Allowed, Needs, limits};
use crate::measure::MIN_ROUNDS;
use crate::recorded::{self, Curve};

/// How long one run may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// The most numbers of units, and the largest.
const MOST_STEPS: usize = 12;
const MOST_UNITS: u64 = 10_000_000;

/// How many programs run side by side: memory is counted, not timed.
const SIDE_BY_SIDE: usize = 2;

/// From how many units on it takes so long to make them that they are made in the first rounds only: any, and those that are
/// threads.
const LARGE: u64 = 50_000;
const LARGE_THREADS: u64 = 5_000;
const LARGE_ROUNDS: usize = 2;

/// The address space that a stack takes, used or not: 2 MiB, as Rust's threads have, and a page to guard it.
const STACK: u64 = (2 << 20) + (64 << 10);

/// Begins an experiment on the memory of units that wait. See [`Memory`].
pub fn memory(name: &str) -> Memory {
    Memory { name: name.to_owned(), steps: Vec::new(), arms: Vec::new() }
}

/// An experiment that is being put together.
#[derive(Debug)]
#[must_use = "an experiment measures nothing until `.measure()`"]
pub struct Memory {
    name: String,
    steps: Vec<u64>,
    arms: Vec<Planned>,
}

#[derive(Debug)]
struct Planned {
    name: String,
    text: Text,
    needs: Needs,
    wanted: u64,
}

#[derive(Debug)]
enum Text {
    Rust(String),
    Go(String),
}

/// An arm that is ready to run, or what was recorded of it.
enum Ready {
    Here { program: Box<Program>, steps: Vec<u64>, allowed: Allowed },
    Recorded(Curve, String),
}

impl Memory {
    /// The numbers of units at which the memory is read.
    pub fn over(mut self, units: impl IntoIterator<Item = u64>) -> Memory {
        self.steps = units.into_iter().collect();
        self
    }

    /// A Rust program whose `main` makes units with a [`Gauge`](super::Gauge): what one of them takes of the system's limits, and
    /// how many are wanted at most. Where the limits allow fewer, it is scaled down and says so.
    pub fn rust(self, name: &str, text: &str, needs: Needs, wanted: u64) -> Memory {
        self.add(name, Text::Rust(text.to_owned()), needs, wanted)
    }

    /// A Go program whose `main` makes goroutines with `memory`. Where there is no Go, what was recorded stands in.
    pub fn go(self, name: &str, text: &str, wanted: u64) -> Memory {
        self.add(name, Text::Go(text.to_owned()), Needs::TASK, wanted)
    }

    /// Builds the programs and runs each several times.
    ///
    /// # Errors
    ///
    /// [`Error::NoArm`], [`Error::EmptyName`], [`Error::DuplicateName`], [`Error::NoValues`], [`Error::TooManyValues`];
    /// [`Error::NotPositive`] for numbers of units out of range; those of [`child`] and [`go`], but for [`Error::NoGo`];
    /// [`Error::ChildFailed`] when a program makes not even the fewest units.
    pub fn measure(mut self) -> Result<Resident, Error> {
        self.check()?;
        let limits = limits();
        let budget =
            limits.allow(Needs { bytes: 1, ..Needs::default() }, 1 << 40).count / SIDE_BY_SIDE as u64;
        let ready = |arm: &Planned| {
            let allowed = limits.allow(arm.needs, arm.wanted);
            let steps: Vec<u64> = self.steps.iter().copied().filter(|&step| step <= allowed.count).collect();
            let stacks = if arm.needs.threads + arm.needs.mappings > 0 { allowed.count * STACK } else { 0 };
            let program = match &arm.text {
                Text::Rust(text) => child(text)?,
                Text::Go(text) => match go(text) {
                    Err(Error::NoGo) => {
                        let record = recorded::Goroutines::load()?;
                        return Ok(Ready::Recorded(record.curve("memory")?.clone(), record.about()));
                    }
                    program => program?,
                },
            };
            let program = Box::new(program.deadline(DEADLINE).memory(budget + stacks));
            Ok(Ready::Here { program, steps, allowed })
        };
        let ready: Vec<Ready> = self.arms.par_iter().map(ready).collect::<Result<_, Error>>()?;
        let rounds = self.rounds(&ready, budget)?;
        let arms = self.arms.iter().zip(ready).enumerate().map(|(index, (arm, ready))| match ready {
            Ready::Recorded(curve, about) => Arm::recorded(&arm.name, &curve, about),
            Ready::Here { allowed, .. } => Arm::new(&arm.name, &self.steps, &rounds[index], allowed),
        });
        Ok(Resident {
            name: self.name.clone(),
            rounds: MIN_ROUNDS,
            cores: machine::available_cores(),
            arms: arms.collect(),
        })
    }

    /// What each arm told in each round.
    fn rounds(&self, ready: &[Ready], budget: u64) -> Result<Vec<Vec<Vec<Told>>>, Error> {
        let runs = (0..MIN_ROUNDS).flat_map(|round| (0..ready.len()).map(move |arm| (round, arm)));
        // Threads and processes are counted for all programs together: one program at a time takes what it may of them.
        let is_counted = |&(_, arm): &(usize, usize)| self.arms[arm].needs.threads > 0;
        let (counted, mut others): (Vec<_>, Vec<_>) = runs.partition(is_counted);
        // Those that make most go first: the others then fill the time of the longest.
        others.sort_by_key(|&(round, arm)| (round >= LARGE_ROUNDS, Reverse(self.arms[arm].wanted)));
        let (counted, others) = (Mutex::new(counted.into_iter()), Mutex::new(others.into_iter()));
        let told = Mutex::new(vec![Vec::new(); ready.len()]);
        let work = |runs: &Mutex<std::vec::IntoIter<(usize, usize)>>| -> Result<(), Error> {
            // The lock is given back before the run begins.
            let next = || lock(runs).next();
            while let Some((round, arm)) = next() {
                let Ready::Here { program, steps, .. } = &ready[arm] else { continue };
                let large = if is_counted(&(round, arm)) { LARGE_THREADS } else { LARGE };
                let few = |step: &&u64| round < LARGE_ROUNDS || **step < large;
                let steps: Vec<u64> = steps.iter().filter(few).copied().collect();
                if !steps.is_empty() {
                    let run = run(&self.arms[arm].name, program, budget, &steps)?;
                    lock(&told)[arm].push(run);
                }
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let beside = scope.spawn(|| work(&others));
            let here = work(&counted).and_then(|()| work(&others));
            let beside = beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            here.and(beside)
        })?;
        Ok(told.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(mut self, name: &str, text: Text, needs: Needs, wanted: u64) -> Memory {
        self.arms.push(Planned { name: name.to_owned(), text, needs, wanted });
        self
    }

    fn check(&mut self) -> Result<(), Error> {
        check_names(
            &[(word!(en: "the experiment", pt: "o experimento"), &self.name)],
            self.arms.iter().map(|arm| &arm.name),
        )?;
        if self.arms.is_empty() {
            return Err(Error::NoArm);
        }
        self.steps.sort_unstable();
        self.steps.dedup();
        match (self.steps.len(), self.steps.first(), self.steps.last()) {
            (0, ..) => Err(Error::NoValues),
            (asked, ..) if asked > MOST_STEPS => Err(Error::TooManyValues { asked, most: MOST_STEPS }),
            (_, Some(&first), Some(&last)) if first == 0 || last > MOST_UNITS => Err(Error::NotPositive {
                what: word!(en: "the numbers of units", pt: "os números de unidades"),
                value: say!(
                    en: "{first} to {last}, and at most {MOST_UNITS} fit",
                    pt: "{first} a {last}, e cabem no máximo {MOST_UNITS}"
                ),
            }),
            _ => Ok(()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
