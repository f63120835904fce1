#ifndef PARSERS_STARTS_H
#define PARSERS_STARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

/*
 * A walk over the places of a text where a word or a number begins: an ASCII letter behind no
 * letter or digit, a digit behind no digit. Sixty-four bytes are judged at once, so that a reader
 * looks at its few candidates and not at each byte.
 *
 *     struct starts walk = { .text = text };
 *     for (size_t at; starts_next(&walk, &at);)
 */
struct starts {
    struct str text;
    size_t next;       /* the block that is judged next */
    uint64_t left;     /* of the block before it: its starts that were not given yet */
    bool alnum, digit; /* what the last byte judged was */
};

bool starts_next(struct starts *io, size_t *ret_at);

/*
 * With which three bytes some words begin: one look rules nearly every place out. A bit of
 * rest[first] (modulo 128) stands for the second and third byte together, modulo 64; there are
 * false hits, but none is missed.
 */
struct beginnings {
    uint64_t rest[128];
};

/* Add a word in small letters, or words as scan_word() reads them; NULL ends the list. */
void beginnings_add_word(struct beginnings *io, struct str word);
void beginnings_add(struct beginnings *io, const char *const *words);

static inline unsigned beginnings_bit(char second, char third)
{
    return ((unsigned)second + 7 * (unsigned)third) & 63;
}

static inline bool beginnings_at(const struct beginnings *b, struct str s, size_t at)
{
    uint64_t rest = b->rest[ascii_lower(s.p[at]) & 127];

    if (!rest || at + 2 >= s.n)
        return rest;
    return rest >> beginnings_bit(ascii_lower(s.p[at + 1]), ascii_lower(s.p[at + 2])) & 1;
}

#endif
