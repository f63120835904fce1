#include "parsers/stage.h"
#include "test.h"

#include "cases.h"

static void years_and_title_give_a_window_and_bullets_break_ties(void **state)
{
    static const struct {
        struct stage_facts facts;
        int stage;
        enum confidence confidence;
    } rows[] = {
        { { 24, 48, LEVEL_UNKNOWN, { 0 } }, 3, CONFIDENCE_MEDIUM },
        { { 24, 48, LEVEL_UNKNOWN, { 0, 0, 0, 0, 0, 1 } }, 4, CONFIDENCE_MEDIUM },
        { { 36, -1, LEVEL_SENIOR, { 0 } }, 4, CONFIDENCE_HIGH },
        { { 6, -1, LEVEL_LEAD, { 0 } }, 2, CONFIDENCE_LOW },
        { { -1, -1, LEVEL_UNKNOWN, { 0, 0, 0, 0, 0, 4 } }, 0, CONFIDENCE_NONE },
        { { -1, -1, LEVEL_UNKNOWN, { 0, 3, 2, 1, 0, 0 } }, 2, CONFIDENCE_LOW },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct stage_verdict v = stage_decide(&rows[i].facts);

        CHECK_ROW(v.stage == rows[i].stage, i);
        CHECK_ROW(v.confidence == rows[i].confidence && v.reason, i);
    }
}

static void the_case_table_is_met(void **state)
{
    struct arena a = ARENA_INIT;
    struct cases cases = { 0 };
    size_t right = 0;

    (void)state;
    if (cases_load(&a, "stage.tsv", &cases)) {
        for (size_t i = 0; i < cases.n; i++) {
            const struct str *c = cases.items[i].items;
            struct stage_facts f = { .min_months = -1, .max_months = -1 };
            struct stage_verdict v;
            struct str bullets = c[4];
            int64_t n;
            bool ok;

            if (str_int(c[0], &n))
                f.min_months = (int32_t)n;
            if (str_int(c[1], &n))
                f.max_months = (int32_t)n;
            for (int l = LEVEL_UNKNOWN; l <= LEVEL_LEAD; l++)
                if (str_eq(c[2], str_of(level_name((enum level)l))))
                    f.level = (enum level)l;
            if (str_eq(c[2], STR("principal")) || str_eq(c[2], STR("manager")))
                f.level = LEVEL_LEAD;
            while (bullets.n) {
                struct str b = str_cut(&bullets, ' ');

                f.bullets[b.p[1] - '0']++;
            }
            v = stage_decide(&f);
            ok = str_int(c[5], &n) && v.stage == n
                 && (!c[6].n || str_eq(c[6], str_of(confidence_name(v.confidence))));
            right += ok;
            if (!ok)
                fprintf(stderr, "  row %zu: got %d %s: %s\n", i, v.stage,
                        confidence_name(v.confidence), v.reason);
        }
        CHECK(cases_share("stage.tsv", right, cases.n) >= 0.97);
    }
    arena_free(&a);
}

RUN_TESTS(TEST(years_and_title_give_a_window_and_bullets_break_ties), TEST(the_case_table_is_met))
