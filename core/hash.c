#include "core/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/buf.h"
#include "core/cleanup.h"

struct hash hash_of(struct str bytes)
{
    XXH128_hash_t h = XXH3_128bits(bytes.p, bytes.n);

    return (struct hash){ h.high64, h.low64 };
}

uint64_t hash64_of(struct str bytes)
{
    return XXH3_64bits(bytes.p, bytes.n);
}

void hash_hex(struct hash h, char ret[HASH_HEX])
{
    for (int i = 0; i < 16; i++) {
        ret[i] = "0123456789abcdef"[h.high >> (60 - 4 * i) & 15];
        ret[16 + i] = "0123456789abcdef"[h.low >> (60 - 4 * i) & 15];
    }
    ret[32] = '\0';
}

struct hash hash_parts(const struct str *parts, size_t n)
{
    CLEANUP(buf_release) struct buf all = { 0 };

    for (size_t i = 0; i < n; i++) {
        buf_printf(&all, "%zu:", parts[i].n);
        buf_add(&all, parts[i]);
    }
    return hash_of(buf_str(&all));
}
