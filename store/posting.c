#include <string.h>

#include "core/hash.h"
#include "core/simhash.h"
#include "store/db.h"

int store_begin_reading(struct store *s, struct str source, int64_t now, int64_t *ret_reading,
                        struct diag *d)
{
    DB_STATEMENT(st);
    int r = db_batch(s, d);

    if (!r)
        r = db_prepare(
            s,
            "INSERT INTO reading(source, started) SELECT id, ?2 FROM source WHERE key = ?1"
            " RETURNING id",
            &st, d);
    if (r)
        return r;
    db_bind(st, "si", source, now);
    r = db_step(s, st, "begin reading", d);
    if (r != DB_ROW)
        return r ? r : diag_fail(d, ERR_DB, "database: no source " STR_FMT, STR_ARG(source));
    *ret_reading = sqlite3_column_int64(st, 0);
    return 0;
}

int store_put_transfer(struct store *s, int64_t reading, const struct transfer *t, struct diag *d)
{
    int r = db_batch(s, d);

    if (r)
        return r;
    return db_run(
        s,
        "INSERT INTO request(reading, at, method, url, outcome, robots, robots_line,"
        " gap_required_ms, gap_kept_ms, status, bytes_wire, bytes_body, ms, reused, redirects,"
        " error) VALUES(nullif(?1,0),?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)",
        "ledger", d, "iissssiiiiiiiiis", reading, t->at, t->method, t->url,
        str_of(answer_outcome_name(t->outcome)), str_of(t->robots), (int64_t)t->robots_line,
        (int64_t)t->gap_required_ms, (int64_t)t->gap_kept_ms, (int64_t)t->status, t->bytes_wire,
        t->bytes_body, (int64_t)t->ms, (int64_t)t->reused, (int64_t)t->redirects, str_of(t->error));
}

int store_put_body(struct store *s, int64_t reading, struct str url, struct str body, int64_t now,
                   struct diag *d)
{
    CLEANUP(buf_release) struct buf packed = { 0 };
    struct hash h = hash_of(body);
    char key[16];
    DB_STATEMENT(st);
    int r = db_batch(s, d);

    if (!r)
        r = db_prepare(s, "SELECT 1 FROM body WHERE hash = ?1", &st, d);
    if (r)
        return r;
    db_bind(st, "b", db_hash(&h, key));
    r = db_step(s, st, "body", d);
    if (r)
        return r == DB_ROW ? 0 : r;
    db_pack(body, &packed);
    return db_run(s,
                  "INSERT INTO body(hash, url, at, reading, size, zstd) VALUES(?1,?2,?3,?4,?5,?6)",
                  "put body", d, "bsiiib", db_hash(&h, key), url, now, reading, (int64_t)body.n,
                  buf_str(&packed));
}

/* ---- listings ---- */

/* The posting of an id, and what is stored of its newest revision. */
struct current {
    int64_t posting, revision, reading;
    struct str listed; /* in the arena */
    struct hash content;
    bool text_read;
    bool found;
};

static struct hash hash_from(struct str bytes)
{
    struct hash h = { 0 };

    for (size_t i = 0; i < 8 && bytes.n == 16; i++) {
        h.high = h.high << 8 | (unsigned char)bytes.p[i];
        h.low = h.low << 8 | (unsigned char)bytes.p[8 + i];
    }
    return h;
}

static int find(struct store *s, struct str source, struct str native_id, struct arena *a,
                struct current *ret, struct diag *d)
{
    DB_STATEMENT(st);
    int r = db_prepare(
        s,
        "SELECT p.id, p.listed, coalesce(v.id, 0), coalesce(v.reading, 0), v.content,"
        " coalesce(v.text_read, 0) FROM posting p JOIN source s ON s.id = p.source"
        " LEFT JOIN revision v ON v.id = (SELECT max(id) FROM revision WHERE posting = p.id)"
        " WHERE s.key = ?1 AND p.native_id = ?2",
        &st, d);

    if (r)
        return r;
    db_bind(st, "ss", source, native_id);
    r = db_step(s, st, "posting", d);
    if (r != DB_ROW)
        return r;
    *ret = (struct current){ .posting = sqlite3_column_int64(st, 0),
                             .listed = db_copy(st, 1, a),
                             .revision = sqlite3_column_int64(st, 2),
                             .reading = sqlite3_column_int64(st, 3),
                             .content = hash_from(db_blob(st, 4)),
                             .text_read = sqlite3_column_int(st, 5),
                             .found = true };
    return 0;
}

int store_known(struct store *s, struct str source, struct str native_id, struct str listed,
                struct diag *d)
{
    struct arena a = ARENA_INIT;
    struct current c = { 0 };
    int r = find(s, source, native_id, &a, &c, d);

    if (!r)
        r = !c.found                                  ? STORE_NONE
            : c.text_read && str_eq(c.listed, listed) ? STORE_SAME
                                                      : STORE_CHANGED;
    arena_free(&a);
    return r;
}

static struct str joined(struct arena *a, const struct strs *list)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (size_t i = 0; i < list->n; i++) {
        if (i)
            buf_add_byte(&b, '\n');
        buf_add(&b, list->items[i]);
    }
    return buf_take(&b, a);
}

/*
 * All that is stated but `updated` and `posted`: boards move those without touching the ad
 * (bulk edits, "Posted 3 Days Ago"), and an ad is not new because of it.
 */
static struct hash content_of(const struct listing *l, struct str places, struct arena *a)
{
    struct str parts[] = {
        l->requisition,
        l->title,
        l->company,
        places,
        l->country,
        l->department,
        l->employment,
        l->experience,
        l->salary,
        l->pay.currency,
        l->url,
        l->text,
        str_printf(a, "%d %d %a %a %lld %lld %d", (int)l->mode, (int)l->pay.period, l->pay.min,
                   l->pay.max, (long long)l->expires, (long long)l->vacancies, (int)l->text_read),
    };

    return hash_parts(parts, ARRAY_LEN(parts));
}

static int insert_revision(struct store *s, int64_t posting, int64_t reading,
                           const struct listing *l, struct str places, struct hash content,
                           struct hash body, int64_t now, struct diag *d)
{
    static const char sql[] =
        "INSERT INTO revision(posting, reading, read_at, content, body, requisition, title, "
        "company,"
        " places, country, mode, department, employment, experience, salary, pay_min, pay_max,"
        " pay_currency, pay_period, posted, updated, expires, vacancies, url, text_read, "
        "text_size, text,"
        " text_hash, simhash) "
        "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,"
        "?20,?21,?22,?23,?24,?25,?26,?27,?28,?29)";
    CLEANUP(buf_release) struct buf text = { 0 };
    char content_key[16], body_key[16];

    db_pack(l->text, &text);
    return db_run(s, sql, "put revision", d, "iiibbsssssissssffsiiiiisiibii", posting, reading, now,
                  db_hash(&content, content_key), db_hash(&body, body_key), l->requisition,
                  l->title, l->company, places, l->country, (int64_t)l->mode, l->department,
                  l->employment, l->experience, l->salary, l->pay.min, l->pay.max, l->pay.currency,
                  (int64_t)l->pay.period, l->posted, l->updated, l->expires, l->vacancies, l->url,
                  (int64_t)l->text_read, (int64_t)l->text.n, buf_str(&text),
                  (int64_t)hash64_of(l->text), (int64_t)simhash_of(l->text));
}

/* The stored text, for a listing that came without its own. */
static int keep_text(struct store *s, const struct current *c, struct arena *a, struct listing *l,
                     struct diag *d)
{
    DB_STATEMENT(st);
    int r = db_prepare(s, "SELECT text FROM revision WHERE id = ?1", &st, d);

    if (r)
        return r;
    db_bind(st, "i", c->revision);
    r = db_step(s, st, "text", d);
    if (r != DB_ROW)
        return r;
    l->text_read = true;
    return db_unpack(db_blob(st, 0), a, &l->text, d);
}

static int put_posting(struct store *s, struct str source, struct str native_id, struct str listed,
                       int64_t *ret, struct diag *d)
{
    DB_STATEMENT(st);
    int r = db_prepare(s,
                       "INSERT INTO posting(source, native_id, listed)"
                       " SELECT id, ?2, ?3 FROM source WHERE key = ?1"
                       " ON CONFLICT(source, native_id) DO UPDATE SET listed = ?3 RETURNING id",
                       &st, d);

    if (r)
        return r;
    db_bind(st, "sss", source, native_id, listed);
    r = db_step(s, st, "put posting", d);
    if (r != DB_ROW)
        return r ? r : diag_fail(d, ERR_DB, "database: no source " STR_FMT, STR_ARG(source));
    *ret = sqlite3_column_int64(st, 0);
    return 0;
}

/* A detail completes what the same reading's list said of the posting: one revision, not two. */
static int drop_revision(struct store *s, int64_t revision, struct diag *d)
{
    int r =
        db_run(s, "DELETE FROM signal WHERE revision = ?1", "replace revision", d, "i", revision);

    return r ? r
             : db_run(s, "DELETE FROM revision WHERE id = ?1", "replace revision", d, "i",
                      revision);
}

static int put(struct store *s, int64_t reading, struct str source, const struct listing *given,
               struct str listed, struct hash body, int64_t now, struct arena *a, struct diag *d)
{
    struct listing l = *given;
    struct current c = { 0 };
    struct hash content;
    struct str places;
    int64_t posting;
    int r = find(s, source, l.native_id, a, &c, d);

    if (!r && c.text_read && !l.text_read) {
        if (str_eq(c.listed, listed))
            return STORE_SAME; /* the list says what it said, and the text is here */
        r = keep_text(s, &c, a, &l, d);
    }
    if (r)
        return r;
    places = joined(a, &l.places);
    content = content_of(&l, places, a);
    if (c.found && c.revision && content.high == c.content.high && content.low == c.content.low
        && str_eq(c.listed, listed))
        return STORE_SAME;
    r = put_posting(s, source, l.native_id, listed, &posting, d);
    if (r || (c.revision && content.high == c.content.high && content.low == c.content.low))
        return r ? r : STORE_SAME;
    if (c.revision && c.reading == reading)
        r = drop_revision(s, c.revision, d);
    if (!r)
        r = insert_revision(s, posting, reading, &l, places, content, body, now, d);
    return r ? r : c.found ? STORE_CHANGED : STORE_NEW;
}

int store_put_listing(struct store *s, int64_t reading, struct str source, const struct listing *l,
                      struct str listed, struct hash body, int64_t now, struct diag *d)
{
    struct arena a = ARENA_INIT;
    int r = db_batch(s, d);

    if (!r)
        r = put(s, reading, source, l, listed, body, now, &a, d);
    arena_free(&a);
    return r;
}

int store_put_gone(struct store *s, int64_t reading, struct str source, struct str native_id,
                   struct str why, int64_t now, struct diag *d)
{
    int r = db_batch(s, d);

    if (r)
        return r;
    return db_run(
        s,
        "INSERT INTO detail_gone(posting, reading, at, why) SELECT p.id, ?3, ?4, ?5"
        " FROM posting p JOIN source s ON s.id = p.source WHERE s.key = ?1 AND p.native_id = ?2"
        " ON CONFLICT DO NOTHING",
        "put gone", d, "ssiis", source, native_id, reading, now, why);
}
