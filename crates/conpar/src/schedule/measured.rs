//! What scheduling costs on this machine, measured.

use std::hint::{black_box, spin_loop};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread::Thread;
use std::time::{Duration, Instant};

use super::Costs;
use crate::measure::median;
use crate::{Error, machine};

/// How often each cost is measured.
const REPEATS: usize = 9;

/// How often a worker of rayon looks for work before it sleeps, giving its core away each time (`ROUNDS_UNTIL_SLEEPING` in
/// rayon-core/src/sleep/mod.rs).
const ROUNDS_UNTIL_SLEEPING: usize = 33;

/// Measures what the steps of schedulers cost on this machine, in some hundredths of a second: medians of nine repeats.
///
/// What two workers do to each other is measured with two threads on two cores. More workers at one counter cost more
/// than two, which is not known here. On one core it is measured without another core.
///
/// # Errors
///
/// [`Error::NoPool`] where no thread can be started.
pub fn costs_here() -> Result<Costs, Error> {
    let both = machine::available_cores() > 1;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let pool = pool.map_err(|error| Error::NoPool {
        arm: "costs_here".to_owned(),
        workers: 1,
        reason: error.to_string(),
    })?;
    Ok(Costs {
        chunk: usual(|| taking(if both { 2 } else { 1 })),
        chunk_again: usual(|| taking(1)),
        join: usual(|| pool.install(joining)),
        steal: usual(if both { || stealing_from_another() } else { || stealing_alone() }),
        wake: usual(waking),
        patience: usual(|| each(ROUNDS_UNTIL_SLEEPING, |_| std::thread::yield_now()))
            * ROUNDS_UNTIL_SLEEPING as f64,
        spawn: usual(spawning),
    })
}

/// The median of some repeats.
fn usual(seconds: impl Fn() -> f64) -> f64 {
    let mut times: Vec<f64> = (0..REPEATS).map(|_| seconds()).collect();
    median(&mut times)
}

/// The seconds of one of so many runs.
fn each(times: usize, mut step: impl FnMut(usize)) -> f64 {
    let start = Instant::now();
    (0..times).for_each(&mut step);
    start.elapsed().as_secs_f64() / times as f64
}

/// Spins until `ready`, and lets others run now and then: they may be what is waited for.
fn spin_until(ready: impl Fn() -> bool) {
    let mut spins = 0_u32;
    while !ready() {
        spins += 1;
        if spins.is_multiple_of(64) { std::thread::yield_now() } else { spin_loop() }
    }
}

/// Taking from a counter that so many threads take from at the same time: the time between two takes.
fn taking(threads: usize) -> f64 {
    const TAKES: usize = 20_000;
    let (counter, missing) = (AtomicUsize::new(0), AtomicUsize::new(threads));
    let take = |thread: usize| {
        machine::bind_to(thread);
        missing.fetch_sub(1, Ordering::Relaxed);
        spin_until(|| missing.load(Ordering::Relaxed) == 0);
        let start = Instant::now();
        for _ in 0..TAKES {
            black_box(counter.fetch_add(1, Ordering::Relaxed));
        }
        (start, Instant::now())
    };
    std::thread::scope(|scope| {
        let take = &take;
        let threads: Vec<_> = (0..threads).map(|thread| scope.spawn(move || take(thread))).collect();
        // A thread cannot panic: it counts.
        let spans: Vec<_> = threads.into_iter().filter_map(|thread| thread.join().ok()).collect();
        let first = spans.iter().map(|span| span.0).min();
        let last = spans.iter().map(|span| span.1).max();
        let seconds = last.zip(first).map_or(0.0, |(last, first)| (last - first).as_secs_f64());
        seconds / (TAKES * spans.len().max(1)) as f64
    })
}

/// A `join` of nothing with nothing, in a pool of one thread: nobody can steal its second half.
fn joining() -> f64 {
    each(10_000, |_| _ = rayon::join(|| black_box(0), || black_box(0)))
}

/// Half the time that a piece takes from its owner to a thief on another core, and the word of it back.
fn stealing_from_another() -> f64 {
    const PIECES: usize = 500;
    let owner = crossbeam::deque::Worker::new_lifo();
    let (thief, taken, ready) = (owner.stealer(), AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            machine::bind_to(1);
            ready.store(true, Ordering::Release);
            for piece in 1..=PIECES {
                spin_until(|| thief.steal().is_success());
                taken.store(piece, Ordering::Release);
            }
        });
        let owner = scope.spawn(|| {
            let owner = owner;
            machine::bind_to(0);
            spin_until(|| ready.load(Ordering::Acquire));
            each(PIECES, |piece| {
                owner.push(piece);
                spin_until(|| taken.load(Ordering::Acquire) > piece);
            })
        });
        // It cannot panic: it counts.
        owner.join().unwrap_or_default() / 2.0
    })
}

/// Stealing from a deque that no other core has touched.
fn stealing_alone() -> f64 {
    let owner = crossbeam::deque::Worker::new_lifo();
    let thief = owner.stealer();
    each(10_000, |piece| {
        owner.push(piece);
        let _ = black_box(thief.steal());
    })
}

/// From waking a thread that sleeps to its first step, each on a core of its own.
fn waking() -> f64 {
    const ROUNDS: usize = 20;
    // Long enough that the other is asleep: a thread that has not parked yet has nothing to wake from.
    const ASLEEP: Duration = Duration::from_micros(50);
    let (clock, partner) = (Instant::now(), &OnceLock::<Thread>::new());
    let (called, woken, answered) = (&AtomicUsize::new(0), &AtomicU64::new(0), &AtomicUsize::new(0));
    std::thread::scope(|scope| {
        // Both are started from here: a thread that is bound hands its one core on to those that it starts.
        let caller = scope.spawn(move || {
            machine::bind_to(0);
            let partner = partner.wait();
            let mut times: Vec<f64> = (1..=ROUNDS)
                .map(|round| {
                    let idle = Instant::now();
                    spin_until(|| idle.elapsed() > ASLEEP);
                    let start = clock.elapsed();
                    called.store(round, Ordering::Release);
                    partner.unpark();
                    spin_until(|| answered.load(Ordering::Acquire) == round);
                    let end = Duration::from_nanos(woken.load(Ordering::Relaxed));
                    end.saturating_sub(start).as_secs_f64()
                })
                .collect();
            median(&mut times)
        });
        let other = scope.spawn(move || {
            machine::bind_to(1);
            for round in 1..=ROUNDS {
                while called.load(Ordering::Acquire) < round {
                    std::thread::park();
                }
                woken.store(clock.elapsed().as_nanos() as u64, Ordering::Relaxed);
                answered.store(round, Ordering::Release);
            }
        });
        let _ = partner.set(other.thread().clone());
        // It cannot panic: it counts.
        caller.join().unwrap_or_default()
    })
}

/// How long it takes to start a thread, for the one who starts it.
fn spawning() -> f64 {
    const THREADS: usize = 8;
    std::thread::scope(|scope| each(THREADS, |_| _ = scope.spawn(|| ())))
}
