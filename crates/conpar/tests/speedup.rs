//! The instrument on the machine that runs the tests. Verdicts come from intervals, and "cannot tell" passes.

use std::sync::LazyLock;

use conpar::measure::Verdict;
use conpar::prelude::*;
use conpar::rayon::prelude::*;
use conpar::speedup::{Scaling, Versus};

const NUMBERS: u64 = 60_000;
const BLOCK: u64 = 500;

fn is_prime(n: u64) -> bool {
    n > 1 && (2..).take_while(|d| d * d <= n).all(|d| !n.is_multiple_of(d))
}

fn primes(range: std::ops::Range<u64>) -> usize {
    range.filter(|&n| is_prime(n)).count()
}

/// Measured once, for all tests: two measurements at a time would disturb each other.
static MEASURED: LazyLock<Scaling> = LazyLock::new(|| {
    speedup("is_prime")
        .serial(|| primes(0..NUMBERS))
        .rayon("par_iter", || (0..NUMBERS).into_par_iter().filter(|&n| is_prime(n)).count())
        .threads("dealt blocks", |workers| {
            // Every worker gets each `workers`th block: later blocks are dearer, so whole halves would be uneven.
            let count = |worker: u64| -> usize {
                let blocks = (worker * BLOCK..NUMBERS).step_by(BLOCK as usize * workers);
                blocks.map(|start| primes(start..(start + BLOCK).min(NUMBERS))).sum()
            };
            std::thread::scope(|scope| {
                let threads: Vec<_> =
                    (0..workers as u64).map(|worker| scope.spawn(move || count(worker))).collect();
                threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
            })
        })
        .threads("serial in disguise", |_| primes(0..NUMBERS))
        .tokio("spawn_blocking", |workers| async move {
            let part = NUMBERS.div_ceil(workers as u64);
            let tasks = (0..workers as u64).map(|worker| {
                let range = worker * part..((worker + 1) * part).min(NUMBERS);
                tokio::task::spawn_blocking(move || primes(range))
            });
            let mut sum = 0;
            for task in tasks.collect::<Vec<_>>() {
                sum += task.await.expect("no panic");
            }
            sum
        })
        .workers([1, 2, 4])
        .measure()
        .expect("a sound experiment")
});

#[test]
fn parallel_code_is_faster_and_serial_code_in_disguise_is_not() {
    let scaling = &*MEASURED;
    let cores = conpar::machine::effective_cores();
    for arm in ["par_iter", "dealt blocks"] {
        let claim = scaling.claim_faster(arm, 1.1).expect("measured");
        assert_ne!(claim.verdict, Verdict::Violated, "{}: {}", claim.claim, claim.reason);
        assert!(cores >= 2.0 || claim.verdict == Verdict::CannotTell, "one core shows no parallelism");
    }
    let disguised = scaling.at("serial in disguise", 2).expect("measured");
    assert_ne!(disguised.versus_serial(), Versus::Faster, "{}", disguised.speedup);
    // Nothing but noise may lift a point above what the machine gives at all.
    for (curve, point) in scaling.points().filter(|(_, point)| point.is_credible() && !point.oversubscribed) {
        let share = point.of_ceiling.expect("the ceiling was measured");
        assert_ne!(share.above(1.15), Verdict::Supported, "{} reaches {share} of the ceiling", curve.arm);
    }
}

#[test]
fn a_result_is_plain_data_and_shows_itself() {
    let scaling = &*MEASURED;
    let json = serde_json::to_string(scaling).expect("plain data");
    let loaded: Scaling = serde_json::from_str(&json).expect("what was saved");
    assert_eq!(&loaded, scaling, "bit for bit");
    let html = loaded.block().html();
    assert!(html.contains("<svg role=\"group\" aria-label="), "a figure whose points say their values");
    assert!(html.contains("spawn_blocking"));
    for point in scaling.points().map(|(_, point)| point) {
        assert_eq!(point.oversubscribed, point.workers > 1 && point.workers as f64 > scaling.cores.effective);
        assert!(point.speedup.low <= point.speedup.point && point.speedup.point <= point.speedup.high);
    }
    if let Ok(folder) = std::env::var("CONPAR_KEEP_HTML") {
        std::fs::write(std::path::Path::new(&folder).join("scaling.html"), html).expect("writable");
    }
}

#[test]
fn the_ceiling_may_be_of_the_work_itself() {
    let own = speedup("is_prime")
        .serial(|| primes(0..NUMBERS))
        .ceiling(|| primes(0..NUMBERS))
        .threads("all of it twice", |_| primes(0..NUMBERS).max(primes(0..NUMBERS)))
        .workers([1, 2])
        .measure()
        .expect("a sound experiment");
    let ceiling = own.ceiling_at(1).expect("measured").seconds;
    // One worker of the ceiling does what serial does, in a sample of its own.
    assert!((0.3..3.0).contains(&(ceiling / own.serial_seconds.point)), "{ceiling} s");
    assert!(own.own_ceiling && !MEASURED.own_ceiling);
    let half = own.at("all of it twice", 2).expect("measured").of_ceiling.expect("the ceiling was measured");
    assert_ne!(half.below(0.75), Verdict::Violated, "{half}");
    let says = |scaling: &Scaling| scaling.block().html().contains("ceiling of this machine for this work");
    assert!(!says(&MEASURED));
    assert!(says(&own) || own.best().is_none_or(|(_, point)| point.workers == 1));
}

#[test]
fn a_ceiling_that_panics_is_an_error() {
    let broken = speedup("broken")
        .serial(|| primes(0..100))
        .threads("same", |_| primes(0..100))
        .ceiling(|| -> usize { panic!("no ceiling") })
        .measure();
    let error = broken.expect_err("it panicked").to_string();
    assert!(error.contains("the ceiling") && error.contains("no ceiling"), "{error}");
}
