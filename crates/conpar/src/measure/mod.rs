//! Times code honestly: rounds in random order, clean samples, intervals by bootstrap.
//!
//! Knows nothing of threads' meaning, of models or of plots.

mod estimate;

pub use estimate::{Estimate, Verdict};
