#include "aggregator/life.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "aggregator/finished.h"
#include "aggregator/posting.h"
#include "aggregator/tally.h"
#include "aggregator/walk.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

/* A role that appeared in a longer gap than this between two readings is as if found open. */
enum { LONGEST_GAP_DAYS = 14 };

static int64_t days(int64_t n)
{
    return n * DAY_SECONDS;
}

/* The last proven reading of a source before a time; 0: none. */
static int64_t read_before(const struct life_facts *f, struct str source, int64_t at)
{
    size_t low = 0, high = f->n_readings;

    while (low < high) { /* the first row that is not before (source, at) */
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(f->readings[mid].source, source);

        if (order < 0 || (order == 0 && f->readings[mid].at < at))
            low = mid + 1;
        else
            high = mid;
    }
    return low && str_eq(f->readings[low - 1].source, source) ? f->readings[low - 1].at : 0;
}

/* When a role first proven at a time appeared: its board had been read before without it, or its
 * stated date tells. */
static void date_appearance(const struct life_facts *f, const struct posting_fact *p,
                            struct role *io)
{
    int64_t before = read_before(f, p->source, io->first_proof);
    bool near = before && io->first_proof - before <= days(LONGEST_GAP_DAYS);
    bool stated = p->posted && p->posted <= io->first_proof;

    io->came = before != 0;
    if (near)
        io->appeared =
            stated && p->posted > before ? p->posted : before + (io->first_proof - before) / 2;
    else if (stated && p->posted > before)
        io->appeared = p->posted;
}

struct span {
    const struct posting_fact *of;
    int64_t first_proof, last_proof, ended_by; /* 0: open */
    bool seen_off;                             /* its end was seen, not supposed */
};

struct spans {
    struct span *items;
    size_t n, cap;
};

/* What a window no longer shows it did not close, nor did a board that moved: such an end is
 * supposed. */
static bool end_was_seen(const char *how)
{
    return strcmp(how, "max-age") != 0 && strcmp(how, "moved") != 0;
}

static void add_earlier(const struct life_facts *f, const struct posting_fact *p, struct arena *a,
                        struct spans *io)
{
    size_t low = 0, high = f->n_earlier;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (f->earlier[mid].posting < p->posting)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < f->n_earlier && f->earlier[low].posting == p->posting; low++)
        *ARENA_PUSH(a, io) =
            (struct span){ p, f->earlier[low].first_proof, f->earlier[low].last_proof,
                           f->earlier[low].ended_by, end_was_seen(f->earlier[low].ended_how) };
}

static struct span latest_span(const struct posting_fact *p, int64_t at)
{
    struct span ret = { p, p->first_proof, p->last_proof, p->ended_by, end_was_seen(p->ended_how) };

    if (!p->ended_by && !posting_open(p, at))
        ret.ended_by = p->expires;
    return ret;
}

static int by_time(const void *x, const void *y)
{
    const struct span *a = x, *b = y;

    if (a->first_proof != b->first_proof)
        return a->first_proof < b->first_proof ? -1 : 1;
    return (a->of->posting > b->of->posting) - (a->of->posting < b->of->posting);
}

static void spans_of(const struct market *m, const struct opening *o, const struct life_facts *f,
                     struct arena *a, struct spans *ret)
{
    const struct join_options join = {
        .sources = m->sources,
        .n_sources = m->n_sources,
        .aliases = m->roadmap ? m->roadmap->aliases : NULL,
        .n_aliases = m->roadmap ? m->roadmap->n_aliases : 0,
    };
    bool own = false;

    for (size_t i = 0; i < o->n_members; i++)
        own |= posting_is_own(&join, o->members[i]);
    for (size_t i = 0; i < o->n_members; i++) {
        if (own && !posting_is_own(&join, o->members[i]))
            continue;
        add_earlier(f, o->members[i], a, ret);
        *ARENA_PUSH(a, ret) = latest_span(o->members[i], m->at);
    }
    if (ret->n)
        qsort(ret->items, ret->n, sizeof(*ret->items), by_time);
}

/* Spans of one opening, in order of time, that follow each other closely are one role. */
static void add_roles(const struct opening *o, const struct life_facts *f,
                      const struct spans *spans, struct arena *a, struct roles_seen *io)
{
    for (size_t i = 0, j; i < spans->n; i = j) {
        struct role *role = ARENA_PUSH(a, io);
        bool open = false, seen_off = false;

        *role = (struct role){ .opening = o, .first_proof = spans->items[i].first_proof };
        date_appearance(f, spans->items[i].of, role);
        for (j = i; j < spans->n; j++) {
            const struct span *s = &spans->items[j];

            if (j > i && !open && s->first_proof > role->ended_by + days(REPOST_DAYS))
                break;
            role->reposted |= j > i && !open && s->first_proof > role->ended_by;
            open |= !s->ended_by;
            if (s->ended_by >= role->ended_by) {
                role->ended_by = s->ended_by;
                seen_off = s->seen_off;
            }
            if (s->last_proof > role->last_proof)
                role->last_proof = s->last_proof;
        }
        if (open || !seen_off)
            role->ended_by = 0;
    }
}

void roles_seen(const struct market *m, const struct life_facts *facts, struct arena *a,
                struct roles_seen *ret)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;

    *ret = (struct roles_seen){ 0 };
    for (size_t i = 0; i < m->n_openings; i++) {
        const struct opening *o = &m->openings[i];
        struct spans spans = { 0 };

        if (!o->lead->has_signal || o->lead->signal.family != FAMILY_CORE
            || o->lead->signal.india != INDIA_YES)
            continue;
        spans_of(m, o, facts, &scratch, &spans);
        add_roles(o, facts, &spans, a, ret);
        arena_reset(&scratch);
    }
}

static double age(const struct role *r, int64_t at)
{
    return (double)(at - r->appeared) / (double)DAY_SECONDS;
}

/* A role as watched since `from`; false: it was over by then. */
static bool lifetime_of(const struct role *r, int64_t from, struct lifetime *ret)
{
    int64_t entered = r->first_proof > from ? r->first_proof : from;

    if (r->last_proof < entered)
        return false;
    *ret = (struct lifetime){
        .entered = age(r, entered),
        .after = age(r, r->last_proof),
        .by = r->ended_by ? age(r, r->ended_by) : INFINITY,
        .employer = r->opening->employer,
    };
    return true;
}

void lives_begin(struct lives *l, int64_t newest, struct arena *a)
{
    *l = (struct lives){ .a = a, .from = newest - days(LIFE_WINDOW_DAYS) };
}

static int stage_of(const struct role *r)
{
    int stage = r->opening->lead->signal.stage;

    return stage >= 1 && stage <= STAGES ? stage : 0;
}

bool lives_put(struct lives *l, const struct role *r, uint32_t group)
{
    struct lived v = { .stage = stage_of(r),
                       .group = group,
                       .ended = r->ended_by != 0,
                       .reposted = r->reposted,
                       .left_out = !r->appeared };

    if (r->last_proof < l->from || (r->appeared && !lifetime_of(r, l->from, &v.of)))
        return false;
    v.of.employer += (uint32_t)l->n_employers;
    *ARENA_PUSH(l->a, l) = v;
    return true;
}

void lives_next(struct lives *l, const struct market *one)
{
    l->n_employers += one->n_employers;
}

void lives_add(struct lives *l, const struct market *one, const struct roles_seen *roles)
{
    for (size_t i = 0; i < roles->n; i++)
        (void)lives_put(l, &roles->items[i], 0);
    lives_next(l, one);
}

/* Of those at a stage (0: of all) that are in a group (NULL: in any). */
static struct life life_at(const struct lives *all, int stage, const uint32_t *group,
                           struct lifetime *l, struct cluster *c)
{
    struct life ret = { .median = NAN, .low = NAN, .high = NAN };
    struct interval median;
    size_t n = 0, k = 0;

    memset(c, 0, all->n_employers * sizeof(*c));
    for (size_t i = 0; i < all->n; i++) {
        const struct lived *v = &all->items[i];

        if ((stage && v->stage != stage) || (group && v->group != *group))
            continue;
        ret.left_out += v->left_out;
        if (v->left_out)
            continue;
        l[n++] = v->of;
        ret.ended += v->ended;
        c[v->of.employer].n++;
        c[v->of.employer].hits += v->reposted;
    }
    for (size_t e = 0; e < all->n_employers; e++)
        if (c[e].n)
            c[k++] = c[e];
    ret.n = (int64_t)n;
    ret.employers = (int64_t)k;
    ret.reposted = share_alone(c, k);
    if (k < SHARE_EMPLOYERS || effective_employers(c, k) < SHARE_K_EFF)
        return ret;
    median = life_median(l, n);
    ret.median = median.at;
    ret.low = median.low;
    ret.high = median.high;
    return ret;
}

void lives_end(const struct lives *l, struct life ret[STAGES + 1])
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct lifetime *lifetimes = ARENA_NEW(&scratch, struct lifetime, l->n + 1);
    struct cluster *c = ARENA_NEW(&scratch, struct cluster, l->n_employers + 1);

    for (int stage = 0; stage <= STAGES; stage++)
        ret[stage] = life_at(l, stage, NULL, lifetimes, c);
}

struct life lives_of(const struct lives *l, uint32_t group)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;

    return life_at(l, 0, &group, ARENA_NEW(&scratch, struct lifetime, l->n + 1),
                   ARENA_NEW(&scratch, struct cluster, l->n_employers + 1));
}

int life_facts(struct store *s, int64_t at, struct arena *a, struct life_facts *ret, struct diag *d)
{
    struct proven_reading *proven = NULL;
    struct earlier_spell *earlier = NULL;
    int r = store_proven_readings(s, 0, at, a, &proven, &ret->n_readings, d);

    if (r == 0)
        r = store_earlier_spells(s, at, a, &earlier, &ret->n_earlier, d);
    ret->readings = proven;
    ret->earlier = earlier;
    return r;
}

struct watched {
    struct lives lives;
    struct life_facts facts;
};

static int watch(void *ctx, const struct market *one, struct diag *d)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct watched *w = ctx;
    struct roles_seen roles;

    (void)d;
    roles_seen(one, &w->facts, &scratch, &roles);
    lives_add(&w->lives, one, &roles);
    return 0;
}

int life_of(const struct market *m, struct store *s, struct life ret[STAGES + 1], struct diag *d)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const struct walk_terms terms = { m->at, m->roadmap, m->skills, m->n_skills };
    struct source_proven *known = NULL;
    struct watched w = { 0 };
    size_t n = 0;
    int r = life_kept(m, s, ret, &scratch, d);

    if (r != STORE_NONE)
        return r;
    r = life_facts(s, m->at, &scratch, &w.facts, d);
    if (r == 0)
        r = store_proven_by(s, m->at, &scratch, &known, &n, d);
    lives_begin(&w.lives, newest_proof(known, n), &scratch);
    if (r == 0)
        r = market_walk(s, &terms, watch, &w, &scratch, d);
    if (r == 0)
        lives_end(&w.lives, ret);
    return r;
}
