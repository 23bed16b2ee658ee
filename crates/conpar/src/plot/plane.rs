//! Where workers and values lie on the canvas.

/// The map from (workers, value) to pixels, which is linear in both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Plane {
    /// Pixels from the left at which one worker stands.
    pub(crate) left: f64,
    /// Pixels for each further worker.
    pub(crate) across: f64,
    /// Pixels from the top at which the value 0 stands.
    pub(crate) bottom: f64,
    /// Pixels upwards for a value of 1.
    pub(crate) up: f64,
    /// Pixels from the top at which the plotting area begins.
    pub(crate) top: f64,
}

impl Plane {
    /// The place of `value` at `workers`, in pixels from the left and from the top.
    pub(crate) fn at(&self, workers: f64, value: f64) -> (f64, f64) {
        (self.left + (workers - 1.0) * self.across, self.bottom - value * self.up)
    }
}
