//! Opening JupyterLab on the notebooks.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use crate::cli::OpenOptions;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::places::Places;
use crate::system;

/// Becomes JupyterLab on a folder: returns only when that fails.
///
/// Bound to loopback, with Jupyter's own token. This process turns into Jupyter's, so that Ctrl-C and every other signal
/// reach it, and nothing is left behind.
pub(crate) fn open(
    places: &Places,
    folder: &Path,
    environment: &Environment,
    options: &OpenOptions,
) -> Result<()> {
    let settings = places.jupyter_settings();
    write_settings(&settings)?;
    let mut command = environment.command();
    command.args(["-m", "jupyterlab", "--ServerApp.ip=127.0.0.1"]);
    command.arg(format!("--ServerApp.root_dir={}", folder.display()));
    command.arg(format!("--LabApp.app_settings_dir={}", settings.display()));
    if folder == places.notebooks() {
        // All languages can be reached; the list of chapters is what is seen first.
        command.arg("--LabApp.default_url=/lab/tree/en");
    }
    // No chapter has a use for language servers, and the list of those that are not installed hides the address.
    command.arg("--LanguageServerManager.autodetect=False");
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

/// What differs from JupyterLab's own settings: it neither fetches news nor asks whether it may.
const SETTINGS: &str = r#"{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}
"#;

fn write_settings(settings: &Path) -> Result<()> {
    let file = settings.join("overrides.json");
    std::fs::create_dir_all(settings).map_err(Error::file("making the folder", settings))?;
    std::fs::write(&file, SETTINGS).map_err(Error::file("writing", &file))
}

/// The folder of one language's chapters, or that of all languages.
pub(crate) fn folder(places: &Places, language: Option<&str>) -> Result<PathBuf> {
    let Some(given) = language else { return Ok(places.notebooks()) };
    let languages = places.languages()?;
    let name = |folder: &PathBuf| folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    languages.iter().find(|folder| name(folder).eq_ignore_ascii_case(given)).cloned().ok_or_else(|| {
        let known: Vec<String> = languages.iter().map(name).collect();
        Error::UnknownLanguage { given: given.to_owned(), known: known.join(", ") }
    })
}
