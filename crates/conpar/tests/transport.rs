//! Messages between processes: laws that are found again, predictions that are held against measurements, and real pipes and
//! memory in a child.
#![cfg(target_os = "linux")]

use std::time::Duration;

use conpar::Error;
use conpar::child::child;
use conpar::measure::{Estimate, Estimator, Sample, Stopped, Verdict};
use conpar::notebook::{Loaded, Shown};
use conpar::sweep::{Place, Quantity, Series, Swept};
use conpar::transport::{Payoff, Transports, payloads, transports};

const ROUNDS: usize = 30;
const SIZES: [u64; 6] = [256, 1_024, 4_096, 16_384, 65_536, 262_144];

/// A sweep whose arms take the seconds that they are told, give or take one percent from round to round.
fn computed(arms: &[(&str, &dyn Fn(f64) -> f64)], cores: usize, clean: bool) -> Swept {
    let (mut samples, mut series) = (Vec::new(), Vec::new());
    for (arm, seconds) in arms {
        let places = SIZES.iter().map(|&value| {
            let point = seconds(value as f64);
            let sample = |round: usize| Sample {
                seconds: point * (1.0 + 0.01 * ((round * 7 + samples.len()) % 5) as f64 / 2.0 - 0.01),
                clean,
            };
            samples.push((0..ROUNDS).map(sample).collect());
            Place {
                value,
                threads: 1,
                operations: None,
                estimate: Estimate { point, low: 0.99 * point, high: 1.01 * point, level: 0.95 },
                estimator: if clean { Estimator::MedianOfClean } else { Estimator::Minimum },
                clean: if clean { ROUNDS } else { 0 },
                index: samples.len() - 1,
            }
        });
        series.push(Series { arm: (*arm).to_owned(), serial: false, places: places.collect() });
    }
    Swept {
        name: "computed".to_owned(),
        parameter: "payload (bytes)".to_owned(),
        quantity: Quantity::Seconds,
        operation: None,
        beside: Vec::new(),
        notes: Vec::new(),
        cores,
        series,
        samples,
        stopped: Stopped::Precise,
        watched: true,
    }
}

const LATENCY: f64 = 5e-6;
const PER_BYTE: f64 = 3e-10;

fn messages(clean: bool) -> Transports {
    let there_and_back = |bytes: f64| 2.0 * (LATENCY + PER_BYTE * bytes);
    transports(&computed(&[("pipe", &there_and_back), ("pointer", &|_| 1e-6)], 2, clean)).expect("two laws")
}

/// Work of 2 ns a byte, and half of it sent, at a latency that is `off` times the transport's.
fn payoff(cores: usize, off: f64, clean: bool) -> Payoff {
    let alone = |bytes: f64| 2e-9 * bytes;
    let shared = |bytes: f64| 2.0 * off * LATENCY + PER_BYTE * bytes / 2.0 + 1e-9 * bytes;
    let swept = computed(&[("alone", &alone), ("process", &shared)], cores, clean);
    messages(clean).payoff(&swept, "alone", [("process", "pipe")]).expect("a payoff")
}

#[test]
fn the_law_of_a_transport_is_found_again() {
    let messages = messages(true);
    let pipe = messages.at("pipe").expect("fitted");
    assert!((pipe.latency.point / LATENCY - 1.0).abs() < 0.02, "{pipe:?}");
    assert!((pipe.per_byte.point / PER_BYTE - 1.0).abs() < 0.02, "{pipe:?}");
    assert!(pipe.latency.low <= LATENCY * 1.01 && LATENCY * 0.99 <= pipe.latency.high);
    assert!(pipe.misfit < 1.05 && pipe.credible);
    let pointer = messages.at("pointer").expect("fitted");
    assert!(pointer.per_byte.point * 262_144.0 < 0.05 * pointer.latency.point, "{pointer:?}");
    assert!(matches!(messages.at("other"), Err(Error::NoSuchArm { .. })));
    let block = messages.block();
    assert_eq!(block.figures.len(), 2);
    assert!(block.figures[0].markup().contains("pointer"));
    assert!(!block.figures[1].markup().contains("pointer"), "what carries no bytes has no bandwidth");
    let json = serde_json::to_string(&messages).expect("JSON");
    let again: Transports = serde_json::from_str(&json).expect("the same");
    assert!(again == messages && again.sound().is_ok());
    let mut broken = again.clone();
    broken.fits.pop();
    assert!(broken.sound().is_err());
    broken = again;
    broken.swept.samples[0][0].seconds = -1.0;
    assert!(broken.sound().is_err());
}

#[test]
fn a_prediction_is_held_against_the_measurement() {
    // 4 α / (C - β) with C = 2 ns.
    let truth = 4.0 * LATENCY / (2e-9 - PER_BYTE);
    let right = payoff(2, 1.0, true);
    let process = right.at("process").expect("measured");
    assert!((process.predicted.value.point / truth - 1.0).abs() < 0.05, "{process:?} {truth}");
    assert!((process.measured.value.point / truth - 1.0).abs() < 0.1, "{process:?} {truth}");
    assert!((right.computing.point / 2e-9 - 1.0).abs() < 0.02);
    let verdict = |payoff: &Payoff| payoff.claim_predicted("process", 2.0).expect("a claim").verdict;
    assert_eq!(verdict(&right), Verdict::Supported);
    assert_eq!(verdict(&payoff(2, 8.0, true)), Verdict::Violated);
    assert_eq!(verdict(&payoff(1, 8.0, true)), Verdict::CannotTell, "one core");
    assert_eq!(verdict(&payoff(2, 8.0, false)), Verdict::CannotTell, "disturbed");
    assert_eq!(verdict(&payoff(2, 1e5, true)), Verdict::CannotTell, "beyond what was measured");
    assert_eq!(right.claim_pays("process", 1.5).expect("a claim").verdict, Verdict::Supported);
    assert_eq!(right.claim_pays("process", 1.9).expect("a claim").verdict, Verdict::Violated);
    assert!(matches!(right.claim_pays("other", 1.0), Err(Error::NoSuchArm { .. })));
    assert_eq!(payoff(2, 1e5, true).pays("process").expect("measured"), "for no payload here");
    assert!(right.pays("process").expect("measured").starts_with("from 1"), "4 × 5 µs / 1.7 ns are 11.8 kB");
    let again: Payoff =
        serde_json::from_str(&serde_json::to_string(&right).expect("JSON")).expect("the same");
    assert!(again.sound().is_ok() && right.block().figures.len() == 1);
}

#[test]
fn a_sweep_of_something_else_is_refused() {
    let mut throughput = messages(true).swept;
    throughput.quantity = Quantity::Throughput;
    assert!(matches!(transports(&throughput), Err(Error::NotPayloads { .. })));
    let mut one = messages(true).swept;
    one.series.iter_mut().for_each(|series| series.places.truncate(1));
    assert!(matches!(transports(&one), Err(Error::NotPayloads { .. })));
}

#[test]
fn payloads_without_memory_are_left_out() {
    assert_eq!(payloads([1, 1_000], 4), [1, 1_000]);
    assert_eq!(payloads([1, u64::MAX / 8], 4), [1]);
    let text = r#"use conpar::prelude::*;
fn main() { println!("{:?}", conpar::transport::payloads([1, 64_000_000], 16)); }"#;
    let ended = child(text).expect("it compiles").memory(256 << 20).run().expect("it runs");
    assert_eq!(ended.stdout.text.trim(), "[1]");
    assert!(ended.stderr.text.contains("left out"), "{}", ended.stderr.text);
}

#[test]
fn a_real_pipe_and_real_memory_carry_messages() {
    let text = r#"use conpar::{prelude::*, transport::{SharedMemory, Worker}};
use std::{io::{Read, Write, pipe, stdin, stdout}, process::Stdio, sync::atomic::Ordering::Relaxed};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut byte = [0; 64];
    match std::env::args().nth(1).as_deref() {
        Some("pipe") => while stdin().read_exact(&mut byte).is_ok() {
            stdout().write_all(&byte).and_then(|()| stdout().flush())?;
        },
        Some("memory") => {
            let memory = SharedMemory::of(stdin())?;
            while memory.wait_for(1, 0) {
                memory[0].fetch_add(1, Relaxed);
                memory.hand_over(0);
            }
        }
        _ => {
            let ((input, mut to), (mut from, output)) = (pipe()?, pipe()?);
            let memory = SharedMemory::new(8)?;
            let _workers = [
                Worker::start("pipe", input, output)?,
                Worker::start("memory", memory.descriptor()?, Stdio::null())?,
            ];
            for round in 0..1_000_u64 {
                to.write_all(&[round as u8; 64])?;
                from.read_exact(&mut byte)?;
                assert_eq!(byte, [round as u8; 64]);
                memory[0].store(round, Relaxed);
                memory.hand_over(1);
                assert!(memory.wait_for(0, 100));
                assert_eq!(memory[0].load(Relaxed), round + 1);
            }
            println!("done");
        }
    }
    Ok(())
}"#;
    let program = child(text).expect("it compiles").deadline(Duration::from_secs(60));
    let ended = program.run().expect("it runs");
    assert!(ended.is_success() && ended.stdout.text == "done\n", "{}", ended.stderr.text);
}
