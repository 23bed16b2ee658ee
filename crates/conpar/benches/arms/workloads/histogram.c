#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { BINS = 256 };

void histogram(int workers, size_t length, const uint8_t *restrict bytes, uint64_t *restrict all) {
    uint64_t counts[BINS] = {0};
#pragma omp parallel for schedule(static) reduction(+ : counts[:BINS]) num_threads(workers)
    for (size_t i = 0; i < length; i++) counts[bytes[i]]++;
    memcpy(all, counts, sizeof counts);
}
