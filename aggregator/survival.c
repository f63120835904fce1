#include "aggregator/survival.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

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

/* The weight of day t for a role that ended at an age in (after, by]. */
static double weight(const struct table *now, const struct lifetime *l, int t)
{
    return (now->lasts[t - 1] - now->lasts[t]) * overlap(t, l->after, l->by);
}

static int first_day(const struct lifetime *l)
{
    return (int)floor(l->after) + 1;
}

static int last_day(const struct lifetime *l)
{
    return (int)fmin(ceil(l->by), LIFE_DAYS);
}

/* Whether the day of its end is to be told: roles still open, or older than can be told, have
 * none. */
static bool has_end(const struct lifetime *l)
{
    return l->by <= LIFE_DAYS && first_day(l) <= LIFE_DAYS;
}

/* The days on which a role surely was there; a part of a day is a part of a role. */
static void add_watched(const struct lifetime *l, struct table *io)
{
    int first = first_day(l);

    for (int t = (int)floor(l->entered) + 1; t < first && t <= LIFE_DAYS; t++)
        io->watched[t] += overlap(t, l->entered, t);
    if (!has_end(l) && first <= LIFE_DAYS)
        io->watched[first] += overlap(first, l->entered, l->after);
}

/* Where a role ended, by the odds of the curve as it stands (Turnbull 1976). */
static void add_end(const struct table *now, const struct lifetime *l, struct table *io)
{
    int first = first_day(l), last = last_day(l);
    double total = 0, left = 1;
    bool flat;

    for (int t = first; t <= last; t++)
        total += weight(now, l, t);
    flat = !(total > 0);
    for (int t = first; flat && t <= last; t++)
        total += overlap(t, l->after, l->by);
    for (int t = first; t <= last; t++) {
        double here = flat ? overlap(t, l->after, l->by) : weight(now, l, t);

        here = total > 0 ? here / total : t == last;
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

/* Employers fall into groups, each of which is left out once. */
enum { GROUPS = 30, NO_GROUP = -1 };

struct roles {
    const struct lifetime *l; /* by employer */
    const int *group;
    size_t n;
};

/*
 * The curve that agrees with what it itself says of the roles whose end was not seen to the day,
 * from the one in `io` on. Where every end was, the first round is it: Kaplan-Meier with delayed
 * entry.
 */
static void settle(const struct roles *r, int without, struct table *io)
{
    struct table sure = { 0 };

    for (size_t i = 0; i < r->n; i++)
        if (r->group[i] != without)
            add_watched(&r->l[i], &sure);
    for (int round = 0; round < ROUNDS; round++) {
        struct table next = sure;
        double moved = 0;

        for (size_t i = 0; i < r->n; i++)
            if (r->group[i] != without && has_end(&r->l[i]))
                add_end(io, &r->l[i], &next);
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

/* Employers by turns; each whole. Returns how many groups there are. */
static int deal_groups(const struct lifetime *l, size_t n, int *ret)
{
    int k = -1;

    for (size_t i = 0; i < n; i++) {
        k += i == 0 || l[i].employer != l[i - 1].employer;
        ret[i] = k % GROUPS;
    }
    return k + 1 < GROUPS ? k + 1 : GROUPS;
}

/* The variance of the curve's logarithm day by day, by the delete-a-group jackknife (Kott 2001):
 * each group's employers are left out once, and the curve settles anew. */
static void vary(const struct roles *r, int groups, const struct table *all, double *ret)
{
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
    struct table *all = ARENA_NEW(&a, struct table, 1);
    double *variance = ARENA_NEW(&a, double, LIFE_DAYS + 1), k;
    int *group = ARENA_NEW(&a, int, n + 1), groups, day;

    if (n)
        qsort(l, n, sizeof(*l), by_employer);
    groups = deal_groups(l, n, group);
    k = fmin(groups, weigh_employers(l, n));
    settle(&(struct roles){ l, group, n }, NO_GROUP, all);
    day = first_watched(all);
    while (day <= LIFE_DAYS && all->watched[day] >= LIFE_AT_RISK && all->lasts[day] > .5)
        day++;
    if (day > LIFE_DAYS || all->watched[day] < LIFE_AT_RISK || k <= 1)
        return ret;
    vary(&(struct roles){ l, group, n }, groups, all, variance);
    ret.at = day - 1 + (all->lasts[day - 1] - .5) / (all->lasts[day - 1] - all->lasts[day]);
    bound(all, variance, student_t(k - 1, TAIL), day, &ret);
    return ret;
}
