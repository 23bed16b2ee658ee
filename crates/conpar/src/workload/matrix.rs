//! The product of two square matrices.

/// One row of the product of two matrices of `n` columns, row by row in memory: `row` × `b`. `n` is the length of `row`.
///
/// The innermost loop runs along a row of `b` and of the result, so memory is read in order and the compiler can use
/// vector instructions: no sum depends on the one before.
#[inline]
pub fn row_product(row: &[f64], b: &[f64], product: &mut [f64]) {
    product.fill(0.0);
    for (&factor, b_row) in row.iter().zip(b.chunks_exact(row.len())) {
        for (sum, &value) in product.iter_mut().zip(b_row) {
            *sum += factor * value;
        }
    }
}

/// `product` = `a` × `b`, square matrices of `n` rows and columns, row by row in memory.
pub fn matrix_product(n: usize, a: &[f64], b: &[f64], product: &mut [f64]) {
    for (row, product) in a.chunks_exact(n).zip(product.chunks_exact_mut(n)) {
        row_product(row, b, product);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::random_numbers;

    #[test]
    fn each_element_is_a_row_times_a_column() {
        let n = 17;
        let (a, b) = (random_numbers(n * n, 1), random_numbers(n * n, 2));
        let mut product = vec![f64::NAN; n * n];
        matrix_product(n, &a, &b, &mut product);
        for row in 0..n {
            for column in 0..n {
                let expected: f64 = (0..n).map(|k| a[row * n + k] * b[k * n + column]).sum();
                assert!((product[row * n + column] - expected).abs() < 1e-12);
            }
        }
    }
}
