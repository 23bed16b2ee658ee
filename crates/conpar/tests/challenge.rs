//! Challenges: every program is what it is said to be, a right edit reaches its target, a wrong one is found, and the report
//! card is sound. Real programs in child processes.
#![cfg(target_os = "linux")]

mod common;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use conpar::Error;
use conpar::challenge::{Challenge, Grade, Target, Trial, graded};
use conpar::machine;
use conpar::notebook::{Foreseen, Mended, ReportCard};
use conpar::prelude::*;

use common::Folder;

/// What measures must not be disturbed by what another test runs.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Of each program a line that no other has, and a `mine` that mends it.
const MENDED: [(&str, &str); 8] = [
    ("fn seed(n: usize)", SUM_IN_BLOCKS),
    ("fn mark(length: u32)", SUM_IN_BLOCKS),
    ("fn tested(n: usize)", SUM_IN_BLOCKS),
    ("fn row(n: usize)", SUM_IN_BLOCKS),
    (
        "fn scale(",
        "fn mine(size: usize, workers: usize) -> u64 {
    let ([b, c], part) = (&*INPUT, size.div_ceil(workers));
    let sum = |(b, c): (&[u64], &[u64])| b.iter().zip(c).map(|(b, c)| (b + FACTOR * c).pow(2)).sum::<u64>();
    thread::scope(|scope| {
        let parts = b[..size].chunks(part).zip(c[..size].chunks(part));
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || sum(part))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}
",
    ),
    (
        "fn differences(",
        "fn mine(size: usize, workers: usize) -> u64 {
    let part = (size - 1).div_ceil(workers);
    let sum = |from: usize| {
        let pairs = SIGNAL[from..size.min(from + part + 1)].windows(2);
        pairs.map(|pair| u64::from(pair[0].abs_diff(pair[1]).saturating_sub(LIMIT))).sum::<u64>()
    };
    thread::scope(|scope| {
        let threads: Vec<_> =
            (0..size - 1).step_by(part).map(|from| scope.spawn(move || sum(from))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}
",
    ),
    (
        "fn bin(n: usize)",
        "fn mine(size: usize, workers: usize) -> u64 {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut counts = [0; BINS];
        loop {
            let from = next.fetch_add(BLOCK, Relaxed);
            if from >= size {
                return counts;
            }
            (from..(from + BLOCK).min(size)).for_each(|n| counts[bin(n)] += 1);
        }
    };
    let mut counts = [0; BINS];
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            counts.iter_mut().zip(thread.join().unwrap()).for_each(|(count, more)| *count += more);
        }
    });
    weighed(&counts)
}
",
    ),
    ("fn value(n: usize)", SUM_IN_BLOCKS),
];

/// Where a sum over all numbers is wanted: blocks from a counter, and a sum of each worker's own. `ITEM` stands for the work.
const SUM_IN_BLOCKS: &str = "fn mine(size: usize, workers: usize) -> u64 {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let block = (size / 200).max(1);
    let work = || {
        let mut sum = 0;
        loop {
            let from = next.fetch_add(block, std::sync::atomic::Ordering::Relaxed);
            if from >= size {
                return sum;
            }
            sum += (from..(from + block).min(size)).map(|n| ITEM).sum::<u64>();
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}
";

/// What serial code does for the number `n`, in the programs that sum up.
fn item(line: &str) -> &'static str {
    match line {
        "fn seed(n: usize)" => "value(seed(n))",
        "fn mark(length: u32)" => "mark(length(n))",
        "fn tested(n: usize)" => "tested(n)",
        "fn row(n: usize)" => "row(n)",
        _ => "value(n)",
    }
}

/// The first seed of each program, in the order of [`MENDED`].
fn each_program() -> [Challenge; 8] {
    MENDED.map(|(line, _)| {
        (0..500).map(challenge).find(|challenge| challenge.text.contains(line)).expect("all are drawn")
    })
}

/// The program with another `mine`.
fn with_mine(challenge: &Challenge, mine: &str) -> String {
    let (before, rest) = challenge.text.split_once("fn mine(").expect("it has one");
    let (_, after) = rest.split_once("\n}\n").expect("it ends");
    format!("{before}{mine}{after}")
}

fn mended(challenge: &Challenge) -> String {
    let (line, mine) = MENDED.iter().find(|(line, _)| challenge.text.contains(line)).expect("all are there");
    with_mine(challenge, &mine.replace("ITEM", item(line)))
}

fn tried(challenge: &Challenge, text: &str) -> Trial {
    challenge.try_edited(text, Path::new("edited.rs")).expect("it compiles and runs")
}

/// The value of a constant of the program.
fn drawn(challenge: &Challenge, name: &str) -> u64 {
    let begins = format!("const {name}: ");
    let line = challenge.text.lines().find(|line| line.starts_with(&begins)).expect("it has one");
    line.split(" = ")
        .nth(1)
        .expect("a value")
        .trim_end_matches(';')
        .replace('_', "")
        .parse()
        .expect("a number")
}

fn stir(state: u64, steps: u64) -> u64 {
    (0..steps).fold(state, |state, _| (state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9))
}

/// The length of the walk from `n` to 1: what is known of smaller numbers is not walked again.
fn lengths(below: u64) -> Vec<u64> {
    let mut known: Vec<u64> = vec![0, 0];
    for start in 2..=below {
        let (mut n, mut steps) = (start, 0);
        while n >= start {
            n = if n.is_multiple_of(2) { n / 2 } else { 3 * n + 1 };
            steps += 1;
        }
        known.push(steps + known[n as usize]);
    }
    known[1..].to_vec()
}

/// The sieve of Eratosthenes.
fn sieve(below: usize) -> Vec<bool> {
    let mut prime = vec![true; below];
    prime.iter_mut().take(2).for_each(|prime| *prime = false);
    for n in 2..below {
        if prime[n] {
            (n * n..below).step_by(n).for_each(|multiple| prime[multiple] = false);
        }
    }
    prime
}

/// What each program computes, found in another way.
fn reference(challenge: &Challenge, size: u64) -> u64 {
    let (line, _) = MENDED.iter().find(|(line, _)| challenge.text.contains(line)).expect("all are there");
    let constant = |name| drawn(challenge, name);
    match *line {
        "fn seed(n: usize)" => {
            (1..=size).map(|n| stir(n, constant("FIRST") + constant("SECOND")) % 1_000).sum()
        }
        "fn mark(length: u32)" => {
            lengths(size).iter().map(|&length| stir(length + 1, constant("STEPS")) % 1_000).sum()
        }
        "fn tested(n: usize)" => {
            let step = constant("STEP");
            let prime = sieve((step * size + 2) as usize);
            (0..size).filter(|n| prime[(step * n + 1) as usize]).count() as u64
        }
        "fn row(n: usize)" => {
            let offset = constant("OFFSET");
            let coprime = |a: u64, b: u64| (2..=b).all(|d| !(a.is_multiple_of(d) && b.is_multiple_of(d)));
            (0..size).map(|n| (0..n).filter(|m| coprime(n + offset, m + offset)).count() as u64).sum()
        }
        "fn scale(" => (0..size).map(|n| (n % 1_009 + constant("FACTOR") * (7 * n % 1_009)).pow(2)).sum(),
        "fn differences(" => {
            let at = |n: u64| ((n * 2_654_435_761) % (1 << 32)) % 1_009;
            (1..size).map(|n| at(n).abs_diff(at(n - 1)).saturating_sub(constant("LIMIT"))).sum()
        }
        "fn bin(n: usize)" => {
            let bins = constant("BINS");
            let lengths = lengths(size);
            let count = |bin| lengths.iter().filter(|&&length| length % bins == bin).count() as u64;
            (0..bins).map(|bin| count(bin) * (bin + 1).pow(2)).sum()
        }
        _ => (1..=size).map(|n| stir(n, constant("STEPS")) % 1_000).sum(),
    }
}

/// A program whose serial code, whose `mine` and whose mended `mine` tell what they compute of a size.
fn telling(challenge: &Challenge) -> String {
    let (program, _) = challenge.text.split_once("\nfn main()").expect("it has one");
    let mended = mended(challenge);
    let (_, mended) = mended.split_once("fn mine(").expect("it has one");
    let (mended, _) = mended.split_once("\nfn main()").expect("it has one");
    let main = "fn main() {
    let size = std::env::args().nth(1).unwrap().parse().unwrap();
    let parallel = [1, 2, 3, 7].map(|workers| [mine(size, workers), mended(size, workers)]);
    conpar::child::tell(&(serial(size), parallel));
}
";
    format!("{program}\nfn mended({mended}\n{main}")
}

#[test]
fn every_program_computes_what_it_should_before_and_after() {
    let _alone = alone();
    for challenge in each_program() {
        let program = child(&telling(&challenge)).expect("it compiles");
        for size in [2, 10, 197] {
            let ended = program.clone().arg(size).run().expect("it runs");
            let report = ended.stdout.text.lines().find_map(|line| line.strip_prefix("conpar-report "));
            let told: (u64, [[u64; 2]; 4]) =
                serde_json::from_str(report.unwrap_or_else(|| panic!("{ended:?}"))).expect("numbers");
            let expected = reference(&challenge, size);
            assert_eq!(told, (expected, [[expected; 2]; 4]), "size {size} of\n{}", challenge.text);
        }
    }
}

#[test]
fn a_right_edit_reaches_its_target_and_the_report_card_is_sound() {
    let _alone = alone();
    let folder = Folder::new("challenge-right");
    let mut entries: Vec<(Foreseen, Mended)> = Vec::new();
    // One program of each cause.
    for challenge in each_program().into_iter().step_by(2) {
        let challenge = challenge.in_folder(&folder.0);
        let foreseen = challenge.measure(1.0).expect("it runs").diagnosed(challenge.cause());
        challenge.hand_out().expect("a folder of ours");
        let hostile = "// </pre><script>alert(1)</script>\n";
        std::fs::write(challenge.file(), hostile.to_owned() + &mended(&challenge)).expect("a file of ours");
        let block = challenge.hand_out().expect("a folder of ours");
        assert!(block.notes[0].contains("left as it is"), "{block:?}");
        let edited = challenge.grade().expect("it runs");
        assert!(edited.text.starts_with(hostile), "what the reader wrote is kept, and graded");
        let Trial::Measured { scaling, used } = &edited.trial else { panic!("{edited:?}") };
        println!("{:?}: {}\n{used:?}", challenge.cause(), edited.block().caption);
        assert_ne!(graded::edited(&edited.trial, challenge.target()), Grade::Missed, "{scaling:?}");
        assert_eq!(graded::diagnosed(challenge.cause(), challenge.cause(), scaling), Grade::Full);
        // Of a core's time there is no more than its time; and less than serial code needs is only less to do.
        let used = used.expect("Linux tells");
        assert!(used.busy.point > 0.0 && used.busy.point < 1.1, "{used:?}");
        if matches!(challenge.target(), Target::OfCeiling(_)) {
            assert!(used.cost.high > 0.8, "{used:?}");
        }
        if machine::available_cores() == 1 {
            assert_eq!(graded::edited(&edited.trial, challenge.target()), Grade::CannotTell);
        }
        entries.push((foreseen, edited));
    }
    let card: ReportCard =
        report_card(entries.iter().map(|(foreseen, edited)| (foreseen, edited))).expect("of the same");
    let file = folder.0.join("report-card.html");
    card.save_html(&file).expect("a folder of ours");
    let page = std::fs::read_to_string(&file).expect("saved");
    if let Ok(kept) = std::env::var("CONPAR_KEEP_HTML") {
        std::fs::write(Path::new(&kept).join("report-card.html"), &page).expect("writable");
    }
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"), "text is no markup");
    for outside in ["src=", "href=", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside} would ask for something outside of the page");
    }
    assert_eq!(
        page.matches("<svg").count(),
        page.matches("<svg role=").count(),
        "every figure has a text alternative"
    );
    assert_eq!(page.matches("<svg").count(), 2 * entries.len() + 1, "before and after, and the machine");
    let mixed = report_card([(&entries[0].0, &entries[1].1)]);
    assert!(matches!(mixed, Err(Error::NoReport { .. })), "{mixed:?}");
    assert!(matches!(report_card([]), Err(Error::NoReport { .. })));
}

#[test]
fn wrong_edits_are_found() {
    let _alone = alone();
    let [seeds, _, primes, _, _, _, _, slots] = each_program();
    let wrong = |challenge: &Challenge, mine: &str| match tried(challenge, &with_mine(challenge, mine)) {
        Trial::Wrong { value, expected, .. } => assert_ne!(value, expected),
        other => panic!("{other:?} of\n{mine}"),
    };
    // A part is left out, whether the split leaves a rest or not.
    wrong(&primes, "fn mine(size: usize, _: usize) -> u64 {\n    serial(size - size / 10)\n}\n");
    // The result of the one size that is in the text, computed beforehand.
    let known = format!(
        "fn mine(size: usize, _: usize) -> u64 {{\n    if size == SIZE {{ {} }} else {{ 0 }}\n}}\n",
        reference(&slots, drawn(&slots, "SIZE"))
    );
    wrong(&slots, &known);
    // A race: each update may be lost.
    if machine::available_cores() > 1 {
        let racing = "fn mine(size: usize, workers: usize) -> u64 {
    let sum = std::sync::atomic::AtomicU64::new(0);
    let relaxed = std::sync::atomic::Ordering::Relaxed;
    let add = |worker: usize| (worker..size).step_by(workers).for_each(|n| {
        let before = sum.load(relaxed);
        sum.store(before + value(seed(n)), relaxed);
    });
    thread::scope(|scope| (0..workers).for_each(|worker| _ = scope.spawn(move || add(worker))));
    sum.into_inner()
}
";
        wrong(&seeds, &racing.replace("move || add(worker)", "{ let add = &add; move || add(worker) }"));
    }
}

#[test]
fn an_edit_that_does_not_come_back_harms_nothing() {
    let _alone = alone();
    let [.., primes, _, _, _, _, _] = each_program();
    let stuck = "fn mine(_: usize, _: usize) -> u64 {
    let lock = std::sync::Mutex::new(0);
    let _held = lock.lock().unwrap();
    *lock.lock().unwrap()
}
";
    let stuck = with_mine(&primes, stuck);
    assert_eq!(tried(&primes, &stuck), Trial::NeverEnds { workers: Some(1) }, "the watchman saw it");
    let short = primes.clone().deadline(Duration::from_secs(1));
    assert_eq!(tried(&short, &stuck), Trial::NeverEnds { workers: None }, "the deadline came first");
    let panicking =
        with_mine(&primes, "fn mine(_: usize, _: usize) -> u64 {\n    panic!(\"on purpose\")\n}\n");
    let Trial::Broke { reason } = tried(&primes, &panicking) else { panic!("it broke") };
    assert!(reason.contains("on purpose"), "{reason}");
    let error = primes.try_edited(&with_mine(&primes, "\n\nfn mine() {}\n"), Path::new("mine.rs"));
    assert!(
        matches!(&error, Err(Error::ChildDoesNotCompile { part: Some(part), .. }) if part == "mine.rs"),
        "{error:?}"
    );
}

#[test]
fn serial_code_in_disguise_is_right_and_not_fast() {
    let _alone = alone();
    let [.., primes, _, _, _, _, _] = each_program();
    let trial =
        tried(&primes, &with_mine(&primes, "fn mine(size: usize, _: usize) -> u64 {\n    serial(size)\n}\n"));
    assert!(matches!(trial, Trial::Measured { .. }), "{trial:?}");
    assert_ne!(graded::edited(&trial, primes.target()), Grade::Full, "{trial:?}");
}

#[test]
fn predictions_that_are_none_and_files_that_are_not_there_are_refused() {
    let folder = Folder::new("challenge-none");
    let challenge = challenge(8).in_folder(folder.0.join("no such folder"));
    for predicted in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(challenge.measure(predicted), Err(Error::NotPositive { .. })), "{predicted}");
    }
    assert!(matches!(challenge.hand_out(), Err(Error::CannotWrite { .. })));
    let missing = challenge.grade().expect_err("there is no file").to_string();
    assert!(missing.contains("hands the program out"), "{missing}");
    let surprising = surprise();
    assert_eq!(conpar::prelude::challenge(surprising.seed), surprising, "its seed draws it again");
}
