#include "aggregator/names.h"

#include "core/arena.h"
#include "core/hash.h"

enum { FIRST_SLOTS = 64 }; /* a power of two; at most half of the slots are used */

/* Where the name is, or the free slot where it belongs. */
static size_t slot_of(const struct names *t, struct str name)
{
    size_t i = hash64_of(name) & (t->n_slots - 1);

    while (t->slots[i] && !str_eq(t->items[t->slots[i] - 1], name))
        i = (i + 1) & (t->n_slots - 1);
    return i;
}

static void grow(struct names *t)
{
    t->n_slots = t->n_slots ? 2 * t->n_slots : FIRST_SLOTS;
    t->slots = ARENA_NEW(t->a, uint32_t, t->n_slots);
    for (size_t i = 0; i < t->n; i++)
        t->slots[slot_of(t, t->items[i])] = (uint32_t)i + 1;
}

uint32_t names_put(struct names *t, struct str name)
{
    size_t slot;

    if (2 * (t->n + 1) > t->n_slots)
        grow(t);
    slot = slot_of(t, name);
    if (!t->slots[slot]) {
        *ARENA_PUSH(t->a, t) = str_dup(t->a, name);
        t->slots[slot] = (uint32_t)t->n;
    }
    return t->slots[slot] - 1;
}

ptrdiff_t names_find(const struct names *t, struct str name)
{
    return t->n_slots ? (ptrdiff_t)t->slots[slot_of(t, name)] - 1 : -1;
}
