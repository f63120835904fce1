#include <stdlib.h>

#include "aggregator/market.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

static int take_fact(void *ctx, const struct posting_fact *f, struct diag *d)
{
    struct facts *to = ctx;

    (void)d;
    *ARENA_PUSH(to->a, to) = f;
    return 0;
}

int market_facts(struct store *s, int64_t at, struct facts *io, struct diag *d)
{
    return store_scan(s, at, io->a, take_fact, io, d);
}

int market_load(struct market *ret, struct store *s, int64_t at, const struct roadmap_view *roadmap,
                const struct skill_view *skills, size_t n_skills, struct arena *a, struct diag *d)
{
    struct facts facts = { .a = a };
    struct source_state *sources = NULL;
    size_t n_sources = 0;
    int r = store_sources_at(s, at, a, &sources, &n_sources, d);

    if (r == 0)
        r = market_facts(s, at, &facts, d);
    if (r < 0)
        return r;
    market_build(ret,
                 &(struct market_in){
                     .facts = facts.items,
                     .n_facts = facts.n,
                     .at = at,
                     .roadmap = roadmap,
                     .skills = skills,
                     .n_skills = n_skills,
                     .sources = sources,
                     .n_sources = n_sources,
                 },
                 a);
    return 0;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

int market_panel(struct store *s, int64_t at, struct arena *a, struct str **ret, size_t *ret_n,
                 struct diag *d)
{
    struct proven_day *days = NULL;
    struct str *panel;
    size_t n = 0, kept = 0, once = 0;
    int r = store_proven_days(s, INT64_MAX, a, &days, &n, d);

    if (r < 0)
        return r;
    panel = ARENA_NEW(a, struct str, n ? n : 1);
    for (size_t i = 0; i < n; i++)
        if (days[i].at <= at && day_of(at) - days[i].day <= PANEL_GAP_DAYS)
            panel[kept++] = days[i].source;
    if (kept)
        qsort(panel, kept, sizeof(*panel), by_text);
    for (size_t i = 0; i < kept; i++)
        if (i == 0 || !str_eq(panel[i], panel[i - 1]))
            panel[once++] = panel[i];
    *ret = panel;
    *ret_n = once;
    return 0;
}

/* The end of the day that changes are counted from: no later than the newest proven day allows, so
 * that a change is one between readings and not of the clock. */
static int before_time(const struct market *m, struct store *s, int64_t *ret, struct arena *a,
                       struct diag *d)
{
    struct proven_day *days = NULL;
    int64_t newest = m->day;
    size_t n = 0;
    int r = store_proven_days(s, m->at, a, &days, &n, d);

    for (size_t i = 0; i < n; i++)
        if (i == 0 || days[i].day > newest)
            newest = days[i].day;
    *ret = day_start(newest - CHANGE_DAYS + 1) - 1;
    return r;
}

int market_load_before(struct market *m, struct store *s, struct arena *a, struct diag *d)
{
    struct market *before;
    int64_t at = 0;
    int r;

    if (m->before)
        return 0;
    before = ARENA_NEW(a, struct market, 1);
    r = before_time(m, s, &at, a, d);
    if (r == 0)
        r = market_load(before, s, at, m->roadmap, m->skills, m->n_skills, a, d);
    if (r == 0)
        r = market_panel(s, before->at, a, &before->panel, &before->n_panel, d);
    if (r == 0)
        m->before = before;
    return r;
}

int market_save(const struct market *m, struct store *s, int64_t now, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct {
        struct opening_row *items;
        size_t n, cap;
    } rows = { 0 };

    for (size_t i = 0; i < m->n_openings; i++) {
        const struct opening *o = &m->openings[i];

        for (size_t j = 0; j < o->n_members; j++)
            *ARENA_PUSH(&a, &rows) = (struct opening_row){
                .posting = o->members[j]->posting,
                .opening = o->id,
                .leads = o->members[j] == o->lead,
                .counted = o->whys[j] == COUNTED,
                .reason = str_of(why_counted_text(o->whys[j])),
                .evidence = o->evidences[j],
            };
    }
    return store_put_openings(s, rows.items, rows.n, now, d);
}
