#include "store/handle.h"

#include <math.h>
#include <string.h>

static const struct {
    int rc, err;
    const char *why, *hint;
} causes[] = {
    { SQLITE_FULL, ERR_IO, "the disk is full",
      "free some space and run again: what was committed is kept" },
    { SQLITE_CORRUPT, ERR_DB, "the file is damaged",
      "it is left as it is: put back a copy made by `roletide backup`" },
    { SQLITE_NOTADB, ERR_DB, "the file is not a database",
      "it is left as it is: put back a copy made by `roletide backup`" },
    { SQLITE_IOERR, ERR_IO, NULL, "the disk, or a limit on file size: what was committed is kept" },
    { SQLITE_BUSY, ERR_BUSY, NULL, "try again when the other process is done" },
    { SQLITE_CANTOPEN, ERR_IO, NULL, "" },
    { SQLITE_NOMEM, ERR_IO, "out of memory", "" },
    { SQLITE_READONLY, ERR_IO, NULL, "the file or its folder may not be written to" },
};

int db_fail(sqlite3 *db, const char *path, int rc, struct diag *d)
{
    const char *said = db ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
    int os_error = db ? sqlite3_system_errno(db) : 0;

    for (size_t i = 0; i < ARRAY_LEN(causes); i++)
        if ((rc & 0xff) == causes[i].rc) {
            diag_fail(d, causes[i].err, "store: %s: %s%s%s", path,
                      causes[i].why ? causes[i].why : said, os_error && !causes[i].why ? ": " : "",
                      os_error && !causes[i].why ? strerror(os_error) : "");
            diag_hint(d, "%s", causes[i].hint);
            return causes[i].err;
        }
    return diag_fail(d, ERR_DB, "store: %s: %s", path, said);
}

int store_fail(struct store *s, int rc, struct diag *d)
{
    return db_fail(s->db, s->path, rc, d);
}

int db_exec(sqlite3 *db, const char *path, const char *sql, struct diag *d)
{
    int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);

    return rc ? db_fail(db, path, rc, d) : 0;
}

static struct stmt_slot *slot_of(struct store *s, const char *sql)
{
    size_t at = (uintptr_t)sql / 8 % STMT_SLOTS;

    for (size_t i = 0; i < STMT_SLOTS; i++) {
        struct stmt_slot *slot = &s->slots[(at + i) % STMT_SLOTS];

        if (!slot->sql || slot->sql == sql)
            return slot;
    }
    return NULL;
}

static struct stmt prepare_once(struct store *s, const char *sql)
{
    struct stmt q = { .s = s, .once = true };

    q.rc = sqlite3_prepare_v2(s->db, sql, -1, &q.st, NULL);
    return q;
}

struct stmt stmt_ahead(struct store *s, const char *sql)
{
    struct stmt_slot *slot = slot_of(s, sql);
    struct stmt q = { .s = s };

    /* The code has fewer statements than slots; a nested use of one gets its own. */
    if (!slot || (slot->st && sqlite3_stmt_busy(slot->st)))
        return prepare_once(s, sql);
    if (!slot->st) {
        q.rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &slot->st, NULL);
        slot->sql = slot->st ? sql : NULL;
    }
    q.st = slot->st;
    return q;
}

static void take_back(struct store *s)
{
    if (!sqlite3_get_autocommit(s->db)) /* SQLite itself takes back a batch on a full disk */
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    if (s->waiting)
        s->forget_waiting(s);
    s->in_batch = false;
    s->batch_rows = 0;
    s->nothing_finished = false;
    s->nothing_kept = INT64_MAX;
    s->unread_from = 0;
    s->newest_revision = s->body.id = s->address.id = 0;
    s->read_to = 0;
    skill_numbers_forget(s);
    sources_forget(s);          /* some may have come with the batch */
    words_forget(&s->words, 0); /* some may have come with the batch */
    s->words.n_stored = 0;
}

/* 0: nothing waits any more; else what SQLite said, and the batch is taken back. */
static int settle(struct store *s)
{
    struct diag said_by_the_step;
    int rc;

    if (!s->settle || !s->settle(s, &said_by_the_step))
        return 0;
    rc = sqlite3_extended_errcode(s->db);
    take_back(s);
    return rc ? rc : SQLITE_ERROR;
}

struct stmt stmt_begin_once(struct store *s, const char *sql)
{
    int rc = settle(s);
    struct stmt q = prepare_once(s, sql);

    q.rc = rc ? rc : q.rc;
    return q;
}

struct stmt stmt_begin(struct store *s, const char *sql)
{
    int rc = settle(s);
    struct stmt q = stmt_ahead(s, sql);

    q.rc = rc ? rc : q.rc;
    return q;
}

void stmt_end(struct stmt *q)
{
    if (q->once) {
        sqlite3_finalize(q->st);
    } else if (q->st) {
        sqlite3_reset(q->st);
        sqlite3_clear_bindings(q->st);
    }
    q->st = NULL;
}

static void note(struct stmt *q, int rc)
{
    if (rc && !q->rc)
        q->rc = rc;
}

void stmt_int(struct stmt *q, int i, int64_t v)
{
    if (!q->rc)
        note(q, sqlite3_bind_int64(q->st, i, v));
}

void stmt_int_or_null(struct stmt *q, int i, int64_t v)
{
    if (v)
        stmt_int(q, i, v);
    else if (!q->rc)
        note(q, sqlite3_bind_null(q->st, i));
}

void stmt_num(struct stmt *q, int i, double v)
{
    if (!q->rc)
        note(q, isnan(v) ? sqlite3_bind_null(q->st, i) : sqlite3_bind_double(q->st, i, v));
}

void stmt_num_or_null(struct stmt *q, int i, double v)
{
    stmt_num(q, i, v == 0 ? NAN : v);
}

/* Bound without a copy: every caller steps while the bytes are alive. */
void stmt_str(struct stmt *q, int i, struct str v)
{
    if (!q->rc)
        note(q, sqlite3_bind_text64(q->st, i, v.p ? v.p : "", v.n, SQLITE_STATIC, SQLITE_UTF8));
}

void stmt_blob(struct stmt *q, int i, struct str v)
{
    if (!q->rc)
        note(q, sqlite3_bind_blob64(q->st, i, v.p ? v.p : "", v.n, SQLITE_STATIC));
}

void stmt_hash(struct stmt *q, int i, struct hash v)
{
    unsigned char b[16];

    for (int k = 0; k < 8; k++) { /* big-endian, as it is printed */
        b[k] = (unsigned char)(v.high >> (56 - 8 * k));
        b[8 + k] = (unsigned char)(v.low >> (56 - 8 * k));
    }
    if (!q->rc)
        note(q, sqlite3_bind_blob(q->st, i, b, sizeof(b), SQLITE_TRANSIENT));
}

int stmt_step(struct stmt *q, struct diag *d)
{
    if (!q->rc) {
        int rc = sqlite3_step(q->st);

        if (rc == SQLITE_ROW)
            return STMT_ROW;
        if (rc == SQLITE_DONE)
            return 0;
        q->rc = rc;
    }
    return store_fail(q->s, q->rc, d);
}

int stmt_run(struct stmt *q, struct diag *d)
{
    int r = stmt_step(q, d);

    if (q->st)
        sqlite3_reset(q->st);
    return r > 0 ? 0 : r;
}

void stmt_again(struct stmt *q)
{
    if (q->st)
        sqlite3_reset(q->st);
}

int64_t col_int(const struct stmt *q, int i)
{
    return sqlite3_column_int64(q->st, i);
}

double col_num(const struct stmt *q, int i)
{
    return sqlite3_column_double(q->st, i);
}

bool col_null(const struct stmt *q, int i)
{
    return sqlite3_column_type(q->st, i) == SQLITE_NULL;
}

struct str col_str(const struct stmt *q, int i)
{
    const char *p = sqlite3_column_blob(q->st, i); /* STRICT: text is stored as the bytes given */

    return (struct str){ p ? p : "", p ? (size_t)sqlite3_column_bytes(q->st, i) : 0 };
}

struct hash col_hash(const struct stmt *q, int i)
{
    struct str b = col_str(q, i);
    struct hash h = { 0 };

    for (size_t k = 0; b.n == 16 && k < 8; k++) {
        h.high = h.high << 8 | (unsigned char)b.p[k];
        h.low = h.low << 8 | (unsigned char)b.p[8 + k];
    }
    return h;
}

struct str col_hex(const struct stmt *q, int i, struct arena *a)
{
    char hex[HASH_HEX];

    if (col_str(q, i).n != 16)
        return STR("");
    hash_hex(col_hash(q, i), hex);
    return str_dup(a, str_of(hex));
}

void sources_forget(struct store *s)
{
    s->forgotten++;
    s->sources = (struct table){ 0 };
    arena_reset(&s->known);
}

int64_t url_hash(struct str url)
{
    return (int64_t)(hash64_of(url) & INT32_MAX);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str short_hash(struct str text, char to[16])
{
    if (text.n != 32)
        return text;
    for (size_t i = 0; i < 16; i++) {
        int high = hex_digit(text.p[2 * i]), low = hex_digit(text.p[2 * i + 1]);

        if (high < 0 || low < 0)
            return text;
        to[i] = (char)(high << 4 | low);
    }
    return (struct str){ to, 16 };
}

int write_begin(struct store *s, struct diag *d)
{
    int r;

    if (s->access != STORE_WRITE)
        return diag_fail(d, ERR_USAGE, "store: %s: opened for reading only", s->path);
    if (s->in_batch)
        return 0;
    r = db_exec(s->db, s->path, "BEGIN IMMEDIATE", d);
    s->in_batch = r == 0;
    return r;
}

/* How far the vintage that is building has read, with the batch that says what. */
static int note_read(struct store *s, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "UPDATE vintage SET read_to = max(read_to, ?2) WHERE id = ?1");

    stmt_int(&q, 1, s->vintage);
    stmt_int(&q, 2, s->read_to);
    s->read_to = 0;
    return stmt_run(&q, d);
}

int store_flush(struct store *s, struct diag *d)
{
    int r;

    if (!s->in_batch)
        return 0;
    r = s->settle ? s->settle(s, d) : 0;
    if (!r && s->read_to)
        r = note_read(s, d);
    if (!r)
        r = db_exec(s->db, s->path, "COMMIT", d);
    if (r)
        take_back(s);
    s->in_batch = false;
    s->batch_rows = 0;
    return r;
}

int write_end(struct store *s, int r, struct diag *d)
{
    if (r < 0) {
        take_back(s);
        return r;
    }
    if (++s->batch_rows >= BATCH_ROWS) {
        int failed = store_flush(s, d);

        return failed ? failed : r;
    }
    return r;
}

int write_end_now(struct store *s, int r, struct diag *d)
{
    if (r < 0)
        return write_end(s, r, d);
    s->batch_rows = BATCH_ROWS;
    return write_end(s, r, d);
}
