#include <math.h>

#include "aggregator/counts.h"
#include "aggregator/day.h"
#include "aggregator/finished.h"
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
    const struct proven_reading *proven; /* from the first missing day on */
    size_t n_proven;
    const struct source_state *sources; /* all, as they are now */
    size_t n_sources;
    struct panel panel;
    double raw[MEAN_DAYS]; /* the index of the last days, by day modulo MEAN_DAYS; 0: none */
};

struct figure_rows {
    struct figure_row *items;
    size_t n, cap;
    int64_t day;
    struct arena *a;
};

static struct figure_row *add(struct figure_rows *to, struct str name, double value)
{
    struct figure_row *row = ARENA_PUSH(to->a, to);

    *row = (struct figure_row){
        .day = to->day, .name = name, .value = value, .low = NAN, .high = NAN
    };
    return row;
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

/* Which sources were proven on a day. */
static size_t mark_proven(const struct walk *w, int64_t day, bool *ret)
{
    size_t n = 0;

    for (size_t i = 0; i < w->n_proven; i++) {
        const struct source_state *s;

        if (w->proven[i].day != day)
            continue;
        s = source_state_find(w->sources, w->n_sources, w->proven[i].source);
        if (!s || ret[s - w->sources])
            continue;
        ret[s - w->sources] = true;
        n++;
    }
    return n;
}

/* Each source proven on the day is compared with its own last proven value. */
static void add_panel(struct walk *w, const bool *proven, size_t read, const int64_t *values,
                      struct figure_rows *to)
{
    for (size_t i = 0; i < w->n_sources; i++) {
        struct str key = w->sources[i].row.key;
        struct panel_source *s = proven[i] ? panel_find(&w->panel, key) : NULL;

        if (!s)
            continue;
        panel_read(s, values[i]);
        add(to, source_figure(key, to->a), (double)values[i]);
    }
    panel_step(&w->panel, to->day);
    w->raw[to->day % MEAN_DAYS] = w->panel.index;
    add(to, STR("sources_read"), (double)read);
    if (w->panel.index > 0) {
        add(to, STR("panel_raw"), w->panel.index);
        add(to, STR("panel_index"), mean_of(w->raw));
    }
}

static void add_counts(const struct market *m, struct figure_rows *to)
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

static void add_skills(const struct market *m, struct figure_rows *to)
{
    struct rows all = sheet_select(m, &(struct filter){ 0 }, false, to->a);
    struct demand_row *rows;
    struct tally t;
    size_t n;

    tally_of(m, &all, false, NULL, to->a, &t);
    tally_pool(&t, m->n_skills);
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

static void add_life(const struct life *life, struct figure_rows *to)
{
    struct figure_row rows[LIFE_FIGURES];

    for (int stage = 0; stage <= STAGES; stage++) {
        life_figures(&life[stage], stage, rows, to->a);
        for (size_t i = 0; i < LIFE_FIGURES; i++) {
            rows[i].day = to->day;
            *ARENA_PUSH(to->a, to) = rows[i];
        }
    }
}

static void add_pay(const struct market *m, struct figure_rows *to)
{
    struct figure_row rows[PAY_FIGURES];
    struct salary pay;

    salary_of(m, &(struct filter){ 0 }, &pay);
    pay_figures(&pay, rows);
    for (size_t i = 0; i < PAY_FIGURES; i++) {
        rows[i].day = to->day;
        *ARENA_PUSH(to->a, to) = rows[i];
    }
}

/* What may still be asked of a day that is over: a change since then (figures.h). */
enum { KEEP_DAYS = CHANGE_DAYS + 2 };

static void add_day(struct walk *w, const struct day *made, const bool *proven, size_t read,
                    struct figure_rows *to)
{
    add_counts(&made->market, to);
    add_skills(&made->market, to);
    add_life(made->life, to);
    add_pay(&made->market, to);
    add_panel(w, proven, read, made->values, to);
}

/* How a day comes to its figures: as it may be, or without a walk alone (STORE_NONE: it cannot). */
enum manner { AS_IT_MAY, CARRIED };

/* A day that is over is final: what is learnt later of it belongs to the later day. Of the day that
 * is not, openings and answers are stored too. */
static int make_day(struct walk *w, int64_t day, int64_t now, enum manner manner, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    const int64_t end = day_start(day + 1) - 1;
    const bool is_over = end < now;
    struct figure_rows rows = { .day = day, .a = &a };
    bool *proven = ARENA_NEW(&a, bool, w->n_sources + 1);
    size_t read = mark_proven(w, day, proven);
    struct day_options o = {
        .terms = { is_over ? end : now, w->roadmap, w->skills, w->n_skills },
        .sources = w->sources,
        .n_sources = w->n_sources,
        .valued = proven,
        .store_openings = !is_over,
    };
    struct day made;
    int r = day_carry(&made, w->s, &o, &a, d);

    if (r == STORE_NONE && manner == AS_IT_MAY)
        r = day_count(&made, w->s, &o, &a, d);
    if (r)
        return r;
    add_day(w, &made, proven, read, &rows);
    if (is_over)
        add(&rows, STR("final"), 1);
    r = store_put_figures(w->s, rows.items, rows.n, d);
    if (r == 0 && day + KEEP_DAYS > day_of(now))
        r = market_keep(&made.market, w->s, d);
    return r || is_over ? r : finished_make(&made.market, w->s, &a, d);
}

/* The first day that has no final figures, from the first proven one on; 0: nothing was proven. */
static int first_missing(struct store *s, int64_t today, int64_t *ret, struct arena *a,
                         struct diag *d)
{
    struct figure_row *rows = NULL;
    int64_t proven = 0;
    size_t n = 0;
    int r = store_first_proven(s, &proven, d);

    *ret = 0;
    if (r < 0 || !proven)
        return r;
    *ret = day_of(proven) < today ? day_of(proven) : today;
    r = store_figures(s, STR("final"), *ret, today, a, &rows, &n, d);
    for (size_t i = 0; i < n && rows[i].day == *ret; i++)
        ++*ret;
    return r;
}

static int restore_source(struct walk *w, struct panel_source *s, int64_t from, struct arena *a,
                          struct diag *d)
{
    struct figure_row *rows = NULL;
    size_t n = 0;
    int r = store_figures(w->s, source_figure(s->key, a), from - PANEL_GAP_DAYS - 1, from - 1, a,
                          &rows, &n, d);

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

static int begin_walk(struct walk *w, int64_t day, struct arena *a, struct diag *d)
{
    struct proven_reading *proven = NULL;
    struct source_state *sources = NULL;
    int r = store_sources(w->s, a, &sources, &w->n_sources, d);

    if (r == 0)
        r = store_proven_readings(w->s, day_start(day), INT64_MAX, a, &proven, &w->n_proven, d);
    if (r < 0)
        return r;
    w->sources = sources;
    w->proven = proven;
    panel_init(&w->panel, sources, w->n_sources, a);
    return restore(w, day, a, d);
}

/* Each day that has no final figures, until `last`. */
static int make_days(struct walk *w, int64_t last, int64_t now, enum manner manner, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    int64_t day = 0;
    int r = first_missing(w->s, day_of(now), &day, &a, d);

    if (r < 0 || !day || day > last)
        return r;
    r = begin_walk(w, day, &a, d);
    for (; r == 0 && day <= last; day++)
        r = make_day(w, day, now, manner, d);
    return r;
}

int figures_update(struct store *s, int64_t now, const struct roadmap_view *roadmap,
                   const struct skill_view *skills, size_t n_skills, struct diag *d)
{
    struct walk w = { .s = s, .roadmap = roadmap, .skills = skills, .n_skills = n_skills };
    const int64_t today = day_of(now);
    int r = make_days(&w, today, now, AS_IT_MAY, d);

    return r == 0 ? store_drop_markets(s, day_start(today - KEEP_DAYS), now, d) : r;
}

int figures_carry(struct store *s, int64_t now, const struct roadmap_view *roadmap,
                  const struct skill_view *skills, size_t n_skills, struct diag *d)
{
    struct walk w = { .s = s, .roadmap = roadmap, .skills = skills, .n_skills = n_skills };
    int r = make_days(&w, day_of(now) - 1, now, CARRIED, d);

    return r == STORE_NONE ? 0 : r;
}
