//! How a worker ended, a process or a thread.

use std::any::Any;
use std::fmt;
use std::io;
use std::process::{ExitStatus, Output};

use serde::{Deserialize, Serialize};

use crate::error::panic_message;
use crate::language::{say, word};

/// How a worker ended.
///
/// Of a process the system tells an exit code or a signal. Why it aborted is read from what it wrote last to its standard
/// error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// It returned: there was nothing left to do.
    Returned,
    /// It panicked; with what the panic said. A process then ends with exit code 101.
    Panicked(String),
    /// It was refused memory, and aborted.
    OutOfMemory,
    /// Its stack was full, and it aborted.
    StackOverflow,
    /// It aborted for another reason (signal 6).
    Aborted,
    /// Another signal ended it; 9 is a kill.
    Signalled(i32),
    /// It ended with this exit code.
    Exited(i32),
    /// Nobody asked, or the system does not tell.
    Unknown,
}

/// The exit code of a Rust program whose main thread panicked.
const PANICKED: i32 = 101;
const SIGABRT: i32 = 6;

impl End {
    fn of(status: ExitStatus, said: &str) -> End {
        let has = |words: &str| said.contains(words);
        match (status.code(), signal(status)) {
            (Some(0), _) => End::Returned,
            (Some(PANICKED), _) if has("panicked at") => End::Panicked(message(said)),
            (Some(code), _) => End::Exited(code),
            (None, Some(SIGABRT)) if has("memory allocation of") => End::OutOfMemory,
            (None, Some(SIGABRT)) if has("has overflowed its stack") => End::StackOverflow,
            (None, Some(SIGABRT)) => End::Aborted,
            (None, Some(signal)) => End::Signalled(signal),
            (None, None) => End::Unknown,
        }
    }

    /// Whether the worker is known to have ended before its work was done.
    pub fn is_death(&self) -> bool {
        !matches!(self, End::Returned | End::Unknown)
    }
}

/// What a panic said: the line below the one that names its place.
fn message(said: &str) -> String {
    const MOST: usize = 80;
    let mut lines = said.lines().skip_while(|line| !line.contains("panicked at")).skip(1);
    lines.next().unwrap_or_default().chars().take(MOST).collect()
}

/// Of a process that was waited for, with what it wrote to its standard error.
impl From<io::Result<Output>> for End {
    fn from(output: io::Result<Output>) -> End {
        output.map_or(End::Unknown, |output| End::of(output.status, &String::from_utf8_lossy(&output.stderr)))
    }
}

/// Of a process that was waited for.
impl From<io::Result<ExitStatus>> for End {
    fn from(status: io::Result<ExitStatus>) -> End {
        status.map_or(End::Unknown, |status| End::of(status, ""))
    }
}

/// Of a thread that was joined.
impl<T> From<Result<T, Box<dyn Any + Send>>> for End {
    fn from(joined: Result<T, Box<dyn Any + Send>>) -> End {
        joined.map_or_else(|panic| End::Panicked(panic_message(&*panic)), |_| End::Returned)
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Returned => f.write_str(word!(en: "returned", pt: "retornou")),
            End::Panicked(_) => f.write_str(word!(en: "panic", pt: "pânico")),
            End::OutOfMemory => f.write_str(word!(en: "memory limit", pt: "limite de memória")),
            End::StackOverflow => f.write_str(word!(en: "stack overflow", pt: "estouro de pilha")),
            End::Aborted => f.write_str(word!(en: "abort", pt: "aborto")),
            End::Signalled(signal) => f.write_str(&say!(en: "signal {signal}", pt: "sinal {signal}")),
            End::Exited(code) => f.write_str(&say!(en: "exit code {code}", pt: "código de saída {code}")),
            End::Unknown => f.write_str(word!(en: "unknown", pt: "desconhecido")),
        }
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn end(raw: i32, said: &str) -> End {
        let output = Output {
            status: ExitStatus::from_raw(raw),
            stdout: Vec::new(),
            stderr: said.as_bytes().to_vec(),
        };
        End::from(io::Result::Ok(output))
    }

    #[test]
    fn an_end_is_told_by_its_status_and_by_what_was_said_last() {
        assert_eq!(end(0, "whatever"), End::Returned);
        let panic = "\nthread 'main' panicked at src/main.rs:3:5:\non purpose\nnote: …";
        assert_eq!(end(101 << 8, panic), End::Panicked("on purpose".into()));
        assert_eq!(end(101 << 8, ""), End::Exited(101));
        assert_eq!(end(6, "memory allocation of 1048576 bytes failed"), End::OutOfMemory);
        let overflow = "thread 'main' has overflowed its stack\nfatal runtime error: stack overflow";
        assert_eq!(end(6, overflow), End::StackOverflow);
        assert_eq!((end(6, ""), end(9, "")), (End::Aborted, End::Signalled(9)));
        let joined: Result<(), _> = std::panic::catch_unwind(|| std::panic::panic_any("aloud"));
        assert_eq!(End::from(joined), End::Panicked("aloud".into()));
        assert!(end(9, "").is_death() && !End::Returned.is_death());
    }
}
