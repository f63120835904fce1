#include <math.h>
#include <stdlib.h>

#include "aggregator/figures.h"
#include "aggregator/panel.h"
#include "aggregator/tally.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

enum { MEAN_DAYS = 7 };

/* What a run over missing days carries from one day to the next. */
struct walk {
    struct store *s;
    const struct roadmap_view *roadmap;
    const struct skill_view *skills;
    size_t n_skills;
    const struct proven_day *proven; /* in order of day */
    size_t n_proven;
    struct panel panel;
    double raw[MEAN_DAYS]; /* the index of the last days, by day modulo MEAN_DAYS; 0: none */
};

struct rows {
    struct figure_row *items;
    size_t n, cap;
    int64_t day;
    struct arena *a;
};

static struct figure_row *add(struct rows *to, struct str name, double value)
{
    struct figure_row *row = ARENA_PUSH(to->a, to);

    *row = (struct figure_row){
        .day = to->day, .name = name, .value = value, .low = NAN, .high = NAN
    };
    return row;
}

static int by_source(const void *x, const void *y)
{
    const struct posting_fact *a = *(const struct posting_fact *const *)x;
    const struct posting_fact *b = *(const struct posting_fact *const *)y;
    int order = str_cmp(a->source, b->source);

    return order ? order : (a->posting > b->posting) - (a->posting < b->posting);
}

/* The facts of one source: `facts` are sorted by source. */
static size_t facts_of(const struct facts *all, struct str source,
                       const struct posting_fact *const **ret)
{
    size_t low = 0, high = all->n, end;

    if (!all->n)
        return 0;
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (str_cmp(all->items[mid]->source, source) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (end = low; end < all->n && str_eq(all->items[end]->source, source); end++)
        ;
    *ret = all->items + low;
    return end - low;
}

static int64_t read_source(struct market_in in, const struct facts *all, struct str source)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;

    in.n_facts = facts_of(all, source, &in.facts);
    return source_value(&in, &scratch);
}

static double mean_of(const double *raw)
{
    double sum = 0;
    int n = 0;

    for (int i = 0; i < MEAN_DAYS; i++) {
        sum += raw[i];
        n += raw[i] > 0;
    }
    return n ? sum / n : NAN;
}

/* Each source proven on the day is compared with its own last proven value. */
static void add_panel(struct walk *w, const struct market_in *in, const struct facts *all,
                      struct rows *to)
{
    int64_t read = 0;
    struct str last = { 0 };

    for (size_t i = 0; i < w->n_proven; i++) {
        struct panel_source *s;
        int64_t value;

        if (w->proven[i].day != to->day || (read && str_eq(w->proven[i].source, last)))
            continue;
        read++;
        last = w->proven[i].source;
        s = panel_find(&w->panel, last);
        if (!s || s->read_today)
            continue;
        value = read_source(*in, all, last);
        panel_read(s, value);
        add(to, str_printf(to->a, "source:" STR_FMT, STR_ARG(last)), (double)value);
    }
    panel_step(&w->panel, to->day);
    w->raw[to->day % MEAN_DAYS] = w->panel.index;
    add(to, STR("sources_read"), (double)read);
    if (w->panel.index > 0) {
        add(to, STR("panel_raw"), w->panel.index);
        add(to, STR("panel_index"), mean_of(w->raw));
    }
}

static void add_counts(const struct market *m, struct rows *to)
{
    struct roles r;

    roles_count(m, &r);
    for (size_t i = 0; i < ROLES_FIELDS; i++) {
        int64_t count = *(const int64_t *)((const char *)&r + roles_fields[i].at);
        struct figure_row *row = add(to, str_of(roles_fields[i].name), (double)count);

        if (str_eq(row->name, STR("openings"))) {
            row->n = r.openings;
            row->employers = r.employers;
        }
    }
}

static void add_skills(const struct market *m, struct rows *to)
{
    const struct opening **sel;
    struct demand_row *rows;
    struct tally t;
    size_t n;

    market_select(m, &(struct filter){ 0 }, to->a, &sel, &n);
    tally_of(m, sel, n, false, to->a, &t);
    n = demand_rows(m, &t, to->a, &rows);
    for (size_t i = 0; i < n; i++) {
        struct figure_row *row =
            add(to, str_printf(to->a, "skill:" STR_FMT, STR_ARG(rows[i].skill->id)),
                rows[i].demand.share);

        row->low = rows[i].demand.low;
        row->high = rows[i].demand.high;
        row->n = rows[i].demand.openings;
        row->employers = rows[i].demand.employers;
    }
}

/* A day that is over is final: what is learnt later of it belongs to the later day. */
static int make_day(struct walk *w, int64_t day, int64_t now, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    int64_t end = day_start(day + 1) - 1;
    struct facts facts = { .a = &a };
    struct rows rows = { .day = day, .a = &a };
    struct market_in in = {
        .at = end < now ? end : now,
        .roadmap = w->roadmap,
        .skills = w->skills,
        .n_skills = w->n_skills,
    };
    struct source_state *sources = NULL;
    struct market m;
    int r = store_sources_at(w->s, in.at, &a, &sources, &in.n_sources, d);

    if (r == 0)
        r = market_facts(w->s, in.at, &facts, d);
    if (r < 0)
        return r;
    in.sources = sources;
    if (facts.n)
        qsort(facts.items, facts.n, sizeof(*facts.items), by_source);
    in.facts = facts.items;
    in.n_facts = facts.n;
    market_build(&m, &in, &a);
    add_counts(&m, &rows);
    add_skills(&m, &rows);
    add_panel(w, &in, &facts, &rows);
    if (end < now)
        add(&rows, STR("final"), 1);
    return store_put_figures(w->s, rows.items, rows.n, d);
}

static int first_missing(struct walk *w, int64_t today, int64_t *ret, struct arena *a,
                         struct diag *d)
{
    struct figure_row *rows = NULL;
    size_t n = 0;
    int64_t first = today;
    int r;

    for (size_t i = 0; i < w->n_proven; i++)
        first = w->proven[i].day < first ? w->proven[i].day : first;
    r = store_figures(w->s, STR("final"), first, today, a, &rows, &n, d);
    if (r < 0)
        return r;
    for (size_t i = 0; i < n && rows[i].day == first; i++)
        first++;
    *ret = first;
    return 0;
}

static int restore_source(struct walk *w, struct panel_source *s, int64_t from, struct arena *a,
                          struct diag *d)
{
    struct str name = str_printf(a, "source:" STR_FMT, STR_ARG(s->key));
    struct figure_row *rows = NULL;
    size_t n = 0;
    int r = store_figures(w->s, name, from - PANEL_GAP_DAYS - 1, from - 1, a, &rows, &n, d);

    if (r == 0 && n)
        panel_restore(s, rows[n - 1].day, (int64_t)rows[n - 1].value);
    return r;
}

static int restore(struct walk *w, int64_t from, struct arena *a, struct diag *d)
{
    struct figure_row *rows = NULL;
    size_t n = 0;
    int r = store_figures(w->s, STR("panel_raw"), from - MEAN_DAYS, from - 1, a, &rows, &n, d);

    for (size_t i = 0; r == 0 && i < n; i++) {
        w->raw[rows[i].day % MEAN_DAYS] = rows[i].value;
        w->panel.index = rows[i].value;
    }
    for (size_t i = 0; r == 0 && n && i < w->panel.n; i++)
        r = restore_source(w, &w->panel.items[i], from, a, d);
    return r;
}

int series_update(struct store *s, int64_t now, const struct roadmap_view *roadmap,
                  const struct skill_view *skills, size_t n_skills, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    int64_t today = day_of(now), day = today;
    struct proven_day *proven = NULL;
    struct source_state *sources = NULL;
    struct walk w = { .s = s, .roadmap = roadmap, .skills = skills, .n_skills = n_skills };
    size_t n_sources = 0;
    int r = store_sources(s, &a, &sources, &n_sources, d);

    if (r == 0)
        r = store_proven_days(s, INT64_MAX, &a, &proven, &w.n_proven, d);
    if (r < 0 || w.n_proven == 0)
        return r;
    w.proven = proven;
    panel_init(&w.panel, sources, n_sources, &a);
    r = first_missing(&w, today, &day, &a, d);
    if (r == 0)
        r = restore(&w, day, &a, d);
    for (; r == 0 && day <= today; day++)
        r = make_day(&w, day, now, d);
    return r;
}

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
