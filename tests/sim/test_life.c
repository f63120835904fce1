/* The median life of a role, and its interval, after 60 days of watching. */
#include "aggregator/survival.h"
#include "test.h"
#include "tests/sim/draws.h"

/* Weibull lives: the shape says whether old ads go sooner; each employer has a pace of its own. */
static const double SHAPE = 1.3, TRUTH = 30;
enum {
    EMPLOYERS = 80,
    ROLES_MAX = 40000,
    WATCHED = 60,
    BEFORE = 400,
    RUNS_TRUTH = 400000,
    NAIVE = 20
};

struct world {
    size_t k;
    int gap;       /* days between two readings of a board */
    double habit;  /* spread of the employers' paces, in logarithms */
    double stated; /* share of roles found open whose date of posting is stated */
    double openings_a_day;
};

static double draw_life(struct draws *r, double scale)
{
    return scale * pow(-log(draw(r)), 1 / SHAPE);
}

/* The scale at which the median over new roles of all employers is TRUTH. */
static double scale_of(double habit)
{
    static double lives[RUNS_TRUTH];
    struct draws r = draws_from(77);
    double low = 0, high = 1000;

    for (int i = 0; i < RUNS_TRUTH; i++)
        lives[i] = draw_life(&r, exp(habit * draw_normal(&r)));
    for (int step = 0; step < 50; step++) {
        double middle = (low + high) / 2;
        int below = 0;

        for (int i = 0; i < RUNS_TRUTH; i++)
            below += lives[i] <= middle;
        if (2 * below < RUNS_TRUTH)
            low = middle;
        else
            high = middle;
    }
    return TRUTH / low;
}

/* What the readings of a board every `gap` days see of a role: false: nothing that tells. */
static bool see(const struct world *w, double posted, double life, int phase, struct draws *r,
                struct lifetime *ret)
{
    double end = posted + life, first, before, last, gone;

    bool stated = draw(r) <= w->stated;

    first = phase + w->gap * fmax(0, ceil((posted - phase) / w->gap));
    if (first > WATCHED || end <= first)
        return false; /* came and went between two readings */
    if (first - w->gap < 0 && !stated)
        return false; /* found open by the first reading of its board: no telling how old */
    before = stated ? posted : first - w->gap / 2.;
    last = phase + w->gap * floor((fmin(end, WATCHED) - phase) / w->gap);
    gone = last + w->gap;
    *ret = (struct lifetime){ .entered = first - before,
                              .after = last - before,
                              .by = end <= WATCHED && gone <= WATCHED ? gone - before : INFINITY };
    return true;
}

static size_t watch(const struct world *w, double scale, struct draws *r, struct lifetime *l)
{
    struct zipf sizes = zipf_of(1.8);
    size_t n = 0;

    for (size_t e = 0; e < w->k; e++) {
        double pace = scale * exp(w->habit * draw_normal(r));
        double rate = w->openings_a_day * fmin((double)draw_size(r, &sizes), 15);
        int phase = (int)(draw(r) * w->gap);
        int64_t roles = draw_poisson(r, rate * (BEFORE + WATCHED));

        for (int64_t i = 0; i < roles && n < ROLES_MAX; i++) {
            double posted = draw(r) * (BEFORE + WATCHED) - BEFORE;

            l[n].employer = (uint32_t)e;
            if (see(w, posted, draw_life(r, pace), phase, r, &l[n]))
                l[n++].employer = (uint32_t)e;
        }
    }
    return n;
}

struct seen {
    double median, covered, none, naive; /* naive: without delayed entry */
};

static struct seen simulate(const struct world *w, int runs)
{
    static struct lifetime l[ROLES_MAX];
    struct draws r = draws_from(w->k * 31 + (uint64_t)w->gap * 7 + (uint64_t)(w->habit * 100));
    double scale = scale_of(w->habit);
    struct seen ret = { 0 };
    int some = 0;

    for (int run = 0; run < runs; run++) {
        size_t n = watch(w, scale, &r, l);
        struct interval v = life_median(l, n);

        if (isnan(v.at)) {
            ret.none += 1. / runs;
            continue;
        }
        some++;
        ret.median += v.at;
        ret.covered += v.low <= TRUTH && !(v.high < TRUTH);
        if (run % NAIVE)
            continue;
        for (size_t i = 0; i < n; i++)
            l[i].entered = 0;
        ret.naive += life_median(l, n).at * NAIVE / runs;
    }
    ret.median /= some;
    ret.covered /= some;
    printf("employers %zu, read every %d days, habit %.1f, %.0f%% stated: median %.1f (without"
           " delayed entry %.1f), covered %.3f, none %.3f\n",
           w->k, w->gap, w->habit, 100 * w->stated, ret.median, ret.naive, ret.covered, ret.none);
    return ret;
}

static const struct world rows[] = {
    { EMPLOYERS, 1, .3, 1, .05 },  { EMPLOYERS, 7, .3, .5, .05 }, { 15, 1, .3, 1, .05 },
#ifdef FULL_GRID
    { EMPLOYERS, 3, .3, 1, .05 },  { EMPLOYERS, 7, .3, 1, .05 },  { EMPLOYERS, 1, .3, .5, .05 },
    { EMPLOYERS, 3, .3, .5, .05 }, { EMPLOYERS, 1, 0, 1, .05 },   { EMPLOYERS, 1, .6, 1, .05 },
    { 300, 1, .3, 1, .05 },        { 30, 1, .3, 1, .05 },
#endif
};
#ifdef FULL_GRID
enum { RUNS = 1000 };
static const double least = .93;
#else
enum { RUNS = 100 };
static const double least = .89; /* 93%, less two standard errors of so few runs */
#endif

static void the_median_life_is_found_whatever_the_readings(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct seen s = simulate(&rows[i], RUNS);

        CHECK_ROW(fabs(s.median / TRUTH - 1) <= .05, i);
        CHECK_ROW(s.covered >= least && s.none == 0, i);
        CHECK_ROW(s.naive > 1.1 * TRUTH, i); /* what delayed entry is for */
    }
}

RUN_TESTS(TEST(the_median_life_is_found_whatever_the_readings))
