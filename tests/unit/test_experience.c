#include "parsers/experience.h"
#include "spots_of.h"
#include "test.h"

#include "cases.h"

static void years_are_read_and_traps_are_not(void **state)
{
    static const struct {
        const char *text;
        bool is_field;
        int32_t min, max;
        enum experience_scope scope;
    } rows[] = {
        { "4 to 9 years", true, 48, 108, EXPERIENCE_TOTAL },
        { "4-9", true, 48, 108, EXPERIENCE_TOTAL },
        { "Mid-Senior level", true, -1, -1, EXPERIENCE_NONE },
        { "We are Acme, building software for banks across India and the Gulf since 2004.\n"
          "With more than 15 years of experience, Acme leads.\n"
          "You bring 3+ years of experience in machine learning.",
          false, 36, -1, EXPERIENCE_TOTAL },
        { "What you need for this role, which is based in our office in Pune and reports to us:\n"
          "7+ years with a Bachelor's degree\nor 5 years with a Master's degree",
          false, 60, -1, EXPERIENCE_TOTAL },
        { "What you need for this role, which is based in our office in Pune and reports to us:\n"
          "2+ years of Python\n4+ years of experience with Kubernetes",
          false, 48, -1, EXPERIENCE_SKILL },
        { "What you need for this role, which is based in our office in Pune and reports to us:\n"
          "5+ years of Linux\n3+ years experience with config tools such as Puppet",
          false, 60, -1, EXPERIENCE_SKILL },
        { "What you need for this role, which is based in our office in Pune and reports to us:\n"
          "8+ years of relevant experience with a Bachelor's Degree or at least 5 years of "
          "experience"
          " with an Advanced Degree (e.g. Masters, MBA) or 2 years of experience with a PhD",
          false, 24, -1, EXPERIENCE_TOTAL },
        { "What you need for this role, which is based in our office in Pune and reports to us:\n"
          "3+ years of non-internship professional experience\n1+ years of work as an engineer",
          false, 36, -1, EXPERIENCE_TOTAL },
        { "What you need for this role, which is based in our office in Pune and reports to us:\n"
          "4 years degree, 2 years service bond, 6 months probation, 12 months contract",
          false, -1, -1, EXPERIENCE_NONE },
        { "What you need for this role, which is based in our office in Pune and reports to us:\n"
          "5+ years of programming experience in a team",
          false, 60, -1, EXPERIENCE_TOTAL },
        { "What you need for this role, which is based in our office in Pune and reports to us:\n"
          "Bachelor's degree in Physics, Statistics, Mathematics or another quantitative field "
          "and 6+ years of related work\nOR\n"
          "PhD in Physics, Statistics, Mathematics or another quantitative subject of that kind "
          "and 3+ years of related work",
          false, 36, -1, EXPERIENCE_TOTAL },
        { "What you need for this role, which is based in our office in Pune and reports to us, "
          "and to do well in it.3\xE2\x80\x93"
          "6+ years of experience in machine learning.",
          false, 36, 72, EXPERIENCE_TOTAL },
        { "What you need for this role, which is based in our office in Pune and reports to us:\n"
          "Bachelor's degree and 5+ years of technical work, with at least one year of nights",
          false, 60, -1, EXPERIENCE_TOTAL },
        { "What you need for this role, which is based in our office in Pune and reports to us: "
          "a firm hand with node.4 and the releases behind it",
          false, -1, -1, EXPERIENCE_NONE },
        { "3-5 or more years of experience", true, 36, -1, EXPERIENCE_TOTAL },
        { "Fresher", true, 0, 12, EXPERIENCE_TOTAL },
        { "15+ overall years in industry", true, 180, -1, EXPERIENCE_TOTAL },
        { "", false, -1, -1, EXPERIENCE_NONE },
    };

    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spots text = spots_of(&a, str_of(rows[i].text));
        struct experience e;
        enum experience_scope scope = experience_read(&text, rows[i].is_field, NULL, &e);

        CHECK_ROW(scope == rows[i].scope, i);
        CHECK_ROW(e.min_months == rows[i].min && e.max_months == rows[i].max, i);
    }
}

static int32_t months_or_none(struct str s)
{
    int64_t v;

    return str_int(s, &v) ? (int32_t)v : -1;
}

static void the_case_table_is_met(void **state)
{
    struct arena a = ARENA_INIT;
    struct cases cases = { 0 };
    size_t right = 0;

    (void)state;
    if (cases_load(&a, "experience.tsv", &cases)) {
        for (size_t i = 0; i < cases.n; i++) {
            const struct str *c = cases.items[i].items;
            struct spots text = spots_of(&a, c[0]);
            struct experience e;
            enum experience_scope scope = experience_read(&text, c[0].n < 20, NULL, &e);
            const char *name = scope == EXPERIENCE_NONE    ? "none"
                               : scope == EXPERIENCE_SKILL ? "skill"
                                                           : "total";
            bool ok = e.min_months == months_or_none(c[1]) && e.max_months == months_or_none(c[2])
                      && str_eq(str_of(name), c[3]);

            right += ok;
            if (!ok)
                fprintf(stderr, "  " STR_FMT ": got %d %d %s\n", STR_ARG(c[0]), e.min_months,
                        e.max_months, name);
        }
        CHECK(cases_share("experience.tsv", right, cases.n) >= 0.97);
    }
    arena_free(&a);
}

/* The forms of real fields and ads in our own words. An "ad" stands below a first line, so that
 * it is not read as a field. */
static void every_form_of_our_own_table_is_read(void **state)
{
    static const char *const scopes[] = {
        [EXPERIENCE_NONE] = "none", [EXPERIENCE_TOTAL] = "total", [EXPERIENCE_SKILL] = "skill"
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct cases cases = { 0 };

    (void)state;
    CHECK(cases_own(&a, "experience.tsv", &cases) && cases.n >= 150);
    for (size_t i = 0; i < cases.n; i++) {
        const struct str *c = cases.items[i].items;
        bool is_field = str_eq(c[1], STR("field"));
        struct str text = is_field
                              ? c[0]
                              : str_printf(&a,
                                           "What you need for this role, which is based in our "
                                           "office in Pune and reports to us:\n" STR_FMT,
                                           STR_ARG(c[0]));
        struct spots spots = spots_of(&a, text);
        struct experience e;
        enum experience_scope scope = experience_read(&spots, is_field, NULL, &e);

        CHECK_STR(str_of(scopes[scope]), c[4], i + 2);
        CHECK_ROW(e.min_months == months_or_none(c[2]) && e.max_months == months_or_none(c[3]),
                  i + 2);
    }
}

RUN_TESTS(TEST(every_form_of_our_own_table_is_read), TEST(years_are_read_and_traps_are_not),
          TEST(the_case_table_is_met))
