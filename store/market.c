/* Markets kept as bytes. */
#include "core/date.h"
#include "store/handle.h"

static int put_market(struct store *s, int64_t at, int64_t terms, struct str front, struct str rest,
                      struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "INSERT OR REPLACE INTO market (at, vintage, terms, front, rest)"
                                  " VALUES (?1, ?2, ?3, ?4, ?5)");

    stmt_int(&q, 1, at);
    stmt_int(&q, 2, s->vintage);
    stmt_int(&q, 3, terms);
    stmt_blob(&q, 4, front);
    stmt_blob(&q, 5, rest);
    s->nothing_kept = INT64_MAX;
    s->unread_from = 0;
    return stmt_run(&q, d);
}

int store_put_market(struct store *s, int64_t at, int64_t terms, struct str front, struct str rest,
                     struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, put_market(s, at, terms, front, rest, d), d);
}

static int find_market(struct store *s, int64_t at, int64_t terms, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT id FROM market WHERE at = ?1 AND vintage = ?2 AND terms = ?3");
    int r;

    stmt_int(&q, 1, at);
    stmt_int(&q, 2, s->vintage);
    stmt_int(&q, 3, terms);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    *ret = col_int(&q, 0);
    return 0;
}

/* Straight into its place: it is megabytes. */
static int read_blob(struct store *s, int64_t id, const char *column, struct arena *a,
                     struct str *ret, struct diag *d)
{
    sqlite3_blob *blob = NULL;
    int rc = sqlite3_blob_open(s->db, "main", "market", column, id, 0, &blob);
    char *to = NULL;
    int n = 0;

    if (!rc) {
        n = sqlite3_blob_bytes(blob);
        to = arena_room(a, (size_t)n);
        rc = sqlite3_blob_read(blob, to, n, 0);
    }
    sqlite3_blob_close(blob);
    if (rc)
        return store_fail(s, rc, d);
    *ret = (struct str){ to, (size_t)n };
    return 0;
}

int store_market(struct store *s, int64_t at, int64_t terms, struct arena *a, struct str *ret_front,
                 struct str *ret_rest, struct diag *d)
{
    int64_t id = 0;
    int r = find_market(s, at, terms, &id, d);

    if (!r)
        r = read_blob(s, id, "front", a, ret_front, d);
    return r || !ret_rest ? r : read_blob(s, id, "rest", a, ret_rest, d);
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
