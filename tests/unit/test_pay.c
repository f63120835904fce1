#include "parsers/pay.h"
#include "test.h"

#include "cases.h"

static int64_t whole_or_zero(struct str s)
{
    int64_t v;

    return str_int(s, &v) ? v : 0;
}

static void the_case_table_is_met_and_nothing_is_wrong_by_ten(void **state)
{
    struct arena a = ARENA_INIT;
    struct cases cases = { 0 };
    size_t right = 0;

    (void)state;
    if (cases_load(&a, "salary.tsv", &cases)) {
        for (size_t i = 0; i < cases.n; i++) {
            const struct str *c = cases.items[i].items;
            int64_t min = whole_or_zero(c[1]), max = whole_or_zero(c[2]);
            bool none = !min && !max;
            struct pay p;
            bool found = pay_read(c[0], PAY_IN_FIELD, true, NULL, &p);
            bool ok = none ? !found
                           : found && p.annual_min == min && p.annual_max == max
                                 && str_eq(c[3], str_of(p.currency))
                                 && str_eq(c[4], str_of(pay_period_name(p.period)));

            right += ok;
            CHECK_ROW(!found || (none ? false : p.annual_min < 9 * min || !min), i);
            CHECK_ROW(!found || none || p.annual_max < 9 * max || !max, i);
            if (!ok)
                fprintf(stderr, "  " STR_FMT ": got %lld %lld %s %s %s\n", STR_ARG(c[0]),
                        (long long)p.annual_min, (long long)p.annual_max, p.currency,
                        pay_period_name(p.period), pay_kind_name(p.kind));
            else if (found && !str_eq(c[5], str_of(pay_kind_name(p.kind)))
                     && !str_eq(c[5], STR("inhand")))
                fprintf(stderr, "  " STR_FMT ": kind %s\n", STR_ARG(c[0]), pay_kind_name(p.kind));
        }
        CHECK(cases_share("salary.tsv", right, cases.n) >= 0.97);
    }
    arena_free(&a);
}

RUN_TESTS(TEST(the_case_table_is_met_and_nothing_is_wrong_by_ten))
