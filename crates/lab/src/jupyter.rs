//! Opening JupyterLab on the notebooks.

use std::net::TcpListener;
use std::path::PathBuf;

use crate::cli::OpenOptions;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::places::Places;
use crate::system;

/// Becomes JupyterLab: returns only when that fails.
///
/// Bound to loopback, with Jupyter's own token. This process turns into Jupyter's, so that Ctrl-C and every other signal
/// reach it, and nothing is left behind.
pub(crate) fn open(places: &Places, environment: &Environment, options: &OpenOptions) -> Result<()> {
    let mut command = environment.command();
    command.args(["-m", "jupyterlab", "--ServerApp.ip=127.0.0.1"]);
    let folder = folder(places, options.language.as_deref())?;
    command.arg(format!("--ServerApp.root_dir={}", folder.display()));
    if let Some(port) = options.port {
        if TcpListener::bind(("127.0.0.1", port)).is_err() {
            return Err(Error::PortTaken { port });
        }
        command.arg(format!("--ServerApp.port={port}")).arg("--ServerApp.port_retries=0");
    }
    if options.no_browser {
        command.arg("--no-browser");
    }
    if system::is_root() {
        command.arg("--ServerApp.allow_root=True");
    }
    println!("Opening JupyterLab; Ctrl-C ends it.");
    Err(system::become_command(&mut command))
}

/// The folder of one language's chapters, or that of all languages.
fn folder(places: &Places, language: Option<&str>) -> Result<PathBuf> {
    let Some(given) = language else { return Ok(places.notebooks()) };
    let languages = places.languages()?;
    let names = || languages.iter().filter_map(|folder| folder.file_name()?.to_str());
    let found = languages.iter().find(|folder| folder.file_name().is_some_and(|name| name == given));
    let known = || names().collect::<Vec<_>>().join(", ");
    found.cloned().ok_or_else(|| Error::UnknownLanguage { given: given.to_owned(), known: known() })
}
