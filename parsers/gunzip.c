#include "parsers/gunzip.h"

#define ZLIB_CONST /* input is never written to */
#include <zlib.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"

enum { GZIP_WRAPPER = 16, CHUNK = 1 << 16 };

bool is_gzip(struct str body)
{
    return str_starts(body, STR("\x1f\x8b"));
}

/* RFC 1952 2.2: a file is a series of members. */
static int inflate_all(z_stream *z, struct buf *out, size_t max, struct diag *d)
{
    unsigned char chunk[CHUNK];
    int r = Z_OK;

    while (r == Z_OK || (r == Z_STREAM_END && z->avail_in)) {
        if (r == Z_STREAM_END && inflateReset(z) != Z_OK)
            return diag_fail(d, ERR_FORMAT, "gzip: cannot go on after a member");
        z->next_out = chunk;
        z->avail_out = CHUNK;
        r = inflate(z, Z_NO_FLUSH);
        if (r != Z_OK && r != Z_STREAM_END)
            break;
        if (out->n + (CHUNK - z->avail_out) > max)
            return diag_fail(d, ERR_LIMIT, "gzip: over %zu MiB unpacked", max >> 20);
        buf_add(out, (struct str){ (const char *)chunk, CHUNK - z->avail_out });
    }
    if (r == Z_STREAM_END)
        return 0;
    return diag_fail(d, ERR_FORMAT, "gzip: %s", z->msg ? z->msg : "it ends before the data does");
}

int gunzip(struct arena *a, struct str body, size_t max, struct str *ret, struct diag *d)
{
    CLEANUP(buf_release) struct buf out = { 0 };
    z_stream z = { 0 };
    int r;

    if (body.n > UINT32_MAX)
        return diag_fail(d, ERR_LIMIT, "gzip: over 4 GiB");
    if (inflateInit2(&z, MAX_WBITS + GZIP_WRAPPER) != Z_OK)
        return diag_fail(d, ERR_LIMIT, "gzip: no memory to unpack with");
    z.next_in = (z_const Bytef *)body.p;
    z.avail_in = (uInt)body.n;
    r = inflate_all(&z, &out, max, d);
    inflateEnd(&z);
    if (!r)
        *ret = buf_take(&out, a);
    return r;
}
