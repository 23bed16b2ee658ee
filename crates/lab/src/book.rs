//! `cargo lab book`: the chapters with what they measured here, as a site that needs no server and no network.

use std::path::Path;
use std::process::ExitCode;

use crate::environment::Environment;
use crate::environment::extras::Extra;
use crate::error::{Error, Result};
use crate::kernel::toolchain::Toolchain;
use crate::notebook::executed;
use crate::places::Places;
use crate::{evcxr, process, setup};

/// Executes the notebooks whose copies are missing or stale, then builds the book of both languages into `output`.
///
/// A notebook that fails is in the book as far as it came, is named, and makes the exit code a failure.
pub(crate) fn run(places: &Places, output: Option<&Path>) -> Result<ExitCode> {
    let environment = setup::run(places)?;
    let mut stale = Vec::new();
    for notebook in places.all_notebooks()? {
        if !executed::is_fresh(places, &notebook)? {
            stale.push(notebook);
        }
    }
    let mut failed = Vec::new();
    for (number, notebook) in (1..).zip(&stale) {
        let name = places.name(notebook);
        println!("{number} of {}: {name}", stale.len());
        let report = executed::execute(places, &environment, notebook)?;
        failed.extend(report.errors.iter().map(|error| format!("{name}: {error}")));
    }
    let output = output.map_or_else(|| places.book(), Path::to_owned);
    build(places, &environment, &output)?;
    println!("The book: {}", output.join("index.html").display());
    failed.iter().for_each(|failure| eprintln!("error: {failure}"));
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds the book of those chapters that there are executed copies of, with Sphinx, which is installed where it is missing.
pub(crate) fn build(places: &Places, environment: &Environment, output: &Path) -> Result<()> {
    refuse_foreign(output)?;
    Extra::Book.install(places, environment)?;
    let rustc = Toolchain::find()?.version;
    let compiled_with = format!("{}, evcxr {}", rustc.lines().next().unwrap_or_default(), evcxr::VERSION);
    let mut python = environment.command();
    python.env("PYTHONDONTWRITEBYTECODE", "1").arg(places.book_builder());
    python.args([places.root(), &places.all_executed(), output]).arg(compiled_with);
    process::run_counted("building the book", &mut python, |line| println!("  {line}"))
}

/// The editions in `output` are written anew: a folder that holds something else is not ours to write in.
fn refuse_foreign(output: &Path) -> Result<()> {
    let is_empty = std::fs::read_dir(output).map_or(true, |mut entries| entries.next().is_none());
    let is_book = ["en", "pt-BR"].iter().any(|edition| output.join(edition).join("searchindex.js").is_file());
    if is_empty || is_book { Ok(()) } else { Err(Error::NotABook { path: output.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_other_things_is_not_written_in() {
        let folder = std::env::temp_dir().join(format!("conpar-book-test-{}", std::process::id()));
        assert!(refuse_foreign(&folder).is_ok(), "one that is made");
        std::fs::create_dir_all(folder.join("en")).expect("a folder");
        std::fs::write(folder.join("en").join("letter.txt"), "mine").expect("a file");
        assert!(matches!(refuse_foreign(&folder), Err(Error::NotABook { .. })));
        std::fs::write(folder.join("en").join("searchindex.js"), "").expect("a file");
        assert!(refuse_foreign(&folder).is_ok(), "an older book");
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
