//! Orders are counted as they come: planted ones are found again, and bad input is refused.

use std::sync::Barrier;
use std::task::Poll;

use conpar::Error;
use conpar::machine;
use conpar::measure::Verdict;
use conpar::notebook::Shown;
use conpar::orders::{Log, MOST_ARMS, MOST_RUNS, MOST_STEPS, Orders, orders};
use conpar::tokio;
use conpar::workload::xorshift;

const STEPS: usize = 3;

/// One step: some hundred microseconds in an optimised build, more without.
fn step(log: &Log, lane: &mut conpar::trace::Lane, task: usize) {
    lane.computing(|| std::hint::black_box(xorshift(50_000)));
    log.mark(task);
}

fn task(log: &Log, number: usize) {
    let mut lane = log.lane(number);
    (0..STEPS).for_each(|_| step(log, &mut lane, number));
}

fn calls(log: &Log) {
    (0..3).for_each(|number| task(log, number));
}

fn threads(log: &Log) {
    let together = Barrier::new(3);
    std::thread::scope(|scope| {
        for number in 0..3 {
            let together = &together;
            scope.spawn(move || {
                together.wait();
                task(log, number)
            });
        }
    });
}

/// Goes to the end of the queue of those that are ready. (tokio's own `yield_now` promises no order.)
async fn yield_once() {
    let mut yielded = false;
    std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut yielded, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// The tasks on tokio's single thread, with a yield after each step that `yields` says.
fn cooperative(log: &Log, yields: fn(usize) -> bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let task = move |log: Log, number: usize| async move {
        let mut lane = log.lane(number);
        for at in 0..STEPS {
            step(&log, &mut lane, number);
            if yields(at) {
                yield_once().await;
            }
        }
    };
    runtime.block_on(async {
        let spawned: Vec<_> = (0..3).map(|number| tokio::spawn(task(log.clone(), number))).collect();
        for task in spawned {
            task.await.expect("no panic");
        }
    });
}

#[test]
fn the_program_decides_the_order_of_calls_and_of_cooperative_tasks() {
    let ordered = orders("planted", 50)
        .arm("calls", calls)
        .arm("no yield", |log| cooperative(log, |_| false))
        .arm("yield", |log| cooperative(log, |_| true))
        .arm("once", |log| cooperative(log, |at| at == 1))
        .measure()
        .expect("a sound experiment");
    assert_eq!((ordered.possible(), ordered.steps.clone()), (1_680.0, vec![STEPS; 3]));
    for (arm, order) in
        [("calls", "AAABBBCCC"), ("no yield", "AAABBBCCC"), ("yield", "ABCABCABC"), ("once", "AABBCCABC")]
    {
        let seen = ordered.at(arm).expect("it was run");
        assert_eq!(
            (seen.runs, seen.orders.len(), seen.count(order)),
            (50, 1, 50),
            "{arm}: {:?}",
            seen.orders
        );
        assert_eq!(ordered.claim_one_order(arm, 0.1).expect("it was run").verdict, Verdict::Supported);
        assert_eq!(ordered.exercise(arm, order).expect("it was run").verdict, Verdict::Supported);
        assert_eq!(ordered.exercise(arm, "CBACBACBA").expect("it was run").verdict, Verdict::Violated);
        // One thread, which may move from core to core, but is on one at a time.
        assert!(seen.parallel.is_none_or(|runs| runs == 0), "{seen:?}");
    }
    assert_eq!((ordered.block().figures.len(), ordered.timelines().block().figures.len()), (1, 1));
    assert_eq!(ordered.columns().rows.len(), 4);
}

#[test]
fn threads_overlap_on_all_cores_and_never_on_one() {
    let ordered = orders("threads", 100)
        .arm("all cores", threads)
        .arm("one core", |log| _ = machine::on_one_core(|_| threads(log)).map_err(|_| calls(log)))
        .measure()
        .expect("a sound experiment");
    let (all, one) = (ordered.at("all cores").expect("run"), ordered.at("one core").expect("run"));
    for arm in [all, one] {
        assert_eq!(arm.orders.iter().map(|seen| seen.count).sum::<u64>(), 100);
        assert!(arm.orders.iter().all(|seen| seen.order.len() == 3 * STEPS));
        assert!(arm.orders.windows(2).all(|pair| pair[0].count >= pair[1].count));
        let shares = arm.orders.iter().map(|seen| arm.share(&seen.order).point).sum::<f64>();
        assert!((shares - 1.0).abs() < 1e-9);
    }
    let parallel = ordered.claim_parallel("all cores", 0.1).expect("run");
    assert_ne!(parallel.verdict, Verdict::Violated, "{}", parallel.reason);
    let in_turns = ordered.claim_in_turns("one core", 0.1).expect("run");
    assert_ne!(in_turns.verdict, Verdict::Violated, "{}", in_turns.reason);
}

#[test]
fn bad_input_is_refused_in_words() {
    let one = |log: &Log| log.mark(0);
    let refused = |orders: Orders<'_>| orders.measure().expect_err("it is wrong");
    let says = |orders: Orders<'_>, words: &str| match refused(orders) {
        Error::NoOrder { reason } => assert!(reason.contains(words), "{reason}"),
        other => panic!("{other}"),
    };
    assert_eq!(refused(orders("x", 5)), Error::NoArm);
    assert_eq!(refused(orders(" ", 5).arm("a", one)), Error::EmptyName { what: "the experiment" });
    assert_eq!(refused(orders("x", 5).arm("", one)), Error::EmptyName { what: "an arm" });
    assert_eq!(
        refused(orders("x", 5).arm("a", one).arm("a", one)),
        Error::DuplicateName { name: "a".into() }
    );
    says(orders("x", 0).arm("a", one), "0 runs");
    says(orders("x", MOST_RUNS + 1).arm("a", one), "runs");
    says((0..=MOST_ARMS).fold(orders("x", 5), |all, arm| all.arm(&arm.to_string(), one)), "too many");
    says(orders("x", 5).arm("a", |_| ()), "no step");
    says(orders("x", 5).arm("a", |log| log.mark(26)), "above 25");
    says(orders("x", 5).arm("a", |log| (0..=MOST_STEPS).for_each(|_| log.mark(0))), "at most 64");
    says(orders("x", 5).arm("a", one).arm("b", |log| log.mark(1)), "the same steps");
    let panics = orders("x", 5).arm("a", |_| panic!("on purpose"));
    assert!(matches!(refused(panics), Error::PanickedAt { .. }));
    let sound = orders("x", 5).arm("a", one).measure().expect("sound");
    assert!(matches!(sound.claim_one_order("b", 0.1), Err(Error::NoSuchArm { .. })));
    // Nothing was traced: a note stands where the figure would.
    assert!(sound.timelines().block().figures.is_empty());
}
