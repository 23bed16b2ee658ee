//! Pools of workers that die: processes survive it, threads do not, and nothing is left behind.
#![cfg(target_os = "linux")]

use std::time::Duration;

use conpar::Error;
use conpar::child::{How, child};
use conpar::isolation::{End, JobReport, Left, jobs};
use conpar::measure::Verdict;
use conpar::notebook::{Loaded, Shown};

/// How long a test waits for what has to come.
const PATIENCE: Duration = Duration::from_secs(60);

const JOB: &str = r#"use conpar::{child::limit_memory, isolation::{End, Log}, workload::count_primes};
use std::{io::{Read, Write}, process::{Child, Command, Stdio}, sync::Mutex, thread};

fn compute(job: u64) -> u64 {
    let first = 10_000 * job as u32;
    count_primes(first..first + 10_000) as u64
}

fn strike(misfortune: &str) {
    match misfortune {
        "panic" => panic!("on purpose"),
        "abort" => std::process::abort(),
        "overflow" => println!("{}", endless(1)),
        "hoard" => {
            let mut hoard = Vec::new();
            loop { hoard.push(vec![1_u8; 1 << 20]); }
        }
        "kill" => drop(Command::new("sh").args(["-c", "kill -KILL $PPID"]).status()),
        _ => (),
    }
}

fn endless(depth: u64) -> u64 { std::hint::black_box(endless(depth + 1)) + depth }
"#;

const PROCESS: &str = r#"
struct Worker(Child);

impl Worker {
    fn start(misfortune: &str) -> Worker {
        let mut program = Command::new(std::env::current_exe().unwrap());
        program.args(["work", misfortune]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Worker(program.spawn().unwrap())
    }
    fn ask(&mut self, job: u64) -> Option<u64> {
        let mut answer = [0; 8];
        self.0.stdin.as_mut()?.write_all(&job.to_le_bytes()).ok()?;
        self.0.stdout.as_mut()?.read_exact(&mut answer).ok()?;
        Some(u64::from_le_bytes(answer))
    }
    fn end(self) -> End { self.0.wait_with_output().into() }
}

fn work(misfortune: &str) {
    let (mut input, mut output, mut job) = (std::io::stdin(), std::io::stdout(), [0; 8]);
    for turn in 0.. {
        if input.read_exact(&mut job).is_err() { return }
        if turn == 2 { strike(misfortune) }
        let answer = compute(u64::from_le_bytes(job));
        output.write_all(&answer.to_le_bytes()).and_then(|()| output.flush()).unwrap();
    }
}
"#;

const THREAD: &str = r#"
use std::sync::mpsc::{Receiver, Sender, channel};

struct Worker { jobs: Sender<u64>, answers: Receiver<u64>, thread: thread::JoinHandle<()> }

impl Worker {
    fn start(misfortune: &str) -> Worker {
        let ((jobs, input), (output, answers)) = (channel(), channel());
        let misfortune = misfortune.to_owned();
        let thread = thread::spawn(move || for (turn, job) in input.iter().enumerate() {
            if turn == 2 { strike(&misfortune) }
            output.send(compute(job)).unwrap();
        });
        Worker { jobs, answers, thread }
    }
    fn ask(&mut self, job: u64) -> Option<u64> {
        self.jobs.send(job).ok()?;
        self.answers.recv().ok()
    }
    fn end(self) -> End {
        drop(self.jobs);
        self.thread.join().into()
    }
}

fn work(_: &str) {}
"#;

const POOL: &str = r#"
fn pool(log: &Log, misfortunes: &[String]) {
    let jobs = Mutex::new((0..log.jobs()).rev().collect::<Vec<_>>());
    let attend = |number: usize| {
        let mut worker = Worker::start(misfortunes.get(number).map_or("", |misfortune| misfortune));
        log.started(number);
        while let Some(job) = { jobs.lock().unwrap().pop() } {
            log.given(number, job);
            if let Some(answer) = worker.ask(job) {
                log.done(number, job, answer);
            } else {
                jobs.lock().unwrap().push(job);
                log.ended(number, worker.end());
                worker = Worker::start("");
                log.started(number);
            }
        }
        log.ended(number, worker.end());
    };
    thread::scope(|scope| {
        for number in 0..log.workers(4, 64 << 20) { scope.spawn(move || attend(number)); }
    });
}

fn main() {
    limit_memory(64 << 20);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("work") => work(&arguments[1]),
        _ => pool(&Log::begin(40), &arguments),
    }
}
"#;

fn serial() -> u64 {
    conpar::workload::count_primes(0..400_000) as u64
}

fn report(parts: &[&str], misfortunes: &[&str]) -> JobReport {
    let program = child(&parts.concat()).expect("it compiles").args(misfortunes).deadline(PATIENCE);
    jobs("pool", &program).expect("a record")
}

fn verdicts(report: &JobReport) -> Vec<Verdict> {
    report.claims(serial()).0.iter().map(|claim| claim.verdict).collect()
}

#[test]
fn a_pool_is_built_again_in_less_than_a_second() {
    // Time on this machine is others' as well: the fastest counts. No earlier run of this test has built these texts.
    let run = std::process::id();
    let text = |number: u32| [JOB, PROCESS, POOL, &format!("// {run} {number}")].concat();
    let took = (0..5).filter_map(|number| child(&text(number)).expect("it compiles").built().took).min();
    println!("built in {took:?}");
    assert!(took.expect("built anew") < Duration::from_secs(1), "{took:?}");
}

#[test]
fn processes_die_and_every_job_is_done_once() {
    let report = report(&[JOB, PROCESS, POOL], &["kill", "hoard", "panic", "overflow"]);
    println!("{}", report.block().text());
    assert_eq!(report.how, How::Exited(0));
    assert_eq!(verdicts(&report), [Verdict::Supported; 4]);
    let ends: Vec<(usize, &End)> =
        report.deaths().map(|life| (life.worker, life.end.as_ref().expect("an end"))).collect();
    let expected =
        [End::Signalled(9), End::OutOfMemory, End::Panicked("on purpose".into()), End::StackOverflow];
    // A worker that was slow to start may have had too little to do to come to its end.
    assert!(ends.len() >= 2, "{ends:?}");
    for (worker, end) in ends {
        assert_eq!(*end, expected[worker]);
    }
    assert_eq!(report.repeats(), report.deaths().count());
    assert_eq!(report.left, Some(Left::default()));
    let (html, json) = (report.block().html(), serde_json::to_string(&report).expect("JSON"));
    assert!(html.contains("memory limit") && html.contains("the worker dies"));
    let again: JobReport = serde_json::from_str(&json).expect("the same");
    assert!(again == report && again.sound().is_ok());
}

#[test]
fn a_thread_that_panics_dies_alone_and_all_else_ends_the_process() {
    let panicked = report(&[JOB, THREAD, POOL], &["", "panic"]);
    assert_eq!((panicked.how, verdicts(&panicked)), (How::Exited(0), vec![Verdict::Supported; 4]));
    for (misfortune, signal) in [("overflow", 6), ("hoard", 6), ("abort", 6), ("kill", 9)] {
        let report = report(&[JOB, THREAD, POOL], &[misfortune, misfortune]);
        assert_eq!(report.how, How::Signalled(signal), "{misfortune}");
        assert!(report.share_done() < 1.0 && report.left.is_none());
        assert_eq!(report.claim_all_ended().verdict, Verdict::Supported);
        assert_eq!(report.claim_done().verdict, Verdict::Violated);
        assert!(report.block().html().contains("the whole program ends"));
    }
}

#[test]
fn what_is_left_behind_is_seen() {
    let careless = PROCESS.replace("self.0.wait_with_output().into()", "End::Unknown");
    let zombies = report(&[JOB, &careless, POOL], &["panic", "panic"]);
    // The last ones may be about to end.
    let seen = zombies.left.expect("Linux tells");
    assert!(seen.zombies >= 2 && seen.zombies + seen.children >= 4 && seen.descriptors == 0, "{seen:?}");
    assert_eq!(zombies.claims(serial()).0[3].verdict, Verdict::Violated);
    let hoarding = PROCESS.replace(
        "fn end(self) -> End {",
        "fn end(mut self) -> End { std::mem::forget(self.0.stdout.take());",
    );
    let leaks = report(&[JOB, &hoarding, POOL], &["panic"]);
    assert!(leaks.left.is_some_and(|left| left.descriptors >= 4 && left.zombies == 0), "{:?}", leaks.left);
}

#[test]
fn a_killed_pool_leaves_no_worker_that_waits_for_jobs() {
    let text = r#"use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn is_alive(id: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    !stat.is_empty() && !stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('Z'))
}

fn main() {
    let own = std::env::current_exe().unwrap();
    match std::env::args().nth(1).as_deref() {
        // A worker: at the end of its input it ends.
        Some("work") => drop(std::io::stdin().read_to_end(&mut Vec::new())),
        Some("pool") => {
            let workers: Vec<_> = (0..3).map(|_| {
                Command::new(&own).arg("work").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap()
            }).collect();
            workers.iter().for_each(|worker| println!("{}", worker.id()));
            loop { std::thread::park(); }
        }
        _ => {
            let mut pool = Command::new(&own).arg("pool").stdout(Stdio::piped()).spawn().unwrap();
            let lines = BufReader::new(pool.stdout.take().unwrap()).lines();
            let workers: Vec<String> = lines.take(3).map(Result::unwrap).collect();
            assert!(workers.iter().all(|id| is_alive(id)));
            pool.kill().unwrap();
            pool.wait().unwrap();
            let clock = Instant::now();
            while workers.iter().any(|id| is_alive(id)) && clock.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(1));
            }
            println!("{}", workers.iter().filter(|id| is_alive(id)).count());
        }
    }
}"#;
    let ended = child(text).expect("it compiles").deadline(PATIENCE).run().expect("it runs");
    assert_eq!((ended.how, ended.stdout.text.trim()), (How::Exited(0), "0"), "{}", ended.stderr.text);
}

#[test]
fn a_low_limit_scales_the_pool_down_and_says_so() {
    // Files are what a process may lower for its children by itself, whoever it is.
    let low = POOL.replace(
        "        _ => pool",
        r#"        Some("low") => pool(&Log::begin(40), &[]),
        _ if arguments.is_empty() => {
            let own = std::env::current_exe().unwrap();
            let status = Command::new("sh").args(["-c", "ulimit -n 48; exec \"$0\" low"]).arg(own).status();
            assert!(status.unwrap().success());
        }
        _ => pool"#,
    );
    let report = report(&[JOB, PROCESS, &low], &[]);
    assert!(report.workers() < 4, "{}", report.workers());
    assert!(report.notes.iter().any(|note| note.contains("RLIMIT_NOFILE")), "{:?}", report.notes);
    assert_eq!(verdicts(&report), [Verdict::Supported; 4]);
    assert!(report.block().text().contains("workers instead of 4"));
}

#[test]
fn a_program_without_a_record_says_what_is_missing() {
    let run = |text: &str| {
        jobs("none", &child(text).expect("it compiles").deadline(PATIENCE)).expect_err("no record")
    };
    assert!(matches!(run("fn main() {}"), Error::NoJobs { .. }));
    assert!(
        matches!(run("fn main() { panic!(\"at once\") }"), Error::ChildFailed { reason, .. } if reason.contains("at once"))
    );
    let log = "use conpar::isolation::Log;\nfn main() { let log = Log::begin(3); log.given(77, 1); }";
    assert!(run(log).to_string().contains("number the workers"));
    let log = "use conpar::isolation::Log;\nfn main() { Log::begin(u64::MAX); }";
    assert!(run(log).to_string().contains("2000 jobs"));
    let log = "use conpar::isolation::Log;\nfn main() { let log = Log::begin(2); log.done(0, 5, 1); }";
    assert!(run(log).to_string().contains("a job has a number"));
    let log = "use conpar::isolation::Log;\nfn main() { let log = Log::begin(2); loop { log.given(0, 1) } }";
    let flood = child(log).expect("it compiles").deadline(Duration::from_secs(1));
    assert!(jobs("flood", &flood).expect_err("too much").to_string().contains("too long"));
}
