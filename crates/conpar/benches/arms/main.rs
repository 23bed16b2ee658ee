//! Rust beside C with OpenMP: the same works, serial and on 1 to all cores, timed in one run.
//!
//! `cargo bench -p conpar --bench arms`; more in `crates/conpar/benches/README.md`.

mod arms;
mod compare;
mod openmp;
mod report;
mod workloads;

use std::process::ExitCode;
use std::time::Duration;

use conpar::machine::available_cores;

use arms::Arms;
use compare::Compare;
use openmp::OpenMp;
use report::{Conditions, Report};
use workloads::{NAMES, Size, visit};

const USAGE: &str = "\
cargo bench -p conpar --bench arms -- [OPTION]... [WORKLOAD]...

Times each workload, or those named, serial, with rayon, with scoped threads, and in C with OpenMP.

  --budget SECONDS   the time for each workload, 8 without it
  --json FILE        writes the results as JSON too
  --markdown FILE    writes the table as Markdown too
  --list             names the workloads";

struct Options {
    budget: Duration,
    json: Option<String>,
    markdown: Option<String>,
    names: Vec<String>,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => return ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("{wrong}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// What was asked for; nothing where the question was answered already.
fn options(mut arguments: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options =
        Options { budget: Duration::from_secs(8), json: None, markdown: None, names: Vec::new() };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            // Cargo says this to every bench.
            "--bench" => (),
            "--budget" => {
                let seconds = value()?.parse().ok().filter(|seconds| (0.1..=600.0).contains(seconds));
                options.budget =
                    Duration::from_secs_f64(seconds.ok_or("the budget is from 0.1 to 600 seconds")?);
            }
            "--json" => options.json = Some(value()?),
            "--markdown" => options.markdown = Some(value()?),
            "--help" => {
                println!("{USAGE}");
                return Ok(None);
            }
            "--list" => {
                println!("{}", NAMES.join("\n"));
                return Ok(None);
            }
            name if NAMES.contains(&name) => options.names.push(argument),
            other => return Err(format!("`{other}` is none of {}", NAMES.join(", "))),
        }
    }
    if options.names.is_empty() {
        options.names = NAMES.map(str::to_owned).to_vec();
    }
    Ok(Some(options))
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    if std::env::var_os("OMP_WAIT_POLICY").is_none() && std::env::var_os("GOMP_SPINCOUNT").is_none() {
        // SAFETY: no other thread runs yet. gcc's OpenMP reads it when it is loaded. Without it idle OpenMP threads spin for
        // milliseconds, on cores that belong to the next arm; so many steps are some tens of microseconds, after which
        // rayon's workers too fall asleep.
        unsafe { std::env::set_var("GOMP_SPINCOUNT", "1000") };
    }
    let c = OpenMp::compile().inspect_err(|reason| eprintln!("{reason}")).ok();
    // On many cores the ends and the powers of two in between: each arm takes its time in every round.
    let cores = available_cores();
    let mut counts: Vec<usize> = (0..).map(|power| 1 << power).take_while(|&count| count < cores).collect();
    counts.push(cores);
    let arms = Arms::new(&counts, c)?;
    let mut compare = Compare::new(&arms, counts, options.budget);
    let mut report = Report { conditions: Conditions::of(&arms)?, rows: Vec::new() };
    println!("{}\n\n{}", report.conditions, report::HEADER);
    for name in &options.names {
        visit(name, Size::Full, &mut compare)?;
        for row in compare.rows.drain(..) {
            println!("{row}");
            report.rows.push(row);
        }
    }
    println!("\n{}", report::LEGEND);
    if let Some(file) = &options.json {
        std::fs::write(file, serde_json::to_string_pretty(&report)?)?;
    }
    if let Some(file) = &options.markdown {
        std::fs::write(file, report.markdown())?;
    }
    Ok(())
}
