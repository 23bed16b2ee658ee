//! What a cell shows: one HTML block a result, live progress lines, and claims that a test can check.

mod agreement;
mod bars;
mod block;
mod calibration;
mod chart;
mod child;
mod claim;
mod comparison;
mod exercise;
mod fairness;
mod histogram;
mod interleaving;
mod laws;
mod liveness;
mod loaded;
mod machine;
mod orders;
mod overlap;
mod race;
mod ranks;
mod recorded;
mod roofline;
mod scaling;
mod schedule;
mod shown;
mod sweep;
mod timeline;
mod views;

pub use block::{Block, Table};
pub use claim::{Claim, Claims, Open, claim};
pub use exercise::Exercise;
pub use liveness::philosophers_exercise;
pub use loaded::Loaded;
pub use race::Against;
pub use ranks::{ByJob, Messages, by_job, message_exercise, messages};
pub use shown::{Shown, View};
