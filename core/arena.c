#include "core/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks double from the first size on: most arenas are a request's or a board's, and stay small.
 */
enum { FIRST_SIZE = 1024, BLOCK_SIZE = 64 * 1024 };

/* A list begins with so many items, or with one where items are large. */
enum { FIRST_ITEMS = 8, FIRST_BYTES = 128 };

struct arena_block {
    struct arena_block *older;
    size_t size;
    _Alignas(max_align_t) char data[];
};

void out_of_memory(void)
{
    fputs("roletide: out of memory\n", stderr);
    exit(EXIT_FAILURE);
}

static size_t next_size(const struct arena *a)
{
    if (!a->blocks)
        return FIRST_SIZE;
    return a->blocks->size < BLOCK_SIZE / 2 ? a->blocks->size * 2 : BLOCK_SIZE;
}

static void add_block(struct arena *a, size_t room)
{
    size_t size = next_size(a);
    struct arena_block *b;

    if (size < room)
        size = room;
    b = malloc(sizeof(*b) + size);
    if (!b)
        out_of_memory();
    b->older = a->blocks;
    b->size = size;
    a->blocks = b;
    a->next = b->data;
    a->end = b->data + size;
}

static size_t rounded(size_t bytes)
{
    const size_t align = _Alignof(max_align_t);

    return (bytes + align - 1) & ~(align - 1);
}

void *arena_room(struct arena *a, size_t bytes)
{
    void *p;

    if (bytes > SIZE_MAX / 2)
        out_of_memory();
    bytes = rounded(bytes);
    if (!a->blocks || bytes > (size_t)(a->end - a->next))
        add_block(a, bytes);
    p = a->next;
    a->next += bytes;
    return p;
}

void *arena_alloc(struct arena *a, size_t n, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(n, size, &bytes))
        out_of_memory();
    return memset(arena_room(a, bytes), 0, bytes);
}

static size_t first_items(size_t size)
{
    if (size * FIRST_ITEMS <= FIRST_BYTES)
        return FIRST_ITEMS;
    return size < FIRST_BYTES ? FIRST_BYTES / size : 1;
}

void *arena_grow_more(struct arena *a, void *items, size_t n, size_t *cap, size_t size)
{
    size_t more = *cap ? *cap * 2 : first_items(size), bytes;
    bool is_newest = *cap && (char *)items + rounded(*cap * size) == a->next;
    char *bigger;

    if (__builtin_mul_overflow(more, size, &bytes))
        out_of_memory();
    if (is_newest && rounded(bytes) <= (size_t)(a->end - (char *)items))
        a->next = items; /* and given out again, with more behind it */
    bigger = arena_room(a, bytes);
    if (n && bigger != items)
        memcpy(bigger, items, n * size);
    memset(bigger + n * size, 0, bytes - n * size);
    *cap = more;
    return bigger;
}

static void free_from(struct arena_block *b)
{
    while (b) {
        struct arena_block *older = b->older;

        free(b);
        b = older;
    }
}

void arena_free(struct arena *a)
{
    free_from(a->blocks);
    *a = (struct arena)ARENA_INIT;
}

void arena_reset(struct arena *a)
{
    if (!a->blocks)
        return;
    if (a->blocks->size > BLOCK_SIZE) { /* one huge page must not hold its memory for the run */
        arena_free(a);
        return;
    }
    free_from(a->blocks->older);
    a->blocks->older = NULL;
    a->next = a->blocks->data;
    a->end = a->blocks->data + a->blocks->size;
}
