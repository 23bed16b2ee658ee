//! What can go wrong, in words that say what was wrong, what was expected and what to do.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// Why an experiment, a fit or a figure could not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Plotters refused to draw.
    #[error("the figure could not be drawn: {reason}")]
    Drawing {
        /// What plotters said.
        reason: String,
    },
    /// A file that cannot be written.
    #[error("`{}` cannot be written: {reason}. {advice}", path.display())]
    CannotWrite {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
        /// What to do.
        advice: &'static str,
    },
    /// A file that cannot be read.
    #[error("`{}` cannot be read: {reason}. {advice}", path.display())]
    CannotRead {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
        /// What to do.
        advice: &'static str,
    },
    /// A file that does not hold what it should.
    #[error("`{}` does not hold {wanted}: {reason}. Load a file that `.save_json(…)` of such a result wrote", path.display())]
    NotAResult {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        wanted: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Results that cannot be drawn over one another.
    #[error(
        "{reason}: name two results or more, each with a label of its own, as `compare([(\"before\", &a), (\"after\", &b)])`"
    )]
    NothingToCompare {
        /// What is wrong.
        reason: String,
    },
    /// A result that has no figure.
    #[error("there is no figure to save: {reason}")]
    NoFigure {
        /// What the result says instead.
        reason: String,
    },
    /// A chart without a point.
    #[error(
        "`{title}` has no finite point to draw: add one with `.line(name, points)`, or with what else the figure is made of"
    )]
    NothingToDraw {
        /// The chart's title.
        title: String,
    },
    /// A histogram whose values all lie above its limit.
    #[error(
        "`{title}` shows values up to {limit}, and the smallest is {smallest}: give `.up_to(…)` a larger number"
    )]
    NothingBelow {
        /// The histogram's title.
        title: String,
        /// The limit.
        limit: f64,
        /// The smallest value.
        smallest: f64,
    },
    /// Values that no axis can show together.
    #[error(
        "the values of `{title}` are too large, or too far apart, for one axis: leave some out, or take their logarithms"
    )]
    TooFarApart {
        /// The figure's title.
        title: String,
    },
    /// An experiment, an arm or a task without a name.
    #[error("{what} has an empty name: give it one, it labels the figure")]
    EmptyName {
        /// What lacks the name.
        what: &'static str,
    },
    /// Two arms with one name.
    #[error("two arms are named `{name}`: give each its own, or their curves cannot be told apart")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// No serial arm.
    #[error(
        "there is no serial arm, and a speedup is measured against one: add `.serial(|| …)` with the best serial code"
    )]
    NoSerialArm,
    /// More than one serial arm.
    #[error("there are {found} serial arms: keep the fastest, it is the base of every speedup")]
    ManySerialArms {
        /// How many.
        found: usize,
    },
    /// No arm at all.
    #[error("there is no arm: add one, as `.arm(\"Mutex\", |value| …)`")]
    NoArm,
    /// A parameter without a value.
    #[error("the parameter has no value to take: name some, as `.over([1, 4, 16, 64])`")]
    NoValues,
    /// An arm that takes none of the values.
    #[error("an arm begins at {least}, and no value is that large: name one in `.over(…)`")]
    NoValueFrom {
        /// Where it begins.
        least: u64,
    },
    /// More values of a parameter than a figure can show.
    #[error(
        "{asked} values are too many for one figure: at most {most}. Take larger steps, as powers of two"
    )]
    TooManyValues {
        /// The number asked for.
        asked: usize,
        /// The largest number allowed.
        most: usize,
    },
    /// An arm that computed another value than it should.
    #[error(
        "`{arm}` at {at} computed {value}, expected was {expected}: times of different results are not compared. Mend the arm, or say what counts as equal with `.agree(|a, b| …)`"
    )]
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
    #[error("`{arm}` at {at} panicked: {message}")]
    PanickedAt {
        /// The arm.
        arm: String,
        /// The parameter and its value.
        at: String,
        /// What the panic said.
        message: String,
    },
    /// A value at which an arm was not measured.
    #[error("`{arm}` at {value} was not measured; measured was {measured}")]
    NoSuchValue {
        /// The arm asked for.
        arm: String,
        /// The value asked for.
        value: u64,
        /// What there is.
        measured: String,
    },
    /// More arms than a figure can show.
    #[error("{asked} arms are too many for one figure: at most {most}")]
    TooManyArms {
        /// The number asked for.
        asked: usize,
        /// The largest number allowed.
        most: usize,
    },
    /// Messages of which nothing can be said.
    #[error("these are no messages to measure: {reason}")]
    NoMessages {
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A list without a task.
    #[error("there is no task to schedule: give the times of at least one")]
    NoTasks,
    /// A list with more tasks than are simulated.
    #[error("more than {most} tasks are too many to simulate: let each stand for a block of them")]
    TooManyToSchedule {
        /// The largest number allowed.
        most: usize,
    },
    /// A task's time that is none.
    #[error("task {task} takes {seconds} s: a time is a number that is not negative")]
    NoTime {
        /// The task, counted from 0.
        task: usize,
        /// What was given.
        seconds: String,
    },
    /// A cost that is no time.
    #[error("the cost `{cost}` is {seconds} s: give a time from 0 to 1e9 s, or take `costs_here()?`")]
    NoCost {
        /// The cost.
        cost: &'static str,
        /// What was given.
        seconds: String,
    },
    /// A scheduler whose pieces are empty.
    #[error("{scheduler} would hand out pieces of no task and never end: take at least 1")]
    ZeroChunk {
        /// The scheduler.
        scheduler: String,
    },
    /// No scheduler to simulate.
    #[error(
        "there is no scheduler to simulate: name some, as `.schedulers([Static, Dynamic {{ chunk: 1 }}])`"
    )]
    NoScheduler,
    /// More schedulers than a figure can show.
    #[error("{asked} schedulers are too many for one figure: at most {most}")]
    TooManySchedulers {
        /// The number asked for.
        asked: usize,
        /// The largest number allowed.
        most: usize,
    },
    /// More workers than are simulated.
    #[error("{asked} workers are too many to simulate: at most {most}")]
    TooManyToSimulate {
        /// The number asked for.
        asked: usize,
        /// The largest number allowed.
        most: usize,
    },
    /// A race that is none.
    #[error("this is no race: {reason}")]
    NotARace {
        /// What is wrong, and what to do.
        reason: String,
    },
    /// Runs whose steps have no order that could be counted.
    #[error("there is no order to count: {reason}")]
    NoOrder {
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A text that holds no timeline, or two timelines without a common clock.
    #[error(
        "no timeline: {reason}. Print one line `timeline.line()` in each process, and read it on the same machine"
    )]
    NoTimeline {
        /// What is wrong.
        reason: String,
    },
    /// A heartbeat that does not beat, or that nothing can be said of.
    #[error("there is no heartbeat to judge: {reason}")]
    NoPulse {
        /// What is wrong, and what to do.
        reason: String,
    },
    /// An arm whose work came to another result.
    #[error(
        "`{arm}` computed {value}, expected was {expected}: delays beside different work are not compared. Was a job given away and its result not waited for? Was one done twice?"
    )]
    OtherWork {
        /// The arm.
        arm: String,
        /// What it computed.
        value: String,
        /// What the first arm computed.
        expected: String,
    },
    /// A run that did not end in time.
    #[error(
        "`{arm}` had not ended after {seconds:.0} s, and still runs: interrupt the kernel to end it, and run the set-up cell again. Does the work end by itself, and the heartbeat when `pulse.next()` gives `None`?"
    )]
    NeverEnds {
        /// The arm.
        arm: String,
        /// How long was waited for it, in seconds.
        seconds: f64,
    },
    /// A model of which not one execution came to its end.
    #[error(
        "no execution of `{name}` came to its end in time: make the model smaller, with few threads and few steps"
    )]
    NoExecution {
        /// The model.
        name: String,
    },
    /// No arm besides serial.
    #[error(
        "there is no parallel arm: add one, as `.rayon(\"par_iter\", || …)` or `.threads(\"scoped threads\", |workers| …)`"
    )]
    NoParallelArm,
    /// An empty list of worker counts.
    #[error(
        "the list of worker counts is empty: leave `.workers(…)` out to have 1 to all cores, or name at least one"
    )]
    NoWorkerCounts,
    /// Zero workers.
    #[error("zero workers can do no work: worker counts start at 1")]
    ZeroWorkers,
    /// More workers than make sense.
    #[error(
        "{asked} workers are too many: at most {most} on this machine, {cores} cores with room to show oversubscription"
    )]
    TooManyWorkers {
        /// The number asked for.
        asked: usize,
        /// The largest number allowed.
        most: usize,
        /// The cores that this process may use.
        cores: usize,
    },
    /// A time budget of nothing.
    #[error(
        "the time budget is zero: leave `.budget(…)` out for 3 s, or give it at least a few milliseconds"
    )]
    ZeroBudget,
    /// Arms whose values differ.
    #[error(
        "`{arm}` on {workers} workers computed {value}, serial computed {expected}: times of different results are not compared. Mend the arm, or say what counts as equal with `.agree(|a, b| …)`"
    )]
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
    #[error(
        "serial computed {value}, which is not equal to itself (NaN is not): so no arm can be checked against it. Return a value that can be compared, or say what counts as equal with `.agree(|a, b| …)`"
    )]
    NotComparable {
        /// The value.
        value: String,
    },
    /// A panic in the code of an arm.
    #[error("`{arm}` on {workers} workers panicked: {message}")]
    Panicked {
        /// The arm.
        arm: String,
        /// Its number of workers.
        workers: usize,
        /// What the panic said.
        message: String,
    },
    /// A pool or a runtime could not be started.
    #[error("no pool of {workers} workers for `{arm}`: {reason}. Ask for fewer workers")]
    NoPool {
        /// The arm.
        arm: String,
        /// Its number of workers.
        workers: usize,
        /// What the library said.
        reason: String,
    },
    /// Nothing is known of the cores.
    #[error(
        "this system does not tell how many cores this process may use, so nothing can be said of parallelism here"
    )]
    UnknownCores,
    /// A thread cannot be bound to one core.
    #[error(
        "this system does not let a thread be bound to one core, so one core cannot be told apart from all"
    )]
    NoAffinity,
    /// A task that was to run on one core ran on another.
    #[error(
        "a task bound to core {core} ran on core {other}: it ran on a thread that was there before, as those of a rayon pool are. Start the threads, or build the pool, inside `at_once`"
    )]
    NotOnOneCore {
        /// The core that it was bound to.
        core: usize,
        /// A core that it was seen on.
        other: usize,
    },
    /// Zero tasks.
    #[error("zero tasks have nothing to overlap: name at least one")]
    ZeroTasks,
    /// More tasks than make sense.
    #[error("{asked} tasks at once are too many for one figure: at most {most}")]
    TooManyTasks {
        /// The number asked for.
        asked: usize,
        /// The largest number allowed.
        most: usize,
    },
    /// The reader's code did not run each task once.
    #[error(
        "{asked} tasks were to run once each, and `at_once` ran {ran}: call `task(number)` for each number from 0"
    )]
    TasksNotRun {
        /// The number of tasks.
        asked: usize,
        /// How many were run.
        ran: usize,
    },
    /// Tasks too long to be repeated.
    #[error(
        "only {rounds} rounds of the four corners fit into the time and an interval rests on at least 7: a round takes {seconds:.1} s or more. Make the tasks shorter, or run fewer of them at once"
    )]
    TasksTooLong {
        /// The rounds that were complete.
        rounds: usize,
        /// The time of one round, or of what was run of it, in seconds.
        seconds: f64,
    },
    /// A tokio arm measured from inside a runtime.
    #[error("a tokio arm cannot be measured from inside a tokio runtime: take the `.await` out of this cell")]
    InsideRuntime,
    /// The work is too long for the budget.
    #[error(
        "only {rounds} rounds fit into the time and an interval rests on at least 7: a round over all arms takes about {seconds:.1} s, the budget is {budget:.1} s. Make the work smaller, name fewer worker counts or values, or allow `.budget(Duration::from_secs({enough:.0}))`"
    )]
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
    #[error("there is no record `{name}`; the records are `{known}`")]
    NoSuchRecord {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A record that cannot be trusted.
    #[error("this is no record of a measurement: {reason}. The files in crates/conpar/src/recorded show one")]
    BadRecord {
        /// What is wrong.
        reason: String,
    },
    /// A quantity that has to be positive.
    #[error("{what} are {value}: give a positive number")]
    NotPositive {
        /// Which quantity.
        what: &'static str,
        /// What was given.
        value: String,
    },
    /// The text of a child program that rustc refuses.
    #[error("the child program does not compile{}:\n{message}", line.map_or(String::new(), |line| format!(", line {line} of its text")))]
    ChildDoesNotCompile {
        /// The first line of the text that rustc points at, counted from 1.
        line: Option<usize>,
        /// What rustc says.
        message: String,
    },
    /// A child program that cannot be built or started.
    #[error("no child program: {reason}")]
    NoChild {
        /// What is in the way.
        reason: String,
    },
    /// A Go program where there is no Go.
    #[error(
        "no Go toolchain is on the PATH. `cargo lab setup --with go` adds one to the lab; then run this cell again. With conda: `conda install go`"
    )]
    NoGo,
    /// A child program that did not do what it was started for.
    #[error("`{what}` failed in its child process: {reason}")]
    ChildFailed {
        /// Which program.
        what: String,
        /// What is known of why.
        reason: String,
    },
    /// Memory that cannot be shared.
    #[error("no shared memory: {reason}")]
    NoSharedMemory {
        /// What is in the way.
        reason: String,
    },
    /// A sweep that is none over payloads.
    #[error(
        "this sweep says nothing of messages: {reason}. Its parameter is the payload in bytes, its time that of a message there and back"
    )]
    NotPayloads {
        /// What is wrong.
        reason: String,
    },
    /// A program that reported no jobs.
    #[error("`{what}` reported no jobs: {reason}")]
    NoJobs {
        /// Which program.
        what: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// No MPI to build distributed programs with.
    #[error(
        "{reason}. Chapter 13 needs one: run `cargo lab setup --with mpi` in a terminal, then this cell again"
    )]
    NoMpi {
        /// What is missing.
        reason: String,
    },
    /// Ranks or hosts that cannot be.
    #[error("this job cannot be: {reason}")]
    BadRanks {
        /// What is wrong, and what would do.
        reason: String,
    },
    /// A job of which no rank started.
    #[error("no rank started on {on}: {reason}")]
    RanksNotLaunched {
        /// The host that did not answer, or all of them.
        on: String,
        /// What was said.
        reason: String,
    },
    /// A world of another size than was asked for.
    #[error(
        "{asked} ranks were asked for, {said} came, in a world of {found}: begin `main` with `start()`. Where each rank has a world of its own, the program was built with another MPI than it was launched with: `cargo lab setup --with mpi`"
    )]
    WrongWorld {
        /// How many were asked for.
        asked: usize,
        /// The size of the world that they are in.
        found: usize,
        /// How many said that they are there.
        said: usize,
    },
    /// A rank that ended, and the job with it.
    #[error("{rank}: {how}. MPI then ended the whole job")]
    RankEnded {
        /// Which, and where.
        rank: String,
        /// How.
        how: String,
    },
    /// A job that was still there at its deadline.
    #[error(
        "the job of {ranks} ranks on {on} was not done after {seconds} s, and was ended. What was seen then: {seen}"
    )]
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
    #[error(
        "the job reported no `{name}`: its program calls `report` for what it timed and `result` for what it computed, on one rank"
    )]
    NotReported {
        /// What was asked for.
        name: String,
    },
    /// More child programs at once than are allowed.
    #[error(
        "{most} child programs run already, which is the most: wait for one with `.wait()`, or drop it, before you start another"
    )]
    TooManyChildren {
        /// How many may run at once.
        most: usize,
    },
    /// A process that should compete for the cores.
    #[error(
        "no competing process could be started: {reason}. It is a loop of the shell `sh`, which has to be installed"
    )]
    NoCompetitor {
        /// What the system said.
        reason: String,
    },
    /// An arm that was not measured.
    #[error("`{arm}` was not measured; the arms are `{measured}`")]
    NoSuchArm {
        /// The arm asked for.
        arm: String,
        /// The arms there are.
        measured: String,
    },
    /// A point that was not measured.
    #[error("`{arm}` on {workers} workers was not measured; the arms are `{measured}`")]
    NoSuchPoint {
        /// The arm asked for.
        arm: String,
        /// The number of workers asked for.
        workers: usize,
        /// The arms there are.
        measured: String,
    },
}

/// Refuses names without a letter, and two arms of one name. `named` are other things of the experiment: what each is, and
/// its name.
pub(crate) fn check_names<'n>(
    named: &[(&'static str, &str)],
    arms: impl Iterator<Item = &'n String> + Clone,
) -> Result<(), Error> {
    let all = named.iter().copied().chain(arms.clone().map(|name| ("an arm", name.as_str())));
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
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
