//! The kernelspec: what Jupyter reads to start our kernel.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::places::Places;

/// The kernel's name in notebooks: evcxr's own, so that the notebooks open with any evcxr.
pub(crate) const NAME: &str = "rust";

/// Writes the launcher and the kernelspec that starts it, where they differ from what is there.
pub(crate) fn install(places: &Places, environment: &Environment) -> Result<()> {
    copy_launcher(&places.launcher())?;
    let file = file(environment);
    let text = text(places);
    if std::fs::read_to_string(&file).is_ok_and(|found| found == text) {
        return Ok(());
    }
    make_parent(&file)?;
    std::fs::write(&file, text).map_err(Error::file("writing the kernelspec", &file))?;
    println!("  kernel `{NAME}`: written to {}", file.display());
    Ok(())
}

/// Says whether Jupyter would start this checkout's launcher.
pub(crate) fn is_installed(places: &Places, environment: &Environment) -> bool {
    places.launcher().is_file()
        && std::fs::read_to_string(file(environment)).is_ok_and(|found| found == text(places))
}

/// Removes the kernelspec if it is this checkout's.
pub(crate) fn remove(places: &Places, environment: &Environment) -> Result<()> {
    let folder = environment.kernels().join(NAME);
    if is_installed(places, environment) {
        std::fs::remove_dir_all(&folder).map_err(Error::file("removing", &folder))?;
    }
    Ok(())
}

fn file(environment: &Environment) -> PathBuf {
    environment.kernels().join(NAME).join("kernel.json")
}

fn text(places: &Places) -> String {
    let spec: Value = json!({
        "argv": [places.launcher(), "kernel", "{connection_file}"],
        "display_name": "Rust",
        "language": "rust",
        // evcxr listens for a message; a signal would end it.
        "interrupt_mode": "message",
    });
    format!("{spec:#}\n")
}

/// Copies this program to a place that `cargo clean` and the next build do not touch.
fn copy_launcher(to: &Path) -> Result<()> {
    let from = std::env::current_exe().map_err(Error::file("finding this program", to))?;
    if from == to || same_content(&from, to) {
        return Ok(());
    }
    make_parent(to)?;
    // Renamed over the old one, because running kernels still execute that.
    let partial = to.with_extension("partial");
    std::fs::copy(&from, &partial).map_err(Error::file("copying the launcher to", &partial))?;
    std::fs::rename(&partial, to).map_err(Error::file("copying the launcher to", to))
}

fn same_content(left: &Path, right: &Path) -> bool {
    let length = |path: &Path| path.metadata().map(|data| data.len()).ok();
    length(left) == length(right) && std::fs::read(left).ok() == std::fs::read(right).ok()
}

fn make_parent(file: &Path) -> Result<()> {
    let folder = file.parent().unwrap_or(file);
    std::fs::create_dir_all(folder).map_err(Error::file("making the folder", folder))
}
