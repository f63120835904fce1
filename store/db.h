#ifndef STORE_DB_H
#define STORE_DB_H

#include <sqlite3.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "store/store.h"

/* Inside store/: the open handle, prepared statements, and the batch of facts. */

enum { STATEMENTS = 96, BATCH_ROWS = 500 };

struct store {
    sqlite3 *db;
    char *dir, *path;
    int lock;         /* the lock's file descriptor; -1: reading only */
    bool batch;       /* a transaction of facts is open */
    unsigned batched; /* rows in it */
    int64_t vintage;  /* row id of the current one; 0: none yet */
    struct cached {
        const char *sql; /* the literal itself is the key */
        sqlite3_stmt *statement;
    } cache[STATEMENTS];
};

/* A prepared statement, reset when it leaves scope: DB_STATEMENT(st); r = db_prepare(s, sql, &st,
 * d); */
#define DB_STATEMENT(name) CLEANUP(db_reset) sqlite3_stmt *name = NULL

void db_reset(sqlite3_stmt **st);

/* `sql` is a string constant: its address finds the cached statement. */
int db_prepare(struct store *s, const char *sql, sqlite3_stmt **ret, struct diag *d) MUST_USE;
int db_fail(struct store *s, struct diag *d, const char *doing);

/* Bind ?1, ?2 ... in order: b blob (struct str), s text (struct str), i int64_t, f double, n null
 * (no argument). */
void db_bind(sqlite3_stmt *st, const char *types, ...);

/* One row or none: DB_ROW, 0, or an error. */
enum { DB_ROW = 1 };
int db_step(struct store *s, sqlite3_stmt *st, const char *doing, struct diag *d) MUST_USE;

/* Prepare, bind and run a statement that gives no rows. */
int db_run(struct store *s, const char *sql, const char *doing, struct diag *d, const char *types,
           ...) MUST_USE;

int db_exec(struct store *s, const char *sql, const char *doing, struct diag *d) MUST_USE;

/* Count a fact into the batch, opening or ending its transaction as needed. Call before writing. */
int db_batch(struct store *s, struct diag *d) MUST_USE;

/* End the batch and begin a transaction of its own; db_end() commits (r == 0) or rolls back and
 * passes r on. */
int db_begin(struct store *s, struct diag *d) MUST_USE;
int db_end(struct store *s, int r, struct diag *d) MUST_USE;

/* Columns as views into the row (until the next step), or copied into an arena. */
struct str db_text(sqlite3_stmt *st, int column);
struct str db_blob(sqlite3_stmt *st, int column);
struct str db_copy(sqlite3_stmt *st, int column, struct arena *a);

/* zstd. ERR_DB when stored bytes are damaged. */
void db_pack(struct str raw, struct buf *to);
int db_unpack(struct str packed, struct arena *a, struct str *ret, struct diag *d) MUST_USE;

struct str db_hash(const struct hash *h, char to[16]); /* big-endian bytes, a view of `to` */

#endif
