#include "core/hash.h"

#include <inttypes.h>
#include <stdio.h>
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
    snprintf(ret, HASH_HEX, "%016" PRIx64 "%016" PRIx64, h.high, h.low);
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
