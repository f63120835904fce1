#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "core/format.h"
#include "core/hash.h"
#include "core/json_out.h"
#include "core/signal.h"
#include "core/table.h"
#include "core/utf8.h"
#include "test.h"

static void dates_are_read_in_the_forms_that_boards_use(void **state)
{
    static const struct {
        const char *text;
        bool http, ok;
        int64_t want;
    } rows[] = {
        { "2026-11-23T21:54:00Z", false, true, 1795470840 },
        { "2026-11-23T21:54:00.123+05:30", false, true, 1795451040 },
        { "2026-11-23T21:54:00+0530", false, true, 1795451040 },
        { "2026-11-23 21:54:00 UTC", false, true, 1795470840 },
        { "2026-11-23", false, true, 1795392000 },
        { "2026-02-29", false, false, 0 },
        { "2028-02-29", false, true, 1835395200 },
        { "2026-11-23T21:54:00+05:30x", false, false, 0 },
        { "23 Nov 2026", false, false, 0 },
        { "", false, false, 0 },
        { "Mon, 23 Nov 2026 21:54:00 GMT", true, true, 1795470840 },
        { "23 Nov 2026 21:54:00 +0530", true, true, 1795451040 },
        { "Mon, 3 Nov 2026 00:00:00 GMT", true, true, 1793664000 },
        { "Mon, 23 Nov", true, false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t got = 0;
        struct str s = str_of(rows[i].text);
        bool ok = rows[i].http ? date_parse_http(s, &got) : date_parse_iso(s, &got);

        CHECK_ROW(ok == rows[i].ok, i);
        CHECK_ROW(got == rows[i].want, i);
    }
}

static void a_day_begins_at_midnight_in_kolkata(void **state)
{
    char text[DATE_TEXT];
    int64_t day;

    (void)state;
    CHECK(day_parse(STR("2026-11-24"), &day));
    CHECK(day_of(day_start(day)) == day && day_of(day_start(day) - 1) == day - 1);
    date_format_iso(day_start(day), text);
    CHECK_STR(str_of(text), STR("2026-11-23T18:30:00Z"), 0);
    day_format(day, text);
    CHECK_STR(str_of(text), STR("2026-11-24"), 0);
}

static void a_table_finds_what_was_put_and_nothing_else(void **state)
{
    enum { NAMES = 5000 };
    struct arena a = ARENA_INIT;
    struct table t = { 0 };
    static int values[NAMES];

    (void)state;
    CHECK(!table_find(&t, STR("0")));
    for (size_t i = 0; i < NAMES; i++)
        table_put(&t, &a, str_printf(&a, "%zu", i), &values[i]);
    for (size_t i = 0; i < NAMES; i++)
        CHECK_ROW(table_find(&t, str_printf(&a, "%zu", i)) == &values[i], i);
    CHECK(t.n == NAMES && !table_find(&t, STR("5000")) && !table_find(&t, STR("")));
    arena_free(&a);
}

static void utf8_is_judged_and_repaired(void **state)
{
    static const struct {
        struct str in, out;
    } rows[] = {
        { STR("plain"), STR("plain") },
        { STR("\xE2\x82\xB9"
              "10L"),
          STR("\xE2\x82\xB9"
              "10L") },
        { STR("a\xC0\xAF"
              "b"),
          STR("a\xEF\xBF\xBD\xEF\xBF\xBD"
              "b") },
        { STR("a\0b"), STR("a\xEF\xBF\xBD"
                           "b") },
        { STR("cut\xE2\x82"), STR("cut\xEF\xBF\xBD\xEF\xBF\xBD") },
        { STR("\xED\xA0\x80"), STR("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str got = utf8_repair(&a, rows[i].in);

        CHECK_STR(got, rows[i].out, i);
        CHECK_ROW(utf8_valid(got), i);
    }
    arena_free(&a);
}

static void a_page_says_what_its_bytes_mean(void **state)
{
    static const struct {
        struct str in, out;
    } rows[] = {
        { STR("plain"), STR("plain") },
        { STR("\xE2\x82\xB9 10L"), STR("\xE2\x82\xB9 10L") },
        { STR("Caf\xE9 \x96 \x93MLOps\x94 \x80"
              "5"),
          STR("Caf\xC3\xA9 \xE2\x80\x93 \xE2\x80\x9CMLOps\xE2\x80\x9D \xE2\x82\xAC"
              "5") },
        { STR("\x81\0"), STR("\xEF\xBF\xBD\xEF\xBF\xBD") },
        { STR("\xE2\x82\xB9 and \xE2\x82\xB9, cut \xE2"),
          STR("\xE2\x82\xB9 and \xE2\x82\xB9, cut \xEF\xBF\xBD") },
        { STR("\xFF\xFE<\0\xB9\x20\x3D\xD8\x00\xDE"), STR("<\xE2\x82\xB9\xF0\x9F\x98\x80") },
        { STR("\xFE\xFF\0<\x20\xB9\xD8\x3D\xDE\x00"), STR("<\xE2\x82\xB9\xF0\x9F\x98\x80") },
        { STR("\xFF\xFE\x3D\xD8x\0y"), STR("\xEF\xBF\xBDx") },
        { STR("\xFE\xFF"), STR("") },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_STR(utf8_of_page(&a, rows[i].in), rows[i].out, i);
    arena_free(&a);
}

static void offsets_count_code_points(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct utf8_points points;
    struct str s = STR("\xE2\x82\xB9 and \xF0\x9F\x98\x80!"), all = STR("");

    (void)state;
    utf8_points_of(&a, s, &points);
    CHECK(utf8_points_before(&points, 3) == 1);
    CHECK(utf8_points_before(&points, 12) == 7);
    CHECK(utf8_count(s) == 8);
    for (int round = 0; round < 40; round++) { /* over the edges of blocks */
        utf8_points_of(&a, all, &points);
        for (size_t at = 0; at <= all.n; at++)
            CHECK_ROW(utf8_points_before(&points, at) == utf8_count(str_slice(all, 0, at)), at);
        all = str_printf(&a, STR_FMT STR_FMT, STR_ARG(all), STR_ARG(s));
    }
}

static void json_is_written_escaped_and_nested(void **state)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    struct json_out j = { .to = &b };

    (void)state;
    json_object(&j, NULL);
    json_str(&j, "a", STR("\"\\\n\x01\xFF"));
    json_array(&j, "b");
    json_int(&j, NULL, -1);
    json_num(&j, NULL, 0.5, 3);
    json_num(&j, NULL, 0.0 / 0.0, 3);
    json_object(&j, NULL);
    json_end(&j);
    json_end(&j);
    json_time(&j, "t", 1795470840);
    json_bool(&j, "c", true);
    json_end(&j);
    CHECK_STR(buf_str(&b),
              STR("{\"a\":\"\\\"\\\\\\n\\u0001\xEF\xBF\xBD\",\"b\":[-1,0.500,null,{}],"
                  "\"t\":\"2026-11-23T21:54:00Z\",\"c\":true}"),
              0);
}

/* At each place of a string of each length: eight bytes are judged at once. */
static void no_byte_that_json_escapes_is_missed(void **state)
{
    static const struct {
        char byte;
        const char *want;
    } rows[] = { { '"', "\\\"" },       { '\\', "\\\\" },      { '\0', "\\u0000" },
                 { '\x1F', "\\u001f" }, { '\x7F', "\\u007f" }, { '\xC3', "\xEF\xBF\xBD" },
                 { ' ', " " },          { '~', "~" },          { '\x21', "!" } };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (size_t n = 1; n < 20; n++)
            for (size_t at = 0; at < n; at++) {
                CLEANUP(buf_release) struct buf b = { 0 };
                struct json_out j = { .to = &b };
                char text[20];

                memset(text, 'a', sizeof(text));
                text[at] = rows[i].byte;
                json_str(&j, NULL, (struct str){ text, n });
                CHECK_STR(buf_str(&b),
                          str_printf(&a, "\"%.*s%s%.*s\"", (int)at, "aaaaaaaaaaaaaaaaaaaa",
                                     rows[i].want, (int)(n - at - 1), "aaaaaaaaaaaaaaaaaaaa"),
                          i);
            }
}

/* Whether it is the newest of the arena and grows in its place, or stands before another. */
static void two_arena_lists_grow_beside_one_another(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct {
        unsigned *items;
        size_t n, cap;
    } one = { 0 }, two = { 0 };

    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        *ARENA_PUSH(&a, &one) += i; /* what is given out is zero */
        for (unsigned k = 0; i > 1000 && k < 2; k++)
            *ARENA_PUSH(&a, &two) += i;
    }
    for (unsigned i = 0; i < 3000; i++)
        CHECK_ROW(one.items[i] == i, i);
    for (unsigned i = 0; i < two.n; i++)
        CHECK_ROW(two.items[i] == 1001 + i / 2, i);
}

static void an_arena_list_keeps_its_items_while_it_grows(void **state)
{
    struct arena a = ARENA_INIT;
    struct strs list = { 0 };

    (void)state;
    for (int i = 0; i < 1000; i++)
        *ARENA_PUSH(&a, &list) = str_printf(&a, "item %d", i);
    CHECK(list.n == 1000);
    CHECK_STR(list.items[0], STR("item 0"), 0);
    CHECK_STR(list.items[999], STR("item 999"), 0);
    arena_reset(&a);
    CHECK(arena_alloc(&a, 1, 1) != NULL);
    arena_free(&a);
}

static void names_of_words_go_both_ways(void **state)
{
    enum section s;
    enum track t;

    (void)state;
    for (int i = 0; i < SECTION_COUNT; i++)
        CHECK_ROW(section_parse(str_of(section_name((enum section)i)), &s) && (int)s == i, i);
    CHECK(track_parse(STR("llm-infra"), &t) && t == TRACK_LLM_INFRA);
    CHECK(!section_parse(STR("nonsense"), &s));
}

static void money_is_written_as_people_in_india_read_it(void **state)
{
    static const struct {
        int64_t min, max;
        const char *currency, *want;
    } rows[] = {
        { 1000000, 1900000, "INR", "₹10L-19L" },        { 1250000, 0, "INR", "from ₹12.5L" },
        { 0, 12000000, "INR", "up to ₹1.2 Cr" },        { 85000, 85000, "INR", "₹85,000" },
        { 90000, 120000, "USD", "USD 90,000-120,000" }, { 0, 0, "INR", "-" },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_STR(format_pay(&a, rows[i].min, rows[i].max, rows[i].currency), str_of(rows[i].want),
                  i);
    CHECK_STR(format_grouped(&a, 1234567), STR("12,34,567"), 0);
    CHECK_STR(format_grouped(&a, -100000), STR("-1,00,000"), 0);
    CHECK_STR(format_grouped(&a, 999), STR("999"), 0);
    CHECK_STR(format_percent(&a, 0.452), STR("45%"), 0);
    arena_free(&a);
}

static void parts_hash_apart(void **state)
{
    struct str one[] = { STR("ab"), STR("c") }, two[] = { STR("a"), STR("bc") };
    struct hash a = hash_parts(one, 2), b = hash_parts(two, 2);
    char hex[HASH_HEX];

    (void)state;
    CHECK(a.high != b.high);
    hash_hex(hash_of(STR("")), hex);
    CHECK_STR(str_of(hex), STR("99aa06d3014798d86001c324468d497f"), 0); /* XXH3's own test vector */
}

static void numbers_and_parts_become_one_text(void **state)
{
    static const struct {
        int64_t n;
        const char *text;
    } rows[] = { { 0, "0" },
                 { 7, "7" },
                 { -40, "-40" },
                 { INT64_MAX, "9223372036854775807" },
                 { INT64_MIN, "-9223372036854775808" } };
    const struct str parts[] = { STR("a"), STR(""), { NULL, 0 }, STR("bc") };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_STR(str_of_int(&a, rows[i].n), str_of(rows[i].text), i);
    CHECK_STR(str_join(&a, parts, ARRAY_LEN(parts)), STR("abc"), 0);
    CHECK(str_join(&a, parts, ARRAY_LEN(parts)).p[3] == '\0' && str_join(&a, parts, 0).n == 0);
    arena_free(&a);
}

RUN_TESTS(TEST(numbers_and_parts_become_one_text),
          TEST(dates_are_read_in_the_forms_that_boards_use),
          TEST(a_day_begins_at_midnight_in_kolkata),
          TEST(a_table_finds_what_was_put_and_nothing_else), TEST(utf8_is_judged_and_repaired),
          TEST(a_page_says_what_its_bytes_mean), TEST(offsets_count_code_points),
          TEST(json_is_written_escaped_and_nested), TEST(no_byte_that_json_escapes_is_missed),
          TEST(two_arena_lists_grow_beside_one_another),
          TEST(an_arena_list_keeps_its_items_while_it_grows), TEST(names_of_words_go_both_ways),
          TEST(money_is_written_as_people_in_india_read_it), TEST(parts_hash_apart))
