#include <math.h>
#include <stdlib.h>

#include "aggregator/figures.h"
#include "aggregator/quantiles.h"
#include "aggregator/tally.h"
#include "core/arena.h"
#include "core/cleanup.h"

enum { OPEN_ENDED_MONTHS = 36 }; /* how far "4+ years" is taken to reach */

struct quantiles quantiles_of(struct valued *v, size_t n)
{
    struct quantiles ret = { NAN, NAN, NAN, 0, 0, NAN, NAN, NAN, NAN, NAN, NAN };
    struct interval i;

    valued_sort(v, n);
    ret.n = (int64_t)n;
    ret.employers = (int64_t)valued_employers(v, n);
    if (ret.employers >= MEDIAN_EMPLOYERS) {
        i = quantile_interval(v, n, .5);
        ret.p50 = i.at, ret.p50_low = i.low, ret.p50_high = i.high;
    }
    if (ret.employers >= QUARTILE_EMPLOYERS) {
        i = quantile_interval(v, n, .25);
        ret.p25 = i.at, ret.p25_low = i.low, ret.p25_high = i.high;
        i = quantile_interval(v, n, .75);
        ret.p75 = i.at, ret.p75_low = i.low, ret.p75_high = i.high;
    }
    return ret;
}

static size_t values_of(const struct opening *const *sel, size_t n, struct arena *a,
                        struct valued **ret)
{
    struct valued *v = ARENA_NEW(a, struct valued, n ? n : 1);
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (sel[i]->traits->pay > 0)
            v[kept++] = (struct valued){ sel[i]->traits->pay, sel[i]->employer };
    *ret = v;
    return kept;
}

/* Whether pay is said is the employer's habit: the share has the interval of a trait by employer,
 * and its likeness is its own where it can be seen. */
static struct share disclosed_of(const struct opening *const *sel, size_t n, size_t n_employers,
                                 struct arena *a)
{
    struct cluster *all = ARENA_NEW(a, struct cluster, n_employers + 1);
    size_t k = 0;

    for (size_t i = 0; i < n; i++) {
        all[sel[i]->employer].n++;
        all[sel[i]->employer].hits += sel[i]->traits->pay > 0;
    }
    for (size_t i = 0; i < n_employers; i++)
        if (all[i].n)
            all[k++] = all[i];
    return share_alone(all, k);
}

enum band_verdict band_verdict(const struct quantiles *q, int64_t low, int64_t high)
{
    const double top = high ? (double)high : INFINITY;

    if (isnan(q->p50) || (!low && !high))
        return BAND_UNKNOWN;
    return q->p50_high < (double)low                         ? BAND_BELOW
           : q->p50_low > top                                ? BAND_ABOVE
           : q->p50_low >= (double)low && q->p50_high <= top ? BAND_WITHIN
                                                             : BAND_UNDECIDED;
}

void roadmap_band(const struct roadmap_view *r, int64_t *ret_low, int64_t *ret_high)
{
    bool open = false, any = false;

    *ret_low = *ret_high = 0;
    for (int i = 0; r && i < STAGES; i++) {
        const struct stage_view *s = &r->stages[i];

        if (!s->band_low && !s->band_high)
            continue;
        if (!any || s->band_low < *ret_low)
            *ret_low = s->band_low;
        if (s->band_high > *ret_high)
            *ret_high = s->band_high;
        open |= !s->band_high;
        any = true;
    }
    if (open)
        *ret_high = 0;
}

static void compare_band(const struct valued *v, size_t n, const struct stage_view *band,
                         struct salary *to)
{
    double low = (double)band->band_low,
           high = band->band_high ? (double)band->band_high : INFINITY;

    if (!band->band_low && !band->band_high)
        return;
    for (size_t i = 0; i < n; i++) {
        to->below_band += v[i].value < low;
        to->above_band += v[i].value > high;
    }
    to->in_band = (int64_t)n - to->below_band - to->above_band;
    to->band = band_verdict(&to->pay, band->band_low, band->band_high);
}

const char *band_verdict_name(enum band_verdict v)
{
    static const char *const names[] = {
        [BAND_UNKNOWN] = "unknown", [BAND_BELOW] = "below",         [BAND_WITHIN] = "within",
        [BAND_ABOVE] = "above",     [BAND_UNDECIDED] = "undecided",
    };

    return names[v];
}

void salary_of(const struct market *m, const struct filter *f, struct salary *ret)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const struct opening **sel;
    struct valued *v;
    size_t n, disclosed;

    market_select(m, f, &scratch, &sel, &n);
    disclosed = values_of(sel, n, &scratch, &v);
    *ret = (struct salary){
        .openings = (int64_t)n,
        .disclosed = disclosed_of(sel, n, m->n_employers, &scratch),
        .pay = quantiles_of(v, disclosed),
    };
    if (m->roadmap && f->stage >= 1 && f->stage <= STAGES)
        compare_band(v, disclosed, &m->roadmap->stages[f->stage - 1], ret);
}

static int by_size(const void *x, const void *y)
{
    const double *a = x, *b = y;

    return (*a > *b) - (*a < *b);
}

size_t salary_list(const struct market *m, const struct filter *f, struct arena *a,
                   const double **ret)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const struct opening **sel;
    struct valued *v;
    double *list;
    size_t n;

    market_select(m, f, &scratch, &sel, &n);
    n = values_of(sel, n, &scratch, &v);
    list = ARENA_NEW(a, double, n + 1);
    for (size_t i = 0; i < n; i++)
        list[i] = v[i].value;
    if (n)
        qsort(list, n, sizeof(*list), by_size);
    *ret = list;
    return n;
}

static bool asks_for(const struct opening *o, double months)
{
    const struct traits *t = o->traits;
    double from = t->min_months, to = t->max_months;

    if (t->min_months < 0 && t->max_months < 0)
        return false;
    if (t->max_months < 0)
        to = from + OPEN_ENDED_MONTHS;
    return months >= from && months <= to;
}

/* The share of the values that are below a bound, or at it too. */
static struct share share_under(const struct valued *v, size_t n, double bound, bool at_it,
                                size_t n_employers, struct arena *a)
{
    struct cluster *all = ARENA_NEW(a, struct cluster, n_employers + 1);
    size_t k = 0;
    double icc;

    for (size_t i = 0; i < n; i++) {
        all[v[i].employer].n++;
        all[v[i].employer].hits += v[i].value < bound || (at_it && v[i].value <= bound);
    }
    for (size_t i = 0; i < n_employers; i++)
        if (all[i].n)
            all[k++] = all[i];
    icc = intra_correlation(all, k);
    return share_of(all, k, icc > 0 ? fmin(.95, icc) : .4);
}

/* A tie is half below: the share lies between that of those below and that of those not above. */
static struct share below_of(const struct valued *v, size_t n, double offer, size_t n_employers,
                             struct arena *a)
{
    struct share less = share_under(v, n, offer, false, n_employers, a);
    struct share most = share_under(v, n, offer, true, n_employers, a);

    return share_between(&less, (double)(less.openings + most.openings) / (2 * (double)n), &most);
}

static void place_in_roadmap(const struct roadmap_view *r, double months, struct offer *ret)
{
    for (int i = 0; r && i < STAGES; i++) {
        const struct stage_view *s = &r->stages[i];

        if (months < (double)s->from_month || (s->to_month && months >= (double)s->to_month))
            continue;
        ret->stage = i + 1;
        ret->band_low = s->band_low;
        ret->band_high = s->band_high;
        return;
    }
}

void offer_of(const struct market *m, const struct filter *f, int64_t inr, double years,
              struct offer *ret)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const struct opening **sel;
    struct valued *v;
    size_t n, kept = 0, disclosed;

    market_select(m, f, &scratch, &sel, &n);
    for (size_t i = 0; i < n; i++)
        if (asks_for(sel[i], years * 12))
            sel[kept++] = sel[i];
    disclosed = values_of(sel, kept, &scratch, &v);
    *ret = (struct offer){ .openings = (int64_t)kept, .pay = quantiles_of(v, disclosed) };
    ret->below = below_of(v, disclosed, (double)inr, m->n_employers, &scratch);
    place_in_roadmap(m->roadmap, years * 12, ret);
}
