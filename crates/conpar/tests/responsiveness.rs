//! Stalls of a known length are found again as delays, what a stopwatch leaves out is seen, and bad input is refused.

mod common;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use conpar::Error;
use conpar::measure::Verdict;
use conpar::notebook::{Loaded, Shown};
use conpar::responsiveness::{
    MOST_ARMS, PERIODS, Pulse, RUN_LIMIT, Responded, Responsiveness, responsiveness,
};
use conpar::tokio::runtime::Builder;
use conpar::tokio::task::{spawn_blocking, yield_now};
use conpar::tokio::{self, time};

use common::keep;

const JOBS: u64 = 4;
/// How long a job computes, whatever the machine: a stall of known length.
const JOB: Duration = Duration::from_millis(8);
const BUDGET: Duration = Duration::from_millis(900);

/// One experiment at a time: each measures.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn compute(for_time: Duration) -> u64 {
    let start = Instant::now();
    let mut steps = 0;
    while start.elapsed() < for_time {
        steps += std::hint::black_box(1);
    }
    u64::from(steps > 0)
}

async fn heartbeat(pulse: Pulse) {
    while let Some(due) = pulse.next() {
        time::sleep_until(due.into()).await;
        pulse.beat(due);
    }
}

async fn stopwatch(pulse: Pulse) {
    while !pulse.is_stopped() {
        let began = Instant::now();
        time::sleep(Duration::from_millis(1)).await;
        pulse.waited(began);
    }
}

fn on_current_thread(pulse: Pulse, work: impl Future<Output = u64> + Send + 'static) -> u64 {
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let beats = tokio::spawn(heartbeat(pulse.clone()));
        let done = tokio::spawn(work).await.expect("no panic");
        pulse.stop();
        beats.await.expect("no panic");
        done
    })
}

async fn blocking() -> u64 {
    let mut done = 0;
    for _ in 0..JOBS {
        done += compute(JOB);
        yield_now().await;
    }
    done
}

async fn moved_off() -> u64 {
    let mut done = 0;
    for _ in 0..JOBS {
        done += spawn_blocking(|| compute(JOB)).await.expect("no panic");
    }
    done
}

/// In pieces of the time that a job takes, each of which counts as a piece of one.
async fn in_pieces(pieces: u32) -> u64 {
    for _ in 0..JOBS * u64::from(pieces) {
        compute(JOB / pieces);
        yield_now().await;
    }
    JOBS
}

fn begun() -> Responsiveness<u64> {
    responsiveness("planted <&>").jobs(JOBS).budget(BUDGET)
}

fn with_blocking() -> Responsiveness<u64> {
    begun().arm("blocking", |pulse| on_current_thread(pulse, blocking()))
}

fn moved() -> Responded {
    with_blocking()
        .arm("spawn_blocking", |pulse| on_current_thread(pulse, moved_off()))
        .measure()
        .expect("a sound experiment")
}

#[test]
fn a_stall_of_known_length_is_found_again_and_gone_when_the_work_moves_off() {
    let _alone = alone();
    let moved = moved();
    let blocked = moved.percentile("blocking", 0.99).expect("measured").delay;
    // Most beats of a stall that is seven periods longer than the last one of them, and none before its start.
    assert!(blocked.point > 6e-3, "{blocked}");
    let half = moved.percentile("blocking", 0.5).expect("measured").delay;
    assert!(half.point > 2e-3 && half.point < blocked.point, "{half}");
    for claim in [
        moved.claim_later(0.99, "blocking", "spawn_blocking", 1.5).expect("measured"),
        moved.claim_as_fast("spawn_blocking", "blocking", 0.2).expect("measured"),
    ] {
        assert_ne!(claim.verdict, Verdict::Violated, "{}: {}", claim.claim, claim.reason);
    }
    let jobs = moved.throughput("blocking").expect("measured");
    assert!(jobs.point < 1.0 / JOB.as_secs_f64() * 1.01, "{jobs}: a job takes {JOB:?} at least");
    // The few beats of so short an experiment bound no p99.9, and nothing is claimed of it.
    let open = moved.percentile("blocking", 0.999).expect("measured");
    let claim = moved.claim_later(0.999, "blocking", "spawn_blocking", 1.0).expect("measured");
    assert!(open.open && claim.verdict == Verdict::CannotTell, "{open:?}");

    let (block, beats) = (moved.block(), moved.timelines().block());
    keep("responded", &block);
    keep("beats", &beats);
    assert_eq!((block.figures.len(), block.table.rows.len(), beats.figures.len()), (2, 2, 1));
    assert!(
        block.caption.contains("blocking: p99 ") && block.html().contains("p99.9: "),
        "{}",
        block.caption
    );
    assert!(!block.html().contains("planted <&>"), "a name is no markup");
    let traced = moved.arms[0].traced.as_ref().expect("one run is kept");
    assert!(traced.beats.windows(2).all(|pair| (pair[1].due - pair[0].due - 1e-3).abs() < 1e-9));
    assert_eq!(moved.columns().rows[0].len(), moved.columns().head.len());
}

#[test]
fn a_result_is_saved_and_read_back_and_a_damaged_one_refused() {
    let _alone = alone();
    let result = begun()
        .arm("blocking", |pulse| {
            let mut lane = pulse.lane(0);
            lane.computing(|| ());
            on_current_thread(pulse.clone(), blocking())
        })
        .measure()
        .expect("a sound experiment");
    let file = std::env::temp_dir().join(format!("conpar-responded-{}.json", std::process::id()));
    result.save_json(&file).expect("saved");
    assert_eq!(Responded::load(&file).expect("what was saved"), result);
    let sound = std::fs::read_to_string(&file).expect("saved");
    for (from, to, why) in [
        ("\"period\": 0.001", "\"period\": 0", "not positive"),
        ("\"jobs\": 4", "\"jobs\": 0", "not positive"),
        ("\"due\": 0.00", "\"due\": -0.00", "before it was due"),
        ("\"seconds\": 0.", "\"seconds\": -0.", "not positive"),
    ] {
        assert!(sound.contains(from), "{from}");
        std::fs::write(&file, sound.replacen(from, to, 1)).expect("writable");
        let error = Responded::load(&file).expect_err(why).to_string();
        assert!(error.contains(why), "{error}");
    }
    std::fs::remove_file(&file).expect("ours");
}

#[test]
fn a_budget_that_is_swept_bounds_the_delay() {
    let _alone = alone();
    let swept = begun()
        .over("pieces (a job)", [1, 16], |pulse, pieces| on_current_thread(pulse, in_pieces(pieces as u32)))
        .measure()
        .expect("a sound experiment");
    let claim = swept.claim_sooner(0.5, "pieces 16", "pieces 1", 0.8).expect("measured");
    assert_ne!(claim.verdict, Verdict::Violated, "{}", claim.reason);
    let block = swept.block();
    keep("responded-over", &block);
    assert_eq!(block.figures.len(), 2);
    assert!(block.html().contains("pieces (a job)"));
}

#[test]
fn a_stopwatch_leaves_out_what_it_waited_for() {
    let _alone = alone();
    // One stall of 8 ms in 150: one long wait in more than 100, and 8 late beats in 150.
    let rarely = |pulse: Pulse| {
        let watch = stopwatch(pulse.clone());
        on_current_thread(pulse, async {
            let watch = tokio::spawn(watch);
            time::sleep(Duration::from_millis(70)).await;
            let done = compute(JOB);
            time::sleep(Duration::from_millis(70)).await;
            drop(watch);
            done
        })
    };
    let seen = begun().arm("rarely", rarely).budget(2 * BUDGET).measure().expect("a sound experiment");
    let claim = seen.claim_omitted(0.97, "rarely", 1.5).expect("measured");
    assert_ne!(claim.verdict, Verdict::Violated, "{}", claim.reason);
    let block = seen.omission("rarely").expect("it has one").block();
    keep("omission", &block);
    assert_eq!((block.figures.len(), block.table.rows.len()), (1, 3));
}

#[test]
fn the_exercise_tells_solved_from_blocked_and_from_dear() {
    let _alone = alone();
    let solved = moved().exercise("spawn_blocking", "blocking", 0.6, 0.8).expect("measured");
    assert_ne!(solved.verdict, Verdict::Violated, "{}", solved.answer);
    let same = with_blocking().arm("mine", |pulse| on_current_thread(pulse, blocking()));
    let same = same.measure().expect("sound").exercise("mine", "blocking", 0.6, 0.8).expect("measured");
    assert_ne!(same.verdict, Verdict::Supported, "{}", same.answer);
    assert!(same.answer.contains("from one `.await` to the next"), "{}", same.answer);
    let dear = with_blocking().arm("mine", |pulse| {
        on_current_thread(pulse, async {
            let twice = in_pieces(32).await;
            in_pieces(32).await.max(twice)
        })
    });
    let dear = dear.measure().expect("sound").exercise("mine", "blocking", 0.6, 0.8).expect("measured");
    assert_ne!(dear.verdict, Verdict::Supported, "{}", dear.answer);
    assert!(
        dear.answer.contains("the work pays for it") || dear.verdict == Verdict::CannotTell,
        "{}",
        dear.answer
    );
}

fn refused(experiment: Responsiveness<u64>) -> Error {
    experiment.measure().expect_err("it is wrong")
}

#[test]
fn bad_input_is_refused_in_words() {
    let _alone = alone();
    let sound = |pulse: Pulse| on_current_thread(pulse, blocking());
    let says = |experiment: Responsiveness<u64>, words: &str| match refused(experiment) {
        Error::NoPulse { reason } => assert!(reason.contains(words), "{reason}"),
        other => panic!("{other}"),
    };
    assert_eq!(refused(begun()), Error::NoArm);
    assert_eq!(refused(begun().over("pieces", [], |_, _| 0)), Error::NoValues);
    assert_eq!(refused(begun().arm(" ", sound)), Error::EmptyName { what: "an arm" });
    assert_eq!(
        refused(with_blocking().arm("blocking", sound)),
        Error::DuplicateName { name: "blocking".into() }
    );
    assert_eq!(refused(with_blocking().budget(Duration::ZERO)), Error::ZeroBudget);
    let many = (0..=MOST_ARMS).fold(begun(), |all, arm| all.arm(&arm.to_string(), sound));
    assert_eq!(refused(many), Error::TooManyValues { asked: MOST_ARMS + 1, most: MOST_ARMS });
    says(with_blocking().period(*PERIODS.start() / 2), "a period of 50µs");
    says(with_blocking().period(*PERIODS.end() * 2), "a period of 200ms");
    says(with_blocking().jobs(0), "0 jobs");
    says(with_blocking().over("pieces", [1], |_, _| 0), "without a value");
    says(begun().arm("a", |_| 1), "pulse.stop()");
    says(
        begun().arm("a", |pulse| {
            pulse.stop();
            1
        }),
        "0 beats were due",
    );
    says(
        begun().arm("a", |pulse| {
            compute(4 * JOB);
            pulse.stop();
            1
        }),
        "never beat",
    );
    let panics = with_blocking().arm("b", |_| panic!("on purpose"));
    assert!(matches!(refused(panics), Error::PanickedAt { message, .. } if message == "on purpose"));
    // Work that is given away and not waited for.
    let dropped = with_blocking().arm("dropped", |pulse| {
        on_current_thread(pulse, async {
            drop(spawn_blocking(|| compute(JOB)));
            0
        })
    });
    let error = refused(dropped);
    assert!(
        matches!(error, Error::OtherWork { .. }) && error.to_string().contains("not waited for"),
        "{error}"
    );
    let result = with_blocking().measure().expect("the harness works after errors");
    assert!(matches!(result.percentile("other", 0.5), Err(Error::NoSuchArm { .. })));
    assert!(matches!(result.omission("blocking"), Err(Error::NoPulse { .. })));
}

#[test]
fn a_run_that_never_ends_is_given_up() {
    let start = Instant::now();
    let endless = begun().arm("endless", |_| {
        loop {
            std::thread::park();
        }
    });
    assert!(matches!(refused(endless), Error::NeverEnds { .. }));
    // A heartbeat ends by itself when nobody stops it.
    let forgets = begun().arm("forgets", |pulse| {
        while let Some(due) = pulse.next() {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            pulse.beat(due);
        }
        1
    });
    assert!(matches!(refused(forgets), Error::NoPulse { .. }));
    assert!(start.elapsed() < 4 * RUN_LIMIT);
}
