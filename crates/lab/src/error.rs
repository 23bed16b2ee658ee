//! Everything that can go wrong, each with the command that mends it.

use std::path::{Path, PathBuf};

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// What went wrong: what was found, what was expected, and what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "there is no command `{given}`. Did you mean `cargo lab {nearest}`? `cargo lab --help` lists all."
    )]
    UnknownCommand { given: String, nearest: &'static str },
    #[error(
        "`cargo lab {command}` takes no `{given}` here. `cargo lab {command} --help` says what it takes."
    )]
    UnexpectedArgument { command: String, given: String },
    #[error("`cargo lab {command}` needs {what}. `cargo lab --help` shows how it is called.")]
    MissingArgument { command: &'static str, what: &'static str },
    #[error(
        "`--with {given}` is not known: `cargo lab setup --with go` adds a Go toolchain, `--with mpi` an MPI, `--with book` \
         what builds the book."
    )]
    UnknownExtra { given: String },
    #[error(
        "there are no notebooks in the language `{given}`; there are in {known}, as in `cargo lab --language en`."
    )]
    UnknownLanguage { given: String, known: String },
    #[error("`{given}` is no port: expected a number from 1 to 65535, as in `cargo lab --port 8899`.")]
    BadPort { given: String },

    #[error("no conpar checkout found from {} upwards. Run `cargo lab` inside the checkout.", .from.display())]
    NotInCheckout { from: PathBuf },
    #[error("{what}: `{}` does not exist.", .path.display())]
    NotThere { what: &'static str, path: PathBuf },

    #[error(
        "no Python found (tried {tried}). conpar needs Python 3.10 or newer for JupyterLab.\n\
         Mend it: {}",
        crate::system::install_hint("python3 python3-venv", "python")
    )]
    NoPython { tried: String },
    #[error(
        "{} is Python {found}; JupyterLab needs 3.10 or newer.\n\
         Mend it: {}", .python.display(), crate::system::install_hint("python3 python3-venv", "python")
    )]
    OldPython { python: PathBuf, found: String },
    #[error(
        "{} cannot make virtual environments: {missing}.\n\
         Mend it: {}", .python.display(), crate::system::install_hint("python3-venv", "python")
    )]
    NoVenv { python: PathBuf, missing: String },
    #[error(
        "no C compiler: `cc` does not run, and Rust needs it to link.\n\
         Mend it: {}",
        crate::system::compiler_hint()
    )]
    NoCompiler,
    #[error("Rust {found} is too old: conpar needs {needed} or newer. Mend it: `rustup update stable`")]
    OldRust { found: String, needed: &'static str },
    #[error("not installed: {names}. Mend it: `cargo lab setup`")]
    MissingPackages { names: String },
    #[error("`rustc` does not run ({detail}). Mend it: install Rust from https://rustup.rs")]
    NoRust { detail: String },
    #[error(
        "{what} could not reach the network:\n{detail}\n\
         Mend it: connect (or set the proxy), then run `cargo lab setup` again: it goes on where it stopped."
    )]
    NoNetwork { what: &'static str, detail: String },
    #[error("port {port} is taken by another program. Mend it: `cargo lab --port {}`, or leave --port out.", .port.checked_add(1).unwrap_or(8888))]
    PortTaken { port: u16 },
    #[error(
        "the disk is too full: {} has {free_mb} MB free, and {what} needs about {needed_mb} MB.\n\
         Mend it: free some space (`cargo clean` and `cargo lab clean` remove what was built here), then run \
         `cargo lab setup` again.", .path.display()
    )]
    DiskFull { path: PathBuf, free_mb: u64, needed_mb: u64, what: &'static str },
    #[error("{}: {problem}. Mend it: `git checkout -- environment.yml`", .path.display())]
    BadEnvironmentFile { path: PathBuf, problem: String },
    #[error(
        "evcxr cannot work in a folder with a space in its path, and both the checkout ({}) and the cache ({}) have one.\n\
         Mend it: move the checkout, or set XDG_CACHE_HOME to a folder without a space.",
        .checkout.display(), .cache.display()
    )]
    SpacesEverywhere { checkout: PathBuf, cache: PathBuf },
    #[error("the path {} is not valid Unicode, which cargo and Jupyter need. Move the checkout.", .path.display())]
    NotUnicode { path: PathBuf },
    #[error(
        "evcxr could not build the kernel's template:\n{detail}\nMend it: `cargo build -p conpar` shows the same error in full; then `cargo lab setup`."
    )]
    TemplateFailed { detail: String },
    #[error("the kernel is not set up: {what} is missing. Mend it: `cargo lab setup`")]
    NotSetUp { what: &'static str },
    #[error(
        "{count} kernel(s) of this checkout still run. Close them in JupyterLab, or use `cargo lab clean --force`."
    )]
    KernelsLive { count: usize },

    #[error("{}: {problem}", .path.display())]
    BadNotebook { path: PathBuf, problem: String },

    #[error("{} holds something that is no book of conpar's. Give `cargo lab book --output` a new or an empty folder.", .path.display())]
    NotABook { path: PathBuf },

    #[error("`{command}` could not be started: {source}")]
    Start { command: String, source: std::io::Error },
    #[error("`{command}` failed ({status}):\n{detail}")]
    Failed { command: String, status: std::process::ExitStatus, detail: String },
    #[error("{doing} {}: {source}", .path.display())]
    File { doing: &'static str, path: PathBuf, source: std::io::Error },
}

impl Error {
    /// Turns an I/O error at `path` into a typed one; a full disk is named as such.
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_owned();
        move |source| {
            if source.kind() == std::io::ErrorKind::StorageFull {
                return Error::DiskFull { path, free_mb: 0, needed_mb: 1, what: doing };
            }
            Error::File { doing, path, source }
        }
    }
}
