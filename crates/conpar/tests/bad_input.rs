//! What a reader may type by mistake: each gives a typed error in bounded time, and the next measurement works.

use std::time::{Duration, Instant};

use conpar::Error;
use conpar::prelude::*;
use conpar::speedup::{Speedup, most_workers};

const BUDGET: Duration = Duration::from_millis(150);

fn sum() -> u64 {
    (0..20_000_u64).map(|n| n ^ (n >> 3)).sum()
}

fn sound<'a>() -> Speedup<'a, u64> {
    speedup("sum").serial(sum).threads("same code", |_| sum()).workers([1, 2]).budget(BUDGET)
}

/// The error of an experiment, having seen that it came soon and that a sound experiment still works after it.
fn refused<T: PartialEq + std::fmt::Debug + Send + Sync>(experiment: Speedup<'_, T>) -> Error {
    let start = Instant::now();
    let error = experiment.measure().expect_err("this experiment cannot be sound");
    assert!(start.elapsed() < Duration::from_secs(20), "an error takes bounded time");
    // On a machine that is busy enough, too few rounds is the right answer.
    let after = sound().measure();
    assert!(
        matches!(after, Ok(_) | Err(Error::TooFewRounds { .. })),
        "the harness works after an error: {after:?}"
    );
    error
}

#[test]
fn an_experiment_needs_a_name_a_serial_arm_and_a_parallel_one() {
    assert_eq!(refused(speedup::<()>("nothing")), Error::NoSerialArm);
    assert_eq!(refused(speedup("no serial").rayon("sum", sum)), Error::NoSerialArm);
    assert_eq!(refused(speedup("serial alone").serial(sum)), Error::NoParallelArm);
    assert_eq!(refused(sound().serial(sum)), Error::ManySerialArms { found: 2 });
    let unnamed = speedup(" ").serial(sum).rayon("sum", sum);
    assert_eq!(refused(unnamed), Error::EmptyName { what: "the experiment" });
    assert_eq!(refused(sound().rayon("", sum)), Error::EmptyName { what: "an arm" });
    assert_eq!(refused(sound().rayon("same code", sum)), Error::DuplicateName { name: "same code".into() });
}

#[test]
fn worker_counts_are_bounded_on_both_sides() {
    assert_eq!(refused(sound().workers([0, 1])), Error::ZeroWorkers);
    assert_eq!(refused(sound().workers([])), Error::NoWorkerCounts);
    let cores = conpar::machine::available_cores();
    let most = most_workers(cores);
    let million = Error::TooManyWorkers { asked: 1_000_000, most, cores };
    assert_eq!(refused(sound().workers([1_000_000])), million);
    assert!(million.to_string().contains("1000000 workers are too many"));
}

#[test]
fn a_budget_of_zero_or_one_too_small_for_the_work_says_what_would_do() {
    assert_eq!(refused(sound().budget(Duration::ZERO)), Error::ZeroBudget);
    let long = || {
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(40) {
            std::hint::black_box(sum());
        }
    };
    let error = refused(speedup("long").serial(long).threads("long", |_| long()).budget(BUDGET / 10));
    assert!(matches!(error, Error::TooFewRounds { .. }), "{error}");
    assert!(error.to_string().contains(".budget(Duration::from_secs("), "{error}");
}

#[test]
fn results_that_differ_are_not_compared() {
    let error = refused(sound().rayon("off by one", || sum() + 1));
    let Error::DifferentResults { arm, value, expected, .. } = &error else { panic!("{error}") };
    assert_eq!((arm.as_str(), value), ("off by one", &(sum() + 1).to_string()));
    assert_eq!(expected, &sum().to_string());
}

#[test]
fn a_race_that_shows_only_sometimes_is_caught() {
    let runs = std::sync::atomic::AtomicU64::new(0);
    let sometimes = || sum() + u64::from(runs.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 40);
    let error = refused(sound().rayon("sometimes", sometimes).budget(Duration::from_secs(2)));
    assert!(matches!(error, Error::DifferentResults { .. }), "{error}");
}

#[test]
fn nan_can_prove_nothing_unless_the_reader_says_what_is_equal() {
    let nan = || speedup("nan").serial(|| f64::NAN).rayon("nan", || f64::NAN).budget(BUDGET);
    let error = refused(nan());
    assert_eq!(error, Error::NotComparable { value: "NaN".into() });
    let agreed = nan().agree(|a, b| a.is_nan() == b.is_nan()).budget(Duration::from_secs(1)).measure();
    assert!(matches!(agreed, Ok(_) | Err(Error::TooFewRounds { .. })), "the reader says that NaN equals NaN");
}

#[test]
fn a_panic_on_a_worker_is_an_error_and_the_pool_lives_on() {
    let boom = || -> u64 { panic!("boom") };
    for experiment in [
        sound().rayon("panics", move || rayon::join(boom, sum).0),
        sound().crossbeam("panics", move |_| {
            crossbeam::thread::scope(|scope| scope.spawn(move |_| boom()).join())
                .expect("scope")
                .expect("worker")
        }),
        sound().tokio("panics", move |_| async move {
            tokio::task::spawn_blocking(boom).await.expect("the task panics")
        }),
    ] {
        let error = refused(experiment);
        assert!(matches!(&error, Error::Panicked { arm, .. } if arm == "panics"), "{error}");
    }
    let pooled: u64 = rayon::join(sum, || 0).0;
    assert_eq!(pooled, sum());
}

#[test]
fn tokio_inside_tokio_is_named() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let error = runtime.block_on(async {
        sound().tokio("nested", |_| async { sum() }).measure().expect_err("nested runtimes")
    });
    assert_eq!(error, Error::InsideRuntime);
}
