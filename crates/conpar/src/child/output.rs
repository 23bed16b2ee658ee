//! What is left of a child when it has ended, as plain data.

use std::io::{ErrorKind, Read};

use serde::{Deserialize, Serialize};

use crate::language::say;

/// How a child ended, what it said and what it used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    /// How it ended.
    pub how: How,
    /// What it wrote to its standard output.
    pub stdout: Captured,
    /// What it wrote to its standard error.
    pub stderr: Captured,
    /// From its start to its end, in seconds.
    pub seconds: f64,
    /// The time that it and its own children spent on cores, in seconds; `None` where it is not known.
    pub cpu_seconds: Option<f64>,
    /// The most memory that it, or one of its own children, held at once, in bytes; `None` where it is not known.
    pub most_memory: Option<u64>,
}

/// How a child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It returned, or called `exit`, with this code.
    Exited(i32),
    /// A signal ended it: 6 is an abort, as when memory is refused; 9 is a kill; 11 a stack overflow.
    Signalled(i32),
    /// It was still there at its deadline, and was killed.
    Deadline,
    /// It was killed by [`Running::kill`](super::Running::kill).
    Killed,
}

/// What a child wrote, up to a bound.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captured {
    /// The beginning; bytes that are no UTF-8 are replaced.
    pub text: String,
    /// How many more bytes it wrote, which were dropped.
    pub dropped: u64,
}

impl How {
    /// In words.
    pub(crate) fn said(self) -> String {
        match self {
            How::Exited(code) => {
                say!(en: "it ended with exit code {code}", pt: "terminou com o código de saída {code}")
            }
            How::Signalled(signal) => say!(en: "signal {signal} ended it", pt: "o sinal {signal} o encerrou"),
            How::Deadline => say!(en: "it was not through in time", pt: "não terminou a tempo"),
            How::Killed => say!(en: "it was killed", pt: "foi morto"),
        }
    }
}

impl Ended {
    /// Whether the child returned 0.
    pub fn is_success(&self) -> bool {
        self.how == How::Exited(0)
    }
}

/// The last words of a keeper, on the standard error that it shares with the program; nothing comes after them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LastWords {
    pub(super) code: Option<i32>,
    pub(super) signal: Option<i32>,
    pub(super) cpu_seconds: f64,
    pub(super) most_memory: u64,
}

const BEFORE_LAST_WORDS: &str = "\u{0}conpar:";
const LONGEST_LAST_WORDS: usize = 512;

impl LastWords {
    pub(super) fn line(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("{BEFORE_LAST_WORDS}{json}\n")
    }

    fn find(tail: &[u8]) -> Option<(usize, LastWords)> {
        let mark = BEFORE_LAST_WORDS.as_bytes();
        let start = tail.windows(mark.len()).rposition(|window| window == mark)?;
        let words = serde_json::from_slice(&tail[start + mark.len()..]).ok()?;
        Some((tail.len() - start, words))
    }
}

/// What one of the two streams brought.
pub(super) struct Stream {
    head: Vec<u8>,
    /// The last bytes, of those that are in `head` and of those that are not.
    tail: Vec<u8>,
    length: u64,
}

impl Stream {
    pub(super) fn empty() -> Stream {
        Stream { head: Vec::new(), tail: Vec::new(), length: 0 }
    }

    /// Reads to the end, keeps at most `most` bytes, and hands each whole line to `line` as it comes.
    pub(super) fn read(mut source: impl Read, most: usize, line: &mut dyn FnMut(&str)) -> Stream {
        let mut stream = Stream::empty();
        let (mut buffer, mut begun) = (vec![0; 1 << 16], Vec::new());
        loop {
            let bytes = match source.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => &buffer[..count],
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            let room = most.saturating_sub(stream.head.len()).min(bytes.len());
            stream.head.extend_from_slice(&bytes[..room]);
            stream.length += bytes.len() as u64;
            stream.tail.extend_from_slice(&bytes[bytes.len().saturating_sub(LONGEST_LAST_WORDS)..]);
            stream.tail.drain(..stream.tail.len().saturating_sub(LONGEST_LAST_WORDS));
            for part in bytes.split_inclusive(|&byte| byte == b'\n') {
                // A line without end is not gathered without end.
                let room = most.saturating_sub(begun.len()).min(part.len());
                begun.extend_from_slice(&part[..room]);
                if part.ends_with(b"\n") {
                    line(String::from_utf8_lossy(&begun).trim_end_matches('\n'));
                    begun.clear();
                }
            }
        }
        stream
    }

    /// Takes the keeper's last words off the end.
    pub(super) fn last_words(&mut self) -> Option<LastWords> {
        let (length, words) = LastWords::find(&self.tail)?;
        self.length -= length as u64;
        self.head.truncate(usize::try_from(self.length).unwrap_or(usize::MAX));
        Some(words)
    }

    pub(super) fn captured(self) -> Captured {
        let dropped = self.length - self.head.len() as u64;
        Captured { text: String::from_utf8_lossy(&self.head).into_owned(), dropped }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_is_kept_the_rest_is_counted_and_the_last_words_are_neither() {
        let words = LastWords { code: Some(3), signal: None, cpu_seconds: 0.5, most_memory: 7 };
        let written = format!("first\nsecond\n{}{}", "x".repeat(100), words.line());
        let mut lines = Vec::new();
        let mut stream = Stream::read(written.as_bytes(), 20, &mut |line| lines.push(line.to_owned()));
        assert_eq!(stream.last_words().and_then(|words| words.code), Some(3));
        assert_eq!(stream.captured(), Captured { text: "first\nsecond\nxxxxxxx".into(), dropped: 93 });
        assert_eq!(lines[..2], ["first", "second"]);
    }
}
