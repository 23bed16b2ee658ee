//! A program's text that is joined from several: which line of which one a compiler means.
//!
//! Each part begins with a line comment that names it, `//line NAME:1:1`. Go's compiler knows these comments and counts by them.
//! rustc does not: what it says is put right here.

use std::fmt::Write;

/// The text of a program in several parts, each a constant or a variable with text: one after the other, each beginning on a line
/// of its own. A compiler's errors then name the part, and count the lines in it.
///
/// ```no_run
/// use conpar::prelude::*;
///
/// const TWICE: &str = "fn twice(n: u32) -> u32 {
///     2 * n
/// }";
/// const MAIN: &str = r#"fn main() {
///     println!("{}", twice("two"))
/// }"#;
/// let error = child(&source![TWICE, MAIN]).expect_err("a number is no text");
/// assert!(error.to_string().starts_with("the child program does not compile, line 2 of `MAIN`:"));
/// ```
#[macro_export]
macro_rules! source {
    ($($part:ident),+ $(,)?) => { $crate::child::joined(&[$((stringify!($part), $part.as_ref())),+]) };
}

/// What [`source!`](crate::source) does, with the parts' names and texts.
pub fn joined(parts: &[(&str, &str)]) -> String {
    parts.iter().fold(String::new(), |mut whole, (name, text)| {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        // A string takes whatever is written to it.
        let _ = write!(whole, "{DIRECTIVE}{name}{FIRST}\n{text}{end}");
        whole
    })
}

const DIRECTIVE: &str = "//line ";
const FIRST: &str = ":1:1";

/// Where the parts of a text begin.
pub(super) struct Parts<'t>(Vec<(&'t str, usize)>);

/// A line as the reader counts them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line<'t> {
    /// The part that it stands in, where there are several.
    pub(super) part: Option<&'t str>,
    /// Its number in it, from 1.
    pub(super) number: usize,
}

impl<'t> Parts<'t> {
    pub(super) fn of(text: &'t str) -> Parts<'t> {
        let name = |line: &'t str| line.strip_prefix(DIRECTIVE)?.strip_suffix(FIRST);
        let parts = text.lines().enumerate().filter_map(|(index, line)| Some((name(line)?, index + 1)));
        Parts(parts.collect())
    }

    /// The part of this name.
    pub(super) fn named(&self, name: &str) -> Option<&'t str> {
        self.0.iter().map(|(part, _)| *part).find(|part| *part == name)
    }

    /// The line of which a compiler says that it is the line `number` of the whole text.
    pub(super) fn line(&self, number: usize) -> Line<'t> {
        match self.0.iter().rfind(|(_, begins)| *begins < number) {
            Some((part, begins)) => Line { part: Some(part), number: number - begins },
            None => Line { part: None, number },
        }
    }

    /// What rustc said of the text in `file`, with the parts' names and line numbers in place of the file's.
    pub(super) fn put_right(&self, said: &str, file: &str) -> String {
        if self.0.is_empty() {
            return said.to_owned();
        }
        let mut here = true;
        let lines = said.split_inclusive('\n').map(|line| {
            // `--> file:line:column`, or `:::` for a further place, and then the lines themselves with their numbers.
            let points = ["--> ", "::: "].iter().find_map(|arrow| line.trim_start().strip_prefix(arrow));
            here = points.map_or(here, |place| place.starts_with(&format!("{file}:")));
            match numbered(line).filter(|_| here) {
                Some((number, rest)) => {
                    let width = line.len() - rest.len();
                    format!("{:>width$}{rest}", self.line(number).number)
                }
                None => self.put_places_right(line, file),
            }
        });
        lines.collect()
    }

    /// The places `file:line:column` in a line of text, and `file:line:column: line:column`, which names an end as well.
    fn put_places_right(&self, said: &str, file: &str) -> String {
        let before = format!("{file}:");
        let mut pieces = said.split(&before);
        let mut right = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let Some((number, mut rest)) = leading(piece) else {
                let _ = write!(right, "{before}{piece}");
                continue;
            };
            let line = self.line(number);
            let _ = write!(right, "{}:{}", line.part.unwrap_or(file), line.number);
            if let Some((column, end)) = rest.strip_prefix(':').and_then(leading)
                && let Some((last, end)) = end.strip_prefix(": ").and_then(leading)
                && end.starts_with(':')
            {
                let _ = write!(right, ":{column}: {}", self.line(last).number);
                rest = end;
            }
            right.push_str(rest);
        }
        right
    }
}

/// The number at the margin of a line that rustc shows, and what stands right of it: `12 | let x`, `12 + let x`.
fn numbered(line: &str) -> Option<(usize, &str)> {
    let (number, rest) = leading(line.trim_start())?;
    (rest.starts_with(' ') && rest.trim_start().starts_with(['|', '+', '-', '~'])).then_some((number, rest))
}

/// The number at the start of `text`, and the rest.
fn leading(text: &str) -> Option<(usize, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "first\nsecond\nthird\n";
    const TWO: &str = "fourth\nfifth";

    #[test]
    fn a_line_is_counted_in_its_part() {
        let text = joined(&[("ONE", ONE), ("TWO", TWO)]);
        let parts = Parts::of(&text);
        let lines = text.lines().enumerate().map(|(index, line)| (line, parts.line(index + 1)));
        let found: Vec<_> = lines.filter(|(line, _)| !line.starts_with("//")).collect();
        let line = |part, number| Line { part: Some(part), number };
        assert_eq!(found[0], ("first", line("ONE", 1)));
        assert_eq!(found[2], ("third", line("ONE", 3)));
        assert_eq!(found[4], ("fifth", line("TWO", 2)));
        assert_eq!(Parts::of(ONE).line(2), Line { part: None, number: 2 });
        assert_eq!((parts.named("TWO"), parts.named("cell.rs")), (Some("TWO"), None));
    }

    #[test]
    fn what_rustc_says_names_the_part_and_counts_in_it() {
        let text = joined(&[("ONE", &"line\n".repeat(9)), ("TWO", TWO)]);
        let said = "error[E0308]: mismatched types
  --> cell.rs:13:3
   |
 3 |   line
   |   ---- this
...
13 |   fifth
   |   ^^^^^ and `{closure@cell.rs:12:1: 13:6}`
   |
  ::: /rust/library/core/src/index.rs:12:1
   |
12 | unsafe impl
   | ^^^^^^^^^^^
help: try
  --> cell.rs:12:1
   |
12 - fourth
12 + forth
   |
";
        let right = "error[E0308]: mismatched types
  --> TWO:2:3
   |
 2 |   line
   |   ---- this
...
 2 |   fifth
   |   ^^^^^ and `{closure@TWO:1:1: 2:6}`
   |
  ::: /rust/library/core/src/index.rs:12:1
   |
12 | unsafe impl
   | ^^^^^^^^^^^
help: try
  --> TWO:1:1
   |
 1 - fourth
 1 + forth
   |
";
        assert_eq!(Parts::of(&text).put_right(said, "cell.rs"), right);
        assert_eq!(Parts::of(ONE).put_right(said, "cell.rs"), said, "one text is one part");
    }
}
