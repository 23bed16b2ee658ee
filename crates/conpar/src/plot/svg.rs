//! One drawing: plotters draws into a string.

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, IntoDrawingArea, SVGBackend};

use super::Spot;
use super::slider::Slider;
use super::spot::Region;
use crate::Error;

/// A finished figure as SVG, with the sentence that stands for it where it cannot be seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Svg {
    markup: String,
    size: (u32, u32),
    alternative: String,
    spots: Vec<Spot>,
    regions: Vec<Region>,
    slider: Option<Slider>,
    /// A curve that sliders of its own move, and these.
    moving: Option<(String, String)>,
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
        // A name may hold characters that XML cannot: one would make the whole figure unreadable.
        markup.retain(is_xml);
        let (spots, regions) = (Vec::new(), Vec::new());
        Ok(Svg {
            markup,
            size,
            alternative: alternative.to_owned(),
            spots,
            regions,
            slider: None,
            moving: None,
        })
    }

    /// The figure with what its points say.
    pub fn with_spots(self, spots: Vec<Spot>) -> Svg {
        Svg { spots, ..self }
    }

    /// The figure with what its patches say.
    pub(crate) fn with_regions(self, regions: Vec<Region>) -> Svg {
        Svg { regions, ..self }
    }

    /// The figure with a curve that the reader moves.
    pub(crate) fn with_slider(self, slider: Slider) -> Svg {
        Svg { slider: Some(slider), ..self }
    }

    /// The figure with a curve of another kind that the reader moves: the curve's markup and that of its sliders.
    pub(crate) fn with_moving(self, curve: &str, controls: &str) -> Svg {
        Svg { moving: Some((curve.to_owned(), controls.to_owned())), ..self }
    }

    /// The markup of the curve that sliders move, and that of the sliders; empty where there is none.
    fn movable(&self) -> (String, String) {
        let other = || self.moving.clone().unwrap_or_default();
        self.slider.as_ref().map_or_else(other, |slider| (slider.curve(), slider.controls()))
    }

    /// The markup of the drawing alone, a complete SVG document.
    pub fn markup(&self) -> &str {
        &self.markup
    }

    /// What the figure shows, in words.
    pub fn alternative(&self) -> &str {
        &self.alternative
    }

    /// The markup as it goes into a page: scales with its column and is read out as its text alternative, then, where
    /// the figure has spots, point by point.
    pub(crate) fn html(&self) -> String {
        let regions = self.regions.iter().map(|region| region.html(self.size));
        let spots: String = regions.chain(self.spots.iter().map(|spot| spot.html(self.size))).collect();
        let role = if spots.is_empty() { "img" } else { "group" };
        let open = format!("<svg role=\"{role}\" aria-label=\"{}\" ", escape(&self.alternative));
        let (curve, controls) = self.movable();
        let drawing = format!("<g aria-hidden=\"true\">{}{curve}</g>{spots}", self.inner());
        format!("<div class=\"figure\">{}{controls}</div>", self.document(&open, &drawing))
    }

    /// The figure as a file of its own: on white, in the colours of a light page.
    pub(crate) fn alone(&self) -> String {
        let (width, height) = self.size;
        let regions = self.regions.iter().map(Region::titled);
        let titles: String = regions.chain(self.spots.iter().map(Spot::titled)).collect();
        let (curve, _) = self.movable();
        let drawing = format!(
            "<title>{}</title><rect x=\"0\" y=\"0\" width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>{}{curve}{titles}",
            escape(&self.alternative),
            self.inner()
        );
        self.document("<svg ", &drawing)
    }

    /// This document with another opening and another content.
    fn document(&self, open: &str, content: &str) -> String {
        let head = self.markup.split_once('>').map_or("", |(head, _)| head);
        format!("{}>{content}</svg>", head.replacen("<svg ", open, 1))
    }

    /// What stands between the opening and the closing tag.
    fn inner(&self) -> &str {
        let after = self.markup.split_once('>').map_or("", |(_, rest)| rest);
        after.rsplit_once("</svg>").map_or(after, |(inner, _)| inner)
    }
}

/// Several figures, one under the other, as one document of its own.
pub(crate) fn stacked(figures: &[Svg]) -> String {
    if let [one] = figures {
        return one.alone();
    }
    let width = figures.iter().map(|figure| figure.size.0).max().unwrap_or(1);
    let mut top = 0;
    let mut parts = String::new();
    for figure in figures {
        parts += &figure.alone().replacen("<svg ", &format!("<svg x=\"0\" y=\"{top}\" "), 1);
        top += figure.size.1;
    }
    format!(
        "<svg width=\"{width}\" height=\"{top}\" viewBox=\"0 0 {width} {top}\" \
         xmlns=\"http://www.w3.org/2000/svg\">{parts}</svg>"
    )
}

/// Escapes what HTML and XML would take for markup, and leaves out what XML cannot hold.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars().filter(|&character| is_xml(character)) {
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

/// Whether XML 1.0 may hold the character (section 2.2).
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
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

    #[test]
    fn several_figures_become_one_document_that_parses() {
        let text = |words: &str| {
            let words = words.to_owned();
            Svg::draw((100, 40), "<&\u{0}\u{ffff}>", move |area| {
                area.draw(&plotters::prelude::Text::new(words, (5, 5), super::super::text(12)))?;
                Ok(())
            })
        };
        let figures = [text("a\u{1}<b>").expect("text"), text("c & d").expect("text")];
        let document = stacked(&figures);
        let parsed = roxmltree::Document::parse(&document).expect("well-formed");
        assert_eq!(parsed.root_element().attribute("height"), Some("80"));
        assert_eq!(parsed.descendants().filter(|node| node.has_tag_name("svg")).count(), 3);
    }
}
