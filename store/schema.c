#include "store/schema.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/str.h"
#include "store/handle.h"

extern const char store_migration_001[];
extern const char store_migration_002[];
extern const char store_migration_003[];
extern const char store_migration_004[];
extern const char store_migration_005[];
extern const char store_migration_006[];
extern const char store_migration_007[];
extern const char store_migration_008[];
extern const char store_migration_009[];
extern const char store_migration_010[];
extern const char store_migration_011[];
extern const char store_migration_012[];
extern const char store_migration_013[];
extern const char store_migration_014[];
extern const char store_views[];

const struct migration schema_migrations[] = { { store_migration_001 }, { store_migration_002 },
                                               { store_migration_003 }, { store_migration_004 },
                                               { store_migration_005 }, { store_migration_006 },
                                               { store_migration_007 }, { store_migration_008 },
                                               { store_migration_009 }, { store_migration_010 },
                                               { store_migration_011 }, { store_migration_012 },
                                               { store_migration_013 }, { store_migration_014 } };
const int schema_version = ARRAY_LEN(schema_migrations);

static int pragma_int(sqlite3 *db, const char *path, const char *sql, int *ret, struct diag *d)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);

    if (!rc && (rc = sqlite3_step(st)) == SQLITE_ROW)
        *ret = sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    return rc == SQLITE_ROW ? 0 : db_fail(db, path, rc, d);
}

int schema_of(sqlite3 *db, const char *path, int *ret, struct diag *d)
{
    int application = 0;
    int r = pragma_int(db, path, "PRAGMA application_id", &application, d);

    if (r)
        return r;
    if (application != SCHEMA_APPLICATION) {
        diag_fail(d, ERR_DB, "store: %s: not a store of roletide", path);
        diag_hint(d, "it is left as it is: name another folder, or move the file away");
        return ERR_DB;
    }
    return pragma_int(db, path, "PRAGMA user_version", ret, d);
}

/* Views of ours are named v_; what a view says may change with every release. */
static int drop_views(sqlite3 *db, const char *path, struct diag *d)
{
    for (;;) {
        char drop[160] = "";
        sqlite3_stmt *st = NULL;
        int rc = sqlite3_prepare_v2(db,
                                    "SELECT name FROM sqlite_schema WHERE type = 'view'"
                                    " AND name GLOB 'v_*' AND name NOT GLOB '*[^a-z_]*' LIMIT 1",
                                    -1, &st, NULL);
        int r;

        if (!rc && (rc = sqlite3_step(st)) == SQLITE_ROW)
            snprintf(drop, sizeof(drop), "DROP VIEW %s", (const char *)sqlite3_column_text(st, 0));
        sqlite3_finalize(st);
        if (rc != SQLITE_ROW)
            return rc == SQLITE_DONE ? 0 : db_fail(db, path, rc, d);
        r = db_exec(db, path, drop, d);
        if (r)
            return r;
    }
}

static void sql_url_hash(sqlite3_context *to, int n, sqlite3_value **values)
{
    const char *p = (const char *)sqlite3_value_text(values[0]);

    (void)n;
    sqlite3_result_int64(to, url_hash((struct str){ p, (size_t)sqlite3_value_bytes(values[0]) }));
}

static void sql_short_hash(sqlite3_context *to, int n, sqlite3_value **values)
{
    const char *p = (const char *)sqlite3_value_text(values[0]);
    char short_[16];
    struct str s;

    (void)n;
    if (!p) {
        sqlite3_result_null(to);
        return;
    }
    s = short_hash((struct str){ p, (size_t)sqlite3_value_bytes(values[0]) }, short_);
    sqlite3_result_blob64(to, s.p, s.n, SQLITE_TRANSIENT);
}

/* What steps write that the store itself works out. */
static int add_functions(sqlite3 *db, const char *path, struct diag *d)
{
    int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
    int rc = sqlite3_create_function(db, "url_hash", 1, flags, NULL, sql_url_hash, NULL, NULL);

    if (!rc)
        rc = sqlite3_create_function(db, "short_hash", 1, flags, NULL, sql_short_hash, NULL, NULL);
    return rc ? db_fail(db, path, rc, d) : 0;
}

int schema_migrate(sqlite3 *db, const char *path, const struct migration *steps, int from, int to,
                   struct diag *d)
{
    char mark[80];
    /* A table that others refer to may be made anew; its ids stay. */
    int r = add_functions(db, path, d);

    if (!r)
        r = db_exec(db, path, "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE", d);
    if (r)
        return r;
    r = drop_views(db, path, d); /* they name the tables that steps make anew */
    for (int v = from; !r && v < to; v++)
        r = db_exec(db, path, steps[v].sql, d);
    snprintf(mark, sizeof(mark), "PRAGMA application_id = %d; PRAGMA user_version = %d",
             SCHEMA_APPLICATION, to);
    if (!r)
        r = db_exec(db, path, store_views, d);
    if (!r)
        r = db_exec(db, path, mark, d);
    if (!r)
        r = db_exec(db, path, "COMMIT", d);
    if (r && !sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return r ? r : db_exec(db, path, "PRAGMA foreign_keys = ON", d);
}

static int copy_pages(sqlite3 *from, const char *path, sqlite3 *to, const char *part,
                      struct diag *d)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    int rc;

    if (!b)
        return db_fail(to, part, sqlite3_errcode(to), d);
    rc = sqlite3_backup_step(b, -1); /* in one step: one snapshot, whoever writes meanwhile */
    sqlite3_backup_finish(b);
    if (rc != SQLITE_DONE)
        return db_fail(NULL, (rc & 0xff) == SQLITE_CORRUPT ? path : part, rc, d);
    /* One file that opens anywhere, without the two that WAL mode keeps beside it. */
    return db_exec(to, part, "PRAGMA journal_mode = DELETE", d);
}

int schema_copy(sqlite3 *db, const char *path, const char *to, struct diag *d)
{
    struct arena a = ARENA_INIT;
    char *part = str_cstr(&a, str_printf(&a, "%s.part", to));
    sqlite3 *copy = NULL;
    int r, rc;

    (void)unlink(part);
    rc = sqlite3_open_v2(part, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    r = rc ? db_fail(copy, part, rc, d) : copy_pages(db, path, copy, part, d);
    sqlite3_close(copy);
    if (!r && rename(part, to))
        r = diag_fail(d, ERR_IO, "store: %s: %s", to, strerror(errno));
    if (r)
        (void)unlink(part);
    arena_free(&a);
    return r;
}
