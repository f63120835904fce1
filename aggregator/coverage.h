#ifndef AGGREGATOR_COVERAGE_H
#define AGGREGATOR_COVERAGE_H

#include "aggregator/tally.h"

/* A selection of openings, and its tally. */
struct selection {
    struct rows rows;
    struct tally tally;
};
void selection_of(const struct market *m, const struct filter *f, struct arena *a,
                  struct selection *ret);

/* How far the skills `has` (by market skill) get in the selection, and which one to learn next. */
void selection_covered(const struct market *m, const struct selection *sel, const bool *has,
                       struct coverage *ret, struct arena *a);

/* What the selection asks and `has` lacks, most demanded first; without generic words and
 * practices; each at RANK_EMPLOYERS or more, at most MISSING_SHOWN. */
enum { MISSING_SHOWN = 10 };
size_t selection_lacks(const struct market *m, const struct selection *sel, const bool *has,
                       struct demand_row **ret, struct arena *a);

/* The share of a trait of openings: `shows` is asked for each one that was read. */
struct share selection_share(const struct market *m, const struct selection *sel,
                             bool (*shows)(const struct market *m, uint32_t row, const void *ctx),
                             const void *ctx);

#endif
