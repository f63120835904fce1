/*
 * The interval of a share, over employers as they are: drawn again and again from a file of real
 * ones. ROLETIDE_EMPLOYERS names it: an employer a line, its openings, then how many of them name
 * each skill, tab-separated. Without it the test says that it is skipped.
 */
#include <stdlib.h>

#include "aggregator/interval.h"
#include "test.h"
#include "tests/sim/draws.h"

enum { EMPLOYERS_MAX = 10000, DRAWN_MAX = 400, TRAITS = 16, SKIPPED = 77, LEAST_HITS = 5 };

static struct employer {
    int64_t openings, naming[TRAITS];
} employers[EMPLOYERS_MAX];
static size_t n_employers;

static bool read_employers(FILE *f)
{
    long long v;

    while (n_employers < EMPLOYERS_MAX && fscanf(f, "%lld", &v) == 1) {
        struct employer *e = &employers[n_employers++];

        e->openings = v;
        for (size_t i = 0; i < TRAITS; i++) {
            if (fscanf(f, "%lld", &v) != 1)
                return false;
            e->naming[i] = v;
        }
    }
    return n_employers >= 45;
}

static double truth_of(size_t trait, int64_t *ret_hits)
{
    int64_t n = 0;

    *ret_hits = 0;
    for (size_t i = 0; i < n_employers; i++) {
        n += employers[i].openings;
        *ret_hits += employers[i].naming[trait];
    }
    return (double)*ret_hits / (double)n;
}

static void draw_employers(size_t k, struct draws *r, struct cluster c[TRAITS][DRAWN_MAX])
{
    for (size_t i = 0; i < k; i++) {
        const struct employer *e = &employers[(size_t)(draw(r) * (double)n_employers)];

        for (size_t t = 0; t < TRAITS; t++)
            c[t][i] = (struct cluster){ e->openings, e->naming[t] };
    }
}

/* Traits of which so many intervals covered the truth. */
static void cover(size_t k, int runs, int64_t ret[TRAITS])
{
    static struct cluster c[TRAITS][DRAWN_MAX];
    struct draws r = draws_from(k);

    for (int run = 0; run < runs; run++) {
        struct icc_pool pool = { 0 };
        double icc[TRAITS];

        draw_employers(k, &r, c);
        for (size_t t = 0; t < TRAITS; t++)
            icc_pool_add(&pool, icc[t] = intra_correlation(c[t], k));
        for (size_t t = 0; t < TRAITS; t++) {
            int64_t hits;
            double truth = truth_of(t, &hits);
            struct interval v = share_interval(c[t], k, icc_pool_rho(&pool, icc[t]));

            ret[t] += v.low <= truth && truth <= v.high;
        }
    }
}

#ifdef FULL_GRID
enum { RUNS = 2000 };
#else
enum { RUNS = 300 };
#endif

static void employers_as_they_are_are_covered(void **state)
{
    const size_t ks[] = { 45, 60, 100, n_employers < DRAWN_MAX ? n_employers : DRAWN_MAX };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ks); i++) {
        int64_t covered[TRAITS] = { 0 }, hits;
        double sum = 0, worst = 1;
        int n = 0;

        cover(ks[i], RUNS, covered);
        for (size_t t = 0; t < TRAITS; t++) {
            double share = truth_of(t, &hits), c = (double)covered[t] / RUNS;

            if (hits < LEAST_HITS)
                continue;
            n++;
            sum += c;
            worst = fmin(worst, c);
            if (c < .93)
                printf("k %zu trait %zu share %.3f: %.3f\n", ks[i], t, share, c);
            CHECK_ROW(c >= (RUNS < 1000 ? .88 : .91), t); /* two standard errors of so few runs */
        }
        printf("%zu of %zu employers, %d skills: mean %.3f, worst %.3f\n", ks[i], n_employers, n,
               sum / n, worst);
        CHECK(n > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(employers_as_they_are_are_covered) };
    const char *path = getenv("ROLETIDE_EMPLOYERS");
    FILE *f = path && *path ? fopen(path, "r") : NULL;
    bool read = f && read_employers(f);

    if (f)
        fclose(f);
    if (!path || !*path) {
        fprintf(stderr, "SKIPPED: ROLETIDE_EMPLOYERS names no file of employers\n");
        return SKIPPED;
    }
    if (!read) {
        fprintf(stderr, "%s: not 45 employers or more, with %d skills each\n", path, TRAITS);
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
