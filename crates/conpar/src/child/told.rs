//! What a child has to say to the cell, as a value: one line of JSON on its standard output, among all else that it prints.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::output::{Ended, How};
use crate::Error;

/// What the line begins with.
const MARK: &str = "conpar-told ";

/// In a child: tells the cell `value`, which [`Ended::told`] finds there. Told more than once, the last one counts.
pub fn tell(value: &impl Serialize) {
    println!("{MARK}{}", serde_json::to_string(value).unwrap_or_default());
}

impl Ended {
    /// What the child told with [`tell`]; `what` names it in an error.
    ///
    /// # Errors
    ///
    /// [`Error::ChildFailed`] where it told nothing, or something else, with what is known of why.
    pub fn told<T: DeserializeOwned>(&self, what: &str) -> Result<T, Error> {
        self.find_told().ok_or_else(|| {
            let reason = match self.how {
                How::Deadline => "it did not come to an end before its deadline".to_owned(),
                How::Exited(0) if self.stdout.dropped > 0 => "it printed too much".to_owned(),
                How::Exited(0) => "it ended well and told nothing: call `tell(&result)` in it".to_owned(),
                how => format!("{} {}", how.words(), self.last_lines()),
            };
            Error::ChildFailed { what: what.to_owned(), reason }
        })
    }

    pub(crate) fn find_told<T: DeserializeOwned>(&self) -> Option<T> {
        let line = self.stdout.text.lines().rev().find_map(|line| line.strip_prefix(MARK))?;
        serde_json::from_str(line).ok()
    }

    /// The last lines of its standard error that say why it failed: a panic says there what it was.
    pub(crate) fn last_lines(&self) -> String {
        let text = &self.stderr.text;
        let panic = text.lines().position(|line| line.contains("panicked at")).unwrap_or(0);
        text.lines().skip(panic).take(4).collect::<Vec<_>>().join("\n")
    }
}
