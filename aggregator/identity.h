#ifndef AGGREGATOR_IDENTITY_H
#define AGGREGATOR_IDENTITY_H

#include <stdbool.h>

#include "core/str.h"

struct arena;
struct posting_fact;

/*
 * What two postings are compared by: keys that are equal where case, punctuation, legal
 * form or the place in a title is the only difference. Keys are for comparing, never for
 * showing.
 */

/* Another name of an employer, as data: both sides as people write them. */
struct employer_alias {
    struct str name, employer;
};

/* The same as keys, to look many names up; they live in the arena. */
struct employer_names {
    struct employer_alias *items; /* sorted */
    size_t n;
};
struct employer_names employer_names_of(struct arena *a, const struct employer_alias *aliases,
                                        size_t n_aliases);

/*
 * Lower case, `&` as "and", punctuation gone, and without remarks in brackets, addresses and the
 * legal form at the end ("Pvt Ltd", "India Private Limited", "Inc", "GmbH", ".com"); then through
 * the aliases. Empty for a name without a letter or digit and where an alias says that it names
 * nobody.
 */
struct str employer_key(struct arena *a, struct str name, const struct employer_names *names);

/* Whether two keys may be one employer's: equal, or one begins the other ("kaveri", "kaveri
 * studios"). By itself no evidence that they are. */
bool employers_meet(struct str a, struct str b);

/* The first word: keys that meet share it. */
struct str employer_family(struct str key);

/* Letters and digits in upper case. Empty where there is none that tells jobs apart ("N/A", "0",
 * "TBD"): a requisition has a digit other than 0. */
struct str requisition_key(struct arena *a, struct str requisition);

/*
 * The words of the title without the posting's own places, its work mode and the genders it is open
 * to, each in one spelling ("Sr" is senior, "II" is 2, "ML" machine learning).
 */
struct str title_key(struct arena *a, const struct posting_fact *f);

/* Whether a title names what is to be done ("engineer") and not several; an ad whose title does not
 * may be a list of jobs. */
bool title_names_one_job(struct str key);

/*
 * The places of a posting, one key each, sorted: its cities; where none is known, the lines as the
 * source wrote them but for the work mode; else state or country.
 */
struct strs place_keys(struct arena *a, const struct posting_fact *f);

/* Whether the source names no more than countries: two ads in one country may be far apart. */
bool place_is_wide(struct arena *a, const struct posting_fact *f);

/* Whether two sorted lists share an entry; two empty lists count as the same unknown place. */
bool places_meet(struct strs a, struct strs b);

#endif
