//! Executed copies of the notebooks, and what each was executed from.

use std::path::{Path, PathBuf};

use super::run::{self, Options, Report};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::kernel::toolchain::Toolchain;
use crate::places::Places;
use crate::{stamp, system};

/// Says whether the copy shows what the notebook would show now: its text, conpar, compiler and machine are those of then.
pub(crate) fn is_fresh(places: &Places, notebook: &Path) -> Result<bool> {
    let copy = places.executed(notebook);
    Ok(copy.is_file() && stamp::matches(&stamp_file(&copy), &stamp_text(places, notebook)?))
}

/// Runs the notebook and keeps the copy. One that fails is run again the next time: it gets no stamp.
pub(crate) fn execute(places: &Places, environment: &Environment, notebook: &Path) -> Result<Report> {
    let copy = places.executed(notebook);
    let made_from = stamp_text(places, notebook)?;
    if let Some(folder) = copy.parent() {
        std::fs::create_dir_all(folder).map_err(Error::file("making the folder", folder))?;
    }
    let options = Options { output: Some(&copy), core: None };
    let report = run::run(environment, notebook, options, &mut run::print)?;
    if report.errors.is_empty() {
        stamp::write(&stamp_file(&copy), &made_from)?;
    }
    Ok(report)
}

fn stamp_file(copy: &Path) -> PathBuf {
    copy.with_extension("stamp")
}

fn stamp_text(places: &Places, notebook: &Path) -> Result<String> {
    let text = std::fs::read(notebook).map_err(Error::file("reading", notebook))?;
    let compiler = Toolchain::find()?.version;
    Ok(format!("{}\n{}\n{compiler}\n{}\n", stamp::hash(&text), stamp::sources(places)?, system::processor()))
}
