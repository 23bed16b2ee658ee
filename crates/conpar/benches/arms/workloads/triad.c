#include <stddef.h>

void triad(int workers, size_t length, double *restrict a, const double *restrict b, const double *restrict c,
           double factor) {
#pragma omp parallel for schedule(static) num_threads(workers)
    for (size_t i = 0; i < length; i++) a[i] = b[i] + factor * c[i];
}
