#include "parsers/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/block.h"

/*
 * Each start of a word in the text gives a key: its first token, up to eight bytes, folded. A
 * filter (8 KiB) says of nearly every token that no literal of little more than this token may
 * stand here. For the longer, three bytes behind the token join the key and ask a second filter
 * (16 KiB: both stay in the first cache), because hundreds of phrases begin with one common word.
 * What is left is looked up in a bucket and compared whole. Measured beside other engines in
 * tests/bench.
 */
enum { SHORT_BITS = 16, LONG_BITS = 17, BUCKET_BITS = 14, KEY_MAX = 8, LONG_BEHIND = 3 };

/* What the filters say of a place. */
enum { BEGINS_SHORT = 1, BEGINS_LONG = 2 };

/* One literal, two to a line of the cache: what is looked up is compared and told from here. */
struct entry {
    uint64_t key;        /* its first token, folded, */
    uint64_t behind;     /* and up to eight bytes behind it */
    struct word_use use; /* of its word; of several: `owner` is where in sweep.shared they begin */
    uint32_t text;       /* index of the literal in sweep.texts */
    uint16_t n_words;
    uint8_t length, n_behind : 4, exact : 1, phrase : 1; /* a phrase may carry a plural s */
};
_Static_assert(sizeof(struct entry) == 32, "two to a line");

struct sweep {
    uint64_t shorter[(1 << SHORT_BITS) / 64]; /* a bit a first token, */
    uint64_t longer[(1 << LONG_BITS) / 64];   /* and one for a first token and what is behind */
    uint32_t bucket[(1 << BUCKET_BITS) + 1];  /* where in entries each begins */
    struct entry *entries;
    size_t n;
    struct word_use *shared; /* of words with the same literal, in their order */
    struct str *texts;
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

static inline uint32_t hash_key(uint64_t key)
{
    return (uint32_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

/* The hash of a first token together with the first bytes behind it. */
static inline uint32_t hash_longer(uint32_t hash, uint64_t behind)
{
    return hash_key(hash ^ behind << (64 - 8 * LONG_BEHIND));
}

/* How a byte compares: hyphen as space; of a word that is not exact, letters without case. */
static char fold_exact(char c)
{
    return c == '-' ? ' ' : c;
}

static char fold(char c)
{
    return fold_exact(ascii_lower(c));
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

/* The first eight bytes, folded. */
static uint64_t fold8(struct str s)
{
    char bytes[KEY_MAX] = { 0 };
    uint64_t x;

    for (size_t i = 0; i < KEY_MAX && i < s.n; i++)
        bytes[i] = fold(s.p[i]);
    memcpy(&x, bytes, sizeof(x));
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

static int compare_uses(const struct word_use *x, const struct word_use *y)
{
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->owner != y->owner)
        return x->owner < y->owner ? -1 : 1;
    return x->part < y->part ? -1 : x->part > y->part;
}

/* A word and an exact one are two literals. */
static int by_literal(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    int r = str_cmp(x->text, y->text);

    if (!r)
        r = x->exact - y->exact;
    return r ? r : compare_uses(&x->use, &y->use);
}

static uint32_t hash_of_entry(const struct entry *e)
{
    uint32_t hash = hash_key(e->key);

    return e->n_behind >= LONG_BEHIND ? hash_longer(hash, e->behind) : hash;
}

static int by_hash(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    uint32_t hash_x = hash_of_entry(x), hash_y = hash_of_entry(y);

    if (hash_x != hash_y)
        return hash_x < hash_y ? -1 : 1;
    return x->text < y->text ? -1 : x->text > y->text;
}

/* The bit that a hash has in a filter of 2^bits. */
static void set(uint64_t *filter, int bits, uint32_t hash)
{
    uint32_t slot = hash >> (32 - bits);

    filter[slot / 64] |= UINT64_C(1) << (slot % 64);
}

static inline uint64_t is_set(const uint64_t *filter, int bits, uint32_t hash)
{
    uint32_t slot = hash >> (32 - bits);

    return filter[slot / 64] >> (slot % 64) & 1;
}

/* An entry for the literal that n words share; and its marks in the filters. */
static void add_entry(struct sweep *s, const struct word *w, size_t n)
{
    size_t token = first_length(w->text);
    struct str rest = str_from(w->text, token);
    struct entry *e = &s->entries[s->n];

    *e = (struct entry){ .key = fold8(str_slice(w->text, 0, token)),
                         .behind = fold8(rest),
                         .use = w->use,
                         .text = (uint32_t)s->n,
                         .n_words = (uint16_t)n,
                         .length = (uint8_t)w->text.n,
                         .n_behind = rest.n < KEY_MAX ? (uint8_t)rest.n & 15 : KEY_MAX,
                         .exact = w->exact,
                         .phrase = !w->exact && is_phrase(w->text) };
    s->texts[s->n++] = w->text;
    if (e->n_behind >= LONG_BEHIND)
        set(s->longer, LONG_BITS, hash_of_entry(e));
    else
        set(s->shorter, SHORT_BITS, hash_of_entry(e));
}

static void *new_array(size_t n, size_t size)
{
    void *p = calloc(n + 1, size);

    if (!p)
        out_of_memory();
    return p;
}

/* The entries of the words, which stand in the order of their literals. */
static void add_entries(struct sweep *s, const struct word *sorted, size_t n)
{
    size_t n_shared = 0;

    for (size_t i = 0, same; i < n; i += same) {
        for (same = 1; i + same < n && same_literal(&sorted[i], &sorted[i + same]);)
            same++;
        add_entry(s, &sorted[i], same);
        if (same == 1)
            continue;
        s->entries[s->n - 1].use.owner = (uint32_t)n_shared;
        for (size_t k = 0; k < same; k++)
            s->shared[n_shared++] = sorted[i + k].use;
    }
}

struct sweep *sweep_new(const struct words *words)
{
    struct sweep *s = new_array(1, sizeof(*s));
    struct word *sorted = new_array(words->n, sizeof(*sorted));
    size_t at = 0;

    s->entries = new_array(words->n, sizeof(*s->entries));
    s->shared = new_array(words->n, sizeof(*s->shared));
    s->texts = new_array(words->n, sizeof(*s->texts));
    if (words->n)
        memcpy(sorted, words->items, words->n * sizeof(*sorted));
    qsort(sorted, words->n, sizeof(*sorted), by_literal);
    add_entries(s, sorted, words->n);
    free(sorted);
    qsort(s->entries, s->n, sizeof(*s->entries), by_hash);
    for (uint32_t b = 0; b <= 1 << BUCKET_BITS; b++) {
        while (at < s->n && hash_of_entry(&s->entries[at]) >> (32 - BUCKET_BITS) < b)
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
    free((*s)->shared);
    free((*s)->texts);
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

/* A place of the text at which some literal may begin. */
struct place {
    uint64_t key;    /* its first token, */
    uint64_t behind; /* and the eight bytes behind */
    uint32_t start;
    uint32_t n; /* bytes of the first token, cut at KEY_MAX */
};

struct pass {
    const struct sweep *s;
    struct str text;
    const char *folded; /* the text and its padding as bytes compare */
    struct arena *a;
    struct word_hits *hits; /* lists; NULL: only count what the filters let through */
    size_t let_through;
};

/* Whether the rest of the literal stands there too: what its entry has no room for, and the case of
 * its letters. */
static bool goes_on(const struct pass *p, const struct entry *e, size_t at, size_t from)
{
    struct str literal = p->s->texts[e->text];

    for (size_t i = from; i < literal.n; i++)
        if (p->folded[at + i] != fold(literal.p[i]))
            return false;
    for (size_t i = 0; e->exact && i < literal.n; i++)
        if (fold_exact(p->text.p[at + i]) != fold_exact(literal.p[i]))
            return false;
    return true;
}

/* Whether the literal stands at the place as far as its entry tells: its first token and up to
 * eight bytes behind. */
static inline bool begins_as(const struct entry *e, const struct place *at)
{
    return !((at->key ^ e->key) | ((at->behind ^ e->behind) & key_mask[e->n_behind]));
}

/* Where the literal ends that begins at the place; 0: it does not stand there. */
static size_t end_of(const struct pass *p, const struct entry *e, const struct place *at)
{
    struct str text = p->text;
    size_t end = at->start + e->length, known = (size_t)at->n + KEY_MAX;

    if (end > text.n)
        return 0;
    if ((e->exact || known < e->length) && !goes_on(p, e, at->start, known))
        return 0;
    if (ends_at(text, end))
        return end;
    if (e->phrase && end < text.n && ascii_lower(text.p[end]) == 's' && ends_at(text, end + 1))
        return end + 1;
    return 0;
}

/* Add a hit to its list, where those of one start are in the order of what they are for. */
static void put(struct pass *p, struct word_hit h)
{
    struct word_hits *to = &p->hits[h.use.list];
    struct word_hit *at = ARENA_PUSH(p->a, to);

    for (; at > to->items && at[-1].start == h.start && compare_uses(&h.use, &at[-1].use) < 0; at--)
        *at = at[-1];
    *at = h;
}

static inline void look_up(struct pass *p, const struct place *at, uint32_t hash)
{
    const uint32_t *bucket = &p->s->bucket[hash >> (32 - BUCKET_BITS)];
    const struct entry *e = &p->s->entries[bucket[0]], *last = &p->s->entries[bucket[1]];

    for (; e < last; e++) {
        size_t end = begins_as(e, at) ? end_of(p, e, at) : 0;
        const struct word_use *uses;

        if (!end)
            continue;
        uses = e->n_words > 1 ? &p->s->shared[e->use.owner] : &e->use;
        for (size_t k = 0; k < e->n_words; k++)
            put(p, (struct word_hit){ at->start, (uint32_t)end, uses[k] });
    }
}

/* Where words start, and how long they are, is asked of a block at once; the starts of all but its
 * last bytes, so that each token that counts lies in it. */
enum { STRIDE = BLOCK - KEY_MAX };

/* A start that a filter lets through: its place in the block, the length of its token, and what it
 * may begin, a byte each. */
enum { PASSED_LENGTH = 8, PASSED_BEGINS = 16 };

static inline uint64_t load8(const char *p)
{
    uint64_t x;

    memcpy(&x, p, sizeof(x));
    return x;
}

/* The starts that a filter lets through. No branch depends on what they say: half of the words of
 * an ad begin something, and guessing which costs more than looking. `folded`: the block; `word`:
 * its word bytes. */
static inline size_t filter(const struct sweep *s, const char *folded, uint64_t starts,
                            uint64_t word, uint32_t ret[STRIDE])
{
    size_t n = 0;

    for (; starts; starts &= starts - 1) {
        size_t z = block_first(starts);
        /* The word bytes from here on; a leading dot is one. */
        size_t length = block_first(~(word >> z | 1) | UINT64_C(1) << KEY_MAX);
        uint32_t hash = hash_key(load8(folded + z) & key_mask[length]);
        uint32_t longer = hash_longer(hash, load8(folded + z + length));
        uint64_t begins = is_set(s->shorter, SHORT_BITS, hash) * BEGINS_SHORT
                          + is_set(s->longer, LONG_BITS, longer) * BEGINS_LONG;

        ret[n] = (uint32_t)(z | length << PASSED_LENGTH | begins << PASSED_BEGINS);
        n += begins != 0;
    }
    return n;
}

static inline void look_up_all(struct pass *p, size_t block, const uint32_t *passed, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t start = block + (passed[i] & 0xFF), length = passed[i] >> PASSED_LENGTH & 0xFF;
        const char *folded = p->folded + start;
        struct place at = { .key = load8(folded) & key_mask[length],
                            .behind = load8(folded + length),
                            .start = (uint32_t)start,
                            .n = (uint32_t)length };
        uint32_t hash = hash_key(at.key), left = passed[i] >> PASSED_BEGINS;

        for (; left; left &= left - 1)
            look_up(p, &at, left & BEGINS_SHORT ? hash : hash_longer(hash, at.behind));
    }
}

static void pass_over(struct pass *p)
{
    uint64_t before = 0; /* 1: the byte before the block is a word byte */

    for (size_t at = 0; at < p->text.n; at += STRIDE) {
        struct block b = block_at(p->text.p + at); /* the padding has no word */
        uint64_t word = block_word(b), dots = block_eq(b, '.') & word >> 1;
        uint64_t starts = (word | dots) & ~(word << 1 | before) & block_upto(STRIDE);
        uint32_t passed[STRIDE];
        size_t n = filter(p->s, p->folded + at, starts, word, passed);

        p->let_through += n;
        if (p->hits)
            look_up_all(p, at, passed, n);
        before = word >> (STRIDE - 1) & 1;
    }
}

/* The text and its padding as bytes compare. */
static const char *fold_all(struct str text, struct arena *a)
{
    char *to = arena_room(a, text.n + COPY_PADDING + BLOCK);
    size_t i = 0;

    for (; i <= text.n; i += BLOCK) {
        struct block b = block_fold(block_at(text.p + i));

        memcpy(to + i, &b, sizeof(b));
    }
    memset(to + i, 0, BLOCK);
    return to;
}

void sweep_run(const struct sweep *s, struct str text, struct arena *a, struct word_hits *ret)
{
    struct pass p = { .s = s, .text = text, .folded = fold_all(text, a), .a = a, .hits = ret };

    pass_over(&p);
}

size_t sweep_filter(const struct sweep *s, struct str text, struct arena *a)
{
    struct pass p = { .s = s, .text = text, .folded = fold_all(text, a) };

    pass_over(&p);
    return p.let_through;
}
