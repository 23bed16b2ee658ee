//! How fine the clock is that every measurement is made with.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// What [`Instant::now`] can tell apart and what it costs, measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// The smallest difference seen between two readings that differ, in seconds. Nothing shorter can be timed.
    pub step: f64,
    /// The time of one reading, in seconds: the smallest mean of several batches.
    pub cost: f64,
}

impl Clock {
    /// Measures for some tenths of a millisecond; up to 20 ms where the clock is coarse.
    pub fn measure() -> Clock {
        const BATCHES: usize = 5;
        const READINGS: u32 = 500;
        let batch = || {
            let start = Instant::now();
            for _ in 0..READINGS {
                black_box(Instant::now());
            }
            start.elapsed() / READINGS
        };
        let cost = (0..BATCHES).map(|_| batch()).min().unwrap_or_default();
        Clock { step: step().as_secs_f64(), cost: cost.as_secs_f64() }
    }
}

/// The smallest step of some hundred.
fn step() -> Duration {
    /// A clock that has not moved so often in this time is as coarse as what was seen until then.
    const PATIENCE: Duration = Duration::from_millis(20);
    const STEPS: usize = 500;
    let start = Instant::now();
    let (mut last, mut smallest, mut seen) = (start, PATIENCE, 0);
    while seen < STEPS && last.duration_since(start) < PATIENCE {
        let now = Instant::now();
        if now > last {
            smallest = smallest.min(now.duration_since(last));
            seen += 1;
        }
        last = now;
    }
    smallest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_moves_and_reading_it_takes_time() {
        let clock = Clock::measure();
        assert!(clock.step > 0.0 && clock.step <= 0.02, "{clock:?}");
        assert!(clock.cost > 0.0 && clock.cost < 1e-3, "{clock:?}");
    }
}
