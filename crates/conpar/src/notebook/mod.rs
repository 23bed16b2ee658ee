//! What a cell shows: one HTML block a result, live progress lines, and claims that a test can check.

mod block;
mod chart;
mod claim;
mod exercise;
mod machine;
mod overlap;
mod recorded;
mod scaling;
mod timeline;

pub use block::{Block, Table};
pub use claim::{Claim, Claims, Open, claim};
pub use exercise::Exercise;
