//! The stages of the notebooks: their form, and each one run in the real kernel.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::{Bench, Outcome, Tally};
use crate::environment::extras::Extra;
use crate::error::{Error, Result};
use crate::notebook::run::Report;
use crate::notebook::{self, executed, run as notebook_run};

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

/// The English chapters, which own the code.
pub(super) fn english(bench: &Bench) -> Result<Vec<PathBuf>> {
    let folder = bench.places.english();
    Ok(bench.places.all_notebooks()?.into_iter().filter(|path| path.starts_with(&folder)).collect())
}

/// A notebook's path within the checkout.
pub(super) fn shown(bench: &Bench, path: &Path) -> String {
    bench.places.name(path)
}

/// Every notebook runs from top to bottom, and no claim in it is violated: the English chapters on all cores; on one core
/// their translations, which have the same code, byte for byte, or the English chapter where there is none.
pub(super) fn run(bench: &Bench, tally: &mut Tally) -> Result<()> {
    let executed = bench.places.all_executed();
    // What an earlier test left was made from other sources.
    if executed.exists() {
        std::fs::remove_dir_all(&executed).map_err(Error::file("removing", &executed))?;
    }
    let languages = bench.places.languages()?;
    for language in languages.iter().filter_map(|folder| folder.file_name()) {
        let folder = executed.join(language);
        std::fs::create_dir_all(&folder).map_err(Error::file("making the folder", &folder))?;
    }
    let english = english(bench)?;
    for path in &english {
        let name = format!("{} on all cores", shown(bench, path));
        if !tally.wants(&name) {
            continue;
        }
        println!("   {name}");
        tally.add(&name, judge(executed::execute(bench.places, bench.environment, path)));
    }
    let editions = english.iter().flat_map(|path| {
        let same = |folder: &PathBuf| path.file_name().map(|name| folder.join(name));
        let others: Vec<_> =
            languages.iter().filter_map(same).filter(|other| other != path && other.exists()).collect();
        if others.is_empty() { vec![path.clone()] } else { others }
    });
    let named = editions.map(|path| (format!("{} on one core", shown(bench, &path)), path));
    let named = named.filter(|(name, _)| tally.wants(name)).collect();
    // Each on a core of its own, so that two of them disturb one another little.
    let at_once = std::thread::available_parallelism().map_or(1, |cores| cores.get().min(2));
    side_by_side(tally, named, at_once, |place, path| {
        let output = bench.places.executed(path);
        // A chapter without a translation has its copy from all cores.
        let output = Some(output.as_path()).filter(|copy| !copy.exists());
        let options = notebook_run::Options { output, core: Some(place) };
        notebook_run::run(bench.environment, path, options, &mut |_| ())
    });
    Ok(())
}

/// Runs the named notebooks, `at_once` at a time, by what is given the number of the place, from 0, and the path.
pub(super) fn side_by_side(
    tally: &mut Tally,
    named: VecDeque<(String, PathBuf)>,
    at_once: usize,
    run: impl Fn(usize, &Path) -> Result<Report> + Sync,
) {
    let (waiting, tally) = (Mutex::new(named), Mutex::new(tally));
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let one_after_another = |place| {
        while let Some((name, path)) = next() {
            let ran = run(place, &path);
            let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
            tally.add(&name, judge(ran));
        }
    };
    std::thread::scope(|scope| {
        for place in 0..at_once {
            let one_after_another = &one_after_another;
            scope.spawn(move || one_after_another(place));
        }
    });
}

/// What a run comes to.
fn judge(ran: Result<Report>) -> Outcome {
    let report = match ran {
        Ok(report) => report,
        Err(error) => return Outcome::Failed(error.to_string()),
    };
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
