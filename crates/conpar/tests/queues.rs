//! Queues that grow, and the exercise on jobs: real programs in child processes.
#![cfg(target_os = "linux")]

use std::sync::{Mutex, MutexGuard, PoisonError};

use conpar::Error;
use conpar::machine;
use conpar::measure::Verdict;
use conpar::messages::jobs::JOBS;
use conpar::messages::{Tried, try_jobs};
use conpar::prelude::*;

/// What measures must not be disturbed by what another test runs.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A program whose consumer is slower than its producer.
fn program(channel: &str) -> String {
    format!(
        r#"use conpar::prelude::*;
use std::time::Instant;

fn main() {{
    let (to, from) = crossbeam::channel::{channel};
    let start = Instant::now();
    std::thread::scope(|scope| {{
        scope.spawn(move || (0..3_000).for_each(|n| to.send(vec![n as u8; 10_000]).unwrap()));
        for (n, message) in from.iter().enumerate() {{
            if n % 100 == 0 {{
                println!("{{}} {{}}", start.elapsed().as_secs_f64(), from.len());
            }}
            std::hint::black_box((conpar::workload::xorshift(std::hint::black_box(10_000)), message));
        }}
    }});
}}"#
    )
}

#[test]
fn without_a_bound_the_memory_grows_and_with_one_it_does_not() {
    let _alone = alone();
    let grown = growth("3,000 messages of 10 kB")
        .arm("unbounded", &program("unbounded()"))
        .arm("bounded", &program("bounded(16)"))
        .measure()
        .expect("it runs");
    let (unbounded, bounded) = (grown.at("unbounded").expect("run"), grown.at("bounded").expect("run"));
    assert!(bounded.longest() <= 16.0 && unbounded.longest() > 100.0, "{grown:?}");
    assert_eq!((bounded.queue.len(), unbounded.queue.len()), (30, 30));
    assert_ne!(grown.claim_more("unbounded", "bounded", 1.2).expect("run").verdict, Verdict::Violated);
    assert!(grown.ratio("unbounded", "bounded").expect("run").point > 1.0, "{grown:?}");
    assert_eq!((grown.block().figures.len(), grown.columns().rows.len()), (2, 60));
    assert!(matches!(grown.at("other"), Err(Error::NoSuchArm { .. })));
}

#[test]
fn a_program_that_cannot_be_judged_says_why() {
    let _alone = alone();
    assert_eq!(growth("x").measure(), Err(Error::NoArm));
    assert!(matches!(growth("").arm("a", "").measure(), Err(Error::EmptyName { .. })));
    assert!(matches!(
        growth("x").arm("a", "fn main() {}").arm("a", "").measure(),
        Err(Error::DuplicateName { .. })
    ));
    let failed = |text: &str| match growth("x").arm("a", text).measure() {
        Err(Error::ChildFailed { reason, .. }) => reason,
        other => panic!("{other:?}"),
    };
    assert!(failed("fn main() {}").contains("two numbers"));
    assert!(failed("fn main() { panic!(\"on purpose\") }").contains("on purpose"));
    let endless = r#"fn main() {
        let mut all = Vec::new();
        loop { all.push(vec![1_u8; 1 << 20]); }
    }"#;
    assert!(failed(endless).contains("memory allocation"), "{}", failed(endless));
}

// A solution of the exercise, `MINE`, into which faults are put: the one that readers are given.
include!("../../../solutions/06-talking-between-threads/solution.rs");

/// The solution with one line changed.
fn changed(from: &str, to: &str) -> String {
    assert!(MINE.contains(from));
    MINE.replace(from, to)
}

#[test]
fn a_solution_passes_where_there_are_cores_for_it() {
    let _alone = alone();
    let exercise = pipeline_exercise(MINE).expect("it runs");
    println!("{}", exercise.answer);
    assert_ne!(exercise.verdict, Verdict::Violated, "{}", exercise.answer);
    if machine::available_cores() == 1 {
        assert_eq!(exercise.verdict, Verdict::CannotTell);
    }
}

#[test]
fn faults_are_found_and_told_apart() {
    let _alone = alone();
    // The main thread keeps a sender: the loop over what is done never ends.
    let stuck = changed("drop((for_worker, to_end));", "let _keep = to_end;");
    assert!(
        matches!(try_jobs(&stuck), Ok(Tried::Stuck { taken: JOBS, put: JOBS })),
        "{:?}",
        try_jobs(&stuck)
    );
    // Results wait until all jobs are taken, in a channel that has no room for them.
    let circle = changed("scope.spawn(move || jobs.for_each(|job| to_worker.send(job).unwrap()));", "");
    let circle = circle.replace(
        "drop((for_worker, to_end));",
        "drop((for_worker, to_end)); jobs.for_each(|job| to_worker.send(job).unwrap()); drop(to_worker);",
    );
    let Ok(Tried::Stuck { taken, put: 0 }) = try_jobs(&circle) else { panic!("{:?}", try_jobs(&circle)) };
    assert!(taken < JOBS);
    let answer = |text: &str| {
        let exercise = pipeline_exercise(text).expect("it runs");
        assert_eq!(exercise.verdict, Verdict::Violated, "{}", exercise.answer);
        exercise.answer
    };
    let stuck = answer(&stuck);
    assert!(stuck.contains("Everybody waits") && stuck.contains("last sender"), "{stuck}");

    let lost = answer(
        &changed("results.put(done)", "if workers > 0 { if n % 50 > 0 { results.put(done) } n += 1 }")
            .replace("thread::scope(|scope| {", "let mut n = 0; thread::scope(|scope| {"),
    );
    assert!(lost.contains("294 of 300 results") && lost.contains("6 were lost"), "{lost}");
    let unbounded =
        answer(&MINE.replace("channel::bounded(8)", "channel::unbounded()").replace("0..workers", "0..1"));
    assert!(unbounded.contains("jobs were between the two ends"), "{unbounded}");
}

#[test]
fn serial_code_in_disguise_does_not_pass() {
    let _alone = alone();
    let disguised = changed("0..workers", "0..workers.min(1)");
    let exercise = pipeline_exercise(&disguised).expect("it runs");
    println!("{}", exercise.answer);
    assert_ne!(exercise.verdict, Verdict::Supported, "{}", exercise.answer);
    let plain = changed(
        "thread::scope(|scope| {",
        "return jobs.for_each(|job| results.put(job.work())); thread::scope(|scope| {",
    );
    assert_ne!(pipeline_exercise(&plain).expect("it runs").verdict, Verdict::Supported);
}

#[test]
fn a_program_that_does_not_report_or_fails_is_an_error() {
    let _alone = alone();
    let failed = |text: &str| match try_jobs(text) {
        Err(Error::ChildFailed { reason, .. }) => reason,
        other => panic!("{other:?}"),
    };
    assert!(failed("fn main() {}").contains("check("));
    assert!(
        failed(&changed("drop((for_worker, to_end));", "panic!(\"on purpose\");")).contains("on purpose")
    );
    assert!(matches!(
        try_jobs("fn main() { let x: u8 = \"\"; }"),
        Err(Error::ChildDoesNotCompile { line: Some(1), .. })
    ));
}
