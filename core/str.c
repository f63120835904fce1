#include "core/str.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/block.h"

struct str str_of(const char *cstr)
{
    return (struct str){ cstr, cstr ? strlen(cstr) : 0 };
}

static bool fold_eq(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ascii_lower(a[i]) != ascii_lower(b[i]))
            return false;
    return true;
}

bool str_eq_fold(struct str a, struct str b)
{
    return a.n == b.n && fold_eq(a.p, b.p, a.n);
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int r = n ? memcmp(a.p, b.p, n) : 0;

    return r ? r : (a.n > b.n) - (a.n < b.n);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_from(s, s.n - suffix.n), suffix);
}

struct str str_trim(struct str s)
{
    while (s.n && ascii_is_space(s.p[0]))
        s.p++, s.n--;
    while (s.n && ascii_is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

ptrdiff_t str_find(struct str s, struct str needle)
{
    const char *at;

    if (!needle.n)
        return 0;
    at = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
    return at ? at - s.p : -1;
}

enum { SHORT = 24 }; /* what is looked through as soon byte by byte as by blocks */

ptrdiff_t str_find_fold(struct str s, struct str needle)
{
    /* Bit 0x20 set: letters without case, and what is told apart from them below. */
    char first = needle.n ? (char)(needle.p[0] | 0x20) : '\0';
    char last = needle.n ? (char)(needle.p[needle.n - 1] | 0x20) : '\0';
    size_t places = s.n >= needle.n ? s.n - needle.n + 1 : 0;

    if (!needle.n)
        return 0;
    for (size_t i = 0; i < places && places <= SHORT; i++)
        if ((s.p[i] | 0x20) == first && fold_eq(s.p + i, needle.p, needle.n))
            return (ptrdiff_t)i;
    for (size_t i = 0; i < places && places > SHORT; i += BLOCK) {
        uint64_t left = block_eq(block_small(block_of(s, i)), first)
                        & block_eq(block_small(block_of(s, i + needle.n - 1)), last);

        for (; left; left &= left - 1) {
            size_t at = i + block_first(left);

            if (at < places && fold_eq(s.p + at, needle.p, needle.n))
                return (ptrdiff_t)at;
        }
    }
    return -1;
}

struct str str_cut(struct str *s, char sep)
{
    const char *at = s->n ? memchr(s->p, sep, s->n) : NULL;
    size_t n = at ? (size_t)(at - s->p) : s->n;
    struct str head = { s->p, n };

    *s = str_from(*s, at ? n + 1 : n);
    return head;
}

bool str_int(struct str s, int64_t *ret)
{
    bool negative = s.n && s.p[0] == '-';
    int64_t v = 0;

    if (negative)
        s = str_from(s, 1);
    if (!s.n)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_digit(s.p[i]) || __builtin_mul_overflow(v, 10, &v)
            || __builtin_add_overflow(v, s.p[i] - '0', &v))
            return false;
    *ret = negative ? -v : v;
    return true;
}

char *str_cstr(struct arena *a, struct str s)
{
    char *c = arena_room(a, s.n + 1);

    if (s.n)
        memcpy(c, s.p, s.n);
    c[s.n] = '\0';
    return c;
}

struct str str_dup(struct arena *a, struct str s)
{
    return s.n ? (struct str){ str_cstr(a, s), s.n } : STR("");
}

struct str str_lower(struct arena *a, struct str s)
{
    char *c = str_cstr(a, s);

    for (size_t i = 0; i < s.n; i++)
        c[i] = ascii_lower(c[i]);
    return (struct str){ c, s.n };
}

struct str str_join(struct arena *a, const struct str *parts, size_t n)
{
    size_t size = 0;
    char *c, *to;

    for (size_t i = 0; i < n; i++)
        size += parts[i].n;
    c = to = arena_room(a, size + 1);
    for (size_t i = 0; i < n; i++)
        if (parts[i].n)
            to = mempcpy(to, parts[i].p, parts[i].n);
    *to = '\0';
    return (struct str){ c, size };
}

struct str str_of_int(struct arena *a, int64_t n)
{
    char digits[20]; /* of the least there is */
    size_t at = sizeof(digits);
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

    do
        digits[--at] = (char)('0' + left % 10);
    while (left /= 10);
    if (n < 0)
        digits[--at] = '-';
    return str_dup(a, (struct str){ digits + at, sizeof(digits) - at });
}

struct str str_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    char *c;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return (struct str){ "", 0 };
    c = ARENA_NEW(a, char, (size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(c, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return (struct str){ c, (size_t)n };
}
