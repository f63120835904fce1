#ifndef STORE_ZIP_H
#define STORE_ZIP_H

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

/* ERR_DB when the bytes are damaged; bounded by 64 MiB. */
int zip_unpack(struct zip *z, struct str packed, struct arena *a, struct str *ret,
               struct diag *d) MUST_USE;

#endif
