//! How often each byte occurs.

/// One bin for each value of a byte.
pub const BINS: usize = 256;

/// How often each byte occurs in `bytes`.
pub fn histogram(bytes: &[u8]) -> [u64; BINS] {
    let mut counts = [0; BINS];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    counts
}

/// The counts of two parts together.
pub fn add_histogram(mut one: [u64; BINS], other: [u64; BINS]) -> [u64; BINS] {
    one.iter_mut().zip(other).for_each(|(sum, count)| *sum += count);
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_counted_once_also_in_parts() {
        let bytes: Vec<u8> = (0..1_000).map(|n: u32| (n * n) as u8).collect();
        let counts = histogram(&bytes);
        for value in 0..=255 {
            let expected = bytes.iter().filter(|&&byte| byte == value).count();
            assert_eq!(counts[usize::from(value)], expected as u64);
        }
        let (left, right) = bytes.split_at(123);
        assert_eq!(add_histogram(histogram(left), histogram(right)), counts);
    }
}
