#include "config/origin.h"

#include <stdlib.h>

#include "core/arena.h"

enum { CHUNK = 512 };

struct origin_entry {
    uintptr_t at;
    uint32_t n;
    uint32_t rank; /* order of adding: a later layer's value stands after an earlier one's */
    uint32_t line;
    uint16_t column, file; /* the place in origin.files */
};

/* A list of thousands of boards has an entry a value: chunks stay where they are as it grows. */
struct origin_chunk {
    struct origin_entry items[CHUNK];
};

static struct origin_entry *entry(const struct config_origin *o, size_t i)
{
    return &o->chunks.items[i / CHUNK]->items[i % CHUNK];
}

static size_t in_chunk(const struct config_origin *o, size_t chunk)
{
    size_t left = o->n - chunk * CHUNK;

    return left < CHUNK ? left : CHUNK;
}

/* Values come file by file. */
static uint16_t file_of(struct config_origin *o, struct arena *a, const char *file)
{
    size_t i = o->files.n;

    while (i && o->files.items[i - 1] != file)
        i--;
    if (i)
        return (uint16_t)(i - 1);
    *ARENA_PUSH(a, &o->files) = file;
    return (uint16_t)(o->files.n - 1);
}

void origin_add(struct config_origin *o, struct arena *a, const void *at, size_t n,
                struct place place)
{
    if (o->n == o->chunks.n * CHUNK)
        *ARENA_PUSH(a, &o->chunks) = arena_room(a, sizeof(struct origin_chunk));
    *entry(o, o->n) =
        (struct origin_entry){ .at = (uintptr_t)at,
                               .n = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX,
                               .rank = (uint32_t)o->n,
                               .line = place.line,
                               .column =
                                   place.column < UINT16_MAX ? (uint16_t)place.column : UINT16_MAX,
                               .file = file_of(o, a, place.file) };
    o->n++;
}

void origin_move(struct config_origin *o, size_t first, size_t end, const void *from, size_t size,
                 const void *to)
{
    for (size_t i = first; i < end; i++) {
        struct origin_entry *e = entry(o, i);
        uintptr_t offset = e->at - (uintptr_t)from;

        if (e->at >= (uintptr_t)from && offset < size)
            e->at = (uintptr_t)to + offset;
    }
}

void origin_drop(struct config_origin *o, size_t first, size_t end, const void *from, size_t size)
{
    for (size_t i = first; i < end; i++) {
        struct origin_entry *e = entry(o, i);

        if (e->at >= (uintptr_t)from && e->at - (uintptr_t)from < size)
            e->at = UINTPTR_MAX;
    }
}

bool origin_has(const struct config_origin *o, size_t first, const void *at)
{
    for (size_t i = first; i < o->n; i++)
        if (entry(o, i)->at == (uintptr_t)at)
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
    for (size_t i = 0; i < o->chunks.n; i++)
        qsort(o->chunks.items[i]->items, in_chunk(o, i), sizeof(struct origin_entry), by_address);
}

/* The last of a chunk that begins at or before `at`; NULL: none does. */
static const struct origin_entry *find_before(const struct config_origin *o, size_t chunk,
                                              uintptr_t at)
{
    const struct origin_entry *items = o->chunks.items[chunk]->items;
    size_t low = 0, high = in_chunk(o, chunk);

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (items[mid].at <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? &items[low - 1] : NULL;
}

bool origin_find(const struct config_origin *o, const void *at, struct place *ret)
{
    const struct origin_entry *last = NULL;

    for (size_t i = 0; i < o->chunks.n; i++) {
        const struct origin_entry *e = find_before(o, i, (uintptr_t)at);

        if (e && (!last || by_address(e, last) > 0))
            last = e;
    }
    if (!last || (uintptr_t)at - last->at >= last->n)
        return false;
    *ret = (struct place){ o->files.items[last->file], last->line, last->column };
    return true;
}
