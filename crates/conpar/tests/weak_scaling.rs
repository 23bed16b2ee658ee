//! Work that grows with its workers, on the machine that runs the tests.

use std::time::Duration;

use conpar::Error;
use conpar::model::{LawName, Mode, Refused};
use conpar::prelude::*;
use conpar::rayon::prelude::*;
use conpar::speedup::{Scaling, WeakScaling};
use conpar::workload::xorshift;

/// The steps of one unit of work: some 0.5 ms.
const STEPS: u64 = 200_000;

const BUDGET: Duration = Duration::from_millis(400);

/// One unit after the other. Wrapping sums do not depend on their order.
fn units(count: usize) -> u64 {
    (0..count).map(|_| xorshift(STEPS)).fold(0, u64::wrapping_add)
}

/// One thread for each worker, which does its share of the units.
fn spawned(workers: usize, count: usize) -> u64 {
    std::thread::scope(|scope| {
        let share = |worker: usize| count * (worker + 1) / workers - count * worker / workers;
        let threads: Vec<_> = (0..workers).map(|worker| scope.spawn(move || units(share(worker)))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).fold(0, u64::wrapping_add)
    })
}

fn sound<'a>() -> WeakScaling<'a, u64> {
    weak_scaling("xorshift").serial(units).threads("scoped threads", spawned).workers([1, 2]).budget(BUDGET)
}

fn refused(experiment: WeakScaling<'_, u64>) -> Error {
    experiment.measure().expect_err("this experiment cannot be sound")
}

#[test]
fn n_workers_do_n_units_and_are_held_against_serial_code_on_as_many() {
    let scaling: Scaling = sound()
        .rayon("par_iter", |count| {
            (0..count).into_par_iter().map(|_| xorshift(STEPS)).reduce(|| 0, u64::wrapping_add)
        })
        .threads("serial in disguise", |_, count| units(count))
        .workers([1, 2, 4])
        .budget(Duration::from_secs(2))
        .measure()
        .expect("a sound experiment");
    assert_eq!(scaling.mode, Mode::Weak);
    for (curve, point) in scaling.points().filter(|(_, point)| point.is_credible() && !point.oversubscribed) {
        let share = point.of_ceiling.expect("the ceiling was measured");
        assert!(share.low < 1.15, "{} reaches {share} of the ceiling", curve.arm);
        if curve.arm == "serial in disguise" {
            // It takes as long as serial for the same units: a scaled speedup of 1 on any number of workers.
            assert!(point.speedup.low < 1.1 && point.speedup.high > 0.9, "{}", point.speedup);
        }
    }
    for curve in &scaling.curves {
        assert_eq!(curve.laws.amdahl, Err(Refused::WorkGrew { law: LawName::Amdahl }));
        assert_eq!(curve.karp_flatt(), Err(Refused::WorkGrew { law: LawName::KarpFlatt }));
        assert!(!matches!(curve.laws.gustafson, Err(Refused::WorkGrew { .. } | Refused::WorkFixed { .. })));
    }
    let json = serde_json::to_string(&scaling).expect("plain data");
    assert_eq!(serde_json::from_str::<Scaling>(&json).expect("what was saved"), scaling);
}

#[test]
fn results_are_compared_for_each_number_of_units() {
    // Right for one unit and wrong for two: seen only by who knows what serial gives for two.
    let error = refused(sound().rayon("always one unit", |_| units(1)));
    let Error::DifferentResults { arm, workers, value, expected } = &error else { panic!("{error}") };
    assert_eq!((arm.as_str(), *workers), ("always one unit", 2));
    assert_eq!((value, expected), (&units(1).to_string(), &units(2).to_string()));
}

#[test]
fn bad_input_gives_the_same_errors_as_in_strong_scaling() {
    assert_eq!(refused(weak_scaling("no serial").threads("spawned", spawned)), Error::NoSerialArm);
    assert_eq!(refused(weak_scaling("serial alone").serial(units)), Error::NoParallelArm);
    assert_eq!(refused(sound().serial(units)), Error::ManySerialArms { found: 2 });
    assert_eq!(refused(sound().workers([])), Error::NoWorkerCounts);
    assert_eq!(refused(sound().workers([0, 1])), Error::ZeroWorkers);
    assert_eq!(refused(sound().budget(Duration::ZERO)), Error::ZeroBudget);
    let panics = refused(sound().threads("panics", |_, _| panic!("boom")));
    assert!(matches!(&panics, Error::Panicked { arm, .. } if arm == "panics"), "{panics}");
    let twice = refused(sound().threads("scoped threads", spawned));
    assert_eq!(twice, Error::DuplicateName { name: "scoped threads".into() });
}
