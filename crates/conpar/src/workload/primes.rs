//! Prime numbers by trial division.

use std::num::NonZero;
use std::ops::Range;

/// Whether `n` is a prime: trial division by 2 and by the odd numbers up to its square root.
#[inline]
pub fn is_prime(n: u32) -> bool {
    if n < 4 || n.is_multiple_of(2) {
        return n == 2 || n == 3;
    }
    let last = f64::from(n).sqrt() as u32;
    // Never zero, and known to be: what is divided by in the loop needs no check.
    let mut divisor = NonZero::<u32>::MIN.saturating_add(2);
    while divisor.get() <= last {
        if n % divisor == 0 {
            return false;
        }
        divisor = divisor.saturating_add(2);
    }
    true
}

/// How many primes there are in `range`.
pub fn count_primes(range: Range<u32>) -> usize {
    range.filter(|&n| is_prime(n)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sieve of Eratosthenes, as an independent way.
    fn sieve(below: usize) -> usize {
        let mut composite = vec![false; below];
        let mut primes = 0;
        for n in 2..below {
            if !composite[n] {
                primes += 1;
                (n * n..below).step_by(n).for_each(|multiple| composite[multiple] = true);
            }
        }
        primes
    }

    #[test]
    fn as_many_as_the_sieve_finds() {
        for below in [0, 1, 2, 3, 4, 5, 9, 10, 25, 26, 1_000, 20_000] {
            assert_eq!(count_primes(0..below), sieve(below as usize), "below {below}");
        }
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        assert!(is_prime(4_294_967_291), "the largest prime of 32 bits");
        assert!(!is_prime(u32::MAX));
    }
}
