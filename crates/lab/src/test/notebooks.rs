//! The stages of the notebooks: their byte form, and each one run in the real kernel.

use super::{Bench, Outcome, Tally};
use crate::error::Result;
use crate::notebook::run::Report;
use crate::notebook::{format, run as notebook_run};

/// Every notebook is in the canonical form.
pub(super) fn form(bench: &Bench, tally: &mut Tally) -> Result<()> {
    for path in bench.places.all_notebooks()? {
        let name = format!("form of {}", path.strip_prefix(bench.places.root()).unwrap_or(&path).display());
        if tally.wants(&name) {
            let problems = format::check(&path)?;
            let outcome =
                if problems.is_empty() { Outcome::Passed } else { Outcome::Failed(problems.join("\n")) };
            tally.add(&name, outcome);
        }
    }
    Ok(())
}

/// Every English notebook runs from top to bottom, on all cores and on one, and no claim in it is violated. The
/// Portuguese ones hold the same code, byte for byte.
pub(super) fn run(bench: &Bench, tally: &mut Tally) -> Result<()> {
    let english = bench.places.notebooks().join("en");
    for path in bench.places.all_notebooks()?.into_iter().filter(|path| path.starts_with(&english)) {
        let shown = path.strip_prefix(bench.places.root()).unwrap_or(&path).display().to_string();
        for (cores, place) in [(None, "all cores"), (Some(1), "one core")] {
            let name = format!("{shown} on {place}");
            if !tally.wants(&name) {
                continue;
            }
            println!("   {name}");
            let options = notebook_run::Options { output: None, cores };
            let outcome = match notebook_run::run(bench.environment, &path, options, &mut notebook_run::print)
            {
                Ok(report) => judge(&report),
                Err(error) => Outcome::Failed(error.to_string()),
            };
            tally.add(&name, outcome);
        }
    }
    Ok(())
}

fn judge(report: &Report) -> Outcome {
    if report.errors.is_empty() {
        println!("     {} claims, of which {} cannot be told here", report.claims, report.open_claims);
        return Outcome::Passed;
    }
    Outcome::Failed(report.errors.join("\n"))
}
