#include "aggregator/figures.h"

#include <math.h>

#include "aggregator/counts.h"
#include "aggregator/finished.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

static int count_sources(const struct market *m, struct store *s, struct roles *ret, struct diag *d)
{
    struct source_standing n = { 0 };
    int r =
        store_source_standing(s, m->at, day_start(m->day), day_start(m->day - STALE_DAYS), &n, d);

    ret->sources_read = n.read;
    ret->sources_stale = n.stale;
    ret->sources_failed = n.failed;
    return r;
}

static const struct series_row *row_on(const struct series_row *rows, size_t n, int64_t day)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].day == day)
            return &rows[i];
    return NULL;
}

/*
 * The panel on two days: its 7-day mean where the older one has all its days, else the plain
 * chain, because a mean of one day against a mean of seven would invent a change.
 */
static int panel_change(struct store *s, const struct series_row *first,
                        const struct series_row *then, const struct series_row *last,
                        struct arena *a, double *ret, struct diag *d)
{
    double was = then->panel_index, is = last->panel_index;
    struct figure_row *raw = NULL;
    size_t n = 0;
    int r = 0;

    if (first->day > then->day - (CHANGE_DAYS - 1)) {
        r = store_figures(s, STR("panel_raw"), then->day, last->day, a, &raw, &n, d);
        was = n && raw[0].day == then->day ? raw[0].value : NAN;
        is = n && raw[n - 1].day == last->day ? raw[n - 1].value : NAN;
    }
    *ret = 100 * (is / was - 1);
    return r;
}

/* From the newest day of the series to the one CHANGE_DAYS earlier. */
static int find_change(const struct market *m, struct store *s, struct roles *ret, struct arena *a,
                       struct diag *d)
{
    struct series_row *rows = NULL;
    const struct series_row *last, *then;
    size_t n = 0;
    int r = series_load(s, m->day - (int64_t)2 * CHANGE_DAYS, m->day, a, &rows, &n, d);

    if (r < 0)
        return r;
    if (!n)
        return 0;
    last = &rows[n - 1];
    then = row_on(rows, n, last->day - CHANGE_DAYS);
    if (!then)
        return 0;
    ret->raw_openings = (last->day == m->day ? ret->openings : last->openings) - then->openings;
    r = panel_change(s, &rows[0], then, last, a, &ret->panel_percent, d);
    ret->has_change = r == 0 && isfinite(ret->panel_percent);
    if (!ret->has_change)
        ret->panel_percent = NAN;
    return r;
}

int roles_of(const struct market *m, struct store *s, struct roles *ret, struct arena *a,
             struct diag *d)
{
    int r = 0;

    if (m->made)
        r = finished_roles(m, s, ret, a, d);
    else
        roles_count(m, ret);
    if (r == 0 && s)
        r = count_sources(m, s, ret, d);
    return r == 0 && s ? find_change(m, s, ret, a, d) : r;
}

int mix_of(const struct market *m, struct store *s, const struct roles *now, struct mix *ret,
           struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    const int64_t then = m->day - CHANGE_DAYS;
    const struct source_mix_times at = { .before = day_start(then + 1) - 1,
                                         .before_fresh = day_start(then - STALE_DAYS),
                                         .now = m->at,
                                         .now_fresh = day_start(m->day - STALE_DAYS) };
    struct figure_row *rows = NULL;
    size_t n = 0;
    int r = store_source_mix(s, &at, &ret->sources, d);

    if (r == 0)
        r = store_figures(s, STR("employers"), then, then, &a, &rows, &n, d);
    ret->employers = now->employers;
    ret->employers_before = n ? (int64_t)rows[0].value : -1;
    return r < 0 ? r : 0;
}
