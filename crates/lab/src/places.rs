//! Where everything is: the only module that knows the names of files and folders.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::stamp;

/// The folder, inside the checkout, that holds all that the set-up makes.
const LAB: &str = ".lab";

/// The paths of one checkout.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    root: PathBuf,
    /// Where evcxr works: `.lab`, or a folder in the user's cache where the checkout's path has a space in it.
    workshop: PathBuf,
}

impl Places {
    /// Finds the checkout that this program belongs to.
    ///
    /// A kernel is started in a notebook's folder by the copy of this program in `.lab/bin`, so that place is asked first;
    /// then cargo, which names the package that it runs; then the folders from the current one upwards.
    pub(crate) fn find() -> Result<Places> {
        let executable = std::env::current_exe().ok();
        let beside_lab = executable.as_deref().and_then(|exe| {
            let lab = exe.parent()?.parent()?;
            (lab.file_name()? == LAB).then(|| lab.parent().map(Path::to_owned))?
        });
        let from_cargo = std::env::var_os("CARGO_MANIFEST_DIR")
            .and_then(|package| Path::new(&package).ancestors().nth(2).map(Path::to_owned));
        let here = std::env::current_dir().unwrap_or_default();
        let upwards = here.ancestors().map(Path::to_owned);
        let root = beside_lab.into_iter().chain(from_cargo).chain(upwards).find(|folder| is_checkout(folder));
        let root = root.ok_or(Error::NotInCheckout { from: here })?;
        if root.to_str().is_none() {
            return Err(Error::NotUnicode { path: root });
        }
        let workshop = workshop(&root)?;
        Ok(Places { root, workshop })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn environment_file(&self) -> PathBuf {
        self.root.join("environment.yml")
    }

    pub(crate) fn lock_file(&self) -> PathBuf {
        self.root.join("Cargo.lock")
    }

    pub(crate) fn workspace_manifest(&self) -> PathBuf {
        self.root.join("Cargo.toml")
    }

    /// The helper crate that notebooks load.
    pub(crate) fn conpar(&self) -> PathBuf {
        self.root.join("crates").join("conpar")
    }

    pub(crate) fn notebooks(&self) -> PathBuf {
        self.root.join("notebooks")
    }

    /// A file's path within the checkout, to show.
    pub(crate) fn name(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }

    /// The chapters in English, which own the code.
    pub(crate) fn english(&self) -> PathBuf {
        self.notebooks().join("en")
    }

    /// The folder of each language, in name order: `en`, and those that the chapters are translated to.
    pub(crate) fn languages(&self) -> Result<Vec<PathBuf>> {
        Ok(children(&self.notebooks())?.into_iter().filter(|folder| folder.is_dir()).collect())
    }

    /// The English chapter that a notebook translates; `None` for an English one.
    pub(crate) fn original(&self, notebook: &Path) -> Option<PathBuf> {
        let english = self.english();
        let name = notebook.file_name().filter(|_| !notebook.starts_with(&english))?;
        Some(english.join(name))
    }

    /// Every notebook, in path order: found by looking, never listed by hand.
    pub(crate) fn all_notebooks(&self) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for language in self.languages()? {
            found.extend(children(&language)?.into_iter().filter(|file| is_notebook(file)));
        }
        found.sort();
        Ok(found)
    }

    /// What cells may keep from one kernel to the next.
    pub(crate) fn cache(&self) -> PathBuf {
        self.workshop().join("cache")
    }

    pub(crate) fn lab(&self) -> PathBuf {
        self.root.join(LAB)
    }

    /// The virtual environment, where no conda environment is active.
    pub(crate) fn venv(&self) -> PathBuf {
        self.lab().join("python")
    }

    /// What JupyterLab is set to, below the reader's own settings.
    pub(crate) fn jupyter_settings(&self) -> PathBuf {
        self.lab().join("jupyter")
    }

    /// What the Python environment was filled from: written last.
    pub(crate) fn environment_stamp(&self) -> PathBuf {
        self.lab().join("python.stamp")
    }

    /// The root that `cargo install` puts our own evcxr_jupyter in.
    pub(crate) fn evcxr(&self) -> PathBuf {
        self.lab().join("evcxr")
    }

    /// Where evcxr_jupyter is built: kept until the build succeeds, so that a broken-off one goes on.
    pub(crate) fn evcxr_build(&self) -> PathBuf {
        self.lab().join("evcxr-build")
    }

    /// The copy of this program that kernels are started by, which `cargo clean` does not reach.
    pub(crate) fn launcher(&self) -> PathBuf {
        self.lab().join("bin").join(format!("lab{}", std::env::consts::EXE_SUFFIX))
    }

    /// The folder that holds what evcxr works on: inside [`Places::lab`], unless a space in the path forbids that.
    pub(crate) fn workshop(&self) -> &Path {
        &self.workshop
    }

    pub(crate) fn template(&self) -> PathBuf {
        self.workshop.join("template")
    }

    /// The template while it is being made; renamed when it is whole.
    pub(crate) fn template_in_the_making(&self) -> PathBuf {
        self.workshop.join("template.partial")
    }

    /// The copies of the template, one for each kernel that runs.
    pub(crate) fn kernels(&self) -> PathBuf {
        self.workshop.join("kernels")
    }

    /// The crate that distributed programs are built with.
    pub(crate) fn conpar_mpi(&self) -> PathBuf {
        self.root.join("crates").join("conpar-mpi")
    }

    /// What `--with mpi` builds.
    pub(crate) fn mpi(&self) -> PathBuf {
        self.lab().join("mpi")
    }

    /// Where a kernel finds it all.
    pub(crate) fn mpi_settings(&self) -> PathBuf {
        self.mpi().join("settings.json")
    }

    /// The page that a calibration writes.
    pub(crate) fn calibration(&self) -> PathBuf {
        self.lab().join("calibration.html")
    }

    /// The copies of the notebooks with what they showed when they were executed here, in a folder for each language.
    pub(crate) fn all_executed(&self) -> PathBuf {
        self.root.join("target").join("executed")
    }

    /// The executed copy of one notebook.
    pub(crate) fn executed(&self, notebook: &Path) -> PathBuf {
        let within = notebook.strip_prefix(self.notebooks());
        self.all_executed().join(within.unwrap_or(Path::new(notebook.file_name().unwrap_or_default())))
    }

    /// The book, unless it is asked for elsewhere.
    pub(crate) fn book(&self) -> PathBuf {
        self.root.join("target").join("book")
    }

    /// What builds the book, beside its settings and its style.
    pub(crate) fn book_builder(&self) -> PathBuf {
        self.root.join("crates").join("lab").join("book").join("build.py")
    }

    /// A Python program of the tests.
    pub(crate) fn script(&self, name: &str) -> PathBuf {
        self.root.join("crates").join("lab").join("python").join(name)
    }

    /// Held while a set-up runs, so that two do not write the same files.
    pub(crate) fn setup_lock(&self) -> PathBuf {
        self.lab().join("setup.lock")
    }
}

/// The entries of a folder, in name order; a folder that does not exist has none.
pub(crate) fn children(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::file("reading the folder", folder)(error)),
    };
    let mut found: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    found.sort();
    Ok(found)
}

/// A folder for evcxr without a space in its path: evcxr 0.22 names each compiled cell to the process that runs it in a
/// line of words, so that a path with a space is cut short. cargo resolves links, so that a link does not help.
fn workshop(root: &Path) -> Result<PathBuf> {
    let has_space = |path: &Path| path.to_string_lossy().contains(' ');
    let lab = root.join(LAB);
    if !has_space(&lab) {
        return Ok(lab);
    }
    let folder =
        |variable: &str| std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = std::env::home_dir().unwrap_or_default();
    let system = if cfg!(windows) {
        folder("LOCALAPPDATA").unwrap_or_else(|| home.join("AppData").join("Local"))
    } else if cfg!(target_os = "macos") {
        home.join("Library").join("Caches")
    } else {
        home.join(".cache")
    };
    let cache = folder("XDG_CACHE_HOME").unwrap_or(system);
    if has_space(&cache) || !cache.is_absolute() {
        return Err(Error::SpacesEverywhere { checkout: root.to_owned(), cache });
    }
    Ok(cache.join("conpar").join(stamp::hash(root.to_string_lossy().as_bytes())))
}

fn is_checkout(folder: &Path) -> bool {
    folder.join("crates/lab/Cargo.toml").is_file() && folder.join("crates/conpar/Cargo.toml").is_file()
}

fn is_notebook(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "ipynb")
}
