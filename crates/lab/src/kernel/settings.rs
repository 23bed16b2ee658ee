//! How a kernel compiles and starts: the files in its folder and the variables that it is started with.
//!
//! evcxr writes its own crate `ctx` with a debug profile and no lock file. Both are overruled from one level above: the
//! kernel's folder is a cargo workspace whose manifest holds the profile, and whose second member `pins` keeps the
//! checkout's locked versions in Cargo.lock. So a cell compiles as a release would, a `:dep` that the checkout knows
//! needs no network, and a `:dep` that it does not know is still fetched.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::toolchain::Toolchain;
use super::{analysis, replay};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::places::Places;
use crate::system;

/// The set-up cell, the same in every notebook.
///
/// Its last line has a `?` for a reason: when evcxr meets its first `?` in the last expression of a cell, it mends that
/// and gives up showing the value as a figure in one go. So the first one belongs where there is no figure.
pub(crate) const SETUP_CELL: &str = "\
:dep conpar = { path = \"../../crates/conpar\" }
:dep rayon = \"1\"
use conpar::prelude::*;
use rayon::prelude::*;
this_machine()?";

/// The variable that names its folder to evcxr, and to us the processes that belong to the folder.
pub(crate) const FOLDER_VARIABLE: &str = "EVCXR_TMPDIR";

/// The workspace manifest. evcxr's own profile checks overflow and asserts, which makes measured loops twice as slow;
/// the rest is as evcxr sets it (`rpath`: cells find conpar's shared library by it).
const MANIFEST: &str = r#"[workspace]
members = ["ctx", "pins"]
resolver = "3"

[profile.dev]
opt-level = 3
debug-assertions = false
overflow-checks = false
debug = false
strip = "debuginfo"
codegen-units = 16
incremental = true
rpath = true
"#;

/// evcxr's configuration of the kernel in `folder`.
pub(super) fn configuration(folder: &Path) -> PathBuf {
    folder.join("config").join("evcxr.toml")
}

/// The folder of evcxr's own crate inside a kernel's folder.
pub(crate) fn crate_folder(folder: &Path) -> PathBuf {
    folder.join("ctx")
}

/// Writes the workspace around evcxr's crate.
pub(crate) fn write_workspace(places: &Places, folder: &Path) -> Result<()> {
    write(&folder.join("Cargo.toml"), MANIFEST)?;
    write(&folder.join("pins").join("Cargo.toml"), pins(places))?;
    write(&folder.join("pins").join("src").join("lib.rs"), "")?;
    let lock = std::fs::read(places.lock_file()).map_err(Error::file("reading", &places.lock_file()))?;
    write(&folder.join("Cargo.lock"), lock)
}

/// All the text that decides how the template is built, for its stamp.
pub(crate) fn fingerprint(places: &Places) -> String {
    format!("{MANIFEST}{}{SETUP_CELL}", pins(places))
}

/// Writes evcxr's configuration: what it runs before it answers.
///
/// Only for a notebook that this checkout's set-up cell fits: evcxr resolves the cell's path from the notebook's folder.
///
/// It runs the set-up cell's lines, so that the cell itself then costs 0.2 s and not 1.6 s, and the start until the first
/// figure no more than before. The last line is a statement here: evcxr then mends its first `?` in one try less. No `let`
/// is run, which would load rust-analyzer's view of all dependencies: with one the start took 7.2 s and the first `let` of
/// the reader 0.7 s, without it 4.9 s and 3.0 s (medians of 3, 2 cores, other work beside). The sum is the same, but every
/// reader would pay at the start, and most cells here, which end in a figure, have no `let`.
pub(crate) fn write_prelude(places: &Places, folder: &Path, notebook_folder: &Path) -> Result<()> {
    let named = notebook_folder.join("../../crates/conpar").canonicalize().ok();
    let text = match named.is_some() && named == places.conpar().canonicalize().ok() {
        true => format!("[evcxr]\nprelude = '''\n{SETUP_CELL};\n'''\n"),
        false => String::new(),
    };
    write(&configuration(folder), text)
}

/// Takes the prelude away.
pub(crate) fn remove_prelude(folder: &Path) -> Result<()> {
    write(&configuration(folder), "")
}

/// evcxr, ready to start in `folder`, with the environment that the template was built with.
pub(crate) fn command(
    evcxr: &Path,
    toolchain: &Toolchain,
    environment: &Environment,
    folder: &Path,
    connection_file: &Path,
) -> Command {
    let mut command = Command::new(evcxr);
    command.arg("--control_file").arg(connection_file);
    command.envs(variables(toolchain, environment, folder));
    // What a shell may have set would win over the manifest above, or over the flags that evcxr passes.
    for variable in std::env::vars_os().map(|(name, _)| name) {
        let name = variable.to_string_lossy();
        let overrules = name.starts_with("CARGO_PROFILE_") || name.starts_with("CARGO_BUILD_");
        if overrules || matches!(&*name, "RUSTFLAGS" | "CARGO_ENCODED_RUSTFLAGS" | "CARGO_TARGET_DIR") {
            command.env_remove(&variable);
        }
    }
    command
}

/// The variables that a kernel is started with.
fn variables(
    toolchain: &Toolchain,
    environment: &Environment,
    folder: &Path,
) -> Vec<(&'static str, std::ffi::OsString)> {
    let (programs, stand_in) = replay::settings(folder, toolchain).unzip();
    let mut variables = vec![
        ("PATH", toolchain.path(programs, environment.programs())),
        (FOLDER_VARIABLE, crate_folder(folder).into()),
        ("EVCXR_CONFIG_DIR", folder.join("config").into()),
        // rust-analyzer fills hundreds of MB in small pieces; pages of 2 MB for them cost 0.2 s more at the start.
        ("MIMALLOC_ALLOW_THP", "0".into()),
    ];
    if system::LIBRARY_PATH != "PATH" {
        // evcxr moves each cell's library one folder up from where the linker put it, so that the relative path to
        // std's library in it is one step short. That goes unnoticed only where both have no folder but / in common.
        let before = std::env::var_os(system::LIBRARY_PATH).unwrap_or_default();
        // `cargo run` puts the workspace's target folder there. A conpar built in it, as by `cargo test`, is not the one
        // that cells are linked with, and would be loaded in its place.
        let conpar = format!("{}conpar{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        let before: Vec<PathBuf> = std::env::split_paths(&before)
            .filter(|path| !path.as_os_str().is_empty() && !path.join(&conpar).exists())
            .collect();
        let folders = std::iter::once(toolchain.libraries.clone()).chain(before);
        if let Ok(joined) = std::env::join_paths(folders) {
            variables.push((system::LIBRARY_PATH, joined));
        }
    }
    variables.extend(stand_in);
    variables.extend(analysis::rustc(folder).map(|script| (analysis::VARIABLE, script.into())));
    variables.extend(toolchain.rustup_name().map(|name| ("RUSTUP_TOOLCHAIN", name)));
    variables
}

/// The manifest of the crate that nothing builds: it keeps the versions of all that the set-up cell names in Cargo.lock.
///
/// Its dependencies are for no platform (`any()` of nothing): the lock file holds them all the same, but evcxr's
/// rust-analyzer does not read their sources before a cell names them, which saves 0.6 s of each start.
fn pins(places: &Places) -> String {
    // A JSON string is a TOML string.
    let conpar = serde_json::Value::from(places.conpar().to_string_lossy());
    format!(
        "[package]\nname = \"pins\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[target.'cfg(any())'.dependencies]\n\
         conpar = {{ path = {conpar} }}\nrayon = \"1\"\n"
    )
}

/// Writes the file unless it has that content: an unchanged file keeps its time, which cargo looks at.
pub(super) fn write(file: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    if std::fs::read(file).is_ok_and(|found| found == content.as_ref()) {
        return Ok(());
    }
    let folder = file.parent().unwrap_or(file);
    std::fs::create_dir_all(folder).map_err(Error::file("making the folder", folder))?;
    std::fs::write(file, content).map_err(Error::file("writing", file))
}

/// Says whether the kernel in `folder` starts with a prelude.
pub(crate) fn has_prelude(folder: &Path) -> bool {
    std::fs::read(configuration(folder)).is_ok_and(|text| !text.is_empty())
}
