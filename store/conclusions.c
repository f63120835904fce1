/* Figures and published feeds: conclusions, kept finished. */
#include "core/date.h"
#include "store/handle.h"
#include "store/zip.h"

static int put_figures(struct store *s, const struct figure_row *rows, size_t n, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "INSERT OR REPLACE INTO figure_day (vintage, day, name, value, low, high, n, employers)"
           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    int r = 0;

    for (size_t i = 0; !r && i < n; i++) {
        stmt_int(&q, 1, s->vintage);
        stmt_int(&q, 2, rows[i].day);
        stmt_str(&q, 3, rows[i].name);
        stmt_num(&q, 4, rows[i].value);
        stmt_num(&q, 5, rows[i].low);
        stmt_num(&q, 6, rows[i].high);
        stmt_int(&q, 7, rows[i].n);
        stmt_int(&q, 8, rows[i].employers);
        r = stmt_run(&q, d);
    }
    return r;
}

int store_put_figures(struct store *s, const struct figure_row *rows, size_t n, struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end_now(s, put_figures(s, rows, n, d), d);
}

static double num_or_nan(const struct stmt *q, int i)
{
    return col_null(q, i) ? __builtin_nan("") : col_num(q, i);
}

static int read_figures(struct stmt *q, struct arena *a, struct figure_row **ret, size_t *ret_n,
                        struct diag *d)
{
    struct {
        struct figure_row *items;
        size_t n, cap;
    } list = { 0 };
    int r;

    while ((r = stmt_step(q, d)) == STMT_ROW)
        *ARENA_PUSH(a, &list) = (struct figure_row){
            .day = col_int(q, 0),
            .name = str_dup(a, col_str(q, 1)),
            .value = num_or_nan(q, 2),
            .low = num_or_nan(q, 3),
            .high = num_or_nan(q, 4),
            .n = col_int(q, 5),
            .employers = col_int(q, 6),
        };
    if (r)
        return r;
    *ret = list.items;
    *ret_n = list.n;
    return 0;
}

#define FIGURES "SELECT day, name, value, low, high, n, employers FROM figure_day"

int store_figures(struct store *s, struct str name, int64_t from, int64_t to, struct arena *a,
                  struct figure_row **ret, size_t *ret_n, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, name.n ? FIGURES " WHERE vintage = ?1 AND day BETWEEN ?2 AND ?3 AND name = ?4"
                            " ORDER BY day, name"
                  : FIGURES " WHERE vintage = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY day, name");

    stmt_int(&q, 1, s->vintage);
    stmt_int(&q, 2, from);
    stmt_int(&q, 3, to);
    if (name.n)
        stmt_str(&q, 4, name);
    return read_figures(&q, a, ret, ret_n, d);
}

int store_first_figures(struct store *s, struct str name, int64_t from, int64_t to, struct arena *a,
                        struct figure_row **ret, size_t *ret_n, struct diag *d)
{
    /* A bare column beside min() is of the row that has the minimum. */
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT f.day, f.name, f.value, f.low, f.high, f.n, f.employers, min(f.vintage)"
           " FROM vintage v CROSS JOIN figure_day f ON f.vintage = v.id AND f.name = ?1"
           " AND f.day BETWEEN ?2 AND ?3 GROUP BY f.day ORDER BY f.day");

    stmt_str(&q, 1, name);
    stmt_int(&q, 2, from);
    stmt_int(&q, 3, to);
    return read_figures(&q, a, ret, ret_n, d);
}

int store_first_proven(struct store *s, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT min((SELECT min(ended) FROM reading WHERE source ="
                                  " source.id AND proven = 1)) FROM source");
    int r = stmt_step(&q, d);

    if (r < 0)
        return r;
    *ret = col_int(&q, 0);
    return 0;
}

int store_proven_readings(struct store *s, int64_t from, int64_t to, struct arena *a,
                          struct proven_reading **ret, size_t *ret_n, struct diag *d)
{
    struct {
        struct proven_reading *items;
        size_t n, cap;
    } list = { 0 };
    struct str key = STR("");
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT s.key, (r.ended + ?2) / ?3, r.ended FROM reading r JOIN source s"
                      " ON s.id = r.source WHERE r.proven = 1 AND r.ended BETWEEN ?4 AND ?1"
                      " ORDER BY s.key, r.ended");
    int r;

    stmt_int(&q, 1, to);
    stmt_int(&q, 2, IST_OFFSET);
    stmt_int(&q, 3, DAY_SECONDS);
    stmt_int(&q, 4, from);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        if (!str_eq(key, col_str(&q, 0)))
            key = str_dup(a, col_str(&q, 0));
        *ARENA_PUSH(a, &list) =
            (struct proven_reading){ .source = key, .day = col_int(&q, 1), .at = col_int(&q, 2) };
    }
    if (r)
        return r;
    *ret = list.items;
    *ret_n = list.n;
    return 0;
}

static int put_published(struct store *s, struct str name, struct str bytes, int64_t now,
                         struct diag *d)
{
    struct hash h = hash_of(bytes), last;
    CLEANUP(stmt_end)
    struct stmt find =
        stmt_begin(s, "SELECT hash FROM published WHERE name = ?1 ORDER BY id DESC LIMIT 1");
    CLEANUP(stmt_end)
    struct stmt add = stmt_begin(
        s, "INSERT INTO published (name, at, hash, size, data) VALUES (?1, ?2, ?3, ?4, ?5)");
    int r;

    stmt_str(&find, 1, name);
    r = stmt_step(&find, d);
    if (r < 0)
        return r;
    last = col_hash(&find, 0);
    if (r == STMT_ROW && hash_eq(last, h))
        return STORE_SAME;
    stmt_str(&add, 1, name);
    stmt_int(&add, 2, now);
    stmt_hash(&add, 3, h);
    stmt_int(&add, 4, (int64_t)bytes.n);
    stmt_blob(&add, 5, zip_pack(s->zip, bytes));
    return stmt_run(&add, d);
}

int store_put_published(struct store *s, struct str name, struct str bytes, int64_t now,
                        struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, put_published(s, name, bytes, now, d), d);
}

int store_published(struct store *s, int64_t at,
                    int (*each)(void *ctx, struct str name, struct str bytes, struct diag *d),
                    void *ctx, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT name, data, hash FROM published WHERE id IN (SELECT max(id)"
                      " FROM published WHERE at <= ?1 GROUP BY name) ORDER BY name");
    bool any = false;
    int r;

    stmt_int(&q, 1, at);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        struct str name = col_str(&q, 0), bytes = { 0 };
        struct hash want = col_hash(&q, 2), got;

        r = zip_unpack(s->zip, col_str(&q, 1), &s->scratch, &bytes, d);
        got = hash_of(bytes);
        if (!r && !hash_eq(got, want))
            r = diag_fail(d, ERR_DB, "store: " STR_FMT ": its bytes are not those published",
                          STR_ARG(name));
        if (!r)
            r = each(ctx, name, bytes, d);
        arena_reset(&s->scratch);
        if (r)
            return r;
        any = true;
    }
    return r || any ? r : STORE_NONE;
}
