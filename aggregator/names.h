#ifndef AGGREGATOR_NAMES_H
#define AGGREGATOR_NAMES_H

#include "core/str.h"

struct arena;

/* Names, each once, by number in order of coming. Starts empty ({ 0 }) but for its arena. */
struct names {
    struct arena *a;
    struct str *items;
    size_t n, cap;
    uint32_t *slots; /* number plus 1, by hash; 0: free */
    size_t n_slots;
};

/* The number of a name; a new one is copied. */
uint32_t names_put(struct names *t, struct str name);

/* -1: not among them. */
ptrdiff_t names_find(const struct names *t, struct str name);

#endif
