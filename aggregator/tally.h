#ifndef AGGREGATOR_TALLY_H
#define AGGREGATOR_TALLY_H

#include "aggregator/figures.h"
#include "aggregator/interval.h"

/*
 * A selection of openings, counted by employer: what every share is made of. Only
 * openings whose text was read are in it, for the others cannot name anything.
 */
struct tally {
    struct cluster *employers; /* k of them, hits 0: copied for each trait */
    size_t k;
    uint32_t *local; /* by market employer: its place in `employers` plus 1; 0: not in it */
    int64_t openings;
    double k_eff;
    struct skill_tally {
        uint32_t *hits; /* by place in `employers`; NULL: nobody names it */
        int64_t openings, employers, stated, required;
        double icc; /* once pooled */
    } * skills;
    struct icc_pool pool;
};

/* Counts alone; tally_pool() adds what an interval borrows, before the first share is asked. */
void tally_of(const struct market *m, const struct opening *const *sel, size_t n,
              bool required_only, struct arena *a, struct tally *ret);
void tally_pool(struct tally *t, size_t n_skills);

/* Of n openings, keep those with a posting at one of these sources (sorted): how many. */
size_t keep_panel(const struct market *m, const struct str *panel, size_t n_panel,
                  const struct opening **io, size_t n);

/* The share of a skill in a tally, with its interval, or too few. */
struct share tally_share(const struct tally *t, const struct skill_tally *s, struct arena *a);

/* The share of any trait counted by employer; employers without openings are left out. */
struct share share_of(const struct cluster *c, size_t k, double rho);

/* Most demanded first, ties by id. */
void demand_sort(struct demand_row *rows, size_t n);

/* The same where no other traits are at hand to borrow from: by its own correlation. */
struct share share_alone(const struct cluster *c, size_t k);

/* The rows of a tally, most demanded first, without lift, stage and trend. */
size_t demand_rows(const struct market *m, const struct tally *t, struct arena *a,
                   struct demand_row **ret);

#endif
