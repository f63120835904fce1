#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "core/buf.h"
#include "core/diag.h"
#include "core/err.h"
#include "core/signal.h"

struct arena;

/*
 * A signal as bytes, for the store: a version byte, then unsigned LEB128 numbers (signed
 * ones zigzag) and texts with their length, in the order of the struct. Independent of the
 * machine's word size and byte order.
 */
void signal_pack(const struct signal *s, struct buf *to);

/* ERR_DB when the bytes are damaged or of a version this program does not know. */
int signal_unpack(struct str packed, struct arena *a, struct signal *ret, struct diag *d) MUST_USE;

#endif
