#ifndef AGGREGATOR_FINISHED_H
#define AGGREGATOR_FINISHED_H

#include "aggregator/figures.h"

/*
 * Finished answers. roles_of() and demand_of() without a filter but stage and required are asked
 * far more often than anything changes; so they are worked out once, with the day's figures, and
 * kept in the store. A market opened from them has no openings; what it answers is what
 * market_load() would answer, or it does not open.
 */

/* Work them out and keep them. The day's series is up to date. Loads m->before. */
int finished_make(struct market *m, struct store *s, struct arena *a, struct diag *d) MUST_USE;

/* STORE_NONE: none hold at that time. The terms are as market_load() takes them. */
int finished_open(struct market *ret, struct store *s, int64_t at,
                  const struct roadmap_view *roadmap, const struct skill_view *skills,
                  size_t n_skills, struct arena *a, struct diag *d) MUST_USE;

/* Whether a question may be asked of such a market. */
bool finished_covers(const struct filter *f);

/* What roles_of() and demand_of() answer from it. */
int finished_roles(const struct market *m, struct store *s, struct roles *ret, struct arena *a,
                   struct diag *d) MUST_USE;
int finished_demand(const struct market *m, const struct filter *f, struct store *s,
                    struct demand *ret, struct arena *a, struct diag *d) MUST_USE;

#endif
