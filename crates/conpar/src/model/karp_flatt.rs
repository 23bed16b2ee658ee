//! The experimentally determined serial fraction.

use super::SpeedupPoint;

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
