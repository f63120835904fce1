/* How often a source changes, and how today's readings went: what the schedule is made of. */
#include "store/handle.h"

static void read_change(const struct stmt *q, struct arena *a, struct source_change *ret)
{
    *ret = (struct source_change){
        .source = str_dup(a, col_str(q, 0)),
        .changes = col_int(q, 1),
        .seconds = col_int(q, 2),
        .reads_today = col_int(q, 3),
        .tries_today = col_int(q, 4),
        .pages = col_int(q, 5),
        .texts_owed = col_int(q, 6),
        .texts_owed_before = col_null(q, 7) ? -1 : col_int(q, 7),
    };
}

/* The first proven reading since then is where the count begins: what it found is older. What a
 * windowed source closes, it closes by age. */
int store_source_changes(struct store *s, int64_t since, int64_t today, struct arena *a,
                         struct source_change **ret, size_t *ret_n, struct diag *d)
{
    struct {
        struct source_change *items;
        size_t n, cap;
    } list = { 0 };
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "WITH span AS (SELECT id, key, windowed, coalesce(last_proven, 0) AS proven,"
           "  (SELECT min(ended) FROM reading WHERE source = s.id AND proven = 1"
           "   AND ended >= ?1) AS first,"
           "  (SELECT id FROM reading WHERE source = s.id AND proven = 1"
           "   ORDER BY ended DESC, id DESC LIMIT 1) AS newest"
           "  FROM source s JOIN standing ON source = s.id)"
           " SELECT key,"
           " (SELECT sum(opened + reopened + CASE WHEN windowed THEN 0 ELSE closed END)"
           "  FROM reading WHERE source = span.id AND reading.proven = 1 AND ended > first),"
           " l.ended - first,"
           " (SELECT count(*) FROM reading WHERE source = span.id AND ended >= ?2),"
           " (SELECT count(*) FROM reading WHERE source = span.id AND ended >= ?2"
           "  AND ended > span.proven AND requests > 0),"
           " l.pages, l.details_owed,"
           " (SELECT details_owed FROM reading WHERE source = span.id AND reading.proven = 1"
           "  ORDER BY ended DESC, id DESC LIMIT 1 OFFSET 1)"
           " FROM span LEFT JOIN reading l ON l.id = newest ORDER BY key");
    int r;

    stmt_int(&q, 1, since);
    stmt_int(&q, 2, today);
    while ((r = stmt_step(&q, d)) == STMT_ROW)
        read_change(&q, a, ARENA_PUSH(a, &list));
    if (r)
        return r;
    *ret = list.items;
    *ret_n = list.n;
    return 0;
}
