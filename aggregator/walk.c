#include "aggregator/walk.h"

#include <stdlib.h>

#include "aggregator/names.h"
#include "core/arena.h"
#include "core/cleanup.h"

/* A posting and whose it is. */
struct owned {
    uint32_t family; /* by number; once sorted, by rank */
    int64_t posting;
};

struct walk {
    const struct walk_terms *terms;
    struct join_options join;
    struct employer_names names;
    struct names families;
    struct {
        struct owned *items;
        size_t n, cap;
    } owned;
    struct str only;                   /* not empty: the one employer wanted */
    const struct source_state *source; /* being listed */
    uint32_t own;                      /* its employer */
    struct arena scratch;
};

/* The number of an employer's family; -1: not the one wanted. */
static ptrdiff_t family_of(struct walk *w, struct str company)
{
    struct str name;
    struct str key =
        posting_employer(w->source, w->source->row.key, company, &w->names, &w->scratch, &name);
    struct str family = employer_family(key);
    ptrdiff_t ret =
        w->only.n && !str_eq(w->only, family) ? -1 : (ptrdiff_t)names_put(&w->families, family);

    arena_reset(&w->scratch);
    return ret;
}

static int list_posting(void *ctx, int64_t posting, struct str company, struct diag *d)
{
    struct walk *w = ctx;
    bool is_own = w->source->row.company.n;
    ptrdiff_t family = is_own ? (ptrdiff_t)w->own : family_of(w, company);

    (void)d;
    if (family >= 0)
        *ARENA_PUSH(w->families.a, &w->owned) = (struct owned){ (uint32_t)family, posting };
    return 0;
}

static int list_source(struct walk *w, struct store *s, struct diag *d)
{
    bool is_own = w->source->row.company.n;
    ptrdiff_t own = is_own ? family_of(w, (struct str){ 0 }) : 0;

    w->own = (uint32_t)own;
    return own < 0
               ? 0
               : store_postings(s, w->source->row.key, w->terms->at, !is_own, list_posting, w, d);
}

static int by_name(const void *x, const void *y, void *names)
{
    const struct str *all = names;

    return str_cmp(all[*(const uint32_t *)x], all[*(const uint32_t *)y]);
}

static int by_owner(const void *x, const void *y)
{
    const struct owned *a = x, *b = y;

    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    return (a->posting > b->posting) - (a->posting < b->posting);
}

/* Families in order of their names, and the postings of each in order of their ids. */
static void sort_owned(struct walk *w)
{
    uint32_t *order = ARENA_NEW(&w->scratch, uint32_t, w->families.n + 1);
    uint32_t *rank = ARENA_NEW(&w->scratch, uint32_t, w->families.n + 1);

    for (uint32_t i = 0; i < w->families.n; i++)
        order[i] = i;
    qsort_r(order, w->families.n, sizeof(*order), by_name, w->families.items);
    for (uint32_t i = 0; i < w->families.n; i++)
        rank[order[i]] = i;
    for (size_t i = 0; i < w->owned.n; i++)
        w->owned.items[i].family = rank[w->owned.items[i].family];
    if (w->owned.n)
        qsort(w->owned.items, w->owned.n, sizeof(*w->owned.items), by_owner);
    arena_reset(&w->scratch);
}

struct facts {
    const struct posting_fact **items;
    size_t n, cap;
};

/* One family's postings, joined. STORE_NONE: none was ever proven. */
static int join(const struct walk *w, struct fact_reader *reader, const struct owned *owned,
                size_t n, struct arena *page, struct market *ret, struct diag *d)
{
    struct facts facts = { 0 };

    for (size_t i = 0; i < n; i++) {
        struct posting_fact *f = ARENA_NEW(page, struct posting_fact, 1);
        int r = fact_read(reader, owned[i].posting, page, f, d);

        if (r < 0)
            return r;
        if (r == 0)
            *ARENA_PUSH(page, &facts) = f;
    }
    if (!facts.n)
        return STORE_NONE;
    market_join(ret,
                &(struct market_in){ .facts = facts.items,
                                     .n_facts = facts.n,
                                     .at = w->terms->at,
                                     .roadmap = w->terms->roadmap,
                                     .skills = w->terms->skills,
                                     .n_skills = w->terms->n_skills,
                                     .sources = w->join.sources,
                                     .n_sources = w->join.n_sources,
                                     .names = &w->names },
                page);
    return 0;
}

static int visit_all(struct walk *w, struct fact_reader *reader, walk_each *each, void *ctx,
                     struct diag *d)
{
    CLEANUP(arena_free) struct arena page = ARENA_INIT;
    struct market one;
    int r = 0;

    sort_owned(w);
    for (size_t i = 0, j; r == 0 && i < w->owned.n; i = j) {
        for (j = i; j < w->owned.n && w->owned.items[j].family == w->owned.items[i].family;)
            j++;
        r = join(w, reader, &w->owned.items[i], j - i, &page, &one, d);
        r = r == STORE_NONE ? 0 : r ? r : each(ctx, &one, d);
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
    int r = store_sources_at(s, terms->at, a, &sources, &w->join.n_sources, d);

    w->terms = terms;
    w->families.a = a;
    w->join.sources = sources;
    w->join.aliases = terms->roadmap ? terms->roadmap->aliases : NULL;
    w->join.n_aliases = terms->roadmap ? terms->roadmap->n_aliases : 0;
    w->names = employer_names_of(a, w->join.aliases, w->join.n_aliases);
    return r;
}

static int list_all(struct walk *w, struct store *s, struct diag *d)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < w->join.n_sources; i++) {
        w->source = &w->join.sources[i];
        r = list_source(w, s, d);
    }
    return r;
}

int market_walk(struct store *s, const struct walk_terms *terms, walk_each *each, void *ctx,
                struct arena *a, struct diag *d)
{
    CLEANUP(fact_reader_close) struct fact_reader *reader = NULL;
    CLEANUP(walk_end) struct walk w = { 0 };
    int r = begin(&w, s, terms, a, d);

    if (r == 0)
        r = fact_reader_open(&reader, s, terms->at, a, d);
    if (r == 0)
        r = list_all(&w, s, d);
    return r ? r : visit_all(&w, reader, each, ctx, d);
}

int market_around(struct market *ret, struct store *s, const struct walk_terms *terms,
                  int64_t posting, struct arena *a, struct diag *d)
{
    CLEANUP(fact_reader_close) struct fact_reader *reader = NULL;
    CLEANUP(walk_end) struct walk w = { 0 };
    struct posting_fact f;
    struct str name;
    int r = begin(&w, s, terms, a, d);

    if (r == 0)
        r = fact_reader_open(&reader, s, terms->at, a, d);
    if (r == 0)
        r = fact_read(reader, posting, a, &f, d);
    if (r)
        return r;
    w.only = employer_family(
        posting_employer(source_state_find(w.join.sources, w.join.n_sources, f.source), f.source,
                         f.company, &w.names, a, &name));
    r = list_all(&w, s, d);
    if (r)
        return r;
    sort_owned(&w);
    r = join(&w, reader, w.owned.items, w.owned.n, a, ret, d);
    if (r == 0)
        ret->names = employer_names_of(a, w.join.aliases, w.join.n_aliases);
    return r;
}
