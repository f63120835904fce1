#ifndef PARSERS_SPOTS_H
#define PARSERS_SPOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

struct arena;

/*
 * With which three bytes some words begin: one look rules nearly every place of a text out. A bit
 * of rest[first] (modulo 32, as letters differ) stands for the second and third byte together,
 * modulo 64; there are false hits, but none is missed.
 */
struct beginnings {
    uint64_t rest[32];
};

/* Add a word in small letters, or words as scan_word() reads them; NULL ends the list. */
void beginnings_add_word(struct beginnings *io, struct str word);
void beginnings_add(struct beginnings *io, const char *const *words);

/* How a byte is compared: letters without case, and some others alike. */
static inline unsigned beginnings_byte(char c)
{
    return (unsigned char)(c | 0x20);
}

static inline unsigned beginnings_bit(char second, char third)
{
    return (beginnings_byte(second) + 7 * beginnings_byte(third)) & 63;
}

static inline bool beginnings_at(const struct beginnings *b, struct str s, size_t at)
{
    uint64_t rest = b->rest[s.p[at] & 31];

    if (at + 2 >= s.n)
        return rest;
    return rest >> beginnings_bit(s.p[at + 1], s.p[at + 2]) & 1;
}

/*
 * The places of a text at which one of its readers may find something, found in one walk for all of
 * them: where a number begins (a digit behind no digit), and where a letter or digit behind none
 * begins like a word that a reader asks for.
 */
enum spot_kind {
    SPOT_DIGIT = 1,
    SPOT_NUMBER = 2, /* perhaps a number in words (scan_number()) */
    SPOT_PLACE = 4,  /* perhaps the label of a place (place.h) */
    SPOT_JOB = 8,    /* perhaps the label of a job's number (requisition.h) */
    SPOT_MODE = 16   /* perhaps words of the first list of work_mode.c; a bit more for each other */
};
enum { SPOT_MODES = 6, SPOT_ANY_MODE = ((1 << SPOT_MODES) - 1) * SPOT_MODE };

struct spot {
    uint32_t at;
    uint32_t kinds; /* enum spot_kind, or-ed */
};

struct spots {
    struct str text;
    struct spot *items; /* in order */
    size_t n, cap;
};

/* What the readers ask for, made once. */
struct spotter {
    struct beginnings any, number, number_rest, place, job, modes[SPOT_MODES];
};
void spotter_init(struct spotter *ret);

void spots_find(const struct spotter *s, struct str text, struct arena *a, struct spots *ret);

#endif
