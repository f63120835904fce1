#ifndef CORE_STR_H
#define CORE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

struct str str_of(const char *cstr); /* NULL gives the empty view */
bool str_eq(struct str a, struct str b);
bool str_eq_fold(struct str a, struct str b); /* ASCII letters compare without case */
int str_cmp(struct str a, struct str b);      /* bytewise, shorter first */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
struct str str_trim(struct str s);               /* ASCII white space off both ends */
struct str str_from(struct str s, size_t start); /* the rest from byte `start` on */
struct str str_slice(struct str s, size_t start, size_t end);

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
struct str str_lower(struct arena *a, struct str s); /* ASCII only */
struct str str_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ASCII only, whatever the locale. */
bool ascii_is_space(char c);
bool ascii_is_digit(char c);
bool ascii_is_alpha(char c);
bool ascii_is_alnum(char c);
char ascii_lower(char c);

/* A word byte as the rules see it: [A-Za-z0-9_] or a byte of a multibyte character. */
bool byte_is_word(char c);

#endif
