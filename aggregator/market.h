#ifndef AGGREGATOR_MARKET_H
#define AGGREGATOR_MARKET_H

#include "aggregator/openings.h"

/* The market out of facts at hand, without a store; market_load() is this after a scan. */
struct market_in {
    const struct posting_fact *const *facts;
    size_t n_facts;
    int64_t at;
    const struct roadmap_view *roadmap; /* may be NULL: no aliases, no stages */
    const struct skill_view *skills;
    size_t n_skills;
    const struct source_state *sources; /* as of then, in order of key */
    size_t n_sources;
    const struct source_proven *known; /* may be left out: those that the facts name */
    size_t n_known;
    const struct employer_names *names; /* of the roadmap's aliases; may be NULL */
};
void market_build(struct market *ret, const struct market_in *in, struct arena *a);

/* The same without traits, for whoever makes them into other pools (traits.h). */
void market_join(struct market *ret, const struct market_in *in, struct arena *a);

/* The sources proven in the PANEL_GAP_DAYS up to a time, sorted: their state then is known. */
int market_panel(struct store *s, int64_t at, struct arena *a, struct str **ret, size_t *ret_n,
                 struct diag *d) MUST_USE;

#endif
