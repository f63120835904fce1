#include <math.h>

#include "aggregator/interval.h"
#include "aggregator/tally.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "test.h"

static bool near(double a, double b, double by)
{
    return fabs(a - b) <= by;
}

/* Expected values by Simpson's rule on the density, in another language. */
static void students_t_has_its_known_quantiles(void **state)
{
    static const struct {
        double df, t;
    } rows[] = {
        { 1, 12.7062047 },  { 1.5, 6.0166631 }, { 2, 4.3026527 },       { 4.5, 2.6589123 },
        { 5, 2.5705818 },   { 10, 2.2281389 },  { 20, 2.0859634 },      { 30.25, 2.0415649 },
        { 100, 1.9839715 }, { 1e3, 1.9623391 }, { 1e9, 1.9599640 },     { 0, 12.7062047 },
        { -5, 12.7062047 }, { 1e6, 1.9599664 }, { 1000001, 1.9599664 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_ROW(near(student_t(rows[i].df, .025), rows[i].t, 2e-6), i);
}

enum { MAX = 90 };

struct sample {
    struct cluster c[MAX];
    size_t k;
};

static struct sample sample_of(const int *n, const int *hits, size_t k)
{
    struct sample s = { .k = k };

    for (size_t i = 0; i < k; i++)
        s.c[i] = (struct cluster){ n[i], hits[i] };
    return s;
}

static struct sample twelve(void)
{
    static const int n[] = { 5, 3, 8, 1, 2, 4, 6, 1, 1, 2, 3, 7 };
    static const int hits[] = { 2, 0, 8, 1, 0, 3, 1, 0, 1, 0, 2, 5 };

    return sample_of(n, hits, ARRAY_LEN(n));
}

static struct sample equal(int64_t n, int64_t hits, size_t k)
{
    struct sample s = { .k = k };

    for (size_t i = 0; i < k; i++)
        s.c[i] = (struct cluster){ n, hits };
    return s;
}

static struct sample many(size_t k)
{
    struct sample s = { .k = k };

    for (size_t i = 0; i < k; i++) {
        int64_t n = (int64_t)(1 + i * 7 % 5), hits = (int64_t)(i * 3 % 4);

        s.c[i] = (struct cluster){ n, hits < n ? hits : n };
    }
    return s;
}

/* Expected values by a separate program from the formulas of docs/method.md. */
static void the_share_interval_is_the_hybrid_of_the_method(void **state)
{
    const struct {
        struct sample s;
        double rho, low, high;
    } rows[] = {
        { twelve(), .5, .2872222739, .7664614283 }, /* few employers: shrunk to the pool */
        { equal(4, 0, 12), .3, 0, .1469299833 },    /* nobody */
        { equal(4, 4, 12), .3, .8530700167, 1 },    /* everybody */
        { many(50), .4, .3309403953, .5417542551 }, /* 36 with, and without: the pool's is larger */
        { many(90), .05, .3620743272, .5074605184 }, /* and here its own variance is */
        { equal(2, 1, 2), .5, .1104469974, .8895530026 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct interval v = share_interval(rows[i].s.c, rows[i].s.k, rows[i].rho);

        CHECK_ROW(near(v.low, rows[i].low, 1e-7), i);
        CHECK_ROW(near(v.high, rows[i].high, 1e-7), i);
    }
}

static void one_employer_has_a_share_but_no_interval(void **state)
{
    struct sample s = equal(8, 2, 1);
    struct interval one = share_interval(s.c, 1, .5), none = share_interval(s.c, 0, .5);

    (void)state;
    CHECK(near(one.at, .25, 0) && isnan(one.low) && isnan(one.high));
    CHECK(isnan(none.at) && isnan(none.low) && isnan(none.high));
}

static void the_intra_employer_correlation_is_the_anova_estimate(void **state)
{
    struct sample a = twelve(), b = many(50), rare = equal(10, 0, 20), single = equal(1, 0, 20);

    (void)state;
    CHECK(near(intra_correlation(a.c, a.k), .40662256314918727, 1e-12));
    CHECK(near(intra_correlation(b.c, b.k), .23531094009983344, 1e-12));
    CHECK(near(effective_employers(b.c, b.k), 40.90909090909091, 1e-12));
    rare.c[0].hits = 9; /* 4.5%: too rare to tell */
    CHECK(isnan(intra_correlation(rare.c, rare.k)));
    single.c[0].hits = single.c[1].hits = single.c[2].hits = 1; /* nobody has two */
    CHECK(isnan(intra_correlation(single.c, single.k)));
}

static void a_trait_borrows_from_the_others_and_not_from_itself(void **state)
{
    struct icc_pool p = { 0 };

    (void)state;
    CHECK(near(icc_pool_rho(&p, NAN), .5, 0));
    icc_pool_add(&p, .3);
    icc_pool_add(&p, NAN);
    CHECK(near(icc_pool_rho(&p, NAN), .3, 1e-12));
    CHECK(near(icc_pool_rho(&p, .3), .5, 1e-12)); /* nobody else to borrow from */
    icc_pool_add(&p, .5);
    CHECK(near(icc_pool_rho(&p, .3), .5, 1e-12));
    CHECK(near(icc_pool_rho(&p, NAN), .4, 1e-12));
    icc_pool_add(&p, -2);
    CHECK(near(icc_pool_rho(&p, NAN), .05, 1e-12));
}

static void too_few_employers_give_counts_without_a_percentage(void **state)
{
    const struct {
        struct sample s;
        bool too_few;
    } rows[] = {
        { equal(4, 1, 9), true },                                /* nine employers */
        { equal(40, 4, 10), false }, { equal(1, 0, 10), false }, /* nobody of ten: at most 15% */
        { twelve(), true },                                      /* 48 points wide */
        { many(50), false },
    };
    struct sample lopsided = equal(1, 0, 12);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct share s = share_of(rows[i].s.c, rows[i].s.k, .3);

        CHECK_ROW(s.too_few == rows[i].too_few, i);
        CHECK_ROW(isnan(s.share) == s.too_few && isnan(s.low) == s.too_few, i);
        CHECK_ROW(isnan(s.high) == s.too_few, i);
    }
    lopsided.c[0].n = 60; /* twelve employers that weigh like 1.4 */
    CHECK(share_of(lopsided.c, 12, .3).too_few);
    CHECK(share_of(twelve().c, 12, .3).openings == 23
          && share_of(twelve().c, 12, .3).employers == 8);
}

static void a_ratio_has_the_interval_of_its_two_shares(void **state)
{
    const struct interval half = { .5, .4, .6 }, fifth = { .2, .1, .4 }, rare = { .1, 0, .3 };
    struct interval r = ratio_interval(half, fifth);

    (void)state;
    /* ln low = ln 2.5 - sqrt(ln(.5/.4)^2 + ln(.4/.2)^2); up with ln(.6/.5) and ln(.2/.1). */
    CHECK(near(r.at, 2.5, 1e-12));
    CHECK(
        near(r.low, 2.5 * exp(-sqrt(.2231435513 * .2231435513 + .6931471806 * .6931471806)), 1e-8));
    CHECK(
        near(r.high, 2.5 * exp(sqrt(.1823215568 * .1823215568 + .6931471806 * .6931471806)), 1e-8));
    CHECK(ratio_interval(rare, half).low == 0);
    CHECK(isnan(ratio_interval(half, rare).high)); /* what is rare beside bounds nothing above */
    CHECK(isnan(ratio_interval(half, (struct interval){ 0, 0, .1 }).at));
}

static void quantiles_are_order_statistics(void **state)
{
    struct valued v[] = { { 40, 3 }, { 10, 0 }, { 30, 2 }, { 20, 1 } };

    (void)state;
    valued_sort(v, 4);
    CHECK(near(quantile_interval(v, 4, .5).at, 25, 0));
    CHECK(near(quantile_interval(v, 4, .25).at, 15, 0));
    CHECK(near(quantile_interval(v, 3, .5).at, 20, 0));
    CHECK(near(quantile_interval(v, 1, .75).at, 10, 0));
    CHECK(isnan(quantile_interval(v, 0, .5).at));
    CHECK(valued_employers(v, 4) == 4);
    CHECK(isnan(quantile_interval(v, 4, .5).low)); /* four values bound nothing at 95% */
}

static void the_interval_of_a_median_is_read_at_effective_ranks(void **state)
{
    struct valued v[60];
    struct interval alone, doubled;

    (void)state;
    for (uint32_t i = 0; i < 60; i++)
        v[i] = (struct valued){ i + 1, i };
    /* n_eff = 60, t(59) = 2.000995: Wilson .3776-.6224, ranks 22 and 38. */
    alone = quantile_interval(v, 60, .5);
    CHECK(near(alone.at, 30.5, 0) && near(alone.low, 22, 0) && near(alone.high, 38, 0));
    for (uint32_t i = 0; i < 60; i++)
        v[i].employer = i / 2; /* neighbours at one employer: half the information */
    doubled = quantile_interval(v, 60, .5);
    CHECK(doubled.low < alone.low && doubled.high > alone.high);
}

/* xorshift64* (Vigna 2016), seeded: the same draws in every run. */
static double draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (double)((*state * 2685821657736338717ULL) >> 11) / 9007199254740992.0;
}

/* With probability rho all ads of an employer say the same, else each for itself: exactly that
 * intra-employer correlation. */
static void fill(struct sample *s, double p, double rho, uint64_t *seed)
{
    for (size_t i = 0; i < s->k; i++) {
        bool alike = draw(seed) < rho, all = draw(seed) < p;

        s->c[i].hits = 0;
        for (int64_t j = 0; j < s->c[i].n; j++)
            s->c[i].hits += alike ? all : draw(seed) < p;
    }
}

/* Sizes with a heavy tail, 1 to 30. */
static void resize(struct sample *s, uint64_t *seed)
{
    for (size_t i = 0; i < s->k; i++) {
        double n = 1 / (draw(seed) + 1.0 / 30);

        s->c[i].n = n < 1 ? 1 : (int64_t)n;
    }
}

static void intervals_cover_on_clustered_data(void **state)
{
    enum { RUNS = 600, OTHERS = 8 };
    static const struct {
        size_t k;
        double p, rho;
    } rows[] = {
        { 60, .45, .5 }, { 60, .1, .4 }, { 60, .03, .5 }, { 45, .25, .2 }, { 64, .7, .6 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint64_t seed = 88172645463325252ULL + i;
        int covered = 0;

        for (int r = 0; r < RUNS; r++) {
            struct sample s = { .k = rows[i].k };
            struct icc_pool pool = { 0 };
            struct interval v;

            resize(&s, &seed);
            for (int j = 0; j < OTHERS; j++) {
                fill(&s, .1 + .08 * j, rows[i].rho * (.5 + draw(&seed)), &seed);
                icc_pool_add(&pool, intra_correlation(s.c, s.k));
            }
            fill(&s, rows[i].p, rows[i].rho, &seed);
            v = share_interval(s.c, s.k, icc_pool_rho(&pool, NAN));
            covered += v.low <= rows[i].p && rows[i].p <= v.high;
        }
        CHECK_ROW(covered >= .92 * RUNS, i);
    }
}

RUN_TESTS(TEST(students_t_has_its_known_quantiles),
          TEST(the_share_interval_is_the_hybrid_of_the_method),
          TEST(one_employer_has_a_share_but_no_interval),
          TEST(the_intra_employer_correlation_is_the_anova_estimate),
          TEST(a_trait_borrows_from_the_others_and_not_from_itself),
          TEST(too_few_employers_give_counts_without_a_percentage),
          TEST(a_ratio_has_the_interval_of_its_two_shares), TEST(quantiles_are_order_statistics),
          TEST(the_interval_of_a_median_is_read_at_effective_ranks),
          TEST(intervals_cover_on_clustered_data))
