//! What a notebook's set-up cell brings in: `use conpar::prelude::*;`.

pub use crate::calibration::harness_cost;
pub use crate::machine::{on_one_core, this_machine};
pub use crate::notebook::{Claim, Loaded, Shown, claim};
pub use crate::overlap::overlap;
pub use crate::plot::{agreement, chart, compare, histogram};
pub use crate::recorded::recorded;
pub use crate::speedup::{Scaling, speedup, weak_scaling};
pub use crate::trace::{Lane, Recorder, Timeline, trace};
pub use crate::{crossbeam, plotters, rayon, tokio};
