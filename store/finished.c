/* Finished answers, and the one mark that says that they hold. */
#include "store/handle.h"

int finished_void(struct store *s, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "DELETE FROM finished");
    int r;

    if (s->nothing_finished)
        return 0;
    r = stmt_run(&q, d);
    s->nothing_finished = !r;
    return r;
}

static int put_mark(struct store *s, const struct finished *f, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "INSERT OR REPLACE INTO finished VALUES (1, ?1, ?2, ?3)");

    stmt_int(&q, 1, f->made);
    stmt_int(&q, 2, f->until);
    stmt_int(&q, 3, f->terms);
    s->nothing_finished = false;
    return stmt_run(&q, d);
}

static int put_total(struct store *s, const struct demand_total *t, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "INSERT INTO demand_total VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    stmt_int(&q, 1, t->stage);
    stmt_int(&q, 2, t->required_only);
    stmt_int(&q, 3, t->openings);
    stmt_int(&q, 4, t->employers);
    stmt_int(&q, 5, t->adjacent);
    stmt_num(&q, 6, t->k_eff);
    return stmt_run(&q, d);
}

static int put_figure(struct store *s, const struct demand_total *t, const struct demand_figure *f,
                      struct diag *d)
{
    const int64_t counts[] = { t->stage,     t->required_only, f->skill,    f->openings,
                               f->employers, f->stated,        f->required, f->highest_stage };
    const double shares[] = { f->share,         f->low,          f->high,          f->lift,
                              f->adjacent_lift, f->adjacent_low, f->adjacent_high, f->trend };
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "INSERT INTO demand VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
                                  " ?10, ?11, ?12, ?13, ?14, ?15, ?16)");

    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        stmt_int(&q, (int)i + 1, counts[i]);
    for (size_t i = 0; i < ARRAY_LEN(shares); i++)
        stmt_num(&q, (int)(ARRAY_LEN(counts) + i) + 1, shares[i]);
    return stmt_run(&q, d);
}

static int put_all(struct store *s, const struct finished *f, struct diag *d)
{
    int r = db_exec(s->db, s->path, "DELETE FROM demand; DELETE FROM demand_total", d);

    for (size_t i = 0; !r && i < f->n_demand; i++) {
        r = put_total(s, &f->demand[i], d);
        for (size_t k = 0; !r && k < f->demand[i].n_rows; k++)
            r = put_figure(s, &f->demand[i], &f->demand[i].rows[k], d);
    }
    return r ? r : put_mark(s, f, d);
}

int store_put_finished(struct store *s, const struct finished *f, struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end_now(s, put_all(s, f, d), d);
}

int store_finished(struct store *s, struct finished *ret, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "SELECT made, until, terms FROM finished");
    int r = stmt_step(&q, d);

    if (r <= 0)
        return r ? r : STORE_NONE;
    *ret = (struct finished){ .made = col_int(&q, 0),
                              .until = col_int(&q, 1),
                              .terms = col_int(&q, 2) };
    return 0;
}

static double num_or_nan(const struct stmt *q, int i)
{
    return col_null(q, i) ? __builtin_nan("") : col_num(q, i);
}

static int read_rows(struct store *s, struct arena *a, struct demand_total *io, struct diag *d)
{
    struct {
        struct demand_figure *items;
        size_t n, cap;
    } list = { 0 };
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT skill, openings, employers, stated, required, highest_stage, share, low, high,"
           " lift, adjacent_lift, adjacent_low, adjacent_high, trend FROM demand"
           " WHERE stage = ?1 AND required_only = ?2 ORDER BY skill");
    int r;

    stmt_int(&q, 1, io->stage);
    stmt_int(&q, 2, io->required_only);
    while ((r = stmt_step(&q, d)) == STMT_ROW)
        *ARENA_PUSH(a, &list) = (struct demand_figure){
            .skill = col_int(&q, 0),
            .openings = col_int(&q, 1),
            .employers = col_int(&q, 2),
            .stated = col_int(&q, 3),
            .required = col_int(&q, 4),
            .highest_stage = col_int(&q, 5),
            .share = num_or_nan(&q, 6),
            .low = num_or_nan(&q, 7),
            .high = num_or_nan(&q, 8),
            .lift = num_or_nan(&q, 9),
            .adjacent_lift = num_or_nan(&q, 10),
            .adjacent_low = num_or_nan(&q, 11),
            .adjacent_high = num_or_nan(&q, 12),
            .trend = num_or_nan(&q, 13),
        };
    io->rows = list.items;
    io->n_rows = list.n;
    return r;
}

int store_finished_demand(struct store *s, int64_t stage, bool required_only, struct arena *a,
                          struct demand_total *ret, struct diag *d)
{
    struct demand_total t = { .stage = stage, .required_only = required_only };
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT openings, employers, adjacent, k_eff FROM demand_total"
                                  " WHERE stage = ?1 AND required_only = ?2");
    int r;

    stmt_int(&q, 1, stage);
    stmt_int(&q, 2, required_only);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    t.openings = col_int(&q, 0);
    t.employers = col_int(&q, 1);
    t.adjacent = col_int(&q, 2);
    t.k_eff = col_num(&q, 3);
    r = read_rows(s, a, &t, d);
    if (!r)
        *ret = t;
    return r;
}
