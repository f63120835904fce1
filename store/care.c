/* Care of the file: a copy, a check, and what it holds. */
#include <sys/stat.h>

#include "store/handle.h"
#include "store/schema.h"

int store_backup(struct store *s, const char *to, struct diag *d)
{
    struct stat own, other;
    int r = store_flush(s, d);

    if (r)
        return r;
    if (!stat(to, &other) && !stat(s->path, &own) && own.st_ino == other.st_ino
        && own.st_dev == other.st_dev)
        return diag_fail(d, ERR_USAGE, "backup: %s: that is the store itself", to);
    return schema_copy(s->db, s->path, to, d);
}

static int check_texts(struct store *s, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin_once(s, "SELECT id FROM text WHERE block NOT IN"
                                       " (SELECT id FROM block) LIMIT 1");
    int r = stmt_step(&q, d);

    if (r != STMT_ROW)
        return r;
    return diag_fail(d, ERR_DB, "store: %s: text %lld: its block is missing", s->path,
                     (long long)col_int(&q, 0));
}

int store_check(struct store *s, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt pages = stmt_begin_once(s, "PRAGMA integrity_check(1)");
    CLEANUP(stmt_end) struct stmt keys = stmt_begin_once(s, "PRAGMA foreign_key_check");
    int r = stmt_step(&pages, d);

    if (r < 0)
        return r;
    if (!str_eq(col_str(&pages, 0), STR("ok"))) {
        diag_fail(d, ERR_DB, "store: %s: " STR_FMT, s->path, STR_ARG(col_str(&pages, 0)));
        diag_hint(d, "put back a copy made by `roletide backup`");
        return ERR_DB;
    }
    r = check_texts(s, d);
    if (!r)
        r = stmt_step(&keys, d);
    if (r == STMT_ROW)
        return diag_fail(d, ERR_DB, "store: %s: " STR_FMT ": row %lld names a missing row", s->path,
                         STR_ARG(col_str(&keys, 0)), (long long)col_int(&keys, 1));
    return r;
}

int store_about(struct store *s, struct arena *a, struct store_facts *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT (SELECT max(last_reading) FROM standing),"
                                  " (SELECT hash FROM vintage WHERE id = ?1)");
    struct stat st;
    int r;

    stmt_int(&q, 1, s->vintage);
    r = stmt_step(&q, d);
    if (r < 0)
        return r;
    *ret = (struct store_facts){
        .last_run = col_int(&q, 0),
        .bytes = stat(s->path, &st) ? 0 : (int64_t)st.st_size,
        .path = str_dup(a, str_of(s->path)),
        .vintage = col_hex(&q, 1, a),
    };
    return 0;
}
