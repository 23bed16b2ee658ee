//! Work stealing as rayon does it: ranges that are split in halves, a deque for each worker, idle workers that look into
//! the others' deques, and sleepers that are woken.
//!
//! What is followed, in rayon 1.12 and rayon-core 1.13:
//!
//! | here | there |
//! |---|---|
//! | [`Splitter`] | `Splitter` and `LengthSplitter`, rayon/src/iter/plumbing/mod.rs |
//! | a split pushes the right half and goes on with the left; then the newest of the own deque | `join_context`, rayon-core/src/join/mod.rs |
//! | a thief takes the oldest piece of the first worker that has one, from a random worker on | `WorkerThread::steal`, rayon-core/src/registry.rs |
//! | who is woken by a new piece, and by a thief that found one | `new_jobs` and `work_found`, rayon-core/src/sleep/mod.rs |
//!
//! Left out: what comes after a piece of work, as adding up results, and the time that it takes to wake somebody else.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Range;

use super::event::Time;
use super::ledger::Ledger;

/// When a range is split once more.
#[derive(Debug, Clone, Copy)]
pub(super) enum Splitter {
    /// Rayon's: so many more times, and no piece shorter than `min_len`.
    Adaptive { splits: usize, min_len: usize },
    /// Always, down to pieces of `grain` tasks.
    Fixed { grain: usize },
}

/// A range of tasks that waits in a deque or is being split.
#[derive(Debug, Clone)]
struct Job {
    tasks: Range<usize>,
    splitter: Splitter,
    stolen: bool,
}

/// What a worker is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// It goes on with its job, or looks for one.
    Go,
    /// It falls asleep, unless it has found something since it began to look for the time with this number.
    Sleep { looks: u64 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Asleep,
    /// Woken, and not yet running.
    Waking,
    /// Running without a job.
    Looking,
    Busy,
}

struct Worker {
    state: State,
    job: Option<Job>,
    deque: VecDeque<Job>,
    /// Whether it has stolen, and done no task since.
    has_stolen: bool,
    /// How often it began to look for work.
    looks: u64,
}

struct Pool<'l, 't> {
    ledger: &'l mut Ledger<'t>,
    workers: Vec<Worker>,
    /// What happens next; the number keeps what happens at one time in order.
    events: BinaryHeap<Reverse<(Time, u64, usize, Step)>>,
    count: u64,
    rng: fastrand::Rng,
    /// The pieces that lie in deques.
    waiting: usize,
}

/// Runs all tasks of the ledger. The pool sleeps; its first worker is woken with the whole range.
pub(super) fn steal(ledger: &mut Ledger<'_>, splitter: Splitter, seed: u64) {
    let worker =
        || Worker { state: State::Asleep, job: None, deque: VecDeque::new(), has_stolen: false, looks: 0 };
    let workers = (0..ledger.workers()).map(|_| worker()).collect();
    let (tasks, wake) = (0..ledger.tasks.len(), ledger.costs.wake);
    let rng = fastrand::Rng::with_seed(seed);
    let mut pool = Pool { ledger, workers, events: BinaryHeap::new(), count: 0, rng, waiting: 0 };
    pool.workers[0].job = Some(Job { tasks, splitter, stolen: false });
    pool.workers[0].state = State::Busy;
    pool.after(wake, 0, Step::Go);
    while let Some(Reverse((Time(now), _, worker, step))) = pool.events.pop() {
        match step {
            Step::Go => pool.go(now, worker),
            Step::Sleep { looks } => pool.tire(worker, looks),
        }
    }
}

impl Splitter {
    /// Whether a range of `len` tasks is split once more, by one of so many workers.
    fn split(&mut self, len: usize, stolen: bool, workers: usize) -> bool {
        match self {
            Splitter::Fixed { grain } => len > *grain,
            Splitter::Adaptive { min_len, .. } if len / 2 < *min_len => false,
            Splitter::Adaptive { splits, .. } if stolen => {
                *splits = workers.max(*splits / 2);
                true
            }
            Splitter::Adaptive { splits: 0, .. } => false,
            Splitter::Adaptive { splits, .. } => {
                *splits /= 2;
                true
            }
        }
    }
}

impl Pool<'_, '_> {
    fn after(&mut self, time: f64, worker: usize, step: Step) {
        self.count += 1;
        self.events.push(Reverse((Time(time), self.count, worker, step)));
    }

    /// A worker goes on: with its job, else with the newest of its deque, else with somebody else's oldest.
    fn go(&mut self, now: f64, worker: usize) {
        let own = &mut self.workers[worker];
        let job = own.job.take().or_else(|| {
            let job = own.deque.pop_back();
            self.waiting -= usize::from(job.is_some());
            job.map(|job| Job { stolen: false, ..job })
        });
        match job {
            Some(job) => self.run(now, worker, job),
            None => self.look(now, worker),
        }
    }

    /// Splits the job, or does its tasks.
    fn run(&mut self, now: f64, worker: usize, mut job: Job) {
        let Range { start, end } = job.tasks;
        if job.splitter.split(end - start, job.stolen, self.workers.len()) {
            let middle = start + (end - start) / 2;
            self.workers[worker].job =
                Some(Job { tasks: start..middle, splitter: job.splitter, stolen: false });
            let join = self.ledger.costs.join;
            self.ledger.overhead(worker, join);
            self.after(now + join, worker, Step::Go);
            self.push(now, worker, Job { tasks: middle..end, splitter: job.splitter, stolen: false });
        } else {
            let stolen = std::mem::take(&mut self.workers[worker].has_stolen);
            let end = self.ledger.work(worker, now, job.tasks, stolen);
            self.after(end, worker, Step::Go);
        }
    }

    /// Puts a job into the worker's deque, and sees to it that somebody comes for it.
    fn push(&mut self, now: f64, worker: usize, job: Job) {
        let was_empty = self.workers[worker].deque.is_empty();
        self.workers[worker].deque.push_back(job);
        self.waiting += 1;
        let idle = self.count_of(State::Looking) + self.count_of(State::Waking);
        if !was_empty || idle == 0 {
            self.wake(now, 1);
        }
        // Of those who look, chance decides who sees it first.
        let looking = self.count_of(State::Looking);
        if looking > 0 {
            let nth = self.rng.usize(..looking);
            let mut lookers = (0..self.workers.len()).filter(|&w| self.workers[w].state == State::Looking);
            if let Some(thief) = lookers.nth(nth) {
                self.look(now, thief);
            }
        }
    }

    /// Looks into the deques of the others, from a random one on, and takes the oldest piece of the first that has one.
    fn look(&mut self, now: f64, worker: usize) {
        let count = self.workers.len();
        let from = self.rng.usize(..count);
        let victims = (from..count).chain(0..from).filter(|&victim| victim != worker);
        let found = match self.waiting {
            0 => None,
            _ => victims.into_iter().find_map(|victim| self.workers[victim].deque.pop_front()),
        };
        let own = &mut self.workers[worker];
        match found {
            Some(job) => {
                own.state = State::Busy;
                own.job = Some(Job { stolen: true, ..job });
                own.has_stolen = true;
                self.waiting -= 1;
                self.ledger.shares[worker].steals += 1;
                let steal = self.ledger.costs.steal;
                self.ledger.overhead(worker, steal);
                self.after(now + steal, worker, Step::Go);
                // Whoever finds work wakes up to two sleepers, who may find some as well.
                self.wake(now, 2);
            }
            None if own.state == State::Looking => (),
            None => {
                own.state = State::Looking;
                own.looks += 1;
                let (looks, patience) = (own.looks, self.ledger.costs.patience);
                self.after(now + patience, worker, Step::Sleep { looks });
            }
        }
    }

    /// Puts a worker to sleep that has looked in vain ever since.
    fn tire(&mut self, worker: usize, looks: u64) {
        let own = &mut self.workers[worker];
        if own.state == State::Looking && own.looks == looks {
            own.state = State::Asleep;
        }
    }

    /// Wakes the first sleepers, so many at most.
    fn wake(&mut self, now: f64, most: usize) {
        for _ in 0..most {
            let sleeper = self.workers.iter().position(|worker| worker.state == State::Asleep);
            let Some(sleeper) = sleeper else { return };
            self.workers[sleeper].state = State::Waking;
            self.after(now + self.ledger.costs.wake, sleeper, Step::Go);
        }
    }

    fn count_of(&self, state: State) -> usize {
        self.workers.iter().filter(|worker| worker.state == state).count()
    }
}
