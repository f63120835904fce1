#include <math.h>

#include "store/db.h"
#include "store/pack.h"

/* Conclusions kept finished: openings, figures, published feeds. */

static int put_opening(struct store *s, const struct opening_row *o, struct diag *d)
{
    return db_run(s, "INSERT INTO opening VALUES(?1,?2,?3,?4,?5,?6)", "put opening", d, "iiiiss",
                  o->posting, o->opening, (int64_t)o->leads, (int64_t)o->counted, o->reason,
                  o->evidence);
}

static struct str cities_of(const struct signal *sig, struct arena *a)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (size_t i = 0; i < sig->n_places; i++) {
        if (!sig->places[i].city.n)
            continue;
        if (b.n)
            buf_add(&b, STR(", "));
        buf_add(&b, sig->places[i].city);
    }
    return buf_take(&b, a);
}

static int put_counted(struct store *s, const struct opening_row *o, const struct signal *sig,
                       bool text_read, struct arena *a, struct diag *d)
{
    static const char sql[] =
        "INSERT INTO counted VALUES(?1,?2,?3,?4,?5,?6,?7,nullif(?8,-1),nullif(?9,-1),nullif(?10,0),"
        "nullif(?11,0),nullif(?12,''),?13,?14)";
    bool paid = sig->pay.kind != PAY_UNDISCLOSED;

    return db_run(s, sql, "put counted", d, "iisssisiiiissi", o->opening, o->posting,
                  str_of(family_name(sig->family)), str_of(track_name(sig->track)),
                  str_of(level_name(sig->level)), (int64_t)sig->stage,
                  str_of(work_mode_name(sig->mode)), (int64_t)sig->experience.min_months,
                  (int64_t)sig->experience.max_months, paid ? sig->pay.annual_min : 0,
                  paid ? sig->pay.annual_max : 0, str_of(paid ? sig->pay.currency : ""),
                  cities_of(sig, a), (int64_t)text_read);
}

/*
 * A row a skill: its strongest mention, as signals list them (by skill, strongest first).
 * Stated: any of its mentions is its own, not one that follows from another skill.
 */
static int put_mentions(struct store *s, int64_t opening, const struct signal *sig,
                        const struct str *skills, size_t n_skills, struct diag *d)
{
    int r = 0;

    for (size_t i = 0, end; i < sig->n_mentions && !r; i = end) {
        const struct mention *m = &sig->mentions[i];
        bool stated = false;

        for (end = i; end < sig->n_mentions && sig->mentions[end].skill == m->skill; end++)
            stated |= !sig->mentions[end].implied;
        if (m->skill < n_skills)
            r = db_run(s, "INSERT INTO mention VALUES(?1,?2,?3,?4,?5)", "put mention", d, "issis",
                       opening, skills[m->skill], str_of(polarity_name(m->polarity)),
                       (int64_t)stated, str_of(section_name(m->section)));
    }
    return r;
}

static int unpack_counted(struct store *s, const struct opening_row *o, const struct str *skills,
                          size_t n_skills, struct diag *d)
{
    struct arena a = ARENA_INIT;
    struct signal sig;
    DB_STATEMENT(st);
    int r = db_prepare(
        s,
        "SELECT g.packed, v.text_read FROM revision v JOIN signal g ON g.revision = v.id"
        " AND g.vintage = ?2 WHERE v.id = (SELECT max(id) FROM revision WHERE posting = ?1)",
        &st, d);

    if (r)
        return r;
    db_bind(st, "ii", o->posting, s->vintage);
    r = db_step(s, st, "counted", d);
    if (r == DB_ROW) {
        r = signal_unpack(db_blob(st, 0), &a, &sig, d);
        if (!r)
            r = put_counted(s, o, &sig, sqlite3_column_int(st, 1), &a, d);
        if (!r)
            r = put_mentions(s, o->opening, &sig, skills, n_skills, d);
    }
    arena_free(&a);
    return r;
}

/* An opening that has members no more was joined to another: it stays findable. */
static int keep_redirects(struct store *s, struct diag *d)
{
    return db_exec(
        s,
        "INSERT OR REPLACE INTO redirect SELECT o.posting, o.opening FROM opening o"
        " WHERE o.opening <> o.posting AND o.posting IN (SELECT opening FROM temp.before);"
        "DELETE FROM redirect WHERE opening IN (SELECT opening FROM opening)",
        "redirects", d);
}

int store_put_openings(struct store *s, const struct opening_row *rows, size_t n, int64_t now,
                       struct diag *d)
{
    struct arena a = ARENA_INIT;
    struct str *skills;
    size_t n_skills;
    int r = store_skills(s, &a, &skills, &n_skills, d);

    (void)now;
    if (!r)
        r = db_begin(s, d);
    if (r) {
        arena_free(&a);
        return r;
    }
    r = db_exec(
        s,
        "CREATE TEMP TABLE IF NOT EXISTS before(opening INTEGER PRIMARY KEY);"
        "DELETE FROM temp.before; INSERT INTO temp.before SELECT DISTINCT opening FROM opening;"
        "DELETE FROM opening; DELETE FROM counted; DELETE FROM mention",
        "openings", d);
    for (size_t i = 0; i < n && !r; i++) {
        r = put_opening(s, &rows[i], d);
        if (!r && rows[i].counted)
            r = unpack_counted(s, &rows[i], skills, n_skills, d);
    }
    if (!r)
        r = keep_redirects(s, d);
    arena_free(&a);
    return db_end(s, r, d);
}

int store_openings(struct store *s, struct arena *a, struct opening_row **ret, size_t *ret_n,
                   struct diag *d)
{
    struct {
        struct opening_row *items;
        size_t n, cap;
    } list = { 0 };
    DB_STATEMENT(st);
    int r = db_prepare(
        s,
        "SELECT posting, opening, leads, counted, reason, evidence FROM opening ORDER BY posting",
        &st, d);

    if (r)
        return r;
    while ((r = db_step(s, st, "openings", d)) == DB_ROW)
        *ARENA_PUSH(a, &list) = (struct opening_row){ .posting = sqlite3_column_int64(st, 0),
                                                      .opening = sqlite3_column_int64(st, 1),
                                                      .leads = sqlite3_column_int(st, 2),
                                                      .counted = sqlite3_column_int(st, 3),
                                                      .reason = db_copy(st, 4, a),
                                                      .evidence = db_copy(st, 5, a) };
    *ret = list.items;
    *ret_n = list.n;
    return r;
}

int store_put_figures(struct store *s, const struct figure_row *rows, size_t n, struct diag *d)
{
    int r = db_begin(s, d);

    if (r)
        return r;
    for (size_t i = 0; i < n && !r; i++)
        r = db_run(s, "INSERT OR REPLACE INTO figure_day VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
                   "put figure", d, "iisfffii", s->vintage, rows[i].day, rows[i].name,
                   rows[i].value, rows[i].low, rows[i].high, rows[i].n, rows[i].employers);
    return db_end(s, r, d);
}

static double number(sqlite3_stmt *st, int column)
{
    return sqlite3_column_type(st, column) == SQLITE_NULL ? NAN : sqlite3_column_double(st, column);
}

int store_figures(struct store *s, struct str name, int64_t from, int64_t to, struct arena *a,
                  struct figure_row **ret, size_t *ret_n, struct diag *d)
{
    struct {
        struct figure_row *items;
        size_t n, cap;
    } list = { 0 };
    DB_STATEMENT(st);
    int r = db_prepare(
        s,
        "SELECT day, name, value, low, high, n, employers FROM figure_day WHERE vintage = ?1"
        " AND day BETWEEN ?2 AND ?3 AND (?4 = '' OR name = ?4) ORDER BY day, name",
        &st, d);

    if (r)
        return r;
    db_bind(st, "iiis", s->vintage, from, to, name);
    while ((r = db_step(s, st, "figures", d)) == DB_ROW)
        *ARENA_PUSH(a, &list) = (struct figure_row){ .day = sqlite3_column_int64(st, 0),
                                                     .name = db_copy(st, 1, a),
                                                     .value = number(st, 2),
                                                     .low = number(st, 3),
                                                     .high = number(st, 4),
                                                     .n = sqlite3_column_int64(st, 5),
                                                     .employers = sqlite3_column_int64(st, 6) };
    *ret = list.items;
    *ret_n = list.n;
    return r;
}

int store_proven_days(struct store *s, int64_t to, struct arena *a, struct proven_day **ret,
                      size_t *ret_n, struct diag *d)
{
    struct {
        struct proven_day *items;
        size_t n, cap;
    } list = { 0 };
    DB_STATEMENT(st);
    int r = db_prepare(
        s,
        "SELECT s.key, (r.proven_at + 19800) / 86400 AS day, max(r.proven_at) FROM reading r"
        " JOIN source s ON s.id = r.source WHERE r.proven_at IS NOT NULL AND r.proven_at <= ?1"
        " GROUP BY s.key, day ORDER BY day, s.key",
        &st, d);

    if (r)
        return r;
    db_bind(st, "i", to);
    while ((r = db_step(s, st, "proven days", d)) == DB_ROW)
        *ARENA_PUSH(a, &list) = (struct proven_day){ .source = db_copy(st, 0, a),
                                                     .day = sqlite3_column_int64(st, 1),
                                                     .at = sqlite3_column_int64(st, 2) };
    *ret = list.items;
    *ret_n = list.n;
    return r;
}

int store_put_published(struct store *s, struct str name, struct str bytes, int64_t now,
                        struct diag *d)
{
    CLEANUP(buf_release) struct buf packed = { 0 };
    struct hash h = hash_of(bytes);
    char key[16];
    DB_STATEMENT(st);
    int r = db_prepare(s, "SELECT hash FROM published WHERE name = ?1 ORDER BY id DESC LIMIT 1",
                       &st, d);

    if (r)
        return r;
    db_bind(st, "s", name);
    r = db_step(s, st, "published", d);
    if (r == DB_ROW && str_eq(db_blob(st, 0), db_hash(&h, key)))
        return STORE_SAME;
    if (r < 0)
        return r;
    db_reset(&st);
    r = db_batch(s, d);
    if (r)
        return r;
    db_pack(bytes, &packed);
    return db_run(s, "INSERT INTO published(name, at, hash, size, zstd) VALUES(?1,?2,?3,?4,?5)",
                  "published", d, "sibib", name, now, db_hash(&h, key), (int64_t)bytes.n,
                  buf_str(&packed));
}
