#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stddef.h>

/* Says so, exit status 1: inputs are bounded, so that is not a page's doing. */
_Noreturn void out_of_memory(void);

/*
 * Memory with one lifetime. What an arena hands out is zeroed, but for arena_room(), and lives
 * until the arena is reset or freed; nothing is freed by itself. Running out of memory ends the
 * program.
 */
struct arena {
    struct arena_block *blocks;
    char *next;
    char *end;
};

#define ARENA_INIT                                                                                 \
    {                                                                                              \
        0                                                                                          \
    }
#define ARENA_NEW(a, type, n) ((type *)arena_alloc((a), (n), sizeof(type)))

void *arena_alloc(struct arena *a, size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *arena_room(struct arena *a, size_t bytes) /* not zeroed: for who writes all that is read */
    __attribute__((malloc, returns_nonnull));
void arena_reset(struct arena *a); /* free all but the newest block, which is used again */
void arena_free(struct arena *a);

/*
 * A list that grows in an arena: any struct with `items`, `n` and `cap`.
 *     struct { struct str *items; size_t n, cap; } names = { 0 };
 *     *ARENA_PUSH(a, &names) = STR("kubernetes");
 * The new item is zeroed. Growing copies; the old array stays in the arena, so
 * pointers into it stay readable but become stale.
 */
#define ARENA_PUSH(a, list)                                                                        \
    ((list)->items =                                                                               \
         arena_grow((a), (list)->items, (list)->n, &(list)->cap, sizeof(*(list)->items)),          \
     &(list)->items[(list)->n++])

void *arena_grow_more(struct arena *a, void *items, size_t n, size_t *cap, size_t size);

static inline void *arena_grow(struct arena *a, void *items, size_t n, size_t *cap, size_t size)
{
    return n < *cap ? items : arena_grow_more(a, items, n, cap, size);
}

#endif
