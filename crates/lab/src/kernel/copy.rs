//! Copying a template for a kernel: fast, and so that no kernel can change what another reads.
//!
//! The compiled registry dependencies are most of the bytes. cargo names them by a hash of all that they are made from
//! and rustc replaces such a file by renaming a new one over it, so a hard link is safe: no one ever writes into it.
//! So is it for what rustc keeps for its next incremental compilation: rustc itself links these files from one session to
//! the next. Everything else is copied, with its time, because cargo decides by times what is fresh.

use std::fs::{self, File, FileTimes};
use std::io;
use std::path::Path;

use crate::error::{Error, Result};

/// Copies the folder `from` to `to`, which must not exist.
pub(crate) fn template(from: &Path, to: &Path) -> Result<()> {
    folder(from, to, |_| false).map_err(Error::file("copying the template to", to))
}

/// Copies a folder, in which the files that are `shared` may be hard links.
fn folder(from: &Path, to: &Path, shared: fn(&Path) -> bool) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            let shared_in_it = match entry.file_name().to_str() {
                Some("deps") => never_rewritten,
                Some("incremental") => of_a_session,
                _ => shared,
            };
            folder(&source, &target, shared_in_it)?;
        } else if !(shared(&source) && fs::hard_link(&source, &target).is_ok()) {
            file(&source, &target)?;
        }
    }
    Ok(())
}

/// Says whether rustc replaces this file of its incremental compilation and never writes into it: all but the lock.
fn of_a_session(file: &Path) -> bool {
    file.extension().is_none_or(|extension| extension != "lock")
}

/// Copies one file with its modification time; a file system that can, shares the blocks.
fn file(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to)?;
    let modified = fs::metadata(from)?.modified()?;
    File::options().write(true).open(to)?.set_times(FileTimes::new().set_modified(modified))
}

/// Says whether this is the library of a registry dependency: `libNAME-HASH.rlib`, `.rmeta` or a shared library.
///
/// Crates in a folder (conpar, evcxr's own ctx) are left out: they are what changes.
fn never_rewritten(file: &Path) -> bool {
    let library = file.extension().and_then(|extension| extension.to_str());
    if !matches!(library, Some("rlib" | "rmeta" | "so" | "dylib" | "dll")) {
        return false;
    }
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let Some((name, hash)) = stem.rsplit_once('-') else { return false };
    let ours = matches!(name.strip_prefix("lib").unwrap_or(name), "conpar" | "ctx" | "pins");
    !ours && hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_libraries_of_others_are_shared() {
        for (name, shared) in [
            ("librayon-0123456789abcdef.rlib", true),
            ("libserde_derive-0123456789abcdef.so", true),
            ("libconpar.so", false),
            ("libconpar-0123456789abcdef.rmeta", false),
            ("libctx.so", false),
            ("rayon-0123456789abcdef.d", false),
            ("libcode_1.so", false),
        ] {
            assert_eq!(never_rewritten(Path::new(name)), shared, "{name}");
        }
    }

    #[test]
    fn a_copy_keeps_times_and_does_not_share_what_may_change() -> io::Result<()> {
        let root = std::env::temp_dir().join(format!("conpar-copy-é {}", std::process::id()));
        let from = root.join("from").join("deps");
        fs::create_dir_all(&from)?;
        fs::write(from.join("libconpar.so"), "one")?;
        fs::write(from.join("librayon-0123456789abcdef.rlib"), "two")?;
        let session = Path::new("incremental").join("conpar-1").join("s-1");
        fs::create_dir_all(root.join("from").join(&session))?;
        fs::write(root.join("from").join(&session).join("query-cache.bin"), "three")?;
        fs::write(root.join("from").join(session.with_extension("lock")), "")?;
        let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        File::options().write(true).open(from.join("libconpar.so"))?.set_modified(long_ago)?;

        assert!(template(&root.join("from"), &root.join("to")).is_ok());
        let copied = root.join("to").join("deps").join("libconpar.so");
        assert_eq!(fs::metadata(&copied)?.modified()?, long_ago);
        fs::write(&copied, "changed")?;
        assert_eq!(fs::read_to_string(from.join("libconpar.so"))?, "one");
        assert_eq!(fs::read_to_string(root.join("to/deps/librayon-0123456789abcdef.rlib"))?, "two");
        assert_eq!(fs::read_to_string(root.join("to").join(&session).join("query-cache.bin"))?, "three");
        assert!(root.join("to").join(session.with_extension("lock")).exists());
        fs::remove_dir_all(&root)
    }
}
