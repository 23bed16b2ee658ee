//! Running sums.

/// `sums[i]` = `before` + `values[0]` + … + `values[i]`, modulo 2⁶⁴. `before` is what came before these values, 0 for all
/// of them.
///
/// Parallel code goes over the values twice: first it sums up parts, then each part begins where those before it end
/// (Blelloch, "Prefix sums and their applications", 1990).
pub fn prefix_sum(before: u64, values: &[u64], sums: &mut [u64]) {
    let mut sum = before;
    for (slot, &value) in sums.iter_mut().zip(values) {
        sum = sum.wrapping_add(value);
        *slot = sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sum_is_of_all_up_to_it_also_in_parts() {
        let values: Vec<u64> = (1..=100).collect();
        let (mut whole, mut parts) = (vec![0; 100], vec![0; 100]);
        prefix_sum(0, &values, &mut whole);
        for (n, &sum) in (1..).zip(&whole) {
            assert_eq!(sum, n * (n + 1) / 2, "Gauss");
        }
        let (left, right) = values.split_at(30);
        prefix_sum(0, left, &mut parts[..30]);
        prefix_sum(left.iter().sum(), right, &mut parts[30..]);
        assert_eq!(parts, whole);
    }
}
