//! The set-up: everything that is missing, in order. Each part looks first, and leaves alone what is there.

use std::fs::{File, TryLockError};

use crate::environment::{Environment, packages};
use crate::error::{Error, Result};
use crate::places::Places;
use crate::progress;
use crate::{evcxr, kernelspec, system, template};

/// What the Python environment takes, in MB (measured: 300, with pip's downloads twice that).
const PYTHON_MEGABYTES: u64 = 600;

/// Sets up what is missing.
///
/// Every part is made under another name or finished by a stamp, so that a set-up that was broken off is completed by
/// the next one.
pub(crate) fn run(places: &Places) -> Result<Environment> {
    let started = std::time::Instant::now();
    let _turn = take_turn(places)?;
    let environment = Environment::locate(places);
    if !environment.python().is_file() {
        check_disk(places, PYTHON_MEGABYTES, "the Python environment")?;
    }
    environment.make(places)?;
    packages::install(places, &environment)?;
    let evcxr = evcxr::install(places)?;
    kernelspec::install(places, &environment)?;
    template::make(places, &environment, evcxr)?;
    println!("Set up ({}).", progress::duration(started.elapsed()));
    Ok(environment)
}

/// Checks that the disk has room before a long step begins.
pub(crate) fn check_disk(places: &Places, needed_mb: u64, what: &'static str) -> Result<()> {
    match system::free_megabytes(places.root()) {
        Some(free_mb) if free_mb < needed_mb => {
            Err(Error::DiskFull { path: places.root().to_owned(), free_mb, needed_mb, what })
        }
        _ => Ok(()),
    }
}

/// Waits until no other set-up of this checkout runs; the turn ends when the file is dropped.
fn take_turn(places: &Places) -> Result<File> {
    let lab = places.lab();
    std::fs::create_dir_all(&lab).map_err(Error::file("making the folder", &lab))?;
    let path = places.setup_lock();
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(Error::file("opening", &path))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => println!("  waiting for another set-up of this checkout"),
        Err(TryLockError::Error(error)) => return Err(Error::file("locking", &path)(error)),
    }
    file.lock().map_err(Error::file("locking", &path))?;
    Ok(file)
}
