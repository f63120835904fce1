#include "aggregator/traits.h"

#include <stdlib.h>

#include "aggregator/posting.h"
#include "core/arena.h"
#include "core/cleanup.h"

/* An opening's traits, and its runs of the pool's words. */
struct made {
    int64_t id;
    struct traits is;
    struct run asks, cities, sources;
};

/* A source's number. */
static uint32_t know(struct traits_pool *t, struct str source, int64_t proven)
{
    uint32_t n = names_put(&t->sources, source);

    if (n == t->known.n)
        *ARENA_PUSH(t->a, &t->known) = (struct source_proven){ .key = t->sources.items[n] };
    if (proven > t->known.items[n].proven)
        t->known.items[n].proven = proven;
    return n;
}

void traits_begin(struct traits_pool *t, const struct source_proven *known, size_t n,
                  struct arena *a)
{
    *t = (struct traits_pool){ .a = a, .cities = { .a = a }, .sources = { .a = a } };
    for (size_t i = 0; i < n; i++)
        know(t, known[i].key, known[i].proven);
}

bool opening_is_live(const struct opening *o)
{
    return o->why == COUNTED || o->why == STALE || o->why == REMOTE_ONLY || o->adjacent;
}

/* A word among those of the run that is being made, once. */
static void put_once(struct traits_pool *t, struct run *run, uint32_t word)
{
    for (uint32_t i = 0; i < run->n; i++)
        if (t->words.items[run->at + i] == word)
            return;
    *ARENA_PUSH(t->a, &t->words) = word;
    run->n++;
}

static struct run run_here(const struct traits_pool *t)
{
    return (struct run){ .at = (uint32_t)t->words.n };
}

/* Mentions stand in order of skill: each skill once, however often it is said. */
static struct run put_asks(struct traits_pool *t, const struct signal *s)
{
    struct run ret = run_here(t);

    for (size_t i = 0, j; i < s->n_mentions; i = j) {
        uint32_t how = 0;
        bool demanded = false;

        for (j = i; j < s->n_mentions && s->mentions[j].skill == s->mentions[i].skill; j++) {
            const struct mention *m = &s->mentions[j];
            bool required = m->polarity == POLARITY_REQUIRED;

            if (!polarity_demands(m->polarity))
                continue;
            demanded = true;
            how |= (required ? ASK_REQUIRED : 0) | (m->implied ? 0 : ASK_STATED)
                   | (required && !m->implied ? ASK_IN_WORDS : 0);
        }
        if (!demanded)
            continue;
        *ARENA_PUSH(t->a, &t->words) = s->mentions[i].skill << ASK_BITS | how;
        ret.n++;
    }
    return ret;
}

bool opening_is_where(const struct opening *o, const struct posting_fact *member, int64_t at)
{
    return o->why == CLOSED || posting_open(member, at);
}

static struct run put_cities(struct traits_pool *t, const struct opening *o, int64_t at)
{
    struct run ret = run_here(t);

    for (size_t i = 0; i < o->n_members; i++) {
        const struct signal *s = &o->members[i]->signal;

        for (size_t k = 0; k < s->n_places && opening_is_where(o, o->members[i], at); k++)
            if (s->places[k].city.n)
                put_once(t, &ret, names_put(&t->cities, s->places[k].city));
    }
    return ret;
}

static struct run put_sources(struct traits_pool *t, const struct opening *o)
{
    struct run ret = run_here(t);

    for (size_t i = 0; i < o->n_members; i++)
        put_once(t, &ret, know(t, o->members[i]->source, o->members[i]->source_proven));
    return ret;
}

static struct run put_postings(struct traits_pool *t, const struct opening *o, uint32_t *ret_lead,
                               uint32_t *ret_open, int64_t at)
{
    struct run ret = { .at = (uint32_t)t->postings.n, .n = (uint32_t)o->n_members };

    for (size_t i = 0; i < o->n_members; i++) {
        *ARENA_PUSH(t->a, &t->postings) = o->members[i]->posting;
        *ret_open += posting_open(o->members[i], at);
        if (o->members[i] == o->lead)
            *ret_lead = (uint32_t)i;
    }
    return ret;
}

void traits_add(struct traits_pool *t, const struct opening *o, int64_t at)
{
    const struct posting_fact *f = o->lead;
    const struct signal *s = &f->signal;
    struct made *made = ARENA_PUSH(t->a, &t->made);
    struct traits *to = &made->is;

    made->id = o->id;
    *to = (struct traits){
        .proven = f->source_proven,
        .min_months = s->experience.min_months,
        .max_months = s->experience.max_months,
        .vacancies = f->vacancies > 1 && f->vacancies < INT32_MAX ? (uint32_t)f->vacancies : 1,
        .family = (uint8_t)s->family,
        .track = (uint8_t)s->track,
        .mode = (uint8_t)s->mode,
        .stage = (uint8_t)(s->stage >= 1 && s->stage <= STAGES ? s->stage : 0),
        .read = f->text_read && f->has_signal,
    };
    pay_in_inr(o, &to->pay);
    for (size_t i = 0; i < s->n_bullets; i++)
        if (s->bullets[i].bullet < BULLET_MAX)
            to->bullets |= UINT64_C(1) << s->bullets[i].bullet;
    made->asks = put_asks(t, s);
    made->cities = put_cities(t, o, at);
    made->sources = put_sources(t, o);
    to->postings = put_postings(t, o, &to->lead, &to->open, at);
}

static int by_id(const void *x, const void *y)
{
    const struct made *a = x, *b = y;

    return (a->id > b->id) - (a->id < b->id);
}

/* The columns of a sheet while they are filled. */
struct columns {
    uint32_t *opening, *employer, *asks_at, *cities_at, *sources_at, *cities, *sources;
    int64_t *first_proof;
    struct sheet_kind *kind;
    uint16_t *asks;
    size_t n;
};

static struct columns columns_of(size_t n, size_t n_words, struct arena *a)
{
    return (struct columns){ .opening = ARENA_NEW(a, uint32_t, n + 1),
                             .employer = ARENA_NEW(a, uint32_t, n + 1),
                             .asks_at = ARENA_NEW(a, uint32_t, n + 1),
                             .cities_at = ARENA_NEW(a, uint32_t, n + 1),
                             .sources_at = ARENA_NEW(a, uint32_t, n + 1),
                             .cities = ARENA_NEW(a, uint32_t, n_words + 1),
                             .sources = ARENA_NEW(a, uint32_t, n_words + 1),
                             .first_proof = ARENA_NEW(a, int64_t, n + 1),
                             .kind = ARENA_NEW(a, struct sheet_kind, n + 1),
                             .asks = ARENA_NEW(a, uint16_t, n_words + 1) };
}

static void put_row(const struct traits_pool *t, const struct opening *o, size_t place,
                    const struct made *made, struct columns *c)
{
    const struct traits *is = &made->is;
    const size_t row = c->n++;

    c->opening[row] = (uint32_t)place;
    c->employer[row] = o->employer;
    c->first_proof[row] = o->first_proof;
    c->kind[row] = (struct sheet_kind){ is->stage, is->track, is->mode,
                                        (uint8_t)((o->adjacent ? SHEET_ADJACENT : 0)
                                                  | (is->read ? SHEET_READ : 0)) };
    c->asks_at[row + 1] = c->asks_at[row] + made->asks.n;
    c->cities_at[row + 1] = c->cities_at[row] + made->cities.n;
    c->sources_at[row + 1] = c->sources_at[row] + made->sources.n;
    for (uint32_t i = 0; i < made->asks.n; i++)
        c->asks[c->asks_at[row] + i] = (uint16_t)t->words.items[made->asks.at + i];
    for (uint32_t i = 0; i < made->cities.n; i++)
        c->cities[c->cities_at[row] + i] = t->words.items[made->cities.at + i];
    for (uint32_t i = 0; i < made->sources.n; i++)
        c->sources[c->sources_at[row] + i] = t->words.items[made->sources.at + i];
}

/* Places of openings, employer by employer. */
static uint32_t *sort_by_employer(const struct market *m, struct arena *a)
{
    uint32_t *ret = ARENA_NEW(a, uint32_t, m->n_openings + 1);
    size_t *from = ARENA_NEW(a, size_t, m->n_employers + 1);

    for (size_t i = 0; i < m->n_openings; i++)
        if (m->openings[i].employer + 1 < m->n_employers)
            from[m->openings[i].employer + 1]++;
    for (size_t e = 1; e < m->n_employers; e++)
        from[e] += from[e - 1];
    for (size_t i = 0; i < m->n_openings; i++)
        ret[from[m->openings[i].employer]++] = (uint32_t)i;
    return ret;
}

static struct sheet sheet_of(const struct columns *c)
{
    return (struct sheet){ .n = c->n,
                           .opening = c->opening,
                           .employer = c->employer,
                           .first_proof = c->first_proof,
                           .kind = c->kind,
                           .asks_at = c->asks_at,
                           .cities_at = c->cities_at,
                           .sources_at = c->sources_at,
                           .asks = c->asks,
                           .cities = c->cities,
                           .sources = c->sources };
}

void traits_give(const struct traits_pool *t, struct market *to)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct columns c = columns_of(to->n_openings, t->words.n, t->a);
    const struct made **made = ARENA_NEW(&scratch, const struct made *, to->n_openings + 1);
    const uint32_t *order = sort_by_employer(to, &scratch);
    size_t n = 0;

    if (t->made.n)
        qsort(t->made.items, t->made.n, sizeof(*t->made.items), by_id);
    for (size_t i = 0; i < to->n_openings && n < t->made.n; i++)
        if (to->openings[i].id == t->made.items[n].id) {
            made[i] = &t->made.items[n++];
            to->openings[i].traits = &made[i]->is;
        }
    for (size_t i = 0; i < to->n_openings; i++) {
        struct opening *o = &to->openings[order[i]];

        if (o->why != COUNTED && !o->adjacent)
            continue;
        o->row = (uint32_t)c.n;
        put_row(t, o, order[i], made[order[i]], &c);
    }
    to->sheet = sheet_of(&c);
    to->postings = t->postings.items;
    to->cities = t->cities.items;
    to->n_cities = t->cities.n;
    to->known = t->known.items;
    to->n_known = t->known.n;
}
