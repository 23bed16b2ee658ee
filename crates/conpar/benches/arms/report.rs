//! The table, as text, Markdown and JSON.

use std::fmt::{self, Display};
use std::process::Command;

use conpar::machine::{self, Machine};
use conpar::measure::{Estimate, Estimator, Verdict};
use serde::Serialize;

use crate::arms::Arms;

/// All that was found, and under which conditions.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) conditions: Conditions,
    pub(crate) rows: Vec<Row>,
}

/// What has to be known to judge the times.
#[derive(Debug, Serialize)]
pub(crate) struct Conditions {
    machine: Machine,
    rustc: String,
    rust_target: &'static str,
    gcc: Option<String>,
    gcc_flags: Vec<String>,
}

/// A workload on so many workers.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) workload: &'static str,
    pub(crate) workers: usize,
    pub(crate) rounds: usize,
    pub(crate) serial: Time,
    pub(crate) rayon: Time,
    pub(crate) threads: Time,
    /// Which of the two parallel Rust codes was the faster.
    pub(crate) best: &'static str,
    /// The speedup of that one over serial, as a share of what the machine gave independent work.
    pub(crate) of_ceiling: Estimate,
    pub(crate) openmp: Option<Rival>,
}

/// The time of one arm.
#[derive(Debug, Serialize)]
pub(crate) struct Time {
    pub(crate) milliseconds: Estimate,
    /// How many samples nobody disturbed.
    pub(crate) clean: usize,
    pub(crate) estimator: Estimator,
}

/// OpenMP beside the better Rust code.
#[derive(Debug, Serialize)]
pub(crate) struct Rival {
    pub(crate) time: Time,
    /// Rust's time as a multiple of OpenMP's: below 1, Rust is the faster.
    pub(crate) ratio: Estimate,
    /// Whether Rust takes longer.
    pub(crate) verdict: Verdict,
    /// Whether there were enough samples that nobody disturbed.
    pub(crate) judged: bool,
}

/// What stands above the rows of the text.
pub(crate) const HEADER: &str = "workload        workers  serial, ms           rayon, ms            threads, ms          \
    OpenMP, ms           Rust / OpenMP            of ceiling           verdict";

/// What stands below them.
pub(crate) const LEGEND: &str = "\
Times are medians of the clean samples with 95% intervals; `min` marks the smallest of all samples, where too few were \
clean. Rust / OpenMP is the time of the faster of the two Rust codes over that of OpenMP: below 1, Rust is the faster. Of \
ceiling: that code's speedup over serial Rust, as a share of what the same number of cores gave independent work.";

const COLUMNS: [&str; 9] = [
    "workload",
    "workers",
    "serial, ms",
    "rayon, ms",
    "threads, ms",
    "OpenMP, ms",
    "Rust / OpenMP",
    "of ceiling",
    "verdict",
];

impl Conditions {
    pub(crate) fn of(arms: &Arms) -> Result<Conditions, conpar::Error> {
        let rustc = Command::new("rustc").arg("--version").output();
        let c = arms.c();
        Ok(Conditions {
            machine: machine::this_machine()?,
            rustc: rustc.map_or_else(
                |_| "unknown".to_owned(),
                |said| String::from_utf8_lossy(&said.stdout).trim().to_owned(),
            ),
            rust_target: crate::openmp::level(),
            gcc: c.map(|c| c.compiler.clone()),
            gcc_flags: c.map_or_else(Vec::new, |c| c.flags.clone()),
        })
    }
}

impl Display for Conditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let machine = &self.machine;
        let kind = if machine.virtual_machine == Some(true) { " of a virtual machine" } else { "" };
        let processor = machine.processor.as_deref().unwrap_or("unknown processor");
        writeln!(f, "{processor}, {} cores{kind}", machine.available_cores)?;
        writeln!(f, "{}, optimised, target-cpu {}", self.rustc, self.rust_target)?;
        match &self.gcc {
            Some(gcc) => write!(f, "{gcc}, {}", self.gcc_flags.join(" ")),
            None => write!(f, "no OpenMP"),
        }
    }
}

impl Row {
    fn cells(&self) -> [String; 9] {
        let openmp = self.openmp.as_ref();
        let or_none = |cell: Option<String>| cell.unwrap_or_else(|| "–".to_owned());
        [
            self.workload.to_owned(),
            self.workers.to_string(),
            self.serial.to_string(),
            self.rayon.to_string(),
            self.threads.to_string(),
            or_none(openmp.map(|openmp| openmp.time.to_string())),
            or_none(openmp.map(|openmp| format!("{:.3} ({})", openmp.ratio, self.best))),
            format!("{:.2}", self.of_ceiling),
            or_none(openmp.map(|openmp| openmp.words().to_owned())),
        ]
    }
}

impl Rival {
    fn words(&self) -> &'static str {
        match self.verdict {
            _ if !self.judged => "cannot tell: busy machine",
            Verdict::Supported => "OpenMP faster",
            Verdict::Violated => "Rust faster",
            Verdict::CannotTell => "no difference shown",
        }
    }
}

impl Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.milliseconds)?;
        match self.estimator {
            Estimator::MedianOfClean => Ok(()),
            Estimator::Minimum => f.write_str(" min"),
        }
    }
}

impl Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [workload, workers, serial, rayon, threads, openmp, ratio, ceiling, verdict] = self.cells();
        write!(
            f,
            "{workload:<15} {workers:>7}  {serial:<20} {rayon:<20} {threads:<20} {openmp:<20} {ratio:<24} "
        )?;
        write!(f, "{ceiling:<20} {verdict}")
    }
}

impl Report {
    /// The conditions and the table in Markdown.
    pub(crate) fn markdown(&self) -> String {
        let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let mut text: String =
            self.conditions.to_string().lines().map(|line| format!("- {line}\n")).collect();
        text.push('\n');
        text.push_str(&row(&COLUMNS.map(str::to_owned)));
        text.push_str(&row(&COLUMNS.map(|_| "---".to_owned())));
        self.rows.iter().for_each(|one| text.push_str(&row(&one.cells())));
        text.push('\n');
        text.push_str(LEGEND);
        text.push('\n');
        text
    }
}
