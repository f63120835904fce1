#include "store/row.h"

static void split_places(struct str all, struct arena *a, struct strs *ret)
{
    while (all.n) {
        struct str place = str_cut(&all, '\n');

        if (place.n)
            *ARENA_PUSH(a, ret) = place;
    }
}

int row_revision(sqlite3_stmt *st, struct arena *a, struct revision *ret, struct diag *d)
{
    struct listing *l = &ret->listing;

    *ret = (struct revision){ .id = sqlite3_column_int64(st, 0),
                              .posting = sqlite3_column_int64(st, 1),
                              .read_at = sqlite3_column_int64(st, 2),
                              .source = db_copy(st, 3, a) };
    *l = (struct listing){ .native_id = db_copy(st, 4, a),
                           .requisition = db_copy(st, 5, a),
                           .title = db_copy(st, 6, a),
                           .company = db_copy(st, 7, a),
                           .country = db_copy(st, 9, a),
                           .mode = (enum work_mode)sqlite3_column_int(st, 10),
                           .department = db_copy(st, 11, a),
                           .employment = db_copy(st, 12, a),
                           .experience = db_copy(st, 13, a),
                           .salary = db_copy(st, 14, a),
                           .pay = { .min = sqlite3_column_double(st, 15),
                                    .max = sqlite3_column_double(st, 16),
                                    .currency = db_copy(st, 17, a),
                                    .period = (enum pay_period)sqlite3_column_int(st, 18) },
                           .posted = sqlite3_column_int64(st, 19),
                           .updated = sqlite3_column_int64(st, 20),
                           .expires = sqlite3_column_int64(st, 21),
                           .vacancies = sqlite3_column_int64(st, 22),
                           .url = db_copy(st, 23, a),
                           .text_read = sqlite3_column_int(st, 24) };
    split_places(db_copy(st, 8, a), a, &l->places);
    return db_unpack(db_blob(st, 25), a, &l->text, d);
}

int store_next_unread(struct store *s, int64_t *cursor, struct arena *a, struct revision *ret,
                      struct diag *d)
{
    DB_STATEMENT(st);
    int r = db_prepare(s,
                       "SELECT " ROW_COLUMNS " FROM revision v JOIN posting p ON p.id = v.posting"
                       " JOIN source s ON s.id = p.source WHERE v.id > ?1 AND NOT EXISTS"
                       " (SELECT 1 FROM signal g WHERE g.revision = v.id AND g.vintage = ?2)"
                       " ORDER BY v.id LIMIT 1",
                       &st, d);

    if (r)
        return r;
    db_bind(st, "ii", *cursor, s->vintage);
    r = db_step(s, st, "unread", d);
    if (r != DB_ROW)
        return r ? r : STORE_NONE;
    r = row_revision(st, a, ret, d);
    if (!r)
        *cursor = ret->id;
    return r;
}
