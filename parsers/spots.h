#ifndef PARSERS_SPOTS_H
#define PARSERS_SPOTS_H

#include "parsers/beginnings.h"

struct arena;

/*
 * The places of a text at which one of its readers may find something, found in one walk for all of
 * them: where a number begins (a digit behind no digit), and where a letter or digit behind none
 * begins like a word that a reader asks for.
 */
enum spot_kind {
    SPOT_DIGIT = 1,
    SPOT_NUMBER = 2,  /* perhaps a number in words (scan_number()) */
    SPOT_PLACE = 4,   /* perhaps the label of a place (place.h) */
    SPOT_JOB = 8,     /* perhaps the label of a job's number (requisition.h) */
    SPOT_FRESHER = 16 /* perhaps words for no years (experience.h) */
};

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
    struct beginnings any, number, number_rest, place, job, fresher;
};
void spotter_init(struct spotter *ret);

void spots_find(const struct spotter *s, struct str text, struct arena *a, struct spots *ret);

#endif
