//! Past this machine: what is simulated says so, and its figures can be drawn. None of this needs an MPI.

use conpar::measure::{Estimate, Estimator, Verdict};
use conpar::model::Hockney;
use conpar::notebook::{Loaded as _, Shown as _};
use conpar::ranks::{Checkpoints, Collective, Past, Steps, Topology, checkpoints, collectives, past};
use conpar::speedup::Point;

fn exact(point: f64) -> Estimate {
    Estimate { point, low: 0.95 * point, high: 1.05 * point, level: 0.95 }
}

/// A speedup of two ranks.
fn measured(speedup: f64, oversubscribed: bool) -> Point {
    Point {
        workers: 2,
        seconds: 1e-3,
        speedup: exact(speedup),
        of_ceiling: None,
        estimator: Estimator::MedianOfClean,
        clean: 24,
        oversubscribed,
    }
}

const LINK: Hockney = Hockney { latency: 8e-6, per_byte: 4e-10 };

#[test]
fn what_is_simulated_says_so_and_is_held_against_what_was_measured() {
    let steps = Steps {
        compute: 1e-3,
        messages: 2,
        bytes: 4_096.0,
        collective: Some((Collective::Doubling, 8.0)),
        late: (0.0, 0.0),
    };
    let curves = [("heat", &steps, LINK)];
    let simulated =
        past("heat", 4_096, &curves, &[("heat", &measured(1.9, false))]).expect("it can be simulated");
    let block = simulated.block();
    assert!(block.caption.starts_with("Simulated.") && block.figures.len() == 1, "{:?}", block.notes);
    assert!(block.html().contains("(simulated)"));
    assert_eq!(simulated.claims_agree(1.5)[0].verdict, Verdict::Supported);
    // Beyond some ranks the messages are all there is: more ranks make it slower.
    let at = |ranks| simulated.at("heat", ranks).expect("it was simulated");
    assert!(at(2) > 1.8 && at(16) > at(2) && at(4_096) < at(64), "{:?}", simulated.curves);
    let wrong =
        past("heat", 4_096, &curves, &[("heat", &measured(0.5, false))]).expect("it can be simulated");
    assert_eq!(wrong.claims_agree(1.5)[0].verdict, Verdict::Violated);
    // Ranks that take turns on a core decide nothing.
    let shared =
        past("heat", 4_096, &curves, &[("heat", &measured(0.5, true))]).expect("it can be simulated");
    assert_eq!(shared.claims_agree(1.5)[0].verdict, Verdict::CannotTell);
    for most in [0, 1, 1 << 20] {
        assert!(past("heat", most, &curves, &[]).is_err());
    }
}

#[test]
fn one_late_rank_of_many_delays_all() {
    let steps = |late| Steps { compute: 1.0, messages: 0, bytes: 0.0, collective: None, late };
    let (even, late) = (steps((0.0, 0.0)), steps((0.05, 1.0)));
    let curves = [("even", &even, LINK), ("late", &late, LINK)];
    let simulated = past("stragglers", 1_024, &curves, &[]).expect("it can be simulated");
    let at = |curve, ranks| simulated.at(curve, ranks).expect("it was simulated");
    assert!((at("even", 1_024) - 1_024.0).abs() < 1.0);
    assert!(at("late", 1_024) < 0.6 * at("even", 1_024), "{}", at("late", 1_024));
}

#[test]
fn wires_that_are_shared_make_a_collective_slower() {
    let curves = [
        ("switch", Collective::Doubling, Topology::Switch),
        ("torus", Collective::Doubling, Topology::Torus),
        ("ring", Collective::Doubling, Topology::Ring),
        ("around the ring", Collective::Ring, Topology::Ring),
    ];
    let costs = collectives("allreduce", 1_024, 1e6, LINK, &curves, &[]).expect("it can be simulated");
    let at = |curve| costs.at(curve, 1_024).expect("it was simulated");
    assert!(at("switch") < at("torus") && at("torus") < at("ring"));
    // What only neighbours send to one another shares no wire.
    assert!(at("around the ring") < at("ring") / 10.0);
    let block = costs.block();
    assert!(block.caption.starts_with("Simulated.") && block.figures.len() == 1, "{:?}", block.notes);
    assert!(collectives("allreduce", 8, f64::NAN, LINK, &curves, &[]).is_err());
}

#[test]
fn checkpoints_have_a_figure_and_sliders() {
    let given = checkpoints(60.0, 120.0, 87_660.0, 16_384).expect("positive");
    let block = given.block();
    assert!(block.figures.len() == 1 && block.caption.starts_with("Simulated."), "{:?}", block.notes);
    assert_eq!(block.html().matches("type=\"range\"").count(), 3);
    for (cost, hours, machines) in [(0.0, 1.0, 1), (1.0, f64::NAN, 1), (1.0, 1.0, 0)] {
        assert!(checkpoints(cost, 0.0, hours, machines).is_err());
    }
}

#[test]
fn what_is_simulated_is_loaded_as_it_was_saved_and_what_is_none_is_refused() {
    let file = std::env::temp_dir().join(format!("conpar-past-{}.json", std::process::id()));
    let curves = [("allreduce", Collective::Halving, Topology::Switch)];
    let costs = collectives("allreduce", 8, 1e6, LINK, &curves, &[]).expect("it can be simulated");
    costs.save_json(&file).expect("a file of ours");
    assert_eq!(Past::load(&file).expect("what was saved"), costs);
    let text = std::fs::read_to_string(&file).expect("what was saved");
    for (what, instead) in [("2,", "0,"), ("\"points\": [", "\"points\": [[1, -1.0],")] {
        std::fs::write(&file, text.replacen(what, instead, 1)).expect("a file of ours");
        assert!(Past::load(&file).is_err(), "{what}");
    }
    let given = checkpoints(60.0, 120.0, 87_660.0, 16_384).expect("positive");
    given.save_json(&file).expect("a file of ours");
    assert_eq!(Checkpoints::load(&file).expect("what was saved"), given);
    std::fs::write(&file, std::fs::read_to_string(&file).expect("saved").replace("16384", "0"))
        .expect("ours");
    assert!(Checkpoints::load(&file).is_err());
    std::fs::remove_file(file).expect("it is ours");
}
