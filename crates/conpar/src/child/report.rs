//! What a child tells the kernel that started it: one line of JSON on its standard output, among all else that it prints.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::output::{Ended, How};
use crate::Error;
use crate::language::say;

/// What the line begins with.
const MARK: &str = "conpar-report ";

/// In a child: tells the cell `value`, which [`Ended::result`] finds there. Told more than once, the last one counts.
pub fn tell(value: &impl Serialize) {
    println!("{MARK}{}", serde_json::to_string(value).unwrap_or_default());
}

/// Tells the kernel, and ends the process: threads that are stuck end with it.
pub(crate) fn tell_and_end(report: &impl Serialize) -> ! {
    tell(report);
    std::process::exit(0)
}

impl Ended {
    /// What the child told with [`tell`], if it did.
    pub(crate) fn told<T: DeserializeOwned>(&self) -> Option<T> {
        let told = self.stdout.text.lines().rev().find_map(|line| line.strip_prefix(MARK));
        told.and_then(|report| serde_json::from_str(report).ok())
    }

    /// What the child told with [`tell`]; `what` names it in the error, which says what is known of why it did not.
    pub(crate) fn told_or<T: DeserializeOwned>(&self, what: &str) -> Result<T, Error> {
        self.told().ok_or_else(|| {
            let reason = match self.how {
                How::Deadline => say!(
                    en: "it did not come to an end before its deadline",
                    pt: "não chegou ao fim antes de seu prazo"
                ),
                How::Exited(0) if self.stdout.dropped > 0 => {
                    say!(en: "it printed too much", pt: "imprimiu demais")
                }
                How::Exited(0) => say!(
                    en: "it ended well and told nothing: call `tell(&result)` in it",
                    pt: "terminou bem e nada contou: chame `tell(&result)` nele"
                ),
                how => format!("{} {}", how.words(), self.last_lines()),
            };
            Error::ChildFailed { what: what.to_owned(), reason }
        })
    }

    /// The last lines that a failed child wrote: a panic says there what it was.
    pub(crate) fn last_lines(&self) -> String {
        let text = &self.stderr.text;
        let panic = text.lines().position(|line| line.contains("panicked at")).unwrap_or(0);
        text.lines().skip(panic).take(4).collect::<Vec<_>>().join("\n")
    }
}
