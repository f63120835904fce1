#include <string.h>

#include "store/db.h"

/* The verdict of a reading: what it proved becomes spells, in one transaction. */

enum {
    COLLAPSE_MIN = 5
}; /* a fall by more than half is suspicious from this many on (design 3.5) */

struct judged { /* a reading in the middle of its verdict */
    int64_t reading, source, now;
    int64_t last_proven; /* of the source, before this one; 0: never */
    int64_t awaiting;    /* the reading whose collapse waits for proof; 0: none */
    int64_t awaiting_at; /* when that one ended */
    const struct verdict_in *in;
    bool complete, unchanged, presence; /* presence: the ids it saw are proven to be there */
};

static int load(struct store *s, struct judged *j, struct diag *d)
{
    DB_STATEMENT(st);
    int r = db_prepare(s,
                       "SELECT r.source, coalesce((SELECT max(proven_at) FROM reading WHERE source "
                       "= r.source), 0),"
                       " coalesce(x.awaiting, 0), coalesce(w.ended, 0) FROM reading r"
                       " JOIN source x ON x.id = r.source LEFT JOIN reading w ON w.id = x.awaiting"
                       " WHERE r.id = ?1 AND r.ended IS NULL",
                       &st, d);

    if (r)
        return r;
    db_bind(st, "i", j->reading);
    r = db_step(s, st, "verdict", d);
    if (r != DB_ROW)
        return r ? r
                 : diag_fail(d, ERR_DB, "database: reading %lld is not open",
                             (long long)j->reading);
    j->source = sqlite3_column_int64(st, 0);
    j->last_proven = sqlite3_column_int64(st, 1);
    j->awaiting = sqlite3_column_int64(st, 2);
    j->awaiting_at = sqlite3_column_int64(st, 3);
    return 0;
}

/* The ids of the list, as postings, in a table of this connection alone. */
static int note_seen(struct store *s, const struct judged *j, struct diag *d)
{
    int r = db_exec(s,
                    "CREATE TEMP TABLE IF NOT EXISTS seen(posting INTEGER PRIMARY KEY);"
                    "DELETE FROM temp.seen",
                    "verdict", d);

    for (size_t i = 0; i < j->in->n_ids && !r; i++)
        r = db_run(s,
                   "INSERT OR IGNORE INTO temp.seen SELECT id FROM posting WHERE source = ?1 AND "
                   "native_id = ?2",
                   "verdict", d, "is", j->source, j->in->ids[i]);
    return r;
}

static int count(struct store *s, const char *sql, int64_t a, int64_t b, int64_t *ret,
                 struct diag *d)
{
    DB_STATEMENT(st);
    int r = db_prepare(s, sql, &st, d);

    if (r)
        return r;
    db_bind(st, "ii", a, b);
    r = db_step(s, st, "verdict", d);
    if (r < 0)
        return r;
    *ret = r == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    return 0;
}

/* Postings seen and not in an open spell: opened, or opened again after a gap. */
static int open_spells(struct store *s, const struct judged *j, struct verdict *v, struct diag *d)
{
    int r =
        count(s,
              "SELECT count(*) FROM temp.seen n WHERE EXISTS (SELECT 1 FROM spell WHERE posting = "
              "n.posting)"
              " AND NOT EXISTS (SELECT 1 FROM spell WHERE posting = n.posting AND ended_by IS NULL)"
              " AND ?1 = ?2",
              0, 0, &v->reopened, d);

    if (!r)
        r = count(s,
                  "SELECT count(*) FROM temp.seen n WHERE NOT EXISTS"
                  " (SELECT 1 FROM spell WHERE posting = n.posting) AND ?1 = ?2",
                  0, 0, &v->opened, d);
    if (!r)
        r = db_run(s,
                   "INSERT INTO spell(posting, first_proof, seen_at) SELECT n.posting, ?1, ?1 FROM "
                   "temp.seen n"
                   " WHERE NOT EXISTS (SELECT 1 FROM spell WHERE posting = n.posting AND ended_by "
                   "IS NULL)",
                   "open spells", d, "i", j->now);
    return r;
}

/* End the open spells of this source whose posting `which` (an SQL condition of ours) picks. */
static int close_seen(struct store *s, const struct judged *j, int64_t by, struct verdict *v,
                      struct diag *d)
{
    int r = db_run(
        s,
        "UPDATE spell SET ended_after = max(first_proof, ?2), ended_by = ?3, ended_how = 'absent'"
        " WHERE ended_by IS NULL AND posting IN (SELECT id FROM posting WHERE source = ?1)"
        " AND posting NOT IN (SELECT posting FROM temp.seen)",
        "close spells", d, "iii", j->source, j->last_proven, by);

    if (!r)
        v->closed += sqlite3_changes64(s->db);
    return r;
}

static int hold(struct store *s, const struct judged *j, int64_t reading, struct diag *d)
{
    return db_run(s, "UPDATE source SET awaiting = nullif(?2, 0) WHERE id = ?1", "hold", d, "ii",
                  j->source, reading);
}

/*
 * Absence. A collapse (to nothing, or by more than half of COLLAPSE_MIN or more) closes nothing
 * at first; the next complete reading that still lacks them closes them, as of the first absence.
 */
static int judge_absence(struct store *s, const struct judged *j, struct verdict *v, struct diag *d)
{
    int64_t open = 0, missing = 0;
    bool collapse;
    int r = count(s,
                  "SELECT count(*) FROM spell x JOIN posting p ON p.id = x.posting"
                  " WHERE p.source = ?1 AND x.ended_by IS NULL AND x.first_proof < ?2",
                  j->source, j->now, &open, d);

    if (!r)
        r = count(
            s,
            "SELECT count(*) FROM spell x JOIN posting p ON p.id = x.posting WHERE p.source = ?1"
            " AND x.ended_by IS NULL AND x.posting NOT IN (SELECT posting FROM temp.seen) AND ?2 = "
            "?2",
            j->source, j->now, &missing, d);
    if (r)
        return r;
    collapse = open > 0 && ((j->in->got == 0) || (open >= COLLAPSE_MIN && missing * 2 > open));
    if (collapse && !j->awaiting) {
        v->held = true;
        return hold(s, j, j->reading, d);
    }
    if (missing)
        r = close_seen(s, j, collapse ? j->awaiting_at : j->now, v, d);
    if (!r && j->awaiting)
        r = hold(s, j, 0, d);
    return r;
}

/* A window proves presence alone: its postings end by their stated date, or by long silence. */
static int judge_window(struct store *s, const struct judged *j, struct verdict *v, struct diag *d)
{
    int r =
        db_run(s, "UPDATE spell SET seen_at = ?1 WHERE ended_by IS NULL AND posting IN temp.seen",
               "window", d, "i", j->now);

    if (!r)
        r = db_run(s, "UPDATE source SET is_window = 1 WHERE id = ?1 AND NOT is_window", "window",
                   d, "i", j->source);
    if (!r)
        r = db_run(
            s,
            "UPDATE spell SET ended_after = seen_at, ended_by = max(seen_at, (SELECT expires FROM "
            "revision"
            "  WHERE id = (SELECT max(id) FROM revision WHERE posting = spell.posting))), "
            "ended_how = 'expired'"
            " WHERE ended_by IS NULL AND posting IN (SELECT id FROM posting WHERE source = ?1)"
            " AND (SELECT expires FROM revision WHERE id ="
            "   (SELECT max(id) FROM revision WHERE posting = spell.posting)) BETWEEN 1 AND ?2",
            "window", d, "ii", j->source, j->now);
    if (!r)
        v->closed += sqlite3_changes64(s->db);
    if (!r && j->in->max_age_s > 0) {
        r = db_run(
            s,
            "UPDATE spell SET ended_after = seen_at, ended_by = ?2, ended_how = 'max-age'"
            " WHERE ended_by IS NULL AND posting IN (SELECT id FROM posting WHERE source = ?1)"
            " AND seen_at < ?2 - ?3",
            "window", d, "iii", j->source, j->now, j->in->max_age_s);
        if (!r)
            v->closed += sqlite3_changes64(s->db);
    }
    return r;
}

/* Postings whose own page said that they are closed. */
static int close_gone(struct store *s, const struct judged *j, struct verdict *v, struct diag *d)
{
    int r = db_run(
        s,
        "UPDATE spell SET ended_after = max(first_proof, ?2), ended_by = max(first_proof, ?3),"
        " ended_how = 'detail' WHERE ended_by IS NULL"
        " AND posting IN (SELECT posting FROM detail_gone WHERE reading = ?1)",
        "close gone", d, "iii", j->reading, j->last_proven, j->now);

    if (!r)
        v->closed += sqlite3_changes64(s->db);
    return r;
}

static int keep_pages(struct store *s, const struct judged *j, struct diag *d)
{
    int r = db_run(s, "DELETE FROM page WHERE source = ?1", "keep pages", d, "i", j->source);

    for (size_t i = 0; i < j->in->n_pages_kept && !r; i++) {
        const struct stored_page *p = &j->in->pages_kept[i];

        r = db_run(s, "INSERT OR REPLACE INTO page VALUES(?1,?2,?3,?4,?5)", "keep pages", d,
                   "issss", j->source, p->key, p->etag, p->last_modified, p->body_hash);
    }
    return r;
}

static int end_row(struct store *s, const struct judged *j, const struct verdict *v, bool proven,
                   struct diag *d)
{
    const struct verdict_in *in = j->in;

    return db_run(
        s,
        "UPDATE reading SET ended=?2, proven_at=nullif(?3,0), outcome=?4, proof=?5, error=?6, "
        "pages=?7,"
        " advertised=?8, got=?9, details_owed=?10, requests=?11, bytes=?12, ms=?13, opened=?14,"
        " reopened=?15, closed=?16, changed=?17, held=?18 WHERE id=?1",
        "end reading", d, "iiisssiiiiiiiiiiii", j->reading, j->now, proven ? j->now : (int64_t)0,
        str_of(in->outcome), str_of(in->proof ? in->proof : ""), str_of(in->error ? in->error : ""),
        in->pages, in->advertised, in->got, in->details_owed, in->requests, in->bytes, in->ms,
        v->opened, v->reopened, v->closed, v->changed, (int64_t)v->held);
}

static int judge(struct store *s, struct judged *j, struct verdict *v, struct diag *d)
{
    bool proven = j->complete || j->unchanged;
    int r = 0;

    if (j->complete && j->in->zero_ambiguous && j->in->got == 0)
        proven = j->complete = false; /* an empty list of such a board says nothing */
    if (j->unchanged && j->awaiting)
        proven = false; /* the collapse did not change: it is no second list */
    if (j->presence)
        r = note_seen(s, j, d);
    if (!r && j->presence)
        r = open_spells(s, j, v, d);
    if (!r && j->in->window && j->presence)
        r = judge_window(s, j, v, d);
    else if (!r && j->complete && !j->in->window)
        r = judge_absence(s, j, v, d);
    if (!r)
        r = close_gone(s, j, v, d);
    if (!r && (j->complete || j->unchanged) && j->in->n_pages_kept)
        r = keep_pages(s, j, d);
    if (!r)
        r = db_run(s, "UPDATE source SET gone = ?2 WHERE id = ?1 AND gone IS NOT ?2", "gone", d,
                   "ii", j->source, (int64_t)(strcmp(j->in->outcome, "gone") == 0));
    if (!r)
        r = count(s,
                  "SELECT count(*) FROM revision v WHERE reading = ?1 AND ?2 = ?2 AND EXISTS"
                  " (SELECT 1 FROM revision o WHERE o.posting = v.posting AND o.id < v.id)",
                  j->reading, 0, &v->changed, d);
    if (!r)
        r = count(s,
                  "SELECT count(*) FROM spell x JOIN posting p ON p.id = x.posting"
                  " WHERE p.source = ?1 AND x.ended_by IS NULL AND ?2 = ?2",
                  j->source, 0, &v->open, d);
    return r ? r : end_row(s, j, v, proven && !v->held, d);
}

int store_end_reading(struct store *s, int64_t reading, const struct verdict_in *in, int64_t now,
                      struct verdict *ret, struct diag *d)
{
    struct judged j = { .reading = reading, .now = now, .in = in };
    struct verdict v = { 0 };
    int r;

    j.complete = strcmp(in->outcome, "complete") == 0;
    j.unchanged = strcmp(in->outcome, "unchanged") == 0;
    j.presence = j.complete || strcmp(in->outcome, "partial") == 0 || (in->window && j.unchanged);
    r = db_begin(s, d);
    if (r)
        return r;
    r = load(s, &j, d);
    if (!r)
        r = judge(s, &j, &v, d);
    r = db_end(s, r, d);
    if (!r)
        *ret = v;
    return r;
}

int store_pages(struct store *s, struct str source, struct arena *a, struct stored_page **ret,
                size_t *ret_n, struct diag *d)
{
    struct {
        struct stored_page *items;
        size_t n, cap;
    } list = { 0 };
    DB_STATEMENT(st);
    int r = db_prepare(s,
                       "SELECT p.key, p.etag, p.last_modified, p.body_hash FROM page p"
                       " JOIN source s ON s.id = p.source WHERE s.key = ?1 ORDER BY p.key",
                       &st, d);

    if (r)
        return r;
    db_bind(st, "s", source);
    while ((r = db_step(s, st, "pages", d)) == DB_ROW)
        *ARENA_PUSH(a, &list) = (struct stored_page){ .key = db_copy(st, 0, a),
                                                      .etag = db_copy(st, 1, a),
                                                      .last_modified = db_copy(st, 2, a),
                                                      .body_hash = db_copy(st, 3, a) };
    *ret = list.items;
    *ret_n = list.n;
    return r;
}
