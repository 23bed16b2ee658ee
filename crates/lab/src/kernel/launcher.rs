//! The launcher: what Jupyter starts as "the kernel". It prepares a folder, runs evcxr in it, and cleans up.

use std::path::Path;
use std::process::{Child, ExitCode, ExitStatus};
use std::time::Duration;

use super::copy::{self, Compiles};
use super::toolchain::Toolchain;
use super::{analysis, folder, janitor, replay, settings};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::places::Places;
use crate::template::{Freshness, Template};
use crate::{evcxr, process, system};

/// How often the launcher looks whether evcxr or Jupyter has ended: a reader does not notice, and it costs nothing.
const LOOK: Duration = Duration::from_millis(100);

/// Runs one kernel to its end.
pub(crate) fn run(places: &Places, connection_file: &Path) -> Result<ExitCode> {
    let parent = system::parent_id();
    let claim = folder::claim(places)?;
    let _janitor = janitor::start(&claim.folder)?;
    let ended = serve(places, &claim.folder, connection_file, parent);
    folder::remove(&claim.folder);
    let status = ended?;
    Ok(match status.and_then(|status| status.code()) {
        Some(0) | None => ExitCode::SUCCESS,
        Some(_) => ExitCode::FAILURE,
    })
}

/// Prepares the folder and runs evcxr in it; `None` when Jupyter ended first.
fn serve(
    places: &Places,
    folder: &Path,
    connection_file: &Path,
    parent: Option<u32>,
) -> Result<Option<ExitStatus>> {
    let (evcxr, toolchain) = prepare(places, folder)?;
    let here = std::env::current_dir().map_err(Error::file("finding the current folder", folder))?;
    settings::write_prelude(places, folder, &here)?;
    let shortcuts = analysis::prepare(folder, &toolchain).and_then(|()| replay::prepare(folder, &toolchain));
    if let Err(error) = shortcuts {
        eprintln!("conpar: the kernel will be slower than it could: {error}");
    }
    let environment = Environment::locate(places);
    let start = || {
        let mut command = settings::command(&evcxr, &toolchain, &environment, folder, connection_file);
        // On its standard output evcxr only says which configuration it read.
        command.stdout(std::process::Stdio::null());
        // What conpar compiles for every kernel anew, but for Go's standard library, which takes seconds.
        command.env("CONPAR_CACHE", places.cache());
        system::die_with_parent(&mut command);
        let shown = process::show(&command);
        command.spawn().map_err(process::starting(&shown))
    };
    let status = wait(start()?, parent);
    if !matches!(&status, Ok(Some(status)) if status.code() == Some(1)) || !settings::has_prelude(folder) {
        return status;
    }
    // evcxr ends with 1 when its prelude fails, as it does while conpar does not compile. Without the prelude the kernel
    // starts, and the set-up cell shows the reader the error.
    eprintln!("conpar: the prelude failed (above); the kernel starts without it");
    settings::remove_prelude(folder)?;
    wait(start()?, parent)
}

/// Fills the folder from the template; without one, with what evcxr needs to build everything in it.
fn prepare(places: &Places, folder: &Path) -> Result<(std::path::PathBuf, Toolchain)> {
    if let Some(template) = Template::load(places) {
        let is_changed = template.freshness(places)? == Freshness::SourcesChanged;
        let compiles = if is_changed { Compiles::Conpar } else { Compiles::Cells };
        copy::template(&places.template(), folder, compiles)?;
        if is_changed {
            eprintln!(
                "conpar: changed since the set-up, so this kernel compiles it again; `cargo lab setup` does it once"
            );
        }
        return Ok((template.evcxr, template.toolchain));
    }
    eprintln!(
        "conpar: no template, so this kernel builds all dependencies; `cargo lab setup` does that once"
    );
    settings::write_workspace(places, folder)?;
    let evcxr = evcxr::find(places).ok_or(Error::NotSetUp { what: "evcxr_jupyter" })?;
    Ok((evcxr, Toolchain::find()?))
}

/// Waits for evcxr's end. When Jupyter, which named itself our parent, ends before, nobody can reach the kernel: ends it.
fn wait(mut child: Child, parent: Option<u32>) -> Result<Option<ExitStatus>> {
    let watched = parent.filter(|_| std::env::var_os("JPY_PARENT_PID").is_some());
    loop {
        let ended = child.try_wait().map_err(process::starting("evcxr_jupyter"))?;
        if ended.is_some() {
            return Ok(ended);
        }
        if watched.is_some() && system::parent_id() != watched {
            // It may have ended just now.
            let _ = child.kill();
            let _ = child.wait();
            return Ok(None);
        }
        std::thread::sleep(LOOK);
    }
}
