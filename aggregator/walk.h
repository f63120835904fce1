#ifndef AGGREGATOR_WALK_H
#define AGGREGATOR_WALK_H

#include "aggregator/market.h"

/*
 * The market employer by employer. Postings join only within an employer, so what stands in
 * memory is the postings of one, however long the history: whatever must see every posting
 * there ever was walks.
 */
struct walk_terms {
    int64_t at;
    const struct roadmap_view *roadmap; /* may be NULL */
    const struct skill_view *skills;
    size_t n_skills;
};

/*
 * Called with each employer's market, in order of the employers' keys: its postings, joined,
 * without traits. It lives during the call, but for its sources, which live in `a`. Another value
 * than 0 ends the walk.
 */
typedef int walk_each(void *ctx, const struct market *one, struct diag *d);
int market_walk(struct store *s, const struct walk_terms *terms, walk_each *each, void *ctx,
                struct arena *a, struct diag *d) MUST_USE;

/* The same for the employer of one posting alone. STORE_NONE: it was not proven by then. */
int market_walk_of(struct store *s, const struct walk_terms *terms, int64_t posting,
                   walk_each *each, void *ctx, struct arena *a, struct diag *d) MUST_USE;

#endif
