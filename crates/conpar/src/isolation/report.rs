//! The result, as plain data: every job that was given out, every worker that there was.

use serde::{Deserialize, Serialize};

use super::end::End;
use super::log::{Event, Line};
use crate::child::How;

/// What became of the jobs and of the workers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobReport {
    /// The name of the pool.
    pub name: String,
    /// How many jobs there were, numbered from 0.
    pub jobs: u64,
    /// The cores that the program could use.
    pub cores: usize,
    /// From the begin of the record to its last line, in seconds.
    pub seconds: f64,
    /// Every worker, in the order in which they were started.
    pub lives: Vec<Life>,
    /// Every time that a job was given out, in that order.
    pub tries: Vec<Try>,
    /// How the whole program ended.
    pub how: How,
    /// What the pool left behind, where it came to its end and the system tells.
    pub left: Option<Left>,
    /// What the program did otherwise than it was asked to, and why.
    pub notes: Vec<String>,
}

/// A worker, from its start to its end. The next one of the same number takes its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Life {
    /// Its number, counted from 0.
    pub worker: usize,
    /// When it was started, in seconds since the record was begun.
    pub started: f64,
    /// When it was seen to have ended, or the next one took its place.
    pub ended: Option<f64>,
    /// How it ended; `None` where nobody looked, or the program ended first.
    pub end: Option<End>,
}

/// A job that was given to a worker.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Try {
    /// The worker.
    pub worker: usize,
    /// The job.
    pub job: u64,
    /// When it was given to it, in seconds since the record was begun.
    pub given: f64,
    /// When it was answered, or the worker was seen to have ended; `None` where neither was.
    pub until: Option<f64>,
    /// The answer, where there was one.
    pub answer: Option<u64>,
}

/// What a pool left behind in its program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Processes that still run.
    pub children: usize,
    /// Processes that have ended and were not waited for.
    pub zombies: usize,
    /// Descriptors that are open and were not before.
    pub descriptors: usize,
}

impl JobReport {
    /// Puts a record together.
    pub(super) fn new(name: &str, cores: usize, how: How, lines: &[Line]) -> JobReport {
        let mut report = JobReport {
            name: name.to_owned(),
            jobs: 0,
            cores,
            seconds: 0.0,
            lives: Vec::new(),
            tries: Vec::new(),
            how,
            left: None,
            notes: Vec::new(),
        };
        lines.iter().for_each(|line| report.add(line));
        report
    }

    fn add(&mut self, Line { at, event }: &Line) {
        let at = *at;
        self.seconds = self.seconds.max(at);
        match event {
            Event::Begun { jobs } => self.jobs = *jobs,
            Event::Noted(note) => self.notes.push(note.clone()),
            Event::Started { worker } => {
                // Nobody waits any more for what its predecessor had.
                self.close(*worker, at, None);
                self.lives.push(Life { worker: *worker, started: at, ended: None, end: None });
            }
            Event::Given { worker, job } => {
                self.tries.push(Try { worker: *worker, job: *job, given: at, until: None, answer: None });
            }
            Event::Done { worker, job, answer } => {
                let (until, answer) = (Some(at), Some(*answer));
                let open = |one: &&mut Try| one.worker == *worker && one.job == *job && one.until.is_none();
                match self.tries.iter_mut().rev().find(open) {
                    Some(open) => (open.until, open.answer) = (until, answer),
                    // An answer to what was not asked, or was answered before: it counts all the same.
                    None => self.tries.push(Try { worker: *worker, job: *job, given: at, until, answer }),
                }
            }
            Event::Ended { worker, end } => self.close(*worker, at, Some(end)),
            Event::Over { before, after } => {
                self.left = before.zip(*after).map(|(before, after)| Left {
                    children: after.children.saturating_sub(before.children),
                    zombies: after.zombies.saturating_sub(before.zombies),
                    descriptors: after.descriptors.saturating_sub(before.descriptors),
                });
            }
        }
    }

    /// The worker of this number has ended: what it had not answered it never will.
    fn close(&mut self, worker: usize, at: f64, end: Option<&End>) {
        let open = |one: &&mut Try| one.worker == worker && one.until.is_none();
        self.tries.iter_mut().filter(open).for_each(|open| open.until = Some(at));
        let life = self.lives.iter_mut().rev().find(|life| life.worker == worker);
        if let Some(life) = life.filter(|life| life.ended.is_none()) {
            (life.ended, life.end) = (Some(at), end.cloned());
        }
    }

    /// How many answers to each job were taken.
    fn answers(&self) -> Vec<usize> {
        let mut answers = vec![0; self.jobs as usize];
        for answered in self.tries.iter().filter(|one| one.answer.is_some()) {
            if let Some(count) = answers.get_mut(answered.job as usize) {
                *count += 1;
            }
        }
        answers
    }

    fn jobs_with(&self, wanted: impl Fn(usize) -> bool) -> Vec<u64> {
        (0..).zip(self.answers()).filter(|&(_, count)| wanted(count)).map(|(job, _)| job).collect()
    }

    /// The jobs without an answer.
    pub fn lost(&self) -> Vec<u64> {
        self.jobs_with(|answers| answers == 0)
    }

    /// The jobs of which more than one answer was taken.
    pub fn twice(&self) -> Vec<u64> {
        self.jobs_with(|answers| answers > 1)
    }

    /// How often a job was given out that had been given out before.
    pub fn repeats(&self) -> usize {
        let mut given: Vec<u64> = self.tries.iter().map(|one| one.job).collect();
        given.sort_unstable();
        given.windows(2).filter(|pair| pair[0] == pair[1]).count()
    }

    /// The share of the jobs that have an answer.
    pub fn share_done(&self) -> f64 {
        let done = self.jobs_with(|answers| answers > 0).len();
        done as f64 / self.jobs.max(1) as f64
    }

    /// The sum of all answers that were taken, modulo 2⁶⁴.
    pub fn total(&self) -> u64 {
        self.tries.iter().filter_map(|one| one.answer).fold(0, u64::wrapping_add)
    }

    /// The workers that ended before there was nothing left to do.
    pub fn deaths(&self) -> impl Iterator<Item = &Life> {
        self.lives.iter().filter(|life| life.end.as_ref().is_some_and(End::is_death))
    }

    /// How many workers there were at once, at least.
    pub fn workers(&self) -> usize {
        self.lives.iter().map(|life| life.worker + 1).max().unwrap_or(0)
    }

    /// Whether the try is one of a job that had been given out before.
    pub fn is_again(&self, number: usize) -> bool {
        self.tries[..number].iter().any(|before| before.job == self.tries[number].job)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(events: Vec<Event>) -> JobReport {
        let lines: Vec<Line> =
            (0..).zip(events).map(|(at, event)| Line { at: f64::from(at), event }).collect();
        JobReport::new("pool", 2, How::Exited(0), &lines)
    }

    #[test]
    fn jobs_are_counted_by_the_answers_that_were_taken() {
        let done = |job, answer| Event::Done { worker: 0, job, answer };
        let given = |job| Event::Given { worker: 0, job };
        let report = report(vec![
            Event::Begun { jobs: 4 },
            Event::Started { worker: 0 },
            given(0),
            given(1),
            done(0, 10),
            Event::Ended { worker: 0, end: End::Aborted },
            Event::Started { worker: 0 },
            given(1),
            done(1, 20),
            given(2),
            done(2, 30),
            done(2, 30),
        ]);
        assert_eq!((report.lost(), report.twice(), report.repeats()), (vec![3], vec![2], 2));
        assert_eq!((report.share_done(), report.total()), (0.75, 90));
        assert_eq!(report.deaths().map(|life| life.started).collect::<Vec<_>>(), [1.0]);
        assert_eq!(report.tries[1], Try { worker: 0, job: 1, given: 3.0, until: Some(5.0), answer: None });
        assert!(report.is_again(2) && !report.is_again(1));
        assert_eq!((report.workers(), report.left), (1, None));
    }
}
