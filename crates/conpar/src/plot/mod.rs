//! Results drawn with plotters, one file per figure. Takes finished data and measures nothing.

mod chart;
mod scaling;
mod svg;
mod theme;

pub use chart::{Chart, chart};
pub use scaling::speedup_curve;
pub use svg::Svg;
pub use theme::{INK, MUTED, SERIES};

pub(crate) use svg::escape;
pub(crate) use theme::{STYLE, text};
