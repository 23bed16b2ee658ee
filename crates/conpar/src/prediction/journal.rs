//! The reader's predictions and what came of them, in a file of their own: one line of JSON each.
//!
//! The file is the reader's. It lies among the notebooks, is only ever appended to, and goes only when the reader deletes it.
//! A line that cannot be read, or that a newer conpar wrote, stays where it is and is told of.

use std::ffi::OsStr;
use std::fmt;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Outcome, Prediction};
use crate::Error;
use crate::language::{say, word};
use crate::machine;

/// The variable that names the file, or is `off` where nothing is to be kept.
const VARIABLE: &str = "CONPAR_PREDICTIONS";
const FILE: &str = "predictions.jsonl";
/// The folder that the chapters of all languages lie in.
const NOTEBOOKS: &str = "notebooks";
/// The version of a line.
const VERSION: u64 = 1;
/// The largest file that is read: tens of thousands of predictions.
const MOST_BYTES: u64 = 16 << 20;

/// All predictions that were kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Journal {
    /// The file; `None` where nothing is kept.
    pub path: Option<PathBuf>,
    /// The predictions, in the order in which they were kept.
    pub entries: Vec<Entry>,
    /// How many lines cannot be read.
    pub damaged: usize,
    /// How many lines a newer conpar wrote.
    pub newer: usize,
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The version of the line.
    pub version: u64,
    /// When it was kept, in UTC: "2026-01-31T18:05:00Z".
    pub time: String,
    /// The notebook, where the kernel was told which it is.
    pub notebook: Option<String>,
    /// The prediction and what was measured.
    #[serde(flatten)]
    pub prediction: Prediction,
    /// What the measurement said of it.
    pub outcome: Outcome,
    /// What it was measured on.
    pub machine: String,
}

/// What was predicted so far, and what came of it: the last expression of a cell shows it.
///
/// # Errors
///
/// [`Error::CannotRead`] with what to do; [`Error::NotAResult`] where the file is too large to be a journal.
pub fn my_predictions() -> Result<Journal, Error> {
    here().map_or(Ok(Journal::empty(None)), Journal::read)
}

impl Journal {
    fn empty(path: Option<PathBuf>) -> Journal {
        Journal { path, entries: Vec::new(), damaged: 0, newer: 0 }
    }

    /// Reads a journal; one that is not there is empty.
    ///
    /// # Errors
    ///
    /// As [`my_predictions`].
    pub fn read(path: PathBuf) -> Result<Journal, Error> {
        let refused = |error: std::io::Error| Error::cannot_read(&path, &error);
        let mut content = Vec::new();
        match regular(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Journal::empty(Some(path))),
            checked => checked.map_err(refused)?,
        }
        let file = std::fs::File::open(&path).map_err(refused)?;
        file.take(MOST_BYTES + 1).read_to_end(&mut content).map_err(refused)?;
        if content.len() as u64 > MOST_BYTES {
            let wanted = word!(en: "a journal of predictions", pt: "um diário de previsões");
            let reason = say!(en: "it is larger than {} MB", pt: "é maior que {} MB", MOST_BYTES >> 20);
            return Err(Error::NotAResult { path, wanted, reason });
        }
        let mut journal = Journal::empty(Some(path));
        for line in content.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
            match Entry::read(line) {
                Line::Sound(entry) => journal.entries.push(*entry),
                Line::Newer => journal.newer += 1,
                Line::Damaged => journal.damaged += 1,
            }
        }
        Ok(journal)
    }

    /// Adds predictions to the journal at `path`, in one write: so that several kernels can do it at once.
    ///
    /// # Errors
    ///
    /// [`Error::CannotWrite`], with what to do.
    pub fn append(path: &Path, predictions: &[Prediction]) -> Result<(), Error> {
        let entries =
            predictions.iter().filter(|prediction| prediction.contradiction().is_none()).map(Entry::now);
        let lines: Vec<String> = entries.filter_map(|entry| serde_json::to_string(&entry).ok()).collect();
        if lines.is_empty() {
            return Ok(());
        }
        let written = || {
            match regular(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
            // A line that was broken off stays by itself.
            let mut last = *b"\n";
            if file.seek(SeekFrom::End(0))? > 0 {
                file.seek(SeekFrom::End(-1))?;
                file.read_exact(&mut last)?;
            }
            let begin = if last == *b"\n" { "" } else { "\n" };
            file.write_all(format!("{begin}{}\n", lines.join("\n")).as_bytes())
        };
        written().map_err(|error| Error::cannot_write(path, &error))
    }

    /// Removes the file.
    ///
    /// # Errors
    ///
    /// [`Error::CannotWrite`], with what to do.
    pub fn delete(self) -> Result<Deleted, Error> {
        let lines = self.entries.len() + self.damaged + self.newer;
        let Some(path) = self.path else { return Ok(Deleted { path: None, lines }) };
        match regular(&path).and_then(|()| std::fs::remove_file(&path)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Deleted { path: Some(path), lines: 0 }),
            Err(error) => Err(Error::cannot_write(&path, &error)),
            Ok(()) => Ok(Deleted { path: Some(path), lines }),
        }
    }
}

/// A journal that is gone; the last expression of a cell tells where it lay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// The file; `None` where nothing was kept.
    pub path: Option<PathBuf>,
    /// How many lines had been read of it.
    pub lines: usize,
}

impl fmt::Display for Deleted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match (&self.path, self.lines) {
            (None, _) => nothing_kept(),
            (Some(path), 0) => say!(en: "`{}` held nothing.", pt: "`{}` não continha nada.", path.display()),
            (Some(path), lines) => {
                say!(en: "Deleted `{}`, lines: {lines}.", pt: "Apagado `{}`, linhas: {lines}.", path.display())
            }
        })
    }
}

/// Adds predictions to the reader's journal, where one is kept; `false` where not.
pub(crate) fn keep(predictions: &[Prediction]) -> Result<bool, Error> {
    here().map_or(Ok(false), |path| Journal::append(&path, predictions).map(|()| true))
}

/// What stands in the place of a journal where nothing is kept.
pub(crate) fn nothing_kept() -> String {
    say!(
        en: "No predictions are kept: the variable `{VARIABLE}` is `off`.",
        pt: "Nenhuma previsão é guardada: a variável `{VARIABLE}` está em `off`."
    )
}

/// What became of a line.
enum Line {
    Sound(Box<Entry>),
    Newer,
    Damaged,
}

impl Entry {
    fn now(prediction: &Prediction) -> Entry {
        Entry {
            version: VERSION,
            time: machine::now(),
            notebook: notebook(std::env::var_os("JPY_SESSION_NAME").as_deref()),
            outcome: prediction.outcome(),
            prediction: prediction.clone(),
            machine: machine::short_name(),
        }
    }

    fn read(line: &[u8]) -> Line {
        let Ok(value) = serde_json::from_slice::<Value>(line) else { return Line::Damaged };
        if value["version"].as_u64().is_some_and(|version| version > VERSION) {
            return Line::Newer;
        }
        match serde_json::from_value::<Entry>(value) {
            Ok(entry) if entry.is_sound() => Line::Sound(Box::new(entry)),
            _ => Line::Damaged,
        }
    }

    fn is_sound(&self) -> bool {
        /// The longest time or name.
        const LONGEST: usize = 200;
        let names = [Some(&self.time), self.notebook.as_ref(), Some(&self.machine)];
        self.version == VERSION
            && names.into_iter().flatten().all(|name| name.len() <= LONGEST)
            && self.prediction.contradiction().is_none()
            && self.outcome == self.prediction.outcome()
    }
}

/// The reader's journal: the file that the variable names, else one in the innermost folder `notebooks` around the current
/// one, else one in that.
fn here() -> Option<PathBuf> {
    place(std::env::var_os(VARIABLE).as_deref(), &std::env::current_dir().unwrap_or_default())
}

fn place(variable: Option<&OsStr>, folder: &Path) -> Option<PathBuf> {
    match variable {
        Some(off) if off == "off" => None,
        Some(path) if !path.is_empty() => Some(PathBuf::from(path)),
        _ => {
            let notebooks =
                folder.ancestors().find(|folder| folder.file_name() == Some(OsStr::new(NOTEBOOKS)));
            Some(notebooks.unwrap_or(folder).join(FILE))
        }
    }
}

/// The notebook's name without folders, of what Jupyter tells a kernel that it starts.
fn notebook(session: Option<&OsStr>) -> Option<String> {
    let path = Path::new(session?);
    let is_notebook = path.extension() == Some(OsStr::new("ipynb"));
    path.file_stem().filter(|_| is_notebook)?.to_str().map(str::to_owned)
}

/// Refuses what is no plain file: a pipe would be waited for, a device may have no end.
fn regular(path: &Path) -> std::io::Result<()> {
    if std::fs::metadata(path)?.is_file() { Ok(()) } else { Err(ErrorKind::IsADirectory.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_journal_lies_among_the_notebooks_or_where_the_reader_says() {
        let at = |variable: Option<&str>, folder| place(variable.map(OsStr::new), Path::new(folder));
        let path = |path: &str| Some(PathBuf::from(path));
        assert_eq!(at(None, "/a/notebooks/pt-BR"), path("/a/notebooks/predictions.jsonl"));
        assert_eq!(at(Some(""), "/a/b"), path("/a/b/predictions.jsonl"));
        assert_eq!(at(Some("/c/d.jsonl"), "/a/notebooks/en"), path("/c/d.jsonl"));
        assert_eq!(at(Some("off"), "/a/notebooks/en"), None);
    }

    #[test]
    fn a_notebook_is_named_without_its_folder() {
        let named = |session: &str| notebook(Some(OsStr::new(session)));
        assert_eq!(named("/a/en/05-deadlock.ipynb"), Some("05-deadlock".to_owned()));
        assert_eq!(named("0b2c-console"), None);
    }
}
