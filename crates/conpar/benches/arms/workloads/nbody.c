#include <math.h>
#include <stddef.h>

static const double SOFTENING = 1e-3;

void accelerations(int workers, size_t count, const double *restrict x, const double *restrict y,
                   const double *restrict z, const double *restrict mass, double (*restrict all)[3]) {
#pragma omp parallel for schedule(static) num_threads(workers)
    for (size_t i = 0; i < count; i++) {
        double sum[3] = {0.0, 0.0, 0.0};
        for (size_t j = 0; j < count; j++) {
            double dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
            double square = dx * dx + dy * dy + dz * dz + SOFTENING * SOFTENING;
            double pull = mass[j] / (square * sqrt(square));
            sum[0] += pull * dx;
            sum[1] += pull * dy;
            sum[2] += pull * dz;
        }
        for (int axis = 0; axis < 3; axis++) all[i][axis] = sum[axis];
    }
}
