//! What a reader did with challenges, as one page that stands alone.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use super::challenge::Part;
use super::{Block, Foreseen, Mended, block};
use crate::Error;
use crate::challenge::Grade;
use crate::language::{language, say, word};
use crate::machine::{self, Machine, this_machine};
use crate::plot::{self, Saved};

/// Predictions, diagnoses and edits with their grades, figures and programs, and the machine that they were measured on.
#[derive(Debug, Clone)]
pub struct ReportCard {
    entries: Vec<(Foreseen, Mended)>,
    machine: Machine,
    date: String,
}

/// Puts a report card together: of each challenge what was foreseen and diagnosed, and what came of the edit.
///
/// # Errors
///
/// [`Error::NoReport`] without a challenge, or where the two are not of the same one; those of [`this_machine`].
pub fn report_card<'r>(
    entries: impl IntoIterator<Item = (&'r Foreseen, &'r Mended)>,
) -> Result<ReportCard, Error> {
    let entries: Vec<_> = entries.into_iter().map(|(one, other)| (one.clone(), other.clone())).collect();
    let reason =
        match entries.iter().find(|(foreseen, mended)| foreseen.challenge.seed != mended.challenge.seed) {
            Some((foreseen, mended)) => say!(
                en: "the prediction is of challenge {}, and the edit of challenge {}",
                pt: "a previsão é do desafio {}, e a edição, do desafio {}",
                foreseen.challenge.seed,
                mended.challenge.seed
            ),
            None if entries.is_empty() => {
                say!(en: "there is no challenge to report on", pt: "não há desafio a relatar")
            }
            None => {
                return Ok(ReportCard {
                    entries,
                    machine: this_machine()?,
                    date: machine::now()[..10].to_owned(),
                });
            }
        };
    Err(Error::NoReport { reason })
}

impl ReportCard {
    /// Shows the report card in a cell.
    pub fn evcxr_display(&self) {
        let out = block::content("text/html", &self.body("h3")) + &block::content("text/plain", &self.text());
        // A reader who closed the pipe no longer wants it.
        let _ = std::io::stdout().lock().write_all(out.as_bytes());
    }

    /// Saves the report card as a page that needs nothing else.
    ///
    /// # Errors
    ///
    /// [`Error::CannotWrite`], with what to do.
    pub fn save_html(&self, path: impl AsRef<Path>) -> Result<Saved, Error> {
        plot::write(path.as_ref(), self.html().as_bytes())
    }

    /// The whole page. It is light or dark as the reader's browser is.
    pub fn html(&self) -> String {
        format!(
            "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{}</title><style>{PAGE}</style></head>\n<body><main>{}</main></body></html>\n",
            language().tag(),
            title(),
            self.body("h1")
        )
    }

    /// The grades as text.
    fn text(&self) -> String {
        let mut lines = vec![self.score()];
        for (foreseen, mended) in &self.entries {
            lines.push(foreseen.challenge.name());
            lines.extend(parts(foreseen, mended).map(|(name, part)| format!("{name}: {}", part.reason)));
        }
        lines.join("\n")
    }

    /// How much of what could be told is right.
    fn score(&self) -> String {
        let grades = self.entries.iter().flat_map(|(foreseen, mended)| parts(foreseen, mended));
        let grades: Vec<Option<f64>> = grades.map(|(_, part)| part.grade.points()).collect();
        let (sum, counted) = (grades.iter().flatten().sum::<f64>(), grades.iter().flatten().count());
        let mut score = say!(en: "{sum} of {counted} points.", pt: "{sum} de {counted} pontos.");
        if counted < grades.len() {
            score += &say!(
                en: " Not counted, since this machine or this run cannot tell: {}.",
                pt: " Não contados, porque esta máquina ou esta execução é inconclusiva: {}.",
                grades.len() - counted
            );
        }
        score
    }

    /// What stands in a page or in a cell; `heading` is the element of the title.
    fn body(&self, heading: &str) -> String {
        let mut html = format!(
            "<div class=\"conpar\"><style>{CARD}</style><{heading}>{}</{heading}><p class=\"score\">{}</p>\
             <p class=\"note\">{}</p></div>",
            title(),
            plot::escape(&self.score()),
            self.date
        );
        let below = if heading == "h1" { "h2" } else { "h4" };
        for (foreseen, mended) in &self.entries {
            let _ = write!(
                html,
                "<div class=\"conpar\"><{below}>{}</{below}>{}</div>",
                plot::escape(&capital(&foreseen.challenge.name())),
                graded(foreseen, mended)
            );
            let program = Block { code: foreseen.challenge.text.clone(), ..Block::default() };
            html += &titled(
                word!(en: "The program as it was drawn", pt: "O programa como foi sorteado"),
                &program,
                false,
            );
            html += &titled(
                word!(en: "As it was drawn, measured", pt: "Como foi sorteado, medido"),
                &foreseen.curve(),
                true,
            );
            if mended.text != foreseen.challenge.text {
                let program = Block { code: mended.text.clone(), ..Block::default() };
                html += &titled(word!(en: "The edited program", pt: "O programa editado"), &program, false);
            }
            html += &titled(
                word!(en: "Edited, measured beside it", pt: "Editado, medido ao lado"),
                &mended.block(),
                true,
            );
        }
        html + &titled(word!(en: "The machine", pt: "A máquina"), &self.machine.card(), true)
    }
}

/// The three parts of the work.
fn parts(foreseen: &Foreseen, mended: &Mended) -> [(&'static str, Part); 3] {
    let names = word!(en: ["prediction", "diagnosis", "edit"], pt: ["previsão", "diagnóstico", "edição"]);
    let parts = [foreseen.prediction_part(), foreseen.diagnosis_part(), mended.part()];
    let mut parts = parts.into_iter();
    names.map(|name| (name, parts.next().unwrap_or(Part { grade: Grade::CannotTell, reason: String::new() })))
}

/// The grades of one challenge.
fn graded(foreseen: &Foreseen, mended: &Mended) -> String {
    let mut html = "<table class=\"grades\"><thead><tr>".to_owned();
    for head in word!(en: ["part", "grade", "why"], pt: ["parte", "nota", "por quê"]) {
        let _ = write!(html, "<th scope=\"col\">{head}</th>");
    }
    html.push_str("</tr></thead><tbody>");
    for (name, Part { grade, reason }) in parts(foreseen, mended) {
        let grade = match grade {
            Grade::Full => word!(en: "● right", pt: "● certo"),
            Grade::Half => word!(en: "◐ nearly", pt: "◐ quase"),
            Grade::Missed => word!(en: "○ not yet", pt: "○ ainda não"),
            Grade::CannotTell => word!(en: "– cannot tell", pt: "– inconclusivo"),
        };
        let reason = plot::escape(&reason);
        let _ = write!(html, "<tr><th scope=\"row\">{name}</th><td>{grade}</td><td>{reason}</td></tr>");
    }
    html + "</tbody></table>"
}

/// A block under its title, folded or not.
fn titled(title: &str, block: &Block, open: bool) -> String {
    let open = if open { " open" } else { "" };
    format!("<details class=\"section\"{open}><summary>{title}</summary>{}</details>", block.html())
}

fn title() -> &'static str {
    word!(en: "Report card", pt: "Boletim")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// The style of the page around the card.
const PAGE: &str = ":root{color-scheme:light dark}\
body{margin:0;background:Canvas;color:CanvasText;font-family:system-ui,sans-serif}\
main{max-width:760px;margin:0 auto;padding:1.5em 1em 4em}";

/// The style of the card itself.
const CARD: &str = ".conpar h1,.conpar h2{line-height:1.2;margin:.6em 0 .3em}\
.conpar .score{font-size:1.25em;font-weight:600}\
.conpar .grades td,.conpar .grades th{text-align:left;vertical-align:top}\
.conpar .grades td:nth-child(2){white-space:nowrap}\
.section{margin:.8em 0}\
.section>summary{font-weight:600;cursor:pointer}";
