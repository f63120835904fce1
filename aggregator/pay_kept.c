#include <math.h>

#include "aggregator/finished.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

enum { DISCLOSED, ALL, LOWER, MEDIAN, UPPER };

static const char *const names[PAY_FIGURES] = {
    [DISCLOSED] = "pay_disclosed", [ALL] = "pay_openings", [LOWER] = "pay_p25",
    [MEDIAN] = "pay_p50",          [UPPER] = "pay_p75",
};

static struct figure_row quantile(const struct quantiles *q, double value, double low, double high)
{
    return (struct figure_row){
        .value = value, .low = low, .high = high, .n = q->n, .employers = q->employers
    };
}

void pay_figures(const struct salary *p, struct figure_row ret[PAY_FIGURES])
{
    const struct quantiles *q = &p->pay;
    const struct share *s = &p->disclosed;

    ret[DISCLOSED] = (struct figure_row){ .value = s->share,
                                          .low = s->low,
                                          .high = s->high,
                                          .n = s->openings,
                                          .employers = s->employers };
    ret[ALL] = (struct figure_row){ .value = (double)p->openings, .low = NAN, .high = NAN };
    ret[LOWER] = quantile(q, q->p25, q->p25_low, q->p25_high);
    ret[MEDIAN] = quantile(q, q->p50, q->p50_low, q->p50_high);
    ret[UPPER] = quantile(q, q->p75, q->p75_low, q->p75_high);
    for (size_t i = 0; i < PAY_FIGURES; i++)
        ret[i].name = str_of(names[i]);
}

int pay_kept(struct store *s, int64_t day, struct salary *ret, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct figure_row of[PAY_FIGURES];

    for (size_t i = 0; i < PAY_FIGURES; i++) {
        struct figure_row *rows = NULL;
        size_t n = 0;
        int r = store_figures(s, str_of(names[i]), day, day, &a, &rows, &n, d);

        if (r < 0 || n == 0)
            return r < 0 ? r : STORE_NONE;
        of[i] = rows[0];
    }
    *ret = (struct salary){
        .openings = (int64_t)of[ALL].value,
        .disclosed = { of[DISCLOSED].n, of[DISCLOSED].employers, of[DISCLOSED].value,
                       of[DISCLOSED].low, of[DISCLOSED].high, isnan(of[DISCLOSED].value) },
        .pay = { of[LOWER].value, of[MEDIAN].value, of[UPPER].value, of[MEDIAN].n,
                 of[MEDIAN].employers, of[LOWER].low, of[LOWER].high, of[MEDIAN].low,
                 of[MEDIAN].high, of[UPPER].low, of[UPPER].high },
    };
    return 0;
}

int pay_of(const struct market *m, struct store *s, struct salary *ret, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    const struct filter all = { 0 };
    struct market whole;
    int r = m->made ? pay_kept(s, day_of(m->made), ret, d) : 0;

    if (m->made && r != STORE_NONE)
        return r;
    if (m->made) { /* finished before pay was kept */
        r = market_load(&whole, s, m->at, m->roadmap, m->skills, m->n_skills, &a, d);
        m = &whole;
    }
    if (r == 0)
        salary_of(m, &all, ret);
    return r;
}
