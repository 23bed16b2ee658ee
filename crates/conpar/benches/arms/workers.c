/* Calls `bind(n)` on the n-th of so many OpenMP threads. The threads stay for the next parallel region of as many. */
#include <omp.h>
#include <stddef.h>

void each_worker(int workers, void (*bind)(size_t)) {
#pragma omp parallel num_threads(workers)
    bind(omp_get_thread_num());
}
