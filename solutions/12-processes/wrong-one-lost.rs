// caught: "Who else could do it?"
const MINE: &str = r#"use conpar::isolation::{Log, planted::{self, Worker}};
use std::sync::Mutex;

const BATCH: usize = 4;

fn attend(log: &Log, jobs: &Mutex<Vec<u64>>, number: usize) {
    let mut worker = Worker::start(log, number);
    loop {
        let mut left = jobs.lock().unwrap();
        let batch: Vec<u64> = (0..BATCH).map_while(|_| left.pop()).collect();
        drop(left);
        if batch.is_empty() { break }
        batch.iter().for_each(|job| _ = worker.send(*job));
        for (place, &job) in batch.iter().enumerate() {
            match worker.receive() {
                Some(answer) => log.done(number, job, answer),
                None => {
                    jobs.lock().unwrap().extend(&batch[place + 1..]);
                    std::mem::replace(&mut worker, Worker::start(log, number)).end();
                    break
                }
            }
        }
    }
    worker.end();
}

fn main() { planted::run(attend) }"#;
