#include "aggregator/live.h"

#include <stdlib.h>

#include "aggregator/market.h"
#include "aggregator/posting.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

void live_begin(struct live *l, int64_t at, const struct source_proven *known, size_t n,
                struct arena *a)
{
    *l = (struct live){ .a = a, .at = at, .until = INT64_MAX };
    traits_begin(&l->pool, known, n, a);
}

/* When the clock alone changes what of a posting is open or fresh. What is closed stays so, but of
 * several that are closed a fresh one speaks for the opening. */
static int64_t holds_until(const struct posting_fact *f, int64_t at, bool alone)
{
    int64_t stale = day_start(day_of(f->source_proven) + STALE_DAYS + 1), until = INT64_MAX;
    const bool is_open = posting_open(f, at);

    if (posting_fresh(f, at) && (is_open || !alone))
        until = stale;
    if (is_open && f->source_window && f->expires && f->expires < until)
        until = f->expires;
    return until;
}

static void note_until(struct live *l, const struct opening *o)
{
    for (size_t i = 0; i < o->n_members; i++) {
        int64_t until = holds_until(o->members[i], l->at, o->n_members == 1);

        l->until = until < l->until ? until : l->until;
    }
}

/* By employer of the block, its number in the live market: those with an opening that counts for
 * something, in their order. */
static const uint32_t *number_employers(struct live *l, const struct market *one, struct arena *a)
{
    uint32_t *ret = ARENA_NEW(a, uint32_t, one->n_employers + 1);

    for (size_t i = 0; i < one->n_openings; i++)
        if (opening_is_live(&one->openings[i]))
            ret[one->openings[i].employer] = 1;
    for (size_t e = 0; e < one->n_employers; e++) {
        if (!ret[e])
            continue;
        ret[e] = (uint32_t)l->employers.n;
        *ARENA_PUSH(l->a, &l->employers) = str_dup(l->a, one->employers[e]);
        *ARENA_PUSH(l->a, &l->keys) = str_dup(l->a, one->employer_keys[e]);
    }
    return ret;
}

void live_add(struct live *l, const struct market *one)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const uint32_t *numbers = number_employers(l, one, &scratch);

    l->n_postings += one->n_postings;
    for (size_t i = 0; i < one->n_openings; i++) {
        const struct opening *o = &one->openings[i];
        uint32_t employer = numbers[o->employer];

        note_until(l, o);
        if (!opening_is_live(o))
            continue;
        traits_add(&l->pool, o, one->at);
        *ARENA_PUSH(l->a, &l->openings) = (struct opening){
            .id = o->id,
            .employer = employer,
            .employer_name = l->employers.items[employer],
            .why = o->why,
            .adjacent = o->adjacent,
            .fresh = o->fresh,
            .carried = o->carried,
            .first_proof = o->first_proof,
            .last_proof = o->last_proof,
        };
    }
}

static int by_id(const void *x, const void *y)
{
    const struct opening *a = x, *b = y;

    return (a->id > b->id) - (a->id < b->id);
}

void live_end(struct live *l, struct market *ret)
{
    if (l->openings.n)
        qsort(l->openings.items, l->openings.n, sizeof(*l->openings.items), by_id);
    *ret = (struct market){
        .at = l->at,
        .day = day_of(l->at),
        .openings = l->openings.items,
        .n_openings = l->openings.n,
        .employers = l->employers.items,
        .employer_keys = l->keys.items,
        .n_employers = l->employers.n,
        .n_postings = l->n_postings,
        .until = l->until,
    };
    traits_give(&l->pool, ret);
}
