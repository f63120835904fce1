#ifndef AGGREGATOR_NEAR_MISS_H
#define AGGREGATOR_NEAR_MISS_H

#include "aggregator/figures.h"

/* Another posting that might be taken for the same job, and why it is not joined. */
struct near_miss {
    const struct posting_fact *f;
    int64_t opening; /* the one that it is in */
    struct str why;
};

/*
 * The nearest NEAR_MISSES postings at most that are not in the posting's opening: of an employer
 * whose name may be its own, with the same title or a near text. Nearest texts first.
 */
enum { NEAR_MISSES = 5 };
size_t near_misses(const struct market *m, int64_t posting, struct arena *a,
                   struct near_miss ret[NEAR_MISSES]);

#endif
