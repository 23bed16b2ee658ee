//! Writing a file whole: a reader's earlier file is replaced only when the new one is complete.

use std::fmt;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::language::word;

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
    let refused = |error: std::io::Error| Error::CannotWrite {
        path: path.to_owned(),
        reason: error.to_string(),
        advice: advice(path, error.kind()),
    };
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

/// What to do about an error of the file system.
pub(crate) fn advice(path: &Path, kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotFound
            if path.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) =>
        {
            word!(
                en: "Its folder does not exist: make it, or name another",
                pt: "A pasta dele não existe: crie-a ou dê o nome de outra"
            )
        }
        ErrorKind::NotFound => {
            word!(
                en: "There is no such file: look at the name, and at the folder that the notebook lies in",
                pt: "Não existe tal arquivo: confira o nome e a pasta em que está o notebook"
            )
        }
        ErrorKind::PermissionDenied => word!(
            en: "This account may not: choose a folder of your own",
            pt: "Esta conta não tem permissão: escolha uma pasta sua"
        ),
        ErrorKind::ReadOnlyFilesystem => word!(
            en: "The disk is read-only: choose a folder on another",
            pt: "O disco é só de leitura: escolha uma pasta em outro"
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            word!(
                en: "There is no room: free some, or choose a folder on another disk",
                pt: "Não há espaço: libere algum ou escolha uma pasta em outro disco"
            )
        }
        ErrorKind::IsADirectory => {
            word!(en: "That is a folder: name a file in it", pt: "Isso é uma pasta: dê o nome de um arquivo nela")
        }
        ErrorKind::NotADirectory => word!(
            en: "A part of the path is a file: name a folder there",
            pt: "Uma parte do caminho é um arquivo: ponha ali o nome de uma pasta"
        ),
        ErrorKind::InvalidFilename | ErrorKind::InvalidInput => {
            word!(
                en: "The system takes no such name: choose another",
                pt: "O sistema não aceita esse nome: escolha outro"
            )
        }
        _ => word!(en: "Try another folder", pt: "Tente outra pasta"),
    }
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
        assert!(advice(Path::new("a"), error.kind()).contains("no room"), "{error}");
    }
}
