#include "parsers/pattern.h"
#include "test.h"

static void finds_and_tells_groups(void **state)
{
    static const struct {
        const char *regex, *text;
        unsigned flags;
        int want;
        uint32_t start, end;
    } rows[] = {
        { "\\bk(ubernete|8)s\\b", "we run Kubernetes", 0, PATTERN_FOUND, 7, 17 },
        { "\\bk(ubernete|8)s\\b", "we run k8sgpt", 0, 0, 0, 0 },
        { "Go\\b", "go Go", PATTERN_CASE, PATTERN_FOUND, 3, 5 },
        { "run", "we run", PATTERN_ANCHORED, 0, 0, 0 },
        { "^b$", "a\nb", PATTERN_MULTILINE, PATTERN_FOUND, 2, 3 },
        { "", "", 0, PATTERN_FOUND, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct diag d = { 0 };
        struct pattern *p = NULL;
        struct pattern_match m = { 0 };

        CHECK_ROW(pattern_compile(&p, str_of(rows[i].regex), rows[i].flags, &d) == 0, i);
        CHECK_ROW(pattern_find(p, str_of(rows[i].text), 0, &m, &d) == rows[i].want, i);
        CHECK_ROW(m.start == rows[i].start && m.end == rows[i].end, i);
        pattern_free(&p);
    }
}

static void a_bad_regex_is_blamed(void **state)
{
    struct diag d = { 0 };
    struct pattern *p = NULL;
    struct str regex = STR("a(b");

    (void)state;
    CHECK(pattern_compile(&p, regex, 0, &d) == ERR_CONFIG);
    CHECK(d.about == regex.p);
    CHECK(str_find(str_of(d.text), STR("byte 3")) >= 0);
}

static void a_hostile_text_is_bounded(void **state)
{
    struct diag d = { 0 };
    struct pattern *p = NULL;

    (void)state;
    CHECK(pattern_compile(&p, STR("^(a+)+$"), 0, &d) == 0);
    CHECK(pattern_find(p, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"), 0, NULL, &d)
          == ERR_LIMIT);
    pattern_free(&p);
}

/* By its text, wherever that stands. */
static void a_set_compiles_a_regex_once(void **state)
{
    const char one[] = "a+b", same[] = "a+b";
    struct pattern_set *set = pattern_set_new();
    const struct pattern *p = NULL, *again = NULL, *other = NULL;
    struct diag d = { 0 };

    (void)state;
    CHECK(pattern_set_find(set, str_of(one), &p, &d) == 0);
    CHECK(pattern_set_find(set, STR("a(b"), &other, &d) == ERR_CONFIG);
    CHECK(pattern_set_find(set, STR("a+c"), &other, &d) == 0);
    CHECK(pattern_set_find(set, str_of(same), &again, &d) == 0);
    CHECK(p == again && p != other);
    CHECK(pattern_matches(p, STR("xaab")) && !pattern_matches(other, STR("xaab")));
    pattern_set_free(&set);
    CHECK(!set);
}

RUN_TESTS(TEST(finds_and_tells_groups), TEST(a_bad_regex_is_blamed),
          TEST(a_hostile_text_is_bounded), TEST(a_set_compiles_a_regex_once))
