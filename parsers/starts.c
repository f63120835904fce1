#include "parsers/starts.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BLOCK = 64 };

/* Bit i: byte i of the block. */
struct classes {
    uint64_t alpha, digit;
};

#ifdef __SSE2__
static inline uint64_t in_range(__m128i x, char from, int n)
{
    /* Signed compare after moving `from` to the least value. */
    __m128i moved = _mm_add_epi8(x, _mm_set1_epi8((char)(-128 - from)));

    return (uint32_t)_mm_movemask_epi8(_mm_cmplt_epi8(moved, _mm_set1_epi8((char)(-128 + n))));
}

static inline struct classes classify(const char *block)
{
    struct classes c = { 0 };

    for (unsigned i = 0; i < BLOCK; i += 16) {
        __m128i x;

        memcpy(&x, block + i, sizeof(x));
        c.alpha |= in_range(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 26) << i;
        c.digit |= in_range(x, '0', 10) << i;
    }
    return c;
}
#else
static inline struct classes classify(const char *block)
{
    struct classes c = { 0 };

    for (unsigned i = 0; i < BLOCK; i++) {
        c.alpha |= (uint64_t)ascii_is_alpha(block[i]) << i;
        c.digit |= (uint64_t)ascii_is_digit(block[i]) << i;
    }
    return c;
}
#endif

static void judge(struct starts *w)
{
    size_t n = w->text.n - w->next;
    struct classes c;
    uint64_t alnum;

    if (n < BLOCK) { /* never read behind a text */
        char last[BLOCK] = { 0 };

        memcpy(last, w->text.p + w->next, n);
        c = classify(last);
    } else {
        c = classify(w->text.p + w->next);
    }
    alnum = c.alpha | c.digit;
    w->left = (c.alpha & ~(alnum << 1 | w->alnum)) | (c.digit & ~(c.digit << 1 | w->digit));
    w->alnum = alnum >> (BLOCK - 1);
    w->digit = c.digit >> (BLOCK - 1);
    w->next += BLOCK;
}

bool starts_next(struct starts *io, size_t *ret_at)
{
    while (!io->left) {
        if (io->next >= io->text.n)
            return false;
        judge(io);
    }
    *ret_at = io->next - BLOCK + (size_t)__builtin_ctzll(io->left);
    io->left &= io->left - 1;
    return true;
}

/* Two bytes say nothing of the third, and '~' is any letter or none. */
static bool is_short(const char *word)
{
    for (size_t i = 1; i < 3; i++)
        if (!word[i] || word[i] == '~')
            return true;
    return false;
}

void beginnings_add(struct beginnings *io, const char *const *words)
{
    for (; *words; words++) {
        const char *w = *words;
        uint64_t bits = is_short(w) ? UINT64_MAX : UINT64_C(1) << beginnings_bit(w[1], w[2]);

        io->rest[w[0] & 127] |= bits;
    }
}
