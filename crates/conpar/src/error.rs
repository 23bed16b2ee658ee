//! What can go wrong, in words that say what was wrong, what was expected and what to do.

mod files;
mod said;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use crate::language::{say, word};

/// Why an experiment, a fit or a figure could not be made.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// Plotters refused to draw.
    Drawing {
        /// What plotters said.
        reason: String,
    },
    /// A file that cannot be written.
    CannotWrite {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
        /// What to do.
        advice: &'static str,
    },
    /// A file that cannot be read.
    CannotRead {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
        /// What to do.
        advice: &'static str,
    },
    /// A file that does not hold what it should.
    NotAResult {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        wanted: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A file in a format that a newer conpar writes.
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// The version of its format.
        version: u64,
        /// The newest version that is known here.
        known: u64,
    },
    /// Results that cannot be drawn over one another.
    NothingToCompare {
        /// What is wrong.
        reason: String,
    },
    /// A result that has no figure.
    NoFigure {
        /// What the result says instead.
        reason: String,
    },
    /// A chart without a point.
    NothingToDraw {
        /// The chart's title.
        title: String,
    },
    /// A histogram whose values all lie above its limit.
    NothingBelow {
        /// The histogram's title.
        title: String,
        /// The limit.
        limit: f64,
        /// The smallest value.
        smallest: f64,
    },
    /// Values that no axis can show together.
    TooFarApart {
        /// The figure's title.
        title: String,
    },
    /// An experiment, an arm or a task without a name.
    EmptyName {
        /// What lacks the name.
        what: &'static str,
    },
    /// Two arms with one name.
    DuplicateName {
        /// The name.
        name: String,
    },
    /// No serial arm.
    NoSerialArm,
    /// More than one serial arm.
    ManySerialArms {
        /// How many.
        found: usize,
    },
    /// No arm at all.
    NoArm,
    /// A parameter without a value.
    NoValues,
    /// An arm that takes none of the values.
    NoValueFrom {
        /// Where it begins.
        least: u64,
    },
    /// More values of a parameter than a figure can show.
    TooManyValues {
        /// The number asked for.
        asked: usize,
        /// The largest number allowed.
        most: usize,
    },
    /// An arm that computed another value than it should.
    DifferentAt {
        /// The arm.
        arm: String,
        /// The parameter and its value.
        at: String,
        /// What it computed.
        value: String,
        /// What serial, or the first arm, computed.
        expected: String,
    },
    /// A panic in the code of an arm.
    PanickedAt {
        /// The arm.
        arm: String,
        /// The parameter and its value.
        at: String,
        /// What the panic said.
        message: String,
    },
    /// A value at which an arm was not measured.
    NoSuchValue {
        /// The arm asked for.
        arm: String,
        /// The value asked for.
        value: u64,
        /// What there is.
        measured: String,
    },
    /// More arms than a figure can show.
    TooManyArms {
        /// The number asked for.
        asked: usize,
        /// The largest number allowed.
        most: usize,
    },
    /// Messages of which nothing can be said.
    NoMessages {
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A list without a task.
    NoTasks,
    /// A list with more tasks than are simulated.
    TooManyToSchedule {
        /// The largest number allowed.
        most: usize,
    },
    /// A task's time that is none.
    NoTime {
        /// The task, counted from 0.
        task: usize,
        /// What was given.
        seconds: String,
    },
    /// A cost that is no time.
    NoCost {
        /// The cost.
        cost: &'static str,
        /// What was given.
        seconds: String,
    },
    /// A scheduler whose pieces are empty.
    ZeroChunk {
        /// The scheduler.
        scheduler: String,
    },
    /// No scheduler to simulate.
    NoScheduler,
    /// More schedulers than a figure can show.
    TooManySchedulers {
        /// The number asked for.
        asked: usize,
        /// The largest number allowed.
        most: usize,
    },
    /// More workers than are simulated.
    TooManyToSimulate {
        /// The number asked for.
        asked: usize,
        /// The largest number allowed.
        most: usize,
    },
    /// A race that is none.
    NotARace {
        /// What is wrong, and what to do.
        reason: String,
    },
    /// Runs whose steps have no order that could be counted.
    NoOrder {
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A text that holds no timeline, or two timelines without a common clock.
    NoTimeline {
        /// What is wrong.
        reason: String,
    },
    /// A heartbeat that does not beat, or that nothing can be said of.
    NoPulse {
        /// What is wrong, and what to do.
        reason: String,
    },
    /// An arm whose work came to another result.
    OtherWork {
        /// The arm.
        arm: String,
        /// What it computed.
        value: String,
        /// What the first arm computed.
        expected: String,
    },
    /// A run that did not end in time.
    NeverEnds {
        /// The arm.
        arm: String,
        /// How long was waited for it, in seconds.
        seconds: f64,
    },
    /// A model of which not one execution came to its end.
    NoExecution {
        /// The model.
        name: String,
    },
    /// No arm besides serial.
    NoParallelArm,
    /// An empty list of worker counts.
    NoWorkerCounts,
    /// Zero workers.
    ZeroWorkers,
    /// More workers than make sense.
    TooManyWorkers {
        /// The number asked for.
        asked: usize,
        /// The largest number allowed.
        most: usize,
        /// The cores that this process may use.
        cores: usize,
    },
    /// A time budget of nothing.
    ZeroBudget,
    /// Arms whose values differ.
    DifferentResults {
        /// The arm.
        arm: String,
        /// Its number of workers.
        workers: usize,
        /// What it computed.
        value: String,
        /// What serial computed.
        expected: String,
    },
    /// A value that is not equal to itself.
    NotComparable {
        /// The value.
        value: String,
    },
    /// A panic in the code of an arm.
    Panicked {
        /// The arm.
        arm: String,
        /// Its number of workers.
        workers: usize,
        /// What the panic said.
        message: String,
    },
    /// A pool or a runtime could not be started.
    NoPool {
        /// The arm.
        arm: String,
        /// Its number of workers.
        workers: usize,
        /// What the library said.
        reason: String,
    },
    /// Nothing is known of the cores.
    UnknownCores,
    /// A thread cannot be bound to one core.
    NoAffinity,
    /// A task that was to run on one core ran on another.
    NotOnOneCore {
        /// The core that it was bound to.
        core: usize,
        /// A core that it was seen on.
        other: usize,
    },
    /// Zero tasks.
    ZeroTasks,
    /// More tasks than make sense.
    TooManyTasks {
        /// The number asked for.
        asked: usize,
        /// The largest number allowed.
        most: usize,
    },
    /// The reader's code did not run each task once.
    TasksNotRun {
        /// The number of tasks.
        asked: usize,
        /// How many were run.
        ran: usize,
    },
    /// Tasks too long to be repeated.
    TasksTooLong {
        /// The rounds that were complete.
        rounds: usize,
        /// The time of one round, or of what was run of it, in seconds.
        seconds: f64,
    },
    /// A tokio arm measured from inside a runtime.
    InsideRuntime,
    /// The work is too long for the budget.
    TooFewRounds {
        /// The rounds that were complete.
        rounds: usize,
        /// The time of one round, in seconds.
        seconds: f64,
        /// The budget, in seconds.
        budget: f64,
        /// A budget that would do, in seconds.
        enough: f64,
    },
    /// A record that is not there.
    NoSuchRecord {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A record that cannot be trusted.
    BadRecord {
        /// What is wrong.
        reason: String,
    },
    /// A quantity that has to be positive.
    NotPositive {
        /// Which quantity.
        what: &'static str,
        /// What was given.
        value: String,
    },
    /// The text of a child program that rustc or Go refuses.
    ChildDoesNotCompile {
        /// The first line of the text that the compiler points at, counted from 1.
        line: Option<usize>,
        /// The part of the text in which that line is counted, where it was joined by [`source!`](crate::source).
        part: Option<String>,
        /// What rustc says.
        message: String,
    },
    /// A child program that cannot be built or started.
    NoChild {
        /// What is in the way.
        reason: String,
    },
    /// A Go program where there is no Go.
    NoGo,
    /// A child program that did not do what it was started for.
    ChildFailed {
        /// Which program.
        what: String,
        /// What is known of why.
        reason: String,
    },
    /// Memory that cannot be shared.
    NoSharedMemory {
        /// What is in the way.
        reason: String,
    },
    /// A sweep that is none over payloads.
    NotPayloads {
        /// What is wrong.
        reason: String,
    },
    /// A program that reported no jobs.
    NoJobs {
        /// Which program.
        what: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// No MPI to build distributed programs with.
    NoMpi {
        /// What is missing.
        reason: String,
    },
    /// Ranks or hosts that cannot be.
    BadRanks {
        /// What is wrong, and what would do.
        reason: String,
    },
    /// A job of which no rank started.
    RanksNotLaunched {
        /// The host that did not answer, or all of them.
        on: String,
        /// What was said.
        reason: String,
    },
    /// A world of another size than was asked for.
    WrongWorld {
        /// How many were asked for.
        asked: usize,
        /// The size of the world that they are in.
        found: usize,
        /// How many said that they are there.
        said: usize,
    },
    /// A rank that ended, and the job with it.
    RankEnded {
        /// Which, and where.
        rank: String,
        /// How.
        how: String,
    },
    /// A job that was still there at its deadline.
    RanksLate {
        /// How many ranks.
        ranks: usize,
        /// What its hosts were.
        on: String,
        /// The deadline, in seconds.
        seconds: f64,
        /// What was seen of ranks and links.
        seen: String,
    },
    /// Something that a distributed program did not report.
    NotReported {
        /// What was asked for.
        name: String,
    },
    /// More child programs at once than are allowed.
    TooManyChildren {
        /// How many may run at once.
        most: usize,
    },
    /// A process that should compete for the cores.
    NoCompetitor {
        /// What the system said.
        reason: String,
    },
    /// An arm that was not measured.
    NoSuchArm {
        /// The arm asked for.
        arm: String,
        /// The arms there are.
        measured: String,
    },
    /// A point that was not measured.
    NoSuchPoint {
        /// The arm asked for.
        arm: String,
        /// The number of workers asked for.
        workers: usize,
        /// The arms there are.
        measured: String,
    },
    /// A report card that cannot be written.
    NoReport {
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A language in which there is no edition.
    UnknownLanguage {
        /// The tag asked for.
        tag: String,
    },
}

/// Refuses names without a letter, and two arms of one name. `named` are other things of the experiment: what each is, and
/// its name.
pub(crate) fn check_names<'n>(
    named: &[(&'static str, &str)],
    arms: impl Iterator<Item = &'n String> + Clone,
) -> Result<(), Error> {
    let all = named
        .iter()
        .copied()
        .chain(arms.clone().map(|name| (word!(en: "an arm", pt: "uma variante"), name.as_str())));
    if let Some((what, _)) = all.into_iter().find(|(_, name)| name.trim().is_empty()) {
        return Err(Error::EmptyName { what });
    }
    let mut seen = BTreeSet::new();
    match arms.into_iter().find(|&name| !seen.insert(name)) {
        Some(name) => Err(Error::DuplicateName { name: name.clone() }),
        None => Ok(()),
    }
}

/// [`Error::TooFewRounds`] after so many `rounds`, where one takes `seconds`: a budget would be enough that holds `least`
/// rounds, and a fifth more for the warm-up.
pub(crate) fn too_few_rounds(rounds: usize, seconds: f64, budget: Duration, least: usize) -> Error {
    let enough = (seconds * least as f64 * 1.2).ceil();
    Error::TooFewRounds { rounds, seconds, budget: budget.as_secs_f64(), enough }
}

/// What a panic said, where it said anything.
pub(crate) fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| say!(en: "no message", pt: "sem mensagem"))
}
