#include "parsers/posting_line.h"

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/flat_json.h"
#include "test.h"

static void a_line_gives_its_posting(void **state)
{
    static const struct {
        const char *line, *id, *title, *place, *text;
    } rows[] = {
        { "{\"id\": 42, \"title\": \"SRE\", \"location\": \"Pune\", \"description\": \"a\\nb\"}",
          "42", "SRE", "Pune", "a\nb" },
        { "{\"id\":\"x\",\"title\":null,\"location\":[\"Goa\",1,null],\"skills\":[],\"n\":-1.5e3}",
          "x", "", "Goa", "" },
        { " { \"id\" : \"\\u0915\\ud83d\\ude80\\\\\\/\" , \"description\" : \"\\u00e9\\t\\\"\" } ",
          "\xE0\xA4\x95\xF0\x9F\x9A\x80\\/", "", "", "\xC3\xA9\t\"" },
        { "{\"id\":\"a\",\"id\":\"b\",\"title\":\"t\",\"title\":null}", "b", "", "", "" },
        { "{\"id\":\"7\",\"org\":{\"id\":\"8\"},\"description\":\"<p>x</p>\","
          "\"desc_format\":\"html\"}",
          "7", "", "", "x" },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct posting_line p = { 0 };
        struct diag d = { 0 };

        CHECK_ROW(posting_line_read(str_of(rows[i].line), &a, &p, &d) == 0, i);
        CHECK_STR(p.id, str_of(rows[i].id), i);
        CHECK_STR(p.listing.title, str_of(rows[i].title), i);
        CHECK_STR(p.listing.places.n ? p.listing.places.items[0] : STR(""), str_of(rows[i].place),
                  i);
        CHECK_STR(p.listing.text, str_of(rows[i].text), i);
    }
}

static void what_is_wrong_is_said(void **state)
{
    static const struct {
        const char *line, *says;
    } rows[] = {
        { "", "ends too early" },
        { "[]", "not a JSON object" },
        { "{\"id\":\"1\"} x", "not JSON" },
        { "{\"id\":\"1\",}", "not JSON" },
        { "{\"id\":01}", "not JSON" },
        { "{\"id\":\"a\nb\"}", "" }, /* json-c takes a raw line break */
        { "{\"id\":true}", "id: want a text, not boolean" },
        { "{\"id\":\"1\",\"title\":[\"x\"]}", "title: want a text, not array" },
        { "{\"id\":\"1\",\"title\":{}}", "title: want a text, not object" },
        { "{\"title\":\"x\"}", "without id" },
        { "{\"id\":\"1\",\"desc_format\":\"pdf\"}", "desc_format" },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct posting_line p = { 0 };
        struct diag d = { 0 };
        int err = posting_line_read(str_of(rows[i].line), &a, &p, &d);

        CHECK_ROW((err == 0) == (rows[i].says[0] == '\0'), i);
        CHECK_ROW(str_find(str_of(d.text), str_of(rows[i].says)) >= 0, i);
    }
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* The line with an object in front, which only json-c reads. */
static struct str made_deep(struct arena *a, struct str line)
{
    struct str rest = str_from(line, 1);

    return str_printf(a, "{\"zz\":{}%s" STR_FMT, str_starts(str_trim(rest), STR("}")) ? "" : ",",
                      STR_ARG(rest));
}

static bool same_posting(const struct posting_line *x, const struct posting_line *y)
{
    const struct listing *l = &x->listing, *m = &y->listing;
    bool same = str_eq(x->id, y->id) && str_eq(l->title, m->title) && str_eq(l->text, m->text)
                && str_eq(l->salary, m->salary) && l->places.n == m->places.n;

    for (size_t i = 0; same && i < l->places.n; i++)
        same = str_eq(l->places.items[i], m->places.items[i]);
    return same;
}

/* Lines with a few bytes changed, each as it is and as one that only json-c reads. */
static void the_quick_way_says_what_json_c_says(void **state)
{
    static const char *const lines[] = {
        "{\"id\": 4200, \"title\": \"Sr. ML\\/Ops \\u00e9\", \"location\": [\"Pune\", \"G\\noa\"],"
        " \"salary\": -12, \"description\": \"One\\n\\nTwo \\ud83d\\ude80 \\\"three\\\" and more"
        " that goes on for longer than a block has bytes\", \"x\": [1, -2.5e+3, true, null]}",
        "{\"a\":[],\"b\":\"\",\"id\":\"0\",\"title\":\"\\\\\",\"n\":0.5,\"location\":\"X\"} ",
        "{}",
    };
    static const char bytes[] = "{}[]\",:\\\\u0019dDeE+-. ntfax\x01\x7F\xC3\xA9";
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    uint32_t seed = 3;
    size_t read = 0;

    (void)state;
    for (int round = 0; round < 15000; round++) {
        struct str base = str_of(lines[round % ARRAY_LEN(lines)]);
        char *line = str_cstr(&a, base);
        struct posting_line quick = { 0 }, slow = { 0 };
        struct diag d = { 0 };
        int err;

        for (uint32_t k = next_random(&seed) % 4; k > 0; k--)
            line[1 + next_random(&seed) % (base.n - 1)] =
                bytes[next_random(&seed) % (sizeof(bytes) - 1)];
        err = posting_line_read((struct str){ line, base.n }, &a, &quick, &d);
        CHECK_ROW(posting_line_read(made_deep(&a, (struct str){ line, base.n }), &a, &slow, &d)
                      == err,
                  round);
        CHECK_ROW(err || same_posting(&quick, &slow), round);
        read += !err;
        if (round % 100 == 0)
            arena_reset(&a);
    }
    CHECK(read > 3000 && read < 12000); /* else the changes changed nothing, or all */
}

static void plain_lines_need_no_json_c(void **state)
{
    static const struct {
        const char *line;
        bool read;
    } rows[] = {
        { "{}", true },
        { "{\"k\":\"v\",\"o\":[1,\"x\",null]}", true },
        { "{\"k\":12}", true },
        { "{\"k\":1.50}", false }, /* json-c decides how a number is written */
        { "{\"k\":true}", false },
        { "{\"o\":{}}", false },
        { "{\"o\":[[]]}", false },
        { "{\"k\":\"\\ud83d\"}", false },
        { "{\"k\":\"\\u0000\"}", false },
        { "{\"k\":\"v\"", false },
    };
    static const struct str key = { "k", 1 };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct flat_value v;

        CHECK_ROW(flat_json_read(str_of(rows[i].line), &key, 1, &a, &v) == rows[i].read, i);
    }
}

RUN_TESTS(TEST(a_line_gives_its_posting), TEST(what_is_wrong_is_said),
          TEST(the_quick_way_says_what_json_c_says), TEST(plain_lines_need_no_json_c))
