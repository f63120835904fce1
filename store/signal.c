/* Vintages, and the signals made in them. */
#include "store/pack.h"
#include "store/revision.h"

int vintage_load(struct store *s, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id FROM vintage WHERE state = 'current'");
    int r = stmt_step(&q, d);

    if (r < 0)
        return r;
    s->vintage = r == STMT_ROW ? col_int(&q, 0) : 0;
    return 0;
}

static int set_state(struct store *s, const char *sql, int64_t vintage, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin_once(s, sql);

    stmt_int(&q, 1, vintage);
    return stmt_run(&q, d);
}

/* All its signals are made: it becomes what readers see, and only its signals are kept. */
static int make_current(struct store *s, struct diag *d)
{
    static const char *const steps[] = {
        "UPDATE vintage SET state = 'past' WHERE state = 'current' AND id <> ?1",
        "UPDATE vintage SET state = 'current' WHERE id = ?1",
        "DELETE FROM signal WHERE vintage <> ?1",
        "DELETE FROM skill WHERE vintage <> ?1",
    };
    int r = finished_void(s, ANY_TIME, d);

    for (size_t i = 0; !r && i < ARRAY_LEN(steps); i++)
        r = set_state(s, steps[i], s->vintage, d);
    return r;
}

static int put_skills(struct store *s, const struct str *skills, size_t n, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "INSERT OR REPLACE INTO skill (vintage, n, id) VALUES (?1, ?2, ?3)");
    int r = 0;

    for (size_t i = 0; !r && i < n; i++) {
        stmt_int(&q, 1, s->vintage);
        stmt_int(&q, 2, (int64_t)i);
        stmt_str(&q, 3, skills[i]);
        r = stmt_run(&q, d);
    }
    return r;
}

/* A vintage begun and never finished is given up. */
static int begin_vintage(struct store *s, struct hash v, int64_t now, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt add = stmt_begin_once(
        s, "INSERT INTO vintage (hash, since, state) VALUES (?1, ?2, 'building')"
           " ON CONFLICT (hash) DO UPDATE SET state = 'building', read_to = 0 RETURNING id");
    int r =
        db_exec(s->db, s->path, "UPDATE vintage SET state = 'past' WHERE state = 'building'", d);

    if (r)
        return r;
    stmt_hash(&add, 1, v);
    stmt_int(&add, 2, now);
    r = stmt_step(&add, d);
    if (r < 0)
        return r;
    s->vintage = col_int(&add, 0);
    return stmt_run(&add, d);
}

static int find_vintage(struct store *s, struct hash v, int64_t *ret, bool *ret_past,
                        struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id, state = 'past' FROM vintage WHERE hash = ?1");
    int r;

    stmt_hash(&q, 1, v);
    r = stmt_step(&q, d);
    if (r == STMT_ROW) {
        *ret = col_int(&q, 0);
        *ret_past = col_int(&q, 1) != 0;
    }
    return r < 0 ? r : 0;
}

static int use_vintage(struct store *s, struct hash v, const struct str *skills, size_t n_skills,
                       int64_t now, struct diag *d)
{
    int64_t known = 0, before = s->vintage;
    bool past = false;
    int r = find_vintage(s, v, &known, &past, d);

    if (r)
        return r;
    if (known && !past) {
        s->vintage = known;
        return 0;
    }
    r = begin_vintage(s, v, now, d);
    if (!r)
        r = put_skills(s, skills, n_skills, d);
    if (!r && !before) /* the first ever: nothing finished to show meanwhile */
        r = make_current(s, d);
    return r ? r : known ? 0 : STORE_NEW;
}

int store_use_vintage(struct store *s, struct hash v, const struct str *skills, size_t n_skills,
                      int64_t now, struct diag *d)
{
    int64_t before = s->vintage;
    int r = write_begin(s, d);

    if (r)
        return r;
    r = write_end_now(s, use_vintage(s, v, skills, n_skills, now, d), d);
    if (r < 0)
        s->vintage = before;
    return r;
}

/* Nothing is left to read: note it, so that the next call need not look through all. */
static int all_read(struct store *s, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "UPDATE vintage SET read_to = (SELECT coalesce(max(id), 0) FROM revision)"
                      " WHERE id = ?1 RETURNING state = 'building'");
    bool building;
    int r;

    stmt_int(&q, 1, s->vintage);
    r = stmt_step(&q, d);
    building = r == STMT_ROW && col_int(&q, 0);
    if (r >= 0)
        r = stmt_run(&q, d);
    return !r && building ? make_current(s, d) : r;
}

static int next_unread(struct store *s, int64_t *cursor, struct arena *a, struct revision *ret,
                       struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT r.id, r.posting, r.read_at, s.key, " LISTING_COLUMNS
           " FROM revision r JOIN posting p ON p.id = r.posting JOIN source s ON s.id = p.source"
           " WHERE r.id > max(?1, (SELECT read_to FROM vintage WHERE id = ?2))"
           " AND NOT EXISTS (SELECT 1 FROM signal g WHERE g.vintage = ?2 AND g.revision = r.id)"
           " ORDER BY r.id LIMIT 1");
    int64_t text;
    int r;

    stmt_int(&q, 1, *cursor);
    stmt_int(&q, 2, s->vintage);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    *ret = (struct revision){ .id = col_int(&q, 0),
                              .posting = col_int(&q, 1),
                              .read_at = col_int(&q, 2),
                              .source = str_dup(a, col_str(&q, 3)) };
    read_listing(&q, 4, a, &ret->listing, &text);
    *cursor = ret->id;
    return read_text(s, text, a, &ret->listing.text, d);
}

/* Whether a revision before the cursor was left without its signal (its extraction failed). */
static int none_left(struct store *s, bool *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT 1 FROM revision r WHERE r.id > (SELECT read_to FROM vintage WHERE id = ?1)"
           " AND NOT EXISTS (SELECT 1 FROM signal g WHERE g.vintage = ?1 AND g.revision = r.id)"
           " LIMIT 1");
    int r;

    stmt_int(&q, 1, s->vintage);
    r = stmt_step(&q, d);
    *ret = r == 0;
    return r < 0 ? r : 0;
}

int store_next_unread(struct store *s, int64_t *cursor, struct arena *a, struct revision *ret,
                      struct diag *d)
{
    bool none = false;
    int r;

    if (!s->vintage)
        return diag_fail(d, ERR_USAGE, "store: %s: no vintage is in use", s->path);
    r = next_unread(s, cursor, a, ret, d);
    if (r != STORE_NONE || s->access != STORE_WRITE)
        return r;
    r = none_left(s, &none, d);
    if (r || !none)
        return r ? r : STORE_NONE;
    r = write_begin(s, d);
    if (!r)
        r = write_end_now(s, all_read(s, d), d);
    return r ? r : STORE_NONE;
}

static struct str cities_of(struct arena *a, const struct signal *sig)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (size_t i = 0; i < sig->n_places; i++) {
        struct str city = sig->places[i].city;

        if (!city.n)
            continue;
        if (b.n)
            buf_add(&b, STR("\n"));
        buf_add(&b, city);
    }
    return buf_take(&b, a);
}

static int put_signal(struct store *s, int64_t revision, const struct signal *sig, struct diag *d)
{
    CLEANUP(buf_release) struct buf packed = { 0 };
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "INSERT OR REPLACE INTO signal VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
           " ?12, ?13, ?14, ?15, ?16)");

    signal_pack(&packed, sig);
    stmt_int(&q, 1, s->vintage);
    stmt_int(&q, 2, revision);
    stmt_str(&q, 3, str_of(family_name(sig->family)));
    stmt_str(&q, 4, str_of(track_name(sig->track)));
    stmt_str(&q, 5, str_of(level_name(sig->level)));
    stmt_int(&q, 6, sig->stage);
    stmt_str(&q, 7, str_of(india_name(sig->india)));
    stmt_str(&q, 8, str_of(work_mode_name(sig->mode)));
    stmt_str(&q, 9, cities_of(&s->scratch, sig));
    if (sig->experience.min_months >= 0)
        stmt_int(&q, 10, sig->experience.min_months);
    if (sig->experience.max_months >= 0)
        stmt_int(&q, 11, sig->experience.max_months);
    stmt_str(&q, 12, str_of(pay_kind_name(sig->pay.kind)));
    if (sig->pay.kind != PAY_UNDISCLOSED) {
        stmt_str(&q, 13, str_of(sig->pay.currency));
        stmt_int_or_null(&q, 14, sig->pay.annual_min);
        stmt_int_or_null(&q, 15, sig->pay.annual_max);
    } else {
        stmt_str(&q, 13, STR(""));
    }
    stmt_blob(&q, 16, buf_str(&packed));
    return stmt_run(&q, d);
}

int store_put_signal(struct store *s, int64_t revision, const struct signal *sig, struct diag *d)
{
    int r;

    if (!s->vintage)
        return diag_fail(d, ERR_USAGE, "store: %s: no vintage is in use", s->path);
    r = write_begin(s, d);
    if (r)
        return r;
    r = put_signal(s, revision, sig, d);
    if (!r)
        r = finished_void_answers(s, d);
    arena_reset(&s->scratch);
    return write_end(s, r, d);
}

int store_previous_signal(struct store *s, int64_t revision, struct arena *a, struct signal *ret,
                          struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT packed FROM signal WHERE revision = ?1 AND vintage ="
                                  " (SELECT id FROM vintage WHERE state = 'current' AND id <> ?2)");
    int r;

    stmt_int(&q, 1, revision);
    stmt_int(&q, 2, s->vintage);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    if (!signal_unpack(str_dup(a, col_str(&q, 0)), SIGNAL_WHOLE, a, ret))
        return diag_fail(d, ERR_DB, "store: %s: signal of revision %lld: damaged", s->path,
                         (long long)revision);
    return 0;
}

static int skills_of(struct stmt *q, struct arena *a, struct str **ret, size_t *ret_n,
                     struct diag *d)
{
    struct strs list = { 0 };
    int r;

    while ((r = stmt_step(q, d)) == STMT_ROW)
        *ARENA_PUSH(a, &list) = str_dup(a, col_str(q, 0));
    if (r)
        return r;
    *ret = list.items;
    *ret_n = list.n;
    return 0;
}

int store_skills(struct store *s, struct arena *a, struct str **ret, size_t *ret_n, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id FROM skill WHERE vintage = ?1 ORDER BY n");

    stmt_int(&q, 1, s->vintage);
    return skills_of(&q, a, ret, ret_n, d);
}

int store_previous_skills(struct store *s, struct arena *a, struct str **ret, size_t *ret_n,
                          struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT id FROM skill WHERE vintage ="
                      " (SELECT id FROM vintage WHERE state = 'current' AND id <> ?1) ORDER BY n");

    stmt_int(&q, 1, s->vintage);
    return skills_of(&q, a, ret, ret_n, d);
}

static int put_views(struct store *s, const struct skill_view *views, size_t n, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "UPDATE skill SET label = ?3, category = ?4, practice = ?5, generic = ?6"
                      " WHERE vintage = ?1 AND n = ?2 AND (label IS NOT ?3 OR category IS NOT ?4"
                      " OR practice IS NOT ?5 OR generic IS NOT ?6)");
    int r = 0;

    for (size_t i = 0; !r && i < n; i++) {
        stmt_int(&q, 1, s->vintage);
        stmt_int(&q, 2, (int64_t)i);
        stmt_str(&q, 3, views[i].label);
        stmt_str(&q, 4, views[i].category);
        stmt_int(&q, 5, views[i].practice);
        stmt_int(&q, 6, views[i].generic);
        r = stmt_run(&q, d);
    }
    return r;
}

int store_put_skill_views(struct store *s, const struct skill_view *views, size_t n, struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, put_views(s, views, n, d), d);
}

int store_skill_views(struct store *s, struct arena *a, struct skill_view **ret, size_t *ret_n,
                      struct diag *d)
{
    struct {
        struct skill_view *items;
        size_t n, cap;
    } list = { 0 };
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT id, label, category, practice, generic FROM skill WHERE vintage = ?1"
                      " ORDER BY n");
    bool known = true;
    int r;

    stmt_int(&q, 1, s->vintage);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        known &= !col_null(&q, 1);
        *ARENA_PUSH(a, &list) = (struct skill_view){ .id = str_dup(a, col_str(&q, 0)),
                                                     .label = str_dup(a, col_str(&q, 1)),
                                                     .category = str_dup(a, col_str(&q, 2)),
                                                     .practice = col_int(&q, 3) != 0,
                                                     .generic = col_int(&q, 4) != 0 };
    }
    if (r)
        return r;
    *ret = list.items;
    *ret_n = list.n;
    return known ? 0 : STORE_NONE;
}
