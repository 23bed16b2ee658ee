//! What the model checkers allow, and what is seen when real threads race.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed, Ordering::SeqCst, fence};

use conpar::Error;
use conpar::interleaving::{Explored, Steps, every_execution, every_order, random_orders};
use conpar::measure::Verdict;
use conpar::notebook::Shown;
use conpar::race::race;
use conpar::{loom, shuttle};

/// Two threads of shuttle's that load and then store.
fn lost_update(steps: &Steps) -> u64 {
    let counter = Arc::new(AtomicU64::new(0));
    let threads: Vec<_> = (0..2)
        .map(|thread| {
            let (counter, steps) = (Arc::clone(&counter), steps.clone());
            shuttle::thread::spawn(move || {
                let seen = steps.step(thread, "load", || counter.load(SeqCst));
                steps.step(thread, "store", || counter.store(seen + 1, SeqCst));
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
    counter.load(SeqCst)
}

/// Store buffering: each thread writes one of two numbers and then reads the other, with loom's types.
fn store_buffering(fenced: bool) -> Explored {
    every_execution("store buffering", move |_| {
        use loom::sync::atomic::{AtomicU32, fence};
        let both = loom::sync::Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
        let threads: Vec<_> = (0..2)
            .map(|thread: usize| {
                let both = both.clone();
                loom::thread::spawn(move || {
                    both[thread].store(1, Relaxed);
                    if fenced {
                        fence(SeqCst);
                    }
                    both[1 - thread].load(Relaxed)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect::<Vec<_>>()
    })
    .expect("it ends")
}

#[test]
fn of_six_orders_of_two_loads_and_stores_four_lose_one() {
    let explored = every_order("load, store", lost_update).expect("it ends");
    assert!(explored.complete);
    assert_eq!(explored.paths.len(), 6);
    let lost = explored.paths.iter().filter(|path| path.outcome == "1").count();
    assert_eq!((lost, explored.outcomes()), (4, vec!["1".to_owned(), "2".to_owned()]));
    assert_eq!(explored.block().figures.len(), 1);
}

#[test]
fn random_orders_lose_their_share_of_updates() {
    let random = random_orders("load, store", 2_000, lost_update).expect("it ends");
    assert_eq!(random.executions(), 2_000);
    let lost = random.share("1");
    assert!(!random.complete && lost.low > 0.1 && lost.high < 0.9, "{lost}");
}

#[test]
fn only_a_fence_forbids_store_buffering() {
    assert_eq!(store_buffering(false).outcomes(), ["[0, 0]", "[0, 1]", "[1, 0]", "[1, 1]"]);
    assert_eq!(store_buffering(true).outcomes(), ["[0, 1]", "[1, 0]", "[1, 1]"]);
}

#[test]
fn what_is_seen_is_allowed_and_a_fence_holds_on_this_processor() {
    let seen = race("store buffering", || [const { AtomicU32::new(0) }; 4])
        .thread(|cells: &[AtomicU32; 4]| {
            cells[0].store(1, Relaxed);
            fence(SeqCst);
            cells[2].store(cells[1].load(Relaxed), Relaxed);
        })
        .thread(|cells| {
            cells[1].store(1, Relaxed);
            fence(SeqCst);
            cells[3].store(cells[0].load(Relaxed), Relaxed);
        })
        .outcome(|cells| vec![cells[2].load(Relaxed), cells[3].load(Relaxed)])
        .trials(100_000)
        .run()
        .expect("a sound race");
    let explored = store_buffering(true);
    assert_eq!(explored.claim_allows(&seen).verdict, Verdict::Supported, "{seen:?}");
    let beside = seen.against(&explored, ["[0, 0]"]).block();
    assert!(beside.caption.contains("[0, 0]: forbidden"), "{}", beside.caption);
}

#[test]
fn fetch_add_never_loses_an_update() {
    let add = |counter: &AtomicU64| _ = counter.fetch_add(1, Relaxed);
    let seen = race("fetch_add", || AtomicU64::new(0))
        .thread(add)
        .thread(add)
        .outcome(|counter| counter.load(Relaxed))
        .trials(100_000)
        .run()
        .expect("a sound race");
    assert_eq!(seen.count("2"), seen.trials);
    assert_eq!(seen.claim_always("2", 0.01).verdict, Verdict::Supported);
    assert_eq!(seen.claim_always("1", 0.01).verdict, Verdict::Violated);
}

#[test]
fn an_assertion_that_fails_gives_its_steps() {
    let explored = every_order("asserted", |steps| {
        let sum = lost_update(steps);
        assert_eq!(sum, 2, "an update was lost");
    })
    .expect("it ends");
    let (message, steps) = explored.failure.as_ref().expect("some order loses one");
    assert!(message.contains("an update was lost"), "{message}");
    assert_eq!(steps.len(), 4);
    assert!(!explored.complete);
}

#[test]
fn bad_input_is_refused_in_words() {
    let alone = race("alone", || ()).thread(|()| ()).outcome(|()| ()).run();
    assert!(matches!(alone, Err(Error::NotARace { .. })), "{alone:?}");
    let none = race("none", || ()).thread(|()| ()).thread(|()| ()).outcome(|()| ()).trials(0).run();
    assert!(matches!(none, Err(Error::NotARace { .. })), "{none:?}");
    let panicked =
        race("panic", || ()).thread(|()| ()).thread(|()| panic!("gone")).outcome(|()| ()).trials(10).run();
    assert!(matches!(panicked, Err(Error::Panicked { .. })), "{panicked:?}");
    assert_eq!(every_order(" ", |_| ()), Err(Error::EmptyName { what: "the model" }));
}
