//! One timeline of threads, rayon jobs, tokio tasks and a process of its own; and what it becomes in another program's format.

use std::collections::BTreeMap;

use conpar::prelude::*;
use conpar::trace::{Activity, Span};
use conpar::workload::xorshift;
use serde_json::Value;

fn work() {
    std::hint::black_box(xorshift(100_000));
}

#[test]
fn rayon_jobs_are_on_the_workers_of_their_pool() {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(2)
        .thread_name(|number| format!("worker {number}"))
        .build();
    let pool = pool.expect("a pool");
    let timeline = trace("40 jobs", |recorder| {
        use rayon::prelude::*;
        pool.install(|| (0..40).into_par_iter().for_each(|job| recorder.lane(job).computing(work)));
    });
    assert_eq!((timeline.lanes, timeline.dropped), (40, 0));
    assert!(
        timeline.workers.iter().all(|worker| worker.name.starts_with("worker ")),
        "{:?}",
        timeline.workers
    );
    let jobs: BTreeMap<usize, Option<usize>> =
        timeline.spans.iter().map(|span| (span.lane, span.worker)).collect();
    assert_eq!(jobs.len(), 40);
    assert!(jobs.values().all(|worker| worker.is_some_and(|worker| worker < timeline.workers.len())));
    // One worker does one thing at a time.
    for worker in 0..timeline.workers.len() {
        let mut spans: Vec<&Span> =
            timeline.spans.iter().filter(|span| span.worker == Some(worker)).collect();
        spans.sort_by(|one, two| one.start.total_cmp(&two.start));
        assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "worker {worker}");
    }
}

#[cfg(target_os = "linux")]
/// What a child does, traced by itself.
const CHILD: &str = r#"use conpar::prelude::*;

fn main() {
    let timeline = trace("child", |recorder| {
        recorder.lane(0).computing(|| std::hint::black_box(conpar::workload::xorshift(2_000_000)));
    });
    println!("{}", timeline.line());
}"#;

#[cfg(target_os = "linux")]
#[test]
fn a_child_process_is_part_of_its_parents_timeline() {
    let mut line = String::new();
    let ours = trace("parent and child", |recorder| {
        let program = child(CHILD).expect("it compiles");
        recorder.lane(0).waiting(|| line = program.run().expect("it runs").stdout.text);
    });
    let theirs = Timeline::from_line(line.trim()).expect("a timeline");
    let both = ours.beside(theirs).expect("one clock");
    let [wait, computed @ ..] = &both.spans[..] else { panic!("{:?}", both.spans) };
    assert_eq!((wait.lane, wait.activity), (0, Activity::Waiting));
    assert!(!computed.is_empty());
    // The child computed while its parent waited for it, by the clock that both read; in pieces, if it was interrupted.
    for span in computed {
        assert_eq!((span.lane, span.activity), (1, Activity::Computing));
        assert!(wait.start < span.start && span.end < wait.end, "{wait:?} {span:?}");
    }
    let [parent, child] = &both.workers[..] else { panic!("{:?}", both.workers) };
    assert_ne!(parent.process, child.process);
}

#[test]
fn trace_events_hold_every_span_on_the_thread_that_ran_it() {
    let timeline = trace("a task, a job", |recorder| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(recorder.task(0, async {
            work();
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            work();
        }));
        std::thread::scope(|scope| _ = scope.spawn(|| recorder.lane(1).computing(work)));
    });
    let document: Value = serde_json::from_str(&timeline.trace_events()).expect("JSON");
    let events = document["traceEvents"].as_array().expect("events");
    let of = |phase: &str| events.iter().filter(|event| event["ph"] == phase).collect::<Vec<_>>();
    let computing = timeline.spans.iter().filter(|span| span.activity == Activity::Computing).count();
    assert_eq!(of("X").len(), computing);
    assert_eq!((of("b").len(), of("e").len()), (1, 1));
    assert_eq!(of("M").len(), 1 + timeline.workers.len(), "a process, and its threads");
    let wait = (of("b")[0]["ts"].as_f64(), of("e")[0]["ts"].as_f64());
    assert!(wait.1.zip(wait.0).is_some_and(|(end, start)| end - start >= 1_000.0), "{wait:?} µs");
    let threads: Vec<&Value> = of("X").into_iter().map(|event| &event["tid"]).collect();
    assert!(threads.iter().any(|&thread| thread != threads[0]), "two threads");
}
