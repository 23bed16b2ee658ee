//! Compiles the text of a program, with rustc alone: cargo would need longer to find that there is nothing else to do.

use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use serde::Deserialize;

use super::source::Parts;
use crate::Error;
use crate::language::{say, word};

/// How many programs are kept built; the one that was built first goes first.
pub const MOST_BUILT: usize = 32;

/// The reader's text, as a module: the numbers of its lines stay what they are.
const TEXT: &str = "cell.rs";

/// What stands around it.
const MAIN: &str = "main.rs";
const AROUND: &str = "#[path = \"cell.rs\"]\nmod cell;\n\nfn main() -> impl std::process::Termination {\n    conpar::child::guard();\n    cell::conpar_main()\n}\n";

/// What is added below the reader's text: from outside of the module its `main` cannot be named.
const BELOW: &str =
    "\n#[doc(hidden)]\npub(super) fn conpar_main() -> impl std::process::Termination {\n    main()\n}\n";

/// The executable's name, in a folder of its own.
pub(crate) const PROGRAM: &str = "program";

/// How much of what rustc says is kept, in bytes.
const MOST_SAID: usize = 20_000;

/// A program that is ready to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Built {
    /// The executable.
    pub executable: PathBuf,
    /// How long building took; nothing when the same text was built before.
    pub took: Option<Duration>,
    /// Where the libraries are that it is linked with at run time.
    pub(super) libraries: Vec<PathBuf>,
}

/// Builds `source`, unless the same text was built before.
pub(super) fn build(source: &str) -> Result<Built, Error> {
    let library = Library::find()?;
    let text = format!("{source}{BELOW}");
    let files = [(TEXT, text.as_str()), (MAIN, AROUND)];
    let known = (&library.file, library.changed);
    let (executable, took) =
        once(&library.programs(), known, files, &|folder| compile(&library, source, folder))?;
    let libraries = library.dynamic.then(|| library.folder.clone()).into_iter().collect();
    Ok(Built { executable, took, libraries })
}

/// The folder in which programs are kept built: beside the library, and removed with it.
pub(crate) fn programs() -> Result<PathBuf, Error> {
    Ok(Library::find()?.programs())
}

/// Compiles the `files` into an executable in a folder of its own below `programs`, unless that was done before with the same
/// files and the same `with`; says where the executable is and how long it took.
pub(crate) fn once<const FILES: usize>(
    programs: &Path,
    with: impl Hash,
    files: [(&str, &str); FILES],
    compile: &dyn Fn(&Path) -> Result<(), Error>,
) -> Result<(PathBuf, Option<Duration>), Error> {
    let (name, text) = files[0];
    let mut hasher = DefaultHasher::new();
    (files, with).hash(&mut hasher);
    let home = programs.join(format!("{:016x}", hasher.finish()));
    if home.join(PROGRAM).exists()
        && std::fs::read_to_string(home.join(name)).is_ok_and(|known| known == text)
    {
        return Ok((home.join(PROGRAM), None));
    }
    let clock = Instant::now();
    // Built beside, then renamed: two cells that build the same text at once do not meet.
    static TURN: AtomicU64 = AtomicU64::new(0);
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    let partial = home.with_extension(format!("{}-{turn}", std::process::id()));
    let written = std::fs::create_dir_all(&partial)
        .and_then(|()| files.iter().try_for_each(|(name, text)| std::fs::write(partial.join(name), text)));
    let writing = say!(en: "writing into `{}`", pt: "ao gravar em `{}`", partial.display());
    written.map_err(|error| cannot(&writing, &error))?;
    let compiled = compile(&partial);
    if compiled.is_ok() {
        make_room(programs);
        // The other one was first: its program is the same.
        let _ = std::fs::rename(&partial, &home);
    }
    let _ = std::fs::remove_dir_all(&partial);
    compiled.map(|()| (home.join(PROGRAM), Some(clock.elapsed())))
}

fn compile(library: &Library, source: &str, folder: &Path) -> Result<(), Error> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(folder).args([MAIN, "--crate-name", "child"]);
    rustc.arg("--extern").arg(joined("conpar=", &library.file));
    for dependencies in &library.dependencies {
        rustc.arg("-L").arg(joined("dependency=", dependencies));
    }
    if library.dynamic {
        rustc.args(["-Cprefer-dynamic", "-Crpath"]);
    }
    run(rustc, TEXT, source)
}

/// Runs rustc, which is told what to compile and with which libraries, for an executable. What is wrong in the reader's `source`,
/// which stands in the file `text`, comes with the line of it.
pub(crate) fn run(mut rustc: Command, text: &str, source: &str) -> Result<(), Error> {
    rustc.args(["--edition", "2024", "-o", PROGRAM]);
    // Without the optimisation between the parts of the program, which takes longer than it gains in one this small.
    rustc.args(["-Copt-level=3", "-Clto=off", "-Cstrip=debuginfo", "-Awarnings", "--error-format=json"]);
    let starting = word!(en: "starting `rustc`", pt: "ao iniciar `rustc`");
    let output = rustc.output().map_err(|error| cannot(starting, &error))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<Diagnostic> = said
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(Diagnostic::is_error)
        .collect();
    if errors.is_empty() {
        let said = bounded(said.trim().to_owned());
        return Err(Error::NoChild {
            reason: say!(en: "rustc failed: {said}", pt: "o rustc falhou: {said}"),
        });
    }
    let parts = Parts::of(source);
    let line = errors.iter().find_map(|error| error.line(text)).map(|line| parts.line(line));
    let message = errors.iter().filter_map(|error| error.rendered.as_deref()).collect::<Vec<_>>().join("");
    Err(Error::ChildDoesNotCompile {
        line: line.map(|line| line.number),
        part: line.and_then(|line| line.part).map(str::to_owned),
        message: bounded(parts.put_right(message.trim_end(), text)),
    })
}

/// What rustc says of one fault, of its JSON as much as is of use here.
#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
    spans: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

impl Diagnostic {
    fn is_error(&self) -> bool {
        self.level.starts_with("error") && !self.spans.is_empty()
    }

    /// The line of the reader's text that it points at.
    fn line(&self, text: &str) -> Option<usize> {
        self.spans.iter().find(|span| span.is_primary && span.file_name == text).map(|span| span.line_start)
    }
}

/// The conpar that this very process runs.
struct Library {
    file: PathBuf,
    changed: Option<SystemTime>,
    /// The folder that it lies in; a kernel's is removed with the kernel.
    folder: PathBuf,
    dependencies: Vec<PathBuf>,
    dynamic: bool,
}

impl Library {
    fn find() -> Result<Library, Error> {
        let (file, dynamic) = match loaded() {
            Some(file) => (file, true),
            None => (linked().ok_or_else(unknown)?, false),
        };
        let folder = file.parent().ok_or_else(unknown)?.to_owned();
        let outer = if folder.ends_with("deps") { folder.parent().unwrap_or(&folder) } else { &folder };
        // `target/TRIPLE/debug` holds what runs, `target/debug` the macros that ran while it was compiled.
        let profile = outer.file_name().unwrap_or_default();
        let host = outer.ancestors().nth(2).map(|target| target.join(profile).join("deps"));
        let dependencies = [Some(outer.join("deps")), host];
        let changed = file.metadata().and_then(|metadata| metadata.modified()).ok();
        let dependencies = dependencies.into_iter().flatten().filter(|folder| folder.is_dir()).collect();
        Ok(Library { file, changed, folder, dependencies, dynamic })
    }

    /// See [`programs`].
    fn programs(&self) -> PathBuf {
        self.folder.join("children")
    }
}

/// The shared library that cells are linked with, where this process has loaded one.
fn loaded() -> Option<PathBuf> {
    let maps = std::fs::read_to_string("/proc/self/maps").ok()?;
    let files = maps.lines().filter_map(|line| line.find('/').map(|start| Path::new(&line[start..])));
    let mut conpar = files.filter(|file| is_conpar(file, "so"));
    conpar.find(|file| file.exists()).map(Path::to_owned)
}

/// The library that a test is linked with: it lies beside the test.
fn linked() -> Option<PathBuf> {
    let folder = std::env::current_exe().ok()?.parent()?.to_owned();
    let beside = [folder.clone(), folder.join("deps"), folder.parent()?.join("deps")];
    let files = beside.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let libraries = files.map(|entry| entry.path()).filter(|file| is_conpar(file, "rlib"));
    libraries.max_by_key(|file| file.metadata().and_then(|metadata| metadata.modified()).ok())
}

fn is_conpar(file: &Path, extension: &str) -> bool {
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    file.extension().is_some_and(|found| found == extension)
        && stem.strip_prefix("libconpar").is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
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

pub(crate) fn joined(before: &str, path: &Path) -> OsString {
    let mut whole = OsString::from(before);
    whole.push(path);
    whole
}

pub(super) fn bounded(mut text: String) -> String {
    if text.len() > MOST_SAID {
        let end = (0..=MOST_SAID).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
        text.truncate(end);
        text.push_str("\n…");
    }
    text
}

pub(super) fn cannot(what: &str, error: &std::io::Error) -> Error {
    Error::NoChild { reason: format!("{what}: {error}") }
}

fn unknown() -> Error {
    Error::NoChild {
        reason: say!(
            en: "the library of conpar that this process uses was not found, or was built again since it was loaded: \
                 restart the kernel",
            pt: "a biblioteca conpar que este processo usa não foi encontrada, ou foi compilada de novo depois de \
                 carregada: reinicie o kernel"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_programs_are_kept_built() {
        let programs = std::env::temp_dir().join(format!("conpar-built-{}", std::process::id()));
        let build = |number: usize| {
            let text = number.to_string();
            once(&programs, (), [(TEXT, text.as_str()), (MAIN, "")], &|folder| {
                std::fs::write(folder.join(PROGRAM), "built").map_err(|error| cannot("writing", &error))
            })
            .expect("a folder of ours")
        };
        let built: Vec<_> = (0..MOST_BUILT + 5).map(build).collect();
        assert!(built.iter().all(|(_, took)| took.is_some()));
        let kept = std::fs::read_dir(&programs).expect("a folder").count();
        assert_eq!(kept, MOST_BUILT, "and nothing that was half built");
        let (executable, took) = build(MOST_BUILT + 4);
        assert!(took.is_none() && executable.exists(), "the last one is kept");
        std::fs::remove_dir_all(programs).expect("it is ours");
    }
}
