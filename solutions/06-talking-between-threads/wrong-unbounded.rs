// caught: "What makes a sender wait?"
const MINE: &str = r#"use conpar::{messages::jobs::{Job, Jobs, Results, check}, prelude::*};
use crossbeam::channel;
use std::thread;

fn mine(workers: usize, jobs: Jobs, mut results: Results) {
    let ((to_worker, for_worker), (to_end, at_end)) = (channel::unbounded(), channel::unbounded());
    thread::scope(|scope| {
        scope.spawn(move || jobs.for_each(|job| to_worker.send(job).unwrap()));
        for _ in 0..workers {
            let (for_worker, to_end) = (for_worker.clone(), to_end.clone());
            scope.spawn(move || for_worker.iter().for_each(|job: Job| to_end.send(job.work()).unwrap()));
        }
        drop((for_worker, to_end));
        at_end.iter().for_each(|done| results.put(done));
    });
}

fn main() {
    check(mine)
}"#;
