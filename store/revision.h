#ifndef STORE_REVISION_H
#define STORE_REVISION_H

#include "store/handle.h"

/* The columns that read_listing() reads, in its order; `r` is the revision, `p` the posting. */
#define LISTING_COLUMNS                                                                            \
    "p.native_id, r.requisition, r.title, r.company, r.places, r.country, r.mode, r.department,"   \
    " r.employment, r.experience, r.salary, r.pay_min, r.pay_max, r.pay_currency, r.pay_period,"   \
    " r.posted, r.updated, r.expires, r.vacancies, " POSTING_URL ", r.text"
enum { LISTING_N = 21 };

/*
 * A stored listing from column `at` on, copied to `a`. Its text is not read: *ret_text is the id
 * to give to read_text() (text.h); 0: none.
 */
void read_listing(const struct stmt *q, int at, struct arena *a, struct listing *ret,
                  int64_t *ret_text);
struct str join_places(struct arena *a, const struct strs *places);

#endif
