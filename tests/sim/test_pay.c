/* The interval of a quantile of pay covers the truth where pay is an employer's habit. */
#include "aggregator/figures.h"
#include "aggregator/interval.h"
#include "test.h"
#include "tests/sim/draws.h"

enum { EMPLOYERS_MAX = 80, VALUES_MAX = EMPLOYERS_MAX * SIZES, LARGEST = 20 };

/* Log pay is normal, and correlated by rho within an employer: the quantile's truth is known. */
static double coverage(size_t k, double q, double truth, double rho, int runs)
{
    static struct valued v[VALUES_MAX];
    struct zipf sizes = zipf_of(2.2);
    struct draws r = draws_from(k * 7 + (uint64_t)(q * 100));
    int covered = 0;

    for (int run = 0; run < runs; run++) {
        struct interval found;
        size_t n = 0;

        for (size_t i = 0; i < k; i++) {
            double habit = sqrt(rho) * draw_normal(&r);
            int64_t size = draw_size(&r, &sizes);

            for (int64_t j = 0; j < (size < LARGEST ? size : LARGEST); j++)
                v[n++] = (struct valued){ habit + sqrt(1 - rho) * draw_normal(&r), (uint32_t)i };
        }
        valued_sort(v, n);
        found = quantile_interval(v, n, q);
        covered += !(found.low > truth) && !(found.high < truth); /* NaN: open */
    }
    return (double)covered / runs;
}

#ifdef FULL_GRID
enum { RUNS = 4000 };
static const double rhos[] = { .3, .5 };
#else
enum { RUNS = 1500 };
static const double rhos[] = { .5 };
#endif

static void pay_is_covered_from_the_fewest_employers_on(void **state)
{
    static const struct {
        size_t k;
        double q, truth;
    } rows[] = {
        { MEDIAN_EMPLOYERS, .5, 0 },
        { MEDIAN_EMPLOYERS + 2, .5, 0 },
        { QUARTILE_EMPLOYERS, .5, 0 },
        { QUARTILE_EMPLOYERS, .25, -0.6744897502 },
        { QUARTILE_EMPLOYERS, .75, 0.6744897502 },
        { 40, .5, 0 },
        { 40, .25, -0.6744897502 },
        { 80, .75, 0.6744897502 },
    };

    (void)state;
    for (size_t j = 0; j < ARRAY_LEN(rhos); j++)
        for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
            double covered = coverage(rows[i].k, rows[i].q, rows[i].truth, rhos[j], RUNS);

            printf("employers %zu quantile %.2f icc %.1f: %.3f\n", rows[i].k, rows[i].q, rhos[j],
                   covered);
            CHECK_ROW(covered >= .93 && covered <= .985, i);
        }
}

/* Pay more alike than the default allows for; the upper quartile's rank is the weakest. */
static void pay_that_is_all_habit_is_covered_nearly_as_well(void **state)
{
    (void)state;
    CHECK(coverage(MEDIAN_EMPLOYERS, .5, 0, .7, RUNS) >= .90);
    CHECK(coverage(QUARTILE_EMPLOYERS, .25, -0.6744897502, .7, RUNS) >= .90);
    CHECK(coverage(QUARTILE_EMPLOYERS, .75, 0.6744897502, .7, RUNS) >= .90);
}

RUN_TESTS(TEST(pay_is_covered_from_the_fewest_employers_on),
          TEST(pay_that_is_all_habit_is_covered_nearly_as_well))
