#ifndef STORE_WAITING_H
#define STORE_WAITING_H

#include "store/handle.h"

/*
 * Inside store/ only: readings that have begun, and lines of the ledger and answers, that are not
 * written yet. They are written with the batch in which they came, all before its commit, so
 * nothing else is lost or kept than if they had been written at once. But an unchanged board is
 * then a row that is written once, with its verdict, and rows of one table come together.
 *
 * Every statement has them written before it begins, but for those of stmt_ahead().
 */

struct begun {
    int64_t id, started; /* id 0: none */
    int64_t source;
    struct source_known *known; /* its source, unless it was forgotten since */
    uint32_t forgotten;
};

/* A reading of a source begins: its id. */
int waiting_begin(struct store *s, struct source_known *source, int64_t now, int64_t *ret_reading,
                  struct diag *d) MUST_USE;
/* The reading, if it has no row yet; NULL: it has one, or never was. */
struct begun *waiting_find(struct store *s, int64_t reading);
/* What is written now refers to the reading, so it must have its row. */
int waiting_need(struct store *s, int64_t reading, struct diag *d) MUST_USE;
/* Its row was written with its verdict. */
void waiting_done(struct begun *b);

int waiting_transfer(struct store *s, int64_t reading, const struct transfer *t,
                     struct diag *d) MUST_USE;
int waiting_answer(struct store *s, int64_t reading, int64_t body, struct str url, int64_t at,
                   struct diag *d) MUST_USE;

#endif
