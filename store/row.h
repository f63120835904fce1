#ifndef STORE_ROW_H
#define STORE_ROW_H

#include "store/db.h"

/* A revision's columns, in one order everywhere they are selected: ROW_COLUMNS of the alias v. */
#define ROW_COLUMNS                                                                                \
    "v.id, v.posting, v.read_at, s.key, p.native_id, v.requisition, v.title, v.company, v.places," \
    " v.country, v.mode, v.department, v.employment, v.experience, v.salary, v.pay_min, "          \
    "v.pay_max,"                                                                                   \
    " v.pay_currency, v.pay_period, v.posted, v.updated, v.expires, v.vacancies, v.url, "          \
    "v.text_read,"                                                                                 \
    " v.text"
enum { ROW_COLUMN_COUNT = 26 };

/* Copy the row into the arena, its text decompressed. */
int row_revision(sqlite3_stmt *st, struct arena *a, struct revision *ret, struct diag *d) MUST_USE;

#endif
