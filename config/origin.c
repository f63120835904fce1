#include "config/origin.h"

#include <stdlib.h>

#include "core/arena.h"

struct origin_entry {
    uintptr_t at;
    size_t n;
    size_t rank; /* order of adding: a later layer's value stands after an earlier one's */
    struct place place;
};

void origin_add(struct config_origin *o, struct arena *a, const void *at, size_t n,
                struct place place)
{
    size_t rank = o->n;

    *ARENA_PUSH(a, o) = (struct origin_entry){ (uintptr_t)at, n, rank, place };
}

void origin_move(struct config_origin *o, size_t first, size_t end, const void *from, size_t size,
                 const void *to)
{
    for (size_t i = first; i < end; i++) {
        uintptr_t offset = o->items[i].at - (uintptr_t)from;

        if (o->items[i].at >= (uintptr_t)from && offset < size)
            o->items[i].at = (uintptr_t)to + offset;
    }
}

bool origin_has(const struct config_origin *o, size_t first, const void *at)
{
    for (size_t i = first; i < o->n; i++)
        if (o->items[i].at == (uintptr_t)at)
            return true;
    return false;
}

static int by_address(const void *l, const void *r)
{
    const struct origin_entry *a = l, *b = r;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

void origin_finish(struct config_origin *o)
{
    if (o->n)
        qsort(o->items, o->n, sizeof(*o->items), by_address);
}

bool origin_find(const struct config_origin *o, const void *at, struct place *ret)
{
    size_t low = 0, high = o->n; /* the last entry that begins at or before `at` is low - 1 */

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (o->items[mid].at <= (uintptr_t)at)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0 || (uintptr_t)at - o->items[low - 1].at >= o->items[low - 1].n)
        return false;
    *ret = o->items[low - 1].place;
    return true;
}
