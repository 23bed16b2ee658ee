//! Simulated schedulers as a cell uses them: bad input, speed, the check against a measurement, figures, files.

use std::path::PathBuf;
use std::time::Duration;

use conpar::Error;
use conpar::measure::{Estimate, Verdict};
use conpar::prelude::*;
use conpar::schedule::{MOST_WORKERS, Scheduled};
use conpar::workload::xorshift;

/// Tasks of 1 to `count` µs.
fn skewed(count: u32) -> Tasks {
    Tasks::of((1..=count).map(|task| 1e-6 * f64::from(task))).expect("times")
}

fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("conpar-schedule-{}-{name}", std::process::id()))
}

#[test]
fn what_cannot_be_simulated_says_why() {
    let tasks = skewed(10);
    let sound = || simulate("work", &tasks);
    let refused = |simulation: conpar::schedule::Simulate<'_>| {
        let lines = simulation.clone().timelines(2).err();
        let error = simulation.run().expect_err("cannot be simulated");
        assert!(lines.is_none_or(|lines| lines == error));
        error
    };
    assert_eq!(refused(simulate(" ", &tasks)), Error::EmptyName { what: "the simulation" });
    assert_eq!(refused(sound().schedulers([])), Error::NoScheduler);
    for zero in [Dynamic { chunk: 0 }, Guided { least: 0 }, Stealing { min_len: 0 }, Join { grain: 0 }] {
        assert_eq!(refused(sound().schedulers([zero])), Error::ZeroChunk { scheduler: zero.to_string() });
    }
    let many = (1..=13).map(|chunk| Dynamic { chunk });
    assert_eq!(refused(sound().schedulers(many)), Error::TooManySchedulers { asked: 13, most: 12 });
    for (cost, value) in [("steal", f64::NAN), ("steal", -1.0), ("steal", f64::INFINITY)] {
        let costs = Costs { steal: value, ..Costs::NONE };
        assert_eq!(refused(sound().costs(costs)), Error::NoCost { cost, seconds: value.to_string() });
    }
    assert_eq!(refused(sound().workers([])), Error::NoWorkerCounts);
    assert_eq!(refused(sound().workers([0, 1])), Error::ZeroWorkers);
    assert_eq!(sound().timelines(0), Err(Error::ZeroWorkers));
    let too_many = Error::TooManyToSimulate { asked: 65, most: MOST_WORKERS };
    assert_eq!(refused(sound().workers([65])), too_many);
    assert_eq!(sound().timelines(65), Err(too_many));
    let changed = Tasks { seconds: vec![f64::NAN], ..skewed(1) };
    assert_eq!(refused(simulate("work", &changed)), Error::NoTime { task: 0, seconds: "NaN".into() });
}

#[test]
fn a_hundred_thousand_tasks_on_64_workers_are_simulated_at_once() {
    // A cell's patience is 0.3 s; without optimisation it takes some ten times as long.
    let patience = if cfg!(debug_assertions) { 3.0 } else { 0.3 };
    let tasks = skewed(100_000);
    for scheduler in [Static, Cyclic, Dynamic { chunk: 1 }, Guided { least: 1 }, Stealing { min_len: 1 }] {
        // The time on a core, and the least of three: what others do on this machine does not count.
        let seconds = (0..3).map(|_| {
            let cpu_time = || conpar::machine::thread_cpu_time().unwrap_or_default();
            let start = cpu_time();
            simulate("many", &tasks).schedulers([scheduler]).timelines(64).expect("a sound simulation");
            (cpu_time() - start).as_secs_f64()
        });
        let fastest = seconds.fold(f64::INFINITY, f64::min);
        assert!(fastest < patience, "{scheduler}: {fastest} s");
    }
}

#[test]
fn the_order_of_schedulers_on_skewed_work_is_the_known_one() {
    let tasks = skewed(2_000);
    let simulated =
        simulate("skewed", &tasks).schedulers([Static, Dynamic { chunk: 1 }, Stealing { min_len: 1 }]);
    let simulated = simulated.run().expect("a sound simulation");
    let speedup = |scheduler, workers| simulated.at(scheduler, workers).expect("simulated").speedup;
    // The last of P blocks has (2P - 1) / P² of the work.
    assert!((speedup(Static, 8) - 64.0 / 15.0).abs() < 0.01, "{}", speedup(Static, 8));
    assert!(speedup(Dynamic { chunk: 1 }, 8) > 7.9 && speedup(Stealing { min_len: 1 }, 8) > 7.8);
    assert_eq!(simulated.verdict(), None, "nothing was measured");
}

#[test]
fn costs_are_measured_and_small() {
    let costs = costs_here().expect("threads");
    for (name, seconds) in costs.named() {
        // A busy machine makes a wake long, never a second.
        assert!(seconds > 0.0 && seconds < 1.0, "{name}: {seconds} s");
    }
    assert!(costs.join < 20e-6 && costs.chunk < 20e-6, "{costs:?}");
}

/// The real thing: what is simulated for as many workers as there are cores is held against what they did.
#[test]
fn the_simulation_is_held_against_a_measurement() {
    let work = |n: u64| xorshift(30 * n);
    let fold = |one: u64, two: u64| one ^ two;
    let scaling = speedup("skewed")
        .serial(|| (0..400).map(work).fold(0, fold))
        .threads("halves", |workers| {
            let part = 400_u64.div_ceil(workers as u64);
            std::thread::scope(|scope| {
                let run = |worker| {
                    scope.spawn(move || (worker * part..(worker + 1) * part).map(work).fold(0, fold))
                };
                let threads: Vec<_> = (0..workers as u64).map(run).collect();
                threads.into_iter().map(|thread| thread.join().expect("no panic")).fold(0, fold)
            })
        })
        .workers([1, 2])
        .budget(Duration::from_secs(1))
        .measure();
    let scaling = match scaling {
        // On a machine that is busy enough, too few rounds is the right answer.
        Err(Error::TooFewRounds { .. }) => return,
        scaling => scaling.expect("a sound experiment"),
    };
    let tasks = task_times(0..400, work).expect("tasks");
    let simulated = simulate("skewed", &tasks).costs(costs_here().expect("threads"));
    let simulated = simulated.workers([1, 64]).checked_by(&scaling, [("halves", Static)]);
    let simulated = simulated.run().expect("a sound simulation");
    assert_eq!(simulated.curves.len(), 1, "the scheduler of the check, and no other");
    // Three quarters of the work lie in the second half.
    let predicted = simulated.at(Static, 2).expect("measured counts are simulated").speedup;
    assert!(scaling.cores.effective < 2.0 || (predicted - 4.0 / 3.0).abs() < 0.1, "{predicted}");
    assert_ne!(simulated.verdict(), Some(Verdict::Violated), "{:#?}", simulated.checks);
    let wrong = simulate("skewed", &tasks).checked_by(&scaling, [("thirds", Static)]).run();
    assert!(matches!(wrong, Err(Error::NoSuchArm { .. })), "{wrong:?}");
}

#[test]
fn verdicts_come_from_the_interval() {
    let tasks = skewed(100);
    let check = |low: f64, high: f64, credible: bool| conpar::schedule::Check {
        arm: "arm".into(),
        scheduler: Static,
        workers: 2,
        measured: Estimate { point: 1.3, low: 1.2, high: 1.4, level: 0.95 },
        simulated: 1.33,
        ratio: Estimate { point: (low + high) / 2.0, low, high, level: 0.95 },
        credible,
    };
    let mut simulated = simulate("work", &tasks).run().expect("a sound simulation");
    let mut verdict = |checks: Vec<conpar::schedule::Check>| {
        simulated.checks = checks;
        (simulated.verdict(), simulated.claim_agrees().verdict)
    };
    assert_eq!(verdict(vec![check(0.95, 1.05, true)]), (Some(Verdict::Supported), Verdict::Supported));
    assert_eq!(verdict(vec![check(0.6, 0.8, true)]), (Some(Verdict::Violated), Verdict::Violated));
    assert_eq!(verdict(vec![check(0.85, 1.0, true)]), (Some(Verdict::CannotTell), Verdict::CannotTell));
    assert_eq!(verdict(vec![check(0.6, 0.8, false)]), (Some(Verdict::CannotTell), Verdict::CannotTell));
    assert_eq!(verdict(vec![]), (None, Verdict::CannotTell));
}

#[test]
fn every_figure_says_that_it_is_simulated_and_every_file_loads_again() {
    let extremes = [Tasks::of([1e-300]), Tasks::of([1e300]), Tasks::of([0.0, 1.0])];
    for tasks in extremes.map(|tasks| tasks.expect("times")) {
        let costs = Costs { spawn: 1e9, chunk: 1e9, ..Costs::NONE };
        let simulation = simulate("extreme", &tasks).costs(costs);
        // A figure, or a note that says why there is none.
        simulation.clone().timelines(3).expect("a sound simulation").block();
        simulation.run().expect("a sound simulation").block();
    }
    let tasks = skewed(200);
    let record = recorded("raytracer-origin-2000").expect("a record");
    let simulated = simulate("<b>work</b>", &tasks).beside(&record).run().expect("a sound simulation");
    let scheduled = simulate("<b>work</b>", &tasks).timelines(4).expect("a sound simulation");
    for block in [simulated.block(), scheduled.block()] {
        assert_eq!(block.figures.len(), 1, "{}", block.text());
        let markup = block.figures[0].markup();
        assert!(markup.contains("simulated") && !markup.contains("<b>"), "{markup}");
        assert!(block.caption.starts_with("Simulated, not measured"), "{}", block.caption);
        assert!(
            !block.table.rows.is_empty()
                && block.table.rows.iter().all(|row| row.len() == block.table.head.len())
        );
    }
    for columns in [simulated.columns(), scheduled.columns()] {
        assert!(columns.rows.iter().all(|row| row.len() == columns.head.len()));
    }
    let (one, other) = (file("simulated.json"), file("scheduled.json"));
    simulated.save_json(&one).expect("written");
    scheduled.save_json(&other).expect("written");
    assert_eq!(Simulated::load(&one), Ok(simulated.clone()));
    assert_eq!(Scheduled::load(&other), Ok(scheduled));
    let markup = simulated.block().html();
    assert!(
        markup.contains("recorded: ") && markup.contains(&record.machine),
        "a record says where it comes from"
    );
    let mut broken = simulated;
    broken.curves[0].points[0].workers = 0;
    broken.save_json(&one).expect("written");
    assert!(matches!(Simulated::load(&one), Err(Error::NotAResult { .. })));
    for path in [one, other] {
        std::fs::remove_file(path).expect("it was there");
    }
}
