//! Units that wait, counted in child processes; and limits that are kept.
#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};
use std::time::Duration;

use conpar::Error;
use conpar::measure::Verdict;
use conpar::notebook::{Exercise, Loaded, Shown};
use conpar::prelude::*;
use conpar::units::Resident;

const THREADS: &str = "use conpar::units::Gauge;
use std::thread::{Builder, park};

fn main() {
    Gauge::start().fill(|_, here| Builder::new().spawn(move || { here.now(); loop { park() } }));
    std::process::exit(0)
}";

/// A unit that is one block of so many bytes, all of them used: the planted truth.
fn blocks(bytes: usize) -> String {
    format!(
        "use conpar::units::Gauge;

fn main() {{
    Gauge::start().fill(|number, here| {{
        let block = vec![number as u8 | 1; {bytes}];
        here.now();
        Ok(block)
    }});
    std::process::exit(0)
}}"
    )
}

fn short(name: &str) -> conpar::units::Memory {
    memory(name).budget(Duration::ZERO)
}

#[test]
fn a_planted_size_is_found_again() {
    for bytes in [300, 10_000] {
        let filled =
            short("planted").over([1_000, 10_000]).rust("block", &blocks(bytes), Needs::TASK, 10_000);
        let filled = filled.measure().expect("it runs");
        let (units, one) = filled.last("block").expect("measured");
        // The block, the allocator's own bytes beside it, and the 24 bytes of the `Vec` that is kept, up to twice while it grows.
        let least = bytes as f64;
        assert_eq!(units, 10_000);
        assert_eq!(one.within(0.98 * least, 1.05 * least + 80.0), Verdict::Supported, "{bytes}: {one}");
    }
}

#[test]
fn threads_and_tasks_are_counted_shown_and_read_back() {
    let tasks = "use conpar::{tokio, units::Gauge};

fn main() {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let gate = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
        Gauge::start().fill_tasks(|_, here| {
            let gate = gate.clone();
            Ok(tokio::spawn(async move { here.now(); gate.acquire().await.is_ok() }))
        }).await;
        std::process::exit(0)
    })
}";
    let filled = short("one that waits")
        .over([100, 1_000])
        .rust("thread", THREADS, Needs::THREAD, 1_000)
        .rust("task", tasks, Needs::TASK, 1_000)
        .measure()
        .expect("it runs");
    let claim = filled.claim_smaller("task", "thread", 0.5).expect("both are there");
    assert_eq!(claim.verdict, Verdict::Supported, "{claim:?}");
    assert_eq!(filled.claim_smaller("thread", "task", 0.5).expect("both").verdict, Verdict::Violated);
    let kernel =
        filled.arm("thread").expect("there").places.last().and_then(|place| place.kernel).expect("told");
    assert!(kernel.high > 8_000.0, "a thread has a stack in the kernel: {kernel}");
    let block = filled.block();
    assert_eq!(block.figures.len(), 1, "{:?}", block.notes);
    assert!(
        block.caption.contains("thread: ") && block.caption.contains("where there are 1000"),
        "{}",
        block.caption
    );
    let file = std::env::temp_dir().join(format!("conpar-resident-{}.json", std::process::id()));
    filled.save_json(&file).expect("written");
    assert_eq!(Resident::load(&file).expect("sound"), filled);
    std::fs::remove_file(&file).expect("it was written");
}

#[test]
fn what_is_refused_is_told_with_its_number_and_its_reason() {
    // A stack of 1 GiB each, of which the bound has room for some tens.
    let large = THREADS.replace("Builder::new()", "Builder::new().stack_size(1 << 30)");
    let filled =
        short("large stacks").over([1, 5_000]).rust("thread", &large, Needs::THREAD, 5_000).measure();
    let filled = filled.expect("one can be made");
    let arm = filled.arm("thread").expect("there");
    assert!(arm.places.iter().all(|place| place.units == 1), "{arm:?}");
    let why = arm.stopped.as_deref().expect("not 5,000");
    assert!(why.starts_with("it stopped at "), "{why}");
    assert!(filled.block().notes.iter().any(|note| note.contains("it stopped at")));

    // More memory than it may have: it stops itself before the system stops others.
    let greedy = blocks(4 << 20).replace("| 1; ", "| 1; 64 * ");
    let filled =
        short("greedy").over([1, 1_000_000]).rust("block", &greedy, Needs::TASK, 1_000_000).measure();
    let filled = filled.expect("one can be made");
    let why = filled.arm("block").expect("there").stopped.as_deref().expect("not a million").to_owned();
    assert!(why.contains("more memory") || why.contains("used up"), "{why}");
}

#[test]
fn bad_input_is_refused_in_words() {
    let refused = |memory: conpar::units::Memory| memory.measure().expect_err("it is wrong");
    assert_eq!(refused(short("none").over([1])), Error::NoArm);
    let one = |over: &[u64]| short("one").over(over.iter().copied()).rust("a", THREADS, Needs::THREAD, 10);
    assert_eq!(refused(one(&[])), Error::NoValues);
    assert!(matches!(refused(one(&[0])), Error::NotPositive { .. }));
    assert!(matches!(refused(one(&[1 << 40])), Error::NotPositive { .. }));
    assert_eq!(
        refused(one(&[1]).rust("a", THREADS, Needs::THREAD, 1)),
        Error::DuplicateName { name: "a".into() }
    );
    let silent =
        refused(short("silent").over([1]).rust("a", "fn main() { panic!(\"gone\") }", Needs::TASK, 1));
    assert!(matches!(silent, Error::ChildFailed { ref reason, .. } if reason.contains("101")), "{silent}");
    assert!(matches!(
        refused(short("typo").over([1]).rust("a", "fn main() { let x: u8 = \"\"; }", Needs::TASK, 1)),
        Error::ChildDoesNotCompile { line: Some(1), .. }
    ));
}

const CLIENTS: &str = r#"use conpar::units::Gauge;
use std::{sync::{Arc, Condvar, Mutex}, thread};

fn main() {
    let (gauge, gate) = (Gauge::start(), Arc::new((Mutex::new(false), Condvar::new())));
    let clients = gauge.fill(|number, here| {
        let gate = Arc::clone(&gate);
        thread::Builder::new().spawn(move || {
            let request = [number as u8; 4096];
            here.now();
            let open = gate.1.wait_while(gate.0.lock().unwrap(), |open| !*open).unwrap();
            std::hint::black_box(&request).iter().map(|&byte| u64::from(byte)).sum::<u64>() + u64::from(*open)
        })
    });
    *gate.0.lock().unwrap() = true;
    gate.1.notify_all();
    gauge.result(clients.into_iter().map(|client| client.join().unwrap()).sum());
}"#;

const TASKS: &str = r#"use conpar::{prelude::*, units::Gauge};
use std::sync::Arc;

fn main() {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let (gauge, gate) = (Gauge::start(), Arc::new(tokio::sync::Semaphore::new(0)));
        let clients = gauge.fill_tasks(|number, here| {
            let gate = gate.clone();
            Ok(tokio::spawn(async move {
                let request = [number as u8; 4096];
                here.now();
                let reply = gate.acquire().await.is_ok();
                std::hint::black_box(&request).iter().map(|&byte| u64::from(byte)).sum::<u64>() + u64::from(reply)
            }))
        }).await;
        gate.add_permits(1 << 20);
        let mut sum = 0;
        for client in clients {
            sum += client.await.unwrap();
        }
        gauge.result(sum);
    });
}"#;

fn solved(text: &str) -> Exercise {
    clients_exercise(text).expect("it runs")
}

#[test]
fn the_exercise_is_not_solved_as_it_stands_and_each_step_has_its_hint() {
    let threads = solved(CLIENTS);
    assert_eq!(threads.verdict, Verdict::Violated, "{}", threads.answer);
    assert!(threads.answer.contains("has a thread"), "{}", threads.answer);
    let tasks = solved(TASKS);
    assert_eq!(tasks.verdict, Verdict::Violated, "{}", tasks.answer);
    assert!(tasks.answer.contains("part of the task"), "{}", tasks.answer);
    let sum = "std::hint::black_box(&request).iter().map(|&byte| u64::from(byte)).sum::<u64>()";
    let small = TASKS
        .replace(
            "let request = [number as u8; 4096];",
            &format!("let sum = {{ let request = [number as u8; 4096]; {sum} }};"),
        )
        .replace(&format!("{sum} + u64"), "sum + u64");
    assert_eq!(solved(&small).verdict, Verdict::Supported, "{}", solved(&small).answer);
    // Small, and wrong: the result comes first.
    let wrong = solved(&TASKS.replace("[number as u8; 4096]", "[number as u8; 96]"));
    assert_eq!(wrong.verdict, Verdict::Violated);
    assert!(wrong.answer.contains("should to"), "{}", wrong.answer);
    let silent = solved(&TASKS.replace("gauge.result(sum);", ""));
    assert!(silent.verdict == Verdict::Violated && silent.answer.contains("no result"), "{}", silent.answer);
}

/// What the test below runs again with low limits.
#[test]
#[ignore = "another test runs it, under low limits"]
fn as_one_with_low_limits() {
    let mut go = String::new();
    std::io::stdin().read_line(&mut go).expect("a line");
    let limits = limits();
    println!("\nseen: {} {}", limits.threads(100_000).count, limits.processes(100_000).count);
    let swept = sweep("create and join", "units")
        .over([1, 4, 100_000])
        .arm("thread", |n| {
            std::thread::scope(|scope| (0..n).for_each(|_| _ = scope.spawn(|| ())));
            0
        })
        .up_to("thread", limits.threads(100_000))
        .budget(Duration::from_millis(100))
        .blocking()
        .measure_with(&mut |_| ())
        .expect("scaled down, it is sound");
    println!("notes: {}", swept.block().notes.join(" "));
}

fn low(launcher: &[&str], group: Option<&std::path::Path>) -> Option<String> {
    let this = std::env::current_exe().expect("this test");
    let mut words = launcher.iter().map(std::path::PathBuf::from).chain([this]);
    let mut command = Command::new(words.next().expect("a program"));
    command.args(words).args(["--ignored", "--exact", "as_one_with_low_limits", "--nocapture"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child = command.spawn().ok()?;
    if let Some(group) = group {
        std::fs::write(group.join("cgroup.procs"), child.id().to_string())
            .expect("a process may be put into a group");
    }
    drop(child.stdin.take());
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    Some(text)
}

/// The first number and the second that it has seen: so many threads, so many processes.
fn seen(text: &str) -> (u64, u64) {
    let mut numbers = text.split("seen: ").nth(1).expect("told").split_whitespace();
    let mut number = || numbers.next().expect("told").parse().expect("a number");
    (number(), number())
}

/// A control group of this test's own with one limit, which is removed with the value.
struct Group(std::path::PathBuf);

impl Group {
    /// Of this controller, with this limit in the first of the `files` that is there: the versions name it differently.
    fn new(controller: &str, files: [&str; 2], most: &str) -> Option<Group> {
        let tree = std::path::Path::new("/sys/fs/cgroup");
        let first = tree.join(controller);
        let tree = if first.exists() { &first } else { tree };
        let group = Group(tree.join(format!("conpar-test-{controller}-{}", std::process::id())));
        std::fs::create_dir(&group.0).ok()?;
        let file = files.map(|file| group.0.join(file)).into_iter().find(|file| file.exists())?;
        std::fs::write(file, most).ok()?;
        Some(group)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // A group is busy for a moment after its last process has ended.
        let start = std::time::Instant::now();
        while std::fs::remove_dir(&self.0).is_err() && start.elapsed() < Duration::from_secs(5) {
            std::thread::yield_now();
        }
    }
}

#[test]
fn low_limits_are_read_and_kept() {
    match low(&["prlimit", "--nofile=64:64"], None) {
        Some(text) => assert!(seen(&text).1 < 32, "{text}"),
        None => println!("skipped: prlimit cannot be run"),
    }
    // Of 64 MiB, with some of them taken, half may be used, and a thread that waits is reckoned as 64 KiB.
    let groups = [
        ("pids", ["pids.max", "pids.max"], "40", 4..20, "pids.max of the control group"),
        (
            "memory",
            ["memory.max", "memory.limit_in_bytes"],
            "67108864",
            100..512,
            "of the control group (memory)",
        ),
    ];
    for (controller, files, most, expected, named) in groups {
        let Some(group) = Group::new(controller, files, most) else {
            println!("skipped: no control group of {controller} can be made");
            continue;
        };
        let text = low(&[], Some(&group.0)).expect("this test runs again");
        assert!(expected.contains(&seen(&text).0), "{text}");
        assert!(text.contains("scaled down to at most") && text.contains(named), "{text}");
    }
}

/// What the test below runs again where there is no Go.
#[test]
#[ignore = "another test runs it, with an empty PATH"]
fn as_one_without_go() {
    assert_eq!(conpar::child::go("package main").err(), Some(Error::NoGo));
    let create = goroutines("create", "package main").expect("what was recorded stands in");
    assert!(create.recorded().is_some() && create.about().contains("go1."), "{}", create.about());
    let swept = sweep("create and join", "units")
        .over([10, 1_000])
        .arm("call", |n| n)
        .go("goroutine", &create)
        .each("unit", |n| n)
        .up_to("goroutine", 1_000)
        .budget(Duration::from_millis(100))
        .measure_with(&mut |_| ())
        .expect("the other arm is measured");
    assert_eq!(swept.beside.len(), 1);
    let block = swept.block();
    assert!(block.notes.iter().any(|note| note.starts_with("Recorded, not measured here: goroutine")));
    assert!(block.html().contains("recorded: goroutine"));
    let claim = swept.claim_faster(("call", 1_000), ("goroutine", 1_000), 1.0).expect("it is known");
    assert_eq!(claim.verdict, Verdict::CannotTell, "{claim:?}");
    let all = ladder("all").swept("create and join", &swept, 1_000).block();
    assert!(all.table.rows.iter().any(|row| row[0] == "recorded: goroutine"), "{:?}", all.table);
    let unknown = goroutines("nothing", "package main").expect_err("there is no such record");
    assert!(matches!(unknown, Error::NoSuchRecord { .. }), "{unknown}");
}

#[test]
fn without_go_what_was_recorded_is_drawn_and_decides_nothing() {
    let mut again = Command::new(std::env::current_exe().expect("this test"));
    again.args(["--ignored", "--exact", "as_one_without_go"]).env("PATH", "/nowhere");
    let output = again.output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn every_experiment_of_chapter_08_has_its_record() {
    let record = conpar::recorded::Goroutines::load().expect("sound");
    for name in ["create", "switch, one core", "switch, all cores", "channel", "wait", "compute", "memory"] {
        assert!(record.curve(name).is_ok_and(|curve| curve.points.len() > 1), "{name}");
    }
}
