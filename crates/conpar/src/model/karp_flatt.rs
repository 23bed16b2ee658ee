//! The experimentally determined serial fraction.

use super::SpeedupPoint;
use crate::measure::Estimate;

/// The serial fraction e that one measured speedup implies: e = (1/S - 1/N) / (1 - 1/N). `None` for one worker.
///
/// Negative when the speedup is above N. It grows with N where it is overhead that bounds the speedup and not a serial
/// part. Alan Karp and Horace Flatt, "Measuring parallel processor performance", CACM 33(5), 1990.
///
/// ```
/// use conpar::model::karp_flatt;
///
/// assert_eq!(karp_flatt((2, 2.0)), Some(0.0));
/// assert_eq!(karp_flatt((2, 1.0)), Some(1.0));
/// assert_eq!(karp_flatt((1, 1.0)), None);
/// ```
pub fn karp_flatt((workers, speedup): SpeedupPoint) -> Option<f64> {
    let ideal = 1.0 / workers as f64;
    (workers > 1).then(|| (1.0 / speedup - ideal) / (1.0 - ideal))
}

/// The serial fraction that a measured speedup with its interval implies. `None` for one worker, or where the speedup is
/// not a positive number.
///
/// The fraction falls as the speedup rises, and percentiles go through such a function unchanged: the ends of the one
/// interval are the ends of the other, swapped.
pub fn karp_flatt_of(workers: usize, speedup: &Estimate) -> Option<Estimate> {
    let fraction = |speedup: f64| karp_flatt((workers, speedup)).filter(|fraction| fraction.is_finite());
    Some(Estimate {
        point: fraction(speedup.point)?,
        low: fraction(speedup.high)?,
        high: fraction(speedup.low)?,
        level: speedup.level,
    })
}
