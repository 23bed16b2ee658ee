//! The records: each is complete, says that it was recorded, and holds what its source says.

use std::path::Path;

use conpar::Error;
use conpar::model::{Law, Refused, Usl};
use conpar::prelude::Shown;
use conpar::recorded::{Base, Recorded, names, recorded};

#[test]
fn every_record_names_its_machine_and_source_and_says_that_it_was_recorded() {
    for name in names() {
        let record = recorded(name).expect(name);
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(&record.source);
        assert!(record.source.starts_with("https://") || own.is_file(), "{name}: {}", record.source);
        assert!(record.points.iter().any(|point| point.workers > 1), "{name} shows no scaling");
        let block = record.block();
        let html = block.html();
        let figure = block.figures.first().expect("a figure");
        for text in [figure.alternative(), figure.markup(), &block.caption] {
            assert!(text.to_lowercase().contains("recorded"), "{name}: {text}");
        }
        for part in [&record.machine, &record.date, &record.by, &record.source] {
            assert!(block.notes.iter().any(|note| note.contains(part.as_str())), "{name} hides {part}");
        }
        assert!(html.contains("<table>"), "{name} shows its numbers");
    }
}

/// The ratios that the authors themselves state: "a ~14x speed-up at 16 threads, but compared to the baseline this ends
/// up only being ~4.5x".
#[test]
fn the_tree_on_rayon_is_a_different_success_over_itself_and_over_serial_code() {
    let tree = recorded("rayon-tree").expect("there");
    let at_16 = |base| {
        let points = tree.speedups(base).expect("both bases");
        points.into_iter().find(|&(workers, _)| workers == 16).expect("16 workers").1
    };
    assert!((at_16(Base::OneWorker) - 14.0).abs() < 0.05, "{}", at_16(Base::OneWorker));
    assert!((at_16(Base::Serial) - 4.55).abs() < 0.05, "{}", at_16(Base::Serial));
}

#[test]
fn five_counts_carry_no_universal_law_and_points_past_the_cores_are_not_fitted() {
    let tree = recorded("rayon-tree").expect("there");
    assert_eq!((tree.points.len(), tree.within_cores().len()), (6, 5));
    assert!(matches!(Usl::fit(&tree.within_cores()), Err(Refused::TooFewCounts { found: 5, .. })));
}

/// Fits with each point left out in turn: the smallest and the largest kappa.
fn kappas(record: &Recorded) -> (f64, f64) {
    let points = record.within_cores();
    let left_out = |out: usize| {
        let rest = [&points[..out], &points[out + 1..]].concat();
        Usl::fit(&rest).expect("points enough").kappa
    };
    let kappas: Vec<f64> = (0..points.len()).map(left_out).collect();
    (kappas.iter().copied().fold(f64::MAX, f64::min), kappas.iter().copied().fold(0.0, f64::max))
}

#[test]
fn one_record_carries_coherency_and_one_does_not() {
    let (least, most) = kappas(&recorded("stream-opteron-6168").expect("there"));
    assert!(least > 1e-4 && most < 1e-3, "{least} to {most}");
    let (least, _) = kappas(&recorded("raytracer-origin-2000").expect("there"));
    assert_eq!(least, 0.0, "without one of the points there is no coherency at all");
}

/// A short sample fits into one period of the quota and runs on two cores; a long one gets what the quota gives.
#[test]
fn short_samples_do_not_see_a_quota() {
    let on_two = |name| {
        let points = recorded(name).expect("there").speedups(Base::Serial).expect("serial was measured");
        points.into_iter().find(|&(workers, _)| workers == 2).expect("two workers").1
    };
    assert!(on_two("quota-short") > 1.9 && (on_two("quota-long") - 1.5).abs() < 0.1);
    let both = recorded("quota-short").expect("there").with(&recorded("quota-long").expect("there")).block();
    let markup = both.figures.first().expect("a figure").markup();
    assert!(markup.contains("recorded: 8 ms") && markup.contains("recorded: 800 ms"));
}

#[test]
fn bad_records_are_refused_with_the_reason() {
    assert!(matches!(recorded("no such"), Err(Error::NoSuchRecord { .. })));
    let good = serde_json::to_value(recorded("rayon-tree").expect("there")).expect("plain data");
    let spoilt = |spoil: &dyn Fn(&mut serde_json::Value)| {
        let mut record = good.clone();
        spoil(&mut record);
        match Recorded::from_json(&record.to_string()) {
            Err(Error::BadRecord { reason }) => reason,
            other => panic!("accepted: {other:?}"),
        }
    };
    assert!(spoilt(&|record| record["machine"] = " ".into()).contains("a text is empty"));
    assert!(spoilt(&|record| record["points"][1]["value"] = 0.into()).contains("not a positive number"));
    assert!(spoilt(&|record| record["points"][1]["workers"] = 1.into()).contains("ascend"));
    assert!(spoilt(&|record| record["points"][0]["workers"] = 2.into()).contains("one worker"));
    assert!(spoilt(&|record| record["points"] = serde_json::json!([])).contains("one worker"));
    assert!(
        spoilt(&|record| record["points"][1]["interval"] = serde_json::json!([1, 2])).contains("interval")
    );
    assert!(spoilt(&|record| record["cores"] = 0.into()).contains("core"));
    assert!(spoilt(&|record| record["speedups"] = 1.into()).contains("unknown field"));
    assert!(Recorded::from_json(&good.to_string()).is_ok());
}
