//! Turns are counted as they are taken, an unfair thing is seen to be one, and bad input is refused.

use std::cell::Cell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use conpar::Error;
use conpar::fairness::{Fairness, MOST_WORKERS, fairness};
use conpar::measure::Verdict;
use conpar::notebook::Shown;

const SHORT: Duration = Duration::from_millis(400);

thread_local! {
    /// The order in which the workers of a sample took their first turn.
    static PLACE: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Who comes first takes short turns, all others long ones.
fn favours_the_first() -> impl Fn() + Sync {
    let arrived = AtomicUsize::new(0);
    move || {
        let place = PLACE.get().unwrap_or_else(|| arrived.fetch_add(1, Ordering::Relaxed));
        PLACE.set(Some(place));
        std::hint::black_box(conpar::workload::xorshift(if place == 0 { 100 } else { 10_000 }));
    }
}

#[test]
fn a_worker_that_gets_a_hundredth_is_seen() {
    let served = fairness("planted")
        .arm("alike", || || _ = std::hint::black_box(conpar::workload::xorshift(1_000)))
        .arm("favoured", favours_the_first)
        .workers(2)
        .budget(SHORT)
        .measure()
        .expect("a sound experiment");
    let (alike, favoured) = (served.at("alike").expect("measured"), served.at("favoured").expect("measured"));
    for arm in [alike, favoured] {
        assert!((0.0..=1.0).contains(&arm.least.point), "{arm:?}");
        // On a busy machine a worker may have had no core, and so no turn, in a whole round.
        assert!(arm.turns.point > 0.0 || !arm.is_credible(), "{arm:?}");
    }
    if favoured.is_credible() {
        assert_ne!(favoured.least.below(0.2), Verdict::Violated, "{}", favoured.least);
    }
    let block = served.block();
    assert_eq!((block.figures.len(), block.table.rows.len()), (1, 2));
}

#[test]
fn a_turn_that_panics_ends_the_experiment_and_not_the_process() {
    let poisoned = || {
        let mutex = Mutex::new(0_u64);
        move || {
            let mut count = mutex.lock().expect("poisoned by the first");
            *count += 1;
            assert!(*count < 1_000, "enough");
        }
    };
    let error = fairness("panic").arm("Mutex", poisoned).workers(2).budget(SHORT).measure();
    assert!(matches!(error, Err(Error::Panicked { .. })), "{error:?}");
}

#[test]
fn bad_input_is_refused_in_words() {
    let begun = || fairness("wrong").budget(SHORT);
    let turn = || || ();
    let refused = |fairness: Fairness<'_>| fairness.measure().expect_err("it is wrong");
    assert_eq!(refused(begun()), Error::NoArm);
    assert_eq!(refused(begun().arm("a", turn).workers(0)), Error::ZeroWorkers);
    assert_eq!(refused(begun().arm("a", turn).arm("a", turn)), Error::DuplicateName { name: "a".into() });
    assert!(matches!(
        refused(begun().arm("a", turn).workers(MOST_WORKERS + 1)),
        Error::TooManyWorkers { .. }
    ));
    assert_eq!(refused(begun().arm("a", turn).budget(Duration::ZERO)), Error::ZeroBudget);
}
