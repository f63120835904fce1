#include "store/db.h"
#include "store/pack.h"

static int put_skills(struct store *s, const struct str *skills, size_t n, struct diag *d)
{
    int r = 0;

    for (size_t i = 0; i < n && !r; i++)
        r = db_run(s, "INSERT INTO skill VALUES(?1,?2,?3)", "vintage", d, "iis", s->vintage,
                   (int64_t)i, skills[i]);
    return r;
}

/* Signals of other vintages are conclusions that reparse can make again; their finished figures
 * stay. */
static int become_current(struct store *s, int64_t id, struct diag *d)
{
    int r = db_run(s, "UPDATE vintage SET current = (id = ?1)", "vintage", d, "i", id);

    return r ? r : db_run(s, "DELETE FROM signal WHERE vintage <> ?1", "vintage", d, "i", id);
}

static int use(struct store *s, struct str hash, const struct str *skills, size_t n, int64_t now,
               struct diag *d)
{
    DB_STATEMENT(known);
    DB_STATEMENT(made);
    int r = db_prepare(s, "SELECT id FROM vintage WHERE hash = ?1", &known, d);

    if (r)
        return r;
    db_bind(known, "s", hash);
    r = db_step(s, known, "vintage", d);
    if (r == DB_ROW) {
        s->vintage = sqlite3_column_int64(known, 0);
        return become_current(s, s->vintage, d);
    }
    if (!r)
        r = db_prepare(s,
                       "INSERT INTO vintage(hash, used_at, current) VALUES(?1,?2,0) RETURNING id",
                       &made, d);
    if (r)
        return r;
    db_bind(made, "si", hash, now);
    r = db_step(s, made, "vintage", d);
    if (r != DB_ROW)
        return r ? r : db_fail(s, d, "vintage");
    s->vintage = sqlite3_column_int64(made, 0);
    db_reset(&made);
    r = put_skills(s, skills, n, d);
    if (!r)
        r = become_current(s, s->vintage, d);
    return r ? r : STORE_NEW;
}

int store_use_vintage(struct store *s, struct hash v, const struct str *skills, size_t n_skills,
                      int64_t now, struct diag *d)
{
    char hex[HASH_HEX];
    int64_t before = s->vintage;
    int outcome, r = db_begin(s, d);

    if (r)
        return r;
    hash_hex(v, hex);
    outcome = use(s, str_of(hex), skills, n_skills, now, d);
    r = db_end(s, outcome < 0 ? outcome : 0, d);
    if (r)
        s->vintage = before;
    return r ? r : outcome;
}

int store_skills(struct store *s, struct arena *a, struct str **ret, size_t *ret_n, struct diag *d)
{
    struct strs list = { 0 };
    DB_STATEMENT(st);
    int r = db_prepare(s, "SELECT id FROM skill WHERE vintage = ?1 ORDER BY number", &st, d);

    if (r)
        return r;
    db_bind(st, "i", s->vintage);
    while ((r = db_step(s, st, "skills", d)) == DB_ROW)
        *ARENA_PUSH(a, &list) = db_copy(st, 0, a);
    *ret = list.items;
    *ret_n = list.n;
    return r;
}

int store_put_signal(struct store *s, int64_t revision, const struct signal *sig, struct diag *d)
{
    CLEANUP(buf_release) struct buf packed = { 0 };
    int r = db_batch(s, d);

    if (r)
        return r;
    signal_pack(sig, &packed);
    return db_run(s, "INSERT OR REPLACE INTO signal VALUES(?1,?2,?3)", "put signal", d, "iib",
                  revision, s->vintage, buf_str(&packed));
}
