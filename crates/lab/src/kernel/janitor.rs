//! The janitor: a process that outlives the launcher by a moment, to clean up after one that was killed.

use std::io::Read;
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};

use super::folder;
use crate::error::{Error, Result};
use crate::{process, system};

/// Starts the janitor for a kernel's folder. It waits until the returned pipe closes, which the system does when this
/// process ends, however it ends: no other process holds that end, because Rust's pipes are not inherited.
pub(crate) fn start(folder: &Path) -> Result<ChildStdin> {
    let own = std::env::current_exe().map_err(Error::file("finding this program", folder))?;
    let mut command = Command::new(own);
    command.arg("janitor").arg(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // A folder that is being removed must not be anyone's current one.
    command.current_dir(folder.parent().unwrap_or(folder));
    system::own_group(&mut command);
    let shown = process::show(&command);
    let mut child = command.spawn().map_err(process::starting(&shown))?;
    child.stdin.take().ok_or(Error::NotSetUp { what: "the janitor's pipe" })
}

/// Waits for the launcher's end, then removes what it left.
pub(crate) fn run(folder: &Path) {
    let mut byte = [0];
    // Nothing is ever written: this returns at the end of the pipe.
    let _ = std::io::stdin().read(&mut byte);
    folder::remove(folder);
}
