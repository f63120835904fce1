/* A reading while it is under way: what comes in is a fact, and decides nothing. */
#include <stdio.h>

#include "store/waiting.h"
#include "store/zip.h"

static int begin_reading(struct store *s, struct str source, int64_t now, int64_t *ret,
                         struct diag *d)
{
    struct source_known *known;
    int r = source_find(s, source, &known, d);

    return r ? r : waiting_begin(s, known, now, ret, d);
}

int store_begin_reading(struct store *s, struct str source, int64_t now, int64_t *ret_reading,
                        struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, begin_reading(s, source, now, ret_reading, d), d);
}

int store_put_transfer(struct store *s, int64_t reading, const struct transfer *t, struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, waiting_transfer(s, reading, t, d), d);
}

static enum answer_outcome outcome_of(struct str name)
{
    enum answer_outcome o = ANSWER_OK;

    while (o < ANSWER_FAILED && !str_eq(name, str_of(answer_outcome_name(o))))
        o++;
    return o;
}

static void read_transfer(const struct stmt *q, struct transfer *ret)
{
    *ret = (struct transfer){ .method = col_str(q, 0),
                              .url = col_str(q, 1),
                              .at = col_int(q, 2),
                              .outcome = outcome_of(col_str(q, 3)),
                              .robots_line = (uint32_t)col_int(q, 5),
                              .gap_required_ms = (uint32_t)col_int(q, 6),
                              .gap_kept_ms = (uint32_t)col_int(q, 7),
                              .status = (int)col_int(q, 8),
                              .bytes_wire = col_int(q, 9),
                              .bytes_body = col_int(q, 10),
                              .ms = (uint32_t)col_int(q, 11),
                              .reused = col_int(q, 12) != 0,
                              .redirects = (uint32_t)col_int(q, 13) };
    snprintf(ret->robots, sizeof(ret->robots), STR_FMT, STR_ARG(col_str(q, 4)));
    snprintf(ret->error, sizeof(ret->error), STR_FMT, STR_ARG(col_str(q, 14)));
}

int store_transfers(struct store *s, int64_t since,
                    int (*each)(void *ctx, const struct transfer *t, struct diag *d), void *ctx,
                    struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT method, url, at, outcome, robots, robots_line, gap_required_ms, gap_kept_ms,"
           " status, bytes_wire, bytes_body, ms, reused, redirects, error FROM request"
           " WHERE at >= ?1 ORDER BY id");
    int r;

    stmt_int(&q, 1, since);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        struct transfer t;

        read_transfer(&q, &t);
        r = each(ctx, &t, d);
        if (r)
            return r;
    }
    return r;
}

/* A body whose bytes were let go came again: they are kept anew. */
static int keep_again(struct store *s, int64_t id, struct str body, int64_t now, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_ahead(s, "UPDATE body SET data = ?2, at = ?3 WHERE id = ?1");

    stmt_int(&q, 1, id);
    stmt_blob(&q, 2, zip_pack(s->zip, body));
    stmt_int(&q, 3, now);
    return stmt_run(&q, d);
}

/* The row of a body: found, or made with its bytes compressed. */
static int body_id(struct store *s, struct str body, struct hash h, int64_t now, int64_t *ret,
                   struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt find = stmt_ahead(s, "SELECT id, data IS NULL FROM body WHERE hash = ?1");
    CLEANUP(stmt_end)
    struct stmt add =
        stmt_ahead(s, "INSERT INTO body (hash, size, at, data) VALUES (?1, ?2, ?3, ?4)");
    int r;

    stmt_hash(&find, 1, h);
    r = stmt_step(&find, d);
    if (r < 0)
        return r;
    if (r == STMT_ROW) {
        *ret = col_int(&find, 0);
        return col_int(&find, 1) ? keep_again(s, *ret, body, now, d) : 0;
    }
    stmt_hash(&add, 1, h);
    stmt_int(&add, 2, (int64_t)body.n);
    stmt_int(&add, 3, now);
    stmt_blob(&add, 4, zip_pack(s->zip, body));
    r = stmt_run(&add, d);
    *ret = sqlite3_last_insert_rowid(s->db);
    return r;
}

static int put_body(struct store *s, int64_t reading, struct str url, struct str body,
                    struct hash hash, int64_t now, struct diag *d)
{
    int64_t id = 0;
    int r = body_id(s, body, hash, now, &id, d);

    s->body.id = r ? 0 : id;
    s->body.hash = hash;
    return r ? r : waiting_answer(s, reading, id, url, now, d);
}

int store_put_body(struct store *s, int64_t reading, struct str url, struct str body, int64_t now,
                   struct hash *io, struct diag *d)
{
    struct hash hash = io && !hash_none(*io) ? *io : hash_of(body);
    int r = write_begin(s, d);

    if (io)
        *io = hash;
    return r ? r : write_end(s, put_body(s, reading, url, body, hash, now, d), d);
}

static int put_gone(struct store *s, int64_t reading, struct str source, struct str native_id,
                    struct str why, int64_t now, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "INSERT INTO gone (reading, posting, why, at)"
                      " SELECT ?1, p.id, ?4, ?5 FROM posting p JOIN source s ON s.id = p.source"
                      " WHERE s.key = ?2 AND p.native_id = ?3 ON CONFLICT DO NOTHING");

    stmt_int(&q, 1, reading);
    stmt_str(&q, 2, source);
    stmt_str(&q, 3, native_id);
    stmt_str(&q, 4, why);
    stmt_int(&q, 5, now);
    return stmt_run(&q, d);
}

int store_put_gone(struct store *s, int64_t reading, struct str source, struct str native_id,
                   struct str why, int64_t now, struct diag *d)
{
    int r = write_begin(s, d);

    if (r)
        return r;
    r = waiting_need(s, reading, d);
    return write_end(s, r ? r : put_gone(s, reading, source, native_id, why, now, d), d);
}

int store_pages(struct store *s, struct str source, struct arena *a, struct stored_page **ret,
                size_t *ret_n, struct diag *d)
{
    struct {
        struct stored_page *items;
        size_t n, cap;
    } list = { 0 };
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_ahead(s, "SELECT key, etag, last_modified, body_hash FROM page WHERE source = ?1"
                      " ORDER BY key");
    int64_t id = 0;
    int r = source_id(s, source, &id, d);

    if (r)
        return r;
    stmt_int(&q, 1, id);
    while ((r = stmt_step(&q, d)) == STMT_ROW)
        *ARENA_PUSH(a, &list) = (struct stored_page){
            .key = str_dup(a, col_str(&q, 0)),
            .etag = str_dup(a, col_str(&q, 1)),
            .last_modified = str_dup(a, col_str(&q, 2)),
            .body_hash = str_dup(a, col_str(&q, 3)),
        };
    if (r)
        return r;
    *ret = list.items;
    *ret_n = list.n;
    return 0;
}

int pages_keep(struct store *s, int64_t source, const struct stored_page *pages, size_t n,
               struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt any = stmt_ahead(s, "SELECT 1 FROM page WHERE source = ?1 LIMIT 1");
    CLEANUP(stmt_end) struct stmt drop = stmt_ahead(s, "DELETE FROM page WHERE source = ?1");
    CLEANUP(stmt_end)
    struct stmt q = stmt_ahead(s, "INSERT OR REPLACE INTO page VALUES (?1, ?2, ?3, ?4, ?5)");
    int r;

    stmt_int(&any, 1, source);
    stmt_int(&drop, 1, source);
    r = stmt_step(&any, d);
    if (r == STMT_ROW) /* to look is a tenth of what deleting nothing costs */
        r = stmt_run(&drop, d);
    for (size_t i = 0; !r && i < n; i++) {
        stmt_int(&q, 1, source);
        stmt_str(&q, 2, pages[i].key);
        stmt_str(&q, 3, pages[i].etag);
        stmt_str(&q, 4, pages[i].last_modified);
        stmt_str(&q, 5, pages[i].body_hash);
        r = stmt_run(&q, d);
    }
    return r;
}
