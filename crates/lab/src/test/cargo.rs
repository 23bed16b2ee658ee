//! The stages that cargo runs: format, lints, the crates' tests.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::{Bench, Outcome, Tally};
use crate::doctor;
use crate::environment::mpi;
use crate::error::Result;
use crate::process;

/// `cargo fmt --check`.
pub(super) fn format(bench: &Bench, tally: &mut Tally) -> Result<()> {
    one(tally, "cargo fmt", &mut cargo(bench), &["fmt", "--all", "--check"])?;
    let apart = ["fmt", "--manifest-path", "crates/conpar-mpi/Cargo.toml", "--check"];
    one(tally, "cargo fmt of conpar-mpi", &mut cargo(bench), &apart)
}

/// `cargo clippy`, where a warning is an error; of `conpar-mpi` where there is an MPI.
pub(super) fn lints(bench: &Bench, tally: &mut Tally) -> Result<()> {
    let (all, apart) = ("cargo clippy", "cargo clippy of conpar-mpi");
    let mut skip = |name: &str, why: &str| {
        if tally.wants(name) {
            tally.add(name, Outcome::Skipped(why.to_owned()));
        }
    };
    if let Some(release) = doctor::newer_rust()? {
        // Each version of Rust has new lints, which this code could not know of.
        let why = format!("lints are judged with Rust {}, and this is {release}", doctor::RUST);
        [all, apart].into_iter().for_each(|name| skip(name, &why));
        return Ok(());
    }
    let has_mpi = mpi::state(bench.places, bench.environment).is_some();
    if !has_mpi {
        skip(apart, "it needs `cargo lab setup --with mpi`");
    }
    let arguments = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    one(tally, all, &mut cargo(bench), &arguments)?;
    if !has_mpi {
        return Ok(());
    }
    let mut clippy = mpi::cargo(bench.places, bench.environment, "clippy")?;
    one(tally, apart, &mut clippy, &["--quiet", "--all-targets", "--", "--deny", "warnings"])
}

/// `cargo test` of the workspace. In release mode and one test at a time: conpar's tests measure.
pub(super) fn tests(bench: &Bench, tally: &mut Tally) -> Result<()> {
    harness(bench, tally, &["--workspace"], &[])
}

/// The proof that the instrument is right: conpar's tests that need the machine for themselves. They are ignored unless
/// asked for, so that nobody runs them beside others by chance.
pub(super) fn calibration(bench: &Bench, tally: &mut Tally) -> Result<()> {
    // Of the workspace: cargo would build conpar once more for itself, with the features that it alone asks of its dependencies.
    harness(bench, tally, &["--workspace", "--test", "calibration"], &["--ignored", "--show-output"])
}

/// Runs `cargo test` in release mode on what `packages` names, one test at a time, and counts.
fn harness(bench: &Bench, tally: &mut Tally, packages: &[&str], options: &[&str]) -> Result<()> {
    let names_a_test =
        |filter: &str| filter.chars().all(|letter| letter.is_alphanumeric() || "_:".contains(letter));
    if !tally.filter().is_none_or(names_a_test) {
        return Ok(());
    }
    let mut cargo = cargo(bench);
    cargo.args(["test", "--release", "--no-fail-fast"]).args(packages);
    cargo.args(["--", "--test-threads", "1"]).args(options);
    cargo.args(tally.filter());
    let shown = process::show(&cargo);
    let mut child = cargo.stdout(Stdio::piped()).spawn().map_err(process::starting(&shown))?;
    let mut counts = Counts::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(|line| line.ok()) {
            println!("   {line}");
            counts.read(&line);
        }
    }
    let status = child.wait().map_err(process::starting(&shown))?;
    let told = !counts.failed.is_empty();
    tally.add_many(counts.passed, counts.failed);
    if !status.success() && !told {
        tally.add(&shown, Outcome::Failed(format!("{status}; the reason stands above")));
    }
    Ok(())
}

/// What the test harness's lines come to.
#[derive(Default)]
struct Counts {
    passed: usize,
    failed: Vec<String>,
}

impl Counts {
    /// Reads `test NAME ... FAILED` and `test result: ok. 12 passed; …`; what a test prints may stand between.
    fn read(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            let passed = result.split_whitespace().find_map(|word| word.parse::<usize>().ok());
            self.passed += passed.unwrap_or(0);
        } else if let Some(name) =
            line.strip_prefix("test ").and_then(|line| line.strip_suffix(" ... FAILED"))
        {
            self.failed.push(name.to_owned());
        }
    }
}

fn one(tally: &mut Tally, name: &str, cargo: &mut Command, arguments: &[&str]) -> Result<()> {
    if !tally.wants(name) {
        return Ok(());
    }
    let status = cargo.args(arguments).status().map_err(process::starting(name))?;
    let why = || Outcome::Failed(format!("`{}`: what it found stands above", process::show(cargo)));
    let outcome = if status.success() { Outcome::Passed } else { why() };
    tally.add(name, outcome);
    Ok(())
}

fn cargo(bench: &Bench) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(bench.places.root()).stdin(Stdio::null());
    // As in a kernel, the environment's programs are there for what is nowhere else: Go.
    let before = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&before).chain([bench.environment.programs()]);
    if let Ok(path) = std::env::join_paths(folders) {
        cargo.env("PATH", path);
    }
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_harness_is_counted() {
        let mut counts = Counts::default();
        for line in [
            "running 3 tests",
            "test a::b ... ok",
            "test a::c ... FAILED",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: ok. 12 passed; 0 failed; 0 ignored",
        ] {
            counts.read(line);
        }
        assert_eq!((counts.passed, counts.failed), (14, vec!["a::c".to_owned()]));
    }
}
