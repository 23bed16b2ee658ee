//! Where measured places and values lie on the canvas.

use super::axis::Scale;

/// The map from (place, value) to pixels; a place is a number of workers, or another parameter.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Plane {
    /// Pixels from the left at which the place 1 stands.
    pub(crate) left: f64,
    /// Pixels for each further unit, or decade.
    pub(crate) across: f64,
    /// How the places are spread.
    pub(crate) across_scale: Scale,
    /// Pixels from the top at which the value 0 stands; on a logarithmic scale the value 1.
    pub(crate) bottom: f64,
    /// Pixels upwards for a value of 1, or for a decade.
    pub(crate) up: f64,
    /// How the values are spread.
    pub(crate) up_scale: Scale,
    /// Pixels from the top at which the plotting area begins.
    pub(crate) top: f64,
}

impl Plane {
    /// The pixels from the left and from the top at which `value` at `place` lies.
    pub(crate) fn at(&self, place: f64, value: f64) -> (f64, f64) {
        let Plane { left, across, across_scale, bottom, up, up_scale, .. } = *self;
        let right = across_scale.position(place) - across_scale.position(1.0);
        (left + right * across, bottom - up_scale.position(value) * up)
    }
}
