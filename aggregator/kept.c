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
    .version = 1,
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

static struct run move_words(const struct market *m, struct run from, struct buf *to)
{
    struct run ret = { .at = (uint32_t)(to->n / sizeof(*m->words)), .n = from.n };

    if (from.n)
        buf_add(to, (struct str){ (const char *)(m->words + from.at), from.n * sizeof(*m->words) });
    return ret;
}

static struct run move_postings(const struct market *m, struct run from, struct buf *to)
{
    struct run ret = { .at = (uint32_t)(to->n / sizeof(*m->postings)), .n = from.n };

    buf_add(to,
            (struct str){ (const char *)(m->postings + from.at), from.n * sizeof(*m->postings) });
    return ret;
}

/* The openings, and the pools in their order, whatever the order in which they were made. */
static void put_openings(struct buf *to, const struct market *m)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    CLEANUP(buf_release) struct buf words = { 0 };
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
        traits[i].asks = move_words(m, o->traits->asks, &words);
        traits[i].cities = move_words(m, o->traits->cities, &words);
        traits[i].sources = move_words(m, o->traits->sources, &words);
        traits[i].postings = move_postings(m, o->traits->postings, &postings);
    }
    put_section(to, heads, m->n_openings, sizeof(*heads));
    put_section(to, traits, m->n_openings, sizeof(*traits));
    put_section(to, words.p, words.n / sizeof(*m->words), sizeof(*m->words));
    put_section(to, postings.p, postings.n / sizeof(*m->postings), sizeof(*m->postings));
}

void kept_pack(const struct market *m, struct buf *to)
{
    struct start begin = ours;

    begin.n_postings = m->n_postings;
    buf_add(to, (struct str){ (const char *)&begin, sizeof(begin) });
    put_openings(to, m);
    put_names(to, m->employers, m->n_employers);
    put_names(to, m->employer_keys, m->n_employers);
    put_names(to, m->cities, m->n_cities);
    put_known(to, m);
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

static bool within(struct run run, size_t n)
{
    return run.at <= n && run.n <= n - run.at;
}

/* That traits name only what there is: a damaged store is no reason to read elsewhere. */
static bool is_sound(const struct market *m, const struct head *h, const struct traits *t,
                     size_t n_words, size_t n_ids)
{
    if (h->employer >= m->n_employers || t->stage > STAGES || t->lead >= t->postings.n)
        return false;
    if (!within(t->asks, n_words) || !within(t->cities, n_words) || !within(t->sources, n_words)
        || !within(t->postings, n_ids))
        return false;
    for (uint32_t i = 0; i < t->cities.n; i++)
        if (m->words[t->cities.at + i] >= m->n_cities)
            return false;
    for (uint32_t i = 0; i < t->sources.n; i++)
        if (m->words[t->sources.at + i] >= m->n_known)
            return false;
    return true;
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
        .fresh = m->at - t->proven <= (int64_t)STALE_DAYS * DAY_SECONDS,
        .carried = h->why == COUNTED && day_of(t->proven) < m->day,
        .first_proof = h->first_proof,
        .last_proof = h->last_proof,
    };
}

bool kept_unpack(struct str bytes, int64_t at, struct arena *a, struct market *ret)
{
    struct reader r = { .left = bytes };
    struct market m = { .at = at, .day = day_of(at) };
    const struct head *heads;
    const struct traits *traits;
    struct start begin;
    size_t n_traits, n_words, n_ids, n_keys;

    if (bytes.n < sizeof(begin))
        return false;
    memcpy(&begin, bytes.p, sizeof(begin));
    m.n_postings = (size_t)begin.n_postings;
    begin.n_postings = 0;
    if (memcmp(&begin, &ours, sizeof(begin)) != 0)
        return false;
    r.left = str_from(bytes, sizeof(begin));
    heads = get_section(&r, sizeof(*heads), &m.n_openings);
    traits = get_section(&r, sizeof(*traits), &n_traits);
    m.words = get_section(&r, sizeof(*m.words), &n_words);
    m.postings = get_section(&r, sizeof(*m.postings), &n_ids);
    m.employers = get_names(&r, a, &m.n_employers);
    m.employer_keys = get_names(&r, a, &n_keys);
    m.cities = get_names(&r, a, &m.n_cities);
    get_known(&r, a, &m);
    if (r.bad || n_traits != m.n_openings || n_keys != m.n_employers)
        return false;
    m.openings = ARENA_NEW(a, struct opening, m.n_openings + 1);
    for (size_t i = 0; i < m.n_openings; i++) {
        if (!is_sound(&m, &heads[i], &traits[i], n_words, n_ids))
            return false;
        m.openings[i] = opening_of(&m, &heads[i], &traits[i]);
    }
    *ret = m;
    return true;
}
