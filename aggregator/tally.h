#ifndef AGGREGATOR_TALLY_H
#define AGGREGATOR_TALLY_H

#include "aggregator/figures.h"
#include "aggregator/interval.h"
#include "aggregator/sheet.h"

/*
 * A selection of openings, counted by employer: what every share is made of. Only
 * openings whose text was read are in it, for the others cannot name anything.
 */
struct tally {
    struct cluster *employers; /* k of them, in order of the market's; hits 0 */
    size_t k;
    uint32_t *local; /* by market employer: its place in `employers` plus 1; 0: not in it */
    int64_t openings;
    double k_eff;
    struct sizes sizes;
    struct skill_tally {
        struct trait trait;
        int64_t openings, employers, stated, required;
        double icc; /* once pooled */
    } * skills;
    struct icc_pool pool;
};

/* How many openings of an employer (its place in the tally) name a skill. */
struct naming {
    uint32_t employer, skill, openings;
};
struct namings {
    struct naming *items;
    size_t n, cap;
};

/* Openings and employers of each skill alone: enough to say which share is larger. */
void tally_counts(const struct market *m, const struct rows *rows, bool required_only,
                  struct arena *a, struct tally *ret);

/* tally_pool() adds what an interval borrows, before the first share is asked.
 * `namings`: who names what is told too, employer by employer; may be NULL. */
void tally_of(const struct market *m, const struct rows *rows, bool required_only,
              struct namings *namings, struct arena *a, struct tally *ret);
void tally_pool(struct tally *t, size_t n_skills);

/* The share of a skill in a tally that was pooled, with its interval, or too few. */
struct share tally_share(const struct tally *t, const struct skill_tally *s);

/* The share of any trait counted by employer; employers without openings are left out. */
struct share share_of(const struct cluster *c, size_t k, double rho);

/* A share that lies between two of the same employers, of which `less` counts no more and `most` no
 * less: its interval reaches from the lower end of the one to the upper end of the other. */
struct share share_between(const struct share *less, double share, const struct share *most);

/* Most demanded first, ties by id. */
void demand_sort(struct demand_row *rows, size_t n);

/* The same where no other traits are at hand to borrow from: by its own correlation. */
struct share share_alone(const struct cluster *c, size_t k);

/* The rows of a tally, most demanded first, without lift, stage and trend. */
size_t demand_rows(const struct market *m, const struct tally *t, struct arena *a,
                   struct demand_row **ret);

#endif
