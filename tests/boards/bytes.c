#include "boards/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/buf.h"
#include "core/cleanup.h"

static char *copy_of(const struct buf *b)
{
    char *bytes = malloc(b->n + 1);

    if (!bytes)
        abort();
    if (b->n)
        memcpy(bytes, b->p, b->n);
    bytes[b->n] = '\0';
    return bytes;
}

char *bytes_read(const char *path, size_t *ret_n)
{
    CLEANUP(file_close) FILE *f = fopen(path, "rb");
    CLEANUP(buf_release) struct buf b = { 0 };
    char part[16384];
    size_t n;

    if (!f)
        return NULL;
    while ((n = fread(part, 1, sizeof(part), f)) > 0)
        buf_add(&b, (struct str){ part, n });
    if (ferror(f)) /* a folder */
        return NULL;
    *ret_n = b.n;
    return copy_of(&b);
}

char *bytes_packed(const char *bytes, size_t n, size_t *ret_n)
{
    z_stream z = { 0 };
    size_t room;
    char *out;

    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    room = deflateBound(&z, n);
    out = malloc(room);
    if (!out)
        abort();
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    *ret_n = z.total_out;
    deflateEnd(&z);
    return out;
}

char *bytes_with_origin(char *text, const char *host, size_t *io_n)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    struct str rest = { text, *io_n };
    ptrdiff_t at;

    while ((at = str_find(rest, STR("ORIGIN"))) >= 0) {
        buf_add(&b, str_slice(rest, 0, (size_t)at));
        buf_printf(&b, "http://%s", host);
        rest = str_from(rest, (size_t)at + STR("ORIGIN").n);
    }
    buf_add(&b, rest);
    free(text);
    *io_n = b.n;
    return copy_of(&b);
}
