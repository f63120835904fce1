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

static void room(struct buf *b, size_t more)
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
    room(b, s.n);
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
}

void buf_add_byte(struct buf *b, char c)
{
    room(b, 1);
    b->p[b->n++] = c;
}

void buf_add_utf8(struct buf *b, uint32_t c)
{
    char u[4];
    size_t n;

    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = 0xFFFD;
    if (c < 0x80) {
        u[0] = (char)c;
        n = 1;
    } else if (c < 0x800) {
        u[0] = (char)(0xC0 | c >> 6);
        n = 2;
    } else if (c < 0x10000) {
        u[0] = (char)(0xE0 | c >> 12);
        n = 3;
    } else {
        u[0] = (char)(0xF0 | c >> 18);
        n = 4;
    }
    for (size_t i = 1; i < n; i++)
        u[i] = (char)(0x80 | (c >> 6 * (n - 1 - i) & 0x3F));
    buf_add(b, (struct str){ u, n });
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
    room(b, (size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
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
