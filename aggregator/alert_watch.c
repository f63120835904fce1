/* Day by day: which changes hold, since when, and what of it is news. */
#include <math.h>

#include "aggregator/alert.h"
#include "aggregator/market.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

struct watch {
    struct store *s;
    const struct roadmap_view *roadmap;
    const struct skill_view *skills;
    size_t n_skills;
    struct alert_row *standing;
    size_t n_standing;
    int64_t *held[ALERT_KINDS]; /* by skill: days on end beyond the bounds, up to yesterday */
};

struct rows {
    struct figure_row *items;
    size_t n, cap;
};

static struct str row_name(struct arena *a, enum alert_kind kind, struct str skill)
{
    return str_printf(a, "alert:%s:" STR_FMT, alert_kind_name(kind), STR_ARG(skill));
}

static const struct alert_row *standing_of(const struct watch *w, enum alert_kind kind,
                                           struct str skill)
{
    for (size_t i = 0; i < w->n_standing; i++)
        if (!w->standing[i].resolved && str_eq(w->standing[i].skill, skill)
            && str_eq(w->standing[i].kind, str_of(alert_kind_name(kind))))
            return &w->standing[i];
    return NULL;
}

/* Fire or resolve, if the day decides it. A skill too rare to judge stays as it was. */
static int judge(struct watch *w, enum alert_kind kind, size_t skill, int64_t day,
                 const struct skill_change *c, struct diag *d)
{
    struct str id = w->skills[skill].id;
    const struct alert_row *before = standing_of(w, kind, id);
    struct alert_row row = {
        .kind = str_of(alert_kind_name(kind)),
        .skill = id,
        .employer = c->employer,
        .fired = day,
        .share_then = c->change.then,
        .share_now = c->change.now,
        .employers = (int64_t)c->change.employers,
    };

    if (!before && w->held[kind][skill] >= ALERT_DAYS)
        return store_put_alert(w->s, &row, d);
    if (!before || c->change.beyond || !c->change.armed)
        return 0;
    row = *before;
    row.resolved = day;
    return store_put_alert(w->s, &row, d);
}

static int judge_kind(struct watch *w, const struct alert_ends *ends, enum alert_kind kind,
                      int64_t day, struct rows *rows, struct arena *a, struct diag *d)
{
    const struct skill_change *changes = alert_changes(ends, kind, a);
    int r = 0;

    for (size_t i = 0; i < w->n_skills && r == 0; i++) {
        const struct paired_change *c = &changes[i].change;

        w->held[kind][i] = c->beyond ? w->held[kind][i] + 1 : 0;
        if (c->beyond)
            *ARENA_PUSH(a, rows) = (struct figure_row){ .day = day,
                                                        .name = row_name(a, kind, w->skills[i].id),
                                                        .value = c->now - c->then,
                                                        .low = NAN,
                                                        .high = NAN,
                                                        .n = w->held[kind][i],
                                                        .employers = (int64_t)c->employers };
        r = judge(w, kind, i, day, &changes[i], d);
    }
    return r;
}

static int load_end(struct watch *w, struct market *ret, int64_t at, struct arena *a,
                    struct diag *d)
{
    return market_load(ret, w->s, at, w->roadmap, w->skills, w->n_skills, a, d);
}

/* What fired is stored before the day is marked: a day looked at twice fires nothing twice. */
static int look_at(struct watch *w, int64_t day, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    const int64_t lag = (int64_t)ALERT_LAG * DAY_SECONDS, at = day_start(day + 1) - 1;
    struct market now, then;
    struct alert_ends ends = { .now = &now, .then = &then };
    struct rows rows = { 0 };
    struct str *panel = NULL;
    int r = load_end(w, &now, at, &a, d);

    if (r == 0)
        r = load_end(w, &then, at - lag, &a, d);
    for (int kind = 0; kind < ALERT_KINDS && r == 0; kind++) {
        /* New ads are compared with the new ads before them: the board was known before both. */
        r = market_panel(w->s, at - lag * (kind == ALERT_NEW ? 2 : 1), &a, &panel, &ends.n_panel,
                         d);
        ends.panel = panel;
        if (r == 0)
            r = judge_kind(w, &ends, (enum alert_kind)kind, day, &rows, &a, d);
    }
    if (r != 0)
        return r;
    *ARENA_PUSH(&a, &rows) = (struct figure_row){
        .day = day, .name = STR("alert_day"), .value = 1, .low = NAN, .high = NAN
    };
    return store_put_figures(w->s, rows.items, rows.n, d);
}

/* The first day to look at: the one after the last; days on end break where too many are missing.
 */
static int first_day(const struct watch *w, int64_t last, int64_t *ret, struct arena *a,
                     struct diag *d)
{
    struct figure_row *rows = NULL;
    size_t n = 0;
    int r = store_figures(w->s, STR("alert_day"), last - ALERT_CATCH_UP, last, a, &rows, &n, d);

    if (r == 0)
        *ret = n ? rows[n - 1].day + 1 : last - ALERT_CATCH_UP + 1;
    return r;
}

static int restore(struct watch *w, int64_t day, struct arena *a, struct diag *d)
{
    int r = 0;

    for (int kind = 0; kind < ALERT_KINDS; kind++) {
        w->held[kind] = ARENA_NEW(a, int64_t, w->n_skills + 1);
        for (size_t i = 0; i < w->n_skills && r == 0; i++) {
            struct str name = row_name(a, (enum alert_kind)kind, w->skills[i].id);
            struct figure_row *rows = NULL;
            size_t n = 0;

            r = store_figures(w->s, name, day - 1, day - 1, a, &rows, &n, d);
            if (r == 0 && n)
                w->held[kind][i] = rows[0].n;
        }
    }
    return r;
}

int alert_update(struct store *s, int64_t now, const struct roadmap_view *roadmap,
                 const struct skill_view *skills, size_t n_skills, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct watch w = { .s = s, .roadmap = roadmap, .skills = skills, .n_skills = n_skills };
    const int64_t last = day_of(now) - 1; /* today is not over */
    int64_t day = 0;
    int r = first_day(&w, last, &day, &a, d);

    if (r == 0)
        r = restore(&w, day, &a, d);
    for (; r == 0 && day <= last; day++) {
        r = store_alerts(s, &a, &w.standing, &w.n_standing, d);
        if (r == 0)
            r = look_at(&w, day, d);
    }
    return r;
}
