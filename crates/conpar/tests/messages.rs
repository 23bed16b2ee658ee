//! Messages are found again at their other end, their times obey what is known of queues, and bad input is refused.

mod common;

use std::sync::Barrier;
use std::time::{Duration, Instant};

use conpar::Error;
use conpar::crossbeam::channel;
use conpar::measure::Verdict;
use conpar::messages::{Latencies, LatencyExperiment, MOST_ARMS, MOST_VALUES};
use conpar::prelude::*;
use conpar::tokio::sync::broadcast;
use conpar::workload::xorshift;

use common::keep;

fn work(steps: u64) -> u64 {
    std::hint::black_box(xorshift(std::hint::black_box(steps)))
}

fn through(name: &str, capacity: usize, count: u64, steps: u64) -> Conversation {
    conversation(name, |talk| {
        let (to, from) = channel::bounded(capacity);
        let (alice, bob) = (talk.participant("alice"), talk.participant("bob"));
        std::thread::scope(|scope| {
            scope.spawn(move || {
                (0..count).for_each(|n| alice.sent(to.send(alice.offer(n))).expect("bob is there"))
            });
            scope.spawn(move || {
                for (n, message) in (0..).zip(from) {
                    assert_eq!(bob.received(message), n);
                    bob.working(|| work(steps));
                }
            });
        });
    })
}

#[test]
fn every_message_has_both_ends_in_order_and_their_times_are_possible() {
    let talk = through("through a channel", 3, 200, 2_000);
    assert_eq!((talk.messages.len(), talk.lost(), talk.dropped), (200, 0, 0));
    assert_eq!(
        talk.lifelines.iter().map(|lifeline| lifeline.name.as_str()).collect::<Vec<_>>(),
        ["alice", "bob"]
    );
    for (n, message) in talk.messages.iter().enumerate() {
        let returned = message.returned.expect("its send was marked");
        let [receipt] = message.received[..] else { panic!("{} receipts", message.received.len()) };
        assert_eq!((message.from, message.number, receipt.by), (0, n as u64, 1));
        assert!(message.offered <= returned && message.offered <= receipt.at && receipt.at <= talk.makespan);
        // There is room for three: the send of the fourth after it has to wait for the receipt of this one.
        if let Some(later) = talk.messages.get(n + 4) {
            // The receipt is marked just after the place is free: so much may lie between.
            assert!(later.returned.expect("marked") > receipt.at - 1e-3, "{later:?} passed {message:?}");
        }
    }
    assert!(
        talk.messages.windows(2).all(|pair| pair[0].received[0].at <= pair[1].received[0].at),
        "first in, first out"
    );
    assert_eq!(talk.lifelines[1].working.len(), 200);
    assert!(talk.latencies().is_sorted() && talk.latencies().len() == 200 && talk.rate().is_some());
    assert!(talk.sending("alice").expect("she sent") > 0.0 && talk.sending("bob") == Ok(0.0));
    assert!(matches!(talk.sending("carol"), Err(Error::NoSuchArm { .. })));
}

#[test]
fn a_rendezvous_returns_no_sooner_than_the_receiver_comes() {
    let talk = conversation("rendezvous", |talk| {
        let (to, from) = channel::bounded(0);
        let (alice, bob) = (talk.participant("alice"), talk.participant("bob"));
        std::thread::scope(|scope| {
            scope.spawn(move || alice.sent(to.send(alice.offer_as("hello", ()))).expect("bob is there"));
            scope.spawn(move || {
                bob.working(|| work(3_000_000));
                bob.received(from.recv().expect("alice is there"));
            });
        });
    });
    let (message, worked) = (&talk.messages[0], talk.lifelines[1].working[0]);
    assert_eq!(message.name, "hello");
    assert!(message.returned.expect("marked") >= worked.end, "{talk:?}");
}

#[test]
fn a_broadcast_reaches_all_and_what_is_missed_is_told() {
    let talk = conversation("broadcast", |talk| {
        let (to, for_quick) = broadcast::channel(4);
        let for_slow = to.subscribe();
        let [sender, quick, slow] = ["sender", "quick", "slow"].map(|name| talk.participant(name));
        let full = Barrier::new(2);
        let listen = |me: &Participant, mut from: broadcast::Receiver<Message<u64>>| {
            loop {
                match from.blocking_recv() {
                    Ok(message) => _ = me.received(message),
                    Err(broadcast::error::RecvError::Lagged(count)) => me.missed(count),
                    Err(broadcast::error::RecvError::Closed) => break,
                }
            }
        };
        std::thread::scope(|scope| {
            let full = &full;
            scope.spawn(move || listen(&quick, for_quick));
            scope.spawn(move || {
                full.wait();
                listen(&slow, for_slow);
            });
            (0..10).for_each(|n| _ = sender.sent(to.send(sender.offer(n))).expect("both listen"));
            full.wait();
            drop((to, sender));
        });
    });
    // The slow one began when ten were sent, of which four are kept.
    let got = |by: usize| {
        talk.messages.iter().filter(move |message| message.received.iter().any(|receipt| receipt.by == by))
    };
    assert_eq!(got(2).map(|message| message.number).collect::<Vec<_>>(), [6, 7, 8, 9]);
    assert_eq!(talk.lifelines[2].missed.iter().map(|missed| missed.count).collect::<Vec<_>>(), [6]);
    assert_eq!(talk.claim_missed("slow").expect("it listened").verdict, Verdict::Supported);
    assert_ne!(talk.claim_missed("quick").expect("it listened").verdict, Verdict::Violated);
    keep("broadcast", &talk.block());
    let html = talk.block().html();
    assert!(html.contains("was told that it missed 6 messages") && html.contains("\nmissed 6\n"));
    let mut untold = talk.clone();
    untold.lifelines[2].missed.clear();
    assert_eq!(untold.claim_missed("slow").expect("it listened").verdict, Verdict::Violated);
}

#[test]
fn tasks_talk_as_threads_do() {
    let talk = conversation("tasks", |talk| {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
        let (to, mut from) = tokio::sync::mpsc::channel(2);
        let (alice, bob) = (talk.participant("alice"), talk.participant("bob"));
        let sending = runtime.spawn(async move {
            for n in 0..50 {
                let sent = to.send(alice.offer(n)).await;
                alice.sent(sent).expect("bob is there");
            }
        });
        let receiving = runtime.spawn(async move {
            while let Some(message) = from.recv().await {
                bob.received(message);
            }
        });
        runtime.block_on(async { (sending.await, receiving.await) }).0.expect("no panic");
    });
    assert_eq!((talk.messages.len(), talk.lost(), talk.dropped), (50, 0, 0));
}

#[test]
fn the_figure_says_each_message_and_leaves_nothing_out_in_silence() {
    let talk = through("<names> & more", 2, 12, 20_000);
    let block = talk.block();
    keep("sequence", &block);
    let html = block.html();
    assert!(
        html.contains("7: alice to bob")
            && html.contains("on its way for")
            && html.contains("inside its send for")
    );
    assert!(html.contains("&lt;names&gt; &amp; more") && !html.contains("<names>"));
    assert_eq!((block.figures.len(), block.table.rows.len()), (1, 12));
    assert!(
        block.caption.contains("12 messages") && block.caption.contains("alice was inside its sends for")
    );
    assert_eq!(talk.columns().rows.len(), 12);

    let long = through("long", 16, 300, 0).block();
    assert!(long.notes.iter().any(|note| note.contains("the first 80 messages")), "{:?}", long.notes);
    assert!(long.caption.contains("99th percentile"));
    let lost = conversation("lost", |talk| {
        let (to, from) = channel::unbounded();
        let alice = talk.participant("alice");
        alice.sent(to.send(alice.offer(()))).expect("there is room");
        drop(from);
    });
    keep("lost", &lost.block());
    assert!(lost.block().notes.iter().any(|note| note.contains("not received: 1 message.")));
    assert!(lost.block().html().contains("nobody received it"));
    let silent = conversation("silent", |_| ()).block();
    assert!(silent.figures.is_empty() && !silent.notes.is_empty(), "a note stands where the figure would");
    let crowd = conversation("a crowd", |talk| {
        let all: Vec<_> = (0..16).map(|n| talk.participant(&format!("participant number {n}"))).collect();
        for pair in all.windows(2) {
            let message = pair[0].offer_as("a long name of a message", ());
            pair[0].sent(());
            pair[1].received(message);
        }
    });
    keep("crowd", &crowd.block());
    assert_eq!(crowd.block().figures.len(), 1);
}

#[test]
fn a_record_costs_little() {
    const COUNT: u64 = 20_000;
    // Both marks of a send and that of the receipt, on one thread: what they cost, and nothing else.
    let cost = || {
        let mut seconds = f64::INFINITY;
        conversation("alone", |talk| {
            let (alice, bob) = (talk.participant("alice"), talk.participant("bob"));
            let start = Instant::now();
            (0..COUNT).for_each(|n| _ = bob.received(std::hint::black_box(alice.sent(alice.offer(n)))));
            seconds = start.elapsed().as_secs_f64();
        });
        seconds / COUNT as f64
    };
    let cost = (0..20).map(|_| cost()).fold(f64::INFINITY, f64::min);
    println!("{:.0} ns a message", cost * 1e9);
    // In an optimised build some 100 ns; without, several times that.
    let most = if cfg!(debug_assertions) { 5e-6 } else { 0.5e-6 };
    assert!(cost < most, "{} ns", cost * 1e9);
}

#[test]
fn a_conversation_is_saved_and_read_back_equal_and_a_false_one_is_refused() {
    let folder = std::env::temp_dir();
    let file = folder.join(format!("conpar-talk-{}.json", std::process::id()));
    let talk = through("saved", 2, 5, 100);
    talk.save_json(&file).expect("saved");
    assert_eq!(Conversation::load(&file).expect("what was saved"), talk);
    let wrong = |change: &dyn Fn(&mut Conversation)| {
        let mut wrong = talk.clone();
        change(&mut wrong);
        wrong.save_json(&file).expect("saved");
        Conversation::load(&file).expect_err("it is wrong").to_string()
    };
    assert!(wrong(&|talk| talk.messages[0].from = 7).contains("no sender"));
    assert!(wrong(&|talk| talk.messages[0].received[0].by = 7).contains("no sender"));
    assert!(wrong(&|talk| talk.messages[0].received[0].at = -1.0).contains("arrives before"));
    assert!(wrong(&|talk| talk.lifelines[1].working[0].end = -1.0).contains("ends before"));
    assert!(
        wrong(&|talk| talk.lifelines = vec![talk.lifelines[0].clone(); 40]).contains("more participants")
    );
    std::fs::remove_file(&file).expect("ours");
}

/// A receiver that works on each message, and a sender that is always ahead.
fn busy(steps: u64) -> impl Fn(u64, &Talk) {
    move |capacity, talk| {
        let (to, from) = channel::bounded(capacity as usize);
        let (alice, bob) = (talk.participant("alice"), talk.participant("bob"));
        std::thread::scope(|scope| {
            scope.spawn(move || {
                (0..400_u64).for_each(|n| alice.sent(to.send(alice.offer(n))).expect("bob is there"))
            });
            scope.spawn(move || from.iter().for_each(|message| _ = (bob.received(message), work(steps))));
        });
    }
}

fn measured() -> Latencies {
    latencies("busy", "capacity (messages)")
        .over([64, 0, 4])
        .on_their_way(|capacity| capacity + 1)
        .arm("bounded", busy(2_000))
        .budget(Duration::from_millis(1_500))
        .measure()
        .expect("a sound experiment")
}

#[test]
fn a_longer_queue_means_a_longer_wait_and_little_is_right() {
    let latencies = measured();
    assert_eq!(latencies.arms[0].places.iter().map(|place| place.value).collect::<Vec<_>>(), [0, 4, 64]);
    let long = latencies.at("bounded", 64).expect("measured");
    assert_eq!((long.receipts, long.medians.len()), (400, latencies.rounds));
    assert!(long.median.point <= long.p99.point && long.rate.point > 0.0, "{long:?}");
    assert_eq!(long.law.expect("it was said").on_their_way, 65);
    let claims = [
        latencies.claim_longer(("bounded", 64), ("bounded", 4), 2.0).expect("measured"),
        latencies.claim_little("bounded", 64, 0.5).expect("measured"),
    ];
    assert!(claims.iter().all(|claim| claim.verdict != Verdict::Violated), "{claims:?}");
    keep("latencies", &latencies.block());
    assert_eq!((latencies.block().figures.len(), latencies.columns().rows.len()), (1, 3));
    assert!(matches!(latencies.at("bounded", 5), Err(Error::NoSuchValue { .. })));

    let file = std::env::temp_dir().join(format!("conpar-latencies-{}.json", std::process::id()));
    latencies.save_json(&file).expect("saved");
    assert_eq!(Latencies::load(&file).expect("what was saved"), latencies);
    let mut wrong = latencies.clone();
    wrong.arms[0].places[0].medians.pop();
    wrong.save_json(&file).expect("saved");
    assert!(Latencies::load(&file).expect_err("a sample is missing").to_string().contains("lacks samples"));
    std::fs::remove_file(&file).expect("ours");
}

#[test]
fn an_experiment_that_cannot_be_sound_says_why() {
    let refused = |experiment: LatencyExperiment<'_>| experiment.measure().expect_err("it is wrong");
    let says = |experiment: LatencyExperiment<'_>, words: &str| match refused(experiment) {
        Error::NoMessages { reason } => assert!(reason.contains(words), "{reason}"),
        other => panic!("{other}"),
    };
    let sound = || latencies("x", "capacity").over([1]);
    assert_eq!(refused(sound()), Error::NoArm);
    assert_eq!(refused(latencies("x", "capacity").arm("a", busy(0))), Error::NoValues);
    assert_eq!(
        refused(latencies(" ", "capacity").over([1]).arm("a", busy(0))),
        Error::EmptyName { what: "the experiment" }
    );
    assert_eq!(
        refused(sound().arm("a", busy(0)).arm("a", busy(0))),
        Error::DuplicateName { name: "a".into() }
    );
    assert_eq!(refused(sound().arm("a", busy(0)).budget(Duration::ZERO)), Error::ZeroBudget);
    let many = (0..=MOST_ARMS).fold(sound(), |all, arm| all.arm(&arm.to_string(), busy(0)));
    assert!(matches!(refused(many), Error::TooManyArms { .. }));
    let values = latencies("x", "capacity").over(0..=MOST_VALUES as u64).arm("a", busy(0));
    assert!(matches!(refused(values), Error::TooManyValues { .. }));
    says(sound().arm("a", |_, _| ()), "received 0 messages");
    says(
        sound().arm("a", |_, talk| {
            let alice = talk.participant("alice");
            (0..200).for_each(|n| _ = alice.sent(alice.offer(n)));
        }),
        "200 were not received",
    );
    says(
        sound().arm("a", |_, talk| {
            let alice = talk.participant("alice");
            (0..60_000).for_each(|n| _ = alice.received(alice.sent(alice.offer(n))));
        }),
        "more marks than a record holds",
    );
    let left = std::cell::RefCell::new(Vec::new());
    says(sound().arm("a", |_, talk| left.borrow_mut().push(talk.participant("late"))), "`late` had ended");
    assert!(matches!(refused(sound().arm("a", |_, _| panic!("on purpose"))), Error::PanickedAt { .. }));
}
