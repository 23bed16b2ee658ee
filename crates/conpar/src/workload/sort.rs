//! Merge sort.

/// Pieces up to this length are sorted by insertion, which is the faster there.
const SHORT: usize = 32;

/// Sorts `values`, with the help of a `buffer` of the same length, whose contents do not matter.
///
/// # Panics
///
/// If the two are of different lengths.
pub fn merge_sort(values: &mut [u32], buffer: &mut [u32]) {
    assert_eq!(values.len(), buffer.len(), "the buffer is as long as the values");
    if values.len() <= SHORT {
        return insertion_sort(values);
    }
    let middle = values.len() / 2;
    let (left, right) = values.split_at_mut(middle);
    let (left_buffer, right_buffer) = buffer.split_at_mut(middle);
    merge_sort(left, left_buffer);
    merge_sort(right, right_buffer);
    merge(left, right, buffer);
    values.copy_from_slice(buffer);
}

/// Merges two sorted slices into `merged`, which is as long as both together.
///
/// Which of the two comes next is as good as random, so a branch on it would be predicted wrongly half of the time: it
/// is computed instead.
pub fn merge(left: &[u32], right: &[u32], merged: &mut [u32]) {
    let (mut l, mut r) = (0, 0);
    let mut slots = merged.iter_mut();
    while l < left.len()
        && r < right.len()
        && let Some(slot) = slots.next()
    {
        let (from_left, from_right) = (left[l], right[r]);
        *slot = from_left.min(from_right);
        l += usize::from(from_left <= from_right);
        r += usize::from(from_left > from_right);
    }
    let rest = if l < left.len() { &left[l..] } else { &right[r..] };
    slots.into_slice().copy_from_slice(rest);
}

/// The slice ends where the gap is: patterns instead of indices, so nothing has to be checked in the loop.
fn insertion_sort(values: &mut [u32]) {
    for end in 1..values.len() {
        let value = values[end];
        let mut gap = &mut values[..=end];
        while let [.., before, last] = gap
            && *before > value
        {
            *last = *before;
            let shorter = gap.len() - 1;
            gap = &mut gap[..shorter];
        }
        if let Some(last) = gap.last_mut() {
            *last = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_the_standard_library_does() {
        let mut rng = fastrand::Rng::with_seed(1);
        for length in [0, 1, 2, 3, SHORT, SHORT + 1, 100, 1_000, 4_097] {
            let mut values: Vec<u32> = (0..length).map(|_| rng.u32(..500)).collect();
            let mut expected = values.clone();
            expected.sort_unstable();
            merge_sort(&mut values, &mut vec![0; length]);
            assert_eq!(values, expected, "{length} values");
        }
    }
}
