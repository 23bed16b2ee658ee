//! A program is tried: first what it computes, then how fast.
//!
//! [`measure`] and [`compare`] run in the child, as what its `main` calls; the rest runs in the kernel.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::child::{How, child, joined, tell_and_end};
use crate::language::{say, word};
use crate::measure::{Drawn, Estimate, RESAMPLES, Sample, Samples, Width, watch};
use crate::speedup::{Scaling, speedup};
use crate::{Error, machine};

/// Serial code, told how much there is to do.
pub type Serial = fn(usize) -> u64;

/// Parallel code, told how much there is to do and with how many workers.
pub type Mine = fn(usize, usize) -> u64;

/// How long one run may take before it counts as one that never ends. The longest of the programs takes a tenth of a second.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often each check is made: a race need not show at once.
const TRIES: usize = 3;

/// How often the time on cores is measured.
const LOOKS: usize = 15;

/// How long the measurement may take for each program in it.
const BUDGET: Duration = Duration::from_millis(1_500);

/// What came of a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Trial {
    /// A result was not the one of serial code.
    Wrong {
        /// How much there was to do.
        size: usize,
        /// The number of workers.
        workers: usize,
        /// What it computed.
        value: u64,
        /// What serial code computes.
        expected: u64,
    },
    /// A run did not come back.
    NeverEnds {
        /// Its number of workers, where it is known which run it was.
        workers: Option<usize>,
    },
    /// It ended in the middle: by a panic, a signal, an `exit`.
    Broke {
        /// What is known of why.
        reason: String,
    },
    /// It was measured.
    Measured {
        /// How fast it was, beside serial code; of an edited one also beside the one that was drawn.
        scaling: Box<Scaling>,
        /// What its last arm made of the cores, on all of them; `None` where the system does not tell.
        used: Option<Used>,
    },
}

/// What a program makes of the cores' time. A speedup is lost in two ways only: cores are idle, or they do more than serial
/// code has to. With so many workers as cores, the speedup is workers × busy / cost.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Used {
    /// The share of the time, from start to end and of all cores, in which a core ran the program.
    pub busy: Estimate,
    /// The time on cores, as a multiple of that of serial code.
    pub cost: Estimate,
}

/// In a child: measures `mine` beside `serial`, tells the kernel, and ends the process.
pub fn measure(size: usize, serial: Serial, mine: Mine) {
    tried(size, serial, &[("mine", mine)])
}

/// In a child: checks `edited` against `serial`, measures it beside the program that was `drawn`, tells the kernel, and ends
/// the process.
pub fn compare((size, serial, drawn): (usize, Serial, Mine), edited: Mine) {
    let names = word!(en: ["drawn", "edited"], pt: ["sorteado", "editado"]);
    tried(size, serial, &[(names[0], drawn), (names[1], edited)])
}

/// Builds the program, lets it check its results on these `sizes` besides its own, and gives what came of it.
pub(super) fn run(text: &str, sizes: &[u64], deadline: Duration) -> Result<Trial, Error> {
    let ended = child(text)?.args(sizes).deadline(deadline).run()?;
    match (ended.told(), ended.how) {
        (Some(trial), _) => Ok(trial),
        (None, How::Deadline) => Ok(Trial::NeverEnds { workers: None }),
        // What could not be measured is no fault of the program's.
        (None, How::Exited(UNMEASURED)) => Err(Error::ChildFailed {
            what: say!(en: "the measurement", pt: "a medição"),
            reason: ended.last_lines(),
        }),
        (None, how) => Ok(Trial::Broke { reason: format!("{} {}", how.words(), ended.last_lines()) }),
    }
}

/// The program that holds both: each a module of its own, so that they share no name.
pub(super) fn beside(drawn: &str, edited: &str, path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let edited = joined(&[(&name, edited)]);
    format!(
        "mod drawn {{\n{drawn}\
         pub(super) const ALL: (usize, conpar::challenge::Serial, conpar::challenge::Mine) = (SIZE, serial, mine);\n}}\n\
         mod edited {{\n{edited}\
         pub(super) const CONPAR_MINE: conpar::challenge::Mine = mine;\n}}\n\
         fn main() {{\n    conpar::challenge::compare(drawn::ALL, edited::CONPAR_MINE)\n}}\n"
    )
}

/// The exit code of a child in which nothing could be measured.
const UNMEASURED: i32 = 77;

/// Of the run that is on, while results are checked: which one it is, and with how many workers; 0 when the checks are over.
/// Nothing is published with these numbers: `Relaxed` is enough.
static RUN: AtomicUsize = AtomicUsize::new(0);
static WORKERS: AtomicUsize = AtomicUsize::new(0);

fn tried(size: usize, serial: Serial, arms: &[(&str, Mine)]) -> ! {
    let Some(&(_, mine)) = arms.last() else { std::process::exit(UNMEASURED) };
    let cores = machine::available_cores();
    check(size, serial, mine, cores);
    let used = used(size, serial, mine, cores);
    let experiment = speedup("mine").serial(|| serial(size)).budget(BUDGET * arms.len() as u32);
    // An edit is held against what the cores give to this very work. What limits the program that was drawn, its memory
    // included, shows against work that shares nothing at all.
    let experiment = if arms.len() > 1 { experiment.ceiling(move || serial(size)) } else { experiment };
    let measured = arms
        .iter()
        .fold(experiment, |experiment, &(name, mine)| {
            experiment.threads(name, move |workers| mine(size, workers))
        })
        .measure_with(&mut |_, _| ());
    match measured {
        Ok(scaling) => tell_and_end(&Trial::Measured { scaling: Box::new(scaling), used }),
        Err(error @ (Error::DifferentResults { .. } | Error::Panicked { .. })) => {
            tell_and_end(&Trial::Broke { reason: error.to_string() })
        }
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(UNMEASURED)
        }
    }
}

/// Ends the process with what was found, unless all results are right.
fn check(size: usize, serial: Serial, mine: Mine, cores: usize) {
    let hidden = std::env::args().skip(1).filter_map(|size| size.parse().ok());
    let counts = [1, 2, 3, cores];
    WORKERS.store(1, Ordering::Relaxed);
    std::thread::spawn(watch_over_runs);
    for size in hidden.chain([size]) {
        let expected = serial(size);
        for workers in counts.into_iter().cycle().take(TRIES * counts.len()) {
            WORKERS.store(workers, Ordering::Relaxed);
            let value = mine(size, workers);
            RUN.fetch_add(1, Ordering::Relaxed);
            if value != expected {
                tell_and_end(&Trial::Wrong { size, workers, value, expected });
            }
        }
    }
    WORKERS.store(0, Ordering::Relaxed);
}

/// Ends the process when one run is still on after so long.
fn watch_over_runs() {
    loop {
        let run = RUN.load(Ordering::Relaxed);
        std::thread::sleep(PATIENCE);
        match WORKERS.load(Ordering::Relaxed) {
            0 => return,
            workers if RUN.load(Ordering::Relaxed) == run => {
                tell_and_end(&Trial::NeverEnds { workers: Some(workers) })
            }
            _ => (),
        }
    }
}

/// What the program makes of the cores' time.
fn used(size: usize, serial: Serial, mine: Mine, cores: usize) -> Option<Used> {
    let timed = |threads: usize, run: &dyn Fn() -> u64| {
        let (seconds, clean) = watch(Width { threads, cores }, || cpu_and_wall(run));
        let [cpu, wall] = seconds?;
        Some([cpu, wall].map(|seconds| Sample { seconds, clean: clean.unwrap_or(true) }))
    };
    let mut arms = vec![Vec::new(); 3];
    for _ in 0..LOOKS {
        let [alone, _] = timed(1, &|| serial(size))?;
        let [cpu, wall] = timed(cores, &|| mine(size, cores))?;
        arms.iter_mut().zip([alone, cpu, wall]).for_each(|(arm, sample)| arm.push(sample));
    }
    let samples = Samples::new(arms);
    let drawn = Drawn::new(&samples, RESAMPLES);
    Some(Used {
        busy: drawn.estimate(|times| samples.ratio(times, 1, 2) / cores as f64),
        cost: drawn.estimate(|times| samples.ratio(times, 1, 0)),
    })
}

/// The time on cores, and from start to end, in seconds; `None` where the system does not tell.
fn cpu_and_wall(run: &dyn Fn() -> u64) -> Option<[f64; 2]> {
    let (cpu, wall) = (machine::process_cpu_time()?, Instant::now());
    std::hint::black_box(run());
    let wall = wall.elapsed().as_secs_f64();
    Some([(machine::process_cpu_time()? - cpu).as_secs_f64(), wall])
}
