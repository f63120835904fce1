/* Finished answers, and the one mark that says that they hold. */
#include <string.h>

#include "store/handle.h"

/* Rows are packed as they lie in memory: of this size, and in this order of bytes. */
static int64_t layout(void)
{
    const uint16_t order = 0x0102;
    uint8_t first;

    memcpy(&first, &order, 1);
    return (int64_t)sizeof(struct demand_figure) * 16 + first;
}

int finished_void_answers(struct store *s, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_ahead(s, "DELETE FROM finished");
    int r;

    if (s->nothing_finished)
        return 0;
    r = stmt_run(&q, d);
    s->nothing_finished = !r;
    return r;
}

int finished_void(struct store *s, int64_t since, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_ahead(s, "DELETE FROM market WHERE at >= ?1");
    int r = finished_void_answers(s, d);

    if (r || since >= s->nothing_kept)
        return r;
    stmt_int(&q, 1, since);
    r = stmt_run(&q, d);
    s->nothing_kept = r ? s->nothing_kept : since;
    return r;
}

static int put_mark(struct store *s, const struct finished *f, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "INSERT OR REPLACE INTO finished VALUES (1, ?1, ?2, ?3, ?4)");

    stmt_int(&q, 1, f->made);
    stmt_int(&q, 2, f->until);
    stmt_int(&q, 3, f->terms);
    stmt_int(&q, 4, layout());
    s->nothing_finished = false;
    s->unread_from = 0;
    return stmt_run(&q, d);
}

static int put_total(struct store *s, const struct demand_total *t, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "INSERT INTO demand_total VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
                                  " ?8, ?9)");

    stmt_int(&q, 1, t->stage);
    stmt_int(&q, 2, t->required_only);
    stmt_int(&q, 3, t->openings);
    stmt_int(&q, 4, t->employers);
    stmt_int(&q, 5, t->adjacent);
    stmt_num(&q, 6, t->k_eff);
    stmt_blob(&q, 7, (struct str){ (const char *)t->rows, t->n_rows * sizeof(*t->rows) });
    stmt_int(&q, 8, t->largest);
    stmt_str(&q, 9, t->largest_name);
    return stmt_run(&q, d);
}

static int put_figure(struct store *s, const struct demand_total *t, const struct demand_figure *f,
                      struct diag *d)
{
    const int64_t counts[] = { t->stage,     t->required_only, f->skill,    f->openings,
                               f->employers, f->stated,        f->required, f->highest_stage };
    const double shares[] = { f->share,         f->low,          f->high,          f->lift,
                              f->adjacent_lift, f->adjacent_low, f->adjacent_high, f->trend,
                              f->without,       f->without_low,  f->without_high };
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "INSERT INTO demand VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
                                  " ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)");

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
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT made, until, terms FROM finished WHERE layout = ?1");
    int r;

    stmt_int(&q, 1, layout());
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    *ret = (struct finished){ .made = col_int(&q, 0),
                              .until = col_int(&q, 1),
                              .terms = col_int(&q, 2) };
    return 0;
}

int store_finished_demand(struct store *s, int64_t stage, bool required_only, struct arena *a,
                          struct demand_total *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT openings, employers, adjacent, k_eff, packed, largest, "
                                  "largest_name FROM demand_total"
                                  " WHERE stage = ?1 AND required_only = ?2");
    struct str packed;
    int r;

    stmt_int(&q, 1, stage);
    stmt_int(&q, 2, required_only);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : STORE_NONE;
    packed = col_str(&q, 4);
    *ret = (struct demand_total){ .stage = stage,
                                  .required_only = required_only,
                                  .openings = col_int(&q, 0),
                                  .employers = col_int(&q, 1),
                                  .adjacent = col_int(&q, 2),
                                  .k_eff = col_num(&q, 3),
                                  .largest = col_int(&q, 5),
                                  .largest_name = str_dup(a, col_str(&q, 6)),
                                  .n_rows = packed.n / sizeof(*ret->rows) };
    ret->rows = ARENA_NEW(a, struct demand_figure, ret->n_rows + 1);
    if (ret->n_rows)
        memcpy(ret->rows, packed.p, ret->n_rows * sizeof(*ret->rows));
    return 0;
}
