#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const size_t SHORT = 32;

static void insertion_sort(size_t length, uint32_t *values) {
    for (size_t end = 1; end < length; end++) {
        uint32_t value = values[end];
        size_t place = end;
        while (place > 0 && values[place - 1] > value) {
            values[place] = values[place - 1];
            place--;
        }
        values[place] = value;
    }
}

static void merge(size_t middle, size_t length, uint32_t *restrict values, uint32_t *restrict buffer) {
    size_t left = 0, right = middle, place = 0;
    while (left < middle && right < length) {
        bool from_left = values[left] <= values[right];
        buffer[place++] = from_left ? values[left] : values[right];
        left += from_left;
        right += !from_left;
    }
    memcpy(buffer + place, values + left, (middle - left) * sizeof *values);
    place += middle - left;
    memcpy(buffer + place, values + right, (length - right) * sizeof *values);
    memcpy(values, buffer, length * sizeof *values);
}

static void sort_serially(size_t length, uint32_t *values, uint32_t *buffer) {
    if (length <= SHORT) {
        insertion_sort(length, values);
        return;
    }
    size_t middle = length / 2;
    sort_serially(middle, values, buffer);
    sort_serially(length - middle, values + middle, buffer + middle);
    merge(middle, length, values, buffer);
}

static void sort_in_tasks(size_t grain, size_t length, uint32_t *values, uint32_t *buffer) {
    if (length <= grain) {
        sort_serially(length, values, buffer);
        return;
    }
    size_t middle = length / 2;
#pragma omp task
    sort_in_tasks(grain, middle, values, buffer);
    sort_in_tasks(grain, length - middle, values + middle, buffer + middle);
#pragma omp taskwait
    merge(middle, length, values, buffer);
}

void merge_sort(int workers, size_t grain, size_t length, uint32_t *values, uint32_t *buffer) {
#pragma omp parallel num_threads(workers)
#pragma omp single
    sort_in_tasks(grain, length, values, buffer);
}
