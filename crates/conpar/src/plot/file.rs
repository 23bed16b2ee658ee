//! Writing a file whole: a reader's earlier file is replaced only when the new one is complete.

use std::fmt;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::Error;

/// A file that was saved; the last expression of a cell tells where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: usize,
}

impl fmt::Display for Saved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:.1} kB", self.path.display(), self.bytes as f64 / 1e3)
    }
}

/// Writes `content` to `path`.
///
/// # Errors
///
/// [`Error::CannotWrite`], with what to do.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<Saved, Error> {
    let refused = |error: std::io::Error| Error::cannot_write(path, &error);
    let Some(name) = path.file_name().filter(|_| !path.is_dir()) else {
        return Err(refused(ErrorKind::IsADirectory.into()));
    };
    // Beside the file, so that it can be renamed; with the process's number, so that two kernels do not meet.
    let mut part = name.to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(part);
    let written = std::fs::File::create(&part).and_then(|mut file| {
        file.write_all(content)?;
        // A full disk may tell only now.
        file.sync_all()
    });
    written.and_then(|()| std::fs::rename(&part, path)).map_err(|error| {
        let _ = std::fs::remove_file(&part);
        refused(error)
    })?;
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    Ok(Saved { path, bytes: content.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(path: &Path) -> String {
        write(path, b"x").expect_err("cannot be written").to_string()
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let folder = std::env::temp_dir().join(format!("conpar-write-{}", std::process::id()));
        std::fs::create_dir(&folder).expect("a new folder");
        let file = folder.join("a.svg");
        for content in ["long content", "short"] {
            let saved = write(&file, content.as_bytes()).expect("a folder of our own");
            assert_eq!(
                (saved.bytes, std::fs::read_to_string(&file).expect("saved")),
                (content.len(), content.into())
            );
        }
        assert_eq!(std::fs::read_dir(&folder).expect("the folder").count(), 1);
        std::fs::remove_dir_all(&folder).expect("our own");
    }

    #[test]
    fn errors_name_the_path_and_what_to_do() {
        let missing = refusal(Path::new("/no/such/folder/a.svg"));
        assert!(missing.contains("/no/such/folder/a.svg") && missing.contains("make it"), "{missing}");
        assert!(refusal(&std::env::temp_dir()).contains("name a file in it"));
        assert!(refusal(Path::new("")).contains("name a file in it"));
        assert!(refusal(Path::new("a\0b.svg")).contains("choose another"));
        #[cfg(target_os = "linux")]
        assert!(refusal(Path::new("/proc/a.svg")).contains("/proc/a.svg"));
    }

    /// A device that is always full stands for a disk that is: there the renaming is not reached.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_named() {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has one");
        let error = (&full).write_all(b"x").expect_err("always full");
        assert!(Error::cannot_write(Path::new("a"), &error).to_string().contains("no room"), "{error}");
    }
}
