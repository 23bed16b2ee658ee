//! What a point of a figure says when the pointer is over it, when the keyboard reaches it, when a finger touches it.
//!
//! No script is needed: a spot can take the focus, and the style sheet shows the words of the spot that has it or that
//! the pointer is over.

use std::fmt::Write as _;

use super::svg::escape;

/// A place on the canvas and the lines of text that belong to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// Where, in pixels from the left and from the top.
    pub at: (i32, i32),
    /// What is said there: the first line names the point.
    pub lines: Vec<String>,
}

/// Pixels from the point within which it answers: more than the mark, and less than the distance at which the arms of one
/// worker count stand, so that each can be pointed at.
const REACH: i32 = 7;
/// The height of a line of words, in pixels.
const LINE: i32 = 17;
/// The width of a letter, in pixels: rather too much than too little, the page chooses the font.
const LETTER: f64 = 6.9;

/// A patch of a figure that says more when it is pointed at, as a [`Spot`] does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Region {
    /// Its upper left corner and its lower right one, in pixels from the left and from the top.
    pub(crate) corners: [(i32, i32); 2],
    /// What is said there.
    pub(crate) lines: Vec<String>,
}

impl Spot {
    /// The markup within an SVG of `size`: the words stand beside the point, on the side that has room.
    pub(super) fn html(&self, size: (u32, u32)) -> String {
        let (x, y) = self.at;
        says(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{REACH}\"/>"), self.at, &self.lines, size)
    }

    /// The markup in a file of its own, where no style sheet reaches: what the browser shows of a title.
    pub(super) fn titled(&self) -> String {
        let ((x, y), title) = (self.at, escape(&self.lines.join("\n")));
        format!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{REACH}\" fill-opacity=\"0\"><title>{title}</title></circle>"
        )
    }
}

impl Region {
    /// As [`Spot::html`].
    pub(super) fn html(&self, size: (u32, u32)) -> String {
        let [(left, top), (right, bottom)] = self.corners;
        // What is said of a long bar stands at its middle.
        let middle = (left.midpoint(right), top.midpoint(bottom));
        says(&format!("<rect {}/>", self.place()), middle, &self.lines, size)
    }

    /// As [`Spot::titled`].
    pub(super) fn titled(&self) -> String {
        let title = escape(&self.lines.join("\n"));
        format!("<rect {} fill-opacity=\"0\"><title>{title}</title></rect>", self.place())
    }

    fn place(&self) -> String {
        let [(left, top), (right, bottom)] = self.corners;
        // Wide enough to be pointed at.
        let width = (right - left).max(3);
        format!("x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{}\"", (bottom - top).max(3))
    }
}

/// A `target` that says `lines` beside the place `at` when it is pointed at, in an SVG of `size`.
fn says(target: &str, at: (i32, i32), lines: &[String], size: (u32, u32)) -> String {
    let (x, y) = at;
    let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let width = (longest as f64 * LETTER) as i32 + 18;
    let height = lines.len() as i32 * LINE + 10;
    let within = |from: i32, length: i32, all: u32| from.min(all as i32 - length - 1).max(1);
    let beside = if 2 * x < size.0 as i32 { x + REACH + 4 } else { x - REACH - 4 - width };
    let (left, top) = (within(beside, width, size.0), within(y - height / 2, height, size.1));
    let mut html = format!(
        "<g class=\"spot\" tabindex=\"0\" role=\"img\" aria-label=\"{}\">{target}\
         <g class=\"tip\"><rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"3\"/>",
        escape(&lines.join(", "))
    );
    for (line, text) in (1..).zip(lines) {
        let _ = write!(
            html,
            "<text x=\"{}\" y=\"{}\" font-size=\"12\" fill=\"#333435\">{}</text>",
            left + 9,
            top + line * LINE,
            escape(text)
        );
    }
    html + "</g></g>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_stay_on_the_canvas_wherever_the_point_is() {
        let lines = vec!["an arm with a long name, 16 workers".to_owned(), "1.95 times".to_owned()];
        for at in [(0, 0), (399, 0), (0, 199), (399, 199), (200, 100)] {
            let html = Spot { at, lines: lines.clone() }.html((400, 200));
            let tip = html.split("<rect ").nth(1).expect("a box");
            let number = |name: &str| -> i32 {
                let value = tip.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
                value.expect("an attribute").parse().expect("a number")
            };
            assert!(number("x") > 0 && number("x") + number("width") < 400, "{tip}");
            assert!(number("y") > 0 && number("y") + number("height") < 200, "{tip}");
        }
    }

    #[test]
    fn a_name_cannot_inject_markup() {
        let html = Spot { at: (0, 0), lines: vec!["<script>\"".into()] }.html((400, 200));
        assert!(!html.contains("<script>") && html.contains("aria-label=\"&lt;script&gt;&quot;\""));
    }
}
