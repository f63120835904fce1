#include "cli/spark.h"

#include <math.h>

#include "test.h"

static void a_line_shows_low_to_high_and_gaps_as_dots(void **state)
{
    static const struct {
        double values[6];
        size_t n;
        const char *blocks, *plain;
    } rows[] = {
        { { 0, 1, 2, 3, 5, 7 }, 6, "▁▂▃▄▆█", "012357" },
        { { 100, NAN, 107, 103.5 }, 4, "▁.█▅", "0.74" },
        { { 5, 5, 5 }, 3, "▅▅▅", "444" },
        { { NAN, NAN }, 2, "..", ".." },
        { { 0 }, 0, "", "" },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CHECK_STR(spark_line(&a, rows[i].values, rows[i].n, true), str_of(rows[i].blocks), i);
        CHECK_STR(spark_line(&a, rows[i].values, rows[i].n, false), str_of(rows[i].plain), i);
    }
    arena_free(&a);
}

static void a_bar_is_as_long_as_its_share(void **state)
{
    static const struct {
        double value;
        const char *blocks, *plain;
    } rows[] = {
        { 0, "", "" },    { 1, "████", "####" }, { .5, "██", "##" },      { .28, "█▏", "#" },
        { .03, "▏", "" }, { NAN, "", "" },       { 1.5, "████", "####" }, { -1, "", "" },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CHECK_STR(spark_bar(&a, rows[i].value, 4, true), str_of(rows[i].blocks), i);
        CHECK_STR(spark_bar(&a, rows[i].value, 4, false), str_of(rows[i].plain), i);
    }
    arena_free(&a);
}

RUN_TESTS(TEST(a_line_shows_low_to_high_and_gaps_as_dots), TEST(a_bar_is_as_long_as_its_share))
