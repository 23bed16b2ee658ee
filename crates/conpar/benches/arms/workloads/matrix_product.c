#include <stddef.h>

void matrix_product(int workers, size_t n, const double *restrict a, const double *restrict b,
                    double *restrict product) {
#pragma omp parallel for schedule(static) num_threads(workers)
    for (size_t row = 0; row < n; row++) {
        double *restrict sums = product + row * n;
        for (size_t column = 0; column < n; column++) sums[column] = 0.0;
        for (size_t k = 0; k < n; k++) {
            double factor = a[row * n + k];
            const double *restrict b_row = b + k * n;
            for (size_t column = 0; column < n; column++) sums[column] += factor * b_row[column];
        }
    }
}
