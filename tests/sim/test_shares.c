/* The interval of a share covers the truth, over the whole of what markets look like. */
#include "aggregator/interval.h"
#include "test.h"
#include "tests/sim/draws.h"

enum { EMPLOYERS_MAX = 300, OTHERS = 15 };

struct cell {
    size_t k;
    double zipf, p, rho, others; /* `others`: the correlation of the skills that are pooled */
};

static void fill(struct cluster *c, size_t k, double p, double rho, struct draws *r)
{
    for (size_t i = 0; i < k; i++)
        c[i].hits = draw_binomial(r, c[i].n, draw_share(r, p, rho));
}

static double coverage(const struct cell *cell, int runs)
{
    struct cluster c[EMPLOYERS_MAX];
    struct zipf sizes = zipf_of(cell->zipf);
    struct draws r = draws_from((uint64_t)(cell->k * 7919 + cell->zipf * 310 + cell->p * 170000
                                           + cell->rho * 1000 + cell->others * 77));
    int covered = 0;

    for (int run = 0; run < runs; run++) {
        struct icc_pool pool = { 0 };
        struct interval v;

        for (size_t i = 0; i < cell->k; i++)
            c[i].n = draw_size(&r, &sizes);
        for (int j = 0; j < OTHERS; j++) {
            fill(c, cell->k, .05 + .6 * draw(&r), cell->others * (.5 + draw(&r)), &r);
            icc_pool_add(&pool, intra_correlation(c, cell->k));
        }
        fill(c, cell->k, cell->p, cell->rho, &r);
        v = share_interval(c, cell->k, icc_pool_rho(&pool, NAN));
        covered += v.low <= cell->p && cell->p <= v.high;
    }
    return (double)covered / runs;
}

#ifdef FULL_GRID
static const size_t ks[] = { 45, 60, 100, 200, 300 };
static const double zipfs[] = { 1.2, 1.5, 1.8 }, rhos[] = { .2, .4, .6 },
                    shares[] = { .015, .03, .1, .3, .45, .7 };
enum { RUNS = 2000 };
#else
static const size_t ks[] = { 45, 100 };
static const double zipfs[] = { 1.5 }, rhos[] = { .4 }, shares[] = { .03, .1, .45 };
enum { RUNS = 600 };
#endif

static void every_cell_of_the_grid_is_covered(void **state)
{
    double sum = 0, worst = 1;
    int n = 0, well = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ks); i++)
        for (size_t j = 0; j < ARRAY_LEN(zipfs); j++)
            for (size_t l = 0; l < ARRAY_LEN(rhos); l++)
                for (size_t m = 0; m < ARRAY_LEN(shares); m++) {
                    struct cell cell = { ks[i], zipfs[j], shares[m], rhos[l], rhos[l] };
                    double covered = coverage(&cell, RUNS);

                    CHECK_ROW(covered >= .92, n);
                    if (covered < .93)
                        printf("k %zu zipf %.1f share %.3f icc %.1f: %.3f\n", cell.k, cell.zipf,
                               cell.p, cell.rho, covered);
                    worst = covered < worst ? covered : worst;
                    well += covered >= .93;
                    sum += covered;
                    n++;
                }
    printf("%d cells: mean %.3f, worst %.3f, %d at 93%% or more\n", n, sum / n, worst, well);
    CHECK(well >= .95 * n);
    CHECK(sum / n >= .945 && sum / n <= .97 + (RUNS < 1000 ? .01 : 0));
}

/* A skill whose ads resemble each other more, or less, than those of the skills it borrows from. */
static void a_skill_unlike_the_others_is_still_covered(void **state)
{
    static const struct cell cells[] = {
        { 60, 1.5, .03, .6, .4 }, { 60, 1.5, .1, .6, .4 },  { 60, 1.5, .45, .6, .4 },
        { 60, 1.5, .03, .2, .4 }, { 150, 1.2, .1, .6, .4 }, { 150, 1.8, .015, .6, .4 },
        { 100, 1.2, .1, .6, .4 }, { 200, 1.2, .1, .6, .4 }, { 300, 1.2, .03, .6, .4 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
        double covered = coverage(&cells[i], RUNS);

        printf("unlike, row %zu: %.3f\n", i, covered);
        CHECK_ROW(covered >= .90, i);
    }
}

RUN_TESTS(TEST(every_cell_of_the_grid_is_covered), TEST(a_skill_unlike_the_others_is_still_covered))
