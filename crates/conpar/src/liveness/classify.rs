//! Deadlock, livelock and starvation, told apart by what is seen from outside: progress, steps, time on cores.

use serde::{Deserialize, Serialize};

use super::graph::Graph;
use super::report::{Window, told};
use crate::Error;
use crate::child::child;

/// How often each program is observed.
const TIMES: usize = 3;

/// Below which share of the average progress an actor starves.
const STARVES: f64 = 0.02;

/// From how much of a core on a program is taken to compute.
const COMPUTES: f64 = 0.05;

/// What is seen of a program that was watched for a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Nobody makes progress and nobody computes.
    Deadlock,
    /// Nobody makes progress, and all are busy.
    Livelock,
    /// Some make progress, and others hardly any.
    Starvation,
    /// All make progress.
    GetsOn,
    /// The program was at its end before it could be watched.
    Ended,
}

/// Some programs, each of which was watched several times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classified {
    /// The programs.
    pub programs: Vec<Program>,
}

/// What was seen of one program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// What it looked like, each time.
    pub kinds: Vec<Kind>,
    /// The names of its actors, and how many units of work each did a second, on average over the times.
    pub progress: Vec<(String, f64)>,
    /// How many steps its actors took a second, all together: locks taken, given up, waited for.
    pub steps: f64,
    /// How many cores it kept busy, on average; `None` where that is not known.
    pub cores: Option<f64>,
    /// Who waited for whom at the end of the last time.
    pub graph: Graph,
}

/// Watches programs, each in a process of its own, three times for a moment.
///
/// Each is the text of a whole program, whose `main` hands its work to [`real::observe`](super::real::observe).
///
/// # Errors
///
/// Those of [`child`]; [`Error::ChildFailed`] with what a program said when it failed; [`Error::NoArm`].
pub fn classify<'a>(programs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Classified, Error> {
    let programs: Vec<(&str, &str)> = programs.into_iter().collect();
    if programs.is_empty() {
        return Err(Error::NoArm);
    }
    let watched = programs.iter().map(|(name, text)| watch(name, text)).collect::<Result<_, _>>()?;
    Ok(Classified { programs: watched })
}

fn watch(name: &str, text: &str) -> Result<Program, Error> {
    let program = child(text)?;
    let windows: Vec<Window> =
        (0..TIMES).map(|_| told(name, &program.run()?)).collect::<Result<_, Error>>()?;
    let seconds: f64 = windows.iter().map(|window| window.seconds).sum();
    let cpu: Option<f64> = windows.iter().map(|window| window.cpu_seconds).sum();
    let rate = |total: u64| if seconds > 0.0 { total as f64 / seconds } else { 0.0 };
    let last = windows.last().map(|window| window.graphs[1].clone()).unwrap_or_default();
    let progress = last.actors.iter().enumerate().map(|(index, actor)| {
        let total = windows.iter().filter_map(|window| window.progress().get(index).copied()).sum();
        (actor.name.clone(), rate(total))
    });
    Ok(Program {
        name: name.to_owned(),
        kinds: windows.iter().map(Window::kind).collect(),
        progress: progress.collect(),
        steps: rate(windows.iter().map(Window::steps).sum()),
        cores: cpu.filter(|_| seconds > 0.0).map(|cpu| cpu / seconds),
        graph: last,
    })
}

impl Program {
    /// What it looked like, where it looked the same each time.
    pub fn kind(&self) -> Option<Kind> {
        let first = *self.kinds.first()?;
        self.kinds.iter().all(|&kind| kind == first).then_some(first)
    }
}

impl Window {
    /// The units of work of each actor.
    fn progress(&self) -> Vec<u64> {
        let [before, after] = &self.graphs;
        let done = |index: usize| before.actors.get(index).map_or(0, |actor| actor.progress);
        let actors = after.actors.iter().enumerate();
        actors.map(|(index, actor)| actor.progress.saturating_sub(done(index))).collect()
    }

    fn steps(&self) -> u64 {
        let [before, after] =
            self.graphs.each_ref().map(|graph| graph.actors.iter().map(|actor| actor.steps).sum());
        u64::saturating_sub(after, before)
    }

    fn kind(&self) -> Kind {
        let progress = self.progress();
        let (all, least) = (progress.iter().sum::<u64>(), progress.iter().min().copied().unwrap_or(0));
        let fair = all as f64 / progress.len().max(1) as f64;
        let computes = self.cpu_seconds.is_some_and(|seconds| seconds > COMPUTES * self.seconds);
        match all {
            _ if self.ended => Kind::Ended,
            0 if computes || self.steps() > 0 => Kind::Livelock,
            0 => Kind::Deadlock,
            _ if (least as f64) < STARVES * fair => Kind::Starvation,
            _ => Kind::GetsOn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::Actor;
    use super::*;

    fn window(progress: [u64; 2], steps: u64, cpu: f64) -> Window {
        let graph = |progress: [u64; 2], steps| Graph {
            actors: progress
                .map(|progress| Actor { name: "a".into(), wants: None, steps, progress })
                .to_vec(),
            locks: Vec::new(),
        };
        let graphs = [graph([10, 10], 5), graph(progress.map(|progress| 10 + progress), 5 + steps)];
        Window { seconds: 0.3, cpu_seconds: Some(cpu), graphs, ended: false }
    }

    #[test]
    fn kinds_follow_progress_steps_and_time_on_cores() {
        assert_eq!(window([0, 0], 0, 0.001).kind(), Kind::Deadlock);
        assert_eq!(window([0, 0], 40, 0.001).kind(), Kind::Livelock);
        assert_eq!(window([0, 0], 0, 0.3).kind(), Kind::Livelock);
        assert_eq!(window([1_000, 0], 40, 0.3).kind(), Kind::Starvation);
        assert_eq!(window([1_000, 900], 40, 0.3).kind(), Kind::GetsOn);
    }
}
