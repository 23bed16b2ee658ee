//! What the stages that need a browser share: Chromium, and what drives it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::{Bench, script};
use crate::process;

/// What drives the browser. Only tests need it, so it is not in environment.yml: no reader has to download it.
const PLAYWRIGHT: &str = "playwright~=1.60";

/// The names under which systems install Chromium.
const CHROMIUM: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A Python that runs this script with playwright, and the browser to give it; `Err` with the reason to skip what needs one.
pub(super) fn script(bench: &Bench, name: &str) -> Result<(Command, PathBuf), String> {
    let chromium = find_chromium().ok_or_else(|| {
        format!(
            "no Chromium found (tried {}). On Debian: `sudo apt-get install chromium`",
            CHROMIUM.join(", ")
        )
    })?;
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
        process::output(&mut pip).map_err(|error| format!("{PLAYWRIGHT} could not be installed: {error}"))?;
    }
    Ok((script::python(bench, name), chromium))
}

fn find_chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    CHROMIUM
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}
