#ifndef PARSERS_PAY_H
#define PARSERS_PAY_H

#include <stdbool.h>

#include "core/listing.h"
#include "core/signal.h"
#include "parsers/sections.h"
#include "parsers/spots.h"

/*
 * Pay as an ad states it, in whole units a year (TAXONOMY 7). A doubt that could make
 * the figure wrong by ten, twelve or a hundred thousand means "undisclosed": no figure
 * is better than a wrong one. Of ranges by place that of the job's own place counts; where none is
 * its own, of two the first, or the first in the money of its country; three or more, and those by
 * zone or tier of pay, are one range, from the lowest to the highest.
 */
enum pay_source { PAY_IN_FIELD, PAY_IN_TEXT };

/* Whose pay it is. All zero: nothing is known of the job. */
struct pay_job {
    bool indian; /* a bare "28-32" after "CTC" means lakhs */
    bool remote; /* no range by place is its own */
    const struct place *places;
    size_t n_places;
};

/*
 * `in`: a text with its spots. `parts` may be NULL. True when an amount was read; else *ret is
 * PAY_UNDISCLOSED. ret->from.field is FIELD_SALARY or FIELD_TEXT. A year's pay behind a label
 * without a sign ("Salary: 100k-125k") is in the money of the one country of the job's places.
 */
bool pay_read(const struct spots *in, enum pay_source source, const struct pay_job *job,
              const struct text_parts *parts, struct pay *ret);

/* Pay that stands in the source's own fields as numbers. */
bool pay_of_stated(const struct stated_pay *stated, bool indian, struct pay *ret);

/* Whether a salary text is somebody else's guess ("Glassdoor est."), which is not pay. */
bool pay_is_guess(struct str text);

#endif
