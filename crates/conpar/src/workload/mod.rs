//! Work to measure: serial code, data to feed it, and nothing parallel. The parallel code is for the reader to write, in
//! a cell, or to read in `crates/conpar/benches`.
//!
//! | work | what limits it |
//! |---|---|
//! | [`xorshift`] | one long chain of integer steps |
//! | [`count_primes`] | integer division; larger numbers cost more |
//! | [`Mandelbrot`] | floating point; some rows cost a hundred times others |
//! | [`Bodies`] | floating point, division and square root; all rows cost the same |
//! | [`matrix_product`] | floating point, out of the cache |
//! | [`merge_sort`] | memory near by, and a last merge that has but one worker |
//! | [`WordCounts`] | a hash table; results that have to be merged |
//! | [`histogram`] | a small table that all would like to write to |
//! | [`prefix_sum`] | each value needs all before it: parallel code does more work than serial |
//! | [`triad`] | memory bandwidth alone |

mod bodies;
mod histogram;
mod mandelbrot;
mod matrix;
mod prefix_sum;
mod primes;
mod sort;
mod triad;
mod words;

use std::hint::black_box;
use std::time::{Duration, Instant};

pub use bodies::Bodies;
pub use histogram::{BINS, add_histogram, histogram};
pub use mandelbrot::Mandelbrot;
pub use matrix::{matrix_product, row_product};
pub use prefix_sum::prefix_sum;
pub use primes::{count_primes, is_prime};
pub use sort::{merge, merge_sort};
pub use triad::triad;
pub use words::{WordCounts, random_text, split_between_words};

/// `count` numbers from 0 to below 1, always the same for a seed.
pub fn random_numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut rng = fastrand::Rng::with_seed(seed);
    (0..count).map(|_| rng.f64()).collect()
}

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
