#ifndef AGGREGATOR_FINISHED_H
#define AGGREGATOR_FINISHED_H

#include "aggregator/figures.h"

/*
 * Finished answers. roles_of() and demand_of() without a filter but stage and required are asked
 * far more often than anything changes; so they are worked out once, with the day's figures, and
 * kept in the store. A market opened from them has no openings; what it answers is what
 * market_load() would answer, or it does not open.
 */

/* Work them out and keep them. The day's figures are stored, and m is kept. Loads m->before. */
int finished_make(struct market *m, struct store *s, struct arena *a, struct diag *d) MUST_USE;

/* STORE_NONE: none hold at that time. The terms are as market_load() takes them. */
int finished_open(struct market *ret, struct store *s, int64_t at,
                  const struct roadmap_view *roadmap, const struct skill_view *skills,
                  size_t n_skills, struct diag *d) MUST_USE;

/* A mark of what they are made by beside facts: the aliases, which are settings. */
int64_t finished_terms(const struct roadmap_view *roadmap);

/* When the answers that hold at `at` were made; STORE_NONE: none hold. */
int finished_made(struct store *s, int64_t at, int64_t terms, int64_t *ret,
                  struct diag *d) MUST_USE;

struct walk_terms;
/* The market that was kept with them, as of the terms' time. STORE_NONE: none holds then. */
int market_load_finished(struct market *ret, struct store *s, const struct walk_terms *terms,
                         struct arena *a, struct diag *d) MUST_USE;

/* Whether a question may be asked of such a market. */
bool finished_covers(const struct filter *f);

/* What roles_of() and demand_of() answer from it. */
int finished_roles(const struct market *m, struct store *s, struct roles *ret, struct arena *a,
                   struct diag *d) MUST_USE;
int finished_demand(const struct market *m, const struct filter *f, struct store *s,
                    struct demand *ret, struct arena *a, struct diag *d) MUST_USE;

/* Lives as figures of their day, and back. STORE_NONE: none are stored that hold for the market. */
enum { LIFE_FIGURES = 4 };
void life_figures(const struct life *l, int stage, struct figure_row ret[LIFE_FIGURES],
                  struct arena *a);
int life_kept(const struct market *m, struct store *s, struct life ret[STAGES + 1], struct arena *a,
              struct diag *d) MUST_USE;

/* Pay of all counted openings likewise. STORE_NONE: the day has none. */
enum { PAY_FIGURES = 5 };
void pay_figures(const struct salary *p, struct figure_row ret[PAY_FIGURES]);
int pay_kept(struct store *s, int64_t day, struct salary *ret, struct diag *d) MUST_USE;

#endif
