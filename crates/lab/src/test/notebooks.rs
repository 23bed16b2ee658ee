//! The stages of the notebooks: their form, and each one run in the real kernel.

use std::path::{Path, PathBuf};

use super::{Bench, Outcome, Tally};
use crate::environment::extras::Extra;
use crate::error::{Error, Result};
use crate::notebook::run::Report;
use crate::notebook::{self, run as notebook_run};

/// Every notebook is in the canonical form, and every translation has its original's code and translates its prose.
pub(super) fn form(bench: &Bench, tally: &mut Tally) -> Result<()> {
    for path in bench.places.all_notebooks()? {
        let name = format!("form of {}", shown(bench, &path));
        if tally.wants(&name) {
            let problems = notebook::check(bench.places, &path)?;
            let outcome =
                if problems.is_empty() { Outcome::Passed } else { Outcome::Failed(problems.join("\n")) };
            tally.add(&name, outcome);
        }
    }
    Ok(())
}

/// The notebooks that are run: translations hold the same code, byte for byte.
pub(super) fn english(bench: &Bench) -> Result<Vec<PathBuf>> {
    let folder = bench.places.english();
    Ok(bench.places.all_notebooks()?.into_iter().filter(|path| path.starts_with(&folder)).collect())
}

/// A notebook's path within the checkout.
pub(super) fn shown(bench: &Bench, path: &Path) -> String {
    bench.places.name(path)
}

/// Where the copies go that were executed on all cores. The browser opens them, so that each notebook is run once less.
pub(super) fn executed(bench: &Bench) -> PathBuf {
    bench.places.root().join("target").join("executed")
}

/// Every English notebook runs from top to bottom, on all cores and on one, and no claim in it is violated.
pub(super) fn run(bench: &Bench, tally: &mut Tally) -> Result<()> {
    let executed = executed(bench);
    // What an earlier test left was made from other sources.
    if executed.exists() {
        std::fs::remove_dir_all(&executed).map_err(Error::file("removing", &executed))?;
    }
    std::fs::create_dir_all(&executed).map_err(Error::file("making the folder", &executed))?;
    for path in english(bench)? {
        let copy = path.file_name().map(|name| executed.join(name));
        for (cores, place) in [(None, "all cores"), (Some(1), "one core")] {
            let name = format!("{} on {place}", shown(bench, &path));
            if !tally.wants(&name) {
                continue;
            }
            println!("   {name}");
            let output = copy.as_deref().filter(|_| cores.is_none());
            let options = notebook_run::Options { output, cores };
            let ran = notebook_run::run(bench.environment, &path, options, &mut notebook_run::print);
            let outcome = match ran {
                Ok(report) => judge(&report),
                Err(error) => Outcome::Failed(error.to_string()),
            };
            tally.add(&name, outcome);
        }
    }
    Ok(())
}

/// What the report of a run comes to.
pub(super) fn judge(report: &Report) -> Outcome {
    if report.errors.is_empty() {
        println!("     {} claims, of which {} cannot be told here", report.claims, report.open_claims);
        return Outcome::Passed;
    }
    let errors = report.errors.join("\n");
    // What a chapter needs and the set-up was not asked for is no fault: conpar's error names the command that adds it.
    let command = Extra::ALL.into_iter().map(|extra| format!("cargo lab setup --with {}", extra.name()));
    match command.into_iter().find(|command| errors.contains(command)) {
        Some(command) => Outcome::Skipped(format!("it needs `{command}`")),
        None => Outcome::Failed(errors),
    }
}
