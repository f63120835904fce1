/* Postings by their ids: for whoever looks at some of them, or at all of them in an order of its
 * own. */
#include <stdlib.h>

#include "store/fact.h"

struct fact_reader {
    struct store *s;
    int64_t at;
    struct sources_then sources;
};

int fact_reader_open(struct fact_reader **ret, struct store *s, int64_t at, struct arena *a,
                     struct diag *d)
{
    struct fact_reader *f = calloc(1, sizeof(*f));
    int r;

    if (!f)
        abort();
    f->s = s;
    f->at = at;
    r = sources_then(s, at, a, &f->sources, d);
    if (r)
        fact_reader_close(&f);
    *ret = f;
    return r;
}

void fact_reader_close(struct fact_reader **f)
{
    free(*f);
    *f = NULL;
}

int fact_read(struct fact_reader *f, int64_t posting, struct arena *a, struct posting_fact *ret,
              struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(f->s, FACT_COLUMNS " FROM posting p JOIN" FACT_SPELL FACT_REVISION
                                                  " WHERE p.id = ?3");
    int r;

    stmt_int(&q, 1, f->at);
    stmt_int(&q, 2, f->s->vintage);
    stmt_int(&q, 3, posting);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    r = read_fact(&q, f->at, &f->sources, a, ret, d);
    if (!r)
        keep_fact(ret, a);
    return r;
}

static int own_postings(struct store *s, struct str source,
                        int (*each)(void *ctx, int64_t posting, struct str company, struct diag *d),
                        void *ctx, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin_once(s, "SELECT p.id FROM source s JOIN posting p ON p.source = s.id"
                                       " WHERE s.key = ?1");
    int r;

    stmt_str(&q, 1, source);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        r = each(ctx, col_int(&q, 0), (struct str){ 0 }, d);
        if (r)
            return r;
    }
    return r;
}

int store_postings(struct store *s, struct str source, int64_t at, bool companies,
                   int (*each)(void *ctx, int64_t posting, struct str company, struct diag *d),
                   void *ctx, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = { 0 };
    int r;

    if (!companies)
        return own_postings(s, source, each, ctx, d);
    q = stmt_begin_once(
        s, "SELECT p.id, r.company FROM source s JOIN posting p ON p.source = s.id" FACT_REVISION_OF
           " WHERE s.key = ?2");
    stmt_int(&q, 1, at);
    stmt_str(&q, 2, source);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        r = each(ctx, col_int(&q, 0), col_str(&q, 1), d);
        if (r)
            return r;
    }
    return r;
}

int store_proven_by(struct store *s, int64_t at, struct arena *a, struct source_proven **ret,
                    size_t *ret_n, struct diag *d)
{
    struct {
        struct source_proven *items;
        size_t n, cap;
    } list = { 0 };
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT key, (SELECT max(ended) FROM reading WHERE source = source.id"
                      " AND proven = 1 AND ended <= ?1) FROM source ORDER BY key");
    int r;

    stmt_int(&q, 1, at);
    while ((r = stmt_step(&q, d)) == STMT_ROW)
        *ARENA_PUSH(a, &list) =
            (struct source_proven){ .key = str_dup(a, col_str(&q, 0)), .proven = col_int(&q, 1) };
    if (r)
        return r;
    *ret = list.items;
    *ret_n = list.n;
    return 0;
}
