#include "parsers/title.h"
#include "test.h"

#include "cases.h"
#include "shipped_rules.h"

static struct titles *open_titles(struct arena *a, struct config *c)
{
    const struct rule_set *rules = shipped_rules(a, c);
    struct titles *t = NULL;
    struct diag d = { 0 };

    if (!rules || titles_compile(&t, rules->titles.items, rules->titles.n, &d))
        fprintf(stderr, "%s\n", d.text);
    return t;
}

static void the_rules_prove_themselves(void **state)
{
    struct arena a = ARENA_INIT;
    struct config c = { 0 };
    struct diag d = { 0 };
    CLEANUP(titles_free) struct titles *t = open_titles(&a, &c);
    size_t n = 0;

    (void)state;
    CHECK(t && titles_prove(t, &n, &d) == 0);
    CHECK_STR(str_of(d.text), STR(""), 0);
    CHECK(n > 100);
    arena_free(&a);
}

static void a_title_says_family_level_and_track(void **state)
{
    static const struct {
        const char *title;
        enum family family;
        enum level level;
        enum track track;
    } rows[] = {
        { "Senior/Lead MLOps Engineer", FAMILY_CORE, LEVEL_SENIOR, TRACK_NONE },
        { "MLOps Engineer (Lead or Senior)", FAMILY_CORE, LEVEL_SENIOR, TRACK_NONE },
        { "Junior to Senior MLOps Engineers", FAMILY_CORE, LEVEL_UNKNOWN, TRACK_NONE },
        { "MLOps Engineer, Data Engineer, Lead Designer", FAMILY_CORE, LEVEL_UNKNOWN, TRACK_NONE },
        { "Sr. Product Manager - ML Platform", FAMILY_NO, LEVEL_SENIOR, TRACK_NONE },
        { "MLOps Trainer", FAMILY_NO, LEVEL_UNKNOWN, TRACK_NONE },
        { "Full Stack Engineer, MLOps", FAMILY_ADJACENT, LEVEL_UNKNOWN, TRACK_NONE },
        { "SDE-2, LLM Inference Platform", FAMILY_CORE, LEVEL_MID, TRACK_LLM_INFRA },
        { "Associate Director - ML Platform", FAMILY_CORE, LEVEL_LEAD, TRACK_ML_PLATFORM },
        { "ML (Data) Operations Associate", FAMILY_ADJACENT, LEVEL_JUNIOR, TRACK_NONE },
        { "Backend Developer", FAMILY_NO, LEVEL_UNKNOWN, TRACK_NONE },
        { "", FAMILY_NO, LEVEL_UNKNOWN, TRACK_NONE },
    };
    struct arena a = ARENA_INIT;
    struct config c = { 0 };
    struct diag d = { 0 };
    CLEANUP(titles_free) struct titles *t = open_titles(&a, &c);

    (void)state;
    for (size_t i = 0; t && i < ARRAY_LEN(rows); i++) {
        struct title_reading r;

        CHECK_ROW(title_read(t, str_of(rows[i].title), &r, &d) == 0, i);
        CHECK_ROW(r.family == rows[i].family, i);
        CHECK_ROW(r.level == rows[i].level, i);
        CHECK_ROW(r.track == rows[i].track, i);
        CHECK_ROW(r.family_from.rule && r.level_from.rule, i);
    }
    arena_free(&a);
}

static void a_rule_without_a_sentence_or_with_a_strange_kind_is_refused(void **state)
{
    struct str sentence = STR("MLOps");
    struct title_rule rows[] = {
        { .id = STR("bare"), .kind = STR("core"), .regex = STR("mlops") },
        { .id = STR("odd"),
          .kind = STR("croe"),
          .regex = STR("mlops"),
          .yes = { &sentence, 1, 1 },
          .no = { &sentence, 1, 1 } },
        { .id = STR("bad"),
          .kind = STR("core"),
          .regex = STR("(mlops"),
          .yes = { &sentence, 1, 1 },
          .no = { &sentence, 1, 1 } },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(titles_free) struct titles *t = NULL;
        struct diag d = { 0 };

        CHECK_ROW(titles_compile(&t, &rows[i], 1, &d) == ERR_CONFIG && d.text[0] && d.about, i);
    }
}

static struct str level_of_table(struct str s)
{
    bool lead = str_eq(s, STR("principal")) || str_eq(s, STR("manager"));

    return lead ? STR("lead") : s;
}

static struct str track_of_table(struct str s)
{
    return str_eq(s, STR("platform"))      ? STR("ml-platform")
           : str_eq(s, STR("reliability")) ? STR("ml-reliability")
           : str_eq(s, STR("llm"))         ? STR("llm-infra")
                                           : STR("");
}

static void the_case_table_is_met(void **state)
{
    struct arena a = ARENA_INIT;
    struct config c = { 0 };
    struct cases cases = { 0 };
    struct diag d = { 0 };
    CLEANUP(titles_free) struct titles *t = open_titles(&a, &c);
    size_t right = 0;

    (void)state;
    if (t && cases_load(&a, "title.tsv", &cases)) {
        for (size_t i = 0; i < cases.n; i++) {
            const struct str *row = cases.items[i].items;
            struct title_reading r;
            bool ok = !title_read(t, row[0], &r, &d)
                      && str_eq(row[1], str_of(family_name(r.family)))
                      && str_eq(level_of_table(row[2]), str_of(level_name(r.level)))
                      && str_eq(track_of_table(row[3]), str_of(track_name(r.track)));

            right += ok;
            if (!ok)
                fprintf(stderr, "  " STR_FMT ": got %s %s %s\n", STR_ARG(row[0]),
                        family_name(r.family), level_name(r.level), track_name(r.track));
        }
        CHECK(cases_share("title.tsv", right, cases.n) >= 0.97);
    }
    arena_free(&a);
}

RUN_TESTS(TEST(the_rules_prove_themselves), TEST(a_title_says_family_level_and_track),
          TEST(a_rule_without_a_sentence_or_with_a_strange_kind_is_refused),
          TEST(the_case_table_is_met))
