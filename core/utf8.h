#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

struct arena;

bool utf8_valid(struct str s);

/* s itself when it is valid UTF-8 without NUL; else a copy with U+FFFD for what is not. */
struct str utf8_repair(struct arena *a, struct str s);

/*
 * What the bytes of a page for people say, whatever it declares: UTF-16 with its mark; UTF-8 where
 * it holds, with U+FFFD for the odd byte that breaks it; else each byte that is not UTF-8 as in
 * windows-1252, as browsers do. s itself when it is valid UTF-8 without NUL.
 */
struct str utf8_of_page(struct arena *a, struct str s);

/* Decode the character at byte `at` (at < s.n); its length in bytes goes to *ret_n. Bad bytes give
 * U+FFFD, 1. */
uint32_t utf8_at(struct str s, size_t at, size_t *ret_n);

/* How many characters start in s: the code points, for valid UTF-8. */
size_t utf8_count(struct str s);

/* The code point offset of byte `at`, walking on or back from a place already known: pass {0,0}
 * first. Places near one another cost least. */
struct utf8_place {
    size_t byte, point;
};
size_t utf8_point_of(struct str s, size_t at, struct utf8_place *from);

#endif
