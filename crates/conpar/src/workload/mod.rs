//! Work to measure.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Integer work with a dependency from step to step: no memory, no floating point, nothing that the compiler could do
/// in parallel. The generator is Marsaglia's xorshift64 ("Xorshift RNGs", 2003); its last state is the result.
pub fn xorshift(steps: u64) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..steps {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
    }
    state
}

/// How many steps of [`xorshift`] take about `time` on one core: a share of it at least half as long is timed.
pub fn steps_in(time: Duration) -> u64 {
    let mut steps = 10_000;
    loop {
        let start = Instant::now();
        black_box(xorshift(black_box(steps)));
        let elapsed = start.elapsed();
        if elapsed * 2 >= time || steps > u64::MAX / 4 {
            return (steps as f64 * time.as_secs_f64() / elapsed.as_secs_f64().max(1e-9)) as u64;
        }
        steps *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_counts() {
        assert_ne!(xorshift(1_000), xorshift(1_001));
        assert_eq!(xorshift(1_000), xorshift(1_000));
    }

    #[test]
    fn a_longer_time_takes_more_steps() {
        // A neighbour may make one of the two a few times too short, never a hundred times.
        assert!(steps_in(Duration::from_millis(20)) > steps_in(Duration::from_micros(200)));
    }
}
