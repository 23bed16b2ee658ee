//! evcxr_jupyter, the Jupyter kernel for Rust: the pinned version, found or built.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::places::Places;
use crate::progress::Progress;
use crate::{process, system};

/// The version that the launcher knows: how it reads its configuration, what it writes into its folder.
pub(crate) const VERSION: &str = "0.22.0";

const PROGRAM: &str = "evcxr_jupyter";

/// How many crates `cargo install --locked` compiles (counted with Rust 1.95 on Linux).
const CRATES: u32 = 273;

/// What the build folder grows to, in MB (measured: 700), and the same again to be safe.
const BUILD_MEGABYTES: u64 = 1_500;

/// The program of the pinned version, found or built.
pub(crate) fn install(places: &Places) -> Result<PathBuf> {
    if let Some(found) = find(places) {
        // What a build that was broken off after its success has left.
        remove_build(places);
        return Ok(found);
    }
    system::check_compiler()?;
    crate::setup::check_disk(places, BUILD_MEGABYTES, "building evcxr_jupyter")?;
    let note = format!("building version {VERSION}, once: some 5 minutes of all cores");
    let mut progress = Progress::start(PROGRAM, &note, "crates", Some(CRATES));
    let mut cargo = Command::new("cargo");
    cargo
        .args(["install", "--locked", PROGRAM, "--version", VERSION, "--force", "--root"])
        .arg(places.evcxr());
    cargo.current_dir(places.lab()).env("CARGO_TARGET_DIR", places.evcxr_build());
    cargo.env_remove("CARGO_BUILD_BUILD_DIR").env_remove("CARGO_BUILD_TARGET");
    process::run_counted("cargo install evcxr_jupyter", &mut cargo, |line| {
        if line.trim_start().starts_with("Compiling ") {
            progress.count();
        }
    })?;
    progress.finish();
    remove_build(places);
    find(places).ok_or(Error::NotSetUp { what: "evcxr_jupyter, although cargo installed it," })
}

/// The program of the pinned version, wherever cargo installed it: in `.lab`, on the PATH, in cargo's own folder.
pub(crate) fn find(places: &Places) -> Option<PathBuf> {
    let ours = places.evcxr().join("bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let folders = std::iter::once(ours)
        .chain(std::env::split_paths(&path))
        .chain(cargo_home.map(|folder| folder.join("bin")));
    let mut programs =
        folders.map(|folder| folder.join(format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX)));
    programs.find(|program| program.is_file() && is_pinned(program))
}

/// Reads the version from the record that `cargo install` keeps beside the bin folder: the program itself does not tell.
fn is_pinned(program: &Path) -> bool {
    let Some(root) = program.parent().and_then(Path::parent) else { return false };
    let entry = format!("\"{PROGRAM} {VERSION} (");
    [".crates2.json", ".crates.toml"]
        .iter()
        .any(|record| std::fs::read_to_string(root.join(record)).is_ok_and(|text| text.contains(&entry)))
}

fn remove_build(places: &Places) {
    // A leftover costs space and nothing else; `cargo lab clean` removes it too.
    let _ = std::fs::remove_dir_all(places.evcxr_build());
}
