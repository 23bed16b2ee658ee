//! Go programs of the reader's own: built fast and offline, bounded like other children, and never left behind.
//!
//! They need a Go toolchain on the PATH, which `cargo lab test` puts there. Where there is none they are skipped; in CI, which
//! sets one up, that is a failure.
#![cfg(target_os = "linux")]

use std::time::{Duration, Instant};

use conpar::Error;
use conpar::child::{How, Program, go};
use conpar::prelude::*;

const PATIENCE: Duration = Duration::from_secs(60);

/// The program, or `None` where there is no Go and need be none.
fn built(source: &str) -> Option<Program> {
    match go(source) {
        Ok(program) => Some(program),
        Err(Error::NoGo) if std::env::var_os("CI").is_none() => {
            println!("skipped: {}", Error::NoGo);
            None
        }
        Err(error) => panic!("{error}"),
    }
}

fn program(main: &str) -> String {
    format!(
        "package main\n\nimport (\"fmt\"; \"os\"; \"time\")\n\nvar _ = fmt.Sprint(os.Args, time.Now())\n\n{main}\n"
    )
}

#[test]
fn a_program_computes_and_is_built_once_and_fast() {
    // No earlier run of this test has built this text.
    let run = std::process::id();
    let text = |number| program(&format!("func main() {{ fmt.Println({number}, len(os.Args)) }} // {run}"));
    let Some(first) = built(&text(1)) else { return };
    let ended = first.arg("one").deadline(PATIENCE).run().expect("it runs");
    assert_eq!((ended.how, ended.stdout.text.as_str()), (How::Exited(0), "1 2\n"), "{}", ended.stderr.text);
    // The first build of all may have compiled Go's own library. Time on this machine is others' as well: the fastest counts.
    let took = (2..7).filter_map(|number| built(&text(number))?.built().took).min().expect("built anew");
    println!("built in {took:?}");
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert_eq!(built(&text(1)).expect("it is there").built().took, None);
}

#[test]
fn an_error_points_at_the_readers_line() {
    if built(&program("func main() {}")).is_none() {
        return;
    }
    let error = go("package main\n\nfunc main() {\n\tx := 1\n}\n").expect_err("an unused variable");
    let Error::ChildDoesNotCompile { line, message, .. } = &error else { panic!("{error}") };
    assert_eq!(*line, Some(4));
    assert!(message.contains("declared and not used: x"), "{message}");
    // No package, a package that would have to be fetched, a name that is taken already: each has its line.
    for (source, at) in [
        ("func main() {}", 1),
        ("package main\nimport \"example.com/nowhere\"\nfunc main() { nowhere.Go() }", 2),
        ("package main\nfunc measure() {}\nfunc main() {}", 2),
    ] {
        let error = go(source).expect_err("it does not compile");
        assert!(
            matches!(error, Error::ChildDoesNotCompile { line: Some(line), .. } if line == at),
            "{error}"
        );
    }
}

#[test]
fn an_error_in_a_text_of_several_parts_names_the_part_and_its_line() {
    const MAIN: &str = "package main\n\nfunc main() { println(twice(1)) }";
    const TWICE: &str = "\nfunc twice(n int) int {\n\treturn \"two\"\n}";
    if built(&program("func main() {}")).is_none() {
        return;
    }
    let error = go(&source![MAIN, TWICE]).expect_err("a text is no number");
    let Error::ChildDoesNotCompile { line: Some(3), part: Some(part), message } = &error else {
        panic!("{error}")
    };
    assert_eq!(part, "TWICE");
    assert!(message.contains("TWICE:3:9: cannot use"), "{message}");
}

#[test]
fn the_bounds_hold() {
    let waits = program("func main() { fmt.Println(os.Getpid()); time.Sleep(time.Hour) }");
    let Some(waits) = built(&waits) else { return };
    let clock = Instant::now();
    let ended = waits.deadline(Duration::from_millis(500)).run().expect("it runs");
    assert_eq!(ended.how, How::Deadline);
    assert!(clock.elapsed() < PATIENCE);
    let id = ended.stdout.text.trim().to_owned();
    assert!(!id.is_empty() && !std::path::Path::new("/proc").join(&id).exists(), "{id} is still there");

    let hungry = program(
        "func main() {\n\tvar all [][]byte\n\tfor range 10_000 {\n\t\tmore := make([]byte, 1<<20)\n\t\tfor i := range more { more[i] = 1 }\n\t\tall = append(all, more)\n\t}\n\tfmt.Println(len(all))\n}",
    );
    let ended =
        go(&hungry).expect("it compiles").memory(400 << 20).deadline(PATIENCE).run().expect("it runs");
    assert_eq!(ended.how, How::Exited(2), "{}", ended.stderr.text);
    assert!(ended.stderr.text.contains("out of memory"), "{}", ended.stderr.text);
    assert!(ended.most_memory < Some(450 << 20), "{:?}", ended.most_memory);
}

#[test]
fn what_a_program_runs_with_is_known() {
    let text = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(about()) }";
    let Some(told) = built(text) else { return };
    let text = told.memory(1 << 30).run().expect("it runs").stdout.text;
    let cores = conpar::machine::available_cores();
    assert!(text.contains("\"go\":\"go1.") && text.contains(&format!("\"gomaxprocs\":{cores}")), "{text}");
    assert!(text.contains(&format!("\"gomemlimit\":{}", (1u64 << 30) / 10 * 9)), "{text}");
}

/// What the test below runs again.
#[test]
#[ignore = "another test runs it, with an empty home folder"]
fn as_one_with_an_empty_home() {
    go(&program(&format!("// {:?}\nfunc main() {{}}", Instant::now()))).expect("it compiles");
}

#[test]
fn nothing_lands_in_the_home_folder() {
    if built(&program("func main() {}")).is_none() {
        return;
    }
    let home = std::env::temp_dir().join(format!("conpar-home-{}", std::process::id()));
    std::fs::create_dir(&home).expect("a new folder");
    let mut again = std::process::Command::new(std::env::current_exe().expect("this test"));
    again.args(["--ignored", "--exact", "as_one_with_an_empty_home"]).env("HOME", &home);
    for name in ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "GOPATH", "GOCACHE", "GOENV"] {
        again.env_remove(name);
    }
    let output = again.output().expect("it runs");
    let left: Vec<_> =
        std::fs::read_dir(&home).expect("the folder").flatten().map(|entry| entry.path()).collect();
    std::fs::remove_dir_all(&home).expect("it was made");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_program_answers_and_is_gone_when_nobody_asks_any_more() {
    let text = "package main\n\nimport \"os\"\n\nfunc id(n int) int {\n\tif n == 13 {\n\t\tpanic(\"thirteen\")\n\t}\n\tif n == 14 {\n\t\tselect {}\n\t}\n\treturn os.Getpid()\n}\n\nfunc main() { measure(id) }";
    let Some(program) = built(text) else { return };
    let server = program.clone().deadline(Duration::from_secs(2)).serve().expect("it greets");
    assert!(server.greeting().contains("gomaxprocs"), "{}", server.greeting());
    let answer = server.ask("1 3").expect("it answers");
    let id = answer.split("\"value\":").nth(1).expect("a value").trim_end_matches('}').to_owned();
    assert!(std::path::Path::new("/proc").join(&id).exists());
    // Longer than the deadline of one answer: a server stays.
    std::thread::sleep(Duration::from_millis(2_500));
    assert!(server.ask("2 1").expect("it is still there").contains(&id));
    let panicked = server.ask("13 1").expect_err("it panics");
    assert!(
        panicked.to_string().contains("exit code 2") && panicked.to_string().contains("thirteen"),
        "{panicked}"
    );
    assert!(server.ask("1 1").expect_err("it is gone").to_string().contains("start it again"));

    let server = program.clone().deadline(Duration::from_secs(5)).serve().expect("it greets");
    let stuck = server.ask("14 1").expect_err("it waits for ever").to_string();
    // Go's runtime sees that nobody can go on, or the deadline ends it: both are told.
    assert!(stuck.contains("no answer within") || stuck.contains("deadlock"), "{stuck}");

    let server = program.serve().expect("it greets");
    let id = server
        .ask("1 1")
        .expect("it answers")
        .split("\"value\":")
        .nth(1)
        .expect("a value")
        .trim_end_matches('}')
        .to_owned();
    drop(server);
    assert!(!std::path::Path::new("/proc").join(&id).exists());
}

#[test]
fn goroutines_take_part_in_a_sweep() {
    let text = "package main\n\nimport \"sync\"\n\nfunc create(n int) int {\n\tvar all sync.WaitGroup\n\tfor range n {\n\t\tall.Go(func() {})\n\t}\n\tall.Wait()\n\treturn n\n}\n\nfunc main() { measure(create) }";
    if built(text).is_none() {
        return;
    }
    let create = goroutines("create", text).expect("it compiles");
    let measure = |wrong: u64| {
        sweep("create and join", "units")
            .over([10, 1_000])
            .arm("thread", |n| {
                std::thread::scope(|scope| (0..n).for_each(|_| _ = scope.spawn(|| ())));
                n + wrong
            })
            .go("goroutine", &create)
            .each("unit", |n| n)
            .up_to("thread", 10)
            .blocking()
            .budget(Duration::from_millis(500))
            .measure_with(&mut |_| ())
    };
    let swept = measure(0).expect("a sound experiment");
    let (most, one) = swept.last("goroutine").expect("measured");
    assert_eq!((most, swept.last("thread").expect("measured").0), (1_000, 10));
    assert!(one.point > 1e-8 && one.point < 1e-4, "{one}");
    assert!(swept.block().notes.iter().any(|note| note.contains("GOMAXPROCS")), "{:?}", swept.block().notes);
    if swept.is_credible("goroutine", 1_000, "thread", 10).expect("measured") {
        let ratio = swept.ratio("goroutine", 1_000, "thread", 10).expect("measured");
        assert_ne!(ratio.above(3.0), conpar::measure::Verdict::Violated, "{ratio}");
    }
    // Results come before times, whichever language computed them.
    assert!(matches!(measure(1), Err(Error::DifferentAt { .. })));

    let bound = create.on_one_core().expect("Linux binds programs");
    assert!(bound.about().contains("GOMAXPROCS 1"), "{}", bound.about());
    // A program that prints instead of answering is told so.
    let prints = goroutines("create", "package main\n\nfunc main() { println(1) }").expect_err("no greeting");
    assert!(matches!(prints, Error::ChildFailed { .. }), "{prints}");
}

/// A Go program that tells its number and stays.
const STAYS: &str =
    "package main\n\nimport \"os\"\n\nfunc main() { measure(func(int) int { return os.Getpid() }) }";

/// Plays the kernel in the test below: it does nothing unless that runs it.
#[test]
fn as_the_kernel_that_is_killed() {
    if std::env::var_os("CONPAR_TEST_KERNEL").is_some() {
        let server = go(STAYS).expect("it compiles").serve().expect("it greets");
        eprintln!("{}", server.ask("1 1").expect("it answers"));
        std::thread::sleep(PATIENCE);
    }
}

#[test]
fn a_killed_kernel_leaves_no_go_program() {
    use std::io::BufRead;

    if built(STAYS).is_none() {
        return;
    }
    let mut kernel = std::process::Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "as_the_kernel_that_is_killed", "--nocapture"])
        .env("CONPAR_TEST_KERNEL", "1")
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("this test again");
    let lines = std::io::BufReader::new(kernel.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
    let mut ids =
        lines.filter_map(|line| Some(line.split("\"value\":").nth(1)?.trim_end_matches('}').to_owned()));
    let id = ids.next().expect("its number");
    let there = || std::path::Path::new("/proc").join(&id).exists();
    assert!(there());
    kernel.kill().expect("SIGKILL");
    kernel.wait().expect("it ends");
    let clock = Instant::now();
    while there() && clock.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(!there(), "{id} is still there");
}
