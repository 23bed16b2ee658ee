//! The result of a trace, as plain data.

use serde::{Deserialize, Serialize};

/// What happened in a traced piece of code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// The name of the trace.
    pub name: String,
    /// The number of lanes, one for each task.
    pub lanes: usize,
    /// From the start of the trace to its end, in seconds.
    pub makespan: f64,
    /// What the tasks did, by lane and then by start.
    pub spans: Vec<Span>,
    /// How many spans did not fit into their lane and were not kept.
    pub dropped: u64,
}

/// One stretch of time in which one task did one thing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The task.
    pub lane: usize,
    /// What it did.
    pub activity: Activity,
    /// The core that it ran on; `None` where it did not run or the system does not tell.
    pub core: Option<usize>,
    /// Seconds from the start of the trace.
    pub start: f64,
    /// Seconds from the start of the trace.
    pub end: f64,
}

/// What a task does in a span. Between two spans of computing it was ready to run and had no core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    /// It ran on a core.
    Computing,
    /// It waited for something else than a core, and needed none.
    Waiting,
}

impl Timeline {
    /// The cores that tasks ran on, in ascending order.
    pub fn cores(&self) -> Vec<usize> {
        let mut cores: Vec<usize> = self.spans.iter().filter_map(|span| span.core).collect();
        cores.sort_unstable();
        cores.dedup();
        cores
    }

    /// Whether at some moment two tasks computed, each on a core of its own.
    pub fn is_parallel(&self) -> bool {
        let on_cores =
            self.spans.iter().filter_map(|span| span.core.map(|core| (span.start, span.end, core)));
        let mut on_cores: Vec<_> = on_cores.collect();
        on_cores.sort_by(|one, two| one.0.total_cmp(&two.0));
        // Until when each core is known to be busy.
        let mut busy = std::collections::BTreeMap::new();
        on_cores.into_iter().any(|(start, end, core)| {
            let other = busy.iter().any(|(&other, &until)| other != core && until > start);
            let until = busy.entry(core).or_insert(end);
            *until = end.max(*until);
            other
        })
    }
}
