#include "aggregator/flow.h"

#include <stdlib.h>

#include "aggregator/names.h"
#include "aggregator/traits.h"
#include "aggregator/walk.h"
#include "core/arena.h"
#include "core/cleanup.h"

/* A group, and one thing that falls into it: an opening that counts, or a role that came or went.
 */
struct flow_entry {
    uint32_t key, employer;
    bool counts, came, ended, found;
};

static struct str stage_key(int stage, struct arena *a)
{
    return stage >= 1 && stage <= STAGES ? str_printf(a, "%d", stage) : STR("unstaged");
}

static void enter_at(struct flow *f, struct str key, struct flow_entry e)
{
    e.key = names_put(f->keys, key);
    *ARENA_PUSH(f->keys->a, f) = e;
}

static struct str adapter_of(const struct market *one, struct str key)
{
    const struct source_state *source = source_state_find(one->sources, one->n_sources, key);

    return source && source->row.adapter.n ? source->row.adapter : STR("none");
}

/* The group of an opening, but for its cities. */
static struct str group_of(const struct flow *f, const struct market *one, const struct opening *o,
                           struct arena *a)
{
    const struct signal *s = &o->lead->signal;

    if (f->by == FLOW_STAGE)
        return stage_key(s->stage, a);
    if (f->by == FLOW_COMPANY)
        return o->employer_name;
    if (f->by == FLOW_MODE)
        return str_of(work_mode_name(s->mode));
    if (f->by == FLOW_SOURCE)
        return o->lead->source;
    if (f->by == FLOW_ADAPTER)
        return adapter_of(one, o->lead->source);
    return s->track != TRACK_NONE ? str_of(track_name(s->track)) : STR("none");
}

static void add_city(struct arena *a, struct strs *io, struct str city)
{
    for (size_t i = 0; i < io->n; i++)
        if (str_eq(io->items[i], city))
            return;
    if (city.n)
        *ARENA_PUSH(a, io) = city;
}

/* As a filter for a city finds the opening (traits.h): whichever of its postings names it. */
static struct strs cities_of(const struct flow *f, const struct opening *o, struct arena *a)
{
    struct strs ret = { 0 };

    for (size_t i = 0; i < o->n_members; i++) {
        const struct signal *s = &o->members[i]->signal;

        for (size_t k = 0; k < s->n_places && opening_is_where(o, o->members[i], f->at); k++)
            add_city(a, &ret, s->places[k].city);
    }
    return ret;
}

static bool in_city(const struct flow *f, const struct opening *o)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const struct strs cities = cities_of(f, o, &scratch);

    for (size_t i = 0; i < cities.n; i++)
        if (str_eq_fold(cities.items[i], f->only->city))
            return true;
    return false;
}

/* As market_select() chooses among what counts. */
static bool passes(const struct flow *f, const struct market *one, const struct opening *o)
{
    const struct signal *s = &o->lead->signal;
    const struct filter *only = f->only;

    if (!only)
        return true;
    if (!filter_admits(only, s->stage, s->track, s->mode))
        return false;
    if (only->company.n && !str_eq(f->company, one->employer_keys[o->employer]))
        return false;
    return !only->city.n || in_city(f, o);
}

/* The entry under each group of the opening. */
static void enter(struct flow *f, const struct market *one, const struct opening *o,
                  struct flow_entry e)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct strs cities;

    e.employer = (uint32_t)f->n_employers + o->employer;
    if (f->by != FLOW_CITY) {
        enter_at(f, group_of(f, one, o, &scratch), e);
        return;
    }
    cities = cities_of(f, o, &scratch);
    for (size_t i = 0; i < cities.n; i++)
        enter_at(f, cities.items[i], e);
    if (!cities.n)
        enter_at(f, STR("no city named"), e);
}

static struct flow_entry moved(const struct role *r, int64_t from, int64_t to)
{
    bool appeared = r->first_proof > from && r->first_proof <= to;

    return (struct flow_entry){ .came = appeared && r->came,
                                .found = appeared && !r->came,
                                .ended = r->ended_by > from && r->ended_by <= to };
}

void flow_begin(struct flow *f, enum flow_by by, int64_t from, int64_t at, struct arena *a)
{
    *f = (struct flow){ .by = by, .from = from, .at = at, .keys = ARENA_NEW(a, struct names, 1) };
    f->keys->a = a;
}

void flow_watch(struct flow *f, int64_t newest)
{
    f->watches = true;
    lives_begin(&f->lives, newest, f->keys->a);
}

/* A role that was watched has its group, whether it moved lately or not. */
static void watch_role(struct flow *f, const struct market *one, const struct role *r)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct str key = group_of(f, one, r->opening, &scratch);

    if (lives_put(&f->lives, r, names_put(f->keys, key)))
        enter_at(f, key, (struct flow_entry){ 0 });
}

void flow_add(struct flow *f, const struct market *one, const struct roles_seen *roles)
{
    if (f->only && f->only->company.n && !f->company.n)
        f->company = employer_key(f->keys->a, f->only->company, &one->names);
    for (size_t i = 0; i < one->n_openings; i++)
        if (one->openings[i].why == COUNTED && passes(f, one, &one->openings[i]))
            enter(f, one, &one->openings[i], (struct flow_entry){ .counts = true });
    for (size_t i = 0; i < roles->n; i++) {
        struct flow_entry e = moved(&roles->items[i], f->from, f->at);

        if (!passes(f, one, roles->items[i].opening))
            continue;
        if (e.came || e.ended || e.found)
            enter(f, one, roles->items[i].opening, e);
        if (f->watches)
            watch_role(f, one, &roles->items[i]);
    }
    lives_next(&f->lives, one);
    f->n_employers += one->n_employers;
}

static int by_key(const void *x, const void *y)
{
    const struct flow_entry *a = x, *b = y;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    if (a->counts != b->counts)
        return a->counts ? -1 : 1;
    return (a->employer > b->employer) - (a->employer < b->employer);
}

static int by_name(const void *x, const void *y)
{
    return str_cmp(((const struct flow_row *)x)->key, ((const struct flow_row *)y)->key);
}

static int by_openings(const void *x, const void *y)
{
    const struct flow_row *a = x, *b = y;

    if (a->openings != b->openings)
        return a->openings > b->openings ? -1 : 1;
    return by_name(x, y);
}

static struct flow_row sum_of(const struct flow *f, const struct flow_entry *e, size_t n)
{
    struct flow_row ret = { .key = f->keys->items[e[0].key] };

    for (size_t i = 0; i < n; i++) {
        ret.openings += e[i].counts;
        ret.employers +=
            e[i].counts && (i == 0 || !e[i - 1].counts || e[i - 1].employer != e[i].employer);
        ret.came += e[i].came;
        ret.ended += e[i].ended;
        ret.found += e[i].found;
    }
    return ret;
}

size_t flow_end(struct flow *f, struct flow_row **ret)
{
    struct flow_row *rows = ARENA_NEW(f->keys->a, struct flow_row, f->keys->n + 1);
    size_t n = 0;

    if (f->n)
        qsort(f->items, f->n, sizeof(*f->items), by_key);
    for (size_t i = 0, j; i < f->n; i = j) {
        for (j = i; j < f->n && f->items[j].key == f->items[i].key;)
            j++;
        rows[n] = sum_of(f, &f->items[i], j - i);
        if (f->watches)
            rows[n].life = lives_of(&f->lives, f->items[i].key);
        n++;
    }
    if (n)
        qsort(rows, n, sizeof(*rows), f->by == FLOW_STAGE ? by_name : by_openings);
    *ret = rows;
    return n;
}

void flow_between(const struct roles_seen *roles, int64_t from, int64_t to, struct flow_row *io)
{
    for (size_t i = 0; i < roles->n; i++) {
        struct flow_entry e = moved(&roles->items[i], from, to);

        io->came += e.came;
        io->ended += e.ended;
        io->found += e.found;
    }
}

struct walked {
    struct life_facts facts;
    struct flow *groups; /* NULL: spans */
    const int64_t *times;
    size_t n_times;
    struct flow_row *spans;
};

static int add_one(void *ctx, const struct market *one, struct diag *d)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct walked *w = ctx;
    struct roles_seen roles;

    (void)d;
    roles_seen(one, &w->facts, &scratch, &roles);
    if (w->groups)
        flow_add(w->groups, one, &roles);
    for (size_t i = 0; i + 1 < w->n_times; i++)
        flow_between(&roles, w->times[i], w->times[i + 1], &w->spans[i]);
    return 0;
}

static int walk(const struct market *m, struct store *s, struct walked *w, struct diag *d)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const struct walk_terms terms = { m->at, m->roadmap, m->skills, m->n_skills };
    int r = life_facts(s, m->at, &scratch, &w->facts, d);

    return r ? r : market_walk(s, &terms, add_one, w, &scratch, d);
}

static int begin_watch(const struct market *m, struct store *s, struct flow *io, struct diag *d)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct source_proven *known = NULL;
    size_t n = 0;
    int r = store_proven_by(s, m->at, &scratch, &known, &n, d);

    if (r == 0)
        flow_watch(io, newest_proof(known, n));
    return r;
}

int flow_of(const struct market *m, struct store *s, enum flow_by by, int64_t from,
            const struct filter *only, struct arena *a, struct flow_row **ret, size_t *ret_n,
            struct diag *d)
{
    struct flow groups;
    struct walked w = { .groups = &groups };
    int r = 0;

    flow_begin(&groups, by, from, m->at, a);
    groups.only = only;
    if (by == FLOW_SOURCE || by == FLOW_ADAPTER)
        r = begin_watch(m, s, &groups, d);
    if (r == 0)
        r = walk(m, s, &w, d);
    if (r == 0)
        *ret_n = flow_end(&groups, ret);
    return r;
}

int flow_spans(const struct market *m, struct store *s, const int64_t *times, size_t n,
               struct flow_row *ret, struct diag *d)
{
    struct walked w = { .times = times, .n_times = n, .spans = ret };

    return walk(m, s, &w, d);
}
