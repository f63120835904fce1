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
 * Where several questions make one, their answers are joined before they become a mask, which is
 * the dearest step: block_bits(block_or(block_is(b, '.'), block_is(b, '\n'))).
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

/* Bytes that an answer names: bit 7 of each says so. */
struct block_bytes {
    __m128i x[4];
};

static inline __m128i block_is16(__m128i x, char c)
{
    return _mm_cmpeq_epi8(x, _mm_set1_epi8(c));
}

static inline __m128i block_among16(__m128i x, char from, int n)
{
    /* A signed compare, after the range was moved to the least values. */
    return _mm_cmplt_epi8(_mm_add_epi8(x, _mm_set1_epi8((char)(-128 - from))),
                          _mm_set1_epi8((char)(n - 128)));
}

static inline __m128i block_not_from16(__m128i x, char c)
{
    return _mm_cmplt_epi8(x, _mm_set1_epi8(c));
}

/* Bytes that are c. */
static inline struct block_bytes block_is(struct block b, char c)
{
    return (struct block_bytes){ { block_is16(b.x[0], c), block_is16(b.x[1], c),
                                   block_is16(b.x[2], c), block_is16(b.x[3], c) } };
}

/* Bytes of the `n` from `from` on (n <= 127). */
static inline struct block_bytes block_among(struct block b, char from, int n)
{
    return (struct block_bytes){ { block_among16(b.x[0], from, n), block_among16(b.x[1], from, n),
                                   block_among16(b.x[2], from, n),
                                   block_among16(b.x[3], from, n) } };
}

/* Bytes >= 0x80. */
static inline struct block_bytes block_beyond(struct block b)
{
    return (struct block_bytes){ { b.x[0], b.x[1], b.x[2], b.x[3] } };
}

/* Bytes < c, and those >= 0x80 (c < 0x80): what is no plain text. */
static inline struct block_bytes block_not_from(struct block b, char c)
{
    return (struct block_bytes){ { block_not_from16(b.x[0], c), block_not_from16(b.x[1], c),
                                   block_not_from16(b.x[2], c), block_not_from16(b.x[3], c) } };
}

static inline struct block_bytes block_or(struct block_bytes a, struct block_bytes b)
{
    return (struct block_bytes){ { _mm_or_si128(a.x[0], b.x[0]), _mm_or_si128(a.x[1], b.x[1]),
                                   _mm_or_si128(a.x[2], b.x[2]), _mm_or_si128(a.x[3], b.x[3]) } };
}

/* Whether they are none. */
static inline bool block_none(struct block_bytes b)
{
    return !_mm_movemask_epi8(
        _mm_or_si128(_mm_or_si128(b.x[0], b.x[1]), _mm_or_si128(b.x[2], b.x[3])));
}

static inline uint64_t block_bits(struct block_bytes b)
{
    uint64_t low = (uint32_t)_mm_movemask_epi8(b.x[0]) | (uint32_t)_mm_movemask_epi8(b.x[1]) << 16;
    uint64_t high = (uint32_t)_mm_movemask_epi8(b.x[2]) | (uint32_t)_mm_movemask_epi8(b.x[3]) << 16;

    return low | high << 32;
}

static inline __m128i block_small16(__m128i x)
{
    return _mm_or_si128(x, _mm_set1_epi8(0x20));
}

static inline __m128i block_fold16(__m128i x)
{
    __m128i hyphen = _mm_and_si128(block_is16(x, '-'), _mm_set1_epi8('-' ^ ' '));
    __m128i capital = _mm_and_si128(block_among16(x, 'A', 26), _mm_set1_epi8(0x20));

    return _mm_xor_si128(_mm_or_si128(x, capital), hyphen);
}

/* The block with bit 0x20 of each byte set: a capital letter becomes the small one. */
static inline struct block block_small(struct block b)
{
    return (struct block){ { block_small16(b.x[0]), block_small16(b.x[1]), block_small16(b.x[2]),
                             block_small16(b.x[3]) } };
}

/* As words compare: capital letters as small ones, a hyphen as a blank. */
static inline struct block block_fold(struct block b)
{
    return (struct block){ { block_fold16(b.x[0]), block_fold16(b.x[1]), block_fold16(b.x[2]),
                             block_fold16(b.x[3]) } };
}
#else
struct block {
    unsigned char x[BLOCK];
};

struct block_bytes {
    uint64_t bits;
};

static inline struct block_bytes block_is(struct block block, char c)
{
    struct block_bytes ret = { 0 };

    for (int i = 0; i < BLOCK; i++)
        ret.bits |= (uint64_t)(block.x[i] == (unsigned char)c) << i;
    return ret;
}

static inline struct block_bytes block_among(struct block block, char from, int n)
{
    struct block_bytes ret = { 0 };

    for (int i = 0; i < BLOCK; i++)
        ret.bits |= (uint64_t)((unsigned char)(block.x[i] - (unsigned char)from) < n) << i;
    return ret;
}

static inline struct block_bytes block_beyond(struct block block)
{
    struct block_bytes ret = { 0 };

    for (int i = 0; i < BLOCK; i++)
        ret.bits |= (uint64_t)(block.x[i] >= 0x80) << i;
    return ret;
}

static inline struct block_bytes block_not_from(struct block block, char c)
{
    struct block_bytes ret = { 0 };

    for (int i = 0; i < BLOCK; i++)
        ret.bits |= (uint64_t)((signed char)block.x[i] < c) << i;
    return ret;
}

static inline struct block_bytes block_or(struct block_bytes a, struct block_bytes b)
{
    return (struct block_bytes){ a.bits | b.bits };
}

static inline bool block_none(struct block_bytes b)
{
    return !b.bits;
}

static inline uint64_t block_bits(struct block_bytes b)
{
    return b.bits;
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

/* The same as masks. */
static inline uint64_t block_eq(struct block b, char c)
{
    return block_bits(block_is(b, c));
}

static inline uint64_t block_in(struct block b, char from, int n)
{
    return block_bits(block_among(b, from, n));
}

static inline uint64_t block_high(struct block b)
{
    return block_bits(block_beyond(b));
}

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
    if (s.n - at < BLOCK) {
        struct block last = { 0 };

        memcpy(&last, s.p + at, s.n - at);
        return last;
    }
    return block_at(s.p + at);
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

/* Letters and digits of ASCII; together. */
static inline uint64_t block_alpha(struct block block)
{
    return block_in(block_small(block), 'a', 26);
}

static inline uint64_t block_digit(struct block block)
{
    return block_in(block, '0', 10);
}

static inline struct block_bytes block_alnums(struct block block)
{
    return block_or(block_among(block_small(block), 'a', 26), block_among(block, '0', 10));
}

static inline uint64_t block_alnum(struct block block)
{
    return block_bits(block_alnums(block));
}

/* As byte_is_word(). */
static inline uint64_t block_word(struct block block)
{
    return block_bits(
        block_or(block_alnums(block), block_or(block_is(block, '_'), block_beyond(block))));
}

#endif
