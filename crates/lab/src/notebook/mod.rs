//! Notebooks: their byte form, their translations, and running one in the real kernel.

pub(crate) mod executed;
pub(crate) mod format;
pub(crate) mod run;
pub(crate) mod tags;
pub(crate) mod translation;

use std::path::Path;

use crate::error::Result;
use crate::places::Places;

/// What is wrong with one notebook, one line each; empty when all is well.
pub(crate) fn check(places: &Places, path: &Path) -> Result<Vec<String>> {
    let mut problems = format::check(path)?;
    problems.extend(translation::check(places, path)?);
    Ok(problems)
}
