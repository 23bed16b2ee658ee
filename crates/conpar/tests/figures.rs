//! Figures of results that were computed from known laws: what is drawn, said, saved, and read back.

mod common;

use std::path::Path;

use conpar::Error;
use conpar::machine::Machine;
use conpar::measure::{Estimate, Estimator, Stopped};
use conpar::model::{Amdahl, Fitted, Law as _, LawName, Laws, Mode, Predicted, Refused};
use conpar::notebook::Block;
use conpar::plot::Chart;
use conpar::prelude::*;
use conpar::speedup::{Cores, Curve, Kind, Point};
use serde_json::{Value, json};

use common::{Folder, keep};

fn estimate(point: f64, share: f64) -> Estimate {
    Estimate { point, low: point * (1.0 - share), high: point * (1.0 + share), level: 0.95 }
}

fn point(workers: usize, speedup: f64, cores: &Cores) -> Point {
    Point {
        workers,
        seconds: 0.1 / speedup,
        speedup: estimate(speedup, 0.02),
        of_ceiling: Some(estimate(speedup / workers as f64, 0.02)),
        estimator: Estimator::MedianOfClean,
        clean: 40,
        oversubscribed: cores.oversubscribed(workers),
    }
}

/// An experiment whose arms obey Amdahl's law with these serial fractions.
fn computed(fractions: &[f64], counts: &[usize], effective: f64) -> Scaling {
    let cores = Cores { available: effective as usize, effective };
    let points = |law: Amdahl| {
        let speedup = |workers: usize| law.speedup((workers as f64).min(effective));
        counts.iter().map(|&workers| point(workers, speedup(workers), &cores)).collect()
    };
    let refused = |law| Refused::TooFewCounts { law, needed: 6, found: 2 };
    let fitted = |law: Amdahl| {
        let most = counts.iter().copied().filter(|&count| !cores.oversubscribed(count)).max().unwrap_or(1);
        let at = |workers: usize| Predicted {
            workers: workers as f64,
            speedup: estimate(law.speedup(workers as f64), 0.03),
        };
        let parameters = Amdahl { serial_fraction: estimate(law.serial_fraction, 0.1) };
        match most > 2 {
            true => Ok(Fitted { parameters, band: (1..=most).map(at).collect() }),
            false => Err(refused(LawName::Amdahl)),
        }
    };
    let curve = |(index, &serial_fraction): (usize, &f64)| {
        let law = Amdahl { serial_fraction };
        let laws = Laws {
            amdahl: fitted(law),
            gustafson: Err(Refused::WorkFixed { law: LawName::Gustafson }),
            usl: Err(refused(LawName::Usl)),
            peak: Err(refused(LawName::Usl)),
        };
        let kind = if index == 0 { Kind::Rayon } else { Kind::Threads };
        Curve { arm: format!("arm {index} <&>"), kind, points: points(law), laws }
    };
    let ceiling: Vec<Point> = points(Amdahl { serial_fraction: 0.001 });
    Scaling {
        sustained: None,
        own_ceiling: false,
        machine: None,
        name: "computed from Amdahl's law".to_owned(),
        mode: Mode::Strong,
        cores,
        serial_seconds: estimate(0.1, 0.01),
        curves: fractions.iter().enumerate().map(curve).collect(),
        ceiling: ceiling.into_iter().map(|point| Point { of_ceiling: None, ..point }).collect(),
        rounds: 50,
        stopped: Stopped::Precise,
        watched: true,
    }
}

#[test]
fn a_point_says_its_values_to_pointer_keyboard_and_screen_reader() {
    let scaling = computed(&[0.05, 0.2], &[1, 2, 4, 8], 4.0);
    let block = scaling.block();
    keep("speedup", &block);
    let html = block.html();
    let spots: Vec<&str> = html.split("<g class=\"spot\" ").skip(1).collect();
    assert_eq!(spots.len(), 3 * 4, "two arms and the ceiling, four points each");
    for spot in &spots {
        assert!(spot.starts_with("tabindex=\"0\" role=\"img\" aria-label=\""), "{spot}");
        for value in ["worker", "speedup ", "efficiency ", "40 of 50 samples clean"] {
            assert!(spot.contains(value), "{value} is missing: {spot}");
        }
    }
    assert!(html.contains("arm 1 &lt;&amp;&gt;, 2 workers, speedup 1.67 [1.63, 1.70], efficiency 83%"));
    assert!(!html.contains(" id=\"") && !html.contains("http://") || html.matches("http://").count() == 1);
    assert!(
        html.contains("bound to one core each, where the system can; threads that an arm's own code starts")
    );
}

#[test]
fn views_state_a_verdict_and_draw_every_arm() {
    let four = computed(&[0.05, 0.2], &[1, 2, 4, 8], 4.0);
    let efficiency = four.efficiency().block();
    keep("efficiency", &efficiency);
    assert!(
        efficiency.caption.starts_with("arm 0 <&> on 4 workers: efficiency 87% [85, 89]."),
        "{}",
        efficiency.caption
    );
    let fractions = four.karp_flatt().block();
    keep("karp-flatt", &fractions);
    assert!(fractions.caption.ends_with("no growth shown."), "{}", fractions.caption);
    assert!(
        fractions.figures.len() == 1 && !fractions.html().contains("1 worker,"),
        "one worker has no fraction"
    );

    let mut growing = four.clone();
    growing.curves.truncate(1);
    for (point, fraction) in growing.curves[0].points.iter_mut().zip([0.0, 0.01, 0.2, 0.2]) {
        point.speedup = estimate(Amdahl { serial_fraction: fraction }.speedup(point.workers as f64), 0.01);
    }
    assert!(
        growing.karp_flatt().block().caption.contains("it grows"),
        "{}",
        growing.karp_flatt().block().caption
    );
    growing.curves[0].points[1].estimator = Estimator::Minimum;
    assert!(growing.karp_flatt().block().caption.contains("too busy"));

    let two = computed(&[0.05], &[1, 2, 4], 2.0).karp_flatt().block();
    assert!(
        two.caption.ends_with("One worker count above 1 cannot show whether it grows."),
        "{}",
        two.caption
    );
    let one = computed(&[0.05], &[1], 1.0);
    assert!(one.efficiency().block().caption.starts_with("Only one worker"));
    let nothing = one.karp_flatt().block();
    assert!(nothing.figures.is_empty() && nothing.notes.iter().any(|note| note.contains("no finite point")));
}

#[test]
fn a_slider_carries_its_law_and_its_handler_and_no_name_that_two_blocks_share() {
    let scaling = computed(&[0.05, 0.2], &[1, 2, 4, 8], 4.0);
    let amdahl = scaling.explore_amdahl("arm 1 <&>").expect("measured").block();
    keep("amdahl", &amdahl);
    let html = amdahl.html();
    assert_eq!(html.matches("<input type=\"range\"").count(), 1);
    assert!(html.contains("value=\"0.200\"") && html.contains("<polyline class=\"law\""));
    assert!(html.contains("On 4 workers this law gives 2.50. It passes through 3 of 3 intervals."));
    assert!(html.contains("oninput=\"") && !html.contains("<script") && !html.contains(" id=\""));
    let usl = scaling.explore_usl("arm 0 <&>").expect("measured").block();
    keep("usl", &usl);
    assert_eq!(usl.html().matches("<label><span>").count(), 2);
    assert!(usl.notes[0].contains("is not fitted"), "{:?}", usl.notes);
    let missing = scaling.explore_amdahl("another").expect_err("no such arm");
    assert!(missing.to_string().contains("`arm 0 <&>`, `arm 1 <&>`"), "{missing}");
}

#[test]
fn every_result_is_saved_as_picture_and_data_and_read_back_equal() {
    let folder = Folder::new("saved");
    let scaling = computed(&[0.05, 0.2], &[1, 2, 4, 8], 4.0);
    for (name, saved) in [
        ("speedup.svg", scaling.save_svg(folder.join("speedup.svg"))),
        ("efficiency.svg", scaling.efficiency().save_svg(folder.join("efficiency.svg"))),
        (
            "amdahl.svg",
            scaling.explore_amdahl("arm 0 <&>").expect("measured").save_svg(folder.join("amdahl.svg")),
        ),
    ] {
        let saved = saved.expect("a folder of our own");
        assert_eq!(saved.path, folder.join(name));
        let svg = std::fs::read_to_string(&saved.path).expect("saved");
        assert!(svg.starts_with("<svg ") && svg.contains("fill=\"#FFFFFF\"") && svg.contains("<title>"));
        assert!(!svg.contains("class=\"spot\"") && !svg.contains("var(--") && !svg.contains("oninput"));
    }
    let png =
        std::fs::read(scaling.save_png(folder.join("speedup.png")).expect("saved").path).expect("saved");
    assert!(png.starts_with(b"\x89PNG\r\n") && png.len() > 10_000, "{} bytes", png.len());
    if let Ok(kept) = std::env::var("CONPAR_KEEP_HTML") {
        std::fs::write(Path::new(&kept).join("speedup.png"), &png).expect("writable");
    }

    let file = folder.join("speedup.json");
    scaling.save_json(&file).expect("saved");
    assert_eq!(Scaling::load(&file).expect("what was saved"), scaling);
    scaling.karp_flatt().save_json(&file).expect("a view saves what it looks at");
    assert_eq!(Scaling::load(&file).expect("what was saved"), scaling);
    let csv =
        std::fs::read_to_string(scaling.save_csv(folder.join("a.csv")).expect("saved").path).expect("saved");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 1 + 3 * 4);
    assert!(lines[0].starts_with("arm,workers,time (s),speedup,"), "{}", lines[0]);
    let second: Vec<&str> = lines[2].split(',').collect();
    let exact = scaling.curves[0].points[1].seconds;
    assert_eq!((second[0], second[1], second[2].parse()), ("arm 0 <&>", "2", Ok(exact)), "no digit is lost");
}

#[test]
fn a_damaged_or_hostile_file_is_an_error_and_nothing_else() {
    let folder = Folder::new("hostile");
    let file = folder.join("a.json");
    let sound = serde_json::to_string(&computed(&[0.05], &[1, 2], 2.0)).expect("plain data");
    let changed = |from: &str, to: &str| {
        assert!(sound.contains(from), "{from} is not in {sound}");
        sound.replacen(from, to, 1)
    };
    for (content, why) in [
        (String::new(), "EOF"),
        (sound[..sound.len() / 2].to_owned(), "EOF"),
        ("{}".to_owned(), "missing field"),
        ("[".repeat(100_000), "recursion limit"),
        (changed("\"workers\":2", "\"workers\":0"), "ascending"),
        (changed("\"workers\":1", "\"workers\":0"), "zero or too large"),
        (changed("\"workers\":2", "\"workers\":18446744073709551615"), "is too large"),
        (changed("\"workers\":2", "\"workers\":100000000"), "zero or too large"),
        (changed("\"effective\":2.0", "\"effective\":-1"), "no cores"),
        (changed("\"effective\":2.0", "\"effective\":null"), "null"),
        (changed("\"seconds\":0.1", "\"seconds\":1e999"), "out of range"),
        (changed("\"seconds\":0.1", "\"seconds\":1e300"), "is too large"),
        (changed("\"high\":0.101", "\"high\":0.0"), "serial time"),
        (changed("computed", &"n".repeat(20_000)), "a name has"),
        ("x".repeat(17 << 20), "larger than 16 MB"),
    ] {
        std::fs::write(&file, &content).expect("a folder of our own");
        let error = Scaling::load(&file).expect_err(why).to_string();
        assert!(error.contains("a.json") && error.contains(why), "{why}: {error}");
        assert!(error.len() < 500, "an error is no copy of the file: {} bytes", error.len());
    }
    let error = Scaling::load(folder.join("none.json")).expect_err("no file");
    assert!(
        matches!(&error, Error::CannotRead { advice, .. } if advice.starts_with("There is no such file")),
        "{error}"
    );
    assert!(matches!(Scaling::load(&folder.0), Err(Error::CannotRead { .. })), "a folder");
    assert!(matches!(Chart::load("/dev/zero"), Err(Error::CannotRead { .. })), "a device without an end");

    // Odd but sound: it is drawn, in bounded time.
    let odd = changed("\"workers\":2", "\"workers\":65536").replace("computed from", "<script>\\u0000");
    std::fs::write(&file, odd).expect("a folder of our own");
    let odd = Scaling::load(&file).expect("sound");
    for block in [odd.block(), odd.efficiency().block(), odd.karp_flatt().block()] {
        assert!(!block.html().contains("<script>"));
    }
    odd.save_png(folder.join("odd.png")).expect("drawn");
}

/// A machine as its card in a file says it.
fn machine(processor: &str, cores: usize) -> Machine {
    let numbers: Vec<usize> = (0..cores).collect();
    let core = |&number: &usize| json!({ "number": number, "physical": number, "node": 0, "kind": null });
    let card = json!({
        "processor": processor, "cores": numbers.iter().map(core).collect::<Vec<_>>(), "caches": [], "affinity": numbers,
        "available_cores": cores, "quota": null, "effective_cores": cores as f64, "clock": { "step": 1e-9, "cost": 1e-8 },
    });
    serde_json::from_value(card).expect("a machine")
}

/// What was measured on machines of two, four and eight cores.
fn three_machines() -> Vec<Scaling> {
    let of = |(processor, cores, fraction): (&str, usize, f64)| {
        let counts: Vec<usize> = [1, 2, 4, 8].into_iter().filter(|&count| count <= cores).collect();
        Scaling { machine: Some(machine(processor, cores)), ..computed(&[fraction], &counts, cores as f64) }
    };
    [("Alpha(R) CPU 2000 @ 2.40GHz", 2, 0.02), ("Beta 4", 4, 0.1), ("Gamma 8", 8, 0.05)].map(of).to_vec()
}

#[test]
fn files_of_several_machines_are_drawn_under_the_names_of_the_machines() {
    let folder = Folder::new("machines");
    let files = ["a.json", "b.json", "c.json"].map(|name| folder.join(name));
    for (scaling, file) in three_machines().iter().zip(&files) {
        scaling.save_json(file).expect("saved");
    }
    let comparison = compare_files(&files).expect("three files");
    let labels: Vec<&str> = comparison.results.iter().map(|result| result.label.as_str()).collect();
    assert_eq!(labels, ["Alpha 2000, 2 cores", "Beta 4, 4 cores", "Gamma 8, 8 cores"]);
    let block = comparison.block();
    keep("machines", &block);
    assert!(
        block
            .caption
            .starts_with("Beta 4, 4 cores against Alpha 2000, 2 cores, arm 0 <&> on 2 workers: smaller")
    );

    // Twice the same machine: the files tell them apart. A file without a machine has its own name.
    three_machines()[0].save_json(&files[1]).expect("saved");
    Scaling { machine: None, ..three_machines().remove(2) }.save_json(&files[2]).expect("saved");
    let labels = compare_files(&files).expect("three files").results.into_iter().map(|result| result.label);
    assert_eq!(labels.collect::<Vec<_>>(), ["a: Alpha 2000, 2 cores", "b: Alpha 2000, 2 cores", "c"]);
    assert!(matches!(compare_files(&files[..1]), Err(Error::NothingToCompare { .. })));
    assert!(matches!(compare_files([folder.join("none.json")]), Err(Error::CannotRead { .. })));
}

#[test]
fn a_saved_file_names_its_format_and_a_newer_one_is_refused() {
    let folder = Folder::new("format");
    let file = folder.join("a.json");
    let scaling = three_machines().remove(0);
    scaling.save_json(&file).expect("saved");
    let saved = std::fs::read_to_string(&file).expect("saved");
    let head = "{\n  \"format\": \"conpar\",\n  \"version\": 1,\n";
    assert!(saved.starts_with(head), "{}", &saved[..80]);
    let with = |head: &str, to: &str| {
        std::fs::write(&file, saved.replacen(head, to, 1)).expect("a folder of our own");
        Scaling::load(&file)
    };
    assert_eq!(with(head, "{").as_ref(), Ok(&scaling), "a file from before there were versions");
    let newer = with("\"version\": 1", "\"version\": 2").expect_err("newer");
    assert!(matches!(newer, Error::NewerFormat { version: 2, known: 1, .. }), "{newer}");
    assert!(newer.to_string().contains("update conpar"), "{newer}");
    for (from, to) in [
        ("\"version\": 1", "\"version\": 0"),
        ("\"version\": 1", "\"version\": -1"),
        ("\"version\": 1", "\"version\": \"1\""),
        ("\"version\": 1,", ""),
        ("\"conpar\"", "\"other\""),
    ] {
        assert!(matches!(with(from, to), Err(Error::NotAResult { .. })), "{to}");
    }
}

#[test]
fn the_documented_file_is_what_the_code_writes() {
    let text = include_str!("../../../docs/results.md");
    let example =
        text.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let folder = Folder::new("documented");
    let (given, written) = (folder.join("given.json"), folder.join("written.json"));
    std::fs::write(&given, example).expect("a folder of our own");
    let scaling = Scaling::load(&given);
    let expected = Scaling { machine: Some(machine("Example CPU", 2)), ..computed(&[0.05], &[1, 2], 2.0) };
    let mut expected = Scaling { name: "is_prime, 0..N".to_owned(), ..expected };
    expected.curves[0].arm = "par_iter".to_owned();
    expected.save_json(&written).expect("saved");
    let written = std::fs::read_to_string(&written).expect("saved");
    assert_eq!(example, written);
    assert_eq!(scaling.expect("sound"), expected);
    let value: Value = serde_json::from_str(&written).expect("JSON");
    for field in value.as_object().expect("an object").keys() {
        assert!(text.contains(&format!("`{field}`")), "docs/results.md does not tell of `{field}`");
    }
}

/// Damages a text in one of several ways; `next` gives random numbers.
fn damaged(text: &str, next: &mut dyn FnMut(usize) -> usize) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let at = next(bytes.len());
    let end = (at + 1 + next(60)).min(bytes.len());
    match next(5) {
        0 => bytes.truncate(at),
        1 => bytes[at] ^= 1 << next(8),
        2 => drop(bytes.drain(at..end)),
        3 => {
            let part = bytes[at..end].to_vec();
            bytes.splice(at..at, part);
        }
        _ => {
            // A whole value gives way to another, which is what a hostile hand would do.
            let nested = ["[".repeat(300), "]".repeat(300)].concat();
            let values = [
                "0",
                "-1",
                "1e15",
                "-1e15",
                "1e16",
                "1e999",
                "1e-300",
                "18446744073709551615",
                "65536",
                "2",
                "null",
                "true",
                "\"x\"",
                "\"minimum\"",
                "\"weak\"",
                "[]",
                "{}",
                "[1,2]",
                &nested,
            ];
            let begins: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
            let begin = begins[next(begins.len())];
            let length = text[begin..].find([',', '\n', '}']).unwrap_or(1);
            bytes.splice(begin..begin + length, values[next(values.len())].bytes());
        }
    }
    bytes
}

#[test]
fn a_file_that_was_damaged_at_random_is_an_error_or_a_sound_result() {
    const DAMAGED: usize = 1_500;
    let folder = Folder::new("random");
    let file = folder.join("a.json");
    let machines = three_machines();
    let labelled = ["a", "b", "c"].into_iter().zip(&machines);
    let comparison = compare(labelled).expect("three results");
    let saved = |save: &dyn Fn(&Path)| {
        save(&file);
        std::fs::read_to_string(&file).expect("saved")
    };
    let texts = [
        saved(&|file| drop(machines[1].save_json(file).expect("saved"))),
        saved(&|file| drop(comparison.save_json(file).expect("saved"))),
        saved(&|file| drop(machine("Beta 4", 4).save_json(file).expect("saved"))),
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let (mut refused, mut shown) = (0, 0);
    for round in 0..DAMAGED {
        let text = &texts[round % texts.len()];
        let bytes = damaged(text, &mut next);
        std::fs::write(&file, &bytes).expect("a folder of our own");
        let said = || String::from_utf8_lossy(&bytes).into_owned();
        let start = std::time::Instant::now();
        let blocks = match round % texts.len() {
            0 => Scaling::load(&file).map(|scaling| {
                [scaling.block(), scaling.efficiency().block(), scaling.karp_flatt().block()].to_vec()
            }),
            1 => conpar::plot::Comparison::load(&file).map(|comparison| vec![comparison.block()]),
            _ => Machine::load(&file).map(|machine| vec![machine.block(), machine.card()]),
        };
        match blocks {
            Ok(blocks) => {
                shown += 1;
                for html in blocks.iter().map(Block::html) {
                    assert!(!html.contains("NaN") && !html.contains(">inf"), "round {round}: {}", said());
                }
            }
            Err(Error::NotAResult { reason, .. }) => {
                refused += 1;
                assert!(reason.len() < 500, "{reason}");
            }
            Err(Error::NewerFormat { .. }) => refused += 1,
            Err(other) => panic!("round {round}: {other}"),
        }
        assert!(start.elapsed().as_secs() < 20, "round {round} took {:?}: {}", start.elapsed(), said());
    }
    assert!(refused > DAMAGED / 4 && shown > DAMAGED / 20, "{refused} refused, {shown} shown");
}

#[test]
fn what_cannot_be_written_is_told_with_what_to_do() {
    let chart = chart("a").line("a", [(0.0, 1.0), (1.0, 2.0)]);
    let error = chart.save_png("/no/such/folder/a.png").expect_err("no such folder");
    assert!(error.to_string().contains("Its folder does not exist: make it"), "{error}");
    let empty = conpar::plot::chart("empty").save_svg(std::env::temp_dir().join("empty.svg"));
    assert!(
        matches!(&empty, Err(Error::NoFigure { reason }) if reason.contains("no finite point")),
        "{empty:?}"
    );
}

#[test]
fn results_are_compared_by_their_intervals() {
    let before = computed(&[0.2], &[1, 2, 4, 8], 4.0);
    let after = computed(&[0.05], &[1, 2, 4], 8.0);
    let comparison = compare([("before", &before), ("after", &after)]).expect("two results");
    let block = comparison.block();
    keep("comparison", &block);
    assert!(
        block.caption.starts_with("after against before, arm 0 <&> on 4 workers: larger, 1.39 ["),
        "{}",
        block.caption
    );
    assert!(block.html().contains("aria-label=\"before: arm 0 &lt;&amp;&gt;, 2 workers, speedup 1.67"));
    assert_eq!(comparison.columns().rows.len(), 2 * 4 + 2 * 3, "the ceilings are in it, too");
    let same = compare([("one", &before), ("two", &before)]).expect("two results").block();
    assert!(same.caption.contains("no difference shown, 1.00 ["), "{}", same.caption);
    let mut busy = after.clone();
    busy.curves[0].points.iter_mut().for_each(|point| point.estimator = Estimator::Minimum);
    let busy = compare([("before", &before), ("busy", &busy)]).expect("two results").block();
    assert!(busy.caption.contains("cannot tell, the machine was too busy"), "{}", busy.caption);

    let folder = Folder::new("comparison");
    comparison.save_json(folder.join("a.json")).expect("saved");
    assert_eq!(conpar::plot::Comparison::load(folder.join("a.json")).expect("what was saved"), comparison);
}

#[test]
fn what_cannot_be_compared_is_told_with_an_example() {
    let one = computed(&[0.2], &[1, 2], 2.0);
    for (results, why) in [
        (vec![], "0 of the two results"),
        (vec![("a", &one)], "1 of the two results"),
        (vec![("a", &one), (" ", &one)], "a label is empty"),
        (vec![("a", &one), ("b", &one), ("a", &one)], "two results have the label `a`"),
    ] {
        let error = compare(results).expect_err(why).to_string();
        assert!(error.contains(why) && error.contains("compare([(\"before\", &a)"), "{error}");
    }
}

#[test]
fn the_lower_roof_is_the_one_that_bounds() {
    // A triad of 24 MB in 10 ms, which no second worker speeds up by more than a fifth.
    let mut triad = computed(&[0.6], &[1, 2, 4], 4.0);
    triad.serial_seconds = estimate(0.01, 0.01);
    let work = computed(&[0.65], &[1, 2, 4], 4.0);
    // At a speedup of 1 the work needs 2.0 GB/s of the 2.4 GB/s that the triad moves.
    let memory = work.under_memory(200e6, &triad, 24e6).expect("positive");
    let block = memory.block();
    keep("roofline", &block);
    assert!((memory.needed().point - 2e9).abs() < 1.0);
    assert!((memory.roof(1).expect("measured").point - 1.2).abs() < 1e-9);
    assert!(
        block.caption.contains("memory, not the cores, sets the bound. arm 0 <&> reaches 79%"),
        "{}",
        block.caption
    );
    let light = work.under_memory(1e6, &triad, 24e6).expect("positive").block();
    assert!(light.caption.contains("the cores, not the memory, set the bound"), "{}", light.caption);
    let error = work.under_memory(0.0, &triad, 24e6).expect_err("no bytes");
    assert!(error.to_string().contains("the bytes of the work are 0"), "{error}");
}

#[test]
fn the_law_that_was_fitted_is_the_one_that_is_drawn() {
    let mut weak = computed(&[0.05], &[1, 2, 4], 4.0);
    weak.mode = Mode::Weak;
    let Ok(Fitted { parameters, band }) = weak.curves[0].laws.amdahl.clone() else { panic!("fitted") };
    let gustafson = conpar::model::Gustafson { serial_fraction: parameters.serial_fraction };
    weak.curves[0].laws.gustafson = Ok(Fitted { parameters: gustafson, band });
    weak.curves[0].laws.amdahl = Err(Refused::WorkGrew { law: LawName::Amdahl });
    let block = weak.block();
    keep("weak", &block);
    let html = block.html();
    assert!(
        html.contains("scaled speedup (times)")
            && html.contains("Gustafson's law, fitted".replace('\'', "&apos;").as_str())
    );
    assert!(
        block.notes.iter().any(|note| note.contains("Gustafson's law fits with a serial fraction of 0.05"))
    );
}
