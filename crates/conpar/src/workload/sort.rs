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
    for slot in &mut *merged {
        if l == left.len() || r == right.len() {
            break;
        }
        let from_left = left[l] <= right[r];
        *slot = if from_left { left[l] } else { right[r] };
        l += usize::from(from_left);
        r += usize::from(!from_left);
    }
    let rest = if l < left.len() { &left[l..] } else { &right[r..] };
    merged[l + r..].copy_from_slice(rest);
}

fn insertion_sort(values: &mut [u32]) {
    for end in 1..values.len() {
        let value = values[end];
        let mut place = end;
        while place > 0 && values[place - 1] > value {
            values[place] = values[place - 1];
            place -= 1;
        }
        values[place] = value;
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
