//! Running other programs: with their output counted, and with errors that quote what they said.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Error, Result};
use crate::system;

/// How many of the last lines an error quotes: a Rust error with its source fits.
const QUOTED_LINES: usize = 40;

/// What programs say when there is no network: pip, cargo with curl, cargo with git.
const NO_NETWORK: [&str; 8] = [
    "Temporary failure in name resolution",
    "Name or service not known",
    "Failed to establish a new connection",
    "NewConnectionError",
    "Could not resolve host",
    "Couldn't resolve host",
    "Could not connect to server",
    "network failure seems to have happened",
];

/// Runs to the end, both outputs read line by line; succeeds when the program does.
///
/// # Errors
/// [`Error::NoNetwork`] and [`Error::DiskFull`] where the output says so, else [`Error::Failed`] with its last lines.
pub(crate) fn run_counted(
    what: &'static str,
    command: &mut Command,
    mut line_seen: impl FnMut(&str),
) -> Result<()> {
    let shown = show(command);
    let (reader, writer) = std::io::pipe().map_err(starting(&shown))?;
    let second = writer.try_clone().map_err(starting(&shown))?;
    command.stdin(Stdio::null()).stdout(writer).stderr(second);
    let mut child = command.spawn().map_err(starting(&shown))?;
    // The command keeps the write ends; this side must close them, or the reading below never ends.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut last = VecDeque::new();
    let mut reader = BufReader::new(reader);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
        let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        bytes.clear();
        line_seen(&line);
        if last.len() == QUOTED_LINES {
            last.pop_front();
        }
        last.push_back(line);
    }
    let status = child.wait().map_err(starting(&shown))?;
    if status.success() {
        return Ok(());
    }
    let detail = Vec::from(last).join("\n");
    Err(explain(what, &detail).unwrap_or(Error::Failed { command: shown, status, detail }))
}

/// Runs to the end and gives the standard output, trimmed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let output = command.stdin(Stdio::null()).output().map_err(starting(&shown))?;
    if !output.status.success() {
        let detail = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Error::Failed { command: shown, status: output.status, detail });
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The typed reason that a program's output gives, if it gives one.
fn explain(what: &'static str, detail: &str) -> Option<Error> {
    if detail.contains("No space left on device") || detail.contains("os error 28") {
        let path = std::env::current_dir().unwrap_or_default();
        let free_mb = system::free_megabytes(&path).unwrap_or(0);
        return Some(Error::DiskFull { path, free_mb, needed_mb: free_mb + 1, what });
    }
    let offline = NO_NETWORK.iter().any(|sign| detail.contains(sign));
    offline.then(|| Error::NoNetwork { what, detail: detail.to_owned() })
}

/// The command as one would type it, shortened to its program and arguments.
pub(crate) fn show(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args()).map(|word| word.to_string_lossy());
    words.collect::<Vec<_>>().join(" ")
}

/// The program of this name on the PATH.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let program = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|folder| folder.join(&program)).find(|file| file.is_file())
}

/// The path as a word for the shell.
pub(crate) fn quote(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', r"'\''"))
}

pub(crate) fn starting(shown: &str) -> impl FnOnce(std::io::Error) -> Error + use<> {
    let command = shown.to_owned();
    move |source| Error::Start { command, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_path_is_one_word() {
        assert_eq!(quote(Path::new("/a b/it's")), r"'/a b/it'\''s'");
    }

    #[test]
    fn output_that_speaks_of_the_network_or_the_disk_is_typed() {
        let offline = "warning: spurious network error\nCould not resolve host: example.org";
        assert!(matches!(explain("cargo", offline), Some(Error::NoNetwork { .. })));
        assert!(matches!(
            explain("pip", "OSError: [Errno 28] No space left on device"),
            Some(Error::DiskFull { .. })
        ));
        assert!(explain("pip", "error: expected one of `:` or `;`").is_none());
    }
}
