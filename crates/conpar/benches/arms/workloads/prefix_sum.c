#include <omp.h>
#include <stddef.h>
#include <stdint.h>

static void prefix_sum_of(uint64_t before, size_t length, const uint64_t *restrict values,
                          uint64_t *restrict sums) {
    for (size_t i = 0; i < length; i++) sums[i] = before += values[i];
}

void prefix_sum(int workers, size_t length, const uint64_t *restrict values, uint64_t *restrict sums) {
    if (workers == 1) {
        prefix_sum_of(0, length, values, sums);
        return;
    }
    uint64_t part_sums[workers];
#pragma omp parallel num_threads(workers)
    {
        size_t nth = omp_get_thread_num(), all = omp_get_num_threads(), step = (length + all - 1) / all;
        size_t from = nth * step < length ? nth * step : length;
        size_t to = (nth + 1) * step < length ? (nth + 1) * step : length;
        uint64_t sum = 0;
        for (size_t i = from; i < to; i++) sum += values[i];
        part_sums[nth] = sum;
#pragma omp barrier
        uint64_t before = 0;
        for (size_t other = 0; other < nth; other++) before += part_sums[other];
        prefix_sum_of(before, to - from, values + from, sums + from);
    }
}
