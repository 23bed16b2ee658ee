//! The language in which figures, verdicts and errors speak.
//!
//! The chapters are there in English and in Brazilian Portuguese, and share their code; so a cell cannot say which of the two
//! it belongs to. A kernel runs in the folder of its notebook, and a folder named `pt-BR` speaks Portuguese. The variable
//! `CONPAR_LANGUAGE` decides against the folder, and [`set_language`] against both.
//!
//! Both languages stand beside each other where something is said, and the compiler checks the arguments of both:
//!
//! ```ignore
//! say!(en: "{done} of {all} jobs done", pt: "{done} de {all} tarefas concluídas")
//! ```
//!
//! Numbers are written as in Rust's source, with a point, in both: a reader compares them with those in the cells.

use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::Error;

/// A language of the chapters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Language {
    /// English, `en`.
    English = 1,
    /// Brazilian Portuguese, `pt-BR`.
    Portuguese = 2,
}

/// The variable that names the language.
pub(crate) const VARIABLE: &str = "CONPAR_LANGUAGE";

/// The language as a number; zero while nobody has asked.
static CURRENT: AtomicU8 = AtomicU8::new(0);

impl Language {
    /// All languages.
    pub const ALL: [Language; 2] = [Language::English, Language::Portuguese];

    /// Its tag after BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Portuguese => "pt-BR",
        }
    }

    fn of_tag(tag: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The language of the innermost folder that is named after one.
    fn of_folder(folder: &Path) -> Option<Language> {
        folder.iter().rev().find_map(|name| Language::of_tag(name.to_str()?))
    }
}

/// The language that is spoken now.
pub fn language() -> Language {
    let known = CURRENT.load(Ordering::Relaxed);
    if let Some(language) = Language::ALL.into_iter().find(|&language| language as u8 == known) {
        return language;
    }
    let variable = std::env::var(VARIABLE).ok().and_then(|tag| Language::of_tag(&tag));
    let folder = || std::env::current_dir().ok().and_then(|folder| Language::of_folder(&folder));
    let language = variable.or_else(folder).unwrap_or(Language::English);
    CURRENT.store(language as u8, Ordering::Relaxed);
    language
}

/// Speaks the language of this tag, `en` or `pt-BR`, from now on.
///
/// # Errors
///
/// [`Error::UnknownLanguage`] for any other.
pub fn set_language(tag: &str) -> Result<(), Error> {
    let language = Language::of_tag(tag).ok_or_else(|| Error::UnknownLanguage { tag: tag.to_owned() })?;
    CURRENT.store(language as u8, Ordering::Relaxed);
    Ok(())
}

/// What is said in the current language, as [`format!`] would put it together.
macro_rules! say {
    (en: $english:literal, pt: $portuguese:literal $(, $($arguments:tt)*)?) => {
        match $crate::language::language() {
            $crate::language::Language::English => format!($english $(, $($arguments)*)?),
            $crate::language::Language::Portuguese => format!($portuguese $(, $($arguments)*)?),
        }
    };
}

/// Words in which nothing changes, in the current language: a `&'static str`, or several in brackets.
macro_rules! word {
    (en: $english:expr, pt: $portuguese:expr) => {
        match $crate::language::language() {
            $crate::language::Language::English => $english,
            $crate::language::Language::Portuguese => $portuguese,
        }
    };
}

pub(crate) use {say, word};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_folder_of_a_language_decides() {
        let of = |folder: &str| Language::of_folder(Path::new(folder));
        assert_eq!(of("/home/ana/conpar/notebooks/pt-BR"), Some(Language::Portuguese));
        assert_eq!(of("/home/pt-BR/conpar/notebooks/en"), Some(Language::English));
        assert_eq!(of("/home/ana/conpar"), None);
    }

    #[test]
    fn an_unknown_language_is_refused() {
        assert_eq!(set_language("xx"), Err(Error::UnknownLanguage { tag: "xx".to_owned() }));
    }
}
