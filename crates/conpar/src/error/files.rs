//! What the file system refuses, with what to do about it.

use std::io::{self, ErrorKind};
use std::path::Path;

use super::Error;
use crate::language::word;

impl Error {
    /// [`Error::CannotRead`], with what to do.
    pub(crate) fn cannot_read(path: &Path, error: &io::Error) -> Error {
        let (reason, advice) = (error.to_string(), advice(path, error.kind()));
        Error::CannotRead { path: path.to_owned(), reason, advice }
    }

    /// [`Error::CannotWrite`], with what to do.
    pub(crate) fn cannot_write(path: &Path, error: &io::Error) -> Error {
        let (reason, advice) = (error.to_string(), advice(path, error.kind()));
        Error::CannotWrite { path: path.to_owned(), reason, advice }
    }
}

/// What to do about an error of the file system.
fn advice(path: &Path, kind: ErrorKind) -> &'static str {
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
