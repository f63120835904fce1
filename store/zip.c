#include "store/zip.h"

#define ZSTD_STATIC_LINKING_ONLY /* dictionaries by reference */
#include <stdlib.h>
#include <string.h>
#include <zdict.h>
#include <zstd.h>

#include "core/arena.h"

enum {
    LEVEL = 1,
    LEVEL_QUICK = -1,
    LEVEL_TIGHT = 16,
    DICTIONARY_MOST = 512 * 1024,
    SAMPLES_TO_BYTE = 16, /* a dictionary is at most a 16th of what it was learnt from */
    PLAIN_MAX = 64 * 1024 * 1024,
};

struct zip {
    ZSTD_CCtx *pack;
    ZSTD_DCtx *unpack;
    char *out;
    size_t cap;
    struct known {
        uint32_t id;
        char *bytes; /* the three view them; whoever only reads makes one */
        size_t n;
        ZSTD_CDict *quick, *tight;
        ZSTD_DDict *unpack;
    } * known;
    size_t n_known;
};

struct zip *zip_new(void)
{
    struct zip *z = calloc(1, sizeof(*z));

    if (!z || !(z->pack = ZSTD_createCCtx()) || !(z->unpack = ZSTD_createDCtx()))
        out_of_memory();
    ZSTD_CCtx_setParameter(z->pack, ZSTD_c_checksumFlag, 1);
    return z;
}

void zip_free(struct zip *z)
{
    if (!z)
        return;
    for (size_t i = 0; i < z->n_known; i++) {
        ZSTD_freeCDict(z->known[i].quick);
        ZSTD_freeCDict(z->known[i].tight);
        ZSTD_freeDDict(z->known[i].unpack);
        free(z->known[i].bytes);
    }
    free(z->known);
    ZSTD_freeCCtx(z->pack);
    ZSTD_freeDCtx(z->unpack);
    free(z->out);
    free(z);
}

static struct known *find(const struct zip *z, uint32_t id)
{
    for (size_t i = 0; i < z->n_known; i++)
        if (z->known[i].id == id)
            return &z->known[i];
    return NULL;
}

bool zip_knows(const struct zip *z, uint32_t dictionary)
{
    return find(z, dictionary) != NULL;
}

uint32_t zip_dictionary_of(struct str packed)
{
    return ZSTD_getDictID_fromFrame(packed.p, packed.n);
}

bool zip_train(struct buf *ret, struct str samples, const size_t *sizes, size_t n)
{
    size_t most = samples.n / SAMPLES_TO_BYTE < DICTIONARY_MOST ? samples.n / SAMPLES_TO_BYTE
                                                                : DICTIONARY_MOST;
    char *to = malloc(most + 1);
    size_t got;

    if (!to)
        out_of_memory();
    got = ZDICT_trainFromBuffer(to, most, samples.p, sizes, (unsigned)n);
    if (!ZDICT_isError(got))
        buf_add(ret, (struct str){ to, got });
    free(to);
    return !ZDICT_isError(got);
}

uint32_t zip_learn(struct zip *z, struct str dictionary)
{
    struct known k = { .id = ZDICT_getDictID(dictionary.p, dictionary.n) }, *more;

    if (!k.id || find(z, k.id))
        return k.id;
    k.n = dictionary.n;
    k.bytes = malloc(k.n);
    more = realloc(z->known, (z->n_known + 1) * sizeof(*more));
    if (!k.bytes || !more)
        out_of_memory();
    memcpy(k.bytes, dictionary.p, k.n);
    k.unpack = ZSTD_createDDict_byReference(k.bytes, k.n);
    if (!k.unpack)
        out_of_memory();
    z->known = more;
    z->known[z->n_known++] = k;
    return k.id;
}

/* The tables that packing looks into, made when first asked for. */
static const ZSTD_CDict *packing(struct known *k, bool tight)
{
    ZSTD_CDict **at = tight ? &k->tight : &k->quick;

    if (!*at)
        *at = ZSTD_createCDict_byReference(k->bytes, k->n, tight ? LEVEL_TIGHT : LEVEL_QUICK);
    if (!*at)
        out_of_memory();
    return *at;
}

static void make_room(struct zip *z, size_t n)
{
    size_t room = ZSTD_compressBound(n);

    if (room <= z->cap)
        return;
    free(z->out);
    z->out = malloc(room);
    z->cap = room;
    if (!z->out)
        out_of_memory();
}

static struct str pack(struct zip *z, int level, const ZSTD_CDict *dictionary, struct str plain)
{
    size_t n;

    make_room(z, plain.n);
    ZSTD_CCtx_setParameter(z->pack, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_refCDict(z->pack, dictionary);
    n = ZSTD_compress2(z->pack, z->out, z->cap, plain.p, plain.n);
    if (ZSTD_isError(n)) /* cannot be, with room for the worst case */
        out_of_memory();
    return (struct str){ z->out, n };
}

struct str zip_pack(struct zip *z, struct str plain)
{
    return pack(z, LEVEL, NULL, plain);
}

struct str zip_pack_with(struct zip *z, uint32_t dictionary, bool tight, struct str plain)
{
    struct known *k = find(z, dictionary);

    return pack(z, tight ? LEVEL_TIGHT : LEVEL_QUICK, k ? packing(k, tight) : NULL, plain);
}

int zip_unpack(struct zip *z, struct str packed, struct arena *a, struct str *ret, struct diag *d)
{
    unsigned long long size = ZSTD_getFrameContentSize(packed.p, packed.n);
    const struct known *k;
    size_t n;
    char *p;

    if (size > PLAIN_MAX) /* the two error values are above it too */
        return diag_fail(d, ERR_DB, "store: stored text: not as it was written");
    p = ARENA_NEW(a, char, (size_t)size + 1);
    k = find(z, zip_dictionary_of(packed));
    ZSTD_DCtx_refDDict(z->unpack, k ? k->unpack : NULL);
    n = ZSTD_decompressDCtx(z->unpack, p, (size_t)size, packed.p, packed.n);
    if (ZSTD_isError(n) || n != size)
        return diag_fail(d, ERR_DB, "store: stored text: %s",
                         ZSTD_isError(n) ? ZSTD_getErrorName(n) : "cut short");
    *ret = (struct str){ p, n };
    return 0;
}
