#ifndef CORE_STR_H
#define CORE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

/*
 * A view of bytes owned by someone else: a page body, an arena. Not
 * NUL-terminated; str_cstr() makes the copy a C library needs.
 */
struct str {
    const char *p;
    size_t n;
};

/* A list of views that may grow in an arena (ARENA_PUSH). */
struct strs {
    struct str *items;
    size_t n, cap;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_FMT      "%.*s"
#define STR_ARG(s)   (int)(s).n, (s).p
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

struct str str_of(const char *cstr);          /* NULL gives the empty view */
bool str_eq_fold(struct str a, struct str b); /* ASCII letters compare without case */
int str_cmp(struct str a, struct str b);      /* bytewise, shorter first */
bool str_ends(struct str s, struct str suffix);
struct str str_trim(struct str s); /* ASCII white space off both ends */

/* The bytes [start, end) of s, as far as they are there; the rest from byte `start` on. */
static inline struct str str_slice(struct str s, size_t start, size_t end)
{
    if (end > s.n)
        end = s.n;
    if (start > end)
        start = end;
    return s.p ? (struct str){ s.p + start, end - start } : s;
}

static inline struct str str_from(struct str s, size_t start)
{
    return str_slice(s, start, s.n);
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq((struct str){ s.p, prefix.n }, prefix);
}

/* Where `needle` first stands in `s`, or -1. The fold form ignores ASCII case. */
ptrdiff_t str_find(struct str s, struct str needle);
ptrdiff_t str_find_fold(struct str s, struct str needle);

/* Cut `*s` at the next `sep`: the part before it is returned, `*s` keeps what follows (empty at the
 * end). */
struct str str_cut(struct str *s, char sep);

/* Read the whole of s as a decimal integer; false when it is not one or does not fit. */
bool str_int(struct str s, int64_t *ret);

char *str_cstr(struct arena *a, struct str s); /* a NUL-terminated copy */
struct str str_dup(struct arena *a, struct str s);
struct str str_lower(struct arena *a, struct str s);                     /* ASCII only */
struct str str_join(struct arena *a, const struct str *parts, size_t n); /* and a NUL behind */
struct str str_of_int(struct arena *a, int64_t n);                       /* decimal */
struct str str_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ASCII only, whatever the locale. Inline, as they are asked of each byte of a text. */
static inline bool ascii_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool ascii_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool ascii_is_alnum(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c);
}

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* A word byte as the rules see it: [A-Za-z0-9_] or a byte of a multibyte character. */
static inline bool byte_is_word(char c)
{
    return ascii_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

#endif
