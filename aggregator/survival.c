#include "aggregator/survival.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"

/* Rounds of self-consistency, and how still the curve must stand for the last one. */
enum { ROUNDS = 200 };
static const double STILL = 1e-4, TAIL = .025, LEAST = 1e-4;

/*
 * Day t (1 to LIFE_DAYS) is the ages (t-1, t]. ended: roles that ended on it; watched: roles
 * that could have; lasts: the share that outlives it.
 */
struct table {
    double ended[LIFE_DAYS + 1], watched[LIFE_DAYS + 1], lasts[LIFE_DAYS + 1];
};

static double within(double v, double low, double high)
{
    return v < low ? low : v > high ? high : v;
}

/* How much of day t lies in the ages (from, to]. */
static double overlap(int t, double from, double to)
{
    double low = fmax(t - 1, from), high = fmin(t, to);

    return high > low ? high - low : 0;
}

static int first_day(const struct lifetime *l)
{
    return (int)floor(l->after) + 1;
}

/* Whether the day of its end is to be told: roles still open, or older than can be told, have
 * none. */
static bool has_end(const struct lifetime *l)
{
    return l->by <= LIFE_DAYS && first_day(l) <= LIFE_DAYS;
}

/* The days on which a role surely was there; a part of a day is a part of a role. */
static void add_watched(const struct lifetime *l, double *io)
{
    int first = first_day(l);

    for (int t = (int)floor(l->entered) + 1; t < first && t <= LIFE_DAYS; t++)
        io[t] += overlap(t, l->entered, t);
    if (!has_end(l) && first <= LIFE_DAYS)
        io[first] += overlap(first, l->entered, l->after);
}

/* Employers fall into groups, each of which is left out once. */
enum { GROUPS = 30, NO_GROUP = GROUPS };

/* Roles whose end lies in the same hours of age are one. */
struct end {
    double after, by;
    int first, last;              /* days */
    double part_first, part_last; /* of those days; of the days between, the whole */
    double roles[GROUPS + 1];     /* in all but one group; [NO_GROUP]: in all */
};

/* What is known of all roles and, each time, without one group. */
struct roles {
    struct end *ends;
    size_t n_ends;
    double watched[GROUPS + 1][LIFE_DAYS + 1]; /* for sure; [NO_GROUP]: by all */
    int groups;
};

static double part_of(const struct end *e, int t)
{
    return t == e->first ? e->part_first : t == e->last ? e->part_last : 1;
}

/* Where roles ended, by the odds of the curve as it stands (Turnbull 1976). */
static void add_end(const struct table *now, const struct end *e, double roles, struct table *io)
{
    double total = 0, left = roles;
    bool flat;

    for (int t = e->first; t <= e->last; t++)
        total += (now->lasts[t - 1] - now->lasts[t]) * part_of(e, t);
    flat = !(total > 0);
    for (int t = e->first; flat && t <= e->last; t++)
        total += part_of(e, t);
    for (int t = e->first; t <= e->last; t++) {
        double here = part_of(e, t) * (flat ? 1 : now->lasts[t - 1] - now->lasts[t]);

        here = roles * (total > 0 ? here / total : t == e->last);
        io->ended[t] += here;
        io->watched[t] += left;
        left = fmax(0, left - here);
    }
}

/* Ages at which hardly a role was watched before the first with LIFE_AT_RISK say nothing: readings
 * a week apart watch no role on its first days. */
static int first_watched(const struct table *t)
{
    int day = 1;

    while (day <= LIFE_DAYS && t->watched[day] < LIFE_AT_RISK)
        day++;
    return day;
}

static void draw_curve(struct table *io)
{
    int first = first_watched(io);

    io->lasts[0] = 1;
    for (int t = 1; t <= LIFE_DAYS; t++) {
        bool known = t >= first && io->watched[t] > 0;
        double odds = known ? within(io->ended[t] / io->watched[t], 0, 1) : 0;

        io->lasts[t] = io->lasts[t - 1] * (1 - odds);
    }
}

/*
 * The curve that agrees with what it itself says of the roles whose end was not seen to the day,
 * from the one in `io` on. Where every end was, the first round is it: Kaplan-Meier with delayed
 * entry.
 */
static void settle(const struct roles *r, int without, struct table *io)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct table next = { 0 };
        double moved = 0;

        memcpy(next.watched, r->watched[without], sizeof(next.watched));
        for (size_t i = 0; i < r->n_ends; i++)
            if (r->ends[i].roles[without] > 0)
                add_end(io, &r->ends[i], r->ends[i].roles[without], &next);
        draw_curve(&next);
        for (int t = 1; t <= LIFE_DAYS; t++)
            moved = fmax(moved, fabs(next.lasts[t] - io->lasts[t]));
        *io = next;
        if (moved < STILL)
            return;
    }
}

static int by_employer(const void *a, const void *b)
{
    const struct lifetime *x = a, *y = b;

    return (x->employer > y->employer) - (x->employer < y->employer);
}

/* A role's end, and its employer's group. */
struct seen {
    double after, by;
    int group;
};

static int by_hours(const void *a, const void *b)
{
    const struct seen *x = a, *y = b;

    if (x->after != y->after)
        return x->after < y->after ? -1 : 1;
    return (x->by > y->by) - (x->by < y->by);
}

/* So much is known of an age, and hardly more. */
static double in_hours(double age)
{
    return isinf(age) ? age : round(age * 24) / 24;
}

static struct end end_of(const struct seen *seen)
{
    struct end e = { .after = seen->after, .by = seen->by, .first = (int)floor(seen->after) + 1 };

    e.last = (int)fmin(ceil(e.by), LIFE_DAYS);
    e.last = e.last > e.first ? e.last : e.first;
    e.part_first = overlap(e.first, e.after, e.by);
    e.part_last = overlap(e.last, e.after, e.by);
    return e;
}

/* Of each group, as counted, the sums without it. */
static void leave_out(double *io, int groups)
{
    double all = 0;

    for (int g = 0; g < groups; g++)
        all += io[g];
    for (int g = 0; g < groups; g++)
        io[g] = all - io[g];
    io[NO_GROUP] = all;
}

static void merge_ends(struct seen *seen, size_t n, struct roles *io, struct arena *a)
{
    struct {
        struct end *items;
        size_t n, cap;
    } ends = { 0 };

    if (n)
        qsort(seen, n, sizeof(*seen), by_hours);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || by_hours(&seen[i - 1], &seen[i]) != 0)
            *ARENA_PUSH(a, &ends) = end_of(&seen[i]);
        ends.items[ends.n - 1].roles[seen[i].group]++;
    }
    io->ends = ends.items;
    io->n_ends = ends.n;
    for (size_t i = 0; i < ends.n; i++)
        leave_out(ends.items[i].roles, io->groups);
}

static void sum_watched(struct roles *io)
{
    for (int t = 0; t <= LIFE_DAYS; t++) {
        double day[GROUPS + 1];

        for (int g = 0; g < io->groups; g++)
            day[g] = io->watched[g][t];
        leave_out(day, io->groups);
        for (int g = 0; g < io->groups; g++)
            io->watched[g][t] = day[g];
        io->watched[NO_GROUP][t] = day[NO_GROUP];
    }
}

/* Employers by turns, each whole, fall into groups. */
static void gather(struct lifetime *l, size_t n, struct roles *ret, struct arena *a)
{
    struct seen *seen = ARENA_NEW(a, struct seen, n + 1);
    size_t ended = 0;
    int k = -1;

    if (n)
        qsort(l, n, sizeof(*l), by_employer);
    for (size_t i = 0; i < n; i++) {
        struct lifetime hours = { in_hours(l[i].entered), in_hours(l[i].after), in_hours(l[i].by),
                                  l[i].employer };

        k += i == 0 || l[i].employer != l[i - 1].employer;
        add_watched(&hours, ret->watched[k % GROUPS]);
        if (has_end(&hours))
            seen[ended++] = (struct seen){ hours.after, hours.by, k % GROUPS };
    }
    ret->groups = k + 1 < GROUPS ? k + 1 : GROUPS;
    merge_ends(seen, ended, ret, a);
    sum_watched(ret);
}

/* The variance of the curve's logarithm day by day, by the delete-a-group jackknife (Kott 2001):
 * each group's employers are left out once, and the curve settles anew. */
static void vary(const struct roles *r, const struct table *all, double *ret)
{
    const int groups = r->groups;

    for (int t = 0; t <= LIFE_DAYS; t++)
        ret[t] = 0;
    for (int g = 0; g < groups; g++) {
        struct table less = *all;

        settle(r, g, &less);
        for (int t = 1; t <= LIFE_DAYS; t++) {
            double off = log(fmax(less.lasts[t], LEAST)) - log(fmax(all->lasts[t], LEAST));

            ret[t] += off * off * (groups - 1) / groups;
        }
    }
}

/* How many employers of equal weight stand behind the curve. */
static double weigh_employers(const struct lifetime *l, size_t n)
{
    double days = 0, squares = 0;

    for (size_t i = 0, j; i < n; i = j) {
        double own = 0;

        for (j = i; j < n && l[j].employer == l[i].employer; j++)
            own += fmax(0, fmin(l[j].after, LIFE_DAYS) - l[j].entered);
        days += own;
        squares += own * own;
    }
    return squares > 0 ? days * days / squares : 0;
}

/* Whether half of the roles may outlive day t: on the scale of log(-log), on which the curve's
 * error is nearly normal (Brookmeyer and Crowley 1982; Kalbfleisch and Prentice 1980). */
static bool may_be_half(double lasts, double variance, double quantile)
{
    double off;

    if (lasts <= 0 || lasts >= 1)
        return false;
    off = log(-log(lasts)) - log(log(2));
    return fabs(off) <= quantile * sqrt(variance) / -log(lasts);
}

/* The days around the median on which the curve may pass the half, as ages; open where they reach
 * the last one watched. */
static void bound(const struct table *all, const double *variance, double quantile, int median,
                  struct interval *ret)
{
    int low = median, high = median, first = first_watched(all);

    while (low > first && may_be_half(all->lasts[low - 1], variance[low - 1], quantile))
        low--;
    while (high < LIFE_DAYS && all->watched[high + 1] > 0
           && may_be_half(all->lasts[high + 1], variance[high + 1], quantile))
        high++;
    ret->low = low - 1;
    if (high < LIFE_DAYS && all->watched[high + 1] > 0)
        ret->high = high;
}

struct interval life_median(struct lifetime *l, size_t n)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct interval ret = { NAN, NAN, NAN };
    struct roles *r = ARENA_NEW(&a, struct roles, 1);
    struct table *all = ARENA_NEW(&a, struct table, 1);
    double *variance = ARENA_NEW(&a, double, LIFE_DAYS + 1), k;
    int day;

    gather(l, n, r, &a);
    k = fmin(r->groups, weigh_employers(l, n));
    settle(r, NO_GROUP, all);
    day = first_watched(all);
    while (day <= LIFE_DAYS && all->watched[day] >= LIFE_AT_RISK && all->lasts[day] > .5)
        day++;
    if (day > LIFE_DAYS || all->watched[day] < LIFE_AT_RISK || k <= 1)
        return ret;
    vary(r, all, variance);
    ret.at = day - 1 + (all->lasts[day - 1] - .5) / (all->lasts[day - 1] - all->lasts[day]);
    bound(all, variance, student_t(k - 1, TAIL), day, &ret);
    return ret;
}
