#include "aggregator/traits.h"

#include "aggregator/market.h"
#include "aggregator/quantiles.h"
#include "core/arena.h"

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

            if (m->polarity < POLARITY_PREFERRED)
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

static struct run put_cities(struct traits_pool *t, const struct opening *o, int64_t at)
{
    struct run ret = run_here(t);

    for (size_t i = 0; i < o->n_members; i++)
        for (size_t k = 0; posting_open(o->members[i], at) && k < o->members[i]->signal.n_places;
             k++)
            if (o->members[i]->signal.places[k].city.n)
                put_once(t, &ret, names_put(&t->cities, o->members[i]->signal.places[k].city));
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

size_t traits_add(struct traits_pool *t, const struct opening *o, int64_t at)
{
    const struct posting_fact *f = o->lead;
    const struct signal *s = &f->signal;
    struct traits *to = ARENA_PUSH(t->a, &t->traits);

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
    to->asks = put_asks(t, s);
    to->cities = put_cities(t, o, at);
    to->sources = put_sources(t, o);
    to->postings = put_postings(t, o, &to->lead, &to->open, at);
    return t->traits.n - 1;
}

void traits_give(const struct traits_pool *t, struct market *to)
{
    to->words = t->words.items;
    to->postings = t->postings.items;
    to->cities = t->cities.items;
    to->n_cities = t->cities.n;
    to->known = t->known.items;
    to->n_known = t->known.n;
}
