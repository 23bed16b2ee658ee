#include <math.h>
#include <stdint.h>
#include <stddef.h>
#include <stdbool.h>

static bool is_prime(uint32_t n) {
    if (n < 4 || n % 2 == 0) return n == 2 || n == 3;
    uint32_t last = sqrt(n);
    for (uint32_t divisor = 3; divisor <= last; divisor += 2)
        if (n % divisor == 0) return false;
    return true;
}

size_t count_primes(int workers, uint32_t below, uint32_t grain) {
    size_t count = 0;
#pragma omp parallel for schedule(dynamic, grain) reduction(+ : count) num_threads(workers)
    for (uint32_t n = 0; n < below; n++) count += is_prime(n);
    return count;
}
