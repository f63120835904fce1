#ifndef AGGREGATOR_LIVE_H
#define AGGREGATOR_LIVE_H

#include "aggregator/traits.h"

/*
 * The market that figures are counted from: only the openings that some figure counts, with
 * their traits and without their postings. It is made employer by employer as the whole
 * market is walked (walk.h), and all of it is in `a`.
 */
struct live {
    struct arena *a;
    struct traits_pool pool;
    struct {
        struct opening *items;
        size_t n, cap;
    } openings;
    struct strs employers, keys;
    int64_t at, until;
    size_t n_postings;
};

/* `known`: every source with its last proven reading by then, in order of key. */
void live_begin(struct live *l, int64_t at, const struct source_proven *known, size_t n,
                struct arena *a);
void live_add(struct live *l, const struct market *one);
/* The market as of then, its openings in order of id; its terms are the caller's. */
void live_end(struct live *l, struct market *ret);

#endif
