//! The interval of a share: so many of so many.

use super::{Estimate, LEVEL};

/// The share of `count` in `all` independent trials, with its exact 95% interval.
///
/// The interval is that of Clopper and Pearson (Biometrika 26, 1934): it holds the true share in at least 95% of the cases,
/// whatever the share is. With 0 in `all` it reaches from 0 to 1 - 0.025^(1/all), about 3.7/all (the "rule of three" is the
/// same with one end only). `count` is taken as `all` where it is larger; nothing is known of 0 trials: 0 to 1.
///
/// ```
/// use conpar::measure::share;
///
/// let none = share(0, 100);
/// assert!(none.low == 0.0 && (none.high - 0.0362).abs() < 1e-4);
/// ```
pub fn share(count: u64, all: u64) -> Estimate {
    if all == 0 {
        return Estimate { point: 0.5, low: 0.0, high: 1.0, level: LEVEL };
    }
    let (hits, misses) = (count.min(all) as f64, (all - count.min(all)) as f64);
    let tail = (1.0 - LEVEL) / 2.0;
    let low = if hits == 0.0 { 0.0 } else { quantile(tail, hits, misses + 1.0) };
    let high = if misses == 0.0 { 1.0 } else { quantile(1.0 - tail, hits + 1.0, misses) };
    Estimate { point: hits / (hits + misses), low, high, level: LEVEL }
}

/// The value below which a beta distribution has the share `below`, by bisection to the last digit.
fn quantile(below: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if beta(middle, a, b) < below { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// The regularised incomplete beta function: the share of a beta distribution below `x`.
fn beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    // The fraction converges fast on this side of the mean.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta(1.0 - x, b, a);
    }
    let front = a * x.ln() + b * (-x).ln_1p() + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b);
    front.exp() * fraction(x, a, b) / a
}

/// The continued fraction 8.17.22 of the Digital Library of Mathematical Functions, evaluated by Lentz's method.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut whole = d;
    for step in 1..100_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = whole;
        for term in [even, odd] {
            d = 1.0 / away(1.0 + term * d);
            c = away(1.0 + term / c);
            whole *= c * d;
        }
        if (whole / before - 1.0).abs() < 1e-15 {
            break;
        }
    }
    whole
}

/// The logarithm of the gamma function for arguments of at least 1: Stirling's series (DLMF 5.11.1), after the argument was
/// made large by the recurrence.
fn ln_gamma(mut x: f64) -> f64 {
    let mut less = 0.0;
    while x < 15.0 {
        less += x.ln();
        x += 1.0;
    }
    let square = x * x;
    let series =
        (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - 1.0 / (1680.0 * square)) / square) / square) / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - less
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_those_of_the_tables() {
        // 10 of 100 and 1 of 10, as R's `binom.test` gives them.
        for (count, all, low, high) in
            [(10, 100, 0.049_004_689, 0.176_222_598), (1, 10, 0.002_528_579, 0.445_016_1)]
        {
            let found = share(count, all);
            assert!((found.low - low).abs() < 1e-7 && (found.high - high).abs() < 1e-7, "{found:?}");
        }
        let (none, every) = (share(0, 20), share(20, 20));
        assert!((none.high - (1.0 - 0.025_f64.powf(0.05))).abs() < 1e-12 && none.low == 0.0);
        assert!((every.low - 0.025_f64.powf(0.05)).abs() < 1e-12 && every.high == 1.0);
    }

    #[test]
    fn a_million_trials_are_no_harder() {
        let found = share(500_000, 1_000_000);
        assert!((found.low - 0.499_019).abs() < 1e-5 && (found.high - 0.500_981).abs() < 1e-5, "{found:?}");
        let rare = share(3, 10_000_000);
        assert!(rare.low > 0.0 && rare.low < rare.point && rare.high < 1e-6, "{rare:?}");
    }

    #[test]
    fn nothing_is_known_of_no_trials() {
        assert_eq!((share(0, 0).low, share(0, 0).high), (0.0, 1.0));
        assert_eq!(share(5, 2), share(2, 2));
    }

    #[test]
    fn the_interval_holds_the_true_share_in_at_least_95_of_100_cases() {
        let mut random = fastrand::Rng::with_seed(5);
        for truth in [0.01, 0.1, 0.5] {
            let holds = (0..2_000).filter(|_| {
                let count = (0..80).filter(|_| random.f64() < truth).count() as u64;
                let found = share(count, 80);
                found.low <= truth && truth <= found.high
            });
            assert!(holds.count() >= 1_890);
        }
    }
}
