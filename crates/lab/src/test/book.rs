//! The stage of the book: built from the copies that the stages before have executed, and looked at in a real Chromium.

use super::{Bench, Outcome, Tally, chromium, script};
use crate::book;
use crate::error::Result;
use crate::notebook::executed;

const NAME: &str = "book";

/// The chapter that is executed, in each language, where no stage before has executed any: it has a slider.
const LEAST: &str = "09";

/// Builds the book and checks every page of it. `book: 03` first executes chapter 03 where that has no copy.
pub(super) fn run(bench: &Bench, tally: &mut Tally) -> Result<()> {
    let chapter = tally.filter().and_then(|filter| filter.strip_prefix("book: ")).map(str::to_owned);
    if !tally.wants(NAME) && chapter.is_none() {
        return Ok(());
    }
    let (mut python, browser) = match chromium::script(bench, "check_book.py") {
        Ok(found) => found,
        Err(why) => {
            tally.add(NAME, Outcome::Skipped(why));
            return Ok(());
        }
    };
    let notebooks = bench.places.all_notebooks()?;
    let none = !notebooks.iter().any(|notebook| bench.places.executed(notebook).is_file());
    let needed = chapter.as_deref().or(none.then_some(LEAST));
    for notebook in &notebooks {
        let named = notebook.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if needed.is_some_and(|needed| named.contains(needed)) && !bench.places.executed(notebook).is_file() {
            // Whether it runs well is what another stage asks.
            executed::execute(bench.places, bench.environment, notebook)?;
        }
    }
    let folder = bench.places.book();
    book::build(bench.places, bench.environment, &folder)?;
    python.arg(&folder).arg(bench.places.all_executed()).arg(browser);
    script::run(NAME, &mut python, tally)
}
