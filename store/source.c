#include <string.h>

#include "store/handle.h"

/* Its place in what the handle remembers. */
static struct source_known *remember(struct store *s, struct str key, int64_t id)
{
    struct source_known *k = table_find(&s->sources, key);

    if (!k) {
        k = ARENA_NEW(&s->known, struct source_known, 1);
        table_put(&s->sources, &s->known, str_dup(&s->known, key), k);
    }
    k->id = id;
    return k;
}

static int look_up(struct store *s, struct str key, struct source_known **ret, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_ahead(s, "SELECT id FROM source WHERE key = ?1");
    int r;

    stmt_str(&q, 1, key);
    r = stmt_step(&q, d);
    if (r < 0)
        return r;
    if (r == 0)
        return diag_fail(d, ERR_USAGE, "store: " STR_FMT ": no such source", STR_ARG(key));
    *ret = remember(s, key, col_int(&q, 0));
    return 0;
}

int source_find(struct store *s, struct str key, struct source_known **ret, struct diag *d)
{
    *ret = table_find(&s->sources, key);
    return *ret ? 0 : look_up(s, key, ret, d);
}

int source_id(struct store *s, struct str key, int64_t *ret, struct diag *d)
{
    struct source_known *k;
    int r = source_find(s, key, &k, d);

    if (!r)
        *ret = k->id;
    return r;
}

int source_keep(struct store *s, int64_t id, int64_t now, struct diag *d)
{
    /* Of two changes in one second what was before the first stays; a clock set back moves none. */
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s,
        "INSERT INTO source_was (source, until, key, adapter, params, company, policy,"
        " attribution, why_added, windowed)"
        " SELECT id, max(?2, coalesce((SELECT max(until) FROM source_was WHERE source = ?1), 0)),"
        " key, adapter, params, company, policy, attribution, why_added, windowed"
        " FROM source JOIN standing ON source = id WHERE id = ?1 ON CONFLICT DO NOTHING");

    stmt_int(&q, 1, id);
    stmt_int(&q, 2, now);
    return stmt_run(&q, d);
}

bool source_row_same(const struct source_row *a, const struct source_row *b)
{
    return str_eq(a->adapter, b->adapter) && str_eq(a->params, b->params)
           && str_eq(a->company, b->company) && str_eq(a->policy, b->policy)
           && str_eq(a->attribution, b->attribution) && str_eq(a->why_added, b->why_added);
}

/* STORE_NONE, or 0 with *ret_same: it is as `row` says. */
static int compare_source(struct store *s, const struct source_row *row, int64_t *ret_id,
                          bool *ret_same, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id, moved IS NOT NULL, adapter, params, company, policy,"
                                  " attribution, why_added FROM source WHERE key = ?1");
    struct source_row was;
    int r;

    stmt_str(&q, 1, row->key);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    was = (struct source_row){ .adapter = col_str(&q, 2),
                               .params = col_str(&q, 3),
                               .company = col_str(&q, 4),
                               .policy = col_str(&q, 5),
                               .attribution = col_str(&q, 6),
                               .why_added = col_str(&q, 7) };
    *ret_id = col_int(&q, 0);
    *ret_same = !col_int(&q, 1) && source_row_same(&was, row);
    return 0;
}

static int add_standing(struct store *s, int64_t id, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_ahead(s, "INSERT INTO standing (source) VALUES (?1)");

    stmt_int(&q, 1, id);
    return stmt_run(&q, d);
}

static int put_source(struct store *s, const struct source_row *row, int64_t now, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "INSERT INTO source (key, adapter, params, company, policy, attribution, why_added,"
           " added) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (key) DO UPDATE SET"
           " adapter = excluded.adapter, params = excluded.params, company = excluded.company,"
           " policy = excluded.policy, attribution = excluded.attribution,"
           " why_added = excluded.why_added, moved = NULL, moved_to = NULL");
    int64_t id = 0;
    bool same = false;
    int r = compare_source(s, row, &id, &same, d);

    if (r < 0 || same)
        return r < 0 ? r : 0;
    if (r != STORE_NONE)
        r = source_keep(s, id, now, d);
    if (r < 0)
        return r;
    stmt_str(&q, 1, row->key);
    stmt_str(&q, 2, row->adapter);
    stmt_str(&q, 3, row->params);
    stmt_str(&q, 4, row->company);
    stmt_str(&q, 5, row->policy);
    stmt_str(&q, 6, row->attribution);
    stmt_str(&q, 7, row->why_added);
    stmt_int(&q, 8, row->added);
    r = stmt_run(&q, d);
    if (!r && !id)
        r = add_standing(s, sqlite3_last_insert_rowid(s->db), d);
    return r ? r : finished_void(s, now < row->added ? now : row->added, d);
}

int store_put_source(struct store *s, const struct source_row *row, int64_t now, struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, put_source(s, row, now, d), d);
}

static int find_source(struct store *s, struct str key, int64_t *ret, bool *ret_moved,
                       struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id, moved IS NOT NULL FROM source WHERE key = ?1");
    int r;

    stmt_str(&q, 1, key);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    *ret = col_int(&q, 0);
    *ret_moved = col_int(&q, 1) != 0;
    return 0;
}

/* Its figures are named by it, and the index goes on from them. */
static int go_on_as(struct store *s, int64_t id, struct str key, int64_t now, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt figures =
        stmt_begin(s, "UPDATE OR REPLACE figure_day SET name = 'source:' || ?2"
                      " WHERE name = 'source:' || (SELECT key FROM source WHERE id = ?1)");
    CLEANUP(stmt_end)
    struct stmt name = stmt_begin(s, "UPDATE source SET key = ?2 WHERE id = ?1");
    int r = source_keep(s, id, now, d);

    stmt_int(&figures, 1, id);
    stmt_str(&figures, 2, key);
    if (!r)
        r = stmt_run(&figures, d);
    stmt_int(&name, 1, id);
    stmt_str(&name, 2, key);
    return r ? r : stmt_run(&name, d);
}

static int end_as_moved(struct store *s, int64_t id, int64_t to, int64_t now, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt mark = stmt_begin(s, "UPDATE source SET moved = ?2, moved_to = ?3 WHERE id = ?1");
    CLEANUP(stmt_end)
    struct stmt end = stmt_begin(
        s,
        "UPDATE spell SET ended_how = 'moved', held_by = NULL, ended_after = l.proof,"
        " ended_by = max(l.proof, ?2) FROM (SELECT sp.posting AS posting, sp.n AS n,"
        " max(sp.first_proof, CASE WHEN s.windowed THEN coalesce(sp.last_seen, s.last_proven, 0)"
        " ELSE coalesce(s.last_proven, 0) END) AS proof FROM spell sp"
        " JOIN standing s ON s.source = sp.source WHERE sp.source = ?1 AND sp.ended_by IS NULL) l"
        " WHERE spell.posting = l.posting AND spell.n = l.n");
    int r;

    stmt_int(&mark, 1, id);
    stmt_int(&mark, 2, now);
    stmt_int(&mark, 3, to);
    r = stmt_run(&mark, d);
    stmt_int(&end, 1, id);
    stmt_int(&end, 2, now);
    return r ? r : stmt_run(&end, d);
}

static int rename_source(struct store *s, struct str was, struct str key, int64_t now,
                         struct diag *d)
{
    int64_t id = 0, to = 0;
    bool moved = false, ignored;
    int r = find_source(s, was, &id, &moved, d);

    if (r)
        return r;
    if (moved)
        return 0;
    sources_forget(s);
    r = find_source(s, key, &to, &ignored, d);
    if (r < 0)
        return r;
    r = r == STORE_NONE ? go_on_as(s, id, key, now, d) : end_as_moved(s, id, to, now, d);
    return r ? r : finished_void(s, ANY_TIME, d);
}

int store_rename_source(struct store *s, struct str was, struct str key, int64_t now,
                        struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, rename_source(s, was, key, now, d), d);
}

/* What most sources have in common stands once: `before` is the one that was read before. */
static struct str shared(struct arena *a, struct str before, struct str now)
{
    return str_eq(before, now) ? before : str_dup(a, now);
}

static void read_source(const struct stmt *q, struct arena *a, const struct source_row *before,
                        struct source_state *ret)
{
    *ret = (struct source_state){
        .row = { .key = str_dup(a, col_str(q, 0)),
                 .adapter = shared(a, before->adapter, col_str(q, 1)),
                 .params = str_dup(a, col_str(q, 2)),
                 .company = str_dup(a, col_str(q, 3)),
                 .policy = shared(a, before->policy, col_str(q, 4)),
                 .attribution = shared(a, before->attribution, col_str(q, 5)),
                 .why_added = shared(a, before->why_added, col_str(q, 6)),
                 .added = col_int(q, 7) },
        .last_reading = col_int(q, 8),
        .last_proven = col_int(q, 9),
        .last_outcome = str_dup(a, col_str(q, 10)),
        .last_error = str_dup(a, col_str(q, 11)),
        .failures = col_int(q, 12),
        .gone = col_int(q, 13) != 0,
        .moved = col_int(q, 14),
        .open = col_int(q, 15),
        .awaits_proof = col_int(q, 16) != 0,
    };
}

static int count_sources(struct store *s, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "SELECT count(*) FROM source");
    int r = stmt_step(&q, d);

    if (r < 0)
        return r;
    *ret = col_int(&q, 0);
    return 0;
}

/* What its next verdict would ask of it. */
static void keep_in_mind(struct store *s, const struct stmt *q, const struct source_state *state)
{
    struct source_known *k = remember(s, state->row.key, col_int(q, 17));

    *k = (struct source_known){ .id = k->id,
                                .stands = true,
                                .windowed = col_int(q, 18) != 0,
                                .read = !col_null(q, 8),
                                .held = state->awaits_proof,
                                .proven = state->last_proven,
                                .open = state->open };
}

static int read_sources(struct stmt *q, bool now, struct arena *a, struct source_state **ret,
                        size_t *ret_n, struct diag *d)
{
    struct {
        struct source_state *items;
        size_t n, cap;
    } list = { 0 };
    const struct source_row none = { 0 };
    int64_t n;
    int r = count_sources(q->s, &n, d);

    if (r)
        return r;
    list.cap = (size_t)n; /* so that thousands of them are not copied as their list grows */
    list.items = ARENA_NEW(a, struct source_state, list.cap + 1);
    while ((r = stmt_step(q, d)) == STMT_ROW) {
        struct source_state *state = ARENA_PUSH(a, &list);

        read_source(q, a, list.n > 1 ? &state[-1].row : &none, state);
        if (now && q->s->access == STORE_WRITE)
            keep_in_mind(q->s, q, state);
    }
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
           " coalesce(sum(failed), 0) FROM (SELECT CASE WHEN last_proven > ?1 THEN"
           " (SELECT max(ended) FROM reading WHERE source = source.id AND proven = 1"
           " AND ended <= ?1) ELSE last_proven END AS proven, CASE WHEN last_reading > ?1 THEN"
           " (SELECT outcome IN ('failed', 'gone') FROM reading WHERE source = source.id"
           " AND ended <= ?1 ORDER BY ended DESC, id DESC LIMIT 1) ELSE failures > 0 END AS failed"
           " FROM source JOIN standing ON standing.source = source.id"
           " WHERE added <= ?1 AND (moved IS NULL OR moved > ?1))");
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

int store_source_mix(struct store *s, const struct source_mix_times *at, struct source_mix *ret,
                     struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "WITH t (late, at, fresh) AS (VALUES (0, ?1, ?2), (1, ?3, ?4)),"
           " p AS (SELECT source.id AS id, late, fresh, coalesce((SELECT max(ended) FROM reading"
           " WHERE source = source.id AND proven = 1 AND ended <= t.at), 0) AS proven,"
           " coalesce(moved <= t.at, 0) OR coalesce((SELECT outcome = 'gone' FROM reading"
           " WHERE source = source.id AND ended <= t.at ORDER BY ended DESC, id DESC LIMIT 1), 0)"
           " AS gone FROM source, t),"
           " k AS (SELECT max(late AND proven >= fresh AND NOT gone) AS speaks,"
           " max(NOT late AND proven >= fresh AND NOT gone) AS spoke,"
           " max(NOT late AND proven > 0) AS known, max(late AND gone) AS gone FROM p GROUP BY id)"
           " SELECT coalesce(sum(spoke), 0), coalesce(sum(speaks), 0),"
           " coalesce(sum(speaks AND NOT known), 0),"
           " coalesce(sum(speaks AND known AND NOT spoke), 0), coalesce(sum(spoke AND gone), 0),"
           " coalesce(sum(spoke AND NOT speaks AND NOT gone), 0) FROM k");
    int r;

    stmt_int(&q, 1, at->before);
    stmt_int(&q, 2, at->before_fresh);
    stmt_int(&q, 3, at->now);
    stmt_int(&q, 4, at->now_fresh);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r;
    *ret = (struct source_mix){ .before = col_int(&q, 0),
                                .now = col_int(&q, 1),
                                .added = col_int(&q, 2),
                                .back = col_int(&q, 3),
                                .gone = col_int(&q, 4),
                                .silent = col_int(&q, 5) };
    return 0;
}

int store_sources(struct store *s, struct arena *a, struct source_state **ret, size_t *ret_n,
                  struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT s.key, s.adapter, s.params, s.company, s.policy, s.attribution, s.why_added,"
           " s.added, n.last_reading, n.last_proven, n.last_outcome, n.last_error, n.failures,"
           " n.gone, s.moved, (SELECT count(*) FROM spell INDEXED BY spell_open_of_source"
           " WHERE spell.source = s.id AND ended_by IS NULL),"
           " EXISTS (SELECT 1 FROM spell INDEXED BY spell_held WHERE spell.source = s.id"
           " AND ended_by IS NULL AND held_by IS NOT NULL), s.id, n.windowed"
           " FROM source s JOIN standing n ON n.source = s.id ORDER BY s.key");

    return read_sources(&q, true, a, ret, ret_n, d);
}

/* Whether nothing was read or configured since: then what is stored is what stood. */
static int is_latest(struct store *s, int64_t at, bool *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT NOT EXISTS (SELECT 1 FROM standing WHERE last_reading > ?1)"
                      " AND NOT EXISTS (SELECT 1 FROM source WHERE moved > ?1)"
                      " AND NOT EXISTS (SELECT 1 FROM source_was WHERE until > ?1)");
    int r;

    stmt_int(&q, 1, at);
    r = stmt_step(&q, d);
    *ret = r == STMT_ROW && col_int(&q, 0);
    return r < 0 ? r : 0;
}

static int past_sources(struct store *s, int64_t at, struct arena *a, struct source_state **ret,
                        size_t *ret_n, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s,
        "WITH heard AS (SELECT * FROM reading WHERE ended <= ?1),"
        " shown AS (SELECT source, count(*) AS n FROM spell WHERE first_proof <= ?1"
        "  AND (ended_by IS NULL OR ended_by > ?1) GROUP BY source)"
        " SELECT s.key, coalesce(w.adapter, s.adapter), coalesce(w.params, s.params),"
        " coalesce(w.company, s.company), coalesce(w.policy, s.policy),"
        " coalesce(w.attribution, s.attribution), coalesce(w.why_added, s.why_added),"
        " s.added, l.ended, (SELECT max(ended) FROM heard WHERE source = s.id AND proven = 1),"
        " l.outcome, l.error, (SELECT count(*) FROM heard WHERE source = s.id AND id > coalesce("
        "  (SELECT max(id) FROM heard WHERE source = s.id AND outcome NOT IN ('failed', 'gone')),"
        "  0)), (SELECT outcome = 'gone' FROM heard WHERE source = s.id AND outcome <> 'failed'"
        "  ORDER BY ended DESC, id DESC LIMIT 1), CASE WHEN s.moved <= ?1 THEN s.moved END,"
        " o.n, 0 FROM source s" SOURCE_THEN
        " LEFT JOIN reading l ON l.id = (SELECT id FROM heard WHERE source = s.id"
        "  ORDER BY ended DESC, id DESC LIMIT 1)"
        " LEFT JOIN shown o ON o.source = s.id ORDER BY s.key");

    stmt_int(&q, 1, at);
    return read_sources(&q, false, a, ret, ret_n, d);
}

int store_sources_at(struct store *s, int64_t at, struct arena *a, struct source_state **ret,
                     size_t *ret_n, struct diag *d)
{
    bool latest = false;
    int r = is_latest(s, at, &latest, d);

    if (r)
        return r;
    return latest ? store_sources(s, a, ret, ret_n, d) : past_sources(s, at, a, ret, ret_n, d);
}

int store_get_host(struct store *s, struct str host, struct arena *a, struct host_state *ret,
                   struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_ahead(s, "SELECT robots, robots_status, robots_at, next_ok, failures, breaker_until"
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
    struct stmt q = stmt_ahead(
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

const struct source_state *source_state_find(const struct source_state *sources, size_t n,
                                             struct str key)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(sources[mid].row.key, key);

        if (order == 0)
            return &sources[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}
