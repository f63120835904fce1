#ifndef TESTS_UNIT_STORE_FILE_H
#define TESTS_UNIT_STORE_FILE_H

/* The store's file, past the store. */
#include <sqlite3.h>

#include "store_util.h"

static inline void path_in(char ret[256], const struct folder *f, const char *name)
{
    snprintf(ret, 256, "%s/%s", f->path, name);
}

/* As a sceptic would: the file by SQLite alone. */
static inline int64_t ask(const struct folder *f, const char *sql)
{
    char path[256];
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    int64_t n = -1;

    path_in(path, f, "roletide.db");
    if (!sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL)
        && !sqlite3_prepare_v2(db, sql, -1, &st, NULL) && sqlite3_step(st) == SQLITE_ROW)
        n = sqlite3_column_int64(st, 0);
    else
        fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

#endif
