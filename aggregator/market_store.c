#include <stdlib.h>

#include "aggregator/finished.h"
#include "aggregator/kept.h"
#include "aggregator/life.h"
#include "aggregator/live.h"
#include "aggregator/market.h"
#include "aggregator/walk.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

static int add_one(void *ctx, const struct market *one, struct diag *d)
{
    (void)d;
    live_add(ctx, one);
    return 0;
}

/* Every posting there ever was is read, employer by employer. */
static int load_live(struct market *ret, struct store *s, int64_t at,
                     const struct roadmap_view *roadmap, const struct skill_view *skills,
                     size_t n_skills, struct arena *a, struct diag *d)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const struct walk_terms terms = { at, roadmap, skills, n_skills };
    struct source_proven *known = NULL;
    struct live live;
    size_t n = 0;
    int r = store_proven_by(s, at, &scratch, &known, &n, d);

    if (r == 0) {
        live_begin(&live, at, known, n, a);
        r = market_walk(s, &terms, add_one, &live, &scratch, d);
    }
    if (r == 0)
        live_end(&live, ret);
    return r;
}

/* How much of a kept market is read: all, or what demand_of() asks. */
enum depth { WHOLE, FRONT };

/* The market that was kept of a time, as of `at`; STORE_NONE: none was. */
static int load_kept(struct market *ret, struct store *s, int64_t made, int64_t at, int64_t terms,
                     enum depth depth, struct arena *a, struct diag *d)
{
    struct str front = { 0 }, rest = { 0 }, *asked = depth == WHOLE ? &rest : NULL;
    int r = store_market(s, made, terms, a, &front, asked, d);

    if (r == 0 && !kept_unpack(front, asked, at, a, ret))
        return STORE_NONE;
    if (r == 0)
        ret->kept = true;
    return r;
}

static int load(struct market *ret, struct store *s, int64_t at, const struct roadmap_view *roadmap,
                const struct skill_view *skills, size_t n_skills, enum depth depth, struct arena *a,
                struct diag *d)
{
    const int64_t terms = finished_terms(roadmap);
    int64_t made = at;
    int holds = finished_made(s, at, terms, &made, d);
    int r = holds;

    if (r >= 0)
        r = load_kept(ret, s, made, at, terms, depth, a, d);
    if (r == 0)
        ret->finished = holds == 0;
    if (r == STORE_NONE)
        r = load_live(ret, s, at, roadmap, skills, n_skills, a, d);
    if (r < 0)
        return r;
    ret->roadmap = roadmap;
    ret->skills = skills;
    ret->n_skills = n_skills;
    ret->names =
        employer_names_of(a, roadmap ? roadmap->aliases : NULL, roadmap ? roadmap->n_aliases : 0);
    return 0;
}

int market_load_finished(struct market *ret, struct store *s, const struct walk_terms *terms,
                         struct arena *a, struct diag *d)
{
    const int64_t mark = finished_terms(terms->roadmap);
    struct finished f;
    int64_t made = 0;
    int r = finished_made(s, terms->at, mark, &made, d);

    if (r == 0)
        r = load_kept(ret, s, made, terms->at, mark, WHOLE, a, d);
    if (r == 0)
        r = store_finished(s, &f, d);
    if (r)
        return r;
    ret->until = f.until;
    ret->roadmap = terms->roadmap;
    ret->skills = terms->skills;
    ret->n_skills = terms->n_skills;
    ret->names = employer_names_of(a, terms->roadmap ? terms->roadmap->aliases : NULL,
                                   terms->roadmap ? terms->roadmap->n_aliases : 0);
    return 0;
}

int market_load(struct market *ret, struct store *s, int64_t at, const struct roadmap_view *roadmap,
                const struct skill_view *skills, size_t n_skills, struct arena *a, struct diag *d)
{
    return load(ret, s, at, roadmap, skills, n_skills, WHOLE, a, d);
}

int market_load_demand(struct market *ret, struct store *s, int64_t at,
                       const struct roadmap_view *roadmap, const struct skill_view *skills,
                       size_t n_skills, struct arena *a, struct diag *d)
{
    return load(ret, s, at, roadmap, skills, n_skills, FRONT, a, d);
}

int market_keep(const struct market *m, struct store *s, struct diag *d)
{
    CLEANUP(buf_release) struct buf front = { 0 };
    CLEANUP(buf_release) struct buf rest = { 0 };

    kept_pack(m, &front, &rest);
    return store_put_market(s, m->at, finished_terms(m->roadmap), buf_str(&front), buf_str(&rest),
                            d);
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The sources proven in the PANEL_GAP_DAYS up to a time. */
static size_t panel_of(const struct source_proven *known, size_t n, int64_t day, struct arena *a,
                       struct str **ret)
{
    struct str *panel = ARENA_NEW(a, struct str, n + 1);
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (known[i].proven && day - day_of(known[i].proven) <= PANEL_GAP_DAYS)
            panel[kept++] = known[i].key;
    if (kept)
        qsort(panel, kept, sizeof(*panel), by_text);
    *ret = panel;
    return kept;
}

int market_panel(struct store *s, int64_t at, struct arena *a, struct str **ret, size_t *ret_n,
                 struct diag *d)
{
    struct source_proven *known = NULL;
    size_t n = 0;
    int r = store_proven_by(s, at, a, &known, &n, d);

    if (r == 0)
        *ret_n = panel_of(known, n, day_of(at), a, ret);
    return r;
}

/* The end of the day that changes are counted from: no later than the newest proven day allows, so
 * that a change is one between readings and not of the clock. */
static int64_t before_time(const struct market *m)
{
    int64_t newest = newest_proof(m->known, m->n_known);

    return day_start((newest ? day_of(newest) : m->day) - CHANGE_DAYS + 1) - 1;
}

int market_load_before(struct market *m, struct store *s, struct arena *a, struct diag *d)
{
    struct market *before;
    int r;

    if (m->before)
        return 0;
    before = ARENA_NEW(a, struct market, 1);
    r = market_load_demand(before, s, before_time(m), m->roadmap, m->skills, m->n_skills, a, d);
    if (r < 0)
        return r;
    before->n_panel = panel_of(before->known, before->n_known, before->day, a, &before->panel);
    m->before = before;
    return 0;
}

static int detail(struct opening *o, const struct market *m, struct fact_reader *reader,
                  struct arena *a, struct diag *d)
{
    const int64_t *ids = m->postings + o->traits->postings.at;
    const struct posting_fact **members =
        ARENA_NEW(a, const struct posting_fact *, o->traits->postings.n);

    for (size_t i = 0; i < o->traits->postings.n; i++) {
        struct posting_fact *f = ARENA_NEW(a, struct posting_fact, 1);
        int r = fact_read(reader, ids[i], a, f, d);

        if (r == STORE_NONE)
            return diag_fail(d, ERR_DB, "store: posting %lld: gone", (long long)ids[i]);
        if (r)
            return r;
        members[i] = f;
    }
    o->members = members;
    o->n_members = o->traits->postings.n;
    o->lead = members[o->traits->lead];
    return 0;
}

int market_details(struct market *m, struct store *s, const struct opening *const *sel, size_t n,
                   struct arena *a, struct diag *d)
{
    CLEANUP(fact_reader_close) struct fact_reader *reader = NULL;
    int r = fact_reader_open(&reader, s, m->at, a, d);

    for (size_t i = 0; r == 0 && i < n; i++)
        if (!sel[i]->lead)
            r = detail(&m->openings[sel[i] - m->openings], m, reader, a, d);
    return r;
}
