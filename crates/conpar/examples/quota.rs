//! Short and long samples under a CPU quota, as in the records `quota-short` and `quota-long`.
//!
//! With systemd: `systemd-run --user --scope -p CPUQuota=150% cargo run --release -p conpar --example quota`. In a
//! container: `docker run --cpus 1.5 …`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use conpar::machine::this_machine;
use conpar::prelude::*;
use conpar::workload::xorshift;

/// The time of one serial run: within one period of the quota (100 ms unless it is set otherwise), and over many.
const LENGTHS: [Duration; 2] = [Duration::from_millis(8), Duration::from_millis(800)];

fn main() -> Result<(), conpar::Error> {
    let machine = this_machine()?;
    println!("{} cores, quota {:?}", machine.available_cores, machine.quota);
    let per_millisecond = steps_in_a_millisecond();
    for length in LENGTHS {
        let steps = per_millisecond * length.as_millis() as u64;
        let share = |workers: usize| {
            std::thread::scope(|scope| {
                for _ in 0..workers {
                    scope.spawn(move || black_box(xorshift(black_box(steps / workers as u64))));
                }
            });
        };
        let scaling = speedup(&format!("independent work, {} ms", length.as_millis()))
            .serial(|| _ = black_box(xorshift(black_box(steps))))
            .threads("scoped threads", share)
            .workers([1, 2, 3, 4])
            .budget(Duration::from_secs(25))
            .measure()?;
        println!("{}, {} rounds", scaling.name, scaling.rounds);
        for (_, point) in scaling.points() {
            println!("{} workers: {} ({:?})", point.workers, point.speedup, point.estimator);
        }
    }
    Ok(())
}

/// How many steps of the work one core does in a millisecond, as long as no quota stops it: the best of several tries.
fn steps_in_a_millisecond() -> u64 {
    let steps = 1_000_000;
    let fastest = (0..20).map(|_| {
        let start = Instant::now();
        black_box(xorshift(black_box(steps)));
        start.elapsed()
    });
    let milliseconds = fastest.min().unwrap_or_default().as_secs_f64() * 1e3;
    (steps as f64 / milliseconds) as u64
}
