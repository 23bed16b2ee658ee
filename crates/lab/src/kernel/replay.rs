//! Stands between evcxr and cargo, and does not ask cargo again what it has answered for the cell before.
//!
//! For each cell evcxr runs `cargo build` on its crate. cargo then reads the manifests of all dependencies and looks at
//! what it has built of them, to find out that only the cell's source changed: 40 ms of 230 for a cell that draws a plot.
//! So the first build is cargo's, and what it did is written down: the command by which it ran rustc, and what it reported
//! of the result. The builds after it run that command.
//!
//! Where evcxr cannot tell a variable's type, as when a name in a `let` is misspelt, it lets `cargo check` find the mistakes.
//! cargo keeps what it checks apart from what it builds, and would first check all dependencies: 25 s on two cores. The
//! command of the build finds the same mistakes against the dependencies that are built, in 0.3 s.
//!
//! Invariants:
//! * a command is run again only while the manifest, the lock file, the arguments and the whole environment are the same;
//! * whatever is not such a build or such a check is cargo's own;
//! * rustc's messages go to evcxr as rustc writes them, which evcxr reads like those that cargo wraps.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use serde::{Deserialize, Serialize};

use super::atomics;
use super::settings::FOLDER_VARIABLE;
use super::toolchain::Toolchain;
use crate::error::{Error, Result};
use crate::{process, stamp, system};

/// Names the real cargo to its stand-in.
const VARIABLE: &str = "CONPAR_CARGO";

/// Names to evcxr's rustc the file into which it writes where the cell's library is. A check has none.
const RESULT_VARIABLE: &str = "EVCXR_EXECUTION_SO_PATH";

/// A build that can be done again.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Build {
    /// What it depends on, besides the source.
    key: String,
    /// The command that compiles the cell, for a shell in the kernel's folder.
    command: String,
    /// Where rustc puts the library.
    compiled: PathBuf,
    /// Where cargo puts it, and evcxr takes it from.
    reported: PathBuf,
    /// What cargo says of it, as lines of JSON.
    report: String,
}

/// Puts the stand-in into the kernel's folder. Where the system has no scripts or the toolchain no cargo of its own, evcxr
/// finds the real one.
pub(super) fn prepare(folder: &Path, toolchain: &Toolchain) -> Result<()> {
    if !system::HAS_SCRIPTS || !cargo(toolchain).is_file() {
        return Ok(());
    }
    let here = programs(folder);
    std::fs::create_dir_all(&here).map_err(Error::file("making the folder", &here))?;
    let program = std::env::current_exe().map_err(Error::file("finding", Path::new("lab")))?;
    system::link(&program, &here.join("cargo"))?;
    // evcxr asks rustup first, and looks on the PATH only where there is none.
    let Some(rustup) = process::find("rustup") else { return Ok(()) };
    let script = format!(
        "#!/bin/sh\nif [ \"$*\" = 'which cargo' ]; then echo {}; else exec {} \"$@\"; fi\n",
        process::quote(&here.join("cargo")),
        process::quote(&rustup),
    );
    system::write_script(&here.join("rustup"), &script)
}

/// The folder of the stand-in, to be first on the PATH, and the variable that it needs; none where it was not prepared.
pub(super) fn settings(folder: &Path, toolchain: &Toolchain) -> Option<(PathBuf, (&'static str, OsString))> {
    let here = programs(folder);
    here.exists().then(|| (here, (VARIABLE, cargo(toolchain).into())))
}

/// Does what cargo was called for, if this program was called as cargo.
pub(crate) fn stand_in() -> Option<Result<ExitCode>> {
    let mut arguments = std::env::args_os();
    let called_as_cargo = Path::new(&arguments.next()?).file_stem().is_some_and(|name| name == "cargo");
    let real = std::env::var_os(VARIABLE).filter(|_| called_as_cargo)?;
    Some(run(Path::new(&real), &arguments.collect::<Vec<_>>()))
}

fn run(real: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    let mut cargo = Command::new(real);
    cargo.args(arguments);
    let crate_folder = std::env::current_dir().map_err(Error::file("finding the folder of", real))?;
    let is_cells = std::env::var_os(FOLDER_VARIABLE).is_some_and(|folder| Path::new(&folder) == crate_folder);
    let (Some((task, options)), true) = (arguments.split_first(), is_cells) else {
        return Err(system::become_command(&mut cargo));
    };
    let compiles = task == "build" || task == "check";
    if compiles {
        rename_atomics(&crate_folder.join("src/lib.rs"))?;
    }
    let key = compiles.then(|| inputs(&crate_folder, options)).flatten();
    let Some(key) = key else {
        return Err(system::become_command(&mut cargo));
    };
    let kernel_folder = crate_folder.parent().unwrap_or(&crate_folder);
    let record = kernel_folder.join("build.json");
    let known = std::fs::read(&record).ok().and_then(|bytes| serde_json::from_slice::<Build>(&bytes).ok());
    match known.filter(|build| build.key == key) {
        Some(build) if task == "check" => check(&build, kernel_folder),
        Some(build) => again(&build, kernel_folder),
        None if task == "check" => Err(system::become_command(&mut cargo)),
        None => first(&mut cargo, &record, || inputs(&crate_folder, options)),
    }
}

/// Gives the atomic types in the cell's source the names that the compiler accepts.
fn rename_atomics(source: &Path) -> Result<()> {
    // Where there is no such file cargo says so.
    match std::fs::read_to_string(source).ok().and_then(|text| atomics::stable_names(&text)) {
        Some(renamed) => std::fs::write(source, renamed).map_err(Error::file("writing", source)),
        None => Ok(()),
    }
}

/// What a build depends on besides the source; `None` where the source asks for what only cargo tells rustc.
fn inputs(crate_folder: &Path, options: &[OsString]) -> Option<String> {
    let read = |file: &str| std::fs::read(crate_folder.join(file)).ok();
    let source = String::from_utf8(read("src/lib.rs")?).ok()?;
    if source.contains("env!") {
        return None;
    }
    let mut variables: Vec<_> = std::env::vars_os().filter(|(name, _)| name != RESULT_VARIABLE).collect();
    variables.sort();
    let rest = format!("{options:?}{variables:?}");
    let locked = without_cell(&String::from_utf8(read("../Cargo.lock")?).ok()?);
    let bytes = [read("Cargo.toml")?, read("../Cargo.toml")?, locked.into(), rest.into()].concat();
    Some(stamp::hash(&bytes))
}

/// The lock file without evcxr's own packages: it checks a `:dep` by a crate of another name in the cell's place, which
/// the next build takes out of the lock file again.
fn without_cell(locked: &str) -> String {
    let is_cell = |package: &&str| {
        ["ctx", "evcxr_dummy_validate_dep"]
            .iter()
            .any(|name| package.starts_with(&format!("name = \"{name}\"")))
    };
    locked.split("[[package]]\n").filter(|package| !is_cell(package)).collect()
}

/// Runs a command of rustc in the kernel's folder; whether rustc found no mistake.
fn compile(command: &str, kernel_folder: &Path) -> Result<bool> {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("exec {command}")).current_dir(kernel_folder);
    shell.stdin(Stdio::null()).stdout(Stdio::null());
    Ok(shell.status().map_err(process::starting("rustc"))?.success())
}

/// Lets rustc look for mistakes, and stop before it writes a library.
fn check(build: &Build, kernel_folder: &Path) -> Result<ExitCode> {
    let found_none = compile(&without_library(&build.command), kernel_folder)?;
    Ok(if found_none { ExitCode::SUCCESS } else { ExitCode::from(101) })
}

fn without_library(command: &str) -> String {
    let word = |word: &str| if word.starts_with("--emit=") { "--emit=metadata" } else { word }.to_owned();
    command.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Runs the written command, then leaves and says what cargo would.
fn again(build: &Build, kernel_folder: &Path) -> Result<ExitCode> {
    if !compile(&build.command, kernel_folder)? {
        return Ok(ExitCode::from(101));
    }
    // evcxr has renamed the one before; cargo would replace it too.
    let _ = std::fs::remove_file(&build.reported);
    std::fs::hard_link(&build.compiled, &build.reported)
        .or_else(|_| std::fs::copy(&build.compiled, &build.reported).map(drop))
        .map_err(Error::file("writing", &build.reported))?;
    print!("{}", build.report);
    Ok(ExitCode::SUCCESS)
}

/// Lets cargo build, passes on what it says, and writes down what it did, under the `key` that holds afterwards: cargo may
/// have changed the lock file.
fn first(cargo: &mut Command, record: &Path, key: impl Fn() -> Option<String>) -> Result<ExitCode> {
    let mut child = cargo
        .arg("--verbose")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(process::starting("cargo"))?;
    let mut stdout = child.stdout.take();
    let report = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = stdout.as_mut().map(|stdout| stdout.read_to_string(&mut text));
        text
    });
    let mut command = None;
    for line in child
        .stderr
        .take()
        .map(BufReader::new)
        .into_iter()
        .flat_map(BufRead::lines)
        .map_while(|line| line.ok())
    {
        match verbose(&line) {
            Some(run) => command = cells_command(run).map(str::to_owned).or(command),
            None => eprintln!("{line}"),
        }
    }
    let report = report.join().unwrap_or_default();
    let status = child.wait().map_err(process::starting("cargo"))?;
    if status.success()
        && let Some((key, command)) = key().zip(command)
        && let Some(build) = written_down(key, command, &report)
        && let Ok(json) = serde_json::to_vec(&build)
    {
        // Without it the next build is cargo's again.
        let _ = std::fs::write(record, json);
    }
    let _ = std::io::stdout().write_all(report.as_bytes());
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(101)))
}

/// What comes after the word, where cargo says a line only because it is verbose.
fn verbose(line: &str) -> Option<&str> {
    let (word, rest) = line.trim_start().split_once(' ')?;
    matches!(word, "Running" | "Fresh" | "Dirty").then(|| rest.trim_start())
}

/// The command in cargo's backticks, if it compiles a cell.
fn cells_command(run: &str) -> Option<&str> {
    let command = run.strip_prefix('`')?.strip_suffix('`')?;
    command.contains("--crate-name ctx ").then_some(command)
}

fn written_down(key: String, command: String, report: &str) -> Option<Build> {
    let lines: Vec<&str> = report.lines().filter(|line| is_of_cell(line)).collect();
    let artifact: serde_json::Value =
        lines.iter().find_map(|line| serde_json::from_str(line).ok().filter(is_artifact))?;
    let reported = PathBuf::from(artifact["filenames"][0].as_str()?);
    let output_folder = command.split_once("--out-dir ")?.1.split(' ').next()?;
    let compiled = Path::new(output_folder).join(reported.file_name()?);
    let report = lines.iter().map(|line| format!("{line}\n")).collect();
    compiled.is_file().then_some(Build { key, command, compiled, reported, report })
}

/// Of the dependencies evcxr wants to know nothing more.
fn is_of_cell(line: &str) -> bool {
    let json: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
    is_artifact(&json) || json["reason"] == "build-finished"
}

fn is_artifact(json: &serde_json::Value) -> bool {
    json["reason"] == "compiler-artifact" && json["target"]["name"] == "ctx"
}

fn programs(folder: &Path) -> PathBuf {
    folder.join("programs")
}

fn cargo(toolchain: &Toolchain) -> PathBuf {
    toolchain.sysroot.join("bin").join("cargo")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_found_among_what_cargo_says() {
        let line = "     Running `/bin/rustc --crate-name ctx --edition=2024 ctx/src/lib.rs --out-dir /k/deps -C rpath`";
        let command = verbose(line).and_then(cells_command).expect("a command");
        assert!(command.starts_with("/bin/rustc --crate-name ctx ") && command.ends_with("-C rpath"));
        assert_eq!(
            verbose("     Running `/bin/rustc --crate-name rayon lib.rs`").and_then(cells_command),
            None
        );
        assert_eq!(verbose("       Fresh rayon v1.12.0"), Some("rayon v1.12.0"));
        assert_eq!(verbose("   Compiling rayon v1.12.0"), None);
        assert_eq!(verbose("error: no matching package named `a` found"), None);
    }

    #[test]
    fn the_cell_itself_does_not_count_among_what_is_locked() {
        let package = |name: &str| format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n\n");
        let lock = |cell: &str| format!("version = 4\n\n{}{}", package(cell), package("ctx-like"));
        assert_eq!(without_cell(&lock("ctx")), without_cell(&lock("evcxr_dummy_validate_dep")));
        assert_ne!(without_cell(&lock("ctx")), without_cell(&lock("rayon")));
        assert!(without_cell(&lock("ctx")).contains("ctx-like"));
    }

    #[test]
    fn a_check_writes_no_library() {
        let command =
            "rustc --crate-name ctx --crate-type dylib --emit=dep-info,link -C rpath --out-dir /k/deps";
        let checked = "rustc --crate-name ctx --crate-type dylib --emit=metadata -C rpath --out-dir /k/deps";
        assert_eq!(without_library(command), checked);
    }

    #[test]
    fn only_what_cargo_says_of_the_cell_is_said_again() {
        assert!(is_of_cell(r#"{"reason":"compiler-artifact","target":{"name":"ctx"}}"#));
        assert!(is_of_cell(r#"{"reason":"build-finished","success":true}"#));
        assert!(!is_of_cell(r#"{"reason":"compiler-artifact","target":{"name":"rayon"}}"#));
        assert!(!is_of_cell("no json"));
    }
}
