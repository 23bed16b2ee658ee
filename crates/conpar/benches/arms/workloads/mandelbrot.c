#include <stddef.h>
#include <stdint.h>

static uint32_t escape(double real, double imaginary, uint32_t limit) {
    double x = 0.0, y = 0.0;
    for (uint32_t step = 0; step < limit; step++) {
        double x2 = x * x, y2 = y * y;
        if (x2 + y2 > 4.0) return step;
        y = 2.0 * x * y + imaginary;
        x = x2 - y2 + real;
    }
    return limit;
}

void mandelbrot(int workers, size_t width, size_t height, uint32_t limit, uint32_t *restrict steps) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(workers)
    for (size_t y = 0; y < height; y++) {
        double imaginary = 2.5 * y / height - 1.25;
        for (size_t x = 0; x < width; x++) {
            double real = 2.5 * x / width - 2.0;
            steps[y * width + x] = escape(real, imaginary, limit);
        }
    }
}
