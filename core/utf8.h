#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

struct arena;
struct buf;

bool utf8_valid(struct str s);

/* s itself when it is valid UTF-8 without NUL; else a copy with U+FFFD for what is not. */
struct str utf8_repair(struct arena *a, struct str s);

/*
 * What the bytes of a page for people say, whatever it declares: UTF-16 with its mark; UTF-8 where
 * it holds, with U+FFFD for the odd byte that breaks it; else each byte that is not UTF-8 as in
 * windows-1252, as browsers do. s itself when it is valid UTF-8 without NUL.
 */
struct str utf8_of_page(struct arena *a, struct str s);

/* The character that a byte is in windows-1252; of 0 and what is none U+FFFD. */
uint32_t utf8_windows_1252(unsigned char byte);

/* Decode the character at byte `at` (at < s.n); its length in bytes goes to *ret_n. Bad bytes give
 * U+FFFD, 1. */
uint32_t utf8_at(struct str s, size_t at, size_t *ret_n);

/* Encode c; the number of bytes. What is no scalar value becomes U+FFFD. */
enum { UTF8_MAX = 4 };
size_t utf8_put(char ret[UTF8_MAX], uint32_t c);
void buf_add_utf8(struct buf *b, uint32_t codepoint); /* the same, to the end of a buffer */

/* How many characters start in s: the code points, for valid UTF-8. */
size_t utf8_count(struct str s);

/* The code points of a text, counted once: how many start before any byte of it. */
struct utf8_points {
    struct str of;
    const uint32_t *before; /* each 64 bytes; NULL: all is ASCII */
};
void utf8_points_of(struct arena *a, struct str s, struct utf8_points *ret);
size_t utf8_points_before(const struct utf8_points *p, size_t at);

#endif
