//! Compiles the text of a Go program, without a network and without a trace outside of folders of ours.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::build::{PROGRAM, bounded, build, cannot, once, programs};
use super::cache::Cache;
use super::program::Program;
use super::source::{Line, Parts};
use crate::Error;
use crate::language::{say, word};

/// The reader's text, and what lies beside it.
const TEXT: &str = "cell.go";
const BESIDE: &str = "conpar.go";

/// The keeper of a program that is no Rust program.
const KEEPER: &str = "fn main() {}\n";

/// Builds the Go program whose text is `source`, a whole file of the package `main`.
///
/// It can use Go's standard library, and beside it finds `measure` and `memory` (`crates/conpar/src/child/conpar.go`). It runs
/// under the bounds of a [`child`](super::child); `GOMEMLIMIT` is nine tenths of the memory that it may have. The same text
/// is built once, another one in some tenths of a second. The first build of all compiles Go's standard library, which takes
/// some seconds.
///
/// # Errors
///
/// [`Error::NoGo`] where there is no toolchain on the PATH; [`Error::ChildDoesNotCompile`] with what the compiler says, whose
/// line numbers are those of `source`; [`Error::NoChild`] where nothing can be built.
pub fn go(source: &str) -> Result<Program, Error> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let toolchain = find(&path).ok_or(Error::NoGo)?;
    let programs = programs()?;
    let cache = Cache::at(&programs);
    let changed = toolchain.metadata().and_then(|metadata| metadata.modified()).ok();
    let files = [(TEXT, source), (BESIDE, include_str!("conpar.go"))];
    let compile = |folder: &Path| compile(&toolchain, &cache, source, folder);
    let (executable, took) = once(&programs, (&toolchain, changed), files, &compile)?;
    let mut program = Program::new(build(KEEPER)?);
    program.built.took = took;
    program.other = Some(executable);
    Ok(program)
}

/// The variable that keeps the collector of a Go program ahead of its memory bound.
pub(super) fn memory_limit(memory: u64) -> (&'static str, String) {
    ("GOMEMLIMIT", (memory / 10 * 9).to_string())
}

/// The toolchain's program in one of the folders of `path`.
fn find(path: &OsString) -> Option<PathBuf> {
    let name = format!("go{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(path).map(|folder| folder.join(&name)).find(|file| file.is_file())
}

fn compile(toolchain: &Path, cache: &Cache, source: &str, folder: &Path) -> Result<(), Error> {
    let room = word!(en: "making room for what Go compiles", pt: "ao abrir espaço para o que o Go compila");
    let shared = cache.in_use().map_err(|error| cannot(room, &error))?;
    let mut go = Command::new(toolchain);
    go.current_dir(folder).args(["build", "-trimpath", "-ldflags=-s -w", "-o", PROGRAM, TEXT, BESIDE]);
    go.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    // No network, no other toolchain than this one, nothing of the reader's own settings.
    for (name, value) in [
        ("GOENV", "off"),
        ("GOFLAGS", ""),
        ("GOPROXY", "off"),
        ("GOTOOLCHAIN", "local"),
        ("GOWORK", "off"),
        ("GO111MODULE", "off"),
        ("CGO_ENABLED", "0"),
    ] {
        go.env(name, value);
    }
    // All that it writes lies here. Its telemetry is a file there that says so.
    go.env("GOCACHE", cache.objects()).env("GOTMPDIR", folder);
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "GOPATH"] {
        go.env(name, cache.home());
    }
    let starting = word!(en: "starting `go`", pt: "ao iniciar `go`");
    let output = go.output().map_err(|error| cannot(starting, &error))?;
    drop(shared);
    cache.trim();
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    match line(&said, &Parts::of(source)) {
        Some(Line { part, number }) => {
            let message = said.lines().filter(|line| !line.starts_with("# ")).collect::<Vec<_>>().join("\n");
            let part = part.map(str::to_owned);
            Err(Error::ChildDoesNotCompile { line: Some(number), part, message: bounded(message) })
        }
        None => {
            let said = bounded(said.trim().to_owned());
            Err(Error::NoChild { reason: say!(en: "go failed: {said}", pt: "o go falhou: {said}") })
        }
    }
}

/// The line of the reader's text that the compiler points at first: `./cell.go:7:2: undefined: x`; or of one of its parts.
fn line<'t>(said: &str, parts: &Parts<'t>) -> Option<Line<'t>> {
    said.lines().find_map(|line| {
        let (file, place) = line.trim_start().trim_start_matches("./").split_once(':')?;
        let part = parts.named(file);
        let number = place.split(':').next()?.parse().ok()?;
        (file == TEXT || part.is_some()).then_some(Line { part, number })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiler_points_at_a_line() {
        let line = |said| line(said, &Parts::of("//line ONE:1:1\npackage main"));
        let at = |part, number| Some(Line { part, number });
        assert_eq!(
            line("# command-line-arguments\n./cell.go:7:2: undefined: x\n./cell.go:9:1: y"),
            at(None, 7)
        );
        assert_eq!(line("./conpar.go:3:6: measure redeclared\n\t./cell.go:5:6: other"), at(None, 5));
        assert_eq!(line("./ONE:4:2: declared and not used: x"), at(Some("ONE"), 4));
        assert_eq!(line("go: cannot find GOROOT directory"), None);
    }

    #[test]
    fn no_toolchain_is_found_where_there_is_none() {
        assert_eq!(find(&OsString::from("/proc:/nowhere")), None);
        assert!(Error::NoGo.to_string().contains("cargo lab setup --with go"));
    }
}
