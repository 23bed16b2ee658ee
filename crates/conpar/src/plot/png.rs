//! A figure's own SVG painted into a PNG. It knows what figures here are made of (boxes, lines, polygons, circles and
//! text in one font) and nothing else of SVG: a whole renderer would triple what a kernel has to load.

use roxmltree::{Document, Node};
use tiny_skia::{FillRule, LineCap, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, StrokeDash, Transform};
use ttf_parser::{Face, OutlineBuilder};

use crate::Error;
use crate::language::word;

/// DejaVu Sans, its Latin, Greek, arrow and mathematical letters: a file is the same on every machine.
const FONT: &[u8] = include_bytes!("../../assets/DejaVuSans-subset.ttf");

/// Pixels of the PNG for each pixel of the figure: sharp on dense screens and in print.
const SCALE: f32 = 2.0;

/// Paints the figures of `document`, an SVG that [`stacked`](super::svg::stacked) made.
///
/// # Errors
///
/// [`Error::Drawing`] when the document cannot be painted.
pub(crate) fn png(document: &str) -> Result<Vec<u8>, Error> {
    let failed = |reason: String| Error::Drawing { reason };
    let parsed = Document::parse(document).map_err(|error| failed(error.to_string()))?;
    let face = Face::parse(FONT, 0).map_err(|error| failed(error.to_string()))?;
    let root = parsed.root_element();
    let pixels = |side| (number(root, side) * SCALE).round() as u32;
    let no_size = word!(en: "the figure has no size", pt: "a figura não tem tamanho");
    let canvas = Pixmap::new(pixels("width"), pixels("height"));
    let mut painter = Painter { canvas: canvas.ok_or_else(|| failed(no_size.to_owned()))?, face };
    painter.children(root, Transform::from_scale(SCALE, SCALE));
    Ok(encoded(&painter.canvas))
}

/// The canvas as a PNG file (ISO/IEC 15948): three chunks, 8 bits a channel, no filter. The canvas is opaque, so its
/// premultiplied colours are the plain ones. Done here, since an encoder of its own would be five crates more to load.
fn encoded(canvas: &Pixmap) -> Vec<u8> {
    /// 8 bits, red-green-blue-alpha, and the only methods there are for compressing, filtering and interlacing.
    const FORMAT: [u8; 5] = [8, 6, 0, 0, 0];
    const UNFILTERED: u8 = 0;
    let header = [&canvas.width().to_be_bytes()[..], &canvas.height().to_be_bytes(), &FORMAT].concat();
    let row = |row: &[u8]| [&[UNFILTERED], row].concat();
    let rows: Vec<u8> = canvas.data().chunks_exact(4 * canvas.width() as usize).flat_map(row).collect();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, content) in [
        (b"IHDR", header),
        (b"IDAT", miniz_oxide::deflate::compress_to_vec_zlib(&rows, 6)),
        (b"IEND", Vec::new()),
    ] {
        file.extend((content.len() as u32).to_be_bytes());
        let chunk = [kind.as_slice(), &content].concat();
        file.extend(&chunk);
        file.extend(crc32(&chunk).to_be_bytes());
    }
    file
}

/// The cyclic redundancy check that a PNG chunk ends with (ISO/IEC 15948, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    const REVERSED: u32 = 0xedb8_8320;
    let shifted = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ REVERSED } else { crc >> 1 };
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| shifted(crc));
    !bytes.iter().fold(u32::MAX, byte)
}

struct Painter<'f> {
    canvas: Pixmap,
    face: Face<'f>,
}

impl Painter<'_> {
    fn children(&mut self, node: Node<'_, '_>, transform: Transform) {
        node.children().for_each(|child| self.element(child, transform));
    }

    fn element(&mut self, node: Node<'_, '_>, transform: Transform) {
        let path = match node.tag_name().name() {
            "svg" => {
                let moved = transform.pre_translate(number(node, "x"), number(node, "y"));
                return self.children(node, moved);
            }
            "g" => return self.children(node, transform),
            "text" => return self.text(node, transform),
            "rect" => rect(node),
            "circle" => PathBuilder::from_circle(number(node, "cx"), number(node, "cy"), number(node, "r")),
            "line" => polyline(
                &[number(node, "x1"), number(node, "y1"), number(node, "x2"), number(node, "y2")],
                false,
            ),
            "polyline" => polyline(&points(node), false),
            "polygon" => polyline(&points(node), true),
            _ => None,
        };
        let Some(path) = path else { return };
        if let Some(paint) = paint(node, "fill") {
            self.canvas.fill_path(&path, &paint, FillRule::Winding, transform, None);
        }
        if let Some(paint) = paint(node, "stroke") {
            let dashes = numbers(node.attribute("stroke-dasharray").unwrap_or_default());
            let stroke = Stroke {
                width: node.attribute("stroke-width").map_or(1.0, |_| number(node, "stroke-width")),
                dash: StrokeDash::new(dashes, 0.0),
                line_cap: LineCap::Butt,
                ..Stroke::default()
            };
            self.canvas.stroke_path(&path, &paint, &stroke, transform, None);
        }
    }

    /// One line of text. A letter that the font lacks is its box.
    fn text(&mut self, node: Node<'_, '_>, transform: Transform) {
        let Some(paint) = paint(node, "fill") else { return };
        let em = number(node, "font-size") / f32::from(self.face.units_per_em());
        let glyphs: Vec<_> = node
            .text()
            .unwrap_or_default()
            .trim()
            .chars()
            .map(|letter| self.face.glyph_index(letter).unwrap_or_default())
            .collect();
        let advance = |&glyph: &_| f32::from(self.face.glyph_hor_advance(glyph).unwrap_or_default()) * em;
        let width: f32 = glyphs.iter().map(advance).sum();
        let (x, y) = (number(node, "x"), number(node, "y"));
        let left = match node.attribute("text-anchor") {
            Some("middle") => x - width / 2.0,
            Some("end") => x - width,
            _ => x,
        };
        let mut outline = Outline { builder: PathBuilder::new(), em, at: (left, y + self.shift(node)) };
        for glyph in &glyphs {
            self.face.outline_glyph(*glyph, &mut outline);
            outline.at.0 += advance(glyph);
        }
        let turned = turn(node)
            .map_or(transform, |degrees| transform.pre_concat(Transform::from_rotate_at(degrees, x, y)));
        if let Some(path) = outline.builder.finish() {
            self.canvas.fill_path(&path, &paint, FillRule::Winding, turned, None);
        }
    }

    /// The attribute `dy`, which plotters gives in em or in ex (the height of an x).
    fn shift(&self, node: Node<'_, '_>) -> f32 {
        let dy = node.attribute("dy").unwrap_or("0em");
        let (length, unit) = dy.split_at(dy.len().saturating_sub(2));
        let x_height = self
            .face
            .x_height()
            .map_or(0.5, |height| f32::from(height) / f32::from(self.face.units_per_em()));
        let unit = if unit == "ex" { x_height } else { 1.0 };
        length.parse().unwrap_or(0.0) * unit * number(node, "font-size")
    }
}

/// The angle in `rotate(degrees, x, y)`.
fn turn(node: Node<'_, '_>) -> Option<f32> {
    numbers(node.attribute("transform")?.strip_prefix("rotate(")?.trim_end_matches(')')).first().copied()
}

fn rect(node: Node<'_, '_>) -> Option<Path> {
    let side = |name| number(node, name);
    Rect::from_xywh(side("x"), side("y"), side("width"), side("height")).map(PathBuilder::from_rect)
}

fn polyline(points: &[f32], closed: bool) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for (index, point) in points.as_chunks::<2>().0.iter().enumerate() {
        match index {
            0 => builder.move_to(point[0], point[1]),
            _ => builder.line_to(point[0], point[1]),
        }
    }
    if closed {
        builder.close();
    }
    builder.finish()
}

/// The colour `name` of a shape, "fill" or "stroke"; `None` where there is none to see.
fn paint(node: Node<'_, '_>, name: &str) -> Option<Paint<'static>> {
    let hex = u32::from_str_radix(node.attribute(name)?.strip_prefix('#')?, 16).ok()?;
    let share = |name: &str| node.attribute(name).map_or(1.0, |_| number(node, name));
    let opacity = share("opacity") * share(&format!("{name}-opacity"));
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8((hex >> 16) as u8, (hex >> 8) as u8, hex as u8, (opacity * 255.0).round() as u8);
    Some(paint)
}

fn points(node: Node<'_, '_>) -> Vec<f32> {
    numbers(node.attribute("points").unwrap_or_default())
}

/// The numbers in `text`, which spaces or commas part.
fn numbers(text: &str) -> Vec<f32> {
    text.split([',', ' ']).filter_map(|number| number.parse().ok()).collect()
}

fn number(node: Node<'_, '_>, name: &str) -> f32 {
    node.attribute(name).and_then(|value| value.parse().ok()).unwrap_or(0.0)
}

/// Puts the outline of a letter at its place: fonts count upwards, figures downwards.
struct Outline {
    builder: PathBuilder,
    em: f32,
    at: (f32, f32),
}

impl Outline {
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        (self.at.0 + x * self.em, self.at.1 - y * self.em)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.builder.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.builder.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.place(x1, y1), self.place(x, y));
        self.builder.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.place(x1, y1), self.place(x2, y2), self.place(x, y));
        self.builder.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.builder.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The channels of a pixel of the PNG, read back as the standard says.
    fn pixel(png: &[u8], x: usize, y: usize) -> [u8; 4] {
        let word = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes")) as usize;
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && &png[12..16] == b"IHDR" && &png[37..41] == b"IDAT");
        let (width, length) = (word(16), word(33));
        let rows =
            miniz_oxide::inflate::decompress_to_vec_zlib(&png[41..41 + length]).expect("what was compressed");
        let at = y * (1 + 4 * width) + 1 + 4 * x;
        rows[at..at + 4].try_into().expect("four channels")
    }

    /// The colour at a place of the figure, red, green, blue.
    fn colour(png: &[u8], x: usize, y: usize) -> (u8, u8, u8) {
        let [red, green, blue, _] = pixel(png, 2 * x, 2 * y);
        (red, green, blue)
    }

    #[test]
    fn the_check_is_the_one_of_the_standard() {
        assert_eq!(crc32(b"IEND"), 0xae42_6082, "the end of every PNG file");
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926, "the check value of CRC-32/ISO-HDLC");
    }

    fn document(content: &str) -> String {
        format!("<svg width=\"40\" height=\"20\" xmlns=\"http://www.w3.org/2000/svg\">{content}</svg>")
    }

    #[test]
    fn shapes_are_where_they_are_said_to_be() {
        let shapes = "<rect x=\"0\" y=\"0\" width=\"40\" height=\"20\" fill=\"#FFFFFF\"/>\
            <rect x=\"2\" y=\"2\" width=\"6\" height=\"6\" opacity=\"0.5\" fill=\"#000000\"/>\
            <circle cx=\"20\" cy=\"10\" r=\"4\" fill=\"#FF0000\" stroke=\"none\"/>\
            <svg x=\"30\" y=\"10\"><polygon points=\"0,0 8,0 8,8 0,8 \" fill=\"#0000FF\"/></svg>";
        let png = png(&document(shapes)).expect("painted");
        assert_eq!(colour(&png, 39, 1), (255, 255, 255));
        assert!((126..=129).contains(&colour(&png, 5, 5).0));
        assert_eq!(colour(&png, 20, 10), (255, 0, 0));
        assert_eq!(colour(&png, 34, 14), (0, 0, 255));
    }

    #[test]
    fn text_leaves_ink_on_the_side_that_its_anchor_says() {
        let text =
            "<text x=\"20\" y=\"15\" font-size=\"14\" text-anchor=\"end\" fill=\"#000000\">HH\n</text>";
        let painted = png(&document(text)).expect("painted");
        let ink = |columns: std::ops::Range<usize>| {
            let pixels = columns.flat_map(|x| (0..40).map(move |y| (x, y)));
            pixels.filter(|&(x, y)| pixel(&painted, x, y)[3] > 0).count()
        };
        assert!(ink(0..40) > 50 && ink(41..80) == 0);
    }

    #[test]
    fn a_document_of_no_size_is_an_error() {
        assert!(matches!(png("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), Err(Error::Drawing { .. })));
        assert!(matches!(png("not a document"), Err(Error::Drawing { .. })));
    }
}
