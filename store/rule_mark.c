/* What the vintages that are still needed were made of. */
#include "store/handle.h"

int store_has_rule_marks(struct store *s, bool *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin_once(s, "SELECT 1 FROM rule_mark WHERE vintage = ?1 LIMIT 1");
    int r;

    stmt_int(&q, 1, s->vintage);
    r = stmt_step(&q, d);
    *ret = r == STMT_ROW;
    return r < 0 ? r : 0;
}

static int put_marks(struct store *s, const struct rule_marks *marks, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin_once(
        s, "INSERT INTO rule_mark (vintage, id, hash, words) VALUES (?1, ?2, ?3, ?4)");
    bool known;
    int r = store_has_rule_marks(s, &known, d);

    if (r || known)
        return r;
    r = db_exec(s->db, s->path,
                "DELETE FROM rule_mark WHERE vintage IN"
                " (SELECT id FROM vintage WHERE state = 'past')",
                d);
    for (size_t i = 0; !r && i < marks->n; i++) {
        stmt_int(&q, 1, s->vintage);
        stmt_str(&q, 2, marks->items[i].id);
        stmt_hash(&q, 3, marks->items[i].hash);
        stmt_str(&q, 4, marks->items[i].words);
        r = stmt_run(&q, d);
    }
    return r;
}

int store_put_rule_marks(struct store *s, const struct rule_marks *marks, struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, put_marks(s, marks, d), d);
}

int store_replaced_rule_marks(struct store *s, struct arena *a, struct rule_marks *ret,
                              struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin_once(s, "SELECT id, hash, words FROM rule_mark WHERE vintage = ?1 ORDER BY id");
    int r;

    if (!s->building)
        return 0;
    stmt_int(&q, 1, s->seen);
    while ((r = stmt_step(&q, d)) == STMT_ROW)
        *ARENA_PUSH(a, ret) = (struct rule_mark){ .id = str_dup(a, col_str(&q, 0)),
                                                  .hash = col_hash(&q, 1),
                                                  .words = str_dup(a, col_str(&q, 2)) };
    return r;
}
