//! One drawing: plotters draws into a string.

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, IntoDrawingArea, SVGBackend};

use crate::Error;

/// A finished figure as SVG, with the sentence that stands for it where it cannot be seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Svg {
    markup: String,
    alternative: String,
}

impl Svg {
    /// Draws on an empty, transparent canvas of `size` (width, height in pixels).
    ///
    /// `alternative` says in words what the figure shows; it becomes the figure's text alternative.
    ///
    /// # Errors
    ///
    /// [`Error::Drawing`] when plotters refuses what `draw` asks of it.
    pub fn draw<F>(size: (u32, u32), alternative: &str, draw: F) -> Result<Svg, Error>
    where
        F: FnOnce(&DrawingArea<SVGBackend<'_>, Shift>) -> Result<(), Box<dyn std::error::Error>>,
    {
        let mut markup = String::new();
        {
            let area = SVGBackend::with_string(&mut markup, size).into_drawing_area();
            draw(&area).map_err(|error| Error::Drawing { reason: error.to_string() })?;
            area.present().map_err(|error| Error::Drawing { reason: error.to_string() })?;
        }
        Ok(Svg { markup, alternative: alternative.to_owned() })
    }

    /// The markup of the drawing alone, a complete SVG document.
    pub fn markup(&self) -> &str {
        &self.markup
    }

    /// What the figure shows, in words.
    pub fn alternative(&self) -> &str {
        &self.alternative
    }

    /// The markup as it goes into a page: scales with its column and is read out as its text alternative.
    pub(crate) fn html(&self) -> String {
        let open = format!("<svg role=\"img\" aria-label=\"{}\" ", super::svg::escape(&self.alternative));
        self.markup.replacen("<svg ", &open, 1)
    }
}

/// Escapes what HTML and XML would take for markup.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternative_cannot_break_out_of_its_attribute() {
        let svg = Svg::draw((10, 10), "a \"b\" <c> & d", |_| Ok(())).expect("an empty drawing");
        assert!(svg.html().contains("aria-label=\"a &quot;b&quot; &lt;c&gt; &amp; d\""));
        assert!(svg.markup().starts_with("<svg "));
    }
}
