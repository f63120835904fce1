#ifndef AGGREGATOR_NAMES_H
#define AGGREGATOR_NAMES_H

#include <stdint.h>

#include "core/table.h"

/* Names, each once, by number in order of coming. Starts empty ({ 0 }) but for its arena. */
struct names {
    struct arena *a;
    struct str *items;
    size_t n, cap;
    struct table numbers;
};

/* The number of a name; a new one is copied. */
uint32_t names_put(struct names *t, struct str name);

#endif
