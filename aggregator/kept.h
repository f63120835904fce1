#ifndef AGGREGATOR_KEPT_H
#define AGGREGATOR_KEPT_H

#include "aggregator/figures.h"
#include "core/buf.h"

/*
 * A live market (live.h) as bytes, in two parts: the front is what demand_of() asks. They are read
 * back by viewing, so they are of this machine and this version of the program: others' are not
 * read, and what they held is made again.
 */
void kept_pack(const struct market *m, struct buf *front, struct buf *rest);

/* The market as of `at`, when it still holds; it views the bytes, which are aligned as an arena
 * gives them. Its terms are the caller's. rest NULL: it has no openings, only what demand_of()
 * asks. False: not these bytes, or not ours. */
bool kept_unpack(struct str front, const struct str *rest, int64_t at, struct arena *a,
                 struct market *ret);

#endif
