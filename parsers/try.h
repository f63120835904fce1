#ifndef PARSERS_TRY_H
#define PARSERS_TRY_H

#include "core/diag.h"
#include "core/err.h"
#include "parsers/reading.h"

struct arena;

/*
 * Saved documents as answers of such a board, without asking for any: lists (and pages of
 * one), then details, which go to the listing they name, else to the next without text; or
 * documents of one posting each. `url` is where they came from (may be empty): its parts fill
 * the adapter's parameters. Relative dates count from `now`. ERR_FORMAT: a document, which
 * the diag numbers, is not of this board's shape. Everything lives in `a`.
 */
int adapter_try(const struct adapter *ad, struct str url, const struct str *docs, size_t n_docs,
                int64_t now, struct arena *a, struct reading_items *ret, struct diag *d) MUST_USE;

#endif
