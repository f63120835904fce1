#include "core/table.h"

#include "core/arena.h"
#include "core/hash.h"

enum { FIRST_SLOTS = 32 };

static struct table_slot *slot_of(const struct table *t, struct str name)
{
    size_t i = hash64_of(name) & (t->cap - 1);

    while (t->slots[i].is && !str_eq(t->slots[i].name, name))
        i = (i + 1) & (t->cap - 1);
    return &t->slots[i];
}

void *table_find(const struct table *t, struct str name)
{
    return t->cap ? slot_of(t, name)->is : NULL;
}

static void grow(struct table *t, struct arena *a)
{
    struct table more = { .n = t->n, .cap = t->cap ? 2 * t->cap : FIRST_SLOTS };

    more.slots = ARENA_NEW(a, struct table_slot, more.cap);
    for (size_t i = 0; i < t->cap; i++)
        if (t->slots[i].is)
            *slot_of(&more, t->slots[i].name) = t->slots[i];
    *t = more;
}

void table_put(struct table *t, struct arena *a, struct str name, void *is)
{
    if (2 * t->n >= t->cap)
        grow(t, a);
    *slot_of(t, name) = (struct table_slot){ name, is };
    t->n++;
}
