//! Compiles the text of a distributed program, with rustc alone.

use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Deserialize;

use super::setup::Setup;
use crate::Error;
use crate::child::MOST_BUILT;

const TEXT: &str = "ranks.rs";
const PROGRAM: &str = "ranks";

/// Builds `source` unless the same text was built before, in a folder beside `beside`, and gives the executable.
pub(super) fn build(setup: &Setup, source: &str, beside: &Path) -> Result<PathBuf, Error> {
    let cannot =
        |what: &str, error: &dyn std::fmt::Display| Error::NoChild { reason: format!("{what}: {error}") };
    let programs = beside.ancestors().nth(3).unwrap_or(beside).join("ranks");
    let changed = setup.library.metadata().and_then(|metadata| metadata.modified()).ok();
    let mut hasher = DefaultHasher::new();
    (source, &setup.library, changed).hash(&mut hasher);
    let home = programs.join(format!("{:016x}", hasher.finish()));
    if home.join(PROGRAM).is_file()
        && std::fs::read_to_string(home.join(TEXT)).is_ok_and(|known| known == source)
    {
        return Ok(home.join(PROGRAM));
    }
    static TURN: AtomicU64 = AtomicU64::new(0);
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    let partial = home.with_extension(format!("{}-{turn}", std::process::id()));
    std::fs::create_dir_all(&partial)
        .and_then(|()| std::fs::write(partial.join(TEXT), source))
        .map_err(|error| cannot(&format!("writing into `{}`", partial.display()), &error))?;
    let compiled = compile(setup, &partial);
    if compiled.is_ok() {
        make_room(&programs);
        let _ = std::fs::rename(&partial, &home);
    }
    let _ = std::fs::remove_dir_all(&partial);
    compiled.map(|()| home.join(PROGRAM))
}

fn compile(setup: &Setup, folder: &Path) -> Result<(), Error> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(folder).args([TEXT, "--edition", "2024", "--crate-name", "ranks", "-o", PROGRAM]);
    // A panic must end the rank at once: unwinding would finish MPI, and leave the others waiting.
    rustc.args(["-Copt-level=3", "-Cpanic=abort", "-Cstrip=debuginfo", "-Awarnings", "--error-format=json"]);
    rustc.arg("--extern").arg(joined("conpar_mpi=", &setup.library));
    rustc
        .arg("-L")
        .arg(joined("dependency=", &setup.dependencies))
        .arg("-L")
        .arg(joined("native=", &setup.native));
    rustc.arg(joined("-Clink-arg=-Wl,-rpath,", &setup.native));
    let output =
        rustc.output().map_err(|error| Error::NoChild { reason: format!("starting `rustc`: {error}") })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<Diagnostic> = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Diagnostic>(line).ok())
        .filter(|found| found.level.starts_with("error") && !found.spans.is_empty())
        .collect();
    if errors.is_empty() {
        let said: String = said.chars().take(4_000).collect();
        return Err(Error::NoChild { reason: format!("rustc failed: {said}") });
    }
    let primary =
        |found: &Diagnostic| found.spans.iter().find(|span| span.is_primary).map(|span| span.line_start);
    let message = errors.iter().filter_map(|error| error.rendered.as_deref()).collect::<String>();
    let message = message.chars().take(20_000).collect::<String>().trim_end().to_owned();
    Err(Error::ChildDoesNotCompile { line: errors.iter().find_map(primary), message })
}

/// What rustc says of one fault.
#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
    spans: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    line_start: usize,
    is_primary: bool,
}

/// Removes the oldest programs until there is room for one more.
fn make_room(programs: &Path) {
    let entries = std::fs::read_dir(programs).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut built: Vec<PathBuf> = entries.filter(|folder| folder.extension().is_none()).collect();
    built.sort_by_key(|folder| folder.metadata().and_then(|metadata| metadata.modified()).ok());
    for oldest in built.iter().take((built.len() + 1).saturating_sub(MOST_BUILT)) {
        let _ = std::fs::remove_dir_all(oldest);
    }
}

fn joined(before: &str, path: &Path) -> OsString {
    let mut whole = OsString::from(before);
    whole.push(path);
    whole
}
