//! Work with a known serial fraction, and the fraction that the instrument finds.

use std::hint::black_box;
use std::time::Duration;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::measure::{Estimate, Verdict};
use crate::speedup::{NEGLIGIBLE, speedup};
use crate::workload::{steps_in, xorshift};
use crate::{Error, machine};

/// The serial fractions that a calibration plants.
pub const FRACTIONS: [f64; 4] = [0.0, 0.1, 0.3, 0.5];

/// The time of one serial run. Handing work to a pool and waking its workers took 0.2 to 0.3 ms in a virtual machine, which
/// comes out as twice its share of this on two workers: about 0.005, well below [`NEGLIGIBLE`].
const LENGTH: Duration = Duration::from_millis(100);

/// Into how many equal pieces the parallel part is cut, so that 2 and 4 workers get the same.
const PIECES: u64 = 4;

/// An interval wider than this to either side finds nothing.
const NARROW: f64 = 0.05;

/// A planted serial fraction, and what was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Planted {
    /// The serial share of the work, 0 to 1.
    pub fraction: f64,
    /// The number of workers.
    pub workers: usize,
    /// The speedup over serial.
    pub speedup: Estimate,
    /// The speedup of work that shares nothing, with as many workers.
    pub ceiling: Estimate,
    /// The serial fraction that was found; `None` where the machine gives no second core.
    pub found: Option<Estimate>,
    /// Whether there were undisturbed samples enough, and a core for each worker.
    pub credible: bool,
}

/// Measures work of which the share `fraction` is serial, for about `budget`, and computes the share back.
///
/// # Errors
///
/// Those of an experiment; the work itself gives no cause.
pub fn planted(fraction: f64, budget: Duration) -> Result<Planted, Error> {
    let workers = if machine::effective_cores() >= 4.0 { 4 } else { 2 };
    let work = Work::new(fraction);
    let scaling = speedup(&format!("serial fraction {fraction}"))
        .serial(|| work.serial())
        .rayon("par_iter", || work.parallel())
        .workers([workers])
        .budget(budget)
        .measure_with(&mut |_, _| ())?;
    let point = *scaling.at("par_iter", workers)?;
    // The ceiling is measured at every worker count: it is there where the point is.
    let ceiling = *scaling.ceiling_at(workers).unwrap_or(&point);
    Ok(Planted {
        fraction,
        workers,
        speedup: point.speedup,
        ceiling: ceiling.speedup,
        found: serial_fraction(&point.speedup, &ceiling.speedup),
        credible: point.is_credible() && ceiling.is_credible() && !point.oversubscribed,
    })
}

/// Karp and Flatt's serial fraction, (1/S - 1/c) / (1 - 1/c), with the ceiling c where the number of workers stands.
///
/// What N cores give together is not N: caches, clock speeds and neighbours take some. Karp and Flatt's own formula puts
/// that loss into the serial fraction. The parallel part can be faster by c at most, so c in the place of N leaves what the
/// work itself does not share. The interval reaches from the least to the greatest value that the intervals of S and c
/// allow: wider than it need be, never too narrow.
fn serial_fraction(speedup: &Estimate, ceiling: &Estimate) -> Option<Estimate> {
    let fraction = |s: f64, c: f64| (c - s) / (s * (c - 1.0));
    // The fraction grows with c as long as S is above 1, and falls with S.
    let usable = ceiling.low > 1.0 + NARROW && speedup.low > 1.0;
    usable.then(|| Estimate {
        point: fraction(speedup.point, ceiling.point),
        low: fraction(speedup.high, ceiling.low),
        high: fraction(speedup.low, ceiling.high),
        level: speedup.level,
    })
}

impl Planted {
    /// Whether the interval holds the planted fraction.
    pub fn holds(&self) -> bool {
        self.found.is_some_and(|found| (found.low..=found.high).contains(&self.fraction))
    }

    /// Whether the planted fraction was found again.
    ///
    /// It was where the interval holds it and is narrow; or where all of the interval lies within [`NEGLIGIBLE`] of it:
    /// splitting and joining take a time that is serial, too, and was not planted. It was not where all of the interval
    /// lies beyond that.
    pub fn verdict(&self) -> Verdict {
        let Some(found) = self.found.filter(|_| self.credible) else { return Verdict::CannotTell };
        let narrow = (found.high - found.low) / 2.0 <= NARROW;
        match found.within(self.fraction - NEGLIGIBLE, self.fraction + NEGLIGIBLE) {
            Verdict::CannotTell if self.holds() && narrow => Verdict::Supported,
            verdict => verdict,
        }
    }
}

/// Integer work of which a share is serial.
struct Work {
    serial: u64,
    piece: u64,
}

impl Work {
    fn new(fraction: f64) -> Work {
        let steps = steps_in(LENGTH);
        let serial = (steps as f64 * fraction) as u64;
        Work { serial, piece: (steps - serial) / PIECES }
    }

    fn serial(&self) -> u64 {
        self.first() ^ (0..PIECES).map(|piece| self.piece(piece)).fold(0, |one, two| one ^ two)
    }

    fn parallel(&self) -> u64 {
        let each = PIECES as usize / rayon::current_num_threads();
        let pieces = (0..PIECES as usize).into_par_iter().with_min_len(each.max(1));
        self.first() ^ pieces.map(|piece| self.piece(piece as u64)).reduce(|| 0, |one, two| one ^ two)
    }

    fn first(&self) -> u64 {
        black_box(xorshift(black_box(self.serial)))
    }

    /// The number goes in, lest equal pieces cancel out.
    fn piece(&self, number: u64) -> u64 {
        black_box(xorshift(black_box(self.piece))).rotate_left(number as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exactly(value: f64) -> Estimate {
        Estimate { point: value, low: value, high: value, level: 0.95 }
    }

    #[test]
    fn what_the_machine_keeps_is_not_counted_as_serial() {
        // Of 100 seconds 30 are serial; the other 70 are 1.6 times as fast on this machine's two cores.
        let speedup = 100.0 / (30.0 + 70.0 / 1.6);
        let found = serial_fraction(&exactly(speedup), &exactly(1.6)).expect("two cores");
        assert!((found.point - 0.3).abs() < 1e-12, "{found}");
        assert_eq!(serial_fraction(&exactly(1.0), &exactly(1.0)), None, "one core");
    }

    #[test]
    fn wide_or_disturbed_finds_nothing_and_far_off_is_wrong() {
        let planted = |low: f64, high: f64, credible: bool| Planted {
            fraction: 0.3,
            workers: 2,
            speedup: exactly(1.5),
            ceiling: exactly(2.0),
            found: Some(Estimate { point: (low + high) / 2.0, low, high, level: 0.95 }),
            credible,
        };
        assert_eq!(planted(0.27, 0.33, true).verdict(), Verdict::Supported);
        assert_eq!(planted(0.305, 0.31, true).verdict(), Verdict::Supported);
        assert_eq!(planted(0.2, 0.4, true).verdict(), Verdict::CannotTell);
        assert_eq!(planted(0.31, 0.33, true).verdict(), Verdict::CannotTell);
        assert_eq!(planted(0.33, 0.34, true).verdict(), Verdict::Violated);
        assert_eq!(planted(0.33, 0.34, false).verdict(), Verdict::CannotTell);
    }

    #[test]
    fn serial_and_parallel_do_the_same_work() {
        let work = Work { serial: 100, piece: 50 };
        assert_eq!(work.serial(), work.parallel());
    }
}
