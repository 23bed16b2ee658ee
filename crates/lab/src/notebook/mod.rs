//! Notebooks: their byte form, and running one in the real kernel.

pub(crate) mod format;
pub(crate) mod run;
pub(crate) mod tags;
