#ifndef PARSERS_TRY_H
#define PARSERS_TRY_H

#include "core/diag.h"
#include "core/err.h"
#include "core/listing.h"
#include "parsers/adapter.h"

struct arena;

struct try_options {
    struct str url; /* where the documents came from; its parts fill the adapter's parameters */
    int64_t now;    /* relative dates; 0: they stay unknown */
    const struct source *source; /* may be NULL */
};

struct listings {
    struct listing *items;
    size_t n, cap;
};

/*
 * Saved documents as answers of such a board, without asking for any: lists (and pages of
 * one), then details, which go to the listing they name, else to the next without text; or
 * documents of one posting each. ERR_FORMAT: document *ret_bad is not of this board's shape.
 */
int adapter_try(const struct adapter *ad, const struct try_options *opt, const struct str *docs,
                size_t n_docs, struct arena *a, struct listings *ret, size_t *ret_bad,
                struct diag *d) MUST_USE;

#endif
