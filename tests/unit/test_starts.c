/* A regex that is tried only where its matches may begin finds what it finds anywhere. */
#include "parsers/starts.h"
#include "test.h"

static void the_first_match_is_the_same(void **state)
{
    static const char *const regexes[] = {
        "\\bml ?ops\\b",
        "\\b(?:ml|machine[ -]learning|a\\.i\\.)\\b",
        "\\b(?:engineer|sde)[ -]{0,3}(?:iii|3)|\\bsenior",
        "(?<!data )(?<!product )\\bmanager\\b",
        "\\b(?<!causal )inference\\b.{0,20}\\bengineer\\b",
        "\\b_x|\\bc\\+\\+",
        "ops\\b",
        "\\bml|ops",
        "(?<=ml )ops",
        "\\b(?-i:AI)\\b",
        "\\b[-/]ops",
        "\\b[|]?ops|x",
        "(?:\\b[a-z]+ ?[/|] ?){2,}ops",
        "(?:.*\\b(?:engineer|ops)\\b){2}",
    };
    static const char *const texts[] = {
        "",
        "ops",
        "x",
        "MLOps Engineer",
        "Senior ML Ops Engineer III",
        "HTML ops, devops",
        "sde-3 / machine-learning",
        "A.I. or ai, AI",
        "data manager; Manager, product manager",
        "Causal Inference Engineer",
        "engineer, inference for engineers: inference engineer",
        "_x c++ 3c++ _xc++",
        "dev-ops dev/ops",
        "sre / dev | ml/ops",
        "\xC3\xA9mlops \xC3\xA9 ml",
        "ml\nops",
    };

    (void)state;
    for (size_t r = 0; r < ARRAY_LEN(regexes); r++) {
        struct pattern *plain = NULL;
        struct starts starts;
        struct diag d = { 0 };

        CHECK_ROW(!starts_compile(&starts, str_of(regexes[r]), &d), r);
        CHECK_ROW(!pattern_compile(&plain, str_of(regexes[r]), 0, &d), r);
        for (size_t t = 0; t < ARRAY_LEN(texts); t++) {
            struct pattern_match got = { 0 }, want = { 0 };
            struct starts_text text;

            starts_read(str_of(texts[t]), &text);
            CHECK_ROW(starts_find(&starts, &text, &got, &d)
                          == pattern_find(plain, text.text, 0, &want, &d),
                      r * 100 + t);
            CHECK_ROW(got.start == want.start && got.end == want.end, r * 100 + t);
        }
        starts_release(&starts);
        pattern_free(&plain);
    }
}

static void most_words_of_a_text_are_left_out(void **state)
{
    struct starts s;
    struct diag d = { 0 };

    (void)state;
    CHECK(!starts_compile(&s, STR("\\b(?:ml|sde)\\b"), &d));
    CHECK(!s.anywhere);
    CHECK(s.second['m' & 31] == (1U | 1U << ('l' & 31)));
    CHECK(s.second['s' & 31] == (1U | 1U << ('d' & 31)));
    CHECK(!s.second['e' & 31]);
    starts_release(&s);
}

RUN_TESTS(TEST(the_first_match_is_the_same), TEST(most_words_of_a_text_are_left_out))
