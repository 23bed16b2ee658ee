//! Past this machine: what is simulated says so, and its figures can be drawn. None of this needs an MPI.

use conpar::measure::{Estimate, Verdict};
use conpar::notebook::{Shown as _, messages};
use conpar::ranks::{AlphaBeta, Collective, Measured, Steps, checkpoints, past};

fn exact(point: f64) -> Estimate {
    Estimate { point, low: 0.95 * point, high: 1.05 * point, level: 0.95 }
}

fn link() -> AlphaBeta {
    let measured = [8.0, 4_096.0, 1e6].map(|bytes| Measured { bytes, seconds: exact(8e-6 + bytes * 4e-10) });
    AlphaBeta {
        name: "two hosts".into(),
        alpha: exact(8e-6),
        beta: exact(4e-10),
        measured: measured.to_vec(),
        credible: true,
    }
}

#[test]
fn what_is_simulated_says_so_and_is_held_against_what_was_measured() {
    let steps = Steps {
        compute: 1e-3,
        messages: 2,
        bytes: 4_096.0,
        collective: Some((Collective::Doubling, 8.0)),
        late: (0.0, 0.0),
    };
    let curves = [("heat", &steps, &link())];
    let simulated = past("heat", 4_096, &curves, &[("heat", 2, exact(1.9))]).expect("it can be simulated");
    let block = simulated.block();
    assert!(block.caption.starts_with("Simulated.") && block.figures.len() == 1, "{:?}", block.notes);
    assert!(block.html().contains("(simulated)"));
    assert_eq!(simulated.claims_agree(1.5)[0].verdict, Verdict::Supported);
    // Beyond some ranks the messages are all there is: more ranks make it slower.
    let at = |ranks| simulated.at("heat", ranks).expect("it was simulated");
    assert!(at(2) > 1.8 && at(16) > at(2) && at(4_096) < at(64), "{:?}", simulated.curves);
    let wrong = past("heat", 4_096, &curves, &[("heat", 2, exact(0.5))]).expect("it can be simulated");
    assert_eq!(wrong.claims_agree(1.5)[0].verdict, Verdict::Violated);
    for most in [0, 1, 1 << 20] {
        assert!(past("heat", most, &curves, &[]).is_err());
    }
}

#[test]
fn one_late_rank_of_many_delays_all() {
    let steps = |late| Steps { compute: 1.0, messages: 0, bytes: 0.0, collective: None, late };
    let (even, late) = (steps((0.0, 0.0)), steps((0.05, 1.0)));
    let curves = [("even", &even, &link()), ("late", &late, &link())];
    let simulated = past("stragglers", 1_024, &curves, &[]).expect("it can be simulated");
    let at = |curve, ranks| simulated.at(curve, ranks).expect("it was simulated");
    assert!((at("even", 1_024) - 1_024.0).abs() < 1.0);
    assert!(at("late", 1_024) < 0.6 * at("even", 1_024), "{}", at("late", 1_024));
}

#[test]
fn messages_and_checkpoints_have_figures_and_sliders() {
    let block = messages(&[&link(), &AlphaBeta { name: "slow link".into(), ..link() }]).block();
    assert!(block.figures.len() == 1 && block.caption.contains("GB/s"), "{:?}", block.notes);
    let given = checkpoints(60.0, 120.0, 87_660.0, 16_384).expect("positive");
    let block = given.block();
    assert!(block.figures.len() == 1 && block.caption.starts_with("Simulated."), "{:?}", block.notes);
    assert_eq!(block.html().matches("type=\"range\"").count(), 3);
    for (cost, hours, machines) in [(0.0, 1.0, 1), (1.0, f64::NAN, 1), (1.0, 1.0, 0)] {
        assert!(checkpoints(cost, 0.0, hours, machines).is_err());
    }
}
