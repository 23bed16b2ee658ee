//! `cargo lab test`: all the tests, one stage after the other, and one last line that sums them up.
//!
//! A stage that fails does not stop the next. Nothing runs beside anything else where a test measures.

mod book;
mod browser;
mod cargo;
mod chromium;
mod exercises;
mod interrupts;
mod kernel;
mod loaded;
mod notebooks;
mod script;

use std::process::ExitCode;
use std::time::Instant;

use crate::environment::Environment;
use crate::error::Result;
use crate::places::Places;
use crate::{progress, setup};

/// What a test came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    /// With what a reader needs to mend it.
    Failed(String),
    /// With the reason.
    Skipped(String),
}

/// How many tests passed, failed, were skipped.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    filter: Option<String>,
    passed: usize,
    failed: Vec<String>,
    skipped: Vec<String>,
}

/// What the stages work with.
pub(crate) struct Bench<'a> {
    pub(crate) places: &'a Places,
    pub(crate) environment: &'a Environment,
}

/// A stage: runs its tests and adds them to the tally.
type Stage = fn(&Bench, &mut Tally) -> Result<()>;

/// All stages, cheap ones first.
const STAGES: [(&str, Stage); 12] = [
    ("format", cargo::format),
    ("lints", cargo::lints),
    ("notebook form", notebooks::form),
    ("crates", cargo::tests),
    ("calibration", cargo::calibration),
    ("kernel", kernel::run),
    ("notebooks", notebooks::run),
    ("exercises", exercises::run),
    ("busy machine", loaded::run),
    ("interrupts", interrupts::run),
    ("browser", browser::run),
    ("book", book::run),
];

/// Sets up, then runs all stages; with a filter, the tests whose name, or whose stage's, contains it.
pub(crate) fn run(places: &Places, filter: Option<&str>) -> Result<ExitCode> {
    let environment = setup::run(places)?;
    let bench = Bench { places, environment: &environment };
    let mut tally = Tally::default();
    for (name, stage) in STAGES {
        let whole = filter.is_none_or(|filter| name.contains(filter));
        tally.filter = filter.filter(|_| !whole).map(str::to_owned);
        println!("\n== {name}");
        let started = Instant::now();
        if let Err(error) = stage(&bench, &mut tally) {
            tally.add(name, Outcome::Failed(error.to_string()));
        }
        println!("   {name}: {}", progress::duration(started.elapsed()));
    }
    Ok(tally.finish())
}

impl Tally {
    /// Says whether the filter lets this test run.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.filter.as_deref().is_none_or(|filter| name.contains(filter))
    }

    /// The filter, for a stage that hands it on.
    pub(crate) fn filter(&self) -> Option<&str> {
        self.filter.as_deref()
    }

    /// Counts one test, and says how it ended.
    pub(crate) fn add(&mut self, name: &str, outcome: Outcome) {
        match outcome {
            Outcome::Passed => {
                println!("   ok       {name}");
                self.passed += 1;
            }
            Outcome::Failed(why) => {
                println!("   FAILED   {name}\n{}", indented(&why));
                self.failed.push(name.to_owned());
            }
            Outcome::Skipped(why) => {
                println!("   skipped  {name}: {why}");
                self.skipped.push(format!("{name}: {why}"));
            }
        }
    }

    /// Counts tests that another program ran and reported.
    pub(crate) fn add_many(&mut self, passed: usize, failed: impl IntoIterator<Item = String>) {
        self.passed += passed;
        self.failed.extend(failed);
    }

    fn finish(self) -> ExitCode {
        println!();
        for name in &self.failed {
            println!("FAILED   {name}");
        }
        for reason in &self.skipped {
            println!("skipped  {reason}");
        }
        let skipped = match self.skipped.len() {
            0 => String::new(),
            count => format!(", {count} skipped"),
        };
        println!("{} passed, {} failed{skipped}", self.passed, self.failed.len());
        if self.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("     {line}")).collect::<Vec<_>>().join("\n")
}
