#ifndef AGGREGATOR_OPENINGS_H
#define AGGREGATOR_OPENINGS_H

#include "aggregator/ad.h"
#include "aggregator/figures.h"

/*
 * Postings -> openings, by evidence alone. Whatever the order in which boards were read
 * and facts are given, the same facts make the same openings.
 *
 *  - Only postings of employers join whose names may be one employer's (employers_meet()).
 *  - The same stated requisition joins, across boards and cities; two different ones never do, nor
 *    two different numbers that the ads' own words give.
 *  - Else the same title and the same or near-same text (ads_nearness()) join, whatever the
 *    cities, unless something says that they are two (ads_apart()); an ad put up again within
 *    REPOST_DAYS of its end joins its former self.
 */
enum { REPOST_DAYS = 30 };

struct joined {
    struct opening *openings; /* in order of id; lead, why and whys are not set */
    size_t n_openings;
    struct str *employers, *employer_keys;
    size_t n_employers;
};

void openings_join(const struct posting_fact *const *facts, size_t n, const struct join_options *o,
                   struct arena *a, struct joined *ret);

/* Whether a posting stands on its employer's own board, not on an aggregator. */
bool posting_is_own(const struct join_options *o, const struct posting_fact *f);

/* Why a member belongs, and with whom. */
struct str opening_evidence(const struct opening *o, size_t member, struct arena *a);

#endif
