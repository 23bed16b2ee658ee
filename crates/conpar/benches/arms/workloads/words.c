#include <omp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 13 };

typedef struct {
    uint64_t hash;
    const char *word;
    size_t length;
    uint64_t count;
} slot;

typedef struct {
    slot *slots;
    size_t size, distinct;
} table;

static table new_table(size_t size) {
    table new = {calloc(size, sizeof(slot)), size, 0};
    if (new.slots == NULL) abort();
    return new;
}

static void add(table *counts, slot new) {
    size_t mask = counts->size - 1;
    for (size_t place = new.hash & mask;; place = (place + 1) & mask) {
        slot *at = &counts->slots[place];
        if (at->count == 0) {
            *at = new;
            counts->distinct++;
            break;
        }
        if (at->hash == new.hash && at->length == new.length && memcmp(at->word, new.word, new.length) == 0) {
            at->count += new.count;
            return;
        }
    }
    if (counts->distinct * 2 > counts->size) {
        table larger = new_table(counts->size * 2);
        for (size_t place = 0; place < counts->size; place++)
            if (counts->slots[place].count > 0) add(&larger, counts->slots[place]);
        free(counts->slots);
        *counts = larger;
    }
}

static bool is_space(char byte) { return byte == ' ' || byte == '\n'; }

static table count_part(const char *text, const char *end) {
    table counts = new_table(SLOTS);
    while (true) {
        while (text < end && is_space(*text)) text++;
        if (text == end) return counts;
        const char *word = text;
        uint64_t hash = 0xcbf29ce484222325;
        for (; text < end && !is_space(*text); text++) hash = (hash ^ (uint8_t)*text) * 0x100000001b3;
        add(&counts, (slot){hash, word, text - word, 1});
    }
}

/* The first space from `place` on. */
static const char *between_words(const char *place, const char *end) {
    while (place < end && !is_space(*place)) place++;
    return place;
}

size_t count_words(int workers, size_t length, const char *text, uint64_t *checksum) {
    table tables[workers];
    int used = workers;
#pragma omp parallel num_threads(workers)
    {
        size_t nth = omp_get_thread_num(), all = omp_get_num_threads(), step = (length + all - 1) / all;
        size_t from = nth * step < length ? nth * step : length;
        size_t to = (nth + 1) * step < length ? (nth + 1) * step : length;
        const char *start = nth == 0 ? text : between_words(text + from, text + length);
        const char *end = between_words(text + to, text + length);
        tables[nth] = count_part(start, end);
#pragma omp single
        used = all;
    }
    for (int nth = 1; nth < used; nth++) {
        for (size_t place = 0; place < tables[nth].size; place++)
            if (tables[nth].slots[place].count > 0) add(&tables[0], tables[nth].slots[place]);
        free(tables[nth].slots);
    }
    *checksum = 0;
    for (size_t place = 0; place < tables[0].size; place++)
        *checksum += tables[0].slots[place].hash * tables[0].slots[place].count;
    free(tables[0].slots);
    return tables[0].distinct;
}
