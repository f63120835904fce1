/* Alerts: what fired, what resolved, and what of it was not told yet. */
#include "core/arena.h"
#include "store/handle.h"

static int add_alert(struct store *s, const struct alert_row *row, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "INSERT INTO alert (kind, skill, fired, share_then, share_now, employers, employer,"
           " untold) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)");

    stmt_str(&q, 1, row->kind);
    stmt_str(&q, 2, row->skill);
    stmt_int(&q, 3, row->fired);
    stmt_num(&q, 4, row->share_then);
    stmt_num(&q, 5, row->share_now);
    stmt_int(&q, 6, row->employers);
    stmt_str(&q, 7, row->employer);
    return stmt_run(&q, d);
}

static int resolve_alert(struct store *s, const struct alert_row *row, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "UPDATE alert SET resolved = ?2, untold = 1 WHERE id = ?1");

    stmt_int(&q, 1, row->id);
    stmt_int(&q, 2, row->resolved);
    return stmt_run(&q, d);
}

int store_put_alert(struct store *s, const struct alert_row *row, struct diag *d)
{
    int r = write_begin(s, d);

    if (r)
        return r;
    return write_end_now(s, row->id ? resolve_alert(s, row, d) : add_alert(s, row, d), d);
}

int store_alerts(struct store *s, struct arena *a, struct alert_row **ret, size_t *ret_n,
                 struct diag *d)
{
    struct {
        struct alert_row *items;
        size_t n, cap;
    } list = { 0 };
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT id, kind, skill, fired, resolved, share_then, share_now, employers,"
                      " employer, untold FROM alert ORDER BY id");
    int r;

    while ((r = stmt_step(&q, d)) == STMT_ROW)
        *ARENA_PUSH(a, &list) = (struct alert_row){
            .id = col_int(&q, 0),
            .kind = str_dup(a, col_str(&q, 1)),
            .skill = str_dup(a, col_str(&q, 2)),
            .fired = col_int(&q, 3),
            .resolved = col_int(&q, 4),
            .share_then = col_num(&q, 5),
            .share_now = col_num(&q, 6),
            .employers = col_int(&q, 7),
            .employer = str_dup(a, col_str(&q, 8)),
            .untold = col_int(&q, 9) != 0,
        };
    if (r)
        return r;
    *ret = list.items;
    *ret_n = list.n;
    return 0;
}

int store_alerts_told(struct store *s, struct diag *d)
{
    int r = write_begin(s, d);

    if (r)
        return r;
    return write_end_now(s, db_exec(s->db, s->path, "UPDATE alert SET untold = 0", d), d);
}
