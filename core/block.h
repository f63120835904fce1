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

/* The bytes of x that are c; of the `n` from `from` on; bit 7 of a byte says yes. */
static inline __m128i block_eq16(__m128i x, char c)
{
    return _mm_cmpeq_epi8(x, _mm_set1_epi8(c));
}

static inline __m128i block_in16(__m128i x, char from, int n)
{
    /* A signed compare, after the range was moved to the least values. */
    return _mm_cmplt_epi8(_mm_add_epi8(x, _mm_set1_epi8((char)(-128 - from))),
                          _mm_set1_epi8((char)(n - 128)));
}

static inline __m128i block_word16(__m128i x)
{
    __m128i alpha = block_in16(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 26);

    return _mm_or_si128(_mm_or_si128(alpha, block_in16(x, '0', 10)),
                        _mm_or_si128(block_eq16(x, '_'), x));
}

/* Bytes that are c. */
static inline uint64_t block_eq(struct block b, char c)
{
    return block_mask(block_eq16(b.x[0], c), block_eq16(b.x[1], c), block_eq16(b.x[2], c),
                      block_eq16(b.x[3], c));
}

/* Bytes of the `n` from `from` on (n <= 127). */
static inline uint64_t block_in(struct block b, char from, int n)
{
    return block_mask(block_in16(b.x[0], from, n), block_in16(b.x[1], from, n),
                      block_in16(b.x[2], from, n), block_in16(b.x[3], from, n));
}

/* Bytes >= 0x80. */
static inline uint64_t block_high(struct block b)
{
    return block_mask(b.x[0], b.x[1], b.x[2], b.x[3]);
}

/* As byte_is_word(). */
static inline uint64_t block_word(struct block b)
{
    return block_mask(block_word16(b.x[0]), block_word16(b.x[1]), block_word16(b.x[2]),
                      block_word16(b.x[3]));
}

/* The block with bit 0x20 of each byte set: a capital letter becomes the small one. */
static inline struct block block_small(struct block block)
{
    for (int i = 0; i < 4; i++)
        block.x[i] = _mm_or_si128(block.x[i], _mm_set1_epi8(0x20));
    return block;
}

/* As words compare: capital letters as small ones, a hyphen as a blank. */
static inline struct block block_fold(struct block block)
{
    for (int i = 0; i < 4; i++) {
        __m128i x = block.x[i], hyphen = block_eq16(x, '-');

        x = _mm_or_si128(x, _mm_and_si128(block_in16(x, 'A', 26), _mm_set1_epi8(0x20)));
        block.x[i] = _mm_xor_si128(x, _mm_and_si128(hyphen, _mm_set1_epi8('-' ^ ' ')));
    }
    return block;
}
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

static inline uint64_t block_word(struct block block)
{
    uint64_t mask = 0;

    for (int i = 0; i < BLOCK; i++)
        mask |= (uint64_t)byte_is_word((char)block.x[i]) << i;
    return mask;
}

static inline struct block block_small(struct block block)
{
    for (int i = 0; i < BLOCK; i++)
        block.x[i] |= 0x20;
    return block;
}

static inline struct block block_fold(struct block block)
{
    for (int i = 0; i < BLOCK; i++)
        block.x[i] = block.x[i] == '-' ? ' ' : (unsigned char)ascii_lower((char)block.x[i]);
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

/* The last. */
static inline unsigned block_last(uint64_t mask)
{
    return BLOCK - 1 - (unsigned)__builtin_clzll(mask);
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

#endif
