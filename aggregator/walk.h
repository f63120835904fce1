#ifndef AGGREGATOR_WALK_H
#define AGGREGATOR_WALK_H

#include "aggregator/market.h"

/*
 * The market family by family: postings join only where their employers' keys begin with one
 * word (employer_family()), so what stands in memory is the postings of one family, however
 * long the history. Whatever must see every posting there ever was walks.
 */
struct walk_terms {
    int64_t at;
    const struct roadmap_view *roadmap; /* may be NULL */
    const struct skill_view *skills;
    size_t n_skills;
};

/*
 * Called with each family's market, in order of the employers' keys: its postings, joined, without
 * traits. It lives during the call, but for its sources and names, which live in `a`. Another value
 * than 0 ends the walk.
 */
typedef int walk_each(void *ctx, const struct market *one, struct diag *d);
int market_walk(struct store *s, const struct walk_terms *terms, walk_each *each, void *ctx,
                struct arena *a, struct diag *d) MUST_USE;

/* The market of one posting's family alone, all of it in `a`. STORE_NONE: it was not proven by
 * then. */
int market_around(struct market *ret, struct store *s, const struct walk_terms *terms,
                  int64_t posting, struct arena *a, struct diag *d) MUST_USE;

#endif
