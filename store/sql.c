/* Reading the store in plain SQL: on a connection of its own that can do nothing else. */
#include <math.h>
#include <string.h>
#include <time.h>

#include "store/handle.h"

enum {
    SQL_SECONDS_MAX = 60,
    SQL_CHECK_EVERY = 10000, /* steps of SQLite's machine between two looks at the clock */
    SQL_CELL_MAX = 64 * 1024 * 1024,
};

static int authorize(void *ctx, int action, const char *a, const char *b, const char *c,
                     const char *e)
{
    static const char *const pragmas[] = { "table_info", "table_xinfo", "table_list" };

    (void)ctx;
    (void)c;
    (void)e;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return b && strcmp(b, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA:
        for (size_t i = 0; i < ARRAY_LEN(pragmas); i++)
            if (strcmp(a, pragmas[i]) == 0)
                return SQLITE_OK;
        return SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

static int64_t monotonic_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

static int too_long(void *until)
{
    return monotonic_s() > *(const int64_t *)until;
}

static int sql_fail(struct store *s, sqlite3 *db, int rc, struct diag *d)
{
    switch (rc & 0xff) {
    case SQLITE_AUTH:
    case SQLITE_SCHEMA: /* what a refused CREATE comes out as */
        diag_fail(d, ERR_USAGE, "sql: %s: only reading is allowed", sqlite3_errmsg(db));
        diag_hint(d, "SELECT from the v_ views: roletide sql lists them");
        return ERR_USAGE;
    case SQLITE_INTERRUPT:
        return diag_fail(d, ERR_LIMIT, "sql: over %d seconds", SQL_SECONDS_MAX);
    case SQLITE_TOOBIG:
        return diag_fail(d, ERR_LIMIT, "sql: a value is over %d bytes", SQL_CELL_MAX);
    case SQLITE_ERROR:
        diag_fail(d, ERR_USAGE, "sql: %s", sqlite3_errmsg(db));
        diag_hint(d, "roletide sql lists the views and their columns");
        return ERR_USAGE;
    default:
        return db_fail(db, s->path, rc, d);
    }
}

static struct str text_of(sqlite3_stmt *st, int i, struct arena *a)
{
    static const char digits[] = "0123456789abcdef";
    bool blob = sqlite3_column_type(st, i) == SQLITE_BLOB;
    const unsigned char *p =
        blob ? sqlite3_column_blob(st, i) : (const unsigned char *)sqlite3_column_text(st, i);
    size_t n = (size_t)sqlite3_column_bytes(st, i);
    char *hex;

    if (!blob || !p)
        return (struct str){ (const char *)p, p ? n : 0 };
    hex = ARENA_NEW(a, char, 2 * n + 1);
    for (size_t k = 0; k < n; k++) {
        hex[2 * k] = digits[p[k] >> 4];
        hex[2 * k + 1] = digits[p[k] & 15];
    }
    return (struct str){ hex, 2 * n };
}

/* An infinite REAL is written Inf, which is no number elsewhere. */
static struct sql_cell cell_of(sqlite3_stmt *st, int i, struct arena *a)
{
    int type = sqlite3_column_type(st, i);

    return (struct sql_cell){ .number = type == SQLITE_INTEGER
                                        || (type == SQLITE_FLOAT
                                            && isfinite(sqlite3_column_double(st, i))),
                              .text = text_of(st, i, a) };
}

static int give_rows(struct store *s, sqlite3 *db, sqlite3_stmt *st, sql_row *row, void *ctx,
                     struct diag *d)
{
    CLEANUP(arena_free) struct arena heads = ARENA_INIT, cells_live = ARENA_INIT;
    size_t n = (size_t)sqlite3_column_count(st);
    struct sql_cell *cells = ARENA_NEW(&heads, struct sql_cell, n);
    int r, rc;

    for (size_t i = 0; i < n; i++)
        cells[i].text = str_of(sqlite3_column_name(st, (int)i));
    r = row(ctx, 0, cells, n, d);
    for (size_t at = 1; !r; at++) {
        rc = sqlite3_step(st);
        if (rc == SQLITE_DONE)
            return 0;
        if (rc != SQLITE_ROW)
            return sql_fail(s, db, rc, d);
        for (size_t i = 0; i < n; i++)
            cells[i] = cell_of(st, (int)i, &cells_live);
        r = row(ctx, at, cells, n, d);
        arena_reset(&cells_live);
    }
    return r;
}

static int run_query(struct store *s, sqlite3 *db, struct str query, sql_row *row, void *ctx,
                     struct diag *d)
{
    sqlite3_stmt *st = NULL, *more = NULL;
    const char *rest = NULL;
    int rc, r;

    if (query.n > INT32_MAX)
        return diag_fail(d, ERR_LIMIT, "sql: the query is too long");
    rc = sqlite3_prepare_v2(db, query.p, (int)query.n, &st, &rest);
    if (rc)
        return sql_fail(s, db, rc, d);
    if (!st)
        return diag_fail(d, ERR_USAGE, "sql: no statement");
    rc = sqlite3_prepare_v2(db, rest, (int)(query.p + query.n - rest), &more, NULL);
    if (rc || more)
        r = diag_fail(d, ERR_USAGE, "sql: one statement at a time");
    else
        r = give_rows(s, db, st, row, ctx, d);
    sqlite3_finalize(more);
    sqlite3_finalize(st);
    return r;
}

/*
 * Functions that give rows and can do nothing else. SQLite declares the table behind such a
 * function at its first use, which it asks the authorizer like a write of the schema: so these are
 * declared before anybody asks, and all others stay refused. A SQLite built without one lacks it.
 */
static void declare_functions(sqlite3 *db)
{
    static const char *const uses[] = {
        "SELECT 1 FROM json_each('[]')",
        "SELECT 1 FROM json_tree('[]')",
        "SELECT 1 FROM pragma_table_info('v_opening')",
        "SELECT 1 FROM pragma_table_xinfo('v_opening')",
        "SELECT 1 FROM pragma_table_list",
    };

    for (size_t i = 0; i < ARRAY_LEN(uses); i++) {
        sqlite3_stmt *st = NULL;

        (void)sqlite3_prepare_v2(db, uses[i], -1, &st, NULL);
        sqlite3_finalize(st);
    }
}

int store_sql(struct store *s, struct str query, sql_row *row, void *ctx, struct diag *d)
{
    int64_t until = monotonic_s() + SQL_SECONDS_MAX;
    sqlite3 *db = NULL;
    int r = store_flush(s, d);
    int rc;

    if (r)
        return r;
    rc = sqlite3_open_v2(s->uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    if (rc) {
        r = db_fail(db, s->path, rc, d);
    } else {
        sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_limit(db, SQLITE_LIMIT_LENGTH, SQL_CELL_MAX);
        sqlite3_busy_timeout(db, 5000);
        r = db_exec(db, s->path, "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON", d);
        declare_functions(db);
        sqlite3_set_authorizer(db, authorize, NULL);
        sqlite3_progress_handler(db, SQL_CHECK_EVERY, too_long, &until);
        if (!r)
            r = run_query(s, db, query, row, ctx, d);
    }
    sqlite3_close(db);
    return r;
}

int store_sql_views(struct store *s, sql_row *row, void *ctx, struct diag *d)
{
    return store_sql(s,
                     STR("SELECT m.name AS view, group_concat(c.name, ' ') AS columns"
                         " FROM sqlite_schema m JOIN pragma_table_info(m.name) c"
                         " WHERE m.type = 'view' AND m.name GLOB 'v_*' GROUP BY m.name"),
                     row, ctx, d);
}
