//! The stage of the browser: JupyterLab as `cargo lab` opens it, in a real Chromium.

use super::{Bench, Outcome, Tally, chromium, script};
use crate::error::Result;

const NAME: &str = "browser";

pub(super) fn run(bench: &Bench, tally: &mut Tally) -> Result<()> {
    // `browser` runs all of it, `browser: 03` what is checked of one notebook.
    if !tally.wants(NAME) && !tally.filter().is_some_and(|filter| filter.starts_with(NAME)) {
        return Ok(());
    }
    let (mut python, browser) = match chromium::script(bench, "check_browser.py") {
        Ok(found) => found,
        Err(why) => {
            tally.add(NAME, Outcome::Skipped(why));
            return Ok(());
        }
    };
    python.arg(bench.places.root()).arg(bench.places.launcher()).arg(browser);
    python.arg(bench.places.all_executed().join("en")).arg(tally.filter().unwrap_or_default());
    script::run(NAME, &mut python, tally)
}
