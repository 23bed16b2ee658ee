//! Concurrency against parallelism on the machine that runs the tests. "Cannot tell" passes, a contradiction does not.

use std::sync::{Mutex, PoisonError};

use conpar::Error;
use conpar::measure::Verdict;
use conpar::overlap::MOST_TASKS;
use conpar::prelude::*;

/// Two measurements at a time would disturb each other.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn threads(tasks: usize, task: &(dyn Fn(usize) + Sync)) {
    std::thread::scope(|scope| {
        for number in 0..tasks {
            scope.spawn(move || task(number));
        }
    });
}

fn one_after_another(tasks: usize, task: &(dyn Fn(usize) + Sync)) {
    (0..tasks).for_each(task);
}

#[test]
fn waiting_overlaps_on_one_core_and_computing_needs_more() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let overlapped = overlap("4 tasks", 4, threads).measure().expect("a sound experiment");
    let claims = overlapped.claims().0;
    assert_eq!(claims.len(), 3);
    for claim in &claims {
        assert_ne!(claim.verdict, Verdict::Violated, "{}: {}", claim.claim, claim.reason);
    }
    if conpar::machine::available_cores() == 1 {
        assert_eq!(claims[2].verdict, Verdict::CannotTell);
    }
    let one_core = overlapped.corners.iter().filter(|corner| corner.timeline.cores() == [overlapped.core]);
    assert!(one_core.count() >= 1, "computing on one core ran on that core alone");
    let html = overlapped.block().html();
    assert_eq!(
        html.matches("<svg role=\"group\" aria-label=").count(),
        2,
        "timelines and bars, which say their values"
    );
    assert!(html.contains("aria-label=\"task 1: computing on core "), "a bar of a timeline");
    if let Ok(folder) = std::env::var("CONPAR_KEEP_HTML") {
        std::fs::write(std::path::Path::new(&folder).join("overlap.html"), html).expect("writable");
    }
}

#[test]
fn tasks_in_sequence_gain_nothing() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let sequence = overlap("in sequence", 3, one_after_another).measure().expect("a sound experiment");
    let exercise = sequence.exercise(1.7, 2);
    assert_ne!(exercise.verdict, Verdict::Supported, "{}", exercise.answer);
    for corner in sequence.corners.iter().filter(|corner| sequence.doubt(corner).is_none()) {
        assert_ne!(corner.gain.above(1.2), Verdict::Supported, "{:?} {}", corner.work, corner.gain);
    }
}

#[test]
fn mistakes_are_named_and_the_next_experiment_works() {
    let refused = |experiment: conpar::overlap::Overlap<'_>| experiment.measure().expect_err("not sound");
    assert_eq!(refused(overlap("", 2, threads)), Error::EmptyName { what: "the experiment" });
    assert_eq!(refused(overlap("none", 0, threads)), Error::ZeroTasks);
    let many = Error::TooManyTasks { asked: 1_000_000, most: MOST_TASKS };
    assert_eq!(refused(overlap("a million", 1_000_000, threads)), many);
    assert_eq!(refused(overlap("nothing runs", 2, |_, _| ())), Error::TasksNotRun { asked: 1, ran: 0 });
    let twice = |tasks: usize, task: &(dyn Fn(usize) + Sync)| (0..2 * tasks).for_each(task);
    assert_eq!(refused(overlap("too often", 1, twice)), Error::TasksNotRun { asked: 1, ran: 2 });
    let never_the_second = |tasks: usize, task: &(dyn Fn(usize) + Sync)| (0..tasks).for_each(|_| task(0));
    let error = refused(overlap("the first twice", 2, never_the_second));
    assert_eq!(error, Error::TasksNotRun { asked: 2, ran: 1 });
    let pool = conpar::rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("a pool");
    let before = overlap("on threads of a pool", 4, |tasks, task| {
        pool.install(|| {
            conpar::rayon::scope(|scope| (0..tasks).for_each(|number| scope.spawn(move |_| task(number))))
        });
    });
    // With one core there is no other that they could be on; and a scheduler may happen to choose the right one.
    let seen = before.measure();
    assert!(matches!(seen, Ok(_) | Err(Error::NotOnOneCore { .. })), "{seen:?}");
    let panics = overlap("panics", 2, threads).computing(|_| panic!("boom"));
    let boom = Error::Panicked { arm: "computing".to_owned(), workers: 1, message: "boom".to_owned() };
    assert_eq!(refused(panics), boom, "the task's own words, not those of the thread that joined it");
    let long = overlap("long", 2, threads).waiting(|_| std::thread::sleep(std::time::Duration::from_secs(2)));
    assert!(matches!(refused(long), Error::TasksTooLong { rounds: 0, .. }));
    let cores = conpar::machine::available_cores();
    assert!(cores >= 1);
    let timeline = trace("after", |recorder| recorder.lane(0).computing(|| ()));
    assert_eq!(timeline.lanes, 1, "the crate goes on after errors");
}
