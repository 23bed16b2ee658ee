//! The result of a trace, as plain data.

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::language::{say, word};

/// What happened in a traced piece of code.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
    /// The threads that recorded, in the order in which they began to.
    #[serde(default)]
    pub workers: Vec<Worker>,
    /// When the trace began, by a clock that other processes read too; `None` where the system has none.
    #[serde(default)]
    pub clock: Option<Clock>,
}

/// A thread that ran tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worker {
    /// The number of its process.
    pub process: u32,
    /// Its name; empty where it has none.
    pub name: String,
}

/// A moment, by the clock of a machine that began when it was started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// Which start of which machine: moments of another one cannot be compared.
    pub boot: String,
    /// Seconds since then.
    pub start: f64,
}

/// One stretch of time in which one task did one thing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The task.
    pub lane: usize,
    /// What it did.
    pub activity: Activity,
    /// The thread that it was on, as a place in [`Timeline::workers`]; `None` where it was on none, as a suspended task.
    #[serde(default)]
    pub worker: Option<usize>,
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

    /// The name of a thread: what it is called, or else the number of its place; with that of its process where there are
    /// several.
    pub fn worker_name(&self, worker: usize) -> String {
        let known = self.workers.get(worker);
        let name = known.filter(|known| !known.name.is_empty()).map(|known| known.name.clone());
        let name = name.unwrap_or_else(|| format!("thread {}", worker.saturating_add(1)));
        let elsewhere = |known: &Worker| self.workers.iter().any(|other| other.process != known.process);
        match known.filter(|known| elsewhere(known)) {
            Some(known) => format!("{name}, {}", known.process),
            None => name,
        }
    }

    /// The tasks that computed, in ascending order.
    pub fn computing_tasks(&self) -> Vec<usize> {
        let computing = self.spans.iter().filter(|span| span.activity == Activity::Computing);
        let mut tasks: Vec<usize> = computing.map(|span| span.lane).collect();
        tasks.sort_unstable();
        tasks.dedup();
        tasks
    }

    /// This timeline on one line of JSON, for another process to read.
    ///
    /// ```
    /// use conpar::trace::{Timeline, trace};
    ///
    /// let timeline = trace("empty", |_| ());
    /// assert_eq!(Timeline::from_line(&timeline.line())?, timeline);
    /// # Ok::<(), conpar::Error>(())
    /// ```
    pub fn line(&self) -> String {
        // Numbers, words and lists of them are always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The timeline that another process wrote with [`line`](Timeline::line).
    ///
    /// # Errors
    ///
    /// [`Error::NoTimeline`] for a text that holds none, or one whose spans end before they start.
    pub fn from_line(line: &str) -> Result<Timeline, Error> {
        let wrong = |reason: String| Error::NoTimeline { reason };
        let timeline: Timeline = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
        timeline.contradiction().map_or(Ok(timeline), |reason| Err(wrong(reason.to_owned())))
    }

    /// What no trace records, if this holds any of it.
    pub fn contradiction(&self) -> Option<&'static str> {
        let sound = |span: &Span| 0.0 <= span.start && span.start <= span.end && span.end.is_finite();
        if !(self.makespan >= 0.0 && self.makespan.is_finite()) {
            return Some(word!(en: "it ends before it starts", pt: "ela termina antes de começar"));
        }
        if !self.spans.iter().all(sound) {
            return Some(word!(en: "a span ends before it starts", pt: "um trecho termina antes de começar"));
        }
        let known = |span: &Span| span.worker.is_none_or(|worker| worker < self.workers.len());
        (!self.spans.iter().all(known)).then(|| {
            word!(
                en: "a span is on a thread that is not in the list",
                pt: "um trecho está em uma thread que não consta da lista"
            )
        })
    }

    /// Both timelines in one, `other`'s lanes after this one's: what two processes of one machine did, each traced by itself.
    /// It begins when the first of them began.
    ///
    /// # Errors
    ///
    /// [`Error::NoTimeline`] where the two were not recorded by one clock: on another machine, before it was started anew, or
    /// on a system without such a clock.
    pub fn beside(self, other: Timeline) -> Result<Timeline, Error> {
        let (Some(ours), Some(theirs)) = (&self.clock, &other.clock) else {
            return Err(Error::NoTimeline {
                reason: word!(
                    en: "this system has no clock that two processes share",
                    pt: "este sistema não tem um relógio que dois processos compartilhem"
                )
                .into(),
            });
        };
        if ours.boot != theirs.boot {
            let reason = say!(
                en: "`{}` and `{}` were recorded by clocks that cannot be compared",
                pt: "`{}` e `{}` foram registradas por relógios que não se podem comparar",
                self.name,
                other.name
            );
            return Err(Error::NoTimeline { reason });
        }
        let start = ours.start.min(theirs.start);
        let (later, other_later) = (ours.start - start, theirs.start - start);
        let (lanes, workers) = (self.lanes, self.workers.len());
        let moved = |later: f64, lanes: usize, workers: usize| {
            move |span: Span| Span {
                lane: span.lane.saturating_add(lanes),
                worker: span.worker.map(|worker| worker + workers),
                start: span.start + later,
                end: span.end + later,
                ..span
            }
        };
        let clock = Some(Clock { boot: ours.boot.clone(), start });
        let spans = self.spans.into_iter().map(moved(later, 0, 0));
        Ok(Timeline {
            name: self.name,
            lanes: lanes.saturating_add(other.lanes),
            makespan: (self.makespan + later).max(other.makespan + other_later),
            spans: spans.chain(other.spans.into_iter().map(moved(other_later, lanes, workers))).collect(),
            dropped: self.dropped.saturating_add(other.dropped),
            workers: self.workers.into_iter().chain(other.workers).collect(),
            clock,
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(start: f64, boot: &str) -> Timeline {
        let span = Span {
            lane: 0,
            activity: Activity::Computing,
            worker: Some(0),
            core: Some(1),
            start: 0.5,
            end: 1.0,
        };
        Timeline {
            name: "one".into(),
            lanes: 1,
            makespan: 1.5,
            spans: vec![span],
            dropped: 1,
            workers: vec![Worker { process: 7, name: String::new() }],
            clock: Some(Clock { boot: boot.into(), start }),
        }
    }

    #[test]
    fn two_processes_share_one_clock() {
        let both = timeline(103.0, "a").beside(timeline(100.0, "a")).expect("one boot");
        assert_eq!((both.lanes, both.makespan, both.dropped, both.workers.len()), (2, 4.5, 2, 2));
        assert_eq!(both.clock.as_ref().map(|clock| clock.start), Some(100.0));
        let places: Vec<_> = both.spans.iter().map(|span| (span.lane, span.worker, span.start)).collect();
        assert_eq!(places, [(0, Some(0), 3.5), (1, Some(1), 0.5)]);
        assert!(!both.is_parallel() && both.contradiction().is_none());
    }

    #[test]
    fn clocks_of_two_boots_are_not_compared() {
        let none = Timeline { clock: None, ..timeline(1.0, "a") };
        for other in [timeline(1.0, "b"), none] {
            assert!(matches!(timeline(1.0, "a").beside(other), Err(Error::NoTimeline { .. })));
        }
    }

    #[test]
    fn a_line_that_holds_no_timeline_is_refused() {
        let upside_down = Timeline { makespan: -1.0, ..timeline(1.0, "a") };
        let nobody = Timeline { workers: Vec::new(), ..timeline(1.0, "a") };
        for line in ["", "{}", "[1]", &upside_down.line(), &nobody.line()] {
            assert!(matches!(Timeline::from_line(line), Err(Error::NoTimeline { .. })), "{line}");
        }
    }
}
