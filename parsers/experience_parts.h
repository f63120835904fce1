#ifndef PARSERS_EXPERIENCE_PARTS_H
#define PARSERS_EXPERIENCE_PARTS_H

#include "core/str.h"
#include "parsers/experience.h"

/* Private to experience*.c: a number of years as it is written, and what it speaks of. */

enum {
    YEARS_REACH = 110, /* bytes looked at on either side */
    YEARS_NEAR = 28,   /* bytes for words that must stand close */
    DEGREE_NEAR = 60   /* bytes between a number and the degree that it belongs to */
};

/* What was parsed at a number, before it is judged. */
struct years_span {
    double low, high;        /* high < 0: none */
    int low_unit, high_unit; /* months in one; 0: none stated */
    size_t end;
    bool plus, over, ranged, unit;
    bool open;  /* "or more": whatever was said of the upper end */
    bool total; /* "15+ overall years" */
};

/* The number or range that begins at `at`. */
bool years_span_at(struct str s, size_t at, struct years_span *ret);

size_t years_skip_apostrophe(struct str s, size_t at);

extern const char *const years_experience_words[]; /* "experience", "hands-on" ... */
extern const char *const years_person_words[];     /* words that make a sentence the candidate's */
extern const char *const years_degree_words[];

/* Does this number speak of experience at all? */
bool years_are_experience(struct str s, const struct years_span *span, size_t at, bool is_field);

/* "PhD in Physics, Mathematics or a related field and 2+ years": how the words before begin. */
bool years_open_with_degree(struct str before);

/* Whether the number behind these words asks for something instead of the number before them: "or
 * at least", "; or a Master's degree and", "in lieu of a degree". */
bool years_are_alternatives(struct str between);

/* A bare number in a list of degrees whose last number ends at `last`: "BS and 12 years, MS and 8".
 */
bool years_of_degree(struct str s, const struct years_span *span, size_t at, size_t last);

/* "Experience (in years): 4-7": a label right before the number. */
bool years_label_before(struct str s, size_t at);

/* The label of a form on the line above ("Experience level:"), where nothing but the number and
 * its unit stand on this one; empty: none. */
struct str years_form_label(struct str s, size_t at);
bool years_label_says_experience(struct str label);

/* "Kubernetes: 6 years (Required)", as a board's form lists them. */
bool years_form_row(struct str s, size_t end);

/* Bound to a tool ("3+ years of Python"), or general ("5 years in a similar role")? */
enum experience_scope years_scope(struct str s, size_t at);

/* "Freshers can apply", "no prior experience is needed", at `at` in an ad of any length. */
bool years_phrase_at(struct str s, size_t at, struct experience *ret);

#endif
