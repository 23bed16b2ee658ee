//! A timeline in the Trace Event Format, which Perfetto, Chromium's `chrome://tracing` and Speedscope open.
//!
//! The format is described in "Trace Event Format" (the Chromium project, Google Docs); `tests/trace-event.schema.json` holds
//! the part of it that is used here.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Activity, Span, Timeline};
use crate::language::say;

/// The format counts in microseconds.
const MICROSECONDS: f64 = 1e6;

impl Timeline {
    /// This timeline as a document in the Trace Event Format: a process with a track for each worker that shows what it
    /// computed, and below it the waits of each task.
    pub fn trace_events(&self) -> String {
        let mut events = Vec::new();
        let mut processes: Vec<u32> = self.workers.iter().map(|worker| worker.process).collect();
        processes.sort_unstable();
        processes.dedup();
        for &process in &processes {
            events.push(named("process_name", process, 0, &format!("{} ({process})", self.name)));
        }
        for (number, worker) in self.workers.iter().enumerate() {
            events.push(named("thread_name", worker.process, number + 1, &self.worker_name(number)));
        }
        // A wait is shown with the process of the thread that its task was on before; spans come by lane and by start.
        let mut last: BTreeMap<usize, usize> = BTreeMap::new();
        for span in &self.spans {
            let worker = span.worker.or_else(|| last.get(&span.lane).copied());
            last.extend(worker.map(|worker| (span.lane, worker)));
            let known = worker.and_then(|worker| self.workers.get(worker)).or(self.workers.first());
            let process = known.map_or(0, |worker| worker.process);
            match span.activity {
                Activity::Computing => events.push(complete(span, process)),
                Activity::Waiting => events.extend(wait(span, process)),
            }
        }
        let other = json!({ "dropped spans": self.dropped.to_string() });
        json!({ "traceEvents": events, "displayTimeUnit": "ms", "otherData": other }).to_string()
    }
}

fn task(span: &Span) -> String {
    say!(en: "task {}", pt: "tarefa {}", span.lane.saturating_add(1))
}

/// A piece of work on a thread: a complete event, `X`.
fn complete(span: &Span, process: u32) -> Value {
    let mut event = json!({
        "name": task(span),
        "cat": "computing",
        "ph": "X",
        "ts": span.start * MICROSECONDS,
        "dur": (span.end - span.start) * MICROSECONDS,
        "pid": process,
        "tid": span.worker.map_or(0, |worker| worker + 1),
    });
    if let Some(core) = span.core {
        event["args"] = json!({ "core": core });
    }
    event
}

/// A wait takes no thread: a pair of asynchronous events, `b` and `e`, on the track of its task.
fn wait(span: &Span, process: u32) -> [Value; 2] {
    let event = |phase: &str, at: f64| {
        json!({
            "name": task(span),
            "cat": "waiting",
            "ph": phase,
            "id": span.lane.to_string(),
            "ts": at * MICROSECONDS,
            "pid": process,
            "tid": span.worker.map_or(0, |worker| worker + 1),
        })
    };
    [event("b", span.start), event("e", span.end)]
}

/// A name of a process or of a thread: a metadata event, `M`.
fn named(what: &str, process: u32, thread: usize, name: &str) -> Value {
    json!({ "name": what, "ph": "M", "pid": process, "tid": thread, "args": { "name": name } })
}
