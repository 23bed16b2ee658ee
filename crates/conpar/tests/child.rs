//! Child programs: built fast, bounded in everything, and never left behind.
#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use conpar::child::{Captured, How, child};
use conpar::{Error, source};

/// How long a test waits for what has to come.
const PATIENCE: Duration = Duration::from_secs(60);

fn is_alive(id: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", id.trim())).unwrap_or_default();
    // A zombie is dead; who has to reap it is another matter.
    !stat.is_empty() && !stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('Z'))
}

fn is_gone(id: &str) -> bool {
    let clock = Instant::now();
    while is_alive(id) && clock.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(5));
    }
    !is_alive(id)
}

#[test]
fn a_child_computes_with_what_conpar_brings() {
    let program = child(
        r#"use conpar::prelude::*;
use rayon::prelude::*;

fn main() {
    let mut input = String::new();
    std::io::stdin().read_line(&mut input).unwrap();
    let most: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let sum: u64 = (0..most).into_par_iter().sum();
    println!("{} {sum}", input.trim());
    eprintln!("aside");
    std::process::exit(3);
}"#,
    )
    .expect("it compiles");
    let ended = program.arg(1_000).stdin("sum").deadline(PATIENCE).run().expect("it runs");
    assert_eq!(ended.how, How::Exited(3));
    assert_eq!(ended.stdout, Captured { text: "sum 499500\n".into(), dropped: 0 });
    assert_eq!(ended.stderr, Captured { text: "aside\n".into(), dropped: 0 });
    assert!(ended.cpu_seconds.is_some_and(|seconds| seconds > 0.0) && ended.most_memory > Some(100_000));
}

#[test]
fn the_same_text_is_built_once() {
    let text = format!("fn main() {{}} // {:?}", Instant::now());
    let first = child(&text).expect("it compiles");
    let again = child(&text).expect("it compiles");
    println!("built in {:?}", first.built().took);
    assert!(first.built().took.is_some() && again.built().took.is_none());
    assert_eq!(first.built().executable, again.built().executable);
}

#[test]
fn an_error_points_at_the_readers_line() {
    let error =
        child("fn main() {\n    let x: u32 = 1;\n    let y: u32 = \"two\";\n}").expect_err("a type error");
    let Error::ChildDoesNotCompile { line, message, .. } = &error else { panic!("{error}") };
    assert_eq!(*line, Some(3));
    assert!(message.contains("E0308") && message.contains("let y: u32 = \"two\""), "{message}");
    assert!(matches!(child("fn other() {}"), Err(Error::ChildDoesNotCompile { .. })));
    assert!(matches!(child("fn main() { "), Err(Error::ChildDoesNotCompile { .. })));
}

#[test]
fn an_error_in_a_text_of_several_parts_names_the_part_and_its_line() {
    const BEGINS: &str = "fn twice(n: u32) -> u32 {\n    2 * n\n}\n\nfn main() {";
    const GOES_ON: &str = "    let one = 1;\n    println!(\"{}\", twice(one));\n";
    const ENDS: &str = "    println!(\"{}\", twice(\"two\"));\n}";
    const RIGHT: &str = "    println!(\"{}\", twice(2));\n}";
    let error = child(&source![BEGINS, GOES_ON, ENDS]).expect_err("a text is no number");
    let Error::ChildDoesNotCompile { line: Some(1), part: Some(part), message } = &error else {
        panic!("{error}")
    };
    assert_eq!(part, "ENDS");
    assert!(error.to_string().contains("line 1 of `ENDS`"), "{error}");
    assert!(message.contains("--> ENDS:1:26") && message.contains("1 |     println!"), "{message}");
    assert!(message.contains("--> BEGINS:1:4"), "the function that was called: {message}");
    assert!(!message.contains("cell.rs"), "{message}");
    let ended = child(&source![BEGINS, GOES_ON, RIGHT]).expect("it compiles").run().expect("it runs");
    assert_eq!(ended.stdout.text, "2\n4\n");
}

#[test]
fn a_deadline_ends_a_child_that_waits_and_one_that_stopped_itself() {
    let waits = r#"fn main() {
    println!("{}", std::process::id());
    if std::env::args().count() > 1 {
        std::process::Command::new("kill").args(["-STOP", &std::process::id().to_string()]).status().unwrap();
    }
    std::thread::park();
    loop { std::thread::park(); }
}"#;
    let program = child(waits).expect("it compiles").deadline(Duration::from_millis(700));
    for program in [program.clone(), program.arg("stop")] {
        let ended = program.run().expect("it runs");
        assert_eq!(ended.how, How::Deadline);
        assert!(is_gone(&ended.stdout.text), "{ended:?}");
    }
}

#[test]
fn a_flood_is_cut_and_counted_and_lines_come_while_it_runs() {
    let flood = r#"fn main() { for n in 0..200_000 { println!("line {n}"); } }"#;
    let (to_us, lines) = std::sync::mpsc::channel();
    let program = child(flood).expect("it compiles").keep_output(1_000).deadline(PATIENCE);
    let ended = program.on_line(move |line| drop(to_us.send(line.to_owned()))).run().expect("it runs");
    assert_eq!((ended.how, ended.stdout.text.len()), (How::Exited(0), 1_000));
    let all: u64 = (0..200_000).map(|n| format!("line {n}\n").len() as u64).sum();
    assert_eq!(ended.stdout.dropped, all - 1_000);
    assert_eq!(lines.iter().nth(199_999).as_deref(), Some("line 199999"));
}

#[test]
fn memory_is_limited() {
    let hungry = r#"fn main() {
    let mut all = Vec::new();
    for n in 0..10_000u64 { all.push(vec![n as u8 | 1; 1 << 20]); }
    println!("{}", all.len());
}"#;
    let ended =
        child(hungry).expect("it compiles").memory(200 << 20).deadline(PATIENCE).run().expect("it runs");
    assert_eq!(ended.how, How::Signalled(6), "{}", ended.stderr.text);
    assert!(ended.stderr.text.contains("memory allocation"), "{}", ended.stderr.text);
    assert!(ended.most_memory < Some(250 << 20));
}

/// A program that starts another in a session of its own, which nobody waits for, and tells the numbers of both.
const WITH_GRANDCHILD: &str = r#"use std::process::{Command, Stdio};

fn main() {
    println!("{}", std::process::id());
    // The shell ends at once: `sleep` loses its parent, and has left our group.
    let shell = Command::new("sh").args(["-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!"]).stdout(Stdio::inherit()).status();
    assert!(shell.unwrap().success());
    println!("ready");
    if std::env::args().count() > 1 { return; }
    loop { std::thread::park(); }
}"#;

#[test]
fn no_descendant_is_left_behind() {
    let program = child(WITH_GRANDCHILD).expect("it compiles");
    let ids = |text: &str| text.lines().take(2).map(str::to_owned).collect::<Vec<_>>();
    let returned = program.clone().arg("return").deadline(PATIENCE).run().expect("it runs");
    assert_eq!(returned.how, How::Exited(0));
    let killed = program.deadline(Duration::from_secs(1)).run().expect("it runs");
    assert_eq!(killed.how, How::Deadline);
    for id in [ids(&returned.stdout.text), ids(&killed.stdout.text)].concat() {
        assert!(is_gone(&id), "{id}");
    }
}

#[test]
fn dropping_ends_a_child_also_when_a_panic_drops_it() {
    let (to_us, lines) = std::sync::mpsc::channel();
    let program = child(WITH_GRANDCHILD).expect("it compiles").deadline(PATIENCE);
    let program = program.on_line(move |line| drop(to_us.send(line.to_owned())));
    let panicked = std::panic::catch_unwind(|| {
        let _running = program.start().expect("it starts");
        let seen: Vec<String> = lines.iter().take(3).collect();
        std::panic::resume_unwind(Box::new(seen))
    });
    let seen = panicked.expect_err("it panics").downcast::<Vec<String>>().expect("what it saw");
    assert_eq!(seen[2], "ready");
    assert!(is_gone(&seen[0]) && is_gone(&seen[1]), "{seen:?}");
}

/// Plays the kernel in the test below: it does nothing unless that runs it.
#[test]
fn as_the_kernel_that_is_killed() {
    if std::env::var_os("CONPAR_TEST_KERNEL").is_some() {
        let program = child(WITH_GRANDCHILD).expect("it compiles").deadline(PATIENCE);
        let _ = program.on_line(|line| eprintln!("{line}")).run();
    }
}

#[test]
fn a_killed_kernel_leaves_no_child() {
    use std::io::{BufRead, BufReader};

    child(WITH_GRANDCHILD).expect("it compiles");
    let own = std::env::current_exe().expect("this test");
    let mut kernel = Command::new(own)
        .args(["--exact", "as_the_kernel_that_is_killed", "--nocapture"])
        .env("CONPAR_TEST_KERNEL", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this test again");
    let seen: Vec<String> =
        BufReader::new(kernel.stderr.take().expect("a pipe")).lines().take(3).map_while(Result::ok).collect();
    assert_eq!(seen.get(2).map(String::as_str), Some("ready"), "{seen:?}");
    assert!(is_alive(&seen[0]) && is_alive(&seen[1]));
    kernel.kill().expect("SIGKILL");
    kernel.wait().expect("it ends");
    assert!(is_gone(&seen[0]) && is_gone(&seen[1]), "{seen:?}");
}
