#include "aggregator/day.h"

#include <stdlib.h>

#include "aggregator/finished.h"
#include "aggregator/life.h"
#include "aggregator/live.h"
#include "aggregator/panel.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

/* What is gathered on the walk. */
struct visit {
    const struct day_options *o;
    struct store *s;
    struct live live;
    struct life_facts facts;
    struct lives lives;
    int64_t *values;
};

struct members {
    const struct posting_fact **items;
    size_t n, cap;
};

static int by_source(const void *x, const void *y)
{
    const struct posting_fact *a = *(const struct posting_fact *const *)x;
    const struct posting_fact *b = *(const struct posting_fact *const *)y;
    int order = str_cmp(a->source, b->source);

    return order ? order : (a->posting > b->posting) - (a->posting < b->posting);
}

static struct members members_of(const struct market *one, struct arena *a)
{
    struct members ret = { 0 };

    for (size_t i = 0; i < one->n_openings; i++)
        for (size_t k = 0; k < one->openings[i].n_members; k++)
            *ARENA_PUSH(a, &ret) = one->openings[i].members[k];
    if (ret.n)
        qsort(ret.items, ret.n, sizeof(*ret.items), by_source);
    return ret;
}

/* An employer's part in the values of its sources: each counted as if there were no other. Where
 * there is none, it was counted so already. */
static void add_values(struct visit *v, const struct market *one)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct members all = members_of(one, &scratch);

    for (size_t i = 0, j; i < all.n; i = j) {
        const struct source_state *source =
            source_state_find(v->o->sources, v->o->n_sources, all.items[i]->source);

        for (j = i + 1; j < all.n && str_eq(all.items[j]->source, all.items[i]->source);)
            j++;
        if (!source || !v->o->valued[source - v->o->sources])
            continue;
        v->values[source - v->o->sources] +=
            i == 0 && j == all.n ? market_counting(one)
                                 : source_value(&(struct market_in){ .facts = all.items + i,
                                                                     .n_facts = j - i,
                                                                     .at = one->at,
                                                                     .roadmap = one->roadmap,
                                                                     .sources = one->sources,
                                                                     .n_sources = one->n_sources },
                                                &scratch);
    }
}

static int store_openings_of(struct store *s, const struct market *one, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct {
        struct opening_row *items;
        size_t n, cap;
    } rows = { 0 };

    for (size_t i = 0; i < one->n_openings; i++) {
        const struct opening *o = &one->openings[i];

        for (size_t j = 0; j < o->n_members; j++)
            *ARENA_PUSH(&a, &rows) = opening_line(o, j);
    }
    return store_put_openings(s, rows.items, rows.n, d);
}

static int visit(void *ctx, const struct market *one, struct diag *d)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct visit *v = ctx;
    struct roles_seen roles;

    live_add(&v->live, one);
    add_values(v, one);
    roles_seen(one, &v->facts, &scratch, &roles);
    lives_add(&v->lives, one, &roles);
    return v->o->store_openings ? store_openings_of(v->s, one, d) : 0;
}

static int walk(struct visit *v, struct arena *scratch, struct diag *d)
{
    int r = 0;

    if (v->o->store_openings)
        r = store_begin_openings(v->s, v->o->terms.at, d);
    if (r < 0)
        return r;
    r = market_walk(v->s, &v->o->terms, visit, v, scratch, d);
    return v->o->store_openings ? store_end_openings(v->s, r, d) : r;
}

int day_count(struct day *ret, struct store *s, const struct day_options *o, struct arena *a,
              struct diag *d)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct visit v = { .o = o, .s = s, .values = ARENA_NEW(a, int64_t, o->n_sources + 1) };
    struct source_proven *known = NULL;
    size_t n = 0;
    int r = store_proven_by(s, o->terms.at, &scratch, &known, &n, d);

    if (r == 0)
        r = life_facts(s, o->terms.at, &scratch, &v.facts, d);
    if (r < 0)
        return r;
    live_begin(&v.live, o->terms.at, known, n, a);
    lives_begin(&v.lives, newest_proof(known, n), &scratch);
    r = walk(&v, &scratch, d);
    if (r < 0)
        return r;
    live_end(&v.live, &ret->market);
    ret->market.roadmap = o->terms.roadmap;
    ret->market.skills = o->terms.skills;
    ret->market.n_skills = o->terms.n_skills;
    lives_end(&v.lives, ret->life);
    ret->values = v.values;
    return 0;
}

/* Whoever was proven on the day has its value: nothing was read since they were counted. */
static int carry_values(struct day *ret, struct store *s, const struct day_options *o,
                        struct arena *a, struct diag *d)
{
    ret->values = ARENA_NEW(a, int64_t, o->n_sources + 1);
    for (size_t i = 0; i < o->n_sources; i++) {
        const struct str key = o->sources[i].row.key;
        const int64_t day = day_of(o->terms.at);
        struct figure_row *rows = NULL;
        size_t n = 0;
        int r;

        if (!o->valued[i])
            continue;
        r = store_figures(s, source_figure(key, a), day, day, a, &rows, &n, d);
        if (r || !n)
            return r ? r : STORE_NONE;
        ret->values[i] = (int64_t)rows[0].value;
    }
    return 0;
}

int day_carry(struct day *ret, struct store *s, const struct day_options *o, struct arena *a,
              struct diag *d)
{
    int r = market_load_finished(&ret->market, s, &o->terms, a, d);

    if (r == 0)
        r = life_kept(&ret->market, s, ret->life, a, d);
    if (r == 0)
        r = carry_values(ret, s, o, a, d);
    if (r == 0 && o->store_openings)
        r = store_keep_openings(s, o->terms.at, d);
    return r;
}
