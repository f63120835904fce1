#ifndef PARSERS_BEGINNINGS_H
#define PARSERS_BEGINNINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

/*
 * With which three bytes some words begin: one look rules nearly every place of a text out. A bit
 * of rest[first] (modulo 32, as letters differ) stands for the second and third byte together;
 * there are false hits, but none is missed.
 */
struct beginnings {
    uint64_t rest[32];
};

/* Add a word in small letters, or words as scan_word() reads them; NULL ends the list. */
void beginnings_add_word(struct beginnings *io, struct str word);
void beginnings_add(struct beginnings *io, const char *const *words);

/* How two bytes that stand together are compared: letters without case, and some others alike. */
static inline unsigned beginnings_bit(char second, char third)
{
    uint32_t both = (unsigned char)second | (uint32_t)(unsigned char)third << 8 | 0x2020;

    return both * 0x9E3779B1 >> 26;
}

static inline bool beginnings_at(const struct beginnings *b, struct str s, size_t at)
{
    uint64_t rest = b->rest[s.p[at] & 31];

    if (at + 2 >= s.n)
        return rest;
    return rest >> beginnings_bit(s.p[at + 1], s.p[at + 2]) & 1;
}

#endif
