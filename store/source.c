#include <string.h>

#include "store/db.h"

int store_put_source(struct store *s, const struct source_row *row, struct diag *d)
{
    int r = db_batch(s, d);

    if (r)
        return r;
    return db_run(
        s,
        "INSERT INTO source(key, adapter, company, policy, attribution, why_added, added)"
        " VALUES(?1,?2,?3,?4,?5,?6,?7) ON CONFLICT(key) DO UPDATE SET adapter=?2, company=?3,"
        " policy=?4, attribution=?5, why_added=?6, added=?7"
        " WHERE (adapter, company, policy, attribution, why_added, added)"
        " IS NOT (?2,?3,?4,?5,?6,?7)",
        "put source", d, "ssssssi", row->key, row->adapter, row->company, row->policy,
        row->attribution, row->why_added, row->added);
}

static void copy_text(char *to, size_t size, struct str s)
{
    size_t n = s.n < size - 1 ? s.n : size - 1;

    memcpy(to, s.p, n);
    to[n] = '\0';
}

static void read_state(sqlite3_stmt *st, struct arena *a, struct source_state *to)
{
    *to = (struct source_state){
        .row = { .key = db_copy(st, 0, a),
                 .adapter = db_copy(st, 1, a),
                 .company = db_copy(st, 2, a),
                 .policy = db_copy(st, 3, a),
                 .attribution = db_copy(st, 4, a),
                 .why_added = db_copy(st, 5, a),
                 .added = sqlite3_column_int64(st, 6) },
        .gone = sqlite3_column_int(st, 7),
        .awaits_proof = sqlite3_column_int(st, 8),
        .last_reading = sqlite3_column_int64(st, 9),
        .last_proven = sqlite3_column_int64(st, 10),
        .open = sqlite3_column_int64(st, 13),
        .failures = sqlite3_column_int64(st, 14),
    };
    copy_text(to->last_outcome, sizeof(to->last_outcome), db_text(st, 11));
    copy_text(to->last_error, sizeof(to->last_error), db_text(st, 12));
}

int store_sources(struct store *s, struct arena *a, struct source_state **ret, size_t *ret_n,
                  struct diag *d)
{
    static const char sql[] =
        "SELECT s.key, s.adapter, s.company, s.policy, s.attribution, s.why_added, s.added, s.gone,"
        " s.awaiting IS NOT NULL, coalesce(l.ended, l.started, 0),"
        " coalesce((SELECT max(proven_at) FROM reading WHERE source = s.id), 0),"
        " coalesce(l.outcome, ''), coalesce(l.error, ''),"
        " (SELECT count(*) FROM spell x JOIN posting p ON p.id = x.posting"
        "   WHERE p.source = s.id AND x.ended_by IS NULL),"
        " (SELECT count(*) FROM reading f WHERE f.source = s.id AND f.outcome IN ('failed', 'gone')"
        "   AND f.id > coalesce((SELECT max(id) FROM reading WHERE source = s.id"
        "                        AND outcome NOT IN ('failed', 'gone', '')), 0))"
        " FROM source s LEFT JOIN reading l ON l.id ="
        "   (SELECT max(id) FROM reading WHERE source = s.id AND ended IS NOT NULL)"
        " ORDER BY s.key";
    struct {
        struct source_state *items;
        size_t n, cap;
    } list = { 0 };
    DB_STATEMENT(st);
    int r = db_prepare(s, sql, &st, d);

    while (!r && (r = db_step(s, st, "sources", d)) == DB_ROW) {
        read_state(st, a, ARENA_PUSH(a, &list));
        r = 0;
    }
    *ret = list.items;
    *ret_n = list.n;
    return r;
}

int store_get_host(struct store *s, struct str host, struct arena *a, struct host_state *ret,
                   struct diag *d)
{
    DB_STATEMENT(st);
    int r = db_prepare(s,
                       "SELECT robots, robots_status, robots_at, next_ok, failures, breaker_until"
                       " FROM host WHERE host = ?1",
                       &st, d);

    if (r)
        return r;
    db_bind(st, "s", host);
    r = db_step(s, st, "host", d);
    if (r != DB_ROW)
        return r ? r : STORE_NONE;
    *ret = (struct host_state){ .host = str_dup(a, host),
                                .robots_status = sqlite3_column_int(st, 1),
                                .robots_at = sqlite3_column_int64(st, 2),
                                .next_ok = sqlite3_column_int64(st, 3),
                                .failures = (uint32_t)sqlite3_column_int64(st, 4),
                                .breaker_until = sqlite3_column_int64(st, 5) };
    if (db_blob(st, 0).n)
        return db_unpack(db_blob(st, 0), a, &ret->robots, d);
    return 0;
}

int store_put_host(struct store *s, const struct host_state *h, struct diag *d)
{
    CLEANUP(buf_release) struct buf packed = { 0 };
    int r = db_batch(s, d);

    if (r)
        return r;
    if (h->robots.n)
        db_pack(h->robots, &packed);
    return db_run(s,
                  "INSERT INTO host VALUES(?1,?2,?3,?4,?5,?6,?7) ON CONFLICT(host) DO UPDATE SET"
                  " robots=?2, robots_status=?3, robots_at=?4, next_ok=?5, failures=?6,"
                  " breaker_until=?7",
                  "put host", d, "sbiiiii", h->host, buf_str(&packed), (int64_t)h->robots_status,
                  h->robots_at, h->next_ok, (int64_t)h->failures, h->breaker_until);
}
