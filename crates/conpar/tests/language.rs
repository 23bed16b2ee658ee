//! Results that need no measuring, shown in both languages: no English word is left in Portuguese, and English stays as it is.
//!
//! A process of its own: the language is that of the whole process.

use conpar::Error;
use conpar::calibration::Competition;
use conpar::interleaving::Explored;
use conpar::isolation::JobReport;
use conpar::language::set_language;
use conpar::liveness::{Classified, Graph, Survived};
use conpar::machine::Machine;
use conpar::measure::Estimate;
use conpar::messages::Conversation;
use conpar::notebook::{Block, Claim, Shown as _};
use conpar::orders::Ordered;
use conpar::overlap::Overlapped;
use conpar::plot::{self, By, Svg};
use conpar::prediction::{Entry, Journal, Measured, Prediction};
use conpar::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Words that no Portuguese sentence has. The names in these results are Greek.
const TELLTALE: &str = "the of with and or time times share worker workers from to core cores task tasks \
    waiting waits computing run runs seen trial trials others outcome how often above below within measured claimed \
    against for on in is at by each none all job jobs died dies answer answered message lost send nobody on way held \
    lock cycle start end order orders different busy progress units done processor used process data code quota \
    deadlocked left sample samples clean ceiling speedups disturbed intervals value predicted prediction predictions inside right once lines kept cannot value faster alone median low high numbers";

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("a result")
}

fn figure(figure: Result<Svg, Error>) -> Block {
    let mut block = Block::default();
    block.show(Ok(figure.expect("drawn")));
    block
}

fn claims(claims: &[Claim]) -> Block {
    let said = |claim: &Claim| format!("{}: {} ({})", claim.claim, claim.verdict, claim.reason);
    Block { notes: claims.iter().map(said).collect(), ..Block::default() }
}

/// Every kind of result with a name for the test's own messages.
fn blocks() -> Vec<(&'static str, Block)> {
    let found = Estimate { point: 1.5, low: 1.4, high: 1.6, level: 0.95 };
    let spans = json!([
        { "lane": 0, "activity": "computing", "worker": 0, "core": 3, "start": 0.0, "end": 0.001 },
        { "lane": 0, "activity": "waiting", "start": 0.001, "end": 0.002 },
        { "lane": 1, "activity": "computing", "worker": 1, "core": 5, "start": 0.002, "end": 0.003 },
    ]);
    let workers = json!([{ "process": 1, "name": "" }, { "process": 1, "name": "ω" }]);
    let timeline = json!({
        "name": "τ", "lanes": 2, "makespan": 0.004, "spans": spans, "dropped": 0, "workers": workers,
    });
    let traced: Timeline = read(timeline.clone());

    let outcomes = json!([{ "outcome": "0 1", "count": 990 }, { "outcome": "1 1", "count": 10 }]);
    let observed: Observed =
        read(json!({ "name": "ο", "threads": 2, "cores": 1, "trials": 1_000, "outcomes": outcomes }));
    let enough = Observed { cores: 2, ..observed.clone() };

    let graph = json!({
        "actors": [
            { "name": "α", "wants": 1, "steps": 3, "progress": 7 },
            { "name": "β", "wants": 0, "steps": 3, "progress": 8 },
            { "name": "γ", "wants": null, "steps": 3, "progress": 9 },
        ],
        "locks": [{ "name": "λ", "owner": 0 }, { "name": "μ", "owner": 1 }, { "name": "ν", "owner": null }],
    });
    let waits: Graph = read(graph.clone());
    let survived: Survived = read(json!({
        "name": "σ", "trials": 1_000, "cores": 2,
        "arms": [{ "name": "α", "runs": 20, "deadlocked_in": [3, 40], "all_trials": 18_000, "most_working": 0, "seconds": 1.0 }],
    }));
    let program = |name: &str, kinds: Value| {
        let progress = json!([["α", 0.0], ["β", 12.0]]);
        json!({ "name": name, "kinds": kinds, "progress": progress, "steps": 1.0, "cores": 0.5, "graph": graph })
    };
    let classified: Classified = read(json!({ "programs": [
        program("δ", json!(["deadlock"])), program("σ", json!(["starvation"])), program("ε", json!(["ended"])),
        program("γ", json!(["gets-on"])), program("μ", json!(["gets-on", "starvation"])),
    ]}));

    let message = |number: u64, received: Value| json!({ "from": 0, "name": "", "number": number, "offered": 0.001, "returned": 0.002, "received": received });
    let conversation: Conversation = read(json!({
        "name": "κ", "makespan": 0.01, "dropped": 0,
        "lifelines": [
            { "name": "α", "ended": true, "working": [{ "start": 0.0, "end": 0.001 }], "missed": [] },
            { "name": "β", "ended": true, "working": [], "missed": [{ "at": 0.003, "count": 2 }] },
        ],
        "messages": [message(0, json!([{ "by": 1, "at": 0.004 }])), message(1, json!([]))],
    }));

    let steps = json!([{ "thread": 0, "what": "x = 1" }, { "thread": 1, "what": "y = 1" }]);
    let explored: Explored = read(json!({
        "name": "ε", "how": "every-order", "complete": true, "failure": null,
        "paths": [{ "steps": steps, "outcome": "1 1", "executions": 1 }],
    }));

    let given = |job: u64, worker: usize, until: Option<f64>, answer: Option<u64>| json!({ "worker": worker, "job": job, "given": 0.001, "until": until, "answer": answer });
    let lives = json!([{ "worker": 0, "started": 0.0 }, { "worker": 1, "started": 0.0 }]);
    let jobs: JobReport = read(json!({
        "name": "π", "jobs": 2, "cores": 2, "seconds": 0.01, "how": { "signalled": 9 }, "notes": [], "lives": lives,
        "tries": [given(0, 0, Some(0.002), Some(1)), given(1, 0, None, None), given(1, 1, Some(0.004), Some(1))],
    }));

    let core = |number: usize| json!({ "number": number, "physical": 0, "node": number, "kind": null });
    let cache = |holds: &str| json!({ "level": 1, "holds": holds, "bytes": 49_152, "cores": [0, 1] });
    let machine: Machine = read(json!({
        "cores": [core(0), core(1)], "caches": [cache("data"), cache("instructions")], "affinity": [0],
        "available_cores": 1, "quota": 0.5, "effective_cores": 0.5, "clock": { "step": 1e-9, "cost": 1e-8 },
    }));

    let order = |order: &str, count: u64| json!({ "order": order, "count": count });
    let orders = ["AB", "BA", "AAB", "ABA", "BAA", "BBA"].map(|letters| order(letters, 10));
    let ordered: Ordered = read(json!({
        "name": "ο", "steps": [1, 1], "cores": 2,
        "arms": [
            { "name": "α", "runs": 60, "orders": orders, "timeline": timeline },
            { "name": "β", "runs": 10, "orders": [order("AB", 10)] },
        ],
    }));
    let corner = |work: &str, place: &str| {
        json!({
            "work": work, "place": place, "seconds": 0.1, "alone": 0.1, "gain": found,
            "estimator": "median-of-clean", "timeline": timeline,
        })
    };
    let corners = [("waiting", "one-core"), ("computing", "one-core"), ("computing", "all-cores")];
    let overlapped: Overlapped = read(json!({
        "name": "ο", "tasks": 4, "cores": 2, "effective_cores": 2.0, "core": 0, "threads": 2, "rounds": 10,
        "watched": true, "corners": corners.map(|(work, place)| corner(work, place)),
    }));

    let repeat = |estimator: &str| json!({ "naive": 1.5, "speedup": found, "estimator": estimator });
    let load =
        |loops: usize| json!({ "loops": loops, "repeats": [repeat("median-of-clean"), repeat("minimum")] });
    let competition: Competition = read(json!({ "quiet": found, "loads": [load(0), load(1)] }));

    let disturbed = Measured::from(found).if_credible(false);
    let open = Measured::Interval { estimate: found, credible: true, open: (true, true) };
    let predicted = prediction("ξ", 1.5, found)
        .and("ψ", 1.7, found)
        .and("ψ", 1.0, found)
        .and("ψ", 100.0, found)
        .and("ψ", 1.5, disturbed)
        .and("ψ", 1.5, open)
        .and("ψ", f64::NAN, found)
        .and("ψ", 7, 7_usize)
        .and("ψ", 7, 7.5)
        .and("ψ", 7, Measured::Missing("ω".to_owned()));
    let entry = |one: &Prediction| Entry {
        version: 1,
        time: "2026-01-31T18:05:00Z".to_owned(),
        notebook: None,
        prediction: one.clone(),
        outcome: one.outcome(),
        machine: "μ".to_owned(),
    };
    let entries = predicted.predictions.iter().map(entry).collect();
    let journal = Journal { path: Some("/ω".into()), entries, damaged: 1, newer: 1 };

    vec![
        ("predictions", predicted.block()),
        ("journal", journal.block()),
        ("observed", observed.block()),
        (
            "claims",
            claims(&[
                observed.claim_seen("1 1", 0.001),
                enough.claim_seen("1 1", 0.001),
                enough.claim_always("0 1", 0.001),
                claim("ζ", &found).near(1.5, 0.2),
            ]),
        ),
        ("timeline by task", figure(plot::timeline(&traced, By::Task, "τ"))),
        ("timeline by worker", figure(plot::timeline(&traced, By::Worker, "τ"))),
        ("timeline by core", figure(plot::timeline(&traced, By::Core, "τ"))),
        ("survival", figure(plot::survival_curves(&survived, "σ"))),
        ("who waits for whom", figure(plot::wait_for_graph(&waits, "γ"))),
        ("classified", figure(plot::classified_rows(&classified, "κ"))),
        ("conversation", figure(plot::sequence_diagram(&conversation, "κ"))),
        ("lattice", figure(plot::lattice(&explored, "ε"))),
        ("jobs", figure(plot::job_lanes(&jobs, "π"))),
        ("machine", figure(plot::machine_map(&machine, "μ"))),
        ("orders", figure(plot::orders_bars(&ordered, "ο"))),
        ("traced orders", figure(plot::orders_timelines(&ordered, "ο"))),
        ("overlap", figure(plot::overlap_bars(&overlapped, "ο"))),
        ("traced overlap", figure(plot::overlap_timelines(&overlapped, "ο"))),
        ("competition", figure(plot::ceiling_under_load(&competition))),
        ("histogram", figure(histogram("η").x("ξ").values("α", [1.0, 2.0, 9.0]).up_to(3.0).draw())),
        (
            "agreement",
            figure(agreement("η").expected("ξ").measured("ψ").point(1.5, found).doubtful(2.0, found).draw()),
        ),
        ("chart", figure(chart("η").x("ξ").y("ψ").line("α", [(1.0, 2.0), (2.0, 3.0)]).draw())),
    ]
}

/// What a reader sees or hears: the text between tags, and what is read out.
fn visible(block: &Block) -> String {
    let html = block.html();
    let (_, shown) = html.split_once("</style>").expect("a style sheet first");
    let between = shown.split('<').filter_map(|tag| tag.split_once('>')).map(|(_, text)| text);
    let read_out = shown.split("aria-label=\"").skip(1).filter_map(|rest| rest.split('"').next());
    between.chain(read_out).map(str::trim).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

fn texts() -> Vec<(&'static str, String)> {
    blocks().iter().map(|(name, block)| (*name, visible(block))).collect()
}

#[test]
fn portuguese_leaves_no_english_word_and_english_stays() {
    set_language("en").expect("known");
    let english = texts();
    set_language("pt-BR").expect("known");
    let portuguese = texts();
    set_language("en").expect("known");
    assert_eq!(texts(), english, "the texts come back with their language");

    for ((name, text), (_, before)) in portuguese.iter().zip(&english) {
        let words = |text: &str| -> Vec<String> {
            let words = text.split(|letter: char| !letter.is_alphabetic() && letter != '\'');
            words.map(str::to_lowercase).collect()
        };
        let left: Vec<&str> = TELLTALE
            .split_whitespace()
            .filter(|&word| words(text).iter().any(|other| other == word))
            .collect();
        assert!(left.is_empty(), "{name}: {left:?} in\n{text}");
        assert_ne!(text, before, "{name}");
    }
    for (name, said) in [
        ("observed", "1000 trials of 2 threads on 1 core; exact 95% intervals of Clopper and Pearson."),
        ("timeline by task", "task 1: computing on core 3"),
        ("survival", "2 of 20 runs deadlocked"),
        ("conversation", "nobody received it"),
        ("orders", "6 different orders in 60 runs"),
        ("histogram", "η: how often each ξ was seen. α: half of 3 values are at most 2.0000"),
    ] {
        let (_, text) = english.iter().find(|(other, _)| *other == name).expect("shown");
        assert!(text.lines().any(|line| line.contains(said)), "{name}: {text}");
    }
}
