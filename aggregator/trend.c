#include <math.h>

#include "aggregator/figures.h"
#include "core/arena.h"
#include "core/date.h"

static struct series_row *row_of(struct series_row *rows, size_t n, int64_t day)
{
    for (size_t i = n; i > 0 && rows[i - 1].day >= day; i--)
        if (rows[i - 1].day == day)
            return &rows[i - 1];
    return NULL;
}

int series_load(struct store *s, int64_t from, int64_t to, struct arena *a, struct series_row **ret,
                size_t *ret_n, struct diag *d)
{
    static const char *const names[] = { "openings", "postings", "sources_read", "panel_index" };
    struct series_row *rows = NULL;
    size_t n = 0;

    for (size_t k = 0; k < ARRAY_LEN(names); k++) {
        struct figure_row *figures = NULL;
        size_t n_figures = 0;
        int r = store_figures(s, str_of(names[k]), from, to, a, &figures, &n_figures, d);

        if (r < 0)
            return r;
        if (k == 0) {
            rows = ARENA_NEW(a, struct series_row, n_figures + 1);
            for (; n < n_figures; n++)
                rows[n] = (struct series_row){ .day = figures[n].day, .panel_index = NAN };
        }
        for (size_t i = 0; i < n_figures; i++) {
            struct series_row *row = row_of(rows, n, figures[i].day);
            int64_t whole = (int64_t)figures[i].value;

            if (!row)
                continue;
            *(k == 0   ? &row->openings
              : k == 1 ? &row->postings
                       : &row->sources_read) = k < 3 ? whole : row->sources_read;
            if (k == 3)
                row->panel_index = figures[i].value;
        }
    }
    *ret = rows;
    *ret_n = n;
    return 0;
}

static bool has_index(const struct series_row *row)
{
    return row->sources_read > 0 && !isnan(row->panel_index);
}

/* The row that is 100; NULL: none can be. */
static const struct series_row *base_of(const struct series_row *rows, size_t n, int64_t from,
                                        int64_t base)
{
    for (size_t i = 0; i < n; i++)
        if (has_index(&rows[i]) && (base ? rows[i].day == base : rows[i].day >= from))
            return &rows[i];
    return NULL;
}

/* What the rules of today count more or less than was first finished for the day. */
static void set_revised(struct trend_row *rows, size_t n, const struct figure_row *first,
                        size_t n_first)
{
    for (size_t i = 0, j = 0; i < n; i++) {
        while (j < n_first && first[j].day < rows[i].day)
            j++;
        if (j < n_first && first[j].day == rows[i].day)
            rows[i].revised = rows[i].openings - (int64_t)first[j].value;
    }
}

int trend_load(struct store *s, int64_t from, int64_t to, int64_t base, struct arena *a,
               struct trend_row **ret, size_t *ret_n, struct diag *d)
{
    struct series_row *rows = NULL;
    struct figure_row *first = NULL;
    struct trend_row *list;
    const struct series_row *at;
    char day[DATE_TEXT];
    size_t n = 0, n_first = 0, kept = 0;
    int r =
        series_load(s, base && base < from ? base : from, base > to ? base : to, a, &rows, &n, d);

    if (r == 0)
        r = store_first_figures(s, STR("openings"), from, to, a, &first, &n_first, d);
    if (r < 0)
        return r;
    at = base_of(rows, n, from, base);
    if (base && !at) {
        day_format(base, day);
        return diag_fail(d, ERR_USAGE, "trend: %s: no index on that day", day);
    }
    list = ARENA_NEW(a, struct trend_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].day < from || rows[i].day > to)
            continue;
        list[kept++] = (struct trend_row){
            .day = rows[i].day,
            .openings = rows[i].openings,
            .sources_read = rows[i].sources_read,
            .raw_index =
                at && at->openings ? 100 * (double)rows[i].openings / (double)at->openings : NAN,
            .panel_index =
                at && has_index(&rows[i]) ? 100 * rows[i].panel_index / at->panel_index : NAN,
        };
    }
    set_revised(list, kept, first, n_first);
    *ret = list;
    *ret_n = kept;
    return 0;
}

int trend_skill(struct store *s, struct str skill, int64_t from, int64_t to, struct arena *a,
                struct figure_row **ret, size_t *ret_n, struct diag *d)
{
    return store_figures(s, str_printf(a, "skill:" STR_FMT, STR_ARG(skill)), from, to, a, ret,
                         ret_n, d);
}
