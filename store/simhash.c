#include "store/simhash.h"

#include "core/arena.h"
#include "core/cleanup.h"
#include "core/hash.h"

enum { SHINGLE = 3, BITS = 64, LANES = 8, LANE_MAX = 255 };

/* Votes for each bit, counted in eight words of eight byte-wide lanes: bit i is in lane i / 8 of
 * word i % 8. A ballot takes 8 additions instead of 64. */
struct votes {
    uint64_t lanes[LANES];
    unsigned in_lanes;
    uint32_t set[BITS], ballots;
};

static void count_lanes(struct votes *v)
{
    for (int i = 0; i < BITS; i++)
        v->set[i] += v->lanes[i % LANES] >> (i / LANES * 8) & LANE_MAX;
    for (int i = 0; i < LANES; i++)
        v->lanes[i] = 0;
    v->in_lanes = 0;
}

static void vote(struct votes *v, uint64_t h)
{
    for (int i = 0; i < LANES; i++)
        v->lanes[i] += h >> i & 0x0101010101010101;
    v->ballots++;
    if (++v->in_lanes == LANE_MAX)
        count_lanes(v);
}

static uint64_t majority(struct votes *v)
{
    uint64_t ret = 0;

    count_lanes(v);
    for (int i = 0; i < BITS; i++)
        ret |= (uint64_t)(2 * v->set[i] > v->ballots) << i;
    return ret;
}

/* The words so far, joined by a space; never longer than the text they come from. */
struct words {
    char *p;
    size_t n;
    char folded[256]; /* what a word has for a byte; NUL: it ends there */
};

static void fold_all(struct words *words)
{
    for (int c = 0; c < 256; c++)
        words->folded[c] = byte_is_word((char)c) ? ascii_lower((char)c) : '\0';
}

/* Append the next word of text from *at, folded; false at the end. */
static bool next_word(struct str text, size_t *at, struct words *words)
{
    size_t i = *at;
    char c;

    while (i < text.n && !words->folded[(unsigned char)text.p[i]])
        i++;
    if (i == text.n)
        return false;
    if (words->n)
        words->p[words->n++] = ' ';
    for (; i < text.n && (c = words->folded[(unsigned char)text.p[i]]); i++)
        words->p[words->n++] = c;
    *at = i;
    return true;
}

struct text_prints text_prints(struct str text)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct words words = { .p = arena_room(&a, text.n) };
    size_t starts[SHINGLE] = { 0 }, n = 0, at = 0;
    struct votes votes = { 0 };
    struct text_prints ret = { 0 };

    fold_all(&words);
    for (;;) {
        size_t start = words.n ? words.n + 1 : 0;

        if (!next_word(text, &at, &words))
            break;
        starts[n++ % SHINGLE] = start;
        if (n >= SHINGLE) {
            size_t from = starts[n % SHINGLE];

            vote(&votes, hash64_of((struct str){ words.p + from, words.n - from }));
        }
    }
    if (!n)
        return ret;
    ret.words = hash64_of((struct str){ words.p, words.n });
    if (n < SHINGLE) /* too short for a shingle: the words stand for themselves */
        vote(&votes, ret.words);
    ret.simhash = majority(&votes);
    return ret;
}
