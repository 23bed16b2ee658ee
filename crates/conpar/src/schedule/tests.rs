//! The simulation against what must hold for every schedule, against cases worked out by hand, and against itself.

use super::ledger::Ledger;
use super::*;

const COSTS: Costs = Costs {
    chunk: 40e-9,
    chunk_again: 5e-9,
    join: 15e-9,
    steal: 200e-9,
    wake: 10e-6,
    patience: 20e-6,
    spawn: 12e-6,
};

const ALL: [Scheduler; 9] = [
    Scheduler::Static,
    Scheduler::Cyclic,
    Scheduler::Dynamic { chunk: 1 },
    Scheduler::Dynamic { chunk: 7 },
    Scheduler::Guided { least: 1 },
    Scheduler::Guided { least: 5 },
    Scheduler::Stealing { min_len: 1 },
    Scheduler::Stealing { min_len: 9 },
    Scheduler::Join { grain: 4 },
];

/// Lists of tasks that differ in every way that matters: even, skewed, with one long task, of one task, with empty ones.
fn lists() -> Vec<Tasks> {
    let mut rng = fastrand::Rng::with_seed(7);
    let random: Vec<f64> = (0..500).map(|_| 1e-5 * rng.f64()).collect();
    let skewed: Vec<f64> = (0..300_u32).map(|task| 1e-7 * f64::from(task)).collect();
    let mut one_long = vec![1e-6; 100];
    one_long[99] = 1e-3;
    let lists = [vec![1e-6; 64], skewed, one_long, random, vec![0.5], vec![0.0, 1e-6, 0.0]];
    lists.into_iter().map(|seconds| Tasks::of(seconds).expect("times")).collect()
}

fn follow(tasks: &Tasks, scheduler: Scheduler, workers: usize, costs: Costs, seed: u64) -> Ledger<'_> {
    super::follow(tasks, scheduler, workers, costs, seed, true)
}

fn spans(ledger: &Ledger<'_>) -> Vec<Span> {
    let mut spans = ledger.spans.clone().expect("kept");
    spans.sort_by(|one, two| one.worker.cmp(&two.worker).then(one.start.total_cmp(&two.start)));
    spans
}

/// Runs every scheduler on every list with several numbers of workers, with costs and without.
fn everywhere(check: impl Fn(&Tasks, Scheduler, usize, Costs, &Ledger<'_>)) {
    for tasks in lists() {
        for scheduler in ALL {
            for workers in [1, 2, 3, 5, 8, 64] {
                for costs in [Costs::NONE, COSTS] {
                    check(&tasks, scheduler, workers, costs, &follow(&tasks, scheduler, workers, costs, 1));
                }
            }
        }
    }
}

#[test]
fn every_task_is_done_exactly_once() {
    everywhere(|tasks, scheduler, workers, _, ledger| {
        let mut done = vec![0; tasks.seconds.len()];
        for span in spans(ledger) {
            done[span.first..span.first + span.tasks].iter_mut().for_each(|times| *times += 1);
        }
        assert!(done.iter().all(|&times| times == 1), "{scheduler} on {workers}: {done:?}");
        let busy: f64 = ledger.shares.iter().map(|share| share.busy).sum();
        assert!((busy / tasks.total() - 1.0).abs() < 1e-9, "{scheduler} on {workers}: {busy} s of work");
    });
}

#[test]
fn no_worker_does_two_things_at_once() {
    everywhere(|_, scheduler, workers, _, ledger| {
        for pair in spans(ledger).windows(2).filter(|pair| pair[0].worker == pair[1].worker) {
            assert!(pair[0].end <= pair[1].start, "{scheduler} on {workers}: {pair:?}");
        }
        let steals: usize = ledger.shares.iter().map(|share| share.steals).sum();
        let after = spans(ledger).iter().filter(|span| span.stolen).count();
        assert_eq!(after, steals, "{scheduler} on {workers}: a steal begins a piece");
        for share in &ledger.shares {
            let used = share.busy + share.overhead;
            assert!(used <= ledger.makespan * (1.0 + 1e-9), "{scheduler} on {workers}: {share:?}");
        }
    });
}

#[test]
fn no_schedule_beats_the_bounds_and_one_worker_takes_the_sum_and_the_costs() {
    everywhere(|tasks, scheduler, workers, costs, ledger| {
        let least = (tasks.total() / workers as f64).max(tasks.longest());
        assert!(ledger.makespan >= least * (1.0 - 1e-12), "{scheduler} on {workers}: {}", ledger.makespan);
        if workers == 1 {
            let begins = if scheduler.is_random() { costs.wake } else { costs.spawn };
            let sum = tasks.total() + ledger.shares[0].overhead + begins;
            assert!((ledger.makespan / sum - 1.0).abs() < 1e-9, "{scheduler}: {} {sum}", ledger.makespan);
        }
    });
}

/// Graham 1969: who takes the next task whenever he is free ends by total / P + (1 - 1/P) longest.
#[test]
fn grahams_bound_holds_for_whoever_takes_the_next_task() {
    for tasks in lists() {
        for workers in 1..=64 {
            let ledger = follow(&tasks, Scheduler::Dynamic { chunk: 1 }, workers, Costs::NONE, 0);
            let share = 1.0 / workers as f64;
            let bound = tasks.total() * share + (1.0 - share) * tasks.longest();
            assert!(ledger.makespan <= bound * (1.0 + 1e-12), "on {workers}: {} {bound}", ledger.makespan);
        }
    }
}

/// Work is conserved: at no cost, nobody who steals single tasks is idle while a task waits, so Graham's bound holds too.
#[test]
fn grahams_bound_holds_for_stealing_of_single_tasks() {
    for tasks in lists() {
        for (workers, seed) in [(2, 1), (3, 2), (8, 3), (64, 4)] {
            let ledger = follow(&tasks, Scheduler::Join { grain: 1 }, workers, Costs::NONE, seed);
            let share = 1.0 / workers as f64;
            let bound = tasks.total() * share + (1.0 - share) * tasks.longest();
            assert!(ledger.makespan <= bound * (1.0 + 1e-9), "on {workers}: {} {bound}", ledger.makespan);
        }
    }
}

/// Tasks of 1, 2, …, 8 s.
fn eight() -> Tasks {
    Tasks::of((1..=8).map(f64::from)).expect("times")
}

#[test]
fn static_blocks_by_hand() {
    // 1+2+3+4 and 5+6+7+8; on three workers 1+2+3, 4+5+6 and 7+8.
    assert_eq!(follow(&eight(), Scheduler::Static, 2, Costs::NONE, 0).makespan, 26.0);
    assert_eq!(follow(&eight(), Scheduler::Static, 3, Costs::NONE, 0).makespan, 15.0);
    // More workers than tasks: the longest.
    assert_eq!(follow(&eight(), Scheduler::Static, 64, Costs::NONE, 0).makespan, 8.0);
    // The second thread is there after two spawns.
    let costs = Costs { spawn: 0.5, ..Costs::NONE };
    assert_eq!(follow(&eight(), Scheduler::Static, 2, costs, 0).makespan, 27.0);
}

#[test]
fn cyclic_by_hand() {
    // 1+3+5+7 and 2+4+6+8.
    assert_eq!(follow(&eight(), Scheduler::Cyclic, 2, Costs::NONE, 0).makespan, 20.0);
}

#[test]
fn dynamic_by_hand() {
    // Worker 1: 1, 3, 5, 7, ends at 16; worker 2: 2, 4, 6, 8, ends at 20.
    assert_eq!(follow(&eight(), Scheduler::Dynamic { chunk: 1 }, 2, Costs::NONE, 0).makespan, 20.0);
    // Chunks of three: 1+2+3 = 6 and 4+5+6 = 15; then 7+8 goes to the first, at 6: 21.
    assert_eq!(follow(&eight(), Scheduler::Dynamic { chunk: 3 }, 2, Costs::NONE, 0).makespan, 21.0);
    // Taking costs 1 and excludes the other: 1 takes 0..1, works 1..2, takes 2..3, works 3..6, takes 6..7, works 7..12,
    // takes 12..13, works 13..20; 2 takes 1..2, works 2..4, takes 4..5, works 5..9, takes 9..10, works 10..16, takes
    // 16..17, works 17..25.
    let costs = Costs { chunk: 1.0, chunk_again: 1.0, ..Costs::NONE };
    let tasks = eight();
    let ledger = follow(&tasks, Scheduler::Dynamic { chunk: 1 }, 2, costs, 0);
    assert_eq!(ledger.makespan, 25.0);
    // The second one waited a second for its first take.
    assert_eq!(ledger.shares.iter().map(|share| share.overhead).collect::<Vec<_>>(), [4.0, 5.0]);
    // One worker takes from its own cache each time.
    let costs = Costs { chunk: 1.0, chunk_again: 0.5, ..Costs::NONE };
    assert_eq!(follow(&tasks, Scheduler::Dynamic { chunk: 1 }, 1, costs, 0).makespan, 36.0 + 8.0 * 0.5);
}

#[test]
fn guided_chunks_by_hand() {
    // Of 8 left ⌈8/2⌉ = 4 tasks, of 4 left 2, of 2 left 1, then 1.
    let sizes = |least| {
        let tasks = eight();
        let ledger = follow(&tasks, Scheduler::Guided { least }, 2, Costs::NONE, 0);
        let mut spans = spans(&ledger);
        spans.sort_by_key(|span| span.first);
        spans.iter().map(|span| span.tasks).collect::<Vec<_>>()
    };
    assert_eq!(sizes(1), [4, 2, 1, 1]);
    assert_eq!(sizes(3), [4, 3, 1]);
    assert_eq!(sizes(usize::MAX), [8]);
    // 1+2+3+4 = 10 and 5+6 = 11; 7 from 10 to 17 and 8 from 11 to 19.
    assert_eq!(follow(&eight(), Scheduler::Guided { least: 1 }, 2, Costs::NONE, 0).makespan, 19.0);
}

#[test]
fn stealing_by_hand() {
    // Worker 1 splits off 4..8 (splits: 2, 1), worker 2 steals it at once. 1 splits off 2..4 (splits: 1, 0), does 0..2 until
    // 3, then 2..4 until 10. 2 has a stolen piece, so it splits off 6..8 (splits: 2, 1) and 5..6 (splits 1, 0 of 4..6):
    // then it does 5 and 6 one by one: 4..5 until 5, 5..6 until 11, and 6..8 splits once more. At 10 worker 1 steals 6..8,
    // splits it, does 7 until 17; worker 2 at 11 steals 8 from it, until 19.
    let tasks = eight();
    for seed in 0..5 {
        let ledger = follow(&tasks, Scheduler::Stealing { min_len: 1 }, 2, Costs::NONE, seed);
        assert_eq!(ledger.makespan, 19.0, "{:?}", spans(&ledger));
        assert_eq!(ledger.shares.iter().map(|share| share.steals).sum::<usize>(), 3);
    }
    // Pieces of four at least: two pieces, 1+2+3+4 and 5+6+7+8.
    let ledger = follow(&tasks, Scheduler::Stealing { min_len: 4 }, 2, Costs::NONE, 0);
    assert_eq!(ledger.makespan, 26.0);
    // Alone: rayon splits once on one worker, for the one split that it begins with. A join costs 1, the wake 2.
    let costs = Costs { join: 1.0, wake: 2.0, ..Costs::NONE };
    assert_eq!(follow(&tasks, Scheduler::Stealing { min_len: 1 }, 1, costs, 0).makespan, 2.0 + 1.0 + 36.0);
}

#[test]
fn a_thief_has_to_wake_and_to_steal_first() {
    // Two tasks of 10 s. Worker 1 is there at 3, splits until 4; worker 2 is woken at 3, runs at 6, has stolen at 11.
    let tasks = Tasks::of([10.0, 10.0]).expect("times");
    let costs = Costs { join: 1.0, steal: 5.0, wake: 3.0, ..Costs::NONE };
    let ledger = follow(&tasks, Scheduler::Stealing { min_len: 1 }, 2, costs, 0);
    assert_eq!(ledger.makespan, 21.0, "{:?}", spans(&ledger));
    assert_eq!((ledger.shares[0].overhead, ledger.shares[1].overhead), (1.0, 5.0));
}

#[test]
fn the_same_seed_gives_the_same_result_and_another_may_not() {
    let tasks = lists().swap_remove(3);
    let run = |seed| {
        let simulated = simulate("seeds", &tasks).costs(COSTS).schedulers(ALL).seed(seed).run();
        simulated.expect("a sound simulation")
    };
    assert_eq!(run(1), run(1));
    let scheduler = Scheduler::Stealing { min_len: 1 };
    let makespans: Vec<f64> =
        (0..9).map(|seed| follow(&tasks, scheduler, 16, COSTS, seed).makespan).collect();
    assert!(makespans.iter().any(|&makespan| makespan != makespans[0]), "{makespans:?}");
}

#[test]
fn a_counter_bounds_how_many_chunks_a_second_are_taken() {
    // Tasks of 100 ns and 50 ns for a take: two workers saturate it, however many there are.
    let tasks = Tasks::of(vec![1e-7; 10_000]).expect("times");
    let costs = Costs { chunk: 5e-8, ..Costs::NONE };
    let ledger = follow(&tasks, Scheduler::Dynamic { chunk: 1 }, 64, costs, 0);
    assert!((ledger.makespan / (10_000.0 * 5e-8) - 1.0).abs() < 0.01, "{}", ledger.makespan);
}

#[test]
fn what_a_figure_shows_keeps_the_time_and_the_tasks() {
    let tasks = Tasks::of(vec![1e-6; 5_000]).expect("times");
    let scheduled = simulate("short", &tasks).schedulers(ALL).timelines(4).expect("a sound simulation");
    for run in &scheduled.runs {
        assert!(run.spans.len() < 4_000, "{}: {} spans", run.scheduler, run.spans.len());
        assert_eq!(run.spans.iter().map(|span| span.tasks).sum::<usize>(), 5_000);
        let drawn: f64 = run.spans.iter().map(|span| span.end - span.start).sum();
        assert!((drawn / tasks.total() - 1.0).abs() < 0.01, "{}: {drawn}", run.scheduler);
    }
}
