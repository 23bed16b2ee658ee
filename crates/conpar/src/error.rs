//! What can go wrong, in words that say what was wrong, what was expected and what to do.

/// Why an experiment, a fit or a figure could not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Plotters refused to draw.
    #[error("the figure could not be drawn: {reason}")]
    Drawing {
        /// What plotters said.
        reason: String,
    },
}
