//! A sweep finds again what is planted in it, and refuses what could only give a wrong figure.

use std::time::Duration;

use conpar::Error;
use conpar::measure::Verdict;
use conpar::notebook::{Loaded, Shown};
use conpar::sweep::{MOST_VALUES, Quantity, Sweep, Swept, sweep};

const SHORT: Duration = Duration::from_millis(300);

/// Work whose time is proportional to `steps`.
fn steps(steps: u64) -> u64 {
    std::hint::black_box(conpar::workload::xorshift(steps));
    0
}

fn planted() -> Swept {
    sweep("planted", "steps")
        .over([40_000, 10_000, 20_000])
        .serial(|| steps(20_000))
        .arm("as named", steps)
        .arm("twice", |asked| steps(2 * asked))
        .budget(SHORT)
        .measure_with(&mut |_| ())
        .expect("a sound experiment")
}

#[test]
fn ratios_of_work_are_found_again() {
    let swept = planted();
    let planted = [
        ("as named", 10_000, 2.0),
        ("as named", 20_000, 1.0),
        ("twice", 10_000, 1.0),
        ("twice", 40_000, 0.25),
    ];
    for (arm, at, times) in planted {
        if !swept.is_credible(arm, at, "serial", 0).expect("measured") {
            continue;
        }
        let ratio = swept.ratio(arm, at, "serial", 0).expect("measured");
        // How code lies in memory makes some percent; a factor that is wrong would be far off.
        assert_ne!(ratio.within(0.85 * times, 1.15 * times), Verdict::Violated, "{arm} at {at}: {ratio}");
    }
    let values: Vec<u64> = swept.series[1].places.iter().map(|place| place.value).collect();
    assert_eq!(values, [10_000, 20_000, 40_000], "in ascending order");
}

#[test]
fn operations_make_a_throughput() {
    let swept = sweep("throughput", "batch")
        .over([1_000, 4_000])
        .arm("steps", steps)
        .operations(|batch| batch)
        .budget(SHORT)
        .measure_with(&mut |_| ())
        .expect("a sound experiment");
    assert_eq!(swept.quantity, Quantity::Throughput);
    let a_step = 1.0 / swept.at("steps", 4_000).expect("measured").point;
    assert!(a_step < 1e-6, "a step takes {a_step} s");
    if swept.is_credible("steps", 4_000, "steps", 1_000).expect("measured") {
        let ratio = swept.ratio("steps", 4_000, "steps", 1_000).expect("measured");
        assert_ne!(
            ratio.within(0.8, 1.4),
            Verdict::Violated,
            "a step takes as long in either batch: {ratio}"
        );
    }
}

#[test]
fn an_arm_may_lack_the_parameter_or_its_small_values() {
    let swept = sweep("some values", "steps")
        .over([0, 10_000, 20_000])
        .without("always 20,000", || steps(20_000))
        .arm("all", |asked| steps(asked.max(100)))
        .arm("some", steps)
        .starting_at(10_000)
        .operations(|_| 1)
        .budget(SHORT)
        .measure_with(&mut |_| ())
        .expect("a sound experiment");
    let values = |arm: &str| {
        let series = swept.series.iter().find(|series| series.arm == arm).expect("measured");
        series.places.iter().map(|place| place.value).collect::<Vec<_>>()
    };
    assert_eq!((values("all"), values("some")), (vec![0, 10_000, 20_000], vec![10_000, 20_000]));
    assert!(matches!(swept.at("some", 0), Err(Error::NoSuchValue { .. })));
    if swept.is_credible("some", 20_000, "always 20,000", 0).expect("measured") {
        let ratio = swept.ratio("some", 20_000, "always 20,000", 0).expect("measured");
        assert_ne!(ratio.within(0.85, 1.15), Verdict::Violated, "{ratio}");
    }
    let block = swept.block();
    assert!(block.caption.contains("times as fast as always 20,000"), "{}", block.caption);
    assert!(block.html().contains("\nalways 20,000\n"), "the line has its name in the legend");
}

#[test]
fn a_time_that_never_falls_is_told_at_both_ends() {
    let swept = sweep("grows", "steps").over([20_000, 200_000]).arm("as named", steps);
    let swept = swept.measure_with(&mut |_| ()).expect("it is sound");
    let caption = swept.block().caption;
    assert!(!caption.contains("best"), "{caption}");
    assert!(caption.contains(" at 20000 steps, ") && caption.contains(" at 200000 steps."), "{caption}");
    assert_eq!((swept.named(1), swept.named(2)), ("1 step".to_owned(), "2 steps".to_owned()));
}

#[test]
fn a_result_survives_a_file_and_shows_itself() {
    let swept = planted();
    let file = std::env::temp_dir().join(format!("conpar-swept-{}.json", std::process::id()));
    swept.save_json(&file).expect("written");
    let loaded = Swept::load(&file).expect("sound");
    std::fs::remove_file(&file).expect("it was written");
    assert_eq!(loaded.ratio("twice", 40_000, "serial", 0), swept.ratio("twice", 40_000, "serial", 0));
    let block = loaded.block();
    assert_eq!(block.figures.len(), 1);
    assert!(block.caption.contains("as named is best at 10000 steps"), "{}", block.caption);
    assert_eq!(loaded.columns().rows.len(), 7);
}

#[test]
fn bad_input_is_refused_in_words() {
    let refused = |sweep: Sweep<'_, u64>| sweep.measure_with(&mut |_| ()).expect_err("it is wrong");
    let begun = || sweep("wrong", "value").over([1, 2]);
    assert_eq!(refused(sweep("wrong", "value").arm("a", steps)), Error::NoValues);
    assert_eq!(refused(begun()), Error::NoArm);
    assert_eq!(
        refused(sweep(" ", "value").over([1]).arm("a", steps)),
        Error::EmptyName { what: "the experiment" }
    );
    assert_eq!(refused(begun().arm("a", steps).arm("a", steps)), Error::DuplicateName { name: "a".into() });
    let named = begun().without("a", || 0).arm("a", steps);
    assert_eq!(refused(named), Error::DuplicateName { name: "a".into() });
    assert_eq!(refused(begun().without(" ", || 0).arm("a", steps)), Error::EmptyName { what: "an arm" });
    assert_eq!(refused(begun().arm("a", steps).starting_at(3)), Error::NoValueFrom { least: 3 });
    let many = MOST_VALUES + 1;
    assert_eq!(
        refused(begun().over(0..many as u64).arm("a", steps)),
        Error::TooManyValues { asked: many, most: MOST_VALUES }
    );
    assert_eq!(refused(begun().arm("a", steps).budget(Duration::ZERO)), Error::ZeroBudget);
    let different = refused(begun().serial(|| 7).arm("a", |value| value));
    assert!(matches!(different, Error::DifferentAt { ref at, .. } if at == "value 1"), "{different}");
    let panicked = refused(begun().arm("a", |_| panic!("gone")));
    assert!(matches!(panicked, Error::PanickedAt { ref message, .. } if message == "gone"), "{panicked}");
    let unknown = planted().at("as named", 3).expect_err("it was not measured");
    assert!(unknown.to_string().contains("as named at 10000, 20000, 40000"), "{unknown}");
}
