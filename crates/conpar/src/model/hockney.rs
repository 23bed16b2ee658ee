//! What a message costs: a price for each, and a price for each of its bytes.

use serde::{Deserialize, Serialize};

/// Hockney's law of a message: it takes `latency + bytes × per_byte` seconds.
///
/// R. W. Hockney, "The communication challenge for MPP: Intel Paragon and Meiko CS-2", Parallel Computing 20(3), 1994; the
/// two parameters are often called α and β.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Hockney {
    /// The seconds that any message takes, however short.
    pub latency: f64,
    /// The seconds that each byte adds; its inverse is the bandwidth that long messages come near to.
    pub per_byte: f64,
}

impl Hockney {
    /// The law that is nearest to `points`, pairs of bytes and seconds: least squares of the relative errors, neither
    /// parameter below 0. `None` for fewer than two sizes, or times that are not positive.
    pub fn fit(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Hockney> {
        // (latency + bytes per_byte) / seconds is to be near 1: the sums of a linear fit without a constant.
        let (mut count, mut one, mut two, mut cross) = (0, 0.0, 0.0, 0.0);
        let (mut sum_one, mut sum_two) = (0.0, 0.0);
        for (bytes, seconds) in points {
            if !(seconds.is_finite() && seconds > 0.0 && bytes >= 0.0) {
                return None;
            }
            let (x, y) = (1.0 / seconds, bytes / seconds);
            count += 1;
            one += x * x;
            two += y * y;
            cross += x * y;
            sum_one += x;
            sum_two += y;
        }
        let determinant = one * two - cross * cross;
        if count < 2 || determinant <= 1e-12 * one * two {
            return None;
        }
        let latency = (sum_one * two - sum_two * cross) / determinant;
        let per_byte = (sum_two * one - sum_one * cross) / determinant;
        Some(match (latency >= 0.0, per_byte >= 0.0) {
            (true, true) => Hockney { latency, per_byte },
            // With one parameter at its bound the other one is fitted alone.
            (true, false) => Hockney { latency: sum_one / one, per_byte: 0.0 },
            (false, _) => Hockney { latency: 0.0, per_byte: sum_two / two },
        })
    }

    /// The seconds that a message of so many bytes takes.
    pub fn seconds(&self, bytes: f64) -> f64 {
        self.latency + bytes * self.per_byte
    }

    /// The size at which the bytes cost as much as the message: Hockney's n½, at which half the bandwidth is reached.
    /// Infinite where bytes cost nothing.
    pub fn half_size(&self) -> f64 {
        self.latency / self.per_byte
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_law_is_found_again_and_no_parameter_is_negative() {
        let truth = Hockney { latency: 5e-6, per_byte: 3e-10 };
        let sizes = [1.0, 1e3, 1e5, 1e7];
        let found = Hockney::fit(sizes.map(|bytes| (bytes, truth.seconds(bytes)))).expect("a fit");
        assert!((found.latency / truth.latency - 1.0).abs() < 1e-9);
        assert!((found.per_byte / truth.per_byte - 1.0).abs() < 1e-9);
        assert!((truth.half_size() - 5e-6 / 3e-10).abs() < 1e-6);

        let constant = Hockney::fit([(1.0, 2e-6), (1e3, 1.9e-6), (1e6, 1.8e-6)]).expect("a fit");
        assert!(constant.per_byte == 0.0 && (constant.latency - 1.9e-6).abs() < 1e-7, "{constant:?}");
        let steep = Hockney::fit([(1.0, 1e-9), (10.0, 2e-8), (100.0, 3e-7)]).expect("a fit");
        assert!(steep.latency == 0.0 && steep.per_byte > 0.0, "{steep:?}");
    }

    #[test]
    fn what_carries_no_fit_gives_none() {
        assert_eq!(Hockney::fit([(1.0, 1e-6)]), None);
        assert_eq!(Hockney::fit([(5.0, 1e-6), (5.0, 2e-6)]), None);
        assert_eq!(Hockney::fit([(1.0, 0.0), (5.0, 2e-6)]), None);
        assert_eq!(Hockney::fit([(1.0, f64::NAN), (5.0, 2e-6)]), None);
    }
}
