/* Markets kept as bytes. */
#include "core/date.h"
#include "store/handle.h"

static int put_market(struct store *s, int64_t at, int64_t terms, struct str bytes, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "INSERT OR REPLACE INTO market (at, vintage, terms, data)"
                                  " VALUES (?1, ?2, ?3, ?4)");

    stmt_int(&q, 1, at);
    stmt_int(&q, 2, s->vintage);
    stmt_int(&q, 3, terms);
    stmt_blob(&q, 4, bytes);
    return stmt_run(&q, d);
}

int store_put_market(struct store *s, int64_t at, int64_t terms, struct str bytes, struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, put_market(s, at, terms, bytes, d), d);
}

int store_market(struct store *s, int64_t at, int64_t terms, struct arena *a, struct str *ret,
                 struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT data FROM market WHERE at = ?1 AND vintage = ?2 AND terms = ?3");
    int r;

    stmt_int(&q, 1, at);
    stmt_int(&q, 2, s->vintage);
    stmt_int(&q, 3, terms);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    *ret = str_dup(a, col_str(&q, 0));
    return 0;
}

static int drop_markets(struct store *s, int64_t before, int64_t last, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "DELETE FROM market WHERE at < ?1 OR vintage <> ?2"
                                  " OR (at < ?3 AND (at + 1 + ?4) % ?5 <> 0)");

    stmt_int(&q, 1, before);
    stmt_int(&q, 2, s->vintage);
    stmt_int(&q, 3, last);
    stmt_int(&q, 4, IST_OFFSET);
    stmt_int(&q, 5, DAY_SECONDS);
    return stmt_run(&q, d);
}

int store_drop_markets(struct store *s, int64_t before, int64_t last, struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, drop_markets(s, before, last, d), d);
}
