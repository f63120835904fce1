/* Vintages, and the signals made in them. */
#include "store/handle.h"
#include "store/pack.h"

int vintage_load(struct store *s, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id FROM vintage WHERE state = 'current'");
    int r = stmt_step(&q, d);

    if (r < 0)
        return r;
    s->vintage = s->seen = r == STMT_ROW ? col_int(&q, 0) : 0;
    s->building = false;
    return 0;
}

static int set_state(struct store *s, const char *sql, int64_t vintage, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin_once(s, sql);

    stmt_int(&q, 1, vintage);
    return stmt_run(&q, d);
}

int vintage_make_current(struct store *s, struct diag *d)
{
    static const char *const steps[] = {
        "UPDATE vintage SET state = 'past' WHERE state = 'current' AND id <> ?1",
        "UPDATE vintage SET state = 'current' WHERE id = ?1",
        "DELETE FROM skill WHERE vintage <> ?1",
    };
    int r = finished_void(s, ANY_TIME, d);

    for (size_t i = 0; !r && i < ARRAY_LEN(steps); i++)
        r = set_state(s, steps[i], s->vintage, d);
    if (!r)
        r = db_exec(s->db, s->path,
                    "INSERT OR REPLACE INTO signal SELECT * FROM signal_next;"
                    "DELETE FROM signal_next",
                    d);
    if (r)
        return r;
    s->building = false;
    s->seen = s->vintage;
    s->read_to = 0;
    return 0;
}

/* A vintage begun and never finished is given up. */
static int begin_vintage(struct store *s, struct hash v, int64_t now, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt add = stmt_begin_once(
        s, "INSERT INTO vintage (hash, since, state) VALUES (?1, ?2, 'building')"
           " ON CONFLICT (hash) DO UPDATE SET state = 'building', read_to = 0 RETURNING id");
    int r = db_exec(s->db, s->path,
                    "UPDATE vintage SET state = 'past' WHERE state = 'building';"
                    "DELETE FROM signal_next",
                    d);

    if (r)
        return r;
    stmt_hash(&add, 1, v);
    stmt_int(&add, 2, now);
    r = stmt_step(&add, d);
    if (r < 0)
        return r;
    s->vintage = col_int(&add, 0);
    s->building = true;
    return stmt_run(&add, d);
}

static int find_vintage(struct store *s, struct hash v, int64_t *ret, bool *ret_past,
                        bool *ret_building, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id, state = 'past', state = 'building' FROM vintage"
                                  " WHERE hash = ?1");
    int r;

    stmt_hash(&q, 1, v);
    r = stmt_step(&q, d);
    if (r == STMT_ROW) {
        *ret = col_int(&q, 0);
        *ret_past = col_int(&q, 1) != 0;
        *ret_building = col_int(&q, 2) != 0;
    }
    return r < 0 ? r : 0;
}

static int use_vintage(struct store *s, struct hash v, const struct str *skills, size_t n_skills,
                       int64_t now, struct diag *d)
{
    int64_t known = 0, before = s->vintage;
    bool past = false, building = false;
    int r = find_vintage(s, v, &known, &past, &building, d);

    if (r)
        return r;
    if (known && !past) {
        s->vintage = known;
        s->building = building;
        return 0;
    }
    r = begin_vintage(s, v, now, d);
    if (!r)
        r = skill_numbers_put(s, skills, n_skills, d);
    if (!r && !before) /* the first ever: nothing finished to show meanwhile */
        r = vintage_make_current(s, d);
    return r ? r : known ? 0 : STORE_NEW;
}

int store_use_vintage(struct store *s, struct hash v, const struct str *skills, size_t n_skills,
                      int64_t now, struct diag *d)
{
    int64_t before = s->vintage, seen = s->seen;
    bool building = s->building;
    int r = store_flush(s, d); /* with it how far the one in use has read */

    if (!r)
        r = write_begin(s, d);
    if (r)
        return r;
    r = write_end_now(s, use_vintage(s, v, skills, n_skills, now, d), d);
    if (r < 0) {
        s->vintage = before;
        s->seen = seen;
        s->building = building;
    }
    unread_forget(s);
    return r;
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

static int load_words(struct store *s, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id, text FROM word WHERE id > ?1 ORDER BY id");
    int r;

    stmt_int(&q, 1, (int64_t)s->words.n);
    while ((r = stmt_step(&q, d)) == STMT_ROW)
        if (words_number(&s->words, col_str(&q, 1)) != col_int(&q, 0))
            return diag_fail(d, ERR_DB, "store: %s: the words of its signals are damaged", s->path);
    s->words.n_stored = s->words.n;
    return r;
}

static int put_words(struct store *s, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "INSERT INTO word (id, text) VALUES (?1, ?2)");
    int r = 0;

    for (; !r && s->words.n_stored < s->words.n; s->words.n_stored++) {
        stmt_int(&q, 1, (int64_t)s->words.n_stored + 1);
        stmt_str(&q, 2, str_of(words_text(&s->words, s->words.n_stored + 1)));
        r = stmt_run(&q, d);
    }
    return r;
}

/* Another process may have written words since they were loaded. */
static int unpack(struct store *s, int64_t vintage, struct str packed, struct arena *a,
                  struct signal *ret, struct diag *d)
{
    const struct skill_numbers *skills = NULL;
    int r = skill_numbers_of(s, vintage, &skills, d);

    if (r || signal_unpack(packed, &s->words, skills, a, ret))
        return r;
    r = load_words(s, d);
    if (!r && !signal_unpack(packed, &s->words, skills, a, ret))
        r = diag_fail(d, ERR_DB, "store: %s: a signal is damaged", s->path);
    return r;
}

int read_signal(struct store *s, struct str packed, struct arena *a, struct signal *ret,
                struct diag *d)
{
    return unpack(s, s->seen, packed, a, ret, d);
}

static int pack(struct store *s, const struct signal *sig, struct buf *to, struct diag *d)
{
    const struct skill_numbers *skills = NULL;
    int r = s->words.n ? 0 : load_words(s, d);

    if (!r)
        r = skill_numbers_of(s, s->vintage, &skills, d);
    if (r)
        return r;
    signal_pack(to, sig, &s->words, skills);
    return put_words(s, d);
}

#define SIGNAL_VALUES " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"

static int put_row(struct store *s, int64_t revision, const struct signal *sig, struct str packed,
                   struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, s->building ? "INSERT OR REPLACE INTO signal_next" SIGNAL_VALUES
                                              : "INSERT OR REPLACE INTO signal" SIGNAL_VALUES);

    stmt_int(&q, 1, revision);
    stmt_str(&q, 2, str_of(family_name(sig->family)));
    if (sig->track != TRACK_NONE)
        stmt_str(&q, 3, str_of(track_name(sig->track)));
    if (sig->level != LEVEL_UNKNOWN)
        stmt_str(&q, 4, str_of(level_name(sig->level)));
    stmt_int(&q, 5, sig->stage);
    stmt_str(&q, 6, str_of(india_name(sig->india)));
    if (sig->mode != MODE_UNKNOWN)
        stmt_str(&q, 7, str_of(work_mode_name(sig->mode)));
    stmt_str(&q, 8, cities_of(&s->scratch, sig));
    if (sig->experience.min_months >= 0)
        stmt_int(&q, 9, sig->experience.min_months);
    if (sig->experience.max_months >= 0)
        stmt_int(&q, 10, sig->experience.max_months);
    if (sig->pay.kind != PAY_UNDISCLOSED) {
        stmt_str(&q, 11, str_of(pay_kind_name(sig->pay.kind)));
        stmt_str(&q, 12, str_of(sig->pay.currency));
        stmt_int_or_null(&q, 13, sig->pay.annual_min);
        stmt_int_or_null(&q, 14, sig->pay.annual_max);
    }
    stmt_blob(&q, 15, packed);
    return stmt_run(&q, d);
}

/* Whether readers see just that of it: all columns are made of the packed signal. */
static int is_seen(struct store *s, int64_t revision, struct str packed, bool *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT packed FROM signal WHERE revision = ?1");
    int r;

    stmt_int(&q, 1, revision);
    r = stmt_step(&q, d);
    *ret = r == STMT_ROW && str_eq(col_str(&q, 0), packed);
    return r < 0 ? r : 0;
}

static void read_as_far(struct store *s, int64_t revision)
{
    if (s->building && revision > s->read_to)
        s->read_to = revision;
}

static int put_signal(struct store *s, int64_t revision, const struct signal *sig, struct diag *d)
{
    CLEANUP(buf_release) struct buf packed = { 0 };
    bool same = false;
    int r = pack(s, sig, &packed, d);

    if (!r && s->building)
        r = is_seen(s, revision, buf_str(&packed), &same, d);
    if (!r && !same)
        r = put_row(s, revision, sig, buf_str(&packed), d);
    if (r)
        return r;
    read_as_far(s, revision);
    return same ? STORE_SAME : 0;
}

int store_put_signal(struct store *s, int64_t revision, const struct signal *sig, struct diag *d)
{
    int r;

    if (!s->vintage)
        return diag_fail(d, ERR_USAGE, "store: %s: no vintage is in use", s->path);
    r = write_begin(s, d);
    if (r)
        return r;
    s->unread_from = 0;
    r = put_signal(s, revision, sig, d);
    if (!r && !s->building) /* else nobody sees it yet */
        r = finished_void_answers(s, d);
    arena_reset(&s->scratch);
    return write_end(s, r, d);
}

int store_keep_signal(struct store *s, int64_t revision, struct diag *d)
{
    int r = write_begin(s, d);

    if (!r)
        read_as_far(s, revision);
    return r ? r : write_end(s, 0, d);
}

int store_signal_before(struct store *s, int64_t revision, struct arena *a, struct signal *ret,
                        struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT packed FROM signal WHERE revision = ?1");
    int r;

    if (!s->building)
        return STORE_NONE;
    stmt_int(&q, 1, revision);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    return read_signal(s, col_str(&q, 0), a, ret, d);
}

int store_made_signals(struct store *s,
                       int (*each)(void *ctx, int64_t posting, const struct signal *before,
                                   const struct signal *now, struct diag *d),
                       void *ctx, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin_once(
        s, "SELECT p.id, b.packed, g.packed FROM signal_next g JOIN revision r ON r.id = g.revision"
           " JOIN posting p ON p.id = r.posting AND p.revision = r.id"
           " JOIN signal b ON b.revision = r.id ORDER BY g.revision");
    int r;

    if (!s->building)
        return 0;
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        struct signal was, is;

        r = read_signal(s, col_str(&q, 1), &a, &was, d);
        if (!r)
            r = unpack(s, s->vintage, col_str(&q, 2), &a, &is, d);
        if (!r)
            r = each(ctx, col_int(&q, 0), &was, &is, d);
        arena_reset(&a);
        if (r)
            return r;
    }
    return r;
}
