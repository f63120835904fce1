#ifndef TESTS_SPOTS_OF_H
#define TESTS_SPOTS_OF_H

#include "parsers/spots.h"

/* A text as a reader of its numbers and places wants it. */
static inline struct spots spots_of(struct arena *a, struct str text)
{
    struct spotter spotter;
    struct spots spots;

    spotter_init(&spotter);
    spots_find(&spotter, text, a, &spots);
    return spots;
}

#endif
