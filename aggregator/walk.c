#include "aggregator/walk.h"

#include <stdlib.h>

#include "aggregator/names.h"
#include "core/arena.h"
#include "core/cleanup.h"

/* A posting and whose it is. */
struct owned {
    uint32_t employer; /* by number in `keys`; once sorted, by rank */
    int64_t posting;
};

struct walk {
    const struct walk_terms *terms;
    struct join_options join;
    struct names keys;
    struct {
        struct owned *items;
        size_t n, cap;
    } owned;
    struct str only;                   /* not empty: the one employer wanted */
    const struct source_state *source; /* being listed */
    uint32_t own;                      /* its employer */
    struct arena scratch;
};

/* The number of an employer's key; -1: not the one wanted. */
static ptrdiff_t employer_of(struct walk *w, struct str company)
{
    struct str name, key = posting_employer(&w->join, w->source, w->source->row.key, company,
                                            &w->scratch, &name);
    ptrdiff_t ret = w->only.n && !str_eq(w->only, key) ? -1 : (ptrdiff_t)names_put(&w->keys, key);

    arena_reset(&w->scratch);
    return ret;
}

static int list_posting(void *ctx, int64_t posting, struct str company, struct diag *d)
{
    struct walk *w = ctx;
    bool is_own = w->source->row.company.n;
    ptrdiff_t employer = is_own ? (ptrdiff_t)w->own : employer_of(w, company);

    (void)d;
    if (employer >= 0)
        *ARENA_PUSH(w->keys.a, &w->owned) = (struct owned){ (uint32_t)employer, posting };
    return 0;
}

static int list_source(struct walk *w, struct store *s, struct diag *d)
{
    bool is_own = w->source->row.company.n;
    ptrdiff_t own = is_own ? employer_of(w, (struct str){ 0 }) : 0;

    w->own = (uint32_t)own;
    return own < 0
               ? 0
               : store_postings(s, w->source->row.key, w->terms->at, !is_own, list_posting, w, d);
}

static int by_key(const void *x, const void *y, void *keys)
{
    const struct str *all = keys;

    return str_cmp(all[*(const uint32_t *)x], all[*(const uint32_t *)y]);
}

static int by_owner(const void *x, const void *y)
{
    const struct owned *a = x, *b = y;

    if (a->employer != b->employer)
        return a->employer < b->employer ? -1 : 1;
    return (a->posting > b->posting) - (a->posting < b->posting);
}

/* Employers in order of their keys, and the postings of each in order of their ids. */
static void sort_owned(struct walk *w)
{
    uint32_t *order = ARENA_NEW(&w->scratch, uint32_t, w->keys.n + 1);
    uint32_t *rank = ARENA_NEW(&w->scratch, uint32_t, w->keys.n + 1);

    for (uint32_t i = 0; i < w->keys.n; i++)
        order[i] = i;
    qsort_r(order, w->keys.n, sizeof(*order), by_key, w->keys.items);
    for (uint32_t i = 0; i < w->keys.n; i++)
        rank[order[i]] = i;
    for (size_t i = 0; i < w->owned.n; i++)
        w->owned.items[i].employer = rank[w->owned.items[i].employer];
    if (w->owned.n)
        qsort(w->owned.items, w->owned.n, sizeof(*w->owned.items), by_owner);
    arena_reset(&w->scratch);
}

struct facts {
    const struct posting_fact **items;
    size_t n, cap;
};

/* One employer's postings, joined, and handed over. */
static int visit(const struct walk *w, struct fact_reader *reader, const struct owned *owned,
                 size_t n, walk_each *each, void *ctx, struct arena *page, struct diag *d)
{
    struct facts facts = { 0 };
    struct market one;

    for (size_t i = 0; i < n; i++) {
        struct posting_fact *f = ARENA_NEW(page, struct posting_fact, 1);
        int r = fact_read(reader, owned[i].posting, page, f, d);

        if (r < 0)
            return r;
        if (r == 0)
            *ARENA_PUSH(page, &facts) = f;
    }
    if (!facts.n) /* seen, never proven */
        return 0;
    market_join(&one,
                &(struct market_in){ .facts = facts.items,
                                     .n_facts = facts.n,
                                     .at = w->terms->at,
                                     .roadmap = w->terms->roadmap,
                                     .skills = w->terms->skills,
                                     .n_skills = w->terms->n_skills,
                                     .sources = w->join.sources,
                                     .n_sources = w->join.n_sources },
                page);
    return each(ctx, &one, d);
}

static int visit_all(struct walk *w, struct fact_reader *reader, walk_each *each, void *ctx,
                     struct diag *d)
{
    CLEANUP(arena_free) struct arena page = ARENA_INIT;
    int r = 0;

    sort_owned(w);
    for (size_t i = 0, j; r == 0 && i < w->owned.n; i = j) {
        for (j = i; j < w->owned.n && w->owned.items[j].employer == w->owned.items[i].employer;)
            j++;
        r = visit(w, reader, &w->owned.items[i], j - i, each, ctx, &page, d);
        arena_reset(&page);
    }
    return r;
}

static void walk_end(struct walk *w)
{
    arena_free(&w->scratch);
}

static int begin(struct walk *w, struct store *s, const struct walk_terms *terms, struct arena *a,
                 struct diag *d)
{
    struct source_state *sources = NULL;
    int r = store_sources(s, a, &sources, &w->join.n_sources, d);

    w->terms = terms;
    w->keys.a = a;
    w->join.sources = sources;
    w->join.aliases = terms->roadmap ? terms->roadmap->aliases : NULL;
    w->join.n_aliases = terms->roadmap ? terms->roadmap->n_aliases : 0;
    return r;
}

static int go(struct walk *w, struct store *s, struct fact_reader *reader, walk_each *each,
              void *ctx, struct diag *d)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < w->join.n_sources; i++) {
        w->source = &w->join.sources[i];
        r = list_source(w, s, d);
    }
    return r ? r : visit_all(w, reader, each, ctx, d);
}

int market_walk(struct store *s, const struct walk_terms *terms, walk_each *each, void *ctx,
                struct arena *a, struct diag *d)
{
    CLEANUP(fact_reader_close) struct fact_reader *reader = NULL;
    CLEANUP(walk_end) struct walk w = { 0 };
    int r = begin(&w, s, terms, a, d);

    if (r == 0)
        r = fact_reader_open(&reader, s, terms->at, d);
    return r ? r : go(&w, s, reader, each, ctx, d);
}

int market_walk_of(struct store *s, const struct walk_terms *terms, int64_t posting,
                   walk_each *each, void *ctx, struct arena *a, struct diag *d)
{
    CLEANUP(fact_reader_close) struct fact_reader *reader = NULL;
    CLEANUP(walk_end) struct walk w = { 0 };
    struct posting_fact f;
    struct str name;
    int r = begin(&w, s, terms, a, d);

    if (r == 0)
        r = fact_reader_open(&reader, s, terms->at, d);
    if (r == 0)
        r = fact_read(reader, posting, a, &f, d);
    if (r)
        return r;
    w.only = posting_employer(&w.join, source_find(w.join.sources, w.join.n_sources, f.source),
                              f.source, f.company, a, &name);
    return go(&w, s, reader, each, ctx, d);
}
