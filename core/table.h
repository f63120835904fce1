#ifndef CORE_TABLE_H
#define CORE_TABLE_H

#include "core/str.h"

struct arena;

/* Names, and what each stands for: a hash table in an arena, which only grows. Starts empty
 * ({ 0 }). */
struct table {
    struct table_slot {
        struct str name;
        void *is;
    } * slots;
    size_t n, cap;
};

/* NULL: the name was never put. */
void *table_find(const struct table *t, struct str name);
/* A name that is not there yet; its bytes live as long as the arena. */
void table_put(struct table *t, struct arena *a, struct str name, void *is);

#endif
