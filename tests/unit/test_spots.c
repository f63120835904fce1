#include "parsers/spots.h"

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/scan.h"
#include "spots_of.h"
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

/* What stands at a place, found without any filter. */
static bool is_spot(struct str s, size_t at, enum spot_kind kind)
{
    char before = at ? s.p[at - 1] : ' ';
    struct number n;

    if (kind == SPOT_DIGIT)
        return ascii_is_digit(s.p[at]) && !ascii_is_digit(before);
    return !ascii_is_alnum(before) && !ascii_is_digit(s.p[at]) && scan_number(s, at, &n);
}

static void no_number_is_missed_and_no_place_named_twice(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    char text[LENGTH];

    (void)state;
    for (size_t n = 0; n < LENGTH; n += 13) {
        struct str s = scrambled(text, n);
        struct spots spots = spots_of(&a, s);
        size_t k = 0;

        for (size_t at = 0; at < n; at++) {
            uint32_t kinds = k < spots.n && spots.items[k].at == at ? spots.items[k].kinds : 0;

            k += kinds != 0;
            CHECK_ROW(is_spot(s, at, SPOT_DIGIT) == !!(kinds & SPOT_DIGIT), n);
            CHECK_ROW(!is_spot(s, at, SPOT_NUMBER) || kinds & SPOT_NUMBER, n);
        }
        CHECK_ROW(k == spots.n, n);
    }
}

/* Each where it begins behind `n` other bytes, so that no edge of a block hides it. */
static void what_readers_ask_for_is_a_spot_wherever_it_stands(void **state)
{
    static const struct {
        const char *text;
        uint32_t kind;
    } rows[] = {
        { "twelve", SPOT_NUMBER },
        { "Remote role", SPOT_ANY_MODE },
        { "100% remote", SPOT_ANY_MODE },
        { "Job Location: X", SPOT_PLACE },
        { "7", SPOT_DIGIT },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (size_t n = 0; n < 130; n++) {
            struct str s = str_printf(&a, "%*s%s", (int)n, "", rows[i].text);
            struct spots spots = spots_of(&a, s);

            CHECK_ROW(spots.n && spots.items[0].at == n && spots.items[0].kinds & rows[i].kind, i);
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

RUN_TESTS(TEST(no_number_is_missed_and_no_place_named_twice),
          TEST(what_readers_ask_for_is_a_spot_wherever_it_stands),
          TEST(no_word_is_missed_by_its_beginning))
