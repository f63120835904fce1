#include "aggregator/kept.h"

#include <string.h>

#include "aggregator/market.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

/* What an opening has beside its traits. */
struct head {
    int64_t id, first_proof, last_proof;
    uint32_t employer;
    uint8_t why, adjacent;
};

/* What the bytes begin with: whose they are, and what their layout depends on. */
struct start {
    char name[8];
    uint32_t version, traits, head, spare;
    uint64_t n_postings;
};

static const struct start ours = {
    .name = { 'r', 'o', 'l', 'e', 'k', 'e', 'p', 't' },
    .version = 3,
    .traits = sizeof(struct traits),
    .head = sizeof(struct head),
};

enum { ALIGN = 8 };

/* A section: how many, and so many of them; the next begins at an aligned place again. */
static void put_section(struct buf *to, const void *items, uint64_t n, size_t size)
{
    buf_add(to, (struct str){ (const char *)&n, sizeof(n) });
    if (n)
        buf_add(to, (struct str){ items, n * size });
    while (to->n % ALIGN)
        buf_add_byte(to, 0);
}

static void put_names(struct buf *to, const struct str *names, size_t n)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    CLEANUP(buf_release) struct buf bytes = { 0 };
    uint32_t *lengths = ARENA_NEW(&scratch, uint32_t, n + 1);

    for (size_t i = 0; i < n; i++) {
        lengths[i] = (uint32_t)names[i].n;
        buf_add(&bytes, names[i]);
    }
    put_section(to, lengths, n, sizeof(*lengths));
    put_section(to, bytes.p, bytes.n, 1);
}

static void put_known(struct buf *to, const struct market *m)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct str *keys = ARENA_NEW(&scratch, struct str, m->n_known + 1);
    int64_t *proven = ARENA_NEW(&scratch, int64_t, m->n_known + 1);

    for (size_t i = 0; i < m->n_known; i++) {
        keys[i] = m->known[i].key;
        proven[i] = m->known[i].proven;
    }
    put_names(to, keys, m->n_known);
    put_section(to, proven, m->n_known, sizeof(*proven));
}

static void put_sheet(struct buf *to, const struct sheet *s)
{
    const size_t ends = s->n + 1;

    put_section(to, s->employer, s->n, sizeof(*s->employer));
    put_section(to, s->first_proof, s->n, sizeof(*s->first_proof));
    put_section(to, s->kind, s->n, sizeof(*s->kind));
    put_section(to, s->asks_at, ends, sizeof(*s->asks_at));
    put_section(to, s->cities_at, ends, sizeof(*s->cities_at));
    put_section(to, s->sources_at, ends, sizeof(*s->sources_at));
    put_section(to, s->asks, s->asks_at[s->n], sizeof(*s->asks));
    put_section(to, s->cities, s->cities_at[s->n], sizeof(*s->cities));
    put_section(to, s->sources, s->sources_at[s->n], sizeof(*s->sources));
}

static struct run move_postings(const struct market *m, struct run from, struct buf *to)
{
    struct run ret = { .at = (uint32_t)(to->n / sizeof(*m->postings)), .n = from.n };

    buf_add(to,
            (struct str){ (const char *)(m->postings + from.at), from.n * sizeof(*m->postings) });
    return ret;
}

static void put_openings(struct buf *to, const struct market *m)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    CLEANUP(buf_release) struct buf postings = { 0 };
    struct head *heads = ARENA_NEW(&scratch, struct head, m->n_openings + 1);
    struct traits *traits = ARENA_NEW(&scratch, struct traits, m->n_openings + 1);

    for (size_t i = 0; i < m->n_openings; i++) {
        const struct opening *o = &m->openings[i];

        heads[i] = (struct head){ .id = o->id,
                                  .first_proof = o->first_proof,
                                  .last_proof = o->last_proof,
                                  .employer = o->employer,
                                  .why = (uint8_t)o->why,
                                  .adjacent = o->adjacent };
        traits[i] = *o->traits;
        traits[i].postings = move_postings(m, o->traits->postings, &postings);
    }
    put_section(to, heads, m->n_openings, sizeof(*heads));
    put_section(to, traits, m->n_openings, sizeof(*traits));
    put_section(to, postings.p, postings.n / sizeof(*m->postings), sizeof(*m->postings));
}

void kept_pack(const struct market *m, struct buf *front, struct buf *rest)
{
    struct start begin = ours;

    begin.n_postings = m->n_postings;
    buf_add(front, (struct str){ (const char *)&begin, sizeof(begin) });
    put_names(front, m->employer_keys, m->n_employers);
    put_names(front, m->employers, m->n_employers);
    put_names(front, m->cities, m->n_cities);
    put_known(front, m);
    put_sheet(front, &m->sheet);
    put_openings(rest, m);
    put_section(rest, m->sheet.opening, m->sheet.n, sizeof(*m->sheet.opening));
}

/* The bytes that are left, until something does not fit. */
struct reader {
    struct str left;
    bool bad;
};

static const void *get_section(struct reader *r, size_t size, size_t *ret_n)
{
    const char *items = r->left.p + sizeof(uint64_t);
    uint64_t n = 0;
    size_t bytes;

    *ret_n = 0;
    if (r->bad || r->left.n < sizeof(n))
        return (r->bad = true), NULL;
    memcpy(&n, r->left.p, sizeof(n));
    if (n > (r->left.n - sizeof(n)) / size)
        return (r->bad = true), NULL;
    bytes = sizeof(n) + (n * size + ALIGN - 1) / ALIGN * ALIGN;
    r->left = str_from(r->left, bytes < r->left.n ? bytes : r->left.n);
    *ret_n = (size_t)n;
    return items;
}

static struct str *get_names(struct reader *r, struct arena *a, size_t *ret_n)
{
    size_t n_bytes;
    const uint32_t *lengths = get_section(r, sizeof(*lengths), ret_n);
    struct str bytes = { get_section(r, 1, &n_bytes), 0 };
    struct str *ret = ARENA_NEW(a, struct str, *ret_n + 1);

    bytes.n = n_bytes;
    for (size_t i = 0; i < *ret_n && !r->bad; i++) {
        r->bad = lengths[i] > bytes.n;
        ret[i] = str_slice(bytes, 0, lengths[i]);
        bytes = str_from(bytes, lengths[i]);
    }
    return ret;
}

static void get_known(struct reader *r, struct arena *a, struct market *to)
{
    struct str *keys = get_names(r, a, &to->n_known);
    struct source_proven *known = ARENA_NEW(a, struct source_proven, to->n_known + 1);
    size_t n;
    const int64_t *proven = get_section(r, sizeof(*proven), &n);

    r->bad |= n != to->n_known;
    for (size_t i = 0; i < to->n_known && !r->bad; i++)
        known[i] = (struct source_proven){ keys[i], proven[i] };
    to->known = known;
}

/* A column of runs: it begins at 0, never falls, and ends where the entries do. */
static bool runs_end(const uint32_t *at, size_t n, size_t entries)
{
    if (at[0] != 0 || at[n] != entries)
        return false;
    for (size_t i = 0; i < n; i++)
        if (at[i] > at[i + 1])
            return false;
    return true;
}

static bool all_below(const uint32_t *items, size_t n, size_t limit)
{
    for (size_t i = 0; i < n; i++)
        if (items[i] >= limit)
            return false;
    return true;
}

/* A damaged store is no reason to read elsewhere than in its bytes. */
static bool get_sheet(struct reader *r, const struct market *m, struct sheet *to)
{
    size_t n[5], asks, cities, sources;

    to->employer = get_section(r, sizeof(*to->employer), &to->n);
    to->first_proof = get_section(r, sizeof(*to->first_proof), &n[0]);
    to->kind = get_section(r, sizeof(*to->kind), &n[1]);
    to->asks_at = get_section(r, sizeof(*to->asks_at), &n[2]);
    to->cities_at = get_section(r, sizeof(*to->cities_at), &n[3]);
    to->sources_at = get_section(r, sizeof(*to->sources_at), &n[4]);
    to->asks = get_section(r, sizeof(*to->asks), &asks);
    to->cities = get_section(r, sizeof(*to->cities), &cities);
    to->sources = get_section(r, sizeof(*to->sources), &sources);
    if (r->bad || n[0] != to->n || n[1] != to->n)
        return false;
    for (int i = 2; i < 5; i++)
        if (n[i] != to->n + 1)
            return false;
    return runs_end(to->asks_at, to->n, asks) && runs_end(to->cities_at, to->n, cities)
           && runs_end(to->sources_at, to->n, sources)
           && all_below(to->employer, to->n, m->n_employers)
           && all_below(to->cities, cities, m->n_cities)
           && all_below(to->sources, sources, m->n_known);
}

static bool get_front(struct str bytes, struct arena *a, struct market *to)
{
    struct reader r = { .left = bytes };
    struct start begin;
    size_t n_names;

    if (bytes.n < sizeof(begin))
        return false;
    memcpy(&begin, bytes.p, sizeof(begin));
    to->n_postings = (size_t)begin.n_postings;
    begin.n_postings = 0;
    if (memcmp(&begin, &ours, sizeof(begin)) != 0)
        return false;
    r.left = str_from(bytes, sizeof(begin));
    to->employer_keys = get_names(&r, a, &to->n_employers);
    to->employers = get_names(&r, a, &n_names);
    if (n_names != to->n_employers)
        return false;
    to->cities = get_names(&r, a, &to->n_cities);
    get_known(&r, a, to);
    return get_sheet(&r, to, &to->sheet);
}

static bool is_sound(const struct market *m, const struct head *h, const struct traits *t,
                     size_t n_ids)
{
    return h->employer < m->n_employers && t->stage <= STAGES && t->lead < t->postings.n
           && t->postings.at <= n_ids && t->postings.n <= n_ids - t->postings.at;
}

static struct opening opening_of(const struct market *m, const struct head *h,
                                 const struct traits *t)
{
    return (struct opening){
        .id = h->id,
        .traits = t,
        .employer = h->employer,
        .employer_name = m->employers[h->employer],
        .why = (enum why_counted)h->why,
        .adjacent = h->adjacent,
        .fresh = source_fresh(t->proven, m->at),
        .carried = h->why == COUNTED && day_of(t->proven) < m->day,
        .first_proof = h->first_proof,
        .last_proof = h->last_proof,
    };
}

static bool get_rest(struct str bytes, struct arena *a, struct market *to)
{
    struct reader r = { .left = bytes };
    size_t n_heads, n_traits, n_ids, n_rows;
    const struct head *heads = get_section(&r, sizeof(*heads), &n_heads);
    const struct traits *traits = get_section(&r, sizeof(*traits), &n_traits);

    to->postings = get_section(&r, sizeof(*to->postings), &n_ids);
    to->sheet.opening = get_section(&r, sizeof(*to->sheet.opening), &n_rows);
    if (r.bad || n_traits != n_heads || n_rows != to->sheet.n
        || !all_below(to->sheet.opening, n_rows, n_heads))
        return false;
    to->openings = arena_room(a, (n_heads + 1) * sizeof(*to->openings));
    to->n_openings = n_heads;
    for (size_t i = 0; i < n_heads; i++) {
        if (!is_sound(to, &heads[i], &traits[i], n_ids))
            return false;
        to->openings[i] = opening_of(to, &heads[i], &traits[i]);
    }
    for (size_t row = 0; row < n_rows; row++)
        to->openings[to->sheet.opening[row]].row = (uint32_t)row;
    return true;
}

bool kept_unpack(struct str front, const struct str *rest, int64_t at, struct arena *a,
                 struct market *ret)
{
    struct market m = { .at = at, .day = day_of(at) };

    if (!get_front(front, a, &m) || (rest && !get_rest(*rest, a, &m)))
        return false;
    *ret = m;
    return true;
}
