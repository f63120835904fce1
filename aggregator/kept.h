#ifndef AGGREGATOR_KEPT_H
#define AGGREGATOR_KEPT_H

#include "aggregator/figures.h"
#include "core/buf.h"

/*
 * A live market (live.h) as bytes. They are read back by copying, so they are of this
 * machine and this version of the program: others' are not read, and what they held is
 * made again.
 */
void kept_pack(const struct market *m, struct buf *to);

/* The market as of `at`, when it still holds; it views `bytes`, which are aligned as an arena
 * gives them. Its terms are the caller's. False: not these bytes, or not ours. */
bool kept_unpack(struct str bytes, int64_t at, struct arena *a, struct market *ret);

#endif
