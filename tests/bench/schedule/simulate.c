/*
 * simulate RATES REPLICATES | simulate check: what the planner's extra reads gain over evenly
 * spaced ones of the same number.
 *
 * 445 boards get rates of openings: drawn from RATES (rates.py: population, shape and rate of a
 * Gamma law a line), or made for the check. Each listing stays for 30 days on average. The planner
 * runs each hour for 56 days and knows only what its own readings found; the last 28 count. Against
 * it stand as many reads of the same boards and listings, each board's evenly spaced to the second,
 * from a phase of its own. A listing that no read saw is left out. Printed are mean hours until an
 * opening is seen and until a closing is; the interval of the ratio is over the replicates.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/date.h"
#include "crawler/schedule.h"
#include "tests/sim/draws.h"

enum {
    BOARDS = 445,
    DAYS = 56,
    WARM_DAYS = 28,
    LIFE_DAYS = 30,
    REPLICATES_MOST = 200,
    NAME = 24,
    MIDNIGHT = 1795458600, /* in Kolkata; the simulated weeks begin here */
};

struct law {
    char population[NAME];
    double shape, rate; /* shape 0: made, log-normal */
};

struct laws {
    struct law *items;
    size_t n, cap;
};

struct scenario {
    const char *name;
    int batch;         /* listings that open together */
    bool office_hours; /* what changes does so from Monday to Friday, 10 to 19 o'clock */
};

static const struct scenario scenarios[] = {
    { "any time, one by one", 1, false },
    { "batches of 5", 5, false },
    { "office hours, batches of 5", 5, true },
};

struct listing_life {
    double from, to; /* days since the start; before 0: it was open already */
};

struct times {
    double *items;
    size_t n, cap;
};

struct board {
    char key[NAME];
    struct {
        struct listing_life *items;
        size_t n, cap;
    } listings;
    struct times reads;
    struct { /* changes found by each read */
        int64_t *items;
        size_t n, cap;
    } found;
};

struct delays {
    double opened, closed; /* sums of days */
    int64_t n_opened, n_closed;
};

struct outcome {
    struct delays planned, even;
    double extras_a_day;
};

/* A week's working hours spread over the whole of it, put back where they were. */
static double at_work(double t)
{
    double week = floor(t / 7), x = (t - week * 7) / 7 * 5, day = floor(x);

    return week * 7 + day + (10 + 9 * (x - day)) / 24;
}

static double draw_exponential(struct draws *r, double mean)
{
    return -mean * log(draw(r));
}

static void open_listings(struct board *b, double rate, const struct scenario *sc, struct draws *r,
                          struct arena *a)
{
    double t = -5. * LIFE_DAYS;

    for (;;) {
        t += draw_exponential(r, sc->batch / rate);
        if (t >= DAYS)
            return;
        for (int i = 0; i < sc->batch; i++) {
            double from = t, to = t + draw_exponential(r, LIFE_DAYS);

            if (to <= 0)
                continue;
            *ARENA_PUSH(a, &b->listings) =
                (struct listing_life){ sc->office_hours ? at_work(from) : from,
                                       sc->office_hours ? at_work(to) : to };
        }
    }
}

/* Listings that a read finds open and the one before did not, or the other way round. */
static int64_t changes_between(const struct board *b, double before, double now)
{
    int64_t n = 0;

    for (size_t i = 0; i < b->listings.n; i++) {
        const struct listing_life *l = &b->listings.items[i];
        bool then = l->from <= before && l->to > before, is = l->from <= now && l->to > now;

        n += then != is;
    }
    return n;
}

static void read_board(struct board *b, double now, struct arena *a)
{
    double before = b->reads.n ? b->reads.items[b->reads.n - 1] : now;

    *ARENA_PUSH(a, &b->found) = changes_between(b, before, now);
    *ARENA_PUSH(a, &b->reads) = now;
}

static int64_t clock_of(double t)
{
    return MIDNIGHT + (int64_t)llround(t * DAY_SECONDS);
}

/* As the store would tell it. */
static struct schedule_source known(const struct board *b, double now)
{
    struct schedule_source s = { .key = str_of(b->key), .texts_owed_before = -1 };
    size_t n = b->reads.n, first = 0;

    if (!n)
        return s;
    s.last_reading = s.last_proven = clock_of(b->reads.items[n - 1]);
    while (b->reads.items[first] < now - SCHEDULE_MEMORY_DAYS)
        first++;
    s.days = b->reads.items[n - 1] - b->reads.items[first];
    for (size_t i = first; i < n; i++) {
        s.changes += i > first ? b->found.items[i] : 0;
        s.reads_today += b->reads.items[i] >= floor(now);
    }
    return s;
}

static void run_planner(struct board *boards, int64_t budget, struct arena *a)
{
    struct schedule_source *plan = ARENA_NEW(a, struct schedule_source, BOARDS);

    for (int hour = 0; hour < DAYS * 24; hour++) {
        double now = hour / 24.;

        for (size_t i = 0; i < BOARDS; i++)
            plan[i] = known(&boards[i], now);
        schedule_plan(plan, BOARDS, &(struct schedule_options){ clock_of(now), budget });
        for (size_t i = 0; i < BOARDS; i++)
            if (plan[i].due)
                read_board(&boards[i], now, a);
    }
}

/* The first read at or after t; -1: none. */
static double read_after(const struct times *reads, double t)
{
    size_t low = 0, high = reads->n;

    while (low < high) {
        size_t mid = (low + high) / 2;

        if (reads->items[mid] < t)
            low = mid + 1;
        else
            high = mid;
    }
    return low < reads->n ? reads->items[low] : -1;
}

static void measure(const struct board *b, const struct times *reads, struct delays *ret)
{
    for (size_t i = 0; i < b->listings.n; i++) {
        const struct listing_life *l = &b->listings.items[i];
        double seen = read_after(reads, l->from), gone = read_after(reads, l->to);
        bool measured = l->from >= WARM_DAYS && l->from < DAYS - 1;

        if (measured && seen < l->to) {
            ret->opened += seen - l->from;
            ret->n_opened++;
        }
        if (l->to >= WARM_DAYS && l->to < DAYS - 1 && seen >= 0 && seen < l->to) {
            ret->closed += gone - l->to;
            ret->n_closed++;
        }
    }
}

static struct times even_reads(double every, double phase, struct arena *a)
{
    struct times t = { 0 };

    for (double at = phase * every; at < DAYS + 1; at += every)
        *ARENA_PUSH(a, &t) = at;
    return t;
}

static bool has(const struct laws *laws, const char *population)
{
    for (size_t i = 0; i < laws->n; i++)
        if (strcmp(laws->items[i].population, population) == 0)
            return true;
    return false;
}

static double draw_rate(const struct laws *laws, const char *population, struct draws *r)
{
    const struct law *law;

    do
        law = &laws->items[(size_t)(draw(r) * (double)laws->n)];
    while (strcmp(law->population, population) != 0);
    if (law->shape <= 0)
        return exp(-1 + 1.2 * draw_normal(r));
    return fmax(exp(draw_log_gamma(r, law->shape)) / law->rate, 1e-6);
}

static struct outcome replicate(const struct laws *laws, const char *population,
                                const struct scenario *sc, int64_t budget, uint64_t seed)
{
    struct arena a = ARENA_INIT;
    struct board *boards = ARENA_NEW(&a, struct board, BOARDS);
    struct draws r = draws_from(seed);
    struct outcome o = { 0 };
    double reads = 0;

    for (size_t i = 0; i < BOARDS; i++) {
        snprintf(boards[i].key, sizeof(boards[i].key), "board:%zu", i);
        open_listings(&boards[i], draw_rate(laws, population, &r), sc, &r, &a);
    }
    run_planner(boards, budget, &a);
    for (size_t i = 0; i < BOARDS; i++)
        for (size_t k = 0; k < boards[i].reads.n; k++)
            reads += boards[i].reads.items[k] >= WARM_DAYS;
    for (size_t i = 0; i < BOARDS; i++) {
        double every = (double)BOARDS * (DAYS - WARM_DAYS) / reads;
        struct times even = even_reads(every, draw(&r), &a);

        *ARENA_PUSH(&a, &boards[i].reads) = DAYS; /* the next day's */
        measure(&boards[i], &boards[i].reads, &o.planned);
        measure(&boards[i], &even, &o.even);
    }
    o.extras_a_day = reads / (DAYS - WARM_DAYS) - BOARDS;
    arena_free(&a);
    return o;
}

struct ratio {
    double sum, squares;
};

static void add(struct ratio *r, double planned, double even)
{
    double x = log(planned / even);

    r->sum += x;
    r->squares += x * x;
}

/* Of the mean log ratio, at 95 % (the normal law; replicates are 20 or more). */
static void print_ratio(const struct ratio *r, int n)
{
    double mean = r->sum / n, var = (r->squares - n * mean * mean) / (n - 1);
    double half = 1.96 * sqrt(fmax(var, 0) / n);

    printf(" %5.3f (%.3f-%.3f)", exp(mean), exp(mean - half), exp(mean + half));
}

static double hours(double days, int64_t n)
{
    return n ? days * 24 / (double)n : 0;
}

/* The ratio of the mean delays until an opening is seen. */
static double compare(const struct laws *laws, const char *population, const struct scenario *sc,
                      int64_t budget, int n)
{
    struct ratio opened = { 0 }, closed = { 0 };
    struct outcome all = { 0 };

    for (int i = 0; i < n; i++) {
        struct outcome o = replicate(laws, population, sc, budget, (uint64_t)i);
        double p = hours(o.planned.opened, o.planned.n_opened),
               e = hours(o.even.opened, o.even.n_opened),
               pc = hours(o.planned.closed, o.planned.n_closed),
               ec = hours(o.even.closed, o.even.n_closed);

        add(&opened, p, e);
        add(&closed, pc, ec);
        all.planned.opened += p / n;
        all.planned.closed += pc / n;
        all.even.opened += e / n;
        all.even.closed += ec / n;
        all.extras_a_day += o.extras_a_day / n;
    }
    printf("%-10s %-28s %6lld %6.0f  %5.2f %5.2f", population, sc->name, (long long)budget,
           all.extras_a_day, all.planned.opened, all.even.opened);
    print_ratio(&opened, n);
    printf("  %5.2f %5.2f", all.planned.closed, all.even.closed);
    print_ratio(&closed, n);
    putchar('\n');
    fflush(stdout);
    return exp(opened.sum / n);
}

static void print_head(void)
{
    printf("%-10s %-28s %6s %6s  %-11s %-19s  %-11s %s\n", "rates", "changes come", "budget",
           "extras", "opened: h", "ratio (95 %)", "closed: h", "ratio (95 %)");
    printf("%-10s %-28s %6s %6s  %5s %5s %-19s  %5s %5s\n", "", "", "", "a day", "plan", "even", "",
           "plan", "even");
}

/* Without measured rates: that the planner gains what the square root of the rates promises. */
static int check(struct arena *a)
{
    struct laws laws = { 0 };
    double ratio;

    *ARENA_PUSH(a, &laws) = (struct law){ "made", 0, 0 };
    print_head();
    ratio = compare(&laws, "made", &scenarios[0], BOARDS, 3);
    return ratio < .92 ? 0 : 1;
}

static int load(struct laws *ret, const char *path, struct arena *a)
{
    FILE *f = fopen(path, "r");
    struct law law;

    if (!f)
        return -1;
    while (fscanf(f, "%23s %lf %lf", law.population, &law.shape, &law.rate) == 3)
        *ARENA_PUSH(a, ret) = law;
    fclose(f);
    return ret->n ? 0 : -1;
}

int main(int argc, char **argv)
{
    static const char *const populations[] = { "boards", "employers" };
    static const int64_t budgets[] = { BOARDS / 4, 500, 2 * BOARDS };
    struct arena a = ARENA_INIT;
    struct laws laws = { 0 };
    long n = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    int r = 0;

    if (argc == 2 && strcmp(argv[1], "check") == 0) {
        r = check(&a);
    } else if (n < 2 || n > REPLICATES_MOST || load(&laws, argv[1], &a)) {
        fprintf(stderr, "usage: simulate RATES REPLICATES | simulate check\n");
        r = 2;
    } else {
        print_head();
        for (size_t p = 0; p < ARRAY_LEN(populations); p++)
            for (size_t i = 0; has(&laws, populations[p]) && i < ARRAY_LEN(scenarios); i++)
                for (size_t k = 0; k < ARRAY_LEN(budgets); k++)
                    (void)compare(&laws, populations[p], &scenarios[i], budgets[k], (int)n);
    }
    arena_free(&a);
    return r;
}
