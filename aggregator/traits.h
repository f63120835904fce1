#ifndef AGGREGATOR_TRAITS_H
#define AGGREGATOR_TRAITS_H

#include "aggregator/figures.h"
#include "aggregator/names.h"

/*
 * Openings -> what figures ask of them. The traits of many openings are made into the pools
 * of one market: begin with the sources there are, add opening by opening, and give the
 * market what was made. Only an opening that some figure counts has traits.
 */
struct traits_pool {
    struct arena *a;
    struct names cities, sources;
    struct {
        struct source_proven *items;
        size_t n, cap;
    } known;
    struct {
        struct made *items;
        size_t n, cap;
    } made;
    struct {
        uint32_t *items;
        size_t n, cap;
    } words; /* asks, cities and sources of all */
    struct {
        int64_t *items;
        size_t n, cap;
    } postings;
};

/* `known`: the sources there are; those that openings name besides are known from then on. */
void traits_begin(struct traits_pool *t, const struct source_proven *known, size_t n,
                  struct arena *a);

void traits_add(struct traits_pool *t, const struct opening *o, int64_t at);

/* The market has these openings, in order of id, and perhaps others that none of this is about:
 * they get their traits, and it its sheet. */
void traits_give(const struct traits_pool *t, struct market *to);

/* Whether the cities that a member names are the opening's: those of its open postings; of an
 * opening that is over, of all. */
bool opening_is_where(const struct opening *o, const struct posting_fact *member, int64_t at);

/* Whether a figure counts it: an open role in India of the core or an adjacent family, or one that
 * is remote and open to India. */
bool opening_is_live(const struct opening *o);

#endif
