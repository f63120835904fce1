#include "parsers/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/block.h"

/*
 * Each start of a word in the text gives a key: its first token, up to eight bytes, folded. A
 * filter (16 KiB: it stays in the first cache) says of nearly every token that nothing begins with
 * it; of the others, whether a literal of little more than this token may stand here, and whether a
 * longer one. For the longer, three bytes behind the token join the key and ask a second filter,
 * because hundreds of phrases begin with one common word. What is left is looked up in a bucket and
 * compared whole. Measured beside other engines in tests/bench.
 */
enum { FILTER_BITS = 16, LONG_BITS = 15, BUCKET_BITS = 12, KEY_MAX = 8, LONG_BEHIND = 3 };

/* What the filter says of a first token. */
enum { BEGINS_SHORT = 1, BEGINS_LONG = 2 };

/* One literal, two to a line of the cache. The hash stands for its key: whatever passes is compared
 * whole. */
struct entry {
    uint64_t behind, cares; /* the bytes behind the first token, folded, and which there are */
    uint32_t hash;
    uint32_t first;                              /* in sweep.words: the words with this literal, */
    uint16_t n_words;                            /* so many */
    uint16_t length : 14, exact : 1, phrase : 1; /* a phrase may carry a plural s */
    uint32_t folded;                             /* where the literal stands in sweep.folded */
};
_Static_assert(sizeof(struct entry) == 32, "two to a line");

struct sweep {
    uint64_t filter[(1 << FILTER_BITS) / 32]; /* two bits a token */
    uint64_t longer[(1 << LONG_BITS) / 64];
    uint32_t bucket[(1 << BUCKET_BITS) + 1]; /* where in entries each begins */
    struct entry *entries;
    size_t n;
    const struct word **words; /* those of one literal together, in the order they were given */
    uint64_t *folded;          /* each literal, eight bytes at a time, zeros behind */
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

/* The hash of a first token together with the first bytes behind it. */
static uint32_t hash_longer(uint32_t hash, uint64_t behind)
{
    return hash_key(hash ^ (behind & key_mask[LONG_BEHIND]) << 32);
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

static bool same_literal(const struct word *x, const struct word *y)
{
    return x->exact == y->exact && str_eq(x->text, y->text);
}

/* Words with the same literal, then by their order; a word and an exact one are two literals. */
static int by_literal(const void *a, const void *b)
{
    const struct word *x = *(const struct word *const *)a, *y = *(const struct word *const *)b;

    int r = str_cmp(x->text, y->text);

    if (!r)
        r = x->exact - y->exact;
    return r ? r : x < y ? -1 : x > y;
}

static int by_hash(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    return x->hash != y->hash ? (x->hash < y->hash ? -1 : 1) : x->first < y->first ? -1 : 1;
}

static void set(uint64_t *bits, uint32_t at, uint64_t what)
{
    bits[at / 64] |= what << (at % 64);
}

/* An entry for the literal of s->words[first], which n words share; and its marks in the filters.
 */
static void add_entry(struct sweep *s, size_t first, size_t n, size_t *n_folded)
{
    struct str text = s->words[first]->text;
    size_t token = first_length(text);
    struct str rest = str_from(text, token);
    uint64_t behind = fold8_hyphen(load8(rest));
    uint32_t hash = hash_key(fold8(load8(str_slice(text, 0, token))));
    bool is_long = rest.n >= LONG_BEHIND;

    set(s->filter, hash >> (32 - FILTER_BITS) << 1, is_long ? BEGINS_LONG : BEGINS_SHORT);
    if (is_long) {
        hash = hash_longer(hash, behind);
        set(s->longer, hash >> (32 - LONG_BITS), 1);
    }
    s->entries[s->n++] = (struct entry){ .behind = behind,
                                         .cares = key_mask[rest.n < KEY_MAX ? rest.n : KEY_MAX],
                                         .hash = hash,
                                         .first = (uint32_t)first,
                                         .n_words = (uint16_t)n,
                                         .length = (uint16_t)text.n & 0x3FFF,
                                         .exact = s->words[first]->exact,
                                         .phrase = !s->words[first]->exact && is_phrase(text),
                                         .folded = (uint32_t)*n_folded };
    for (size_t i = 0; i < text.n; i += 8)
        s->folded[(*n_folded)++] = fold8_hyphen(load8(str_from(text, i)));
}

struct sweep *sweep_new(const struct words *words)
{
    struct sweep *s = calloc(1, sizeof(*s));
    size_t at = 0, n_folded = 0;

    if (!s)
        abort();
    for (size_t i = 0; i < words->n; i++)
        n_folded += (words->items[i].text.n + 7) / 8;
    s->entries = calloc(words->n + 1, sizeof(*s->entries));
    s->words = calloc(words->n + 1, sizeof(*s->words));
    s->folded = calloc(n_folded + 1, sizeof(*s->folded));
    if (!s->entries || !s->words || !s->folded)
        abort();
    for (size_t i = 0; i < words->n; i++)
        s->words[i] = &words->items[i];
    qsort(s->words, words->n, sizeof(*s->words), by_literal); /* NOLINT: pointers are sorted */
    n_folded = 0;
    for (size_t i = 0, n; i < words->n; i += n) {
        for (n = 1; i + n < words->n && same_literal(s->words[i], s->words[i + n]);)
            n++;
        add_entry(s, i, n, &n_folded);
    }
    qsort(s->entries, s->n, sizeof(*s->entries), by_hash);
    for (uint32_t b = 0; b <= 1 << BUCKET_BITS; b++) {
        while (at < s->n && s->entries[at].hash >> (32 - BUCKET_BITS) < b)
            at++;
        s->bucket[b] = (uint32_t)at;
    }
    return s;
}

void sweep_free(struct sweep **s)
{
    if (!*s)
        return;
    free((*s)->entries);
    free((*s)->words);
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

/* Where the literal that begins at `start` ends; 0: it does not stand there. */
static size_t end_of(const struct sweep *s, const struct entry *e, struct str text, size_t start)
{
    size_t n = e->length, end = start + n;

    if (n > text.n - start)
        return 0;
    for (size_t i = 0; i < n; i += 8) {
        uint64_t x;

        memcpy(&x, text.p + start + i, sizeof(x));
        x = fold8_hyphen(x) ^ s->folded[e->folded + i / 8];
        if (x & key_mask[n - i < KEY_MAX ? n - i : KEY_MAX])
            return 0;
    }
    if (e->exact && !stands_exactly(s->words[e->first]->text, text, start))
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
    struct word_hits *hits; /* NULL: only count what the filters let through */
    size_t let_through;
};

/* The hits of one start, from `from` on, in the order of the words. */
static void put_in_order(struct word_hits *hits, size_t from)
{
    for (size_t i = from + 1; i < hits->n; i++) {
        struct word_hit h = hits->items[i];
        size_t k = i;

        for (; k > from && hits->items[k - 1].word > h.word; k--)
            hits->items[k] = hits->items[k - 1];
        hits->items[k] = h;
    }
}

static void look_up(struct pass *p, size_t start, uint64_t behind, uint32_t hash)
{
    const struct sweep *s = p->s;
    uint32_t b = hash >> (32 - BUCKET_BITS);

    p->let_through++;
    for (size_t i = s->bucket[b]; p->hits && i < s->bucket[b + 1]; i++) {
        const struct entry *e = &s->entries[i];
        bool begins = e->hash == hash && !((behind ^ e->behind) & e->cares);
        size_t end = begins ? end_of(s, e, p->text, start) : 0;

        for (size_t k = 0; end && k < e->n_words; k++)
            *ARENA_PUSH(p->a, p->hits) =
                (struct word_hit){ (uint32_t)start, (uint32_t)end, s->words[e->first + k] };
    }
}

/* Something begins with the first token at `start`, `n` bytes long. */
static void look_behind(struct pass *p, size_t start, size_t n, uint32_t hash, unsigned begins)
{
    size_t from = p->hits ? p->hits->n : 0;
    uint64_t behind;

    memcpy(&behind, p->text.p + start + n, sizeof(behind)); /* the padding is behind the last */
    behind = fold8_hyphen(behind);
    if (begins & BEGINS_SHORT)
        look_up(p, start, behind, hash);
    if (begins & BEGINS_LONG) {
        uint32_t longer = hash_longer(hash, behind), bit = longer >> (32 - LONG_BITS);

        if (p->s->longer[bit / 64] >> (bit % 64) & 1)
            look_up(p, start, behind, longer);
    }
    if (p->hits && p->hits->n > from + 1)
        put_in_order(p->hits, from);
}

/* A word starts at `start`; its first token has `n` bytes (cut at KEY_MAX). */
static inline void probe(struct pass *p, size_t start, size_t n)
{
    uint64_t key;
    uint32_t hash, at;
    unsigned begins;

    memcpy(&key, p->text.p + start, KEY_MAX); /* the padding is behind the last */
    hash = hash_key(fold8(key) & key_mask[n]);
    at = hash >> (32 - FILTER_BITS) << 1;
    begins = p->s->filter[at / 64] >> (at % 64) & 3;
    if (begins)
        look_behind(p, start, n, hash, begins);
}

/* Of a block: which bytes are a word's, which are dots. */
struct classes {
    uint64_t word, dot;
};

static inline struct classes classify(struct str text, size_t at)
{
    struct block b;

    if (at >= text.n)
        return (struct classes){ 0, 0 };
    b = block_at(text.p + at); /* the padding has no word */
    return (struct classes){ block_word(b), block_eq(b, '.') };
}

static void pass_over(struct pass *p)
{
    struct classes now = classify(p->text, 0);
    uint64_t before = 0; /* 1: the byte before the block is a word byte */

    for (size_t at = 0; at < p->text.n; at += BLOCK) {
        struct classes next = classify(p->text, at + BLOCK);
        uint64_t starts = (now.word | now.dot) & ~(now.word << 1 | before);

        for (; starts; starts &= starts - 1) {
            unsigned z = block_first(starts);
            /* The word bytes from here on; a leading dot is one. */
            uint64_t token = now.word >> z | next.word << 1 << (BLOCK - 1 - z) | 1;

            probe(p, at + z, block_first(~token | UINT64_C(1) << KEY_MAX));
        }
        before = now.word >> (BLOCK - 1);
        now = next;
    }
}

void sweep_run(const struct sweep *s, struct str text, struct arena *a, struct word_hits *ret)
{
    struct pass p = { .s = s, .text = text, .a = a, .hits = ret };

    pass_over(&p);
}

size_t sweep_filter(const struct sweep *s, struct str text)
{
    struct pass p = { .s = s, .text = text };

    pass_over(&p);
    return p.let_through;
}
