#include <string.h>
#include <sys/stat.h>

#include "store/db.h"

enum {
    SQL_STEPS = 1000,
    SQL_TICKS = 200000
}; /* a query of the user's ends after 200 million steps */

/* Reading is all that a user's query may do. */
static int authorize(void *ctx, int action, const char *a, const char *b, const char *c,
                     const char *e)
{
    (void)ctx, (void)c, (void)e, (void)a, (void)b;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    default:
        return SQLITE_DENY;
    }
}

static int tick(void *ctx)
{
    unsigned *ticks = ctx;

    return ++*ticks > SQL_TICKS;
}

static int give_rows(struct store *s, sqlite3_stmt *st,
                     int (*row)(void *ctx, size_t row, const struct str *cells, size_t n,
                                struct diag *d),
                     void *ctx, struct diag *d)
{
    size_t n = (size_t)sqlite3_column_count(st);
    struct arena a = ARENA_INIT;
    struct str *cells = ARENA_NEW(&a, struct str, n + 1);
    int r, code = SQLITE_ROW;

    for (size_t i = 0; i < n; i++)
        cells[i] = str_of(sqlite3_column_name(st, (int)i));
    r = row(ctx, 0, cells, n, d);
    for (size_t number = 1; !r && (code = sqlite3_step(st)) == SQLITE_ROW; number++) {
        for (size_t i = 0; i < n; i++) {
            const char *p = (const char *)sqlite3_column_text(st, (int)i);

            cells[i] = (struct str){ p, (size_t)sqlite3_column_bytes(st, (int)i) };
        }
        r = row(ctx, number, cells, n, d);
    }
    arena_free(&a);
    if (!r && code == SQLITE_INTERRUPT)
        return diag_fail(d, ERR_LIMIT, "sql: the query took too long and was ended");
    return !r && code != SQLITE_DONE ? db_fail(s, d, "sql") : r;
}

int store_sql(struct store *s, struct str query,
              int (*row)(void *ctx, size_t row, const struct str *cells, size_t n, struct diag *d),
              void *ctx, struct diag *d)
{
    sqlite3_stmt *st = NULL;
    const char *rest = NULL;
    unsigned ticks = 0;
    int r;

    sqlite3_set_authorizer(s->db, authorize, NULL);
    sqlite3_progress_handler(s->db, SQL_STEPS, tick, &ticks);
    if (sqlite3_prepare_v2(s->db, query.p, (int)query.n, &st, &rest)) {
        r = diag_fail(d, ERR_USAGE, "sql: %s", sqlite3_errmsg(s->db));
        diag_hint(d, "only SELECT is allowed; docs/store.md lists the v_ views");
    } else if (!st) {
        r = diag_fail(d, ERR_USAGE, "sql: empty query");
    } else if (str_trim(str_from(query, (size_t)(rest - query.p))).n) {
        r = diag_fail(d, ERR_USAGE, "sql: one statement at a time");
    } else {
        r = give_rows(s, st, row, ctx, d);
    }
    sqlite3_finalize(st);
    sqlite3_progress_handler(s->db, 0, NULL, NULL);
    sqlite3_set_authorizer(s->db, NULL, NULL);
    return r;
}

int store_about(struct store *s, struct arena *a, struct store_facts *ret, struct diag *d)
{
    struct stat file;
    DB_STATEMENT(st);
    int r =
        db_prepare(s,
                   "SELECT (SELECT count(*) FROM posting), (SELECT count(*) FROM revision),"
                   " (SELECT count(*) FROM reading), (SELECT coalesce(max(ended), 0) FROM reading),"
                   " coalesce((SELECT hash FROM vintage WHERE current), '')",
                   &st, d);

    if (!r)
        r = db_step(s, st, "about", d);
    if (r != DB_ROW)
        return r;
    *ret = (struct store_facts){ .postings = sqlite3_column_int64(st, 0),
                                 .revisions = sqlite3_column_int64(st, 1),
                                 .readings = sqlite3_column_int64(st, 2),
                                 .last_run = sqlite3_column_int64(st, 3),
                                 .vintage = db_copy(st, 4, a),
                                 .path = str_dup(a, str_of(s->path)) };
    ret->bytes = stat(s->path, &file) ? 0 : file.st_size;
    return 0;
}
