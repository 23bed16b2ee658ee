//! Results drawn with plotters, one file per figure. Takes finished data and measures nothing.

mod chart;
mod machine;
mod overlap;
mod scaling;
mod svg;
mod theme;
mod timeline;
mod words;

pub use chart::{Chart, chart};
pub use machine::machine_map;
pub use overlap::{overlap_bars, overlap_timelines};
pub use scaling::speedup_curve;
pub use svg::Svg;

pub use theme::{INK, MUTED, SERIES};
pub use timeline::timeline;

pub(crate) use machine::{MOST_DRAWN, size};
pub(crate) use svg::escape;
pub(crate) use theme::{STYLE, text};
pub(crate) use words::{cores, counted, workers};
