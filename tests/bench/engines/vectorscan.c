#include <hs.h>
#include <stdio.h>
#include <stdlib.h>

#include "engines/peer.h"

struct engine {
    hs_database_t *base;
    hs_scratch_t *scratch;
};

static void close_engine(void *p)
{
    struct engine *e = p;

    hs_free_scratch(e->scratch);
    hs_free_database(e->base);
    free(e);
}

static bool takes(const char *pattern)
{
    hs_database_t *base = NULL;
    hs_compile_error_t *why = NULL;
    bool ok = !hs_compile(pattern, 0, HS_MODE_BLOCK, NULL, &base, &why);

    hs_free_compile_error(why);
    hs_free_database(base);
    return ok;
}

static void *open_engine(const char *const *patterns, size_t n)
{
    struct engine *e = calloc(1, sizeof(*e));
    unsigned *ids = calloc(n, sizeof(*ids)), *flags = calloc(n, sizeof(*flags));
    hs_compile_error_t *why = NULL;

    if (!e || !ids || !flags)
        abort();
    for (unsigned i = 0; i < n; i++) {
        ids[i] = i;
        flags[i] = HS_FLAG_SINGLEMATCH;
    }
    if (hs_compile_multi(patterns, flags, ids, (unsigned)n, HS_MODE_BLOCK, NULL, &e->base, &why)
        || hs_alloc_scratch(e->base, &e->scratch)) {
        fprintf(stderr, "Vectorscan: %s\n", why ? why->message : "no scratch");
        hs_free_compile_error(why);
        close_engine(e);
        e = NULL;
    }
    free(ids);
    free(flags);
    return e;
}

static int found(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                 void *set)
{
    (void)from;
    (void)to;
    (void)flags;
    ((uint64_t *)set)[id / 64] |= UINT64_C(1) << (id % 64);
    return 0;
}

static void find(void *p, const char *text, size_t n, uint64_t *set)
{
    struct engine *e = p;

    if (hs_scan(e->base, text, (unsigned)n, 0, e->scratch, found, set))
        abort();
}

const struct peer peer_vectorscan = { "Vectorscan", takes, open_engine, find, close_engine };
