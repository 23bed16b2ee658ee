//! `cargo lab clean`: removes what the set-up made.

use std::path::Path;

use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::kernel::folder;
use crate::kernelspec;
use crate::places::{self, Places};

/// Removes `.lab`, the workshop outside of it if there is one, and the kernelspec in a conda environment.
pub(crate) fn run(places: &Places, force: bool) -> Result<()> {
    let live = folder::live(places)?;
    if live > 0 && !force {
        return Err(Error::KernelsLive { count: live });
    }
    for kernel in places::children(&places.kernels())? {
        if kernel.is_dir() {
            folder::remove(&kernel);
        }
    }
    kernelspec::remove(places, &Environment::locate(places))?;
    let mut freed = 0;
    for folder in [places.lab(), places.workshop().to_owned()] {
        if folder.exists() {
            freed += bytes(&folder)?;
            std::fs::remove_dir_all(&folder).map_err(Error::file("removing", &folder))?;
        }
    }
    println!(
        "Freed {} MB. `cargo lab` sets up again; `cargo clean` removes what cargo built.",
        freed / 1_000_000
    );
    Ok(())
}

/// The size of all files in a folder; links are not followed.
fn bytes(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in places::children(folder)? {
        let Ok(data) = entry.symlink_metadata() else { continue };
        sum += if data.is_dir() { bytes(&entry)? } else { data.len() };
    }
    Ok(sum)
}
