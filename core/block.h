#ifndef CORE_BLOCK_H
#define CORE_BLOCK_H

#include <stdint.h>

#include "core/str.h"

/*
 * Sixty-four bytes of a text judged at once. Each question gives a mask: bit i says it of byte i,
 * so that a reader goes from candidate to candidate and not from byte to byte:
 *
 *     for (size_t at = 0; at < s.n; at += BLOCK)
 *         for (uint64_t left = block_eq(block_of(s, at), '\n'); left; left &= left - 1)
 *             ... at + block_first(left)
 *
 * SSE2 where there is SSE2 (any x86-64), byte by byte elsewhere and where BLOCK_PLAIN is defined;
 * a test holds the two equal.
 */
enum { BLOCK = 64 };

#if defined(__SSE2__) && !defined(BLOCK_PLAIN)
#include <emmintrin.h>

struct block {
    __m128i x[4];
};

static inline uint64_t block_mask(__m128i a, __m128i b, __m128i c, __m128i d)
{
    uint64_t low = (uint32_t)_mm_movemask_epi8(a) | (uint32_t)_mm_movemask_epi8(b) << 16;
    uint64_t high = (uint32_t)_mm_movemask_epi8(c) | (uint32_t)_mm_movemask_epi8(d) << 16;

    return low | high << 32;
}

#define BLOCK_EACH(f) block_mask(f(block.x[0]), f(block.x[1]), f(block.x[2]), f(block.x[3]))

/* Bytes that are c. */
static inline uint64_t block_eq(struct block block, char c)
{
    const __m128i want = _mm_set1_epi8(c);

#define BLOCK_IS(x) _mm_cmpeq_epi8(x, want)
    return BLOCK_EACH(BLOCK_IS);
#undef BLOCK_IS
}

/* Bytes of the `n` from `from` on (n <= 127). */
static inline uint64_t block_in(struct block block, char from, int n)
{
    /* A signed compare, after the range was moved to the least values. */
    const __m128i move = _mm_set1_epi8((char)(-128 - from)), end = _mm_set1_epi8((char)(n - 128));

#define BLOCK_IS(x) _mm_cmplt_epi8(_mm_add_epi8(x, move), end)
    return BLOCK_EACH(BLOCK_IS);
#undef BLOCK_IS
}

/* Bytes >= 0x80. */
static inline uint64_t block_high(struct block block)
{
#define BLOCK_IS(x) (x)
    return BLOCK_EACH(BLOCK_IS);
#undef BLOCK_IS
}

/* The block with bit 0x20 of each byte set: a capital letter becomes the small one. */
static inline struct block block_small(struct block block)
{
    for (int i = 0; i < 4; i++)
        block.x[i] = _mm_or_si128(block.x[i], _mm_set1_epi8(0x20));
    return block;
}
#undef BLOCK_EACH
#else
struct block {
    unsigned char x[BLOCK];
};

static inline uint64_t block_eq(struct block block, char c)
{
    uint64_t mask = 0;

    for (int i = 0; i < BLOCK; i++)
        mask |= (uint64_t)(block.x[i] == (unsigned char)c) << i;
    return mask;
}

static inline uint64_t block_in(struct block block, char from, int n)
{
    uint64_t mask = 0;

    for (int i = 0; i < BLOCK; i++)
        mask |= (uint64_t)((unsigned char)(block.x[i] - (unsigned char)from) < n) << i;
    return mask;
}

static inline uint64_t block_high(struct block block)
{
    uint64_t mask = 0;

    for (int i = 0; i < BLOCK; i++)
        mask |= (uint64_t)(block.x[i] >= 0x80) << i;
    return mask;
}

static inline struct block block_small(struct block block)
{
    for (int i = 0; i < BLOCK; i++)
        block.x[i] |= 0x20;
    return block;
}
#endif

/* The 64 bytes at p, all of which may be read. */
static inline struct block block_at(const char *p)
{
    struct block block;

    memcpy(&block, p, sizeof(block));
    return block;
}

/* The 64 bytes of s from `at` on; zeros stand for what is behind its end. */
static inline struct block block_of(struct str s, size_t at)
{
    struct block block = { 0 };

    if (s.n - at >= BLOCK)
        return block_at(s.p + at);
    memcpy(&block, s.p + at, s.n - at);
    return block;
}

/* The first place that a mask names; it names one. */
static inline unsigned block_first(uint64_t mask)
{
    return (unsigned)__builtin_ctzll(mask);
}

/* The first n places (n < 64). */
static inline uint64_t block_upto(size_t n)
{
    return (UINT64_C(1) << n) - 1;
}

/* Letters and digits of ASCII. */
static inline uint64_t block_alpha(struct block block)
{
    return block_in(block_small(block), 'a', 26);
}

static inline uint64_t block_digit(struct block block)
{
    return block_in(block, '0', 10);
}

/* As byte_is_word(). */
static inline uint64_t block_word(struct block block)
{
    return block_alpha(block) | block_digit(block) | block_eq(block, '_') | block_high(block);
}

#endif
