//! The folders of the kernels: claimed, found dead, removed.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::settings::{FOLDER_VARIABLE, crate_folder};
use crate::error::{Error, Result};
use crate::places::{self, Places};
use crate::system;

/// A kernel's folder, held while this lives.
pub(crate) struct Claim {
    pub(crate) folder: PathBuf,
    /// Locked; the system unlocks it when this process ends, however it ends.
    _lock: File,
}

/// Claims a new folder, not yet made, and removes those of kernels that ended without cleaning up.
pub(crate) fn claim(places: &Places) -> Result<Claim> {
    let kernels = places.kernels();
    fs::create_dir_all(&kernels).map_err(Error::file("making the folder", &kernels))?;
    // One at a time: between the making of a lock file and its locking, it would look like a dead kernel's.
    let turn = open(&kernels.join("turn"))?;
    turn.lock().map_err(Error::file("locking", &kernels))?;
    for lock_file in lock_files(&kernels)? {
        if !is_held(&lock_file)? {
            remove(&lock_file.with_extension(""));
        }
    }
    let id = std::process::id();
    let mut names = (0u32..).map(|turn| kernels.join(format!("{id}-{turn}")));
    let folder =
        names.find(|folder| !folder.with_extension("lock").exists()).unwrap_or_else(|| kernels.join("last"));
    let lock = open(&folder.with_extension("lock"))?;
    lock.lock().map_err(Error::file("locking", &folder))?;
    Ok(Claim { folder, _lock: lock })
}

/// Ends all processes of the kernel in `folder` and removes the folder, then its lock file.
///
/// Safe to call twice and from two processes: what is gone is no error.
pub(crate) fn remove(folder: &Path) {
    system::kill_all_with(FOLDER_VARIABLE, &crate_folder(folder));
    // What cannot be removed now, the next kernel's start removes.
    if fs::remove_dir_all(folder).is_ok() || !folder.exists() {
        let _ = fs::remove_file(folder.with_extension("lock"));
    }
}

/// How many kernels run.
pub(crate) fn live(places: &Places) -> Result<usize> {
    let mut live = 0;
    for lock_file in lock_files(&places.kernels())? {
        live += usize::from(is_held(&lock_file)?);
    }
    Ok(live)
}

fn lock_files(kernels: &Path) -> Result<impl Iterator<Item = PathBuf>> {
    let files = places::children(kernels)?.into_iter();
    Ok(files.filter(|file| file.extension().is_some_and(|extension| extension == "lock")))
}

fn is_held(lock_file: &Path) -> Result<bool> {
    let file = match File::open(lock_file) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(Error::file("opening", lock_file)(error)),
    };
    match file.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(Error::file("locking", lock_file)(error)),
    }
}

fn open(file: &Path) -> Result<File> {
    let opened = File::options().create(true).truncate(false).write(true).open(file);
    opened.map_err(Error::file("opening", file))
}
