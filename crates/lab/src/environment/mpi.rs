//! Builds `conpar-mpi` against the environment's MPICH, and writes down where everything is that a distributed program of a
//! notebook is built and launched with.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::Environment;
use crate::error::{Error, Result};
use crate::kernel::toolchain::Toolchain;
use crate::places::Places;
use crate::progress::Progress;
use crate::{process, stamp};

/// About how many crates are compiled (measured with mpi 0.8.2).
const CRATES: u32 = 48;

/// What a kernel reads: absolute paths.
#[derive(Debug, Serialize, Deserialize)]
struct Settings {
    /// The version of the MPI.
    version: String,
    /// The launcher.
    mpiexec: PathBuf,
    /// The crate `conpar-mpi`, built.
    library: PathBuf,
    /// What it depends on.
    dependencies: PathBuf,
    /// The folder of the MPI's own library.
    native: PathBuf,
    /// What all this was made from.
    made_from: String,
}

/// Builds what is missing or older than its sources.
pub(super) fn build(places: &Places, environment: &Environment) -> Result<()> {
    let made_from = made_from(places, environment)?;
    if load(places).is_some_and(|settings| settings.made_from == made_from && settings.library.is_file()) {
        return Ok(());
    }
    let target = target(places, environment)?;
    let mut progress = Progress::start("mpi", "compiling conpar-mpi", "crates", Some(CRATES));
    process::run_counted("compiling conpar-mpi", &mut cargo(places, environment, "build")?, |line| {
        if line.trim_start().starts_with("Compiling ") {
            progress.count();
        }
    })?;
    progress.finish();
    let settings = Settings {
        version: version(environment)?,
        mpiexec: environment.programs().join("mpiexec"),
        library: target.join("release").join("libconpar_mpi.rlib"),
        dependencies: target.join("release").join("deps"),
        native: environment.prefix.join("lib"),
        made_from,
    };
    let text = serde_json::to_string_pretty(&settings).unwrap_or_default();
    stamp::write(&places.mpi_settings(), &text)
}

/// Cargo, told to do this with `conpar-mpi`.
pub(crate) fn cargo(places: &Places, environment: &Environment, subcommand: &str) -> Result<Command> {
    let mut cargo = Command::new("cargo");
    cargo
        .args([subcommand, "--release", "--locked", "--manifest-path"])
        .arg(places.conpar_mpi().join("Cargo.toml"));
    cargo.arg("--target-dir").arg(target(places, environment)?);
    cargo.env("MPICC", environment.programs().join("mpicc")).env("LIBCLANG_PATH", libclang(environment)?);
    // The header `stddef.h` belongs to the compiler, and libclang from a package has no compiler beside it.
    if let Ok(include) = process::output(Command::new("cc").arg("-print-file-name=include")) {
        cargo.env("BINDGEN_EXTRA_CLANG_ARGS", format!("-I{include}"));
    }
    Ok(cargo)
}

/// A folder for each MPI: cargo does not see that the one behind the same path changed.
fn target(places: &Places, environment: &Environment) -> Result<PathBuf> {
    Ok(places.mpi().join("target").join(stamp::hash(version(environment)?.as_bytes())))
}

/// What is there, for the doctor.
pub(crate) fn state(places: &Places, environment: &Environment) -> Option<String> {
    let settings =
        load(places).filter(|settings| settings.library.is_file() && settings.mpiexec.is_file())?;
    let fresh = made_from(places, environment).is_ok_and(|made_from| made_from == settings.made_from);
    let age = if fresh { "" } else { "; conpar-mpi is older than its sources: `cargo lab setup --with mpi`" };
    Some(format!("{} in {}{age}", settings.version, settings.mpiexec.display()))
}

fn load(places: &Places) -> Option<Settings> {
    serde_json::from_slice(&std::fs::read(places.mpi_settings()).ok()?).ok()
}

fn made_from(places: &Places, environment: &Environment) -> Result<String> {
    let parts = [
        version(environment)?,
        environment.prefix.display().to_string(),
        Toolchain::find()?.version,
        stamp::folder(&places.conpar_mpi())?,
    ];
    Ok(stamp::hash(parts.join("\n").as_bytes()))
}

/// As in "MPICH 5.0.2".
fn version(environment: &Environment) -> Result<String> {
    let said = process::output(&mut Command::new(environment.programs().join("mpichversion")))?;
    let line = said.lines().find_map(|line| line.strip_prefix("MPICH Version:"));
    Ok(format!("MPICH {}", line.unwrap_or_default().trim()))
}

/// The folder of libclang: inside its Python package, in conda beside all libraries.
fn libclang(environment: &Environment) -> Result<PathBuf> {
    let code = "import clang, os; print(os.path.join(os.path.dirname(clang.__file__), 'native'))";
    let package = process::output(environment.command().args(["-c", code])).map(PathBuf::from);
    let folders = package.into_iter().chain([environment.prefix.join("lib")]);
    folders.into_iter().find(|folder| holds_libclang(folder)).ok_or(Error::NotSetUp { what: "libclang" })
}

fn holds_libclang(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("libclang."))
}
