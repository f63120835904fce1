#ifndef STORE_ZIP_H
#define STORE_ZIP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/diag.h"
#include "core/err.h"

struct arena;

/* zstd with its working memory kept, and a checksum in every frame. */
struct zip;

struct zip *zip_new(void);
void zip_free(struct zip *z);

/* A view of the compressed bytes, until the next call. */
struct str zip_pack(struct zip *z, struct str plain);

/*
 * Dictionaries: what many short texts have in common (ZDICT, zstd's own training). Each has an id,
 * which every frame packed with it names.
 */

/* False: nothing was learnt of these. `sizes` are those of the n samples, one after the other. */
bool zip_train(struct buf *ret, struct str samples, const size_t *sizes, size_t n);
/* From now on frames of this dictionary can be packed and unpacked; its id, or 0: it is none. */
uint32_t zip_learn(struct zip *z, struct str dictionary);
bool zip_knows(const struct zip *z, uint32_t dictionary);
uint32_t zip_dictionary_of(struct str packed); /* 0: packed without one */
/* With a dictionary that is known; 0: without. `tight` takes many times as long and makes the
 * least: for what is packed to stay. The other takes half as long as zip_pack(): for what will be
 * packed again. */
struct str zip_pack_with(struct zip *z, uint32_t dictionary, bool tight, struct str plain);

/* ERR_DB when the bytes are damaged or their dictionary is not known; bounded by 64 MiB. */
int zip_unpack(struct zip *z, struct str packed, struct arena *a, struct str *ret,
               struct diag *d) MUST_USE;

#endif
