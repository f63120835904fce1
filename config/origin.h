#ifndef CONFIG_ORIGIN_H
#define CONFIG_ORIGIN_H

#include <stdint.h>

#include "core/str.h"

struct arena;

/* Where a value was read. */
struct place {
    const char *file;
    uint32_t line, column;
};

/*
 * A side table from the memory of each bound value (the bytes of a text, a number's
 * field) to its place in a file. Entries are added while binding; origin_finish()
 * sorts them once, after which origin_find() answers.
 */
struct config_origin {
    struct {
        struct origin_chunk **items;
        size_t n, cap;
    } chunks;
    size_t n; /* entries in all of them */
    struct {
        const char **items;
        size_t n, cap;
    } files; /* that they name: FOLDER_MAX a folder and layer bounds them */
};

void origin_add(struct config_origin *o, struct arena *a, const void *at, size_t n,
                struct place place);

/* A record moved: entries [first, end) that lie in its old memory follow it. */
void origin_move(struct config_origin *o, size_t first, size_t end, const void *from, size_t size,
                 const void *to);

/* A record is let go: entries [first, end) that lie in its memory speak of nothing. */
void origin_drop(struct config_origin *o, size_t first, size_t end, const void *from, size_t size);

/* Whether one of the entries from `first` on begins at `at`; before origin_finish(). */
bool origin_has(const struct config_origin *o, size_t first, const void *at);

void origin_finish(struct config_origin *o);

/* The place of the value whose memory holds `at`; the newest where several layers set it. */
bool origin_find(const struct config_origin *o, const void *at, struct place *ret);

#endif
