#include "parsers/starts.h"

#include "parsers/scan.h"
#include "test.h"

/* Of every byte, those of UTF-8 among them; a length that is no multiple of a block's. */
enum { LENGTH = 1000 };

static struct str scrambled(char text[LENGTH], size_t n)
{
    static const char bytes[] = "aZz09 -.\n_\xC3\xA9@[`{/:one ten Rs5";
    uint32_t seed = 7 + (uint32_t)n;

    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525 + 1013904223;
        text[i] = bytes[(seed >> 8) % (sizeof(bytes) - 1)];
    }
    return (struct str){ text, n };
}

static bool begins(struct str s, size_t at)
{
    char before = at ? s.p[at - 1] : ' ';

    return ascii_is_digit(s.p[at]) ? !ascii_is_digit(before)
                                   : ascii_is_alpha(s.p[at]) && !ascii_is_alnum(before);
}

static void words_and_numbers_begin_where_byte_by_byte_says(void **state)
{
    char text[LENGTH];

    (void)state;
    for (size_t n = 0; n < LENGTH; n += 13) {
        struct str s = scrambled(text, n);
        struct starts walk = { .text = s };
        size_t at, want = 0;

        while (starts_next(&walk, &at)) {
            while (want < n && !begins(s, want))
                want++;
            CHECK_ROW(at == want, n);
            want++;
        }
        while (want < n && !begins(s, want))
            want++;
        CHECK_ROW(want >= n, n);
    }
}

static void no_word_is_missed_by_its_beginning(void **state)
{
    static const char *const words[] = { "c",    "pa",   "b~", "per year", "one", "\xE2\x82\xB9",
                                         "rs.~", "100%", "$",  NULL };
    static const char *const texts[] = { "C",    "pa",          "PA 5", "bachelor",
                                         "b.",   "Per Year",    "ONE",  "\xE2\x82\xB9 5",
                                         "Rs.5", "100% remote", "$",    "$5" };
    struct beginnings begin = { 0 };

    (void)state;
    beginnings_add(&begin, words);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CHECK_ROW(scan_one_of(str_of(texts[i]), 0, words), i);
        CHECK_ROW(beginnings_at(&begin, str_of(texts[i]), 0), i);
    }
    CHECK(!beginnings_at(&begin, STR("the"), 0));
    CHECK(!beginnings_at(&begin, STR("only"), 0));
}

RUN_TESTS(TEST(words_and_numbers_begin_where_byte_by_byte_says),
          TEST(no_word_is_missed_by_its_beginning))
