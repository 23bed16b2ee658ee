//! What a cell shows: one HTML block a result, live progress lines, and claims that a test can check.

mod agreement;
mod block;
mod calibration;
mod chart;
mod claim;
mod comparison;
mod exercise;
mod histogram;
mod laws;
mod loaded;
mod machine;
mod overlap;
mod recorded;
mod roofline;
mod scaling;
mod shown;
mod timeline;
mod views;

pub use block::{Block, Table};
pub use claim::{Claim, Claims, Open, claim};
pub use exercise::Exercise;
pub use loaded::Loaded;
pub use shown::{Shown, View};
