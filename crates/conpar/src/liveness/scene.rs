//! Who acts and what is locked, in the process of the child: kept while it runs, read by its watchdog.
//!
//! Recording is two stores into atomics that belong to one actor and one lock, so that it hardly changes how threads meet.
//! An owner is written after a lock was taken and erased before it is released: who is named holds it.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::graph::{Actor, Graph, Lock};
use crate::language::word;

/// Nobody, or nothing, in an atomic.
const NONE: usize = usize::MAX;

/// The most steps in words that are kept of one run.
const MOST_STEPS: usize = 200;

#[derive(Debug)]
pub(super) struct ActorState {
    id: usize,
    name: String,
    wants: AtomicUsize,
    steps: AtomicU64,
    progress: AtomicU64,
}

#[derive(Debug)]
pub(super) struct LockState {
    id: usize,
    name: String,
    owner: AtomicUsize,
}

#[derive(Default)]
struct Scene {
    actors: Vec<Arc<ActorState>>,
    locks: Vec<Arc<LockState>>,
    steps: Vec<String>,
}

static SCENE: Mutex<Scene> = Mutex::new(Scene { actors: Vec::new(), locks: Vec::new(), steps: Vec::new() });

/// Whether steps are kept in words: only in a model, where time does not count.
static TOLD: AtomicBool = AtomicBool::new(false);

/// Whether what happens next is that somebody tries to take a lock.
static AT_A_LOCK: AtomicBool = AtomicBool::new(false);

/// How many actors work at this moment, and how many did at most.
static WORKING: AtomicUsize = AtomicUsize::new(0);
static MOST_WORKING: AtomicUsize = AtomicUsize::new(0);

fn scene() -> MutexGuard<'static, Scene> {
    SCENE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets all actors and locks: another run begins.
pub(super) fn clear() {
    *scene() = Scene::default();
    WORKING.store(0, Ordering::Relaxed);
}

/// Keeps steps in words from now on.
pub(super) fn tell() {
    TOLD.store(true, Ordering::Relaxed);
}

/// Whether the last that was recorded is that somebody tries to take a lock.
pub(super) fn is_at_a_lock() -> bool {
    AT_A_LOCK.load(Ordering::Relaxed)
}

/// The steps of this run in words.
pub(super) fn steps() -> Vec<String> {
    scene().steps.clone()
}

/// The most actors that worked at once, in any run.
pub(super) fn most_working() -> usize {
    MOST_WORKING.load(Ordering::Relaxed)
}

/// The graph at this moment. It is consistent where a second one is equal: then nobody took a step in between.
pub(super) fn graph() -> Graph {
    let scene = scene();
    let known = |value: usize| (value != NONE).then_some(value);
    let actor = |actor: &Arc<ActorState>| Actor {
        name: actor.name.clone(),
        steps: actor.steps.load(Ordering::SeqCst),
        wants: known(actor.wants.load(Ordering::SeqCst)),
        progress: actor.progress.load(Ordering::SeqCst),
    };
    let lock = |lock: &Arc<LockState>| Lock {
        name: lock.name.clone(),
        owner: known(lock.owner.load(Ordering::SeqCst)),
    };
    Graph { actors: scene.actors.iter().map(actor).collect(), locks: scene.locks.iter().map(lock).collect() }
}

pub(super) fn new_actor(name: String) -> Arc<ActorState> {
    let mut scene = scene();
    let [steps, progress] = [0, 0].map(AtomicU64::new);
    let actor =
        Arc::new(ActorState { id: scene.actors.len(), name, wants: AtomicUsize::new(NONE), steps, progress });
    scene.actors.push(Arc::clone(&actor));
    actor
}

pub(super) fn new_lock(name: String) -> Arc<LockState> {
    let mut scene = scene();
    let lock = Arc::new(LockState { id: scene.locks.len(), name, owner: AtomicUsize::new(NONE) });
    scene.locks.push(Arc::clone(&lock));
    lock
}

impl ActorState {
    /// Begins to wait.
    pub(super) fn wants(&self, lock: &LockState) {
        self.told(word!(en: "wants", pt: "quer"), lock);
        self.wants.store(lock.id, Ordering::SeqCst);
        self.tries();
    }

    /// Tries to take a lock.
    pub(super) fn tries(&self) {
        AT_A_LOCK.store(true, Ordering::Relaxed);
        self.step();
    }

    /// Has it.
    pub(super) fn has(&self, lock: &LockState) {
        self.told(word!(en: "takes", pt: "pega"), lock);
        lock.owner.store(self.id, Ordering::SeqCst);
        self.wants.store(NONE, Ordering::SeqCst);
        AT_A_LOCK.store(false, Ordering::Relaxed);
        self.step();
    }

    /// Is about to release it.
    pub(super) fn releases(&self, lock: &LockState) {
        self.told(word!(en: "releases", pt: "solta"), lock);
        lock.owner.store(NONE, Ordering::SeqCst);
        AT_A_LOCK.store(false, Ordering::Relaxed);
        self.step();
    }

    /// Begins a unit of work.
    pub(super) fn begins(&self) {
        let working = WORKING.fetch_add(1, Ordering::SeqCst) + 1;
        MOST_WORKING.fetch_max(working, Ordering::SeqCst);
    }

    /// Has done it.
    pub(super) fn ends(&self) {
        WORKING.fetch_sub(1, Ordering::SeqCst);
        self.progress.fetch_add(1, Ordering::SeqCst);
        self.step();
    }

    fn step(&self) {
        self.steps.fetch_add(1, Ordering::SeqCst);
    }

    fn told(&self, what: &str, lock: &LockState) {
        if TOLD.load(Ordering::Relaxed) {
            let steps = &mut scene().steps;
            if steps.len() < MOST_STEPS {
                steps.push(format!("{} {what} {}", self.name, lock.name));
            }
        }
    }
}
