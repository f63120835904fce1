#ifndef AGGREGATOR_OPENINGS_H
#define AGGREGATOR_OPENINGS_H

#include "aggregator/figures.h"

/*
 * Postings -> openings, by evidence alone. Whatever the order in which boards were read
 * and facts are given, the same facts make the same openings.
 *
 *  - Only postings of one employer join.
 *  - The same requisition id joins, across boards and cities; two different ids never do.
 *  - Where an id is missing: the same title and the same or near-same text (SimHash within
 *    NEAR_BITS, and the signals do not contradict) join, whatever the cities. Two that name
 *    one city at one board stay two while both are open; an ad put up again within
 *    REPOST_DAYS of its end joins its former self.
 */
enum { NEAR_BITS = 3, REPOST_DAYS = 30 };

struct join_options {
    const struct source_state *sources; /* in order of key; a source without company: aggregator */
    size_t n_sources;
    const struct employer_alias *aliases;
    size_t n_aliases;
};

struct joined {
    struct opening *openings; /* in order of id; lead, why and whys are not set */
    size_t n_openings;
    struct str *employers, *employer_keys;
    size_t n_employers;
};

void openings_join(const struct posting_fact *const *facts, size_t n, const struct join_options *o,
                   struct arena *a, struct joined *ret);

/* The source by its key, or NULL. */
const struct source_state *source_find(const struct source_state *sources, size_t n,
                                       struct str key);

/*
 * The key of the employer of a posting at `source` (NULL: not known) whose ad names `company`;
 * only postings of one key join. An own board speaks for one employer; an aggregator names it ad
 * by ad. Where nobody does, the source's own key stands for the employer, so that nothing joins
 * across sources. *ret_name: as people write it.
 */
struct str posting_employer(const struct join_options *o, const struct source_state *source,
                            struct str key, struct str company, struct arena *a,
                            struct str *ret_name);

/* Whether a posting stands on its employer's own board, not on an aggregator. */
bool posting_is_own(const struct join_options *o, const struct posting_fact *f);

#endif
