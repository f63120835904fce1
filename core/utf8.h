#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

struct arena;

bool utf8_valid(struct str s);

/* s itself when it is valid UTF-8 without NUL; else a copy with U+FFFD for what is not. */
struct str utf8_repair(struct arena *a, struct str s);

/* Decode the character at byte `at` (at < s.n); its length in bytes goes to *ret_n. Bad bytes give
 * U+FFFD, 1. */
uint32_t utf8_at(struct str s, size_t at, size_t *ret_n);

/* Encode c; the number of bytes. What is no scalar value becomes U+FFFD. */
enum { UTF8_MAX = 4 };
size_t utf8_put(char ret[UTF8_MAX], uint32_t c);

/* How many characters start in s: the code points, for valid UTF-8. */
size_t utf8_count(struct str s);

/* The code point offset of byte `at`, walking on or back from a place already known: pass {0,0}
 * first. Places near one another cost least. */
struct utf8_place {
    size_t byte, point;
};
size_t utf8_point_of(struct str s, size_t at, struct utf8_place *from);

#endif
