#include "core/simhash.h"

#include <string.h>

#include "core/hash.h"

enum { SHINGLE = 3 };

/* The next word of s from *at on, its letters folded into a hash; false at the end. */
static bool next_word(struct str s, size_t *at, uint64_t *ret)
{
    char folded[64];
    size_t n = 0;

    while (*at < s.n && !byte_is_word(s.p[*at]))
        ++*at;
    while (*at < s.n && byte_is_word(s.p[*at])) {
        if (n < sizeof(folded))
            folded[n++] = ascii_lower(s.p[*at]);
        ++*at;
    }
    if (n)
        *ret = hash64_of((struct str){ folded, n });
    return n > 0;
}

uint64_t simhash_of(struct str text)
{
    uint64_t window[SHINGLE], sum = 0;
    int32_t weight[64] = { 0 };
    size_t at = 0, words = 0;

    while (next_word(text, &at, &window[words % SHINGLE])) {
        uint64_t ordered[SHINGLE], h;

        if (++words < SHINGLE)
            continue;
        for (size_t i = 0; i < SHINGLE; i++)
            ordered[i] = window[(words + i) % SHINGLE];
        h = hash64_of((struct str){ (const char *)ordered, sizeof(ordered) });
        for (int bit = 0; bit < 64; bit++)
            weight[bit] += h >> bit & 1 ? 1 : -1;
    }
    for (int bit = 0; bit < 64 && words >= SHINGLE; bit++)
        sum |= (uint64_t)(weight[bit] > 0) << bit;
    return sum;
}

unsigned simhash_distance(uint64_t a, uint64_t b)
{
    return (unsigned)__builtin_popcountll(a ^ b);
}
