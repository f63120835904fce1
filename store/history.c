/* Everything known of one posting. */
#include "store/fact.h"
#include "store/revision.h"
#include "store/text.h"
#include "store/zip.h"

static int one_id(struct stmt *q, int64_t *ret, struct diag *d)
{
    int r = stmt_step(q, d);

    if (r <= 0)
        return r ? r : STORE_NONE;
    *ret = col_int(q, 0);
    return 0;
}

static int by_id(struct store *s, struct str which, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "SELECT id FROM posting WHERE id = ?1");
    int64_t id;

    if (!str_int(which, &id))
        return STORE_NONE;
    stmt_int(&q, 1, id);
    return one_id(&q, ret, d);
}

/* A source's key may hold a slash itself, and so may a native id: each cut is tried. */
static int by_source_and_id(struct store *s, struct str which, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT p.id FROM posting p WHERE p.native_id = ?2 AND p.source IN"
                      " (SELECT id FROM source WHERE key = ?1 UNION SELECT source FROM source_was"
                      " WHERE key = ?1) ORDER BY p.id LIMIT 1");
    int r = STORE_NONE;

    for (size_t i = 0; r == STORE_NONE && i < which.n; i++) {
        if (which.p[i] != '/')
            continue;
        stmt_again(&q);
        stmt_str(&q, 1, str_slice(which, 0, i));
        stmt_str(&q, 2, str_from(which, i + 1));
        r = one_id(&q, ret, d);
    }
    return r;
}

static int by_native_id(struct store *s, struct str which, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT p.id FROM source s CROSS JOIN posting p ON p.source = s.id"
                      " AND p.native_id = ?1 ORDER BY p.id LIMIT 1");

    stmt_str(&q, 1, which);
    return one_id(&q, ret, d);
}

static int by_url(struct store *s, struct str which, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT p.id FROM posting p WHERE p.url_hash = ?1 AND " POSTING_URL
                      " = ?2 ORDER BY p.id LIMIT 1");

    if (!which.n)
        return STORE_NONE;
    stmt_int(&q, 1, url_hash(which));
    stmt_str(&q, 2, which);
    return one_id(&q, ret, d);
}

static int find(struct store *s, struct str which, int64_t *ret, struct diag *d)
{
    static int (*const ways[])(struct store *, struct str, int64_t *,
                               struct diag *) = { by_id, by_source_and_id, by_native_id, by_url };
    int r = STORE_NONE;

    for (size_t i = 0; r == STORE_NONE && i < ARRAY_LEN(ways); i++)
        r = ways[i](s, which, ret, d);
    return r;
}

static int read_one_fact(struct store *s, int64_t posting, int64_t at, struct arena *a,
                         struct posting_fact *ret, struct diag *d)
{
    struct sources_then sources = { 0 };
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, FACT_COLUMNS " FROM posting p LEFT JOIN" FACT_SPELL FACT_REVISION
                                               " WHERE p.id = ?3");
    int r = sources_then(s, at, a, &sources, d);

    if (r)
        return r;
    stmt_int(&q, 1, at);
    stmt_int(&q, 2, s->vintage);
    stmt_int(&q, 3, posting);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    r = read_fact(&q, at, &sources, a, ret, d);
    if (!r)
        keep_fact(ret, a);
    return r;
}

static int read_revision(struct store *s, struct arena *a, struct history *h, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT r.read_at, (SELECT hash FROM body WHERE id = r.body),"
                      " (SELECT url FROM answer WHERE body = r.body AND reading = r.reading),"
                      " (SELECT count(*) FROM revision o WHERE o.posting = r.posting),"
                      " (SELECT data IS NOT NULL FROM body WHERE id = r.body), " LISTING_COLUMNS
                      " FROM revision r JOIN posting p ON p.id = r.posting WHERE r.id = ?1");
    int64_t text;
    int r;

    stmt_int(&q, 1, h->fact.revision);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    h->revision = (struct revision){ .id = h->fact.revision,
                                     .posting = h->fact.posting,
                                     .read_at = col_int(&q, 0),
                                     .source = h->fact.source };
    h->body_hash = col_hex(&q, 1, a);
    h->body_url = str_dup(a, col_str(&q, 2));
    h->n_revisions = col_int(&q, 3);
    h->body_kept = col_int(&q, 4) != 0;
    read_listing(&q, 5, a, &h->revision.listing, &text);
    return read_text(s, text, a, &h->revision.listing.text, d);
}

/* The line of the ledger that the body answered. */
static int read_request(struct store *s, struct history *h, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT q.id, q.at, q.status FROM revision r JOIN request q ON q.reading = r.reading"
           " WHERE r.id = ?1 AND q.url = ?2 AND q.outcome = 'ok' ORDER BY q.id DESC LIMIT 1");
    int r;

    stmt_int(&q, 1, h->revision.id);
    stmt_str(&q, 2, h->body_url);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r;
    h->request = col_int(&q, 0);
    h->requested_at = col_int(&q, 1);
    h->request_status = col_int(&q, 2);
    return 0;
}

static int read_spells(struct store *s, int64_t at, struct arena *a, struct history *h,
                       struct diag *d)
{
    struct {
        struct spell *items;
        size_t n, cap;
    } list = { 0 };
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT first_proof, ended_after, ended_by, ended_how FROM spell"
                                  " WHERE posting = ?1 AND first_proof <= ?2 ORDER BY n");
    int r;

    stmt_int(&q, 1, h->fact.posting);
    stmt_int(&q, 2, at);
    while ((r = stmt_step(&q, d)) == STMT_ROW)
        *ARENA_PUSH(a, &list) = (struct spell){ .first_proof = col_int(&q, 0),
                                                .last_proof = col_int(&q, 1),
                                                .ended_by = col_int(&q, 2),
                                                .how = str_dup(a, col_str(&q, 3)) };
    if (list.n) { /* the latest as it stood at the time asked for */
        struct spell *last = &list.items[list.n - 1];

        last->last_proof = h->fact.last_proof;
        last->ended_by = h->fact.ended_by;
        last->how = str_of(h->fact.ended_how);
    }
    h->spells = list.items;
    h->n_spells = list.n;
    return r;
}

/* First and last proof, and the absence: the readings a sceptic asks for. */
static int read_readings(struct store *s, struct arena *a, struct history *h, struct diag *d)
{
    struct {
        struct reading_row *items;
        size_t n, cap;
    } list = { 0 };
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT r.id, r.started, r.ended, r.outcome, r.proof, r.error, r.pages, r.advertised,"
           " r.got FROM reading r JOIN source s ON s.id = r.source WHERE s.key = ?1"
           " AND r.outcome IS NOT NULL AND r.ended IN (?2, ?3, ?4) ORDER BY r.id");
    int r;

    stmt_str(&q, 1, h->fact.source);
    stmt_int_or_null(&q, 2, h->fact.first_proof);
    stmt_int_or_null(&q, 3, h->fact.last_proof);
    stmt_int_or_null(&q, 4, h->fact.ended_by);
    while ((r = stmt_step(&q, d)) == STMT_ROW)
        *ARENA_PUSH(a, &list) = (struct reading_row){
            .id = col_int(&q, 0),
            .started = col_int(&q, 1),
            .ended = col_int(&q, 2),
            .source = h->fact.source,
            .outcome = str_dup(a, col_str(&q, 3)),
            .proof = str_dup(a, col_str(&q, 4)),
            .error = str_dup(a, col_str(&q, 5)),
            .pages = col_int(&q, 6),
            .advertised = col_null(&q, 7) ? -1 : col_int(&q, 7),
            .got = col_int(&q, 8),
        };
    h->readings = list.items;
    h->n_readings = list.n;
    return r;
}

static int read_opening(struct store *s, struct arena *a, struct history *h, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT opening, leads, counted, reason, evidence FROM v_opening_posting"
                      " WHERE posting = ?1");
    int r;

    stmt_int(&q, 1, h->fact.posting);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r;
    h->has_opening = true;
    h->opening = (struct opening_row){ .posting = h->fact.posting,
                                       .opening = col_int(&q, 0),
                                       .leads = col_int(&q, 1) != 0,
                                       .counted = col_int(&q, 2) != 0,
                                       .reason = str_dup(a, col_str(&q, 3)),
                                       .evidence = str_dup(a, col_str(&q, 4)) };
    return 0;
}

int store_history(struct store *s, struct str which, int64_t at, struct arena *a,
                  struct history *ret, struct diag *d)
{
    struct history h = { 0 };
    int64_t posting = 0;
    int r = find(s, which, &posting, d);

    if (!r)
        r = read_one_fact(s, posting, at, a, &h.fact, d);
    if (!r)
        r = read_revision(s, a, &h, d);
    if (!r)
        r = read_request(s, &h, d);
    if (!r)
        r = read_spells(s, at, a, &h, d);
    if (!r)
        r = read_readings(s, a, &h, d);
    if (!r)
        r = read_opening(s, a, &h, d);
    if (!r)
        *ret = h;
    return r;
}

int store_history_body(struct store *s, const struct history *h, struct arena *a, struct str *ret,
                       struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT b.data FROM revision r JOIN body b ON b.id = r.body"
                                  " WHERE r.id = ?1 AND b.data IS NOT NULL");
    char got[HASH_HEX];
    int r;

    stmt_int(&q, 1, h->revision.id);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    r = zip_unpack(s->zip, col_str(&q, 0), a, ret, d);
    if (r)
        return r;
    hash_hex(hash_of(*ret), got);
    return str_eq(str_of(got), h->body_hash)
               ? 0
               : diag_fail(d, ERR_DB, "store: %s: body " STR_FMT ": its bytes are not those read",
                           s->path, STR_ARG(h->body_hash));
}
