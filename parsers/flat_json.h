#ifndef PARSERS_FLAT_JSON_H
#define PARSERS_FLAT_JSON_H

#include <stdbool.h>

#include "core/str.h"

struct arena;

/*
 * The members of one JSON object, read as fast as its bytes are looked at: what a line of postings
 * nearly always is. Where a line is anything else -- objects within it, bytes that RFC 8259 does
 * not allow, what a wanted value may not be -- it is declined, and json-c decides what it means or
 * what is wrong with it. A test holds both to the same answers.
 */
enum flat_kind {
    FLAT_NOTHING, /* missing, or null */
    FLAT_TEXT,    /* a text, or the digits of a whole number */
    FLAT_LIST,    /* the texts of a list; what else stands in it is let be */
    FLAT_OTHER,   /* never from flat_json_read() */
};

struct flat_value {
    enum flat_kind kind;
    struct str text;
    struct strs list;
    const char *type; /* FLAT_OTHER: its name */
};

/* The values of `keys` into as many of *ret, in `a`; of a key that stands twice, the last. False:
 * declined. */
bool flat_json_read(struct str line, const struct str *keys, size_t n, struct arena *a,
                    struct flat_value *ret);

#endif
