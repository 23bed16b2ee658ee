//! The stage of the browser: JupyterLab as `cargo lab` opens it, in a real Chromium.

use std::path::PathBuf;
use std::process::Stdio;

use super::{Bench, Outcome, Tally, notebooks, script};
use crate::error::Result;
use crate::process;

/// Drives the browser. Needs [`PLAYWRIGHT`].
const SCRIPT: &str = include_str!("../../python/check_browser.py");

/// What drives the browser. Only this test needs it, so it is not in environment.yml: no reader has to download it.
const PLAYWRIGHT: &str = "playwright~=1.60";

/// The names under which systems install Chromium.
const CHROMIUM: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

const NAME: &str = "browser";

pub(super) fn run(bench: &Bench, tally: &mut Tally) -> Result<()> {
    // `browser` runs all of it, `browser: 03` what is checked of one notebook.
    if !tally.wants(NAME) && !tally.filter().is_some_and(|filter| filter.starts_with(NAME)) {
        return Ok(());
    }
    let Some(chromium) = find_chromium() else {
        let why = format!(
            "no Chromium found (tried {}). On Debian: `sudo apt-get install chromium`",
            CHROMIUM.join(", ")
        );
        tally.add(NAME, Outcome::Skipped(why));
        return Ok(());
    };
    let has_playwright = bench
        .environment
        .command()
        .args(["-c", "import playwright.sync_api"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !has_playwright {
        let mut pip = bench.environment.command();
        pip.args(["-m", "pip", "install", "--quiet", PLAYWRIGHT]);
        if let Err(error) = process::output(&mut pip) {
            tally.add(NAME, Outcome::Skipped(format!("{PLAYWRIGHT} could not be installed: {error}")));
            return Ok(());
        }
    }
    let mut python = bench.environment.command();
    python.args(["-c", SCRIPT]).arg(bench.places.root()).arg(bench.places.launcher()).arg(chromium);
    python.arg(notebooks::executed(bench).join("en")).arg(tally.filter().unwrap_or_default());
    script::run(NAME, &mut python, tally)
}

fn find_chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    CHROMIUM
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}
