#include "block_plain.h"
#include "core/block.h"
#include "test.h"

static void each_byte_is_judged_alike_with_and_without_simd(void **state)
{
    static const struct {
        char from;
        int n;
    } ranges[] = { { '0', 10 }, { 'a', 26 }, { '\0', 0x20 }, { '\x80', 0x40 }, { 'A', 127 } };

    (void)state;
    for (int round = 0; round < 256; round++) {
        char p[BLOCK];
        struct block b;

        for (int i = 0; i < BLOCK; i++) /* every byte at every place, in 256 rounds */
            p[i] = (char)(round + i * 37);
        b = block_at(p);
        CHECK_ROW(block_high(b) == plain_high(p), round);
        CHECK_ROW(block_alpha(b) == plain_alpha(p), round);
        CHECK_ROW(block_alnum(b) == plain_alnum(p), round);
        CHECK_ROW(block_word(b) == plain_word(p), round);
        CHECK_ROW(block_bits(block_not_from(b, ' ')) == plain_not_from(p, ' '), round);
        CHECK_ROW(block_eq(b, (char)round) == plain_eq(p, (char)round), round);
        for (size_t k = 0; k < ARRAY_LEN(ranges); k++)
            CHECK_ROW(block_in(b, ranges[k].from, ranges[k].n)
                          == plain_in(p, ranges[k].from, ranges[k].n),
                      round);
    }
}

static void a_mask_says_what_the_functions_of_one_byte_say(void **state)
{
    char p[4 * BLOCK];

    (void)state;
    for (int i = 0; i < 4 * BLOCK; i++)
        p[i] = (char)i;
    for (int at = 0; at < 4 * BLOCK; at += BLOCK) {
        struct block b = block_at(p + at);

        for (int i = 0; i < BLOCK; i++) {
            CHECK_ROW((block_alpha(b) >> i & 1) == ascii_is_alpha(p[at + i]), at + i);
            CHECK_ROW((block_digit(b) >> i & 1) == ascii_is_digit(p[at + i]), at + i);
            CHECK_ROW((block_alnum(b) >> i & 1) == ascii_is_alnum(p[at + i]), at + i);
            CHECK_ROW((block_word(b) >> i & 1) == byte_is_word(p[at + i]), at + i);
            CHECK_ROW((block_bits(block_not_from(b, 1)) >> i & 1) == ((signed char)p[at + i] < 1),
                      at + i);
            CHECK_ROW((block_bits(block_or(block_is(b, 'a'), block_is(b, '\n'))) >> i & 1)
                          == (p[at + i] == 'a' || p[at + i] == '\n'),
                      at + i);
        }
    }
}

static void a_byte_is_folded_as_words_compare(void **state)
{
    char p[4 * BLOCK], plain[BLOCK];

    (void)state;
    for (int i = 0; i < 4 * BLOCK; i++)
        p[i] = (char)i;
    for (int at = 0; at < 4 * BLOCK; at += BLOCK) {
        struct block b = block_fold(block_at(p + at));

        plain_fold(p + at, plain);
        CHECK_ROW(memcmp(&b, plain, BLOCK) == 0, at);
        for (int i = 0; i < BLOCK; i++)
            CHECK_ROW(plain[i] == (p[at + i] == '-' ? ' ' : ascii_lower(p[at + i])), at + i);
    }
}

static void zeros_stand_behind_the_end(void **state)
{
    char p[BLOCK + 10];

    (void)state;
    memset(p, 'x', sizeof(p));
    CHECK(block_eq(block_of((struct str){ p, sizeof(p) }, 10), 'x') == UINT64_MAX);
    CHECK(block_eq(block_of((struct str){ p, sizeof(p) }, BLOCK), 'x') == block_upto(10));
    CHECK(block_eq(block_of((struct str){ p, 7 }, 3), '\0') == ~block_upto(4));
}

RUN_TESTS(TEST(each_byte_is_judged_alike_with_and_without_simd),
          TEST(a_mask_says_what_the_functions_of_one_byte_say),
          TEST(a_byte_is_folded_as_words_compare), TEST(zeros_stand_behind_the_end))
