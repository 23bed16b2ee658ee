//! Distributed programs: launched, bounded, and ended with an error that says what happened and where. Without an MPI
//! (`cargo lab setup --with mpi`) each test says that it was skipped.
#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};
use std::slice;
use std::time::{Duration, Instant};

use conpar::Error;
use conpar::measure::Verdict;
use conpar::notebook::{Loaded as _, Shown as _};
use conpar::ranks::{Hosts, Job, Kind, is_set_up, ranks, swept};
use conpar::transport::transports;

/// How long a test waits for what has to come.
const PATIENCE: Duration = Duration::from_secs(60);

fn skipped() -> bool {
    if !is_set_up() {
        println!("skipped: no MPI is set up (`cargo lab setup --with mpi`)");
    }
    !is_set_up()
}

fn is_gone(process: u32) -> bool {
    let alive = || {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        !stat.is_empty() && !stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('Z'))
    };
    let clock = Instant::now();
    while alive() && clock.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(5));
    }
    !alive()
}

/// Passes messages between ranks 0 and 1, and adds up the ranks.
const EXCHANGE: &str = r#"use conpar_mpi::prelude::*;

fn main() {
    let universe = start();
    let world = universe.world();
    let me = world.rank();
    let mut sum = 0;
    world.all_reduce_into(&me, &mut sum, SystemOperation::sum());
    if me == 0 {
        progress("summed");
        result("sum", sum);
    }
    for bytes in [8usize, 4_096, 1 << 20] {
        let mut message = vec![0_u8; bytes];
        for _ in 0..24 {
            let (_, time) = timed(&world, || for _ in 0..8 {
                if me == 0 {
                    world.process_at_rank(1).send(&message[..]);
                    world.process_at_rank(1).receive_into(&mut message[..]);
                } else if me == 1 {
                    world.process_at_rank(0).receive_into(&mut message[..]);
                    world.process_at_rank(0).send(&message[..]);
                }
            });
            if me == 0 {
                report("message", bytes as f64, time.each(8));
            }
        }
        if me < 2 {
            sent(bytes * 24 * 8);
        }
    }
}"#;

#[test]
fn shared_memory_and_isolated_hosts_compute_the_same_and_the_link_counts_the_bytes() {
    if skipped() {
        return;
    }
    let program = ranks(EXCHANGE).expect("it compiles").deadline(PATIENCE);
    let here = program.run(2).expect("it runs");
    assert_eq!((here.kind.clone(), here.value("sum")), (Kind::OneMachine, Ok(1.0)));
    let apart = program.clone().on(Hosts::isolated(2)).run(4).expect("it runs");
    println!("{}", apart.kind.words());
    assert_eq!(apart.value("sum"), Ok(6.0));
    match &apart.kind {
        Kind::Isolated { hosts: 2, .. } => {
            let hosts: Vec<&str> = apart.ranks.iter().map(|placed| placed.host.as_str()).collect();
            assert_eq!(hosts, ["host1", "host1", "host2", "host2"]);
        }
        // Nothing is claimed of hosts that are none.
        Kind::Loopback { because: Some(_), .. } => assert!(apart.traffic.is_empty()),
        other => panic!("{other:?}"),
    }
    // With four ranks in blocks, 0 and 1 share a host: only two ranks on two hosts must use the link.
    let link = program.on(Hosts::isolated(2)).run(2).expect("it runs");
    if let Kind::Isolated { .. } = link.kind {
        let claim = link.claim_traffic();
        assert_eq!(claim.verdict, Verdict::Supported, "{}", claim.reason);
        let payload = 24 * 8 * (8 + 4_096 + (1 << 20));
        assert!(link.traffic.iter().all(|traffic| traffic.sent > payload), "{:?}", link.traffic);
    }
    let curves = swept(
        "message",
        "message (bytes)",
        "message",
        &[("here", slice::from_ref(&here)), ("apart", &[link])],
    );
    let curves = curves.expect("both were measured");
    let ratio = curves.ratio("here", 8, "apart", 8).expect("both were measured");
    println!("shared memory is {ratio} times as fast");
    let law = transports(&curves).expect("three sizes").at("apart").expect("it was fitted").law();
    assert!(law.latency > 0.0 && law.per_byte > 0.0, "{law:?}");

    let file = std::env::temp_dir().join(format!("conpar-job-{}.json", std::process::id()));
    here.save_json(&file).expect("a file of ours");
    assert_eq!(Job::load(&file).expect("what was saved"), here);
    let wrong = std::fs::read_to_string(&file).expect("saved").replace("\"size\": 2", "\"size\": 1");
    std::fs::write(&file, wrong).expect("a file of ours");
    assert!(Job::load(&file).is_err(), "no world of one has two ranks");
    std::fs::remove_file(file).expect("it is ours");
}

#[test]
fn a_link_carries_what_it_is_limited_to() {
    if skipped() {
        return;
    }
    let program = ranks(EXCHANGE).expect("it compiles").deadline(PATIENCE);
    let job = program.on(Hosts::isolated(2).megabits(400.0)).run(2).expect("it runs");
    if !matches!(job.kind, Kind::Isolated { .. }) {
        println!("skipped: {}", job.kind.words());
        return;
    }
    let seconds = job.time("message", f64::from(1 << 20)).expect("it was timed");
    // There and back.
    let megabits = 2.0 * 8.0 * f64::from(1 << 20) / seconds.point / 1e6;
    println!("{megabits:.0} Mbit/s");
    // TCP's own headers take some of it; a bucket of 10 ms lets a little more through at first.
    assert!((300.0..480.0).contains(&megabits), "{megabits}");
}

#[test]
fn loopback_addresses_say_that_they_are_one_machine() {
    if skipped() {
        return;
    }
    let program = ranks(EXCHANGE).expect("it compiles").deadline(PATIENCE);
    let job = program.on(Hosts::loopback(2)).run(2).expect("it runs");
    assert_eq!(job.value("sum"), Ok(1.0));
    assert!(job.kind.words().contains("one machine"), "{}", job.kind.words());
    assert_eq!(job.claim_traffic().verdict, Verdict::CannotTell);
}

/// Rank 1 does what its argument says; rank 0 waits for a message from it.
const FAULT: &str = r#"use conpar_mpi::prelude::*;

fn main() {
    let universe = start();
    let world = universe.world();
    let what = std::env::args().nth(1).unwrap();
    world.barrier();
    if world.rank() == 1 {
        match what.as_str() {
            "kill" => kill_me(),
            "panic" => panic!("nothing to send"),
            "stop" => stop_me(),
            _ => (),
        }
    }
    let mut message = [0_u8; 1_000];
    loop {
        if world.rank() == 0 {
            world.process_at_rank(1).receive_into(&mut message[..]);
        } else {
            if what != "wait" { world.process_at_rank(0).send(&message[..]); }
        }
    }
}"#;

#[test]
fn a_rank_that_dies_ends_the_job_and_the_error_says_which_and_where() {
    if skipped() {
        return;
    }
    let program = ranks(FAULT).expect("it compiles").deadline(PATIENCE);
    for (what, word) in [("kill", "signal 9"), ("panic", "signal 6")] {
        for hosts in [Hosts::one_machine(), Hosts::isolated(2)] {
            let clock = Instant::now();
            let error = program.clone().arg(what).on(hosts).run(2).expect_err("it dies");
            println!("{error}");
            let Error::RankEnded { rank, how } = &error else { panic!("{error}") };
            assert!(rank.starts_with("rank 1 on ") && how.contains(word), "{error}");
            assert!(clock.elapsed() < Duration::from_secs(10));
        }
    }
}

#[test]
fn a_stopped_rank_and_a_link_that_goes_down_end_at_the_deadline_and_are_named() {
    if skipped() {
        return;
    }
    let program = ranks(FAULT).expect("it compiles").deadline(Duration::from_millis(1_500));
    let stopped = program.clone().arg("stop").run(2).expect_err("it waits");
    println!("{stopped}");
    let Error::RanksLate { seen, .. } = &stopped else { panic!("{stopped}") };
    assert!(seen.starts_with("rank 1 on ") && seen.ends_with("is stopped"), "{seen}");
    let waits = program.clone().arg("wait").run(2).expect_err("it waits");
    assert!(matches!(&waits, Error::RanksLate { seen, .. } if seen.contains("all ranks run")), "{waits}");
    let down = program.arg("send").on(Hosts::isolated(2)).link_down(1, Duration::from_millis(500)).run(2);
    let down = down.expect_err("it waits, or there are no namespaces");
    println!("{down}");
    match &down {
        Error::RanksLate { seen, .. } => assert!(seen.contains("the link of host2 is down"), "{seen}"),
        Error::RanksNotLaunched { .. } => println!("skipped: no namespaces"),
        other => panic!("{other}"),
    }
}

#[test]
fn what_cannot_be_launched_says_why() {
    if skipped() {
        return;
    }
    let program = ranks(EXCHANGE).expect("it compiles").deadline(PATIENCE);
    for hosts in [Hosts::one_machine(), Hosts::isolated(0), Hosts::isolated(99), Hosts::machines("# none")] {
        let asked = if hosts == Hosts::one_machine() { 0 } else { 2 };
        let error = program.clone().on(hosts).run(asked).expect_err("there is nothing to run on");
        assert!(matches!(error, Error::BadRanks { .. }), "{error}");
    }
    let clock = Instant::now();
    let missing =
        program.on(Hosts::machines("no-such-host.invalid")).run(1).expect_err("there is no such host");
    println!("{missing}");
    match &missing {
        Error::RanksNotLaunched { on, .. } => {
            // Without an ssh it is the first call of it that fails.
            assert_eq!(on, "no-such-host.invalid");
        }
        other => panic!("{other}"),
    }
    assert!(clock.elapsed() < Duration::from_secs(30));
    // A program that never starts MPI is in no world.
    let alone =
        ranks("fn main() {}").expect("it compiles").run(2).expect_err("no rank says that it is there");
    assert!(matches!(alone, Error::WrongWorld { asked: 2, said: 0, .. }), "{alone}");
    let error = ranks("fn main() {\n    let x: u32 = \"two\";\n}").expect_err("a type error");
    assert!(matches!(&error, Error::ChildDoesNotCompile { line: Some(2), .. }), "{error}");
}

#[test]
fn hosts_are_reached_by_ssh() {
    let has = |program: &str| {
        ["/usr/sbin", "/usr/bin"].iter().any(|folder| std::path::Path::new(folder).join(program).exists())
    };
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    if skipped() || !root || !has("sshd") {
        println!("skipped: servers on isolated hosts take an MPI, root and sshd");
        return;
    }
    let program = ranks(EXCHANGE).expect("it compiles").deadline(PATIENCE);
    match program.on(Hosts::isolated(2).by_ssh()).run(2) {
        Ok(job) => {
            assert_eq!((job.value("sum"), job.ranks[1].host.as_str()), (Ok(1.0), "host2"));
            assert_eq!(job.claim_traffic().verdict, Verdict::Supported);
        }
        // What a container may refuse.
        Err(Error::RanksNotLaunched { reason, .. }) if reason.contains("not permitted") => {
            println!("skipped: {reason}");
        }
        Err(error) => panic!("{error}"),
    }
}

/// Plays the kernel in the test below: it does nothing unless that runs it.
#[test]
fn as_the_kernel_that_is_killed() {
    if std::env::var_os("CONPAR_TEST_KERNEL").is_some() {
        let program = ranks(SAYS_WHERE).expect("it compiles").deadline(PATIENCE);
        let _ = program.on(Hosts::isolated(2)).run(2);
    }
}

/// Each rank says the number of its process, and waits.
const SAYS_WHERE: &str = r#"use conpar_mpi::prelude::*;

fn main() {
    let universe = start();
    let world = universe.world();
    progress(format!("process {}", std::process::id()));
    loop { world.barrier(); }
}"#;

#[test]
fn a_killed_kernel_leaves_no_rank() {
    use std::io::{BufRead as _, BufReader};
    if skipped() {
        return;
    }
    drop(ranks(SAYS_WHERE).expect("it compiles"));
    let mut kernel = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "as_the_kernel_that_is_killed", "--nocapture"])
        .env("CONPAR_TEST_KERNEL", "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test again");
    let lines = BufReader::new(kernel.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let processes = lines.filter_map(|line| line.split("process ").nth(1)?.trim().parse::<u32>().ok());
    let processes: Vec<u32> = processes.take(2).collect();
    assert_eq!(processes.len(), 2);
    kernel.kill().expect("SIGKILL");
    kernel.wait().expect("it ends");
    assert!(processes.iter().all(|&process| is_gone(process)), "{processes:?}");
}
