#include "parsers/stage.h"
#include "test.h"

#include "cases.h"

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

RUN_TESTS(TEST(the_case_table_is_met))
