//! Results drawn with plotters, one file per figure. Takes finished data and measures nothing.
//!
//! Every figure is an [`Svg`]: a page shows it in the page's own colours, with what its points say ([`Spot`]); a file gets
//! it as a picture of its own, as SVG or as PNG.

mod agreement;
mod axis;
mod bars;
mod chart;
mod checkpoints;
mod comparison;
mod competition;
mod curves;
mod file;
mod histogram;
mod lattice;
mod liveness;
mod machine;
mod mark;
mod orders;
mod overlap;
mod plane;
mod png;
mod ranks;
mod recorded;
mod roofline;
mod scaling;
mod schedule;
mod slider;
mod spot;
mod survival;
mod svg;
mod sweep;
mod theme;
mod timeline;
mod wait_for;
mod words;

pub use agreement::{Agreement, agreement};
pub use bars::{Bars, bars};
pub use chart::{Chart, chart};
pub use checkpoints::checkpoints_curve;
pub use comparison::{Comparison, Labelled, compare, comparison_curve};
pub use competition::ceiling_under_load;
pub use file::Saved;
pub use histogram::{Histogram, histogram};
pub use lattice::lattice;
pub use liveness::classified_rows;
pub use machine::machine_map;
pub use orders::{orders_bars, orders_timelines};
pub use overlap::{overlap_bars, overlap_timelines};
pub use ranks::{alpha_beta_curves, past_curves};
pub use recorded::{Overlaid, recorded_curve};
pub use roofline::{Roofline, roofline_curve};
pub use scaling::{efficiency_curve, karp_flatt_curve, speedup_curve};
pub use schedule::{scheduled_timelines, simulated_curves};
pub use spot::Spot;
pub use survival::survival_curves;
pub use svg::Svg;
pub use sweep::swept_curves;

pub use theme::{INK, MUTED, SERIES};
pub use timeline::{By, timeline};
pub use wait_for::wait_for_graph;

pub(crate) use bars::MOST_BARS;
pub(crate) use file::{advice, write};
pub(crate) use histogram::quantile;
pub(crate) use machine::{MOST_DRAWN, size};
pub(crate) use orders::{orders, runs_of};
pub(crate) use png::png;
pub(crate) use scaling::speedup_with_slider;
pub(crate) use slider::Movable;
pub(crate) use svg::{escape, stacked};
pub(crate) use sweep::in_units;
pub(crate) use theme::{STYLE, text};
pub(crate) use words::{cores, counted, estimator, workers};
