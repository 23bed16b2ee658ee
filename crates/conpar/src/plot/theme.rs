//! The colours of every figure, and what they become on a dark page.
//!
//! Plotters writes colours into the SVG as attributes. The block that carries the figure into the page brings a style
//! sheet ([`STYLE`]) that overrides the neutral ones by their exact value, so one SVG is readable on light and dark
//! pages, and remains a complete picture when it is saved alone.

use plotters::chart::{ChartBuilder, MeshStyle};
use plotters::coord::Shift;
use plotters::coord::ranged1d::Ranged;
use plotters::prelude::{DrawingArea, DrawingBackend};
use plotters::style::{BLACK, Color, IntoFont, RGBAColor, RGBColor, TRANSPARENT, TextStyle, WHITE};

/// Text and axes. On a page it takes the page's own text colour.
pub const INK: RGBColor = RGBColor(0x33, 0x34, 0x35);

/// Grids, ideals and everything that only guides the eye. At least 3:1 on white and on JupyterLab's dark page.
pub const MUTED: RGBColor = RGBColor(0x7f, 0x80, 0x81);

/// Series in order: blue, vermilion, bluish green, reddish purple, brown, grey-blue. After Okabe and Ito, "Color
/// Universal Design" (2008), darkened or lightened until each has at least 3:1 against white and against `#111111`.
pub const SERIES: [RGBColor; 6] = [
    RGBColor(0x1f, 0x78, 0xb4),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x00, 0x94, 0x6b),
    RGBColor(0xb5, 0x65, 0x92),
    RGBColor(0x9a, 0x74, 0x2c),
    RGBColor(0x62, 0x7d, 0x98),
];

/// The lines of a grid: they guide the eye, and are fainter than everything that carries data.
pub(crate) fn grid() -> RGBAColor {
    MUTED.mix(0.25)
}

/// The colour of text on a patch of this `colour`, black or white, whichever has the higher contrast to it: at least 4.58:1
/// on any colour, since the two ratios multiply to 21 (WCAG 2.2, "contrast ratio").
pub(crate) fn text_on(colour: RGBColor) -> RGBColor {
    let linear = |channel: u8| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = 0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2);
    // White has the higher one where 1.05 / (L + 0.05) > (L + 0.05) / 0.05.
    if (luminance + 0.05).powi(2) < 1.05 * 0.05 { WHITE } else { BLACK }
}

/// Text of `size` pixels in the page's colour.
pub(crate) fn text(size: u32) -> TextStyle<'static> {
    // Plotters' SVG backend writes the size of the letters' bodies: it divides what it is given by 1.24.
    ("sans-serif", f64::from(size) * 1.24).into_font().color(&INK)
}

/// A chart under its title, with room for what is written beside the axes.
pub(crate) fn framed<'a, 'b, DB: DrawingBackend>(
    area: &'a DrawingArea<DB, Shift>,
    title: &str,
) -> ChartBuilder<'a, 'b, DB> {
    let mut chart = ChartBuilder::on(area);
    chart.caption(title, text(15)).margin(10).margin_right(24).x_label_area_size(42).y_label_area_size(62);
    chart
}

/// Axes, grid and labels as every figure has them.
pub(crate) fn style<X: Ranged, Y: Ranged, DB: DrawingBackend>(mesh: &mut MeshStyle<'_, '_, X, Y, DB>) {
    mesh.axis_style(INK)
        .bold_line_style(grid())
        .light_line_style(TRANSPARENT)
        .label_style(text(12))
        .axis_desc_style(text(13));
}

/// The style sheet that goes with the figures of one block.
///
/// JupyterLab sets `--jp-content-font-color1`, VS Code `--vscode-editor-foreground`; elsewhere the text colour of the
/// page serves.
pub(crate) const STYLE: &str = "\
.conpar{max-width:760px;font-family:var(--jp-content-font-family,system-ui,sans-serif);\
color:var(--jp-content-font-color1,var(--vscode-editor-foreground,inherit))}\
.conpar svg{max-width:100%;height:auto;display:block}\
.conpar figure{margin:0}\
.conpar figcaption{font:inherit;color:inherit;text-align:start}\
.conpar .figure{overflow-x:auto}\
.conpar .figure>svg{min-width:460px}\
.conpar svg text{font-family:var(--jp-content-font-family,system-ui,sans-serif)}\
.conpar svg [fill=\"#333435\" i]{fill:var(--jp-content-font-color1,var(--vscode-editor-foreground,currentColor))}\
.conpar svg [stroke=\"#333435\" i]{stroke:var(--jp-content-font-color1,var(--vscode-editor-foreground,currentColor))}\
.conpar .spot{outline:none}\
.conpar .spot>circle,.conpar .spot>rect{fill:transparent;stroke:transparent;stroke-width:2px}\
.conpar .spot:hover>circle,.conpar .spot:focus>circle,.conpar .spot:hover>rect,.conpar .spot:focus>rect{stroke:var(--jp-content-font-color1,var(--vscode-editor-foreground,currentColor))}\
.conpar .tip{visibility:hidden;pointer-events:none}\
.conpar .spot:hover .tip,.conpar .spot:focus .tip{visibility:visible}\
.conpar .tip rect{fill:var(--jp-layout-color1,var(--vscode-editor-background,Canvas));stroke:#7f8081}\
.conpar .sliders{display:flex;flex-wrap:wrap;gap:.2em 1.6em;margin:.2em 0 .6em}\
.conpar .sliders label{display:inline-flex;align-items:center;gap:.6em}\
.conpar .sliders label :last-child{min-width:3.6em;font-variant-numeric:tabular-nums}\
.conpar .sliders output{flex-basis:100%}\
.conpar p,.conpar figcaption{margin:.4em 0;line-height:1.45}\
.conpar .note{font-size:.92em;opacity:.85}\
.conpar details{margin:.4em 0}\
.conpar .program{counter-reset:line;margin:.4em 0;padding:.4em 0;overflow-x:auto;font-size:.92em;line-height:1.4;\
border:1px solid var(--jp-border-color2,#8884);color:inherit;background:none}\
.conpar .program code{font-family:var(--jp-code-font-family,ui-monospace,monospace);color:inherit;background:none}\
.conpar .program span{counter-increment:line}\
.conpar .program span::before{content:counter(line);display:inline-block;width:2.2em;margin-right:1em;\
text-align:right;opacity:.75;user-select:none}\
.conpar table{border-collapse:collapse;font-size:.92em;margin:.4em 0;display:block;overflow-x:auto}\
.conpar th,.conpar td{padding:.15em .7em;text-align:right;border:0;\
border-bottom:1px solid var(--jp-border-color2,#8884);background:none}\
.conpar th:first-child,.conpar td:first-child{text-align:left}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_on_a_patch_are_black_or_white_whichever_can_be_read() {
        assert_eq!(
            [WHITE, BLACK, RGBColor(0x1f, 0x78, 0xb4), RGBColor(0xd5, 0x5e, 0x00)].map(text_on),
            [BLACK, WHITE, WHITE, BLACK]
        );
    }
}
