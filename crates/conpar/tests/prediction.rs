//! Predictions beside what was measured, and the journal that keeps them.

mod common;

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use conpar::measure::Estimate;
use conpar::notebook::Predictions;
use conpar::prediction::{Journal, Measured, Outcome};
use conpar::prelude::*;
use conpar::{Error, prediction::Prediction};

use common::{Folder, keep};

const FOUND: Estimate = Estimate { point: 1.87, low: 1.85, high: 1.90, level: 0.95 };

/// One of each kind.
fn held() -> Predictions {
    let open = Measured::Interval { estimate: FOUND, credible: true, open: (false, true) };
    prediction("par_iter <&>, 2 workers", 2.0, FOUND)
        .and("inside", 1.86, FOUND)
        .and("far (ms)", 100, FOUND.scaled(1e-3))
        .and("disturbed", 1.86, Measured::from(FOUND).if_credible(false))
        .and("open", 3.0, open)
        .and("orders", 24, 20_usize)
        .and("slowest", 1.0, 1.52)
        .and("none of so many (of 100)", 0.0, Estimate { point: 0.0, low: 0.0, high: 3.6, level: 0.95 })
        .and("goroutines", 10.0, Err::<Estimate, _>(Error::NoGo))
}

fn read(path: &Path) -> Journal {
    Journal::read(path.to_owned()).expect("readable")
}

#[test]
fn each_row_shows_both_numbers_and_says_the_verdict() {
    let held = held();
    let block = held.block();
    keep("predictions", &block);
    let outcomes: Vec<Outcome> = held.predictions.iter().map(Prediction::outcome).collect();
    use Outcome::{CannotTell, Inside, TooHigh, TooLow};
    assert_eq!(
        outcomes,
        [TooHigh, Inside, TooHigh, CannotTell, CannotTell, TooHigh, TooLow, Inside, CannotTell]
    );
    let html = block.html();
    for said in [
        "par_iter &lt;&amp;&gt;, 2 workers: predicted 2, measured 1.87 [1.85, 1.90]: too high by 7%.",
        "disturbed: predicted 1.86, measured 1.87 [1.85, 1.90]: cannot tell, a disturbed measurement.",
        "open: predicted 3, measured 1.87 [1.85, 1.90] or more: cannot tell, beyond what was measured.",
        "orders: predicted 24, counted 20: too high by 20%.",
        "slowest: predicted 1, seen once 1.52, without an interval: too low by 34%.",
        "none of so many (of 100): predicted 0, measured 0.00 [0.00, 3.60]: inside.",
    ] {
        assert!(html.contains(said), "{said} is missing: {}", block.caption);
    }
    assert!(block.caption.contains("goroutines: predicted 10, not measured (no Go"), "{}", block.caption);
    // What was predicted has a spot for each, what was measured for all but the one that was not.
    assert_eq!(html.matches("<g class=\"spot\" ").count(), 9 + 8);
    assert_eq!(block.figures.len(), 1);
}

#[test]
fn one_block_carries_the_result_the_predictions_and_the_claims() {
    let line = chart("result").x("x").y("y").line("a", [(0.0, 1.0), (1.0, 2.0)]);
    let above = claim("two workers help", &FOUND).above(1.0);
    for held in [
        prediction("q", 2.0, FOUND).below(&line).claims([above.clone()]),
        prediction("q", 2.0, FOUND).claims([above.clone()]).below(&line),
    ] {
        let block = held.block();
        assert_eq!((block.figures.len(), block.claims.len()), (2, 1));
        assert!(block.html().contains("two workers help: supported (measured 1.87"));
    }
}

#[test]
fn no_number_breaks_a_figure() {
    let numbers = [0.0, -1.0, 1e-300, 1e300, f64::MAX, f64::MIN_POSITIVE, f64::NAN, f64::INFINITY, 1.0];
    for predicted in numbers {
        for point in numbers {
            let estimate = Estimate { point, low: point / 2.0, high: point * 2.0, level: 0.95 };
            for measured in [estimate.into(), Measured::Counted(point), Measured::Missing(String::new())] {
                let html = prediction("q\0<script>", predicted, measured).block().html();
                assert!(!html.contains("<script>") && !html.contains('\0'), "{predicted}, {point}");
            }
        }
    }
    let many = (0..1_000).fold(prediction("q", 1.0, FOUND), |held, _| held.and(&"q".repeat(500), 1.0, FOUND));
    assert!(many.block().notes.iter().any(|note| note.contains("first 24")));
}

#[test]
fn predictions_are_saved_and_read_back_and_a_hostile_file_is_an_error() {
    let folder = Folder::new("saved-predictions");
    let file = folder.0.join("a.json");
    let held = held();
    held.save_json(&file).expect("saved");
    assert_eq!(Predictions::load(&file).expect("what was saved"), held);
    let sound = std::fs::read_to_string(&file).expect("saved");
    for (from, to, why) in [
        ("1.85", "1.95", "upside down"),
        ("\"predicted\": 2.0", "\"predicted\": 1e300", "too large"),
        ("\"orders\"", &format!("\"{}\"", "o".repeat(2_000)), "too long"),
        ("\"interval\"", "\"guess\"", "unknown variant"),
    ] {
        std::fs::write(&file, sound.replacen(from, to, 1)).expect("a folder of our own");
        let error = Predictions::load(&file).expect_err(why).to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
    let csv = folder.0.join("a.csv");
    held.save_csv(&csv).expect("saved");
    let csv = std::fs::read_to_string(csv).expect("saved");
    assert!(csv.contains("orders,24,20,20,20,counted,too high\n"), "{csv}");
}

#[test]
fn the_journal_keeps_every_prediction_in_order() {
    let folder = Folder::new("journal");
    let path = folder.join("predictions.jsonl");
    assert_eq!(read(&path).entries.len(), 0);
    assert!(read(&path).block().caption.starts_with("No prediction is kept yet"));
    let held = held().predictions;
    for one in &held {
        Journal::append(&path, std::slice::from_ref(one)).expect("a folder of our own");
    }
    let journal = read(&path);
    assert_eq!(journal.entries.iter().map(|entry| entry.prediction.clone()).collect::<Vec<_>>(), held);
    assert!(journal.entries.iter().all(|entry| entry.version == 1 && entry.machine.contains("core")));
    let block = journal.block();
    keep("journal", &block);
    assert!(
        block.caption.starts_with("Predictions so far: 9; 2 inside, 3 too high, 1 too low, 3 cannot tell."),
        "{}",
        block.caption
    );
    assert_eq!((block.figures.len(), block.table.rows.len()), (1, 9));
    let saved = journal.save_csv(folder.0.join("all.csv")).expect("saved");
    assert_eq!(std::fs::read_to_string(saved.path).expect("saved").lines().count(), 1 + 9);
    journal.save_json(folder.0.join("all.json")).expect("saved");

    // What is no number has no line that could be read again.
    Journal::append(&path, &prediction("q", f64::NAN, FOUND).predictions).expect("nothing to write");
    assert_eq!(read(&path).entries.len(), 9);

    let deleted = journal.delete().expect("our own");
    assert_eq!((deleted.path.as_deref(), deleted.lines, path.exists()), (Some(path.as_path()), 9, false));
    assert!(deleted.to_string().contains("predictions.jsonl"), "{deleted}");
    assert_eq!(read(&path).delete().expect("nothing to do").lines, 0);
}

#[test]
fn a_line_that_cannot_be_read_stays_and_is_told_of() {
    let folder = Folder::new("damaged");
    let path = folder.join("predictions.jsonl");
    Journal::append(&path, &held().predictions[..1]).expect("a folder of our own");
    let sound = std::fs::read_to_string(&path).expect("written");
    let line = sound.trim_end();
    let bad = [
        "[".repeat(100_000),
        "\u{0}\u{1}".to_owned(),
        "{}".to_owned(),
        "null".to_owned(),
        line.replace("\"version\":1", "\"version\":\"1\""),
        line.replace("\"version\":1", "\"version\":0"),
        line.replace("\"predicted\":2.0", "\"predicted\":1e999"),
        line.replace("\"predicted\":2.0", "\"predicted\":1e300"),
        line.replace("too-high", "inside"),
        line.replace("1.85", "1.95"),
        line.replace("par_iter", &"q".repeat(100_000)),
        line[..line.len() / 2].to_owned(),
    ];
    assert!(bad.iter().all(|bad| bad != line), "each is changed");
    let newer = line.replace("\"version\":1", "\"version\":2,\"mood\":\"good\"");
    let mut content = [bad.as_slice(), &[newer]].concat().join("\n").into_bytes();
    content.extend(b"\n\n\xff\xfe\n");
    // The last line is broken off, as by a full disk: it has no end.
    content.extend(&line.as_bytes()[..40]);
    std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .and_then(|mut file| file.write_all(&content))
        .expect("ours");

    Journal::append(&path, &held().predictions[1..3]).expect("a folder of our own");
    let journal = read(&path);
    assert_eq!((journal.entries.len(), journal.newer, journal.damaged), (3, 1, bad.len() + 2));
    let kept = std::fs::read(&path).expect("still there");
    assert!(kept.windows(content.len()).any(|part| part == content), "not a byte of it is lost");
    let block = journal.block();
    assert!(block.notes.iter().any(|note| note.contains("cannot be read, and are left as they are: 14")));
    assert!(block.notes.iter().any(|note| note.contains("newer conpar wrote: 1")));
}

#[test]
fn several_writers_at_once_lose_nothing() {
    const WRITERS: usize = 4;
    const EACH: usize = 100;
    let folder = Folder::new("writers");
    let path = folder.join("predictions.jsonl");
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope
                .spawn(|| (0..EACH).for_each(|_| Journal::append(&path, &held().predictions).expect("ours")));
        }
    });
    let journal = read(&path);
    assert_eq!((journal.entries.len(), journal.damaged), (WRITERS * EACH * 9, 0));
    assert!(journal.entries.chunks(9).all(|part| part[0].prediction.question.starts_with("par_iter")));
    let block = journal.block();
    assert_eq!(block.table.rows.len(), 200);
    assert!(block.notes.iter().any(|note| note.contains("the last 200")));
}

#[test]
fn what_is_no_file_of_the_readers_is_an_error_at_once() {
    let folder = Folder::new("no-journal");
    let one = &held().predictions[..1];
    assert!(matches!(Journal::append(&folder.0, one), Err(Error::CannotWrite { .. })), "a folder");
    assert!(matches!(Journal::read(folder.0.clone()), Err(Error::CannotRead { .. })), "a folder");
    let nowhere = folder.0.join("none").join("a.jsonl");
    let error = Journal::append(&nowhere, one).expect_err("no such folder").to_string();
    assert!(error.contains("make it"), "{error}");
    #[cfg(target_os = "linux")]
    for device in ["/dev/zero", "/dev/full"] {
        assert!(matches!(Journal::read(device.into()), Err(Error::CannotRead { .. })), "{device}");
        assert!(
            matches!(Journal::append(Path::new(device), one), Err(Error::CannotWrite { .. })),
            "{device}"
        );
    }
    let large = folder.0.join("large.jsonl");
    std::fs::File::create(&large).and_then(|file| file.set_len(17 << 20)).expect("a sparse file");
    assert!(matches!(Journal::read(large), Err(Error::NotAResult { .. })));
}

/// What a cell does, in a process of its own: the variable is that of the whole process.
#[test]
fn a_cell_keeps_what_it_shows_unless_it_is_told_not_to() {
    const CELL: &str = "CONPAR_TEST_CELL";
    if std::env::var_os(CELL).is_some() {
        held().evcxr_display();
        my_predictions().expect("readable").evcxr_display();
        return;
    }
    let folder = Folder::new("cell");
    let notebooks = folder.0.join("notebooks").join("en");
    std::fs::create_dir_all(&notebooks).expect("a folder of our own");
    let shown = |variable: Option<&str>| {
        let mut cell = Command::new(std::env::current_exe().expect("this test"));
        cell.args(["--exact", "a_cell_keeps_what_it_shows_unless_it_is_told_not_to", "--nocapture"]);
        cell.current_dir(&notebooks).env(CELL, "1").env("JPY_SESSION_NAME", "en/05-deadlock.ipynb");
        match variable {
            Some(value) => cell.env("CONPAR_PREDICTIONS", value),
            None => cell.env_remove("CONPAR_PREDICTIONS"),
        };
        let output = cell.output().expect("started");
        assert!(output.status.success());
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let beside = folder.0.join("notebooks").join("predictions.jsonl");
    let off = shown(Some("off"));
    assert!(!beside.exists() && off.contains("No predictions are kept"), "{off}");
    assert!(shown(None).contains("Kept in your journal"));
    let journal = read(&beside);
    assert_eq!(journal.entries.len(), 9);
    assert_eq!(journal.entries[0].notebook.as_deref(), Some("05-deadlock"));
    let other = folder.0.join("other.jsonl");
    assert!(shown(other.to_str()).contains("Predictions so far: 9"));
    assert_eq!((read(&other).entries.len(), read(&beside).entries.len()), (9, 9));
    assert!(shown(Some("/no/such/folder/a.jsonl")).contains("Not kept: "));
}
