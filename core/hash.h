#ifndef CORE_HASH_H
#define CORE_HASH_H

#include <stdbool.h>

#include "core/str.h"

/*
 * XXH3, 128 bits: names bytes by their content (bodies, revisions, vintages).
 * Not a defence against somebody who wants a collision; none of our keys cross a
 * trust boundary. Printed big-endian as 32 lower-case hex digits (xxhsum -H2).
 */
struct hash {
    uint64_t high, low;
};

enum { HASH_HEX = 33 }; /* with the final NUL */

static inline bool hash_eq(struct hash a, struct hash b)
{
    return a.high == b.high && a.low == b.low;
}

/* All zero: no bytes were named. */
static inline bool hash_none(struct hash h)
{
    return !h.high && !h.low;
}

struct hash hash_of(struct str bytes);
uint64_t hash64_of(struct str bytes); /* XXH3, 64 bits: tables in memory, SimHash */
void hash_hex(struct hash h, char ret[HASH_HEX]);

/* A hash over many parts, each with its length, so that ("ab","c") and ("a","bc") differ. */
struct hash hash_parts(const struct str *parts, size_t n);

#endif
