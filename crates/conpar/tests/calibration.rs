//! The proof that the instrument is right on the machine that runs the tests, or says that it cannot tell.
//!
//! These tests need the machine for themselves and some two minutes: they are ignored unless asked for, and
//! `cargo lab test` asks, one after the other and with nothing beside. "Cannot tell" passes, a wrong verdict never does.

use conpar::calibration::{
    Competition, EVENT, EqualArms, Extent, FRACTIONS, TRACING, UnderLoad, harness_cost, planted,
};
use conpar::measure::Verdict;
use conpar::speedup::Versus;

#[test]
#[ignore = "needs the machine for itself: `cargo lab test calibration`"]
fn planted_serial_fractions_are_found_again() {
    for fraction in FRACTIONS {
        let planted = planted(fraction, Extent::FULL.planted).expect("a sound experiment");
        let found = planted.found.map_or("nothing".to_owned(), |found| format!("{found:.3}"));
        println!(
            "planted {fraction}, {} workers: found {found}, {}; S {:.3}, ceiling {:.3}",
            planted.workers,
            planted.verdict(),
            planted.speedup,
            planted.ceiling
        );
        assert_ne!(planted.verdict(), Verdict::Violated, "{planted:?}");
    }
}

#[test]
#[ignore = "needs the machine for itself: `cargo lab test calibration`"]
fn competing_processes_never_make_a_confident_wrong_ceiling() {
    let competition = Competition::measure(Extent::FULL.competition, &mut |_| ()).expect("a shell");
    match competition.quiet {
        Some(quiet) => println!("quiet: {quiet:.3}"),
        None => println!("quiet: cannot tell"),
    }
    println!("loops  naive           shown           right  cannot tell  wrong");
    for load in &competition.loads {
        let count = |verdict| competition.count(load, verdict);
        println!(
            "{:5}  {:14}  {:14}  {:5}  {:11}  {:5}",
            load.loops,
            range(load, |repeat| repeat.naive),
            range(load, |repeat| repeat.speedup.point),
            count(Verdict::Supported),
            count(Verdict::CannotTell),
            count(Verdict::Violated)
        );
    }
    println!("the quiet machine was steady: {}", competition.is_steady());
    for load in &competition.loads {
        assert_eq!(load.repeats.len(), Extent::FULL.competition);
        // Without a loop it is the machine itself that changes, if it does: the first row shows how often.
        if load.loops > 0 {
            assert_eq!(competition.count(load, Verdict::Violated), 0, "beside {} loops", load.loops);
        }
    }
}

/// From the smallest to the largest.
fn range(load: &UnderLoad, value: fn(&conpar::calibration::Repeat) -> f64) -> String {
    let values = || load.repeats.iter().map(value);
    format!("{:.2} to {:.2}", values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max))
}

#[test]
#[ignore = "needs the machine for itself: `cargo lab test calibration`"]
fn two_arms_with_the_same_code_show_no_difference() {
    let equal = EqualArms::measure(Extent::FULL.equal, &mut |_| ()).expect("a sound experiment");
    for versus in [Versus::NoDifference, Versus::Faster, Versus::Slower, Versus::CannotTell, Versus::TooBusy]
    {
        println!("{versus:?}: {}", equal.count(versus));
    }
    println!("{} of {} could tell: {}", equal.decided(), equal.compared.len(), equal.verdict());
    assert_ne!(equal.verdict(), Verdict::Violated);
}

#[test]
#[ignore = "needs the machine for itself: `cargo lab test calibration`"]
fn tracing_costs_less_than_a_hundredth() {
    let cost = harness_cost().expect("rounds enough");
    println!("{cost:?}");
    assert!(!cost.credible || cost.tracing.below(TRACING) != Verdict::Violated, "{}", cost.tracing);
    assert!(!cost.credible || cost.event.below(EVENT) != Verdict::Violated, "{}", cost.event);
    // A sample is at least a thousand times as long as a reading of the clock.
    assert!(!cost.credible || cost.clock.scaled(1e3).over(&cost.makespan).below(1.0) != Verdict::Violated);
}
