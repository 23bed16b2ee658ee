//! Times code honestly: rounds in random order, clean samples, intervals by bootstrap.
//!
//! Knows nothing of what an arm does, of models or of plots. The rules and their reasons:
//!
//! 1. Every round runs each arm once, in an order drawn anew: a slow minute hits all arms alike.
//! 2. A sample is *clean* when nobody else was seen to take the cores away while it ran ([`Disturbance`]).
//! 3. An arm is judged by the median of its clean samples, at least [`ENOUGH_CLEAN`] of them, else by its minimum,
//!    labelled so ([`Estimator`]).
//! 4. Intervals come from resampling whole rounds ([`Samples::resample`]), so what two arms of a round have in common
//!    cancels out of their ratio.
//!
//! What is usual elsewhere, or would be wished for, and is not done here:
//!
//! - A speedup is the ratio of two medians, and not the median of each round's ratio: samples of one round need not all be
//!   clean, and the medians use those that are. The rounds are paired in the resampling.
//! - Fewer clean samples than [`ENOUGH_CLEAN`] do where nearly all are clean. Their small number is then that of the
//!   rounds, and not the choice of a load that left gaps.
//! - Samples are not long enough to feel a CPU quota, whose periods are often 100 ms: more workers than the quota has cores
//!   count as oversubscribed: no law is fitted to them, and no verdict rests on them. A speedup experiment measures one
//!   arm once more in samples that are long enough.
//!
//! Sources: Hoefler and Belli, "Scientific Benchmarking of Parallel Computing Systems", SC15; Efron and Tibshirani, "An
//! Introduction to the Bootstrap", 1993, chapter 13 (percentile intervals); Chen and Revels, "Robust benchmarking in
//! noisy environments", 2016 (minima).

mod bootstrap;
mod disturbance;
mod drawn;
mod estimate;
mod rounds;
mod share;
mod timing;

pub use bootstrap::{ENOUGH_CLEAN, Estimator, LEVEL, RESAMPLES, Samples, Times, interval, median};
pub use disturbance::{Disturbance, Width, watch};
pub use drawn::Drawn;
pub use estimate::{Estimate, Verdict};
pub(crate) use rounds::run_rounds_within;
pub use rounds::{MIN_ROUNDS, Plan, Rounds, Sample, Stopped, run_rounds};
pub use share::share;
pub(crate) use timing::{Agree, Reference, Timed, repeats};
