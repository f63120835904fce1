#include <stdio.h>

#include "store/handle.h"

int source_id(struct store *s, struct str key, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "SELECT id FROM source WHERE key = ?1");
    int64_t *known = table_find(&s->sources, key);
    int r;

    if (known) {
        *ret = *known;
        return 0;
    }
    stmt_str(&q, 1, key);
    r = stmt_step(&q, d);
    if (r < 0)
        return r;
    if (r == 0)
        return diag_fail(d, ERR_USAGE, "store: " STR_FMT ": no such source", STR_ARG(key));
    known = ARENA_NEW(&s->known, int64_t, 1);
    *ret = *known = col_int(&q, 0);
    table_put(&s->sources, &s->known, str_dup(&s->known, key), known);
    return 0;
}

static int put_source(struct store *s, const struct source_row *row, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "INSERT INTO source (key, adapter, company, policy, attribution, why_added, added)"
           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (key) DO UPDATE SET"
           " adapter = excluded.adapter, company = excluded.company, policy = excluded.policy,"
           " attribution = excluded.attribution, why_added = excluded.why_added"
           " WHERE (adapter, company, policy, attribution, why_added) IS NOT (excluded.adapter,"
           " excluded.company, excluded.policy, excluded.attribution, excluded.why_added)"
           " RETURNING 1");
    int r;

    stmt_str(&q, 1, row->key);
    stmt_str(&q, 2, row->adapter);
    stmt_str(&q, 3, row->company);
    stmt_str(&q, 4, row->policy);
    stmt_str(&q, 5, row->attribution);
    stmt_str(&q, 6, row->why_added);
    stmt_int(&q, 7, row->added);
    r = stmt_step(&q, d);
    return r == STMT_ROW ? finished_void(s, ANY_TIME, d) : r;
}

int store_put_source(struct store *s, const struct source_row *row, struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, put_source(s, row, d), d);
}

static void read_source(const struct stmt *q, struct arena *a, struct source_state *ret)
{
    *ret = (struct source_state){
        .row = { .key = str_dup(a, col_str(q, 0)),
                 .adapter = str_dup(a, col_str(q, 1)),
                 .company = str_dup(a, col_str(q, 2)),
                 .policy = str_dup(a, col_str(q, 3)),
                 .attribution = str_dup(a, col_str(q, 4)),
                 .why_added = str_dup(a, col_str(q, 5)),
                 .added = col_int(q, 6) },
        .last_reading = col_int(q, 7),
        .last_proven = col_int(q, 8),
        .failures = col_int(q, 11),
        .gone = col_int(q, 12) != 0,
        .open = col_int(q, 13),
        .awaits_proof = col_int(q, 14) != 0,
    };
    snprintf(ret->last_outcome, sizeof(ret->last_outcome), STR_FMT, STR_ARG(col_str(q, 9)));
    snprintf(ret->last_error, sizeof(ret->last_error), STR_FMT, STR_ARG(col_str(q, 10)));
}

int store_sources(struct store *s, struct arena *a, struct source_state **ret, size_t *ret_n,
                  struct diag *d)
{
    struct {
        struct source_state *items;
        size_t n, cap;
    } list = { 0 };
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT key, adapter, company, policy, attribution, why_added, added, last_reading,"
           " last_proven, last_outcome, last_error, failures, gone, coalesce(o.open, 0),"
           " EXISTS (SELECT 1 FROM spell WHERE spell.source = source.id AND ended_by IS NULL"
           " AND held_by IS NOT NULL) FROM source LEFT JOIN (SELECT source, count(*) AS open"
           " FROM spell WHERE ended_by IS NULL GROUP BY source) o ON o.source = source.id"
           " ORDER BY key");
    int r;

    while ((r = stmt_step(&q, d)) == STMT_ROW)
        read_source(&q, a, ARENA_PUSH(a, &list));
    if (r)
        return r;
    *ret = list.items;
    *ret_n = list.n;
    return 0;
}

int store_source_standing(struct store *s, int64_t at, int64_t today, int64_t stale,
                          struct source_standing *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT coalesce(sum(proven >= ?2), 0), coalesce(sum(proven < ?3), 0),"
           " coalesce(sum(failures > 0 AND last_reading <= ?1), 0) FROM (SELECT failures,"
           " last_reading, CASE WHEN last_proven > ?1 THEN (SELECT max(ended) FROM reading"
           " WHERE source = source.id AND proven = 1 AND ended <= ?1) ELSE last_proven END"
           " AS proven FROM source WHERE added <= ?1)");
    int r;

    stmt_int(&q, 1, at);
    stmt_int(&q, 2, today);
    stmt_int(&q, 3, stale);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r;
    *ret = (struct source_standing){ .read = col_int(&q, 0),
                                     .stale = col_int(&q, 1),
                                     .failed = col_int(&q, 2) };
    return 0;
}

int store_get_host(struct store *s, struct str host, struct arena *a, struct host_state *ret,
                   struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT robots, robots_status, robots_at, next_ok, failures, breaker_until"
                      " FROM host WHERE host = ?1");
    int r;

    stmt_str(&q, 1, host);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    *ret = (struct host_state){
        .host = str_dup(a, host),
        .robots = str_dup(a, col_str(&q, 0)),
        .robots_status = (int)col_int(&q, 1),
        .robots_at = col_int(&q, 2),
        .next_ok = col_int(&q, 3),
        .failures = (uint32_t)col_int(&q, 4),
        .breaker_until = col_int(&q, 5),
    };
    return 0;
}

static int put_host(struct store *s, const struct host_state *h, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "INSERT INTO host VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (host) DO UPDATE SET"
           " robots = excluded.robots, robots_status = excluded.robots_status,"
           " robots_at = excluded.robots_at, next_ok = excluded.next_ok,"
           " failures = excluded.failures, breaker_until = excluded.breaker_until");

    stmt_str(&q, 1, h->host);
    stmt_blob(&q, 2, h->robots);
    stmt_int(&q, 3, h->robots_status);
    stmt_int_or_null(&q, 4, h->robots_at);
    stmt_int_or_null(&q, 5, h->next_ok);
    stmt_int(&q, 6, h->failures);
    stmt_int_or_null(&q, 7, h->breaker_until);
    return stmt_run(&q, d);
}

int store_put_host(struct store *s, const struct host_state *h, struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, put_host(s, h, d), d);
}

const struct source_state *source_state_find(const struct source_state *states, size_t n,
                                             struct str key)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(states[i].row.key, key))
            return &states[i];
    return NULL;
}
