//! Deadlock, livelock and starvation, in real children and in a model.
#![cfg(target_os = "linux")]

use conpar::Error;
use conpar::liveness::{Kind, check, classify, replay, survival};

/// Two transfers between two accounts; the second takes its locks in the order that is put in.
fn transfers(first: &str, second: &str, between: &str) -> String {
    format!(
        r#"use conpar::liveness::real::*;

fn main() {{
    trials(|| {{
        let (left, right) = (Actor::new("left"), Actor::new("right"));
        let (a, b) = (Lock::new("a", 100), Lock::new("b", 100));
        thread::scope(|scope| {{
            scope.spawn(|| for _ in 0..10 {{
                let mut from = left.lock(&a);
                {between}
                let mut to = left.lock(&b);
                left.work(|| {{ *from -= 1; *to += 1; }});
            }});
            scope.spawn(|| for _ in 0..10 {{
                let mut from = right.lock(&{first});
                {between}
                let mut to = right.lock(&{second});
                right.work(|| {{ *from -= 1; *to += 1; }});
            }});
        }});
    }});
}}"#
    )
}

#[test]
fn unordered_locks_deadlock_and_ordered_ones_do_not() {
    let (ordered, unordered) = (transfers("a", "b", ""), transfers("b", "a", "thread::yield_now();"));
    let survived = survival("two accounts")
        .arm("ordered", &ordered)
        .arm("unordered", &unordered)
        .runs(10)
        .trials(200)
        .measure()
        .expect("it runs");
    let (ordered, unordered) =
        (survived.arm("ordered").expect("an arm"), survived.arm("unordered").expect("an arm"));
    assert_eq!((ordered.deadlocked_in.len(), ordered.all_trials), (0, 2_000));
    // Each trial has ten chances, and each chance hands the core over between the locks.
    assert!(unordered.share().low > 0.0, "{unordered:?}");
    assert_eq!(unordered.surviving(200).point, 1.0 - unordered.share().point);
    assert_eq!(survived.graph("unordered").expect("a graph").cycle().len(), 2);
    assert!(matches!(survived.graph("ordered"), Err(Error::NoFigure { .. })));
    assert!(matches!(survived.arm("other"), Err(Error::NoSuchArm { .. })));
}

#[test]
fn a_model_finds_the_order_that_deadlocks_and_can_run_it_again() {
    let unordered = transfers("b", "a", "").replace("0..10", "0..1");
    let checked = check(&unordered).expect("it runs");
    let failure = checked.failure.clone().expect("a deadlock");
    assert!(failure.is_deadlock(), "{failure:?}");
    assert_eq!(failure.graph.cycle().len(), 2);
    let again = checked.replay().expect("it runs").failure.expect("the same deadlock");
    assert_eq!((again.steps, again.graph), (failure.steps, failure.graph));
    assert!(matches!(replay(&unordered, "not a schedule"), Err(Error::ChildFailed { .. })));
}

#[test]
fn a_model_tries_all_orders_of_ordered_locks() {
    let checked = check(&transfers("a", "b", "").replace("0..10", "0..1")).expect("it runs");
    assert!(checked.exhausted && checked.failure.is_none() && checked.executions >= 2, "{checked:?}");
    assert_eq!(checked.least_progress, Some(1));
}

#[test]
fn a_thread_and_a_worker_can_wait_for_themselves() {
    let twice = r#"use conpar::liveness::real::*;

fn main() {
    trials(|| {
        let (me, lock) = (Actor::new("me"), Lock::new("lock", 0));
        let first = me.lock(&lock);
        let second = me.lock(&lock);
        println!("{}", *first + *second);
    });
}"#;
    let over_await = r#"use conpar::liveness::real::*;
use conpar::prelude::*;

fn main() {
    trials(|| {
        let (one, two) = (Actor::new("task 1"), Actor::new("task 2"));
        let (worker, account) = (Worker::new("worker"), Lock::new("account", 0));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let first = one.run_on(&worker, async {
                let mut account = one.lock(&account);
                tokio::task::yield_now().await;
                *account += 1;
            });
            let second = two.run_on(&worker, async { *two.lock(&account) += 1 });
            tokio::join!(first, second);
        });
    });
}"#;
    let survived = survival("one thread")
        .arm("twice", twice)
        .arm("over an await", over_await)
        .runs(5)
        .trials(3)
        .measure()
        .expect("it runs");
    assert_eq!(
        survived.graph("twice").expect("a graph").cycle_in_words(),
        "me waits for lock, which it holds itself"
    );
    let graph = survived.graph("over an await").expect("a graph");
    assert_eq!(
        graph.cycle_in_words(),
        "task 1 waits for worker, which task 2 holds; task 2 waits for account, which task 1 holds"
    );
    assert!(survived.arms.iter().all(|arm| arm.deadlocked_in == [1; 5]));
}

#[test]
fn deadlock_livelock_and_starvation_are_told_apart() {
    let deadlock = r#"use conpar::liveness::real::*;
use std::sync::Barrier;

fn main() {
    observe(|| {
        let (left, right) = (Actor::new("left"), Actor::new("right"));
        let (a, b, both) = (Lock::new("a", ()), Lock::new("b", ()), Barrier::new(2));
        thread::scope(|scope| {
            scope.spawn(|| { let _a = left.lock(&a); both.wait(); let _b = left.lock(&b); });
            scope.spawn(|| { let _b = right.lock(&b); both.wait(); let _a = right.lock(&a); });
        });
    });
}"#;
    let livelock = deadlock
        .replace("let _b = left.lock(&b);", "while left.try_lock(&b).is_none() { thread::yield_now() }")
        .replace("let _a = right.lock(&a);", "while right.try_lock(&a).is_none() { thread::yield_now() }");
    let starvation = r#"use conpar::liveness::real::*;

fn main() {
    observe(|| {
        let (greedy, meek, lock) = (Actor::new("greedy"), Actor::new("meek"), Lock::new("lock", 0u64));
        let use_it = |me: &Actor| loop {
            let mut guard = me.lock(&lock);
            me.work(|| { between(20_000); *guard += 1; });
        };
        thread::scope(|scope| {
            scope.spawn(|| use_it(&greedy));
            scope.spawn(|| loop {
                // It asks politely, and rarely at the right moment.
                if let Some(mut guard) = meek.try_lock(&lock) { meek.work(|| *guard += 1); return; }
                thread::yield_now();
            });
        });
    });
}"#;
    let gets_on = starvation
        .replace("scope.spawn(|| loop {", "scope.spawn(|| use_it(&meek)); if false { loop {")
        .replace("thread::yield_now();\n            });", "thread::yield_now();\n            } }");
    let ended = "use conpar::liveness::real::*;\nfn main() { observe(|| ()); }";
    let programs = [
        ("deadlock", deadlock),
        ("livelock", &livelock),
        ("starvation", starvation),
        ("gets on", &gets_on),
        ("ended", ended),
    ];
    let classified = classify(programs).expect("they run");
    println!(
        "{:#?}",
        classified
            .programs
            .iter()
            .map(|program| (&program.name, &program.kinds, &program.progress, program.cores))
            .collect::<Vec<_>>()
    );
    let kinds: Vec<_> = classified.programs.iter().map(|program| program.kind()).collect();
    assert_eq!(kinds[0], Some(Kind::Deadlock));
    assert_eq!(kinds[1], Some(Kind::Livelock));
    assert_eq!(kinds[4], Some(Kind::Ended));
}

#[test]
fn waiting_for_what_is_no_lock_is_seen_by_the_silence() {
    let channel = r#"use conpar::liveness::real::*;

fn main() {
    trials(|| {
        let (_me, (sender, receiver)) = (Actor::new("me"), std::sync::mpsc::channel::<u8>());
        receiver.recv().unwrap();
        sender.send(1).unwrap();
    });
}"#;
    let survived = survival("channel").arm("channel", channel).runs(5).trials(5).measure().expect("it runs");
    assert_eq!(survived.arms[0].deadlocked_in, [1; 5]);
    assert!(survived.graph("channel").expect("a graph").cycle().is_empty());
}

#[test]
fn what_does_not_report_is_said_to() {
    let silent = survival("silent").arm("silent", "fn main() {}").runs(5).measure();
    assert!(
        matches!(&silent, Err(Error::ChildFailed { reason, .. }) if reason.contains("did not report")),
        "{silent:?}"
    );
    let panics = "use conpar::liveness::real::*;\nfn main() { trials(|| panic!(\"no fork\")); }";
    let panics = survival("panics").arm("panics", panics).runs(5).measure();
    assert!(
        matches!(&panics, Err(Error::ChildFailed { reason, .. }) if reason.contains("no fork")),
        "{panics:?}"
    );
    assert!(matches!(survival("none").measure(), Err(Error::NoArm)));
    assert!(matches!(check("fn main() {}"), Err(Error::ChildFailed { .. })));
}
