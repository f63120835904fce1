#include "core/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"

enum { FIRST_SIZE = 256 };

void buf_reserve(struct buf *b, size_t n)
{
    char *p;

    if (n <= b->cap)
        return;
    p = realloc(b->p, n);
    if (!p)
        out_of_memory();
    b->p = p;
    b->cap = n;
}

void buf_grow(struct buf *b, size_t more)
{
    size_t want, cap = b->cap ? b->cap : FIRST_SIZE;

    if (__builtin_add_overflow(b->n, more, &want))
        out_of_memory();
    while (cap < want)
        cap *= 2;
    buf_reserve(b, cap);
}

void buf_add(struct buf *b, struct str s)
{
    if (!s.n)
        return;
    memcpy(buf_room(b, s.n), s.p, s.n);
    b->n += s.n;
}

void buf_add_number(struct buf *b, uint64_t v)
{
    char bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (char)(v >> (8 * i));
    buf_add(b, (struct str){ bytes, sizeof(bytes) });
}

void buf_add_counted(struct buf *b, struct str s)
{
    buf_add_number(b, s.n);
    buf_add(b, s);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n <= 0)
        return;
    va_start(ap, fmt);
    vsnprintf(buf_room(b, (size_t)n + 1), (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->n += (size_t)n;
}

struct str buf_str(const struct buf *b)
{
    return (struct str){ b->p ? b->p : "", b->n };
}

struct str buf_take(struct buf *b, struct arena *a)
{
    struct str s = str_dup(a, buf_str(b));

    b->n = 0;
    return s;
}

void buf_release(struct buf *b)
{
    free(b->p);
    *b = (struct buf){ 0 };
}
