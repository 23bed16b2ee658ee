//! What runs in the child: makes units that wait, and reads how much memory they take.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::run::Told;
use crate::language::say;

/// How many units are made between two looks at the bound.
const BETWEEN_LOOKS: u64 = 1_000;

/// How often it is looked whether all are there.
const LOOK: Duration = Duration::from_micros(100);

/// Makes units that wait, and reads the memory at certain numbers of them.
///
/// The program's arguments are the most memory that it may take, in bytes, and the numbers of units, which ascend.
///
/// Memory is the process's share of all pages that are mapped in it (`Pss` of `/proc/self/smaps_rollup`: a page that two
/// processes share counts half), and the tables that map them (`VmPTE` of `/proc/self/status`); of the process and of its
/// children (proc_pid_smaps(5), proc_pid_status(5)). What the system keeps for a thread besides, its stack in the kernel, is
/// known only of all programs together (`KernelStack` of `/proc/meminfo`) and told apart.
#[derive(Debug)]
pub struct Gauge {
    most: u64,
    steps: Vec<u64>,
    here: Here,
    before: (u64, u64),
}

/// What a unit says when it is there and about to wait.
#[derive(Debug, Clone, Default)]
pub struct Here(Arc<AtomicU64>);

impl Here {
    /// I am here, and will wait now.
    pub fn now(&self) {
        self.0.fetch_add(1, Ordering::Release);
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}

impl Gauge {
    /// Reads the arguments, and the memory before there are units.
    pub fn start() -> Gauge {
        let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
        let most = arguments.next().unwrap_or(u64::MAX);
        Gauge {
            most,
            steps: arguments.collect(),
            here: Here::default(),
            before: (resident(), kernel_stacks()),
        }
    }

    /// Makes the units one after the other with `unit`, which starts one and returns what has to be kept of it. When all are
    /// there, tells the memory, at each number that was asked for. Where no more can be made, tells why. The first argument of
    /// `unit` is its number, from 0.
    pub fn fill<T>(&self, mut unit: impl FnMut(u64, Here) -> std::io::Result<T>) -> Vec<T> {
        let mut kept = Vec::new();
        for &step in &self.steps {
            let stopped = self.add(&mut kept, step, &mut unit);
            while self.here.count() < kept.len() as u64 {
                std::thread::sleep(LOOK);
            }
            self.tell(kept.len() as u64, stopped.clone());
            if stopped.is_some() {
                break;
            }
        }
        kept
    }

    /// The same for tasks of a runtime of one thread: they come to run only where this gives way.
    pub async fn fill_tasks<T>(&self, mut unit: impl FnMut(u64, Here) -> std::io::Result<T>) -> Vec<T> {
        let mut kept = Vec::new();
        for &step in &self.steps {
            let stopped = self.add(&mut kept, step, &mut unit);
            while self.here.count() < kept.len() as u64 {
                tokio::task::yield_now().await;
            }
            self.tell(kept.len() as u64, stopped.clone());
            if stopped.is_some() {
                break;
            }
        }
        kept
    }

    /// Tells what the units computed, after they waited.
    pub fn result(&self, result: u64) {
        self.print(&Told { units: self.here.count(), result: Some(result), ..Told::default() });
    }

    fn add<T>(
        &self,
        kept: &mut Vec<T>,
        step: u64,
        unit: &mut dyn FnMut(u64, Here) -> std::io::Result<T>,
    ) -> Option<String> {
        for number in kept.len() as u64..step {
            if number % BETWEEN_LOOKS == BETWEEN_LOOKS - 1 && in_memory() > self.most {
                return Some(say!(
                    en: "its {} bytes of memory are used up",
                    pt: "seus {} bytes de memória se esgotaram",
                    self.most
                ));
            }
            match unit(number, self.here.clone()) {
                Ok(made) => kept.push(made),
                Err(error) => return Some(error.to_string()),
            }
        }
        None
    }

    fn tell(&self, units: u64, stopped: Option<String>) {
        let grown = |now: u64, before: u64| Some(now as i64 - before as i64);
        let (bytes, kernel) = (grown(resident(), self.before.0), grown(kernel_stacks(), self.before.1));
        self.print(&Told { units, bytes, kernel, stopped, ..Told::default() });
    }

    fn print(&self, told: &Told) {
        println!("{}", serde_json::to_string(told).unwrap_or_default());
    }
}

/// The memory of this process and of its children, in bytes.
fn resident() -> u64 {
    let own = std::process::id();
    let children = std::fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
    let all = children.split_whitespace().map(str::to_owned).chain([own.to_string()]);
    all.map(|id| of_process(&id)).sum()
}

fn of_process(id: &str) -> u64 {
    kibibytes(&format!("/proc/{id}/smaps_rollup"), "Pss:")
        + kibibytes(&format!("/proc/{id}/status"), "VmPTE:")
}

/// The pages of this process that are in memory, shared ones in full, in bytes: quick to read.
fn in_memory() -> u64 {
    kibibytes("/proc/self/status", "VmRSS:")
}

/// The stacks that the system's kernel keeps for the threads of all programs, in bytes.
fn kernel_stacks() -> u64 {
    kibibytes("/proc/meminfo", "KernelStack:")
}

/// The number in the line that begins with `name`, in bytes.
fn kibibytes(file: &str, name: &str) -> u64 {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    value.unwrap_or(0) << 10
}
