//! Running one notebook in the real kernel, without a browser, and judging what it showed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde::Deserialize;

use super::tags;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::process;

/// Runs the notebook through nbclient, and tells each event as a line of JSON.
const SCRIPT: &str = include_str!("../../python/run_notebook.py");

/// What happens while a notebook runs: the lines that the script writes.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event {
    /// The kernel answers.
    Ready { seconds: f64 },
    /// A cell printed.
    Stream { text: String },
    /// A code cell ended.
    Cell(Cell),
    /// The run ended before the last cell, other than by a cell's error.
    Broken { problem: String },
    /// The run ended.
    Done { seconds: f64 },
}

/// A code cell that was run.
#[derive(Debug, Deserialize)]
pub(crate) struct Cell {
    pub(crate) id: String,
    pub(crate) tags: Vec<String>,
    pub(crate) seconds: f64,
    /// The error's text, as the page shows it; `None` when the cell ended well.
    pub(crate) error: Option<String>,
    pub(crate) claims: Vec<Claim>,
    /// Whether it showed a figure.
    pub(crate) figure: bool,
    /// What it wrote to standard error, where `?` reports what went wrong.
    pub(crate) stderr: String,
}

/// How a notebook is run.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Options<'o> {
    /// Where the executed copy goes, if anywhere.
    pub(crate) output: Option<&'o Path>,
    /// The one core that the kernel may use, counted from 0, where the system can bind it; all without it.
    pub(crate) core: Option<usize>,
}

/// A structured verdict that a cell showed, of the type `application/vnd.conpar.claim+json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Claim {
    pub(crate) claim: String,
    /// `supported`, `violated` or `cannot tell`.
    pub(crate) verdict: String,
    #[serde(default)]
    pub(crate) reason: String,
}

/// What a run came to.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Why the notebook fails; empty when it passes.
    pub(crate) errors: Vec<String>,
    pub(crate) claims: usize,
    /// Claims that could not be told: reported, never a failure.
    pub(crate) open_claims: usize,
}

/// Runs the notebook; writes the executed copy where the options say, and never the notebook itself.
pub(crate) fn run(
    environment: &Environment,
    notebook: &Path,
    Options { output, core }: Options<'_>,
    seen: &mut dyn FnMut(&Event),
) -> Result<Report> {
    let source = notebook.canonicalize().map_err(Error::file("finding", notebook))?;
    if output.and_then(|output| output.canonicalize().ok()).as_ref() == Some(&source) {
        let problem = "the executed copy would overwrite the notebook; give --output another file".to_owned();
        return Err(Error::BadNotebook { path: notebook.to_owned(), problem });
    }
    let mut python = environment.command();
    python.args(["-c", SCRIPT]).arg(&source).arg(output.unwrap_or(Path::new("")));
    python.arg(core.map(|core| core.to_string()).unwrap_or_default());
    python.stdin(Stdio::null()).stdout(Stdio::piped());
    let shown = "the notebook's run";
    let mut child = python.spawn().map_err(process::starting(shown))?;
    let mut report = Report::default();
    let mut done = false;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(|line| line.ok()) {
            let Ok(event) = serde_json::from_str::<Event>(&line) else { continue };
            done |= matches!(event, Event::Done { .. } | Event::Broken { .. });
            report.add(&event);
            seen(&event);
        }
    }
    let status = child.wait().map_err(process::starting(shown))?;
    if !done {
        report.errors.push(format!("the run ended early ({status})"));
    }
    Ok(report)
}

/// Prints an event for a reader who waits.
pub(crate) fn print(event: &Event) {
    match event {
        Event::Ready { seconds } => println!("  kernel ready in {seconds:.1} s"),
        Event::Stream { text } => println!("    {}", text.trim_end_matches('\n').replace('\n', "\n    ")),
        Event::Cell(cell) => {
            println!("  {:>7.2} s  {}", cell.seconds, cell.id);
            for claim in &cell.claims {
                println!("             {}: {}", claim.verdict, claim.claim);
            }
            match (expected_error(cell), &cell.error) {
                (Some(code), Some(_)) => println!("             does not compile, as it should ({code})"),
                (None, Some(error)) => println!("{error}"),
                _ => {}
            }
        }
        Event::Broken { problem } => println!("  broken off: {problem}"),
        Event::Done { seconds } => println!("  all cells in {seconds:.1} s"),
    }
}

fn expected_error(cell: &Cell) -> Option<&str> {
    cell.tags.iter().find_map(|tag| tags::expected_error(tag))
}

impl Report {
    fn add(&mut self, event: &Event) {
        match event {
            Event::Cell(cell) => self.add_cell(cell),
            Event::Broken { problem } => self.errors.push(problem.clone()),
            _ => {}
        }
    }

    /// Judges one cell: an error only where one is expected, no claim violated, a claim where one is promised.
    fn add_cell(&mut self, cell: &Cell) {
        let id = &cell.id;
        match (expected_error(cell), &cell.error) {
            (Some(code), None) => {
                self.errors.push(format!("{id}: compiles, but is tagged to fail with {code}"))
            }
            (Some(code), Some(error)) if !error.contains(code) => {
                self.errors.push(format!("{id}: fails, but not with {code}:\n{error}"));
            }
            (None, Some(error)) => self.errors.push(format!("{id}:\n{error}")),
            _ => {}
        }
        if cell.claims.is_empty() && cell.error.is_none() && cell.tags.iter().any(|tag| tag == "claim") {
            self.errors.push(format!("{id}: is tagged `claim`, but showed no verdict"));
        }
        // A failed `?` ends a cell without an error, as evcxr sees it. A measurement without a figure is one all the same.
        if cell.error.is_none() && !cell.figure && cell.tags.iter().any(|tag| tag == "measure") {
            self.errors.push(format!("{id}: is tagged `measure`, but showed no figure:\n{}", cell.stderr));
        }
        for claim in &cell.claims {
            self.claims += 1;
            match claim.verdict.as_str() {
                "supported" => {}
                "cannot tell" => self.open_claims += 1,
                "violated" => self.errors.push(format!("{id}: violated: {} ({})", claim.claim, claim.reason)),
                other => self.errors.push(format!("{id}: `{other}` is no verdict, for: {}", claim.claim)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(line: &str) -> Vec<String> {
        let mut report = Report::default();
        match serde_json::from_str::<Event>(line) {
            Ok(event) => report.add(&event),
            Err(error) => panic!("{error}: {line}"),
        }
        report.errors
    }

    fn cell(tags: &str, error: &str, claims: &str) -> String {
        format!(
            r#"{{"event":"cell","id":"a","tags":[{tags}],"seconds":0.1,"error":{error},"claims":[{claims}],"figure":false,"stderr":""}}"#
        )
    }

    #[test]
    fn a_cell_may_fail_only_with_the_code_it_promises() {
        assert!(judged(&cell("", "null", "")).is_empty());
        assert_eq!(judged(&cell("", "\"[E0308] mismatched\"", "")).len(), 1);
        assert!(judged(&cell("\"compile-fail:E0373\"", "\"[E0373] may outlive\"", "")).is_empty());
        assert_eq!(judged(&cell("\"compile-fail:E0373\"", "\"[E0308] mismatched\"", "")).len(), 1);
        assert_eq!(judged(&cell("\"compile-fail:E0373\"", "null", "")).len(), 1);
    }

    #[test]
    fn a_measurement_shows_a_figure() {
        let with = |figure| cell("\"measure\"", "null", "").replace("\"figure\":false", figure);
        assert_eq!(judged(&with("\"figure\":false")).len(), 1);
        assert!(judged(&with("\"figure\":true")).is_empty());
    }

    #[test]
    fn a_claim_fails_when_violated_or_missing_and_never_when_open() {
        let claim =
            |verdict: &str| format!(r#"{{"claim":"c","verdict":"{verdict}","estimate":null,"reason":"r"}}"#);
        assert!(judged(&cell("\"claim\"", "null", &claim("supported"))).is_empty());
        assert!(judged(&cell("\"claim\"", "null", &claim("cannot tell"))).is_empty());
        assert_eq!(judged(&cell("\"claim\"", "null", &claim("violated"))).len(), 1);
        assert_eq!(judged(&cell("\"claim\"", "null", &claim("maybe"))).len(), 1);
        assert_eq!(judged(&cell("\"claim\"", "null", "")).len(), 1);
    }
}
