//! Copying a template for a kernel: fast, and so that no kernel can change what another reads.
//!
//! The compiled registry dependencies are most of the bytes. cargo names them by a hash of all that they are made from
//! and rustc replaces such a file by renaming a new one over it, so a hard link is safe: no one ever writes into it.
//! Everything else is copied, with its time, because cargo decides by times what is fresh.
//!
//! So is what rustc keeps for its next incremental compilation. rustc links these files from one session to the next, and still
//! writes into some of them: `thin-lto-past-keys.bin` and the `.pre-lto.bc`. A kernel that compiled a changed conpar with a
//! shared one made the next template take old object files for new ones, and the linker miss symbols in them. conpar's own are
//! some 300 MB, of use only where it is compiled again: other kernels go without.

use std::fs::{self, File, FileTimes};
use std::io;
use std::path::Path;

use crate::error::{Error, Result};

/// What is compiled in a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compiles {
    /// Cells alone: conpar is as it was when the template was made.
    Cells,
    /// conpar as well.
    Conpar,
}

/// Copies the folder `from` to `to`, which must not exist.
pub(crate) fn template(from: &Path, to: &Path, what: Compiles) -> Result<()> {
    folder(from, to, what, |_| false).map_err(Error::file("copying the template to", to))
}

/// Copies a folder, in which the files that are `shared` may be hard links.
fn folder(from: &Path, to: &Path, what: Compiles, shared: fn(&Path) -> bool) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            if what == Compiles::Cells && is_incremental_of_conpar(&source) {
                continue;
            }
            let shared_in_it = if entry.file_name() == "deps" { never_rewritten } else { shared };
            folder(&source, &target, what, shared_in_it)?;
        } else if !(shared(&source) && fs::hard_link(&source, &target).is_ok()) {
            file(&source, &target)?;
        }
    }
    Ok(())
}

/// Says whether rustc keeps in this folder what it needs to compile conpar again.
pub(crate) fn is_incremental_of_conpar(folder: &Path) -> bool {
    let is_incremental = |parent: &Path| parent.file_name().is_some_and(|name| name == "incremental");
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with("conpar-") && folder.parent().is_some_and(is_incremental)
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
        let keys = ["ctx-1", "conpar-1"].map(|name| format!("incremental/{name}/s-1/thin-lto-past-keys.bin"));
        for keys in &keys {
            let keys = root.join("from").join(keys);
            fs::create_dir_all(keys.parent().unwrap_or(&root))?;
            fs::write(keys.with_file_name("query-cache.bin"), "three")?;
            fs::write(keys, "three")?;
        }
        let session = Path::new("incremental/ctx-1/s-1");
        fs::write(root.join("from").join(session.with_extension("lock")), "")?;
        let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        File::options().write(true).open(from.join("libconpar.so"))?.set_modified(long_ago)?;

        assert!(template(&root.join("from"), &root.join("to"), Compiles::Cells).is_ok());
        assert!(template(&root.join("from"), &root.join("next"), Compiles::Conpar).is_ok());
        let copied = root.join("to").join("deps").join("libconpar.so");
        assert_eq!(fs::metadata(&copied)?.modified()?, long_ago);
        fs::write(&copied, "changed")?;
        assert_eq!(fs::read_to_string(from.join("libconpar.so"))?, "one");
        assert_eq!(fs::read_to_string(root.join("to/deps/librayon-0123456789abcdef.rlib"))?, "two");
        assert_eq!(fs::read_to_string(root.join("to").join(session).join("query-cache.bin"))?, "three");
        assert!(root.join("to").join(session.with_extension("lock")).exists());
        // rustc writes into these: no copy may see it.
        fs::write(root.join("to").join(&keys[0]), "changed")?;
        assert!(!root.join("to").join(&keys[1]).exists());
        fs::write(root.join("next").join(&keys[1]), "changed")?;
        for keys in &keys {
            assert_eq!(fs::read_to_string(root.join("from").join(keys))?, "three");
        }
        fs::remove_dir_all(&root)
    }
}
