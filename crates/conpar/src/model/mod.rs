//! Laws of parallel speedup: pure functions and their fits. A model that the points cannot carry is refused, with the
//! reason.

mod amdahl;
mod karp_flatt;

pub use amdahl::Amdahl;
pub use karp_flatt::karp_flatt;

/// One measured speedup: the number of workers and how many times faster than serial they were.
pub type SpeedupPoint = (usize, f64);

/// Why a model was not fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Too few points within the cores of this machine.
    #[error("{model} needs {needed} worker counts within this machine's cores, and there are {found}")]
    TooFewPoints {
        /// The model's name.
        model: &'static str,
        /// How many points it needs.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// A speedup that is not a positive number.
    #[error("a speedup is not a positive number")]
    NotPositive,
}
