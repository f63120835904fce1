#include "store/db.h"

#include <stdarg.h>
#include <string.h>
#include <zstd.h>

#include "core/buf.h"

enum { ZSTD_LEVEL = 3, MAX_UNPACKED = 64 << 20 };

void db_reset(sqlite3_stmt **st)
{
    if (!*st)
        return;
    sqlite3_reset(*st);
    sqlite3_clear_bindings(*st);
}

int db_fail(struct store *s, struct diag *d, const char *doing)
{
    int code = sqlite3_errcode(s->db);

    diag_fail(d, ERR_DB, "database: %s: %s: %s", doing, s->path, sqlite3_errmsg(s->db));
    if (code == SQLITE_FULL || (code & 0xFF) == SQLITE_IOERR)
        diag_hint(d, "free some space on the disk; nothing that was stored is lost");
    else if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
        diag_hint(d, "the file is damaged and was left as it is; put a backup (roletide backup) in "
                     "its place");
    else if (code == SQLITE_BUSY)
        return diag_fail(d, ERR_BUSY, "database: %s: %s is being written by another program", doing,
                         s->path);
    return ERR_DB;
}

int db_prepare(struct store *s, const char *sql, sqlite3_stmt **ret, struct diag *d)
{
    size_t i = 0;

    while (i < STATEMENTS && s->cache[i].sql && s->cache[i].sql != sql)
        i++;
    if (i == STATEMENTS)
        return diag_fail(d, ERR_LIMIT, "database: more than %d statements", STATEMENTS);
    if (!s->cache[i].sql) {
        if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->cache[i].statement,
                               NULL))
            return db_fail(s, d, "prepare");
        s->cache[i].sql = sql;
    }
    *ret = s->cache[i].statement;
    return 0;
}

static void bind_one(sqlite3_stmt *st, int at, char type, va_list *ap)
{
    struct str v;

    switch (type) {
    case 's':
        v = va_arg(*ap, struct str);
        sqlite3_bind_text64(st, at, v.p ? v.p : "", v.n, SQLITE_TRANSIENT, SQLITE_UTF8);
        break;
    case 'b':
        v = va_arg(*ap, struct str);
        sqlite3_bind_blob64(st, at, v.p ? v.p : "", v.n, SQLITE_TRANSIENT);
        break;
    case 'i':
        sqlite3_bind_int64(st, at, va_arg(*ap, int64_t));
        break;
    case 'f':
        sqlite3_bind_double(st, at, va_arg(*ap, double)); /* NaN becomes null */
        break;
    default:
        sqlite3_bind_null(st, at);
    }
}

static void bind_all(sqlite3_stmt *st, const char *types, va_list *ap)
{
    for (int i = 0; types[i]; i++)
        bind_one(st, i + 1, types[i], ap);
}

void db_bind(sqlite3_stmt *st, const char *types, ...)
{
    va_list ap;

    va_start(ap, types);
    bind_all(st, types, &ap);
    va_end(ap);
}

int db_step(struct store *s, sqlite3_stmt *st, const char *doing, struct diag *d)
{
    int r = sqlite3_step(st);

    if (r == SQLITE_ROW)
        return DB_ROW;
    return r == SQLITE_DONE ? 0 : db_fail(s, d, doing);
}

int db_run(struct store *s, const char *sql, const char *doing, struct diag *d, const char *types,
           ...)
{
    DB_STATEMENT(st);
    va_list ap;
    int r = db_prepare(s, sql, &st, d);

    if (r)
        return r;
    va_start(ap, types);
    bind_all(st, types, &ap);
    va_end(ap);
    r = db_step(s, st, doing, d);
    return r < 0 ? r : 0;
}

int db_exec(struct store *s, const char *sql, const char *doing, struct diag *d)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) ? db_fail(s, d, doing) : 0;
}

int store_flush(struct store *s, struct diag *d)
{
    if (!s->batch)
        return 0;
    if (sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL)) {
        int r = db_fail(s, d, "commit");

        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
        s->batch = false;
        return r;
    }
    s->batch = false;
    s->batched = 0;
    return 0;
}

int db_batch(struct store *s, struct diag *d)
{
    int r = 0;

    if (s->lock < 0)
        return diag_fail(d, ERR_DB, "database: %s was opened for reading", s->path);
    if (s->batch && ++s->batched > BATCH_ROWS)
        r = store_flush(s, d);
    if (r || s->batch)
        return r;
    r = db_exec(s, "BEGIN IMMEDIATE", "begin", d);
    s->batch = !r;
    return r;
}

int db_begin(struct store *s, struct diag *d)
{
    int r = store_flush(s, d);

    return r ? r : db_exec(s, "BEGIN IMMEDIATE", "begin", d);
}

int db_end(struct store *s, int r, struct diag *d)
{
    if (!r)
        r = db_exec(s, "COMMIT", "commit", d);
    if (r)
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL,
                     NULL); /* the first failure is what the diag says */
    return r;
}

struct str db_blob(sqlite3_stmt *st, int column)
{
    const char *p = sqlite3_column_blob(st, column);

    return (struct str){ p ? p : "", (size_t)sqlite3_column_bytes(st, column) };
}

struct str db_text(sqlite3_stmt *st, int column)
{
    return db_blob(st, column);
}

struct str db_copy(sqlite3_stmt *st, int column, struct arena *a)
{
    return str_dup(a, db_blob(st, column));
}

void db_pack(struct str raw, struct buf *to)
{
    size_t room = ZSTD_compressBound(raw.n), n;
    struct arena a = ARENA_INIT;
    char *p = ARENA_NEW(&a, char, room);

    n = ZSTD_compress(p, room, raw.p ? raw.p : "", raw.n, ZSTD_LEVEL);
    to->n = 0;
    if (!ZSTD_isError(n))
        buf_add(to, (struct str){ p, n });
    arena_free(&a);
}

int db_unpack(struct str packed, struct arena *a, struct str *ret, struct diag *d)
{
    unsigned long long size = ZSTD_getFrameContentSize(packed.p, packed.n);
    char *p;
    size_t n;

    if (size > MAX_UNPACKED) /* also the two error values */
        return diag_fail(d, ERR_DB, "database: a stored text is damaged");
    p = ARENA_NEW(a, char, (size_t)size + 1);
    n = ZSTD_decompress(p, (size_t)size, packed.p, packed.n);
    if (ZSTD_isError(n) || n != size)
        return diag_fail(d, ERR_DB, "database: a stored text is damaged: %s", ZSTD_getErrorName(n));
    *ret = (struct str){ p, n };
    return 0;
}

struct str db_hash(const struct hash *h, char to[16])
{
    for (int i = 0; i < 8; i++) {
        to[i] = (char)(h->high >> (56 - 8 * i));
        to[8 + i] = (char)(h->low >> (56 - 8 * i));
    }
    return (struct str){ to, 16 };
}
