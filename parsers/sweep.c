#include "parsers/sweep.h"

#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "core/arena.h"

/*
 * Each start of a word in the text gives a key: its first token, up to eight bytes, folded.
 * A bitmap of all keys' hashes (16 KiB: it stays in the first cache) refuses nearly every word;
 * the few others are looked up in a bucket, where up to eight bytes behind the token decide before
 * the whole is compared: hundreds of phrases may begin with one common word. Measured beside other
 * engines in tests/bench.
 */
enum { FILTER_BITS = 17, BUCKET_BITS = 12, KEY_MAX = 8, BLOCK = 64 };

/* Two to a line of the cache. The hash stands for the first token: whoever passes is compared
 * whole. */
struct entry {
    uint64_t behind, cares; /* the bytes behind the first token, folded, and which there are */
    const struct word *word;
    uint32_t hash;
    uint32_t folded : 31; /* where in sweep.folded the literal stands */
    uint32_t phrase : 1;  /* may carry a plural s */
};
_Static_assert(sizeof(struct entry) == 32, "two to a line");

struct sweep {
    uint64_t filter[(1 << FILTER_BITS) / 64];
    uint16_t bucket[(1 << BUCKET_BITS) + 1]; /* where in entries each begins */
    struct entry *entries;
    size_t n;
    uint64_t *folded; /* each literal, eight bytes at a time, zeros behind */
};

static const uint64_t key_mask[KEY_MAX + 1] = {
    0,
    0xff,
    0xffff,
    0xffffff,
    0xffffffff,
    0xffffffffff,
    0xffffffffffff,
    0xffffffffffffff,
    ~UINT64_C(0),
};

/* Eight bytes at once: ASCII capitals to small letters, all others as they are. */
static uint64_t fold8(uint64_t x)
{
    const uint64_t every = UINT64_C(0x0101010101010101);
    uint64_t low7 = x & (0x7f * every);
    uint64_t from_a = low7 + 0x3f * every; /* bit 7 set: >= 'A' */
    uint64_t past_z = low7 + 0x25 * every; /* bit 7 set: > 'Z' */

    return x | (((from_a ^ past_z) & ~x & (0x80 * every)) >> 2);
}

/* The same, and each '-' to ' '. */
static uint64_t fold8_hyphen(uint64_t x)
{
    const uint64_t every = UINT64_C(0x0101010101010101);
    uint64_t off = x ^ (every * '-');
    uint64_t hyphen = ~(((off & 0x7f * every) + 0x7f * every) | off | 0x7f * every);

    return fold8(x ^ ((hyphen >> 7) * ('-' ^ ' ')));
}

static uint32_t hash_key(uint64_t key)
{
    return (uint32_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

/* How a byte of an exact word compares: hyphen as space. */
static char fold_exact(char c)
{
    return c == '-' ? ' ' : c;
}

/* The length of a literal's first token, a leading dot included, cut at KEY_MAX. */
static size_t first_length(struct str s)
{
    size_t n = s.n && s.p[0] == '.';

    while (n < s.n && n < KEY_MAX && byte_is_word(s.p[n]))
        n++;
    return n;
}

bool sweep_takes(struct str l)
{
    return l.n && l.n <= WORD_MAX
           && (byte_is_word(l.p[0]) || (l.n > 1 && l.p[0] == '.' && byte_is_word(l.p[1])));
}

static int by_hash(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->word < y->word ? -1 : x->word > y->word;
}

static uint64_t load8(struct str s)
{
    uint64_t x = 0;

    if (s.n)
        memcpy(&x, s.p, s.n < 8 ? s.n : 8);
    return x;
}

static bool is_phrase(struct str s)
{
    return s.n && byte_is_word(s.p[s.n - 1]) && (memchr(s.p, ' ', s.n) || memchr(s.p, '-', s.n));
}

static struct entry entry_of(const struct word *w, uint64_t *folded, size_t *n_folded)
{
    size_t n = first_length(w->text);
    struct str rest = str_from(w->text, n);
    uint64_t key = fold8(load8(str_slice(w->text, 0, n)));
    uint32_t at = (uint32_t)*n_folded;

    for (size_t i = 0; i < w->text.n; i += 8)
        folded[(*n_folded)++] = fold8_hyphen(load8(str_from(w->text, i)));
    return (struct entry){ .behind = fold8_hyphen(load8(rest)),
                           .cares = key_mask[rest.n < KEY_MAX ? rest.n : KEY_MAX],
                           .hash = hash_key(key),
                           .folded = at,
                           .phrase = !w->exact && is_phrase(w->text),
                           .word = w };
}

struct sweep *sweep_new(const struct words *words)
{
    struct sweep *s = calloc(1, sizeof(*s));
    size_t at = 0, n_folded = 0;

    if (!s)
        out_of_memory();
    for (size_t i = 0; i < words->n; i++)
        n_folded += (words->items[i].text.n + 7) / 8;
    s->entries = calloc(words->n + 1, sizeof(*s->entries));
    s->folded = calloc(n_folded + 1, sizeof(*s->folded));
    if (!s->entries || !s->folded)
        out_of_memory();
    n_folded = 0;
    for (size_t i = 0; i < words->n; i++)
        s->entries[s->n++] = entry_of(&words->items[i], s->folded, &n_folded);
    qsort(s->entries, s->n, sizeof(*s->entries), by_hash);
    for (size_t i = 0; i < s->n; i++) {
        uint32_t bit = s->entries[i].hash >> (32 - FILTER_BITS);

        s->filter[bit / 64] |= UINT64_C(1) << (bit % 64);
    }
    for (uint32_t b = 0; b <= 1 << BUCKET_BITS; b++) {
        while (at < s->n && s->entries[at].hash >> (32 - BUCKET_BITS) < b)
            at++;
        s->bucket[b] = (uint16_t)at;
    }
    return s;
}

void sweep_free(struct sweep **s)
{
    if (!*s)
        return;
    free((*s)->entries);
    free((*s)->folded);
    free(*s);
    *s = NULL;
}

/* Whether a word that ended at `end` ends there. */
static bool ends_at(struct str text, size_t end)
{
    if (end >= text.n)
        return end == text.n;
    if (byte_is_word(text.p[end]) || text.p[end] == '#')
        return false;
    return text.p[end] != '+' || end + 1 >= text.n || text.p[end + 1] != '+';
}

/* Whether the bytes of an exact word stand at `start`, where they stand without case. */
static bool stands_exactly(struct str w, struct str text, size_t start)
{
    for (size_t i = 0; i < w.n; i++)
        if (fold_exact(text.p[start + i]) != fold_exact(w.p[i]))
            return false;
    return true;
}

/* Where the word that begins at `start` ends; 0: it does not stand there. */
static size_t end_of(const struct sweep *s, const struct entry *e, struct str text, size_t start)
{
    const struct word *w = e->word;
    size_t n = w->text.n, end = start + n;

    if (n > text.n - start)
        return 0;
    for (size_t i = 0; i < n; i += 8) {
        uint64_t x;

        memcpy(&x, text.p + start + i, sizeof(x));
        x = fold8_hyphen(x) ^ s->folded[e->folded + i / 8];
        if (x & key_mask[n - i < KEY_MAX ? n - i : KEY_MAX])
            return 0;
    }
    if (w->exact && !stands_exactly(w->text, text, start))
        return 0;
    if (ends_at(text, end))
        return end;
    if (e->phrase && end < text.n && ascii_lower(text.p[end]) == 's' && ends_at(text, end + 1))
        return end + 1;
    return 0;
}

struct pass {
    const struct sweep *s;
    struct str text;
    struct arena *a;
    struct word_hits *hits; /* NULL: only count what the filter lets through */
    size_t let_through;
};

static void look_up(struct pass *p, size_t start, size_t n, uint32_t hash)
{
    uint32_t b = hash >> (32 - BUCKET_BITS);
    uint64_t behind;

    memcpy(&behind, p->text.p + start + n, sizeof(behind)); /* the padding is behind the last */
    behind = fold8_hyphen(behind);
    for (size_t i = p->s->bucket[b]; i < p->s->bucket[b + 1]; i++) {
        const struct entry *e = &p->s->entries[i];
        bool begins = e->hash == hash && !((behind ^ e->behind) & e->cares);
        size_t end = begins ? end_of(p->s, e, p->text, start) : 0;

        if (end)
            *ARENA_PUSH(p->a, p->hits) =
                (struct word_hit){ (uint32_t)start, (uint32_t)end, e->word };
    }
}

/* A word starts at `start`; its first token has `n` bytes (cut at KEY_MAX). */
static inline void probe(struct pass *p, size_t start, size_t n)
{
    uint64_t key;
    uint32_t hash, bit;

    memcpy(&key, p->text.p + start, KEY_MAX); /* the padding is behind the last */
    key = fold8(key) & key_mask[n];
    hash = hash_key(key);
    bit = hash >> (32 - FILTER_BITS);
    if (!(p->s->filter[bit / 64] >> (bit % 64) & 1))
        return;
    p->let_through++;
    if (p->hits)
        look_up(p, start, n, hash);
}

/* Bit i of *word: byte i of the block is a word byte; of *dot: it is '.'. */
static inline void classify_plain(const char *block, uint64_t *word, uint64_t *dot)
{
    *word = *dot = 0;
    for (unsigned i = 0; i < BLOCK; i++) {
        *word |= (uint64_t)byte_is_word(block[i]) << i;
        *dot |= (uint64_t)(block[i] == '.') << i;
    }
}

#ifdef __SSE2__
static inline uint64_t in_range(__m128i x, char from, int n)
{
    /* Signed compare after moving `from` to the least value. */
    __m128i moved = _mm_add_epi8(_mm_sub_epi8(x, _mm_set1_epi8(from)), _mm_set1_epi8(-128));

    return (uint32_t)_mm_movemask_epi8(_mm_cmplt_epi8(moved, _mm_set1_epi8((char)(-128 + n))));
}

static inline void classify_sse2(const char *block, uint64_t *word, uint64_t *dot)
{
    *word = *dot = 0;
    for (unsigned i = 0; i < BLOCK; i += 16) {
        __m128i x;
        uint64_t is;

        memcpy(&x, block + i, sizeof(x));
        is = in_range(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 26) | in_range(x, '0', 10)
             | (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8('_')))
             | (uint32_t)_mm_movemask_epi8(x);
        *word |= is << i;
        *dot |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8('.'))) << i;
    }
}
#define classify classify_sse2
#else
#define classify classify_plain
#endif

typedef void classify_fn(const char *block, uint64_t *word, uint64_t *dot);

/* Length of the token at bit `z` of the block (a leading dot counts), cut at KEY_MAX. */
static inline size_t token_length(const struct pass *p, size_t start, unsigned z, uint64_t word)
{
    size_t n = (size_t)__builtin_ctzll(~(word >> z) | (UINT64_C(1) << KEY_MAX));

    if (z + n < BLOCK)
        return n;
    while (n < KEY_MAX && start + n < p->text.n && byte_is_word(p->text.p[start + n]))
        n++;
    return n;
}

static inline void pass_over(struct pass *p, classify_fn *classes)
{
    uint64_t before = 0; /* 1: the byte before the block is a word byte */

    for (size_t at = 0; at < p->text.n; at += BLOCK) {
        uint64_t word, dot, starts, inside = ~UINT64_C(0);

        classes(p->text.p + at, &word, &dot);
        if (p->text.n - at < BLOCK)
            inside = (UINT64_C(1) << (p->text.n - at)) - 1;
        word &= inside;
        starts = (word | (dot & inside)) & ~(word << 1 | before);
        before = word >> 63;
        while (starts) {
            unsigned z = (unsigned)__builtin_ctzll(starts);
            uint64_t self = UINT64_C(1) << z;

            probe(p, at + z, token_length(p, at + z, z, word | self));
            starts &= starts - 1;
        }
    }
}

void sweep_run(const struct sweep *s, struct str text, struct arena *a, struct word_hits *ret)
{
    struct pass p = { .s = s, .text = text, .a = a, .hits = ret };

    pass_over(&p, classify);
}

void sweep_run_plain(const struct sweep *s, struct str text, struct arena *a, struct word_hits *ret)
{
    struct pass p = { .s = s, .text = text, .a = a, .hits = ret };

    pass_over(&p, classify_plain);
}

size_t sweep_filter(const struct sweep *s, struct str text)
{
    struct pass p = { .s = s, .text = text };

    pass_over(&p, classify);
    return p.let_through;
}
