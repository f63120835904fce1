#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <sqlite3.h>

#include "core/diag.h"
#include "core/err.h"

/* The steps from an empty file to this release's schema, the first at version 1. */
struct migration {
    const char *sql;
};
extern const struct migration schema_migrations[];
extern const int schema_version; /* how many there are */

enum { SCHEMA_APPLICATION = 0x726f6c65 }; /* "role" */

/* PRAGMA user_version; ERR_DB when the file is some other program's. */
int schema_of(sqlite3 *db, const char *path, int *ret, struct diag *d) MUST_USE;

/*
 * Bring the file from version `from` to `to`, in one transaction, the views made anew. Killed in
 * it, the file is as it was.
 */
int schema_migrate(sqlite3 *db, const char *path, const struct migration *steps, int from, int to,
                   struct diag *d) MUST_USE;

/* A whole copy of an open database as one file, made beside and renamed. */
int schema_copy(sqlite3 *db, const char *path, const char *to, struct diag *d) MUST_USE;

#endif
