#include "core/arena.h"

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

static _Noreturn void out_of_memory(void)
{
    fputs("roletide: out of memory\n", stderr);
    exit(71); /* EX_OSERR */
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

/* Aligned, as everything that an arena hands out. */
static char *take(struct arena *a, size_t *io_bytes)
{
    const size_t align = _Alignof(max_align_t);
    char *p;

    if (*io_bytes > SIZE_MAX / 2)
        out_of_memory();
    *io_bytes = (*io_bytes + align - 1) & ~(align - 1);
    if (!a->blocks || *io_bytes > (size_t)(a->end - a->next))
        add_block(a, *io_bytes);
    p = a->next;
    a->next += *io_bytes;
    return p;
}

void *arena_alloc(struct arena *a, size_t n, size_t size)
{
    size_t bytes;
    char *p;

    if (__builtin_mul_overflow(n, size, &bytes))
        out_of_memory();
    p = take(a, &bytes);
    return memset(p, 0, bytes);
}

char *arena_bytes(struct arena *a, size_t n)
{
    return take(a, &n);
}

static size_t first_items(size_t size)
{
    if (size * FIRST_ITEMS <= FIRST_BYTES)
        return FIRST_ITEMS;
    return size < FIRST_BYTES ? FIRST_BYTES / size : 1;
}

void *arena_grow(struct arena *a, void *items, size_t n, size_t *cap, size_t size)
{
    size_t more;
    void *bigger;

    if (n < *cap)
        return items;
    more = *cap ? *cap * 2 : first_items(size);
    bigger = arena_alloc(a, more, size);
    if (n)
        memcpy(bigger, items, n * size);
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
