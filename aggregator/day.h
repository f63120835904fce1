#ifndef AGGREGATOR_DAY_H
#define AGGREGATOR_DAY_H

#include "aggregator/walk.h"

/* One day, counted: the whole market is walked once, and this is what is left of it. */
struct day {
    struct market market; /* of openings that count (live.h) */
    struct life life[STAGES + 1];
    int64_t *values; /* by source: source_value() of those asked for */
};

struct day_options {
    struct walk_terms terms;
    const struct source_state *sources; /* all, in order of key */
    size_t n_sources;
    const bool *valued;  /* by source: whose value is asked for */
    bool store_openings; /* give the store its openings, a row for each posting seen */
};

int day_count(struct day *ret, struct store *s, const struct day_options *o, struct arena *a,
              struct diag *d) MUST_USE;

/*
 * The same without a walk: what was counted last still holds at that time, for nothing that could
 * change it was written since and the clock alone changes nothing. STORE_NONE: it does not.
 */
int day_carry(struct day *ret, struct store *s, const struct day_options *o, struct arena *a,
              struct diag *d) MUST_USE;

#endif
