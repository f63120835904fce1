#include "store/zip.h"

#include <stdlib.h>
#include <zstd.h>

#include "core/arena.h"

enum { LEVEL = 1, PLAIN_MAX = 64 * 1024 * 1024 };

struct zip {
    ZSTD_CCtx *pack;
    ZSTD_DCtx *unpack;
    char *out;
    size_t cap;
};

struct zip *zip_new(void)
{
    struct zip *z = calloc(1, sizeof(*z));

    if (!z || !(z->pack = ZSTD_createCCtx()) || !(z->unpack = ZSTD_createDCtx()))
        abort();
    ZSTD_CCtx_setParameter(z->pack, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(z->pack, ZSTD_c_checksumFlag, 1);
    return z;
}

void zip_free(struct zip *z)
{
    if (!z)
        return;
    ZSTD_freeCCtx(z->pack);
    ZSTD_freeDCtx(z->unpack);
    free(z->out);
    free(z);
}

struct str zip_pack(struct zip *z, struct str plain)
{
    size_t room = ZSTD_compressBound(plain.n), n;

    if (room > z->cap) {
        free(z->out);
        z->out = malloc(room);
        z->cap = room;
        if (!z->out)
            abort();
    }
    n = ZSTD_compress2(z->pack, z->out, z->cap, plain.p, plain.n);
    if (ZSTD_isError(n)) /* cannot be, with room for the worst case */
        abort();
    return (struct str){ z->out, n };
}

int zip_unpack(struct zip *z, struct str packed, struct arena *a, struct str *ret, struct diag *d)
{
    unsigned long long size = ZSTD_getFrameContentSize(packed.p, packed.n);
    size_t n;
    char *p;

    if (size > PLAIN_MAX) /* the two error values are above it too */
        return diag_fail(d, ERR_DB, "store: stored text: not as it was written");
    p = ARENA_NEW(a, char, (size_t)size + 1);
    n = ZSTD_decompressDCtx(z->unpack, p, (size_t)size, packed.p, packed.n);
    if (ZSTD_isError(n) || n != size)
        return diag_fail(d, ERR_DB, "store: stored text: %s",
                         ZSTD_isError(n) ? ZSTD_getErrorName(n) : "cut short");
    *ret = (struct str){ p, n };
    return 0;
}
