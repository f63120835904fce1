#include <stdio.h>

#include "store/pack.h"
#include "store/row.h"

/* Facts and signals of every posting as they stood at ?1, under vintage ?2. */
#define SCAN_COLUMNS                                                                               \
    "SELECT p.id, v.id, s.key, p.native_id, v.requisition, v.title, v.company, v.url, v.places,"   \
    " s.attribution, x.first_proof, x.seen_at, coalesce(x.ended_after, 0), coalesce(x.ended_by, "  \
    "0),"                                                                                          \
    " x.ended_how, coalesce(q.at, 0), s.is_window, v.text_read, v.posted, v.expires, v.vacancies," \
    " v.simhash, v.text_hash, g.packed, s.company"
#define SCAN_FROM                                                                                  \
    " FROM posting p JOIN source s ON s.id = p.source"                                             \
    " JOIN spell x ON x.id = (SELECT id FROM spell WHERE posting = p.id AND first_proof <= ?1"     \
    "   ORDER BY first_proof DESC LIMIT 1)"                                                        \
    " JOIN revision v ON v.id = (SELECT max(id) FROM revision WHERE posting = p.id AND read_at "   \
    "<= ?1)"                                                                                       \
    " LEFT JOIN (SELECT source, max(proven_at) AS at FROM reading WHERE proven_at <= ?1 GROUP BY " \
    "source)"                                                                                      \
    "   q ON q.source = s.id"                                                                      \
    " LEFT JOIN signal g ON g.revision = v.id AND g.vintage = ?2"

static const char *how_ended(struct str how)
{
    static const char *const names[] = { "absent", "expired", "detail", "max-age" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_eq(how, str_of(names[i])))
            return names[i];
    return "";
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int read_fact(sqlite3_stmt *st, int64_t at, struct arena *a, struct posting_fact *f,
                     struct diag *d)
{
    int64_t seen = sqlite3_column_int64(st, 11), ended_after = sqlite3_column_int64(st, 12);

    *f = (struct posting_fact){ .posting = sqlite3_column_int64(st, 0),
                                .revision = sqlite3_column_int64(st, 1),
                                .source = db_copy(st, 2, a),
                                .native_id = db_copy(st, 3, a),
                                .requisition = db_copy(st, 4, a),
                                .title = db_copy(st, 5, a),
                                .company = db_copy(st, 6, a),
                                .url = db_copy(st, 7, a),
                                .places_text = db_copy(st, 8, a),
                                .attribution = db_copy(st, 9, a),
                                .first_proof = sqlite3_column_int64(st, 10),
                                .ended_by = sqlite3_column_int64(st, 13),
                                .ended_how = how_ended(db_text(st, 14)),
                                .source_proven = sqlite3_column_int64(st, 15),
                                .source_window = sqlite3_column_int(st, 16),
                                .text_read = sqlite3_column_int(st, 17),
                                .posted = sqlite3_column_int64(st, 18),
                                .expires = sqlite3_column_int64(st, 19),
                                .vacancies = sqlite3_column_int64(st, 20),
                                .simhash = (uint64_t)sqlite3_column_int64(st, 21),
                                .text_hash = (uint64_t)sqlite3_column_int64(st, 22) };
    if (!f->company.n)
        f->company = db_copy(st, 24, a); /* the board does not say whose it is; the source does */
    if (f->ended_by > at) {              /* at that time nobody knew yet */
        f->ended_by = 0;
        f->ended_how = "";
    }
    if (f->ended_by)
        f->last_proof = ended_after;
    else if (f->source_window)
        f->last_proof = later(f->first_proof, seen < at ? seen : at);
    else
        f->last_proof = later(f->first_proof, f->source_proven);
    f->has_signal = sqlite3_column_type(st, 23) != SQLITE_NULL;
    return f->has_signal ? signal_unpack(db_blob(st, 23), a, &f->signal, d) : 0;
}

int store_scan(struct store *s, int64_t at, struct arena *a,
               int (*each)(void *ctx, const struct posting_fact *f, struct diag *d), void *ctx,
               struct diag *d)
{
    struct arena row = ARENA_INIT;
    DB_STATEMENT(st);
    int r = db_prepare(s, SCAN_COLUMNS SCAN_FROM " ORDER BY p.id", &st, d);

    if (r)
        return r;
    db_bind(st, "ii", at, s->vintage);
    while ((r = db_step(s, st, "scan", d)) == DB_ROW) {
        struct arena *to = a ? a : &row;
        struct posting_fact *f = ARENA_NEW(to, struct posting_fact, 1);

        r = read_fact(st, at, to, f, d);
        if (!r)
            r = each(ctx, f, d);
        if (r)
            break;
        arena_reset(&row);
    }
    arena_free(&row);
    return r;
}

/* ---- one posting ---- */

/* STORE_NONE, or the id of the posting that `which` names. */
static int find_posting(struct store *s, struct str which, int64_t *ret, struct diag *d)
{
    static const char *const ways[] = {
        "SELECT id FROM posting WHERE id = CAST(?1 AS INTEGER) AND CAST(id AS TEXT) = ?1",
        "SELECT p.id FROM posting p JOIN source s ON s.id = p.source WHERE s.key || '/' || "
        "p.native_id = ?1",
        "SELECT id FROM posting WHERE native_id = ?1 ORDER BY id LIMIT 1",
        "SELECT posting FROM revision WHERE url = ?1 ORDER BY id DESC LIMIT 1",
    };

    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        DB_STATEMENT(st);
        int r = db_prepare(s, ways[i], &st, d);

        if (r)
            return r;
        db_bind(st, "s", which);
        r = db_step(s, st, "find posting", d);
        if (r == DB_ROW)
            *ret = sqlite3_column_int64(st, 0);
        if (r)
            return r == DB_ROW ? 0 : r;
    }
    return STORE_NONE;
}

static int read_revision(struct store *s, int64_t posting, int64_t at, struct arena *a,
                         struct history *h, struct diag *d)
{
    DB_STATEMENT(st);
    char hex[HASH_HEX] = "";
    struct str hash;
    int r = db_prepare(
        s,
        "SELECT " ROW_COLUMNS ", v.body, coalesce(b.url, ''),"
        " (SELECT count(*) FROM revision WHERE posting = v.posting)"
        " FROM revision v JOIN posting p ON p.id = v.posting JOIN source s ON s.id = p.source"
        " LEFT JOIN body b ON b.hash = v.body"
        " WHERE v.id = coalesce((SELECT max(id) FROM revision WHERE posting = ?1 AND read_at <= "
        "?2),"
        "   (SELECT min(id) FROM revision WHERE posting = ?1))",
        &st, d);

    if (r)
        return r;
    db_bind(st, "ii", posting, at);
    r = db_step(s, st, "revision", d);
    if (r != DB_ROW)
        return r ? r : STORE_NONE;
    hash = db_blob(st, ROW_COLUMN_COUNT);
    for (size_t i = 0; i < hash.n && i < 16; i++)
        snprintf(hex + 2 * i, 3, "%02x", (unsigned char)hash.p[i]);
    h->body_hash = str_dup(a, str_of(hex));
    h->body_url = db_copy(st, ROW_COLUMN_COUNT + 1, a);
    h->n_revisions = sqlite3_column_int64(st, ROW_COLUMN_COUNT + 2);
    return row_revision(st, a, &h->revision, d);
}

static int read_spells(struct store *s, int64_t posting, struct arena *a, struct history *h,
                       struct diag *d)
{
    struct {
        struct spell *items;
        size_t n, cap;
    } list = { 0 };
    DB_STATEMENT(st);
    int r = db_prepare(
        s,
        "SELECT first_proof, coalesce(ended_after, seen_at), coalesce(ended_by, 0), ended_how"
        " FROM spell WHERE posting = ?1 ORDER BY first_proof",
        &st, d);

    if (r)
        return r;
    db_bind(st, "i", posting);
    while ((r = db_step(s, st, "spells", d)) == DB_ROW)
        *ARENA_PUSH(a, &list) = (struct spell){ .first_proof = sqlite3_column_int64(st, 0),
                                                .last_proof = sqlite3_column_int64(st, 1),
                                                .ended_by = sqlite3_column_int64(st, 2),
                                                .how = db_copy(st, 3, a) };
    h->spells = list.items;
    h->n_spells = list.n;
    return r;
}

/* The readings that bound its spells: the proving ones at each first proof, last proof and end. */
static int read_readings(struct store *s, int64_t posting, struct arena *a, struct history *h,
                         struct diag *d)
{
    struct {
        struct reading_row *items;
        size_t n, cap;
    } list = { 0 };
    DB_STATEMENT(st);
    int r = db_prepare(
        s,
        "SELECT r.id, r.started, coalesce(r.ended, 0), s.key, r.outcome, r.proof, r.error, r.pages,"
        " r.advertised, r.got FROM reading r JOIN source s ON s.id = r.source"
        " JOIN posting p ON p.source = s.id WHERE p.id = ?1 AND r.ended IS NOT NULL AND (r.ended IN"
        "  (SELECT first_proof FROM spell WHERE posting = ?1 UNION"
        "   SELECT ended_after FROM spell WHERE posting = ?1 UNION"
        "   SELECT ended_by FROM spell WHERE posting = ?1)"
        "  OR r.id = (SELECT max(id) FROM reading WHERE source = s.id AND proven_at IS NOT NULL))"
        " ORDER BY r.id",
        &st, d);

    if (r)
        return r;
    db_bind(st, "i", posting);
    while ((r = db_step(s, st, "readings", d)) == DB_ROW)
        *ARENA_PUSH(a, &list) = (struct reading_row){ .id = sqlite3_column_int64(st, 0),
                                                      .started = sqlite3_column_int64(st, 1),
                                                      .ended = sqlite3_column_int64(st, 2),
                                                      .source = db_copy(st, 3, a),
                                                      .outcome = db_copy(st, 4, a),
                                                      .proof = db_copy(st, 5, a),
                                                      .error = db_copy(st, 6, a),
                                                      .pages = sqlite3_column_int64(st, 7),
                                                      .advertised = sqlite3_column_int64(st, 8),
                                                      .got = sqlite3_column_int64(st, 9) };
    h->readings = list.items;
    h->n_readings = list.n;
    return r;
}

static int read_one_fact(struct store *s, int64_t posting, int64_t at, struct arena *a,
                         struct history *h, struct diag *d)
{
    DB_STATEMENT(st);
    int r = db_prepare(s, SCAN_COLUMNS SCAN_FROM " WHERE p.id = ?3", &st, d);

    if (r)
        return r;
    db_bind(st, "iii", at, s->vintage, posting);
    r = db_step(s, st, "posting", d);
    return r == DB_ROW ? read_fact(st, at, a, &h->fact, d) : r;
}

static int read_opening(struct store *s, int64_t posting, struct arena *a, struct history *h,
                        struct diag *d)
{
    DB_STATEMENT(st);
    int r = db_prepare(
        s,
        "SELECT posting, opening, leads, counted, reason, evidence FROM opening WHERE posting = ?1",
        &st, d);

    if (r)
        return r;
    db_bind(st, "i", posting);
    r = db_step(s, st, "opening", d);
    h->has_opening = r == DB_ROW;
    if (h->has_opening)
        h->opening = (struct opening_row){ .posting = sqlite3_column_int64(st, 0),
                                           .opening = sqlite3_column_int64(st, 1),
                                           .leads = sqlite3_column_int(st, 2),
                                           .counted = sqlite3_column_int(st, 3),
                                           .reason = db_copy(st, 4, a),
                                           .evidence = db_copy(st, 5, a) };
    return r < 0 ? r : 0;
}

int store_history(struct store *s, struct str which, int64_t at, struct arena *a,
                  struct history *ret, struct diag *d)
{
    struct history h = { 0 };
    int64_t posting = 0;
    int r = find_posting(s, which, &posting, d);

    if (!r)
        r = read_revision(s, posting, at, a, &h, d);
    if (!r)
        r = read_one_fact(s, posting, at, a, &h, d);
    if (!r)
        r = read_spells(s, posting, a, &h, d);
    if (!r)
        r = read_readings(s, posting, a, &h, d);
    if (!r)
        r = read_opening(s, posting, a, &h, d);
    if (!r)
        *ret = h;
    return r;
}
