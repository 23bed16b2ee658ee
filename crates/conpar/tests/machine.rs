//! What the machine module says of narrower affinities and of real CPU quotas, asked in child processes that have them.
//!
//! A child is this test binary again: it runs the one ignored test, [`child`].

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use conpar::Error;
use conpar::machine::{
    Cache, Clock, Core, CoreKind, Holds, Load, Machine, available_cores, this_machine, thread_cpu_time,
};
use conpar::measure::{Estimator, Verdict};
use conpar::prelude::{Loaded, Shown, speedup};
use conpar::speedup::Sustained;
use conpar::workload::xorshift;
use serde::{Deserialize, Serialize};

/// What a child saw.
#[derive(Debug, Serialize, Deserialize)]
struct Seen {
    machine: Machine,
    /// The time on a core of all its threads, one a core, and how long they ran, in seconds.
    on_cores: f64,
    wall: f64,
    /// What it measured, if that was asked.
    sustained: Option<Sustained>,
}

/// What stands before a child's answer, since the test harness prints as well.
const ANSWER: &str = "seen: ";

/// How long a child keeps its cores busy: fifteen periods of a quota.
const BUSY: Duration = Duration::from_millis(1_500);

/// How long it does so beforehand, so that what the group had saved up is spent.
const SPEND: Duration = Duration::from_millis(300);

#[test]
#[ignore = "the other tests run it, in a process of its own"]
fn child() {
    // The parent writes a line when it has put this process where it is to be.
    let mut go = String::new();
    std::io::stdin().read_line(&mut go).expect("the parent's line");
    let machine = this_machine().expect("a system with cores");
    let busy = |time: Duration| {
        let start = Instant::now();
        let spin = || {
            let before = thread_cpu_time();
            while start.elapsed() < time {
                std::hint::black_box(xorshift(10_000));
            }
            thread_cpu_time().zip(before).map_or(Duration::ZERO, |(after, before)| after - before)
        };
        let on_cores: Duration = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..machine.available_cores).map(|_| scope.spawn(spin)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
        });
        (on_cores.as_secs_f64(), start.elapsed().as_secs_f64())
    };
    if go.trim() == "busy" {
        busy(SPEND);
    }
    let (on_cores, wall) = if go.trim() == "busy" { busy(BUSY) } else { (0.0, 0.0) };
    let sustained = if go.trim() == "sustained" { measured_for_long() } else { None };
    let seen = Seen { machine, on_cores, wall, sustained };
    println!("\n{ANSWER}{}", serde_json::to_string(&seen).expect("plain data"));
}

/// What independent work on two workers gets over serial, in samples that feel a quota.
fn measured_for_long() -> Option<Sustained> {
    const STEPS: u64 = 1_000_000;
    let share = |workers: usize| {
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(move || std::hint::black_box(xorshift(STEPS / workers as u64)));
            }
        });
    };
    let scaling = speedup("independent work")
        .serial(|| _ = std::hint::black_box(xorshift(STEPS)))
        .threads("scoped threads", share)
        .workers([1, 2])
        .budget(Duration::from_secs(1))
        .measure_with(&mut |_, _| ());
    scaling.ok()?.sustained
}

/// A child process that waits for its line; it ends with the test.
struct Waiting(Child);

impl Waiting {
    /// Starts a child, by `launcher` if that is not empty.
    fn start(launcher: &[&str]) -> std::io::Result<Waiting> {
        let this = std::env::current_exe()?;
        let mut words = launcher.iter().map(PathBuf::from).chain([this]);
        let program = words.next().expect("this binary at least");
        let mut command = Command::new(program);
        command.args(words).args(["--ignored", "--exact", "child", "--nocapture"]);
        Ok(Waiting(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?))
    }

    /// Lets it go, and waits for what it saw.
    fn seen(mut self, go: &str) -> Seen {
        let mut stdin = self.0.stdin.take().expect("piped");
        writeln!(stdin, "{go}").expect("the child reads");
        drop(stdin);
        let lines = BufReader::new(self.0.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let answer = lines.filter_map(|line| line.strip_prefix(ANSWER).map(str::to_owned)).next();
        serde_json::from_str(&answer.expect("the child answers")).expect("what the child saw")
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // A child that has ended already cannot be killed, and that is well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_narrower_affinity_is_seen() {
    let Some(mask) = this_machine().expect("a system with cores").affinity else {
        return println!("skipped: this system has no affinity masks");
    };
    let narrower = [vec![mask[0]], mask[mask.len() - 1..].to_vec(), mask.clone()];
    for cores in narrower {
        let list = cores.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
        let child = match Waiting::start(&["taskset", "-c", &list]) {
            Ok(child) => child,
            Err(error) => return println!("skipped: taskset cannot be run: {error}"),
        };
        let machine = child.seen("idle").machine;
        assert_eq!(machine.affinity.as_deref(), Some(cores.as_slice()));
        assert_eq!(machine.available_cores, cores.len());
        assert!(machine.effective_cores <= cores.len() as f64);
        assert!(machine.physical_cores().is_none_or(|physical| physical <= cores.len()));
        // The others are still there to be seen, and not to be used.
        for core in &machine.cores {
            assert_eq!(machine.may_use(core.number), cores.contains(&core.number));
        }
    }
}

/// A control group with a quota, made for a test. Removed when the test ends, well or not.
struct Group {
    folder: PathBuf,
}

impl Group {
    /// The period of the quota: Linux's own choice, in microseconds.
    const PERIOD: u32 = 100_000;

    /// A group that may use the time of `cores` cores, or why there can be none. It has the largest weight there is: of what
    /// the quota leaves it, other programs are to take as little as possible.
    fn new(cores: f64) -> Result<Group, String> {
        let quota = (cores * f64::from(Group::PERIOD)) as u32;
        let version_1 = PathBuf::from("/sys/fs/cgroup/cpu");
        let (tree, files) = if version_1.join("cpu.shares").exists() {
            let period = ("cpu.cfs_period_us", Group::PERIOD.to_string());
            let files =
                [period, ("cpu.cfs_quota_us", quota.to_string()), ("cpu.shares", "262144".to_owned())];
            (version_1, files.to_vec())
        } else {
            let shared = std::fs::read_to_string("/sys/fs/cgroup/cgroup.subtree_control");
            let shared = shared.map_err(|error| format!("no control groups at /sys/fs/cgroup: {error}"))?;
            if !shared.split_whitespace().any(|controller| controller == "cpu") {
                return Err("the groups below /sys/fs/cgroup have no cpu controller".to_owned());
            }
            let quota = ("cpu.max", format!("{quota} {}", Group::PERIOD));
            (PathBuf::from("/sys/fs/cgroup"), vec![quota, ("cpu.weight", "10000".to_owned())])
        };
        // Tests run side by side, and two may have the same quota.
        static GROUPS: AtomicUsize = AtomicUsize::new(0);
        let number = GROUPS.fetch_add(1, Ordering::Relaxed);
        let folder = tree.join(format!("conpar-test-{}-{number}", std::process::id()));
        std::fs::create_dir(&folder).map_err(|error| format!("no group in {}: {error}", tree.display()))?;
        let group = Group { folder };
        for (name, text) in files {
            group.write(name, &text).map_err(|error| format!("{name} cannot be set: {error}"))?;
        }
        Ok(group)
    }

    fn write(&self, name: &str, text: &str) -> std::io::Result<()> {
        std::fs::write(self.folder.join(name), text)
    }

    /// In how many periods the group ran, and in how many of them its quota was used up.
    fn periods(&self) -> (f64, f64) {
        let text = std::fs::read_to_string(self.folder.join("cpu.stat")).expect("a group has its counters");
        let number = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("both versions have it");
            line.trim().parse::<f64>().expect("a number")
        };
        (number("nr_periods "), number("nr_throttled "))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // The kernel needs a moment to take leave of a process that has ended; a group with one cannot be removed.
        let start = Instant::now();
        while std::fs::remove_dir(&self.folder).is_err() && start.elapsed() < Duration::from_secs(5) {
            std::thread::yield_now();
        }
    }
}

#[test]
fn a_real_quota_is_seen_and_what_a_process_gets_agrees_with_it() {
    for quota in [0.5, 1.5] {
        let group = match Group::new(quota) {
            Ok(group) => group,
            Err(reason) => return println!("skipped: {reason}"),
        };
        let child = Waiting::start(&[]).expect("this binary runs again");
        group.write("cgroup.procs", &child.0.id().to_string()).expect("a process may be put into the group");
        let seen = child.seen("busy");
        let expected = quota.min(seen.machine.available_cores as f64);
        assert_eq!((seen.machine.quota, seen.machine.effective_cores), (Some(quota), expected));

        let (got, (periods, used_up)) = (seen.on_cores / seen.wall, group.periods());
        println!("quota {quota}: {got:.3} cores measured; used up in {used_up} of {periods} periods");
        // A quota is an upper bound, busy machine or not. A tenth more: a period that is cut at its ends.
        assert!(got <= 1.1 * expected, "{got} cores, where the quota gives {quota}");
        // It is also what a process gets: all of the quota in each period in which it was used up. How many these are is
        // up to the neighbours.
        let least = if quota <= expected { quota * used_up / periods } else { 0.0 };
        assert!(
            got >= 0.9 * least,
            "{got} cores, where the quota gives {quota} and was used up {used_up} times"
        );
    }
}

#[test]
fn long_samples_feel_a_quota_that_short_ones_do_not() {
    if available_cores() < 2 {
        return println!("skipped: on one core a quota of 1.5 takes nothing");
    }
    let group = match Group::new(1.5) {
        Ok(group) => group,
        Err(reason) => return println!("skipped: {reason}"),
    };
    let child = Waiting::start(&[]).expect("this binary runs again");
    group.write("cgroup.procs", &child.0.id().to_string()).expect("a process may be put into the group");
    let sustained = child.seen("sustained").sustained.expect("measured where there is a quota");
    println!("two workers under a quota of 1.5: {} ({:?})", sustained.speedup, sustained.estimator);
    assert_eq!(sustained.workers, 2);
    // The quota bounds it from above, as far as periods are cut at the ends of a sample; beside others nothing is told.
    if sustained.estimator == Estimator::MedianOfClean {
        assert_ne!(sustained.speedup.within(1.0, 1.65), Verdict::Violated, "{}", sustained.speedup);
    }
}

#[test]
fn looking_at_the_machine_is_quick() {
    // Time on a core, and the fastest of some: what other programs take is not the point.
    let look = || {
        let before = thread_cpu_time()?;
        this_machine().ok()?;
        Some(thread_cpu_time()? - before)
    };
    let Some(fastest) = (0..5).map(|_| look()).min().flatten() else {
        return println!("skipped: this system does not tell the time on a core");
    };
    println!("{fastest:?}");
    assert!(fastest < Duration::from_millis(50), "{fastest:?}: it is the last line of every set-up cell");
}

/// A file that is removed when the test ends.
struct Kept(PathBuf);

impl Kept {
    fn new(name: &str) -> Kept {
        Kept(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id())))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // It may never have been written.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn a_machine_is_loaded_as_it_was_saved() {
    let machine = this_machine().expect("a system with cores");
    let file = Kept::new("machine.json");
    machine.save_json(&file.0).expect("a folder that can be written to");
    assert_eq!(Machine::load(&file.0), Ok(machine));
}

#[test]
fn a_damaged_or_hostile_file_is_an_error_and_nothing_else() {
    let file = Kept::new("hostile.json");
    let refused = |bytes: &[u8]| {
        std::fs::write(&file.0, bytes).expect("a folder that can be written to");
        let error = Machine::load(&file.0).expect_err("no machine");
        assert!(matches!(error, Error::NotAResult { wanted: "a machine", .. }), "{error}");
        error.to_string()
    };
    let machine = this_machine().expect("a system with cores");
    let sound = serde_json::to_value(&machine).expect("plain data");
    let with = |field: &str, value: serde_json::Value| {
        let mut changed = sound.clone();
        changed[field] = value;
        refused(changed.to_string().as_bytes())
    };
    refused(b"");
    refused(b"\x00\xff\xfe");
    refused(b"{}");
    refused("[".repeat(1_000_000).as_bytes());
    refused(sound.to_string().split_at(40).0.as_bytes());
    refused((sound.to_string() + "{}").as_bytes());
    assert!(refused(&vec![b' '; 17 << 20]).contains("larger than"));
    with("available_cores", 0.into());
    with("available_cores", u64::MAX.into());
    with("available_cores", (-1).into());
    assert!(with("effective_cores", 1.25.into()).contains("effective"));
    with("effective_cores", 1e300.into());
    with("quota", (-1.5).into());
    with("quota", serde_json::Value::Null.to_string().into());
    with("processor", "x".repeat(100_000).into());
    with("affinity", serde_json::json!([5, 3]));
    with("affinity", serde_json::json!([1_000_000_000]));
    let core = serde_json::json!({"number": 0, "physical": 0, "node": 0, "kind": null});
    with("cores", serde_json::json!([core, core]));
    with("caches", serde_json::json!([{"level": 0, "holds": "data", "bytes": 1, "cores": [0]}]));
    with("clock", serde_json::json!({"step": 0.0, "cost": 1e-8}));
    with("load", serde_json::json!({"others": 0, "last_minute": -1.0}));
    // Cut or changed anywhere: an error, or a machine that can be shown; never a panic.
    let bytes = serde_json::to_vec(&machine).expect("plain data");
    let mut rng = fastrand::Rng::with_seed(7);
    for _ in 0..500 {
        let mut damaged = bytes.clone();
        for _ in 0..rng.usize(1..4) {
            let at = rng.usize(..damaged.len());
            damaged[at] = rng.u8(..);
        }
        std::fs::write(&file.0, &damaged).expect("a folder that can be written to");
        if let Ok(machine) = Machine::load(&file.0) {
            machine.card().html();
        }
    }
}

/// A machine as somebody might send it: `threads` hardware threads a core, numbered as Linux does on servers, the first
/// of each core first; `node_size` cores a memory node, which share the last cache.
fn sent(physical: usize, threads: usize, node_size: usize) -> Machine {
    let number = |core: usize, thread: usize| core + thread * physical;
    let core = |logical: usize| Core {
        number: logical,
        physical: Some(logical % physical),
        node: Some(logical % physical / node_size),
        kind: None,
    };
    let cache = |level, holds, bytes, cores: std::ops::Range<usize>| {
        let mut shared: Vec<usize> =
            cores.flat_map(|core| (0..threads).map(move |thread| number(core, thread))).collect();
        shared.sort_unstable();
        Cache { level, holds, bytes, cores: shared }
    };
    let own = |level, holds, bytes| (0..physical).map(move |core| cache(level, holds, bytes, core..core + 1));
    let nodes = (0..physical).step_by(node_size);
    let last = nodes.map(|first| cache(3, Holds::Both, 32 << 20, first..first + node_size));
    let near = own(1, Holds::Data, 48 << 10).chain(own(2, Holds::Both, 2 << 20));
    Machine {
        processor: Some(format!("made up for a test, {physical} cores")),
        virtual_machine: Some(false),
        cores: (0..physical * threads).map(core).collect(),
        caches: near.chain(last).collect(),
        affinity: None,
        available_cores: physical * threads,
        quota: None,
        effective_cores: (physical * threads) as f64,
        load: Some(Load { others: 3, last_minute: 2.5 }),
        clock: Clock { step: 1e-9, cost: 2e-8 },
    }
}

#[test]
fn a_machine_that_was_sent_shows_its_card() {
    let mut hybrid = sent(8, 1, 8);
    hybrid.cores.iter_mut().for_each(|core| {
        core.kind = Some(if core.number < 4 { CoreKind::Performance } else { CoreKind::Efficiency });
    });
    let mut limited = sent(8, 2, 4);
    limited.affinity = Some(vec![0, 1, 8, 9]);
    (limited.available_cores, limited.quota, limited.effective_cores) = (4, Some(2.5), 2.5);
    let unknown = Machine { cores: Vec::new(), caches: Vec::new(), ..sent(6, 1, 6) };
    let here = this_machine().expect("a system with cores");
    let machines = [here, sent(64, 2, 16), hybrid, limited, unknown];
    let html: String = machines
        .iter()
        .map(|machine| {
            let file = Kept::new("sent.json");
            machine.save_json(&file.0).expect("a folder that can be written to");
            let loaded = Machine::load(&file.0).expect("what was saved");
            assert_eq!(&loaded, machine);
            let block = loaded.card();
            assert_eq!(block.figures.len(), 1, "{:?}", block.notes);
            block.html()
        })
        .collect();
    if let Ok(folder) = std::env::var("CONPAR_KEEP_HTML") {
        std::fs::write(std::path::Path::new(&folder).join("machine.html"), html).expect("writable");
    }
}
