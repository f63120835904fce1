#ifndef PARSERS_LINE_SHAPE_H
#define PARSERS_LINE_SHAPE_H

#include "core/str.h"

/*
 * What a line of an ad looks like, whatever its words mean: its marks in front, whether it could be
 * a heading, whether a sentence begins with the employer's name. Lines are of the copy
 * (normalise.h) unless said otherwise.
 */
enum { HEADING_WORDS = 8 };

/* Markup, bullets and rules of dashes in front of a line's words. */
struct line_lead {
    uint32_t n;
    bool bullet, marked;
};
struct line_lead line_lead(struct str copy);

/* The words of a heading alone, of s: without markup, number and end marks. */
struct str line_key(struct str s);

size_t line_words(struct str s);

/* Whether a line without any mark looks like a heading: short, a capital first, no sentence. */
bool line_looks_bare(struct str copy, const struct line_lead *l);

/* Whether the raw line `next` is a bullet, and one below `line` where that is a bullet too. */
bool line_opens_list(struct str line, struct str next);

/* An employer's name without what the law adds to it. */
struct str employer_short_name(struct str company);

/* "Acme is ...", "At Acme, we ..."; but not "Acme | Pune | Go", which heads a post, nor a list that
 * the name begins. */
bool tells_of_employer(struct str sentence, struct str employer);

#endif
