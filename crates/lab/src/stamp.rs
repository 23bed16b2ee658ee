//! Stamps: what a thing was made from, so that it is made again only when that changed.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::places::{self, Places};

/// Says whether the stamp at `file` holds exactly `expected`.
pub(crate) fn matches(file: &Path, expected: &str) -> bool {
    std::fs::read_to_string(file).is_ok_and(|found| found == expected)
}

/// Writes a stamp: always the last act of the making, and whole or not at all.
pub(crate) fn write(file: &Path, text: &str) -> Result<()> {
    let partial = file.with_extension("partial");
    std::fs::write(&partial, text).map_err(Error::file("writing the stamp", &partial))?;
    std::fs::rename(&partial, file).map_err(Error::file("writing the stamp", file))
}

/// A hash of everything that conpar is built from: its sources, the manifests, the locked versions.
pub(crate) fn sources(places: &Places) -> Result<String> {
    let mut files = vec![places.lock_file(), places.workspace_manifest(), places.conpar().join("Cargo.toml")];
    collect(&places.conpar().join("src"), &mut files)?;
    let mut hash = Hash::new();
    for file in files {
        let name = file.strip_prefix(places.root()).unwrap_or(&file);
        hash.add(name.to_string_lossy().as_bytes());
        hash.add(&std::fs::read(&file).map_err(Error::file("reading", &file))?);
    }
    Ok(hash.hex())
}

/// A hash of all files of one crate.
pub(crate) fn folder(crate_folder: &Path) -> Result<String> {
    let mut files = vec![crate_folder.join("Cargo.toml"), crate_folder.join("Cargo.lock")];
    collect(&crate_folder.join("src"), &mut files)?;
    let mut hash = Hash::new();
    for file in files {
        hash.add(&std::fs::read(&file).map_err(Error::file("reading", &file))?);
    }
    Ok(hash.hex())
}

/// A short name for the bytes.
pub(crate) fn hash(bytes: &[u8]) -> String {
    let mut hash = Hash::new();
    hash.add(bytes);
    hash.hex()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in places::children(folder)? {
        if entry.is_dir() {
            collect(&entry, files)?;
        } else {
            files.push(entry);
        }
    }
    Ok(())
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): the same in every build of this program, which std's hasher does not promise.
/// It guards against change, not against malice.
struct Hash(u64);

impl Hash {
    fn new() -> Hash {
        Hash(0xcbf2_9ce4_8422_2325)
    }

    /// Adds the bytes and their number, so that moving a byte from one file to the next changes the hash.
    fn add(&mut self, bytes: &[u8]) {
        let length = (bytes.len() as u64).to_le_bytes();
        for byte in length.iter().chain(bytes) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn hex(&self) -> String {
        format!("{:016x}", self.0)
    }
}
