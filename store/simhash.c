#include "store/simhash.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/hash.h"

enum { SHINGLE = 3, BITS = 64 };

static void vote(int32_t votes[BITS], uint64_t h)
{
    for (int i = 0; i < BITS; i++)
        votes[i] += (int32_t)(h >> i & 1) * 2 - 1;
}

/* Append the next word of text from *at, folded; false at the end. */
static bool next_word(struct str text, size_t *at, struct buf *words)
{
    size_t i = *at;

    while (i < text.n && !byte_is_word(text.p[i]))
        i++;
    if (i == text.n)
        return false;
    if (words->n)
        buf_add_byte(words, ' ');
    for (; i < text.n && byte_is_word(text.p[i]); i++)
        buf_add_byte(words, ascii_lower(text.p[i]));
    *at = i;
    return true;
}

struct text_prints text_prints(struct str text)
{
    CLEANUP(buf_release) struct buf words = { 0 };
    size_t starts[SHINGLE] = { 0 }, n = 0, at = 0;
    int32_t votes[BITS] = { 0 };
    struct text_prints ret = { 0 };

    for (;;) {
        size_t start = words.n ? words.n + 1 : 0;

        if (!next_word(text, &at, &words))
            break;
        starts[n++ % SHINGLE] = start;
        if (n >= SHINGLE)
            vote(votes, hash64_of(str_from(buf_str(&words), starts[n % SHINGLE])));
    }
    if (!n)
        return ret;
    ret.words = hash64_of(buf_str(&words));
    if (n < SHINGLE) /* too short for a shingle: the words stand for themselves */
        vote(votes, ret.words);
    for (int i = 0; i < BITS; i++)
        ret.simhash |= (uint64_t)(votes[i] > 0) << i;
    return ret;
}
