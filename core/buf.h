#ifndef CORE_BUF_H
#define CORE_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

struct arena;

/*
 * Bytes that grow at the end. Starts empty ({ 0 }); released with buf_release()
 * (CLEANUP(buf_release) struct buf b = { 0 };). Running out of memory ends the
 * program, as in an arena; whoever fills one from outside checks its own limit first.
 */
struct buf {
    char *p;
    size_t n, cap;
};

void buf_reserve(struct buf *b, size_t n); /* room for n bytes in all, and no more than that */
void buf_grow(struct buf *b, size_t more); /* room for as many bytes more, and for later ones */

/* Where `more` bytes may be written; b->n stays. */
static inline char *buf_room(struct buf *b, size_t more)
{
    if (more > b->cap - b->n)
        buf_grow(b, more);
    return b->p + b->n;
}

static inline void buf_add_byte(struct buf *b, char c)
{
    *buf_room(b, 1) = c;
    b->n++;
}

void buf_add(struct buf *b, struct str s);
void buf_add_number(struct buf *b, uint64_t v);    /* 8 bytes, the same on every machine */
void buf_add_counted(struct buf *b, struct str s); /* how long it is, and s */
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str buf_str(const struct buf *b);             /* a view, until the next change */
struct str buf_take(struct buf *b, struct arena *a); /* a copy in the arena; b is empty again */
void buf_release(struct buf *b);

#endif
