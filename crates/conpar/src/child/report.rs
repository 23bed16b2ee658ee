//! What a child tells the kernel that started it: one line of JSON on its standard output.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::output::Ended;

/// What the line begins with.
const MARK: &str = "conpar-report ";

/// Tells the kernel, and ends the process: threads that are stuck end with it.
pub(crate) fn tell_and_end(report: &impl Serialize) -> ! {
    println!("{MARK}{}", serde_json::to_string(report).unwrap_or_default());
    std::process::exit(0)
}

impl Ended {
    /// What the child told with [`tell_and_end`], if it did.
    pub(crate) fn told<T: DeserializeOwned>(&self) -> Option<T> {
        let told = self.stdout.text.lines().rev().find_map(|line| line.strip_prefix(MARK));
        told.and_then(|report| serde_json::from_str(report).ok())
    }

    /// The last lines that a failed child wrote: a panic says there what it was.
    pub(crate) fn last_lines(&self) -> String {
        let text = &self.stderr.text;
        let panic = text.lines().position(|line| line.contains("panicked at")).unwrap_or(0);
        text.lines().skip(panic).take(4).collect::<Vec<_>>().join("\n")
    }
}
