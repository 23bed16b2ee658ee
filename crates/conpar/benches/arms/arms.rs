//! Runs a workload in one of its ways, on threads that are all bound to cores in the same manner.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use conpar::machine;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::openmp::OpenMp;
use crate::workloads::Workload;

/// One of the ways to do a work, with its number of workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Arm {
    /// The serial Rust code.
    Serial,
    /// Rust with rayon.
    Rayon(usize),
    /// Rust with scoped threads of the standard library.
    Threads(usize),
    /// C with OpenMP.
    OpenMp(usize),
}

/// All that the ways need to run. Every worker is bound to a core; the thread that calls only waits for them.
pub(crate) struct Arms {
    pools: BTreeMap<usize, ThreadPool>,
    c: Option<OpenMp>,
    /// OpenMP keeps its threads for the thread that calls it, as long as it asks for the same number. So each number has a
    /// thread of its own that calls, worker 0: a pool of one.
    masters: BTreeMap<usize, ThreadPool>,
}

impl Arms {
    /// Starts the pools for these numbers of workers, 1 among them.
    pub(crate) fn new(counts: &[usize], c: Option<OpenMp>) -> Result<Arms, ThreadPoolBuildError> {
        let pool = |threads| {
            let bound = ThreadPoolBuilder::new().start_handler(|nth| _ = machine::bind_to(nth));
            bound.num_threads(threads).build()
        };
        let mut arms = Arms { pools: BTreeMap::new(), c, masters: BTreeMap::new() };
        for &workers in counts {
            arms.pools.insert(workers, pool(workers)?);
            if let Some(c) = &arms.c {
                let master = ThreadPoolBuilder::new().num_threads(1).build()?;
                master.install(|| c.bind(workers));
                arms.masters.insert(workers, master);
            }
        }
        Ok(arms)
    }

    /// The C side, where there is one.
    pub(crate) fn c(&self) -> Option<&OpenMp> {
        self.c.as_ref()
    }

    /// All ways with all numbers of workers, serial first.
    pub(crate) fn all(&self) -> Vec<Arm> {
        let mut all = vec![Arm::Serial];
        for &workers in self.pools.keys() {
            all.extend([Arm::Rayon(workers), Arm::Threads(workers)]);
            all.extend(self.c.as_ref().map(|_| Arm::OpenMp(workers)));
        }
        all
    }

    /// Runs the work once and gives the time from the call until the result is there.
    pub(crate) fn run<W: Workload>(&self, arm: Arm, work: &W, out: &mut W::Output) -> Duration {
        work.prepare(out);
        let start = Instant::now();
        match arm {
            Arm::Serial => self.pools[&1].install(|| work.serial(out)),
            Arm::Rayon(workers) => self.pools[&workers].install(|| work.rayon(out)),
            Arm::Threads(workers) => work.threads(workers, out),
            Arm::OpenMp(workers) => {
                let Some(c) = &self.c else { unreachable!("`all` names no OpenMP arm without it") };
                self.masters[&workers].install(|| work.openmp(c, workers, out));
            }
        }
        start.elapsed()
    }

    /// Runs every way and gives those whose result is not equal to serial's: none, if all is well.
    pub(crate) fn different<W: Workload>(&self, work: &W) -> Vec<Arm> {
        let result = |arm| {
            let mut out = work.blank();
            self.run(arm, work, &mut out);
            out
        };
        let expected = result(Arm::Serial);
        self.all().into_iter().filter(|&arm| result(arm) != expected).collect()
    }
}
