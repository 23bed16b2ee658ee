//! Work that waits for memory and for nothing else.

/// `a[i]` = `b[i]` + `factor` · `c[i]`: two numbers in, one out, and next to nothing to compute. The triad of McCalpin's
/// STREAM benchmark (1995).
pub fn triad(a: &mut [f64], b: &[f64], c: &[f64], factor: f64) {
    for ((a, &b), &c) in a.iter_mut().zip(b).zip(c) {
        *a = b + factor * c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_is_written() {
        let mut a = [f64::NAN; 3];
        triad(&mut a, &[1.0, 2.0, 3.0], &[10.0, 20.0, 30.0], 0.5);
        assert_eq!(a, [6.0, 12.0, 18.0]);
    }
}
