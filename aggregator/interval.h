#ifndef AGGREGATOR_INTERVAL_H
#define AGGREGATOR_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

/*
 * How a share or a quantile would vary over other employers like these. Openings of one
 * employer resemble each other, so employers are the units: docs/method.md has the
 * formulas, their sources and what was simulated. Pure functions; NaN means "not defined".
 */

/* One employer of a selection: its openings, and those of them that have the trait. */
struct cluster {
    int64_t n, hits;
};

struct interval {
    double at, low, high;
};

/*
 * The same as sums: the sizes of k employers once, and a trait's hits over the employers that
 * have some. A trait that few employers share costs only those few.
 */
struct sizes {
    size_t k;
    double n, squares, cubes, fourths; /* sums of powers of m, an employer's openings */
    double weighted;                   /* sum of m^2 / (1 - m/n) */
};
struct trait {
    size_t naming, whole; /* employers with a hit; with nothing but hits */
    double hits;
    double by_size;           /* sum of y^2 / m */
    double squares, products; /* sums of y^2 and of y m, over 1 - m/n */
};
struct sizes sizes_of(const struct cluster *c, size_t k);

/* y > 0 hits of an employer's openings. */
struct weighed {
    double m, of_m, weight; /* 1 / m and 1 / (1 - m/n) */
};
struct weighed sizes_weigh(const struct sizes *s, int64_t m);
void trait_add(struct trait *t, const struct weighed *w, int64_t y);

/* The value that Student's t exceeds with probability `tail` (below .5), for df >= 1 (smaller ones
 * count as 1). */
double student_t(double df, double tail);

/* (sum n)^2 / sum n^2: how many employers of equal size would weigh the same. 0 when there are
 * none. */
double effective_employers(const struct cluster *c, size_t k);

double sizes_effective(const struct sizes *s);

/* ANOVA estimate of the intra-employer correlation. NaN outside shares of 5-95% and where every
 * employer has one opening. */
double intra_correlation(const struct cluster *c, size_t k);
double trait_correlation(const struct sizes *s, const struct trait *t);

/* The correlations of the traits of one selection, pooled; each trait borrows from the others. */
struct icc_pool {
    double sum;
    size_t n;
};
void icc_pool_add(struct icc_pool *p, double icc);            /* NaN is not added */
double icc_pool_rho(const struct icc_pool *p, double except); /* the mean without `except` (NaN: of
                                                                 all), clamped to [.05, .95]; .5 for
                                                                 an empty pool */

/* The hybrid 95% interval of sum hits / sum n. Employers without openings must be left out. NaN
 * bounds for fewer than two employers. */
struct interval share_interval(const struct cluster *c, size_t k, double rho);
struct interval trait_interval(const struct sizes *s, const struct trait *t, double rho);

/* The ratio of two values by their own intervals (MOVER: Zou and Donner 2008); one at or below 0
 * leaves that bound open (0, or NaN above). */
struct interval ratio_interval(struct interval over, struct interval under);

/* A value and the employer whose it is. */
struct valued {
    double value;
    uint32_t employer;
};

/* Total order by value, then employer: what quantile_interval() expects. */
void valued_sort(struct valued *v, size_t n);

/* How many employers the values come from. Scratch comes from malloc; see interval.c. */
size_t valued_employers(const struct valued *v, size_t n);

/*
 * The quantile q of sorted values (the mean of two neighbours where it falls between them)
 * with Woodruff's interval read at effective ranks. A bound beyond the data is NaN.
 */
struct interval quantile_interval(const struct valued *v, size_t n, double q);

#endif
