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
enum { FILTER_BITS = 16, LONG_BITS = 15, BUCKET_BITS = 14, KEY_MAX = 8, LONG_BEHIND = 3 };

/* What the filter says of a first token. */
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
    uint64_t filter[(1 << FILTER_BITS) / 32]; /* two bits a token */
    uint64_t longer[(1 << LONG_BITS) / 64];
    uint32_t bucket[(1 << BUCKET_BITS) + 1]; /* where in entries each begins */
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
    return hash_key(hash ^ (behind & key_mask[LONG_BEHIND]) << 32);
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

static void set(uint64_t *bits, uint32_t at, uint64_t what)
{
    bits[at / 64] |= what << (at % 64);
}

/* An entry for the literal that n words share; and its marks in the filters. */
static void add_entry(struct sweep *s, const struct word *w, size_t n)
{
    size_t token = first_length(w->text);
    struct str rest = str_from(w->text, token);
    struct entry *e = &s->entries[s->n];
    uint32_t hash;

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
    hash = hash_key(e->key);
    set(s->filter, hash >> (32 - FILTER_BITS) << 1,
        e->n_behind >= LONG_BEHIND ? BEGINS_LONG : BEGINS_SHORT);
    if (e->n_behind >= LONG_BEHIND)
        set(s->longer, hash_of_entry(e) >> (32 - LONG_BITS), 1);
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
    uint32_t start, hash;
    uint16_t n; /* bytes of the first token, cut at KEY_MAX */
    uint16_t begins;
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

/* Where the literal ends that stands at the place; 0: it does not. */
static size_t end_of(const struct pass *p, const struct entry *e, const struct place *at)
{
    struct str text = p->text;
    size_t end = at->start + e->length, known = (size_t)at->n + KEY_MAX;

    if (e->key != at->key || ((at->behind ^ e->behind) & key_mask[e->n_behind]) || end > text.n)
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

static void look_up(struct pass *p, const struct place *at, uint32_t hash)
{
    const struct sweep *s = p->s;
    uint32_t b = hash >> (32 - BUCKET_BITS);

    p->let_through++;
    for (size_t i = s->bucket[b]; p->hits && i < s->bucket[b + 1]; i++) {
        const struct entry *e = &s->entries[i];
        size_t end = end_of(p, e, at);
        const struct word_use *uses;

        if (!end)
            continue;
        uses = e->n_words > 1 ? &s->shared[e->use.owner] : &e->use;
        for (size_t k = 0; k < e->n_words; k++)
            put(p, (struct word_hit){ at->start, (uint32_t)end, uses[k] });
    }
}

/* What is to be looked up: a place, with the hash of its first token or of more. */
struct look {
    const struct place *at;
    uint32_t hash;
};

/* The look-ups that the places of a block are worth; no branch depends on what the filters say. */
static inline size_t look_behind(const struct pass *p, struct place *places, size_t n,
                                 struct look ret[2 * BLOCK])
{
    size_t k = 0;

    for (size_t i = 0; i < n; i++) {
        struct place *at = &places[i];
        uint32_t longer, slot;

        memcpy(&at->behind, p->folded + at->start + at->n, KEY_MAX);
        longer = hash_longer(at->hash, at->behind);
        slot = longer >> (32 - LONG_BITS);
        ret[k] = (struct look){ at, at->hash };
        k += at->begins & BEGINS_SHORT;
        ret[k] = (struct look){ at, longer };
        k += at->begins / BEGINS_LONG & p->s->longer[slot / 64] >> (slot % 64) & 1;
    }
    return k;
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

/* The starts of a block that the filter lets through. No branch depends on what it says: half of
 * the words of an ad begin something, and guessing which costs more than looking. `token`: the word
 * bytes of this block and the next. */
static inline size_t filter(const struct pass *p, size_t at, uint64_t starts, uint64_t word,
                            uint64_t next, struct place ret[BLOCK])
{
    size_t n = 0;

    for (; starts; starts &= starts - 1) {
        unsigned z = block_first(starts);
        /* The word bytes from here on; a leading dot is one. */
        uint64_t token = word >> z | next << 1 << (BLOCK - 1 - z) | 1, key;
        unsigned length = block_first(~token | UINT64_C(1) << KEY_MAX);
        uint32_t hash, slot;

        memcpy(&key, p->folded + at + z, KEY_MAX); /* the padding is behind the last */
        key &= key_mask[length];
        hash = hash_key(key);
        slot = hash >> (32 - FILTER_BITS) << 1;
        ret[n] = (struct place){ .key = key,
                                 .start = (uint32_t)at + z,
                                 .hash = hash,
                                 .n = (uint16_t)length,
                                 .begins = p->s->filter[slot / 64] >> (slot % 64) & 3 };
        n += ret[n].begins != 0;
    }
    return n;
}

static void pass_over(struct pass *p)
{
    struct classes now = classify(p->text, 0);
    uint64_t before = 0; /* 1: the byte before the block is a word byte */

    for (size_t at = 0; at < p->text.n; at += BLOCK) {
        struct classes next = classify(p->text, at + BLOCK);
        uint64_t dots = now.dot & (now.word >> 1 | next.word << (BLOCK - 1)); /* before a word */
        uint64_t starts = (now.word | dots) & ~(now.word << 1 | before);
        struct place places[BLOCK];
        struct look looks[2 * BLOCK];
        size_t n = filter(p, at, starts, now.word, next.word, places);

        n = look_behind(p, places, n, looks);
        for (size_t i = 0; i < n; i++)
            look_up(p, looks[i].at, looks[i].hash);
        before = now.word >> (BLOCK - 1);
        now = next;
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
