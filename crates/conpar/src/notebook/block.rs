//! The one output of a cell: figures, a caption that states the verdict, and the numbers one click away.

use std::fmt::Write as _;
use std::io::Write as _;

use super::Claim;
use crate::Error;
use crate::language::word;
use crate::plot::{self, Svg};

/// A table of numbers, ready to be shown: every cell already carries its unit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The heading of each column.
    pub head: Vec<String>,
    /// The rows; each as long as `head`.
    pub rows: Vec<Vec<String>>,
}

/// What one cell shows.
///
/// evcxr keeps only the last output of each kind that a cell prints, so all figures of one result go into one block.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Block {
    /// The figures, one under the other.
    pub figures: Vec<Svg>,
    /// The verdict in words, with its interval.
    pub caption: String,
    /// The text of a program, shown with the numbers of its lines.
    pub code: String,
    /// What the reader has to know to trust or doubt the caption.
    pub notes: Vec<String>,
    /// The numbers behind the figures.
    pub table: Table,
    /// Whether the numbers are to be seen at once.
    pub unfolded: bool,
    /// What the block claims, for a test to check.
    pub claims: Vec<Claim>,
}

impl Block {
    /// Adds a figure, or a note that says why there is none.
    pub fn show(&mut self, figure: Result<Svg, Error>) {
        match figure {
            Ok(figure) => self.figures.push(figure),
            Err(error) => self.notes.push(error.to_string()),
        }
    }

    /// Shows the block in a cell.
    pub fn evcxr_display(&self) {
        self.emit();
    }

    /// The block as HTML.
    pub fn html(&self) -> String {
        let mut html = format!("<div class=\"conpar\"><style>{}</style>", plot::STYLE);
        let figures: String = self.figures.iter().map(Svg::html).collect();
        let caption = plot::escape(&self.caption);
        // Whoever cannot see a figure hears its verdict: the caption is its name.
        html += &match (figures.is_empty(), caption.is_empty()) {
            (true, true) => String::new(),
            (true, false) => format!("<p>{caption}</p>"),
            (false, true) => figures,
            (false, false) => format!("<figure>{figures}<figcaption>{caption}</figcaption></figure>"),
        };
        if !self.code.is_empty() {
            html.push_str(&program(&self.code));
        }
        for note in &self.notes {
            let _ = write!(html, "<p class=\"note\">{}</p>", plot::escape(note));
        }
        if !self.table.rows.is_empty() {
            let open = if self.unfolded { " open" } else { "" };
            let numbers = word!(en: "Numbers", pt: "Números");
            let _ = write!(html, "<details{open}><summary>{numbers}</summary><table><thead><tr>");
            for cell in &self.table.head {
                let _ = write!(html, "<th scope=\"col\">{}</th>", plot::escape(cell));
            }
            html.push_str("</tr></thead><tbody>");
            for row in &self.table.rows {
                html.push_str("<tr>");
                for cell in row {
                    let _ = write!(html, "<td>{}</td>", plot::escape(cell));
                }
                html.push_str("</tr>");
            }
            html.push_str("</tbody></table></details>");
        }
        html.push_str("</div>");
        html
    }

    /// The figures as one picture that stands alone.
    ///
    /// # Errors
    ///
    /// [`Error::NoFigure`] where there is none, with the reason.
    pub(super) fn svg(&self) -> Result<String, Error> {
        match self.figures.is_empty() {
            true => Err(Error::NoFigure { reason: self.text() }),
            false => Ok(plot::stacked(&self.figures)),
        }
    }

    /// The block for a terminal: caption, notes and the table in columns.
    pub fn text(&self) -> String {
        let mut lines = Vec::new();
        if !self.caption.is_empty() {
            lines.push(self.caption.clone());
        }
        lines.extend([self.code.clone()].into_iter().filter(|code| !code.is_empty()));
        lines.extend(self.notes.iter().cloned());
        if !self.table.rows.is_empty() {
            lines.push(self.table.text());
        }
        lines.join("\n")
    }

    /// Prints the block in evcxr's protocol, so that it becomes the result of the cell that is running.
    pub fn emit(&self) {
        let mut out = content("text/html", &self.html());
        out += &content("text/plain", &self.text());
        if !self.claims.is_empty()
            && let Ok(json) = serde_json::to_string(&self.claims)
        {
            out += &content(Claim::MIME, &json);
        }
        // A reader who closed the pipe no longer wants the figure.
        let _ = std::io::stdout().lock().write_all(out.as_bytes());
    }
}

/// An output of one kind, in evcxr's protocol.
pub(super) fn content(mime: &str, body: &str) -> String {
    format!("EVCXR_BEGIN_CONTENT {mime}\n{body}\nEVCXR_END_CONTENT\n")
}

/// A program's text. The numbers of its lines are the style sheet's, so that who copies the text does not copy them.
fn program(text: &str) -> String {
    let lines: String = text.lines().map(|line| format!("<span>{}</span>\n", plot::escape(line))).collect();
    let name = word!(en: "Program", pt: "Programa");
    format!("<pre class=\"program\" tabindex=\"0\" aria-label=\"{name}\"><code>{lines}</code></pre>")
}

impl Table {
    /// A table of data, one row an entry.
    pub(super) fn new<const COLUMNS: usize>(
        head: [&str; COLUMNS],
        rows: impl IntoIterator<Item = [String; COLUMNS]>,
    ) -> Table {
        Table { head: head.map(str::to_owned).to_vec(), rows: rows.into_iter().map(Vec::from).collect() }
    }

    /// The table as comma-separated values (RFC 4180).
    pub(super) fn csv(&self) -> String {
        let quoted = |cell: &String| match cell.contains([',', '"', '\n', '\r']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.clone(),
        };
        let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
        [&self.head].into_iter().chain(&self.rows).map(line).collect()
    }

    fn text(&self) -> String {
        let width = |column: usize| {
            let cells = self.rows.iter().chain([&self.head]).filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).enumerate();
            let padded = cells.map(|(column, (cell, &width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        [&self.head].into_iter().chain(&self.rows).map(line).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_aligns_names_left_and_numbers_right() {
        let table = Table {
            head: vec!["arm".into(), "S".into()],
            rows: vec![vec!["serial".into(), "1.00".into()], vec!["par".into(), "12.00".into()]],
        };
        assert_eq!(table.text(), "arm         S\nserial   1.00\npar     12.00");
    }

    #[test]
    fn csv_quotes_what_would_be_read_as_more_cells() {
        let table = Table::new(["arm", "S"], [["a, \"b\"".to_owned(), "1.5".to_owned()]]);
        assert_eq!(table.csv(), "arm,S\n\"a, \"\"b\"\"\",1.5\n");
    }

    #[test]
    fn the_caption_is_the_name_of_the_figures_above_it() {
        let figure = Svg::draw((10, 10), "two arms", |_| Ok(())).expect("an empty drawing");
        let caption = "par_iter is faster".to_owned();
        let block = Block { figures: vec![figure.clone(), figure], caption, ..Block::default() };
        let html = block.html();
        let inside = html.split("<figure>").nth(1).and_then(|rest| rest.split("</figure>").next());
        let inside = inside.expect("a figure");
        assert_eq!(inside.matches("<svg").count(), 2);
        assert!(inside.ends_with("<figcaption>par_iter is faster</figcaption>"), "{inside}");
        let alone = Block { figures: Vec::new(), ..block };
        assert!(alone.html().contains("<p>par_iter is faster</p>"));
    }

    #[test]
    fn captions_cannot_inject_markup() {
        let block = Block { caption: "<script>alert(1)</script>".into(), ..Block::default() };
        assert!(!block.html().contains("<script>"));
    }
}
