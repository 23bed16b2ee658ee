//! The lines that come back: those of ranks, as `conpar-mpi` writes them, and those of the launcher.

use serde::{Deserialize, Serialize};

use super::hosts::Kind;
use super::job::{Placed, Timed, Traffic};

/// A line of a rank (the crate `conpar-mpi`, its module `line`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "conpar", rename_all = "kebab-case")]
pub(super) enum FromRank {
    Rank(Placed),
    Progress { text: String },
    Timed(Timed),
    Value { name: String, value: f64 },
    Ended { process: u32, signal: Option<i32>, code: Option<i32> },
    Sent { bytes: u64 },
}

/// A line of the launcher.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "launcher", rename_all = "kebab-case")]
pub(super) enum FromLauncher {
    Hosts {
        kind: Kind,
    },
    NoHost {
        host: String,
        reason: String,
    },
    NotStarted {
        reason: String,
    },
    Traffic(Traffic),
    /// It was still there at its deadline. What was seen of ranks and links then.
    Late {
        seen: Vec<String>,
    },
    Ended {
        code: Option<i32>,
        seconds: f64,
    },
}

/// One line of either.
pub(super) enum Line {
    Rank(FromRank),
    Launcher(FromLauncher),
    Text,
}

impl Line {
    pub(super) fn read(line: &str) -> Line {
        if !line.starts_with('{') {
            return Line::Text;
        }
        let rank = serde_json::from_str(line).map(Line::Rank);
        rank.or_else(|_| serde_json::from_str(line).map(Line::Launcher)).unwrap_or(Line::Text)
    }
}

/// Writes the launcher's line.
pub(super) fn tell(line: &FromLauncher) {
    use std::io::Write as _;
    if let Ok(text) = serde_json::to_string(line) {
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    }
}
