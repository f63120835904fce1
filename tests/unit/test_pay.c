#include "parsers/pay.h"
#include "spots_of.h"
#include "test.h"

#include "cases.h"

static void pay_is_a_year_in_whole_units_or_nothing(void **state)
{
    static const struct {
        const char *text;
        enum pay_source source;
        int64_t min, max;
        const char *currency;
        enum pay_kind kind;
    } rows[] = {
        { "90 Lacs - 1.2 Cr PA", PAY_IN_FIELD, 9000000, 12000000, "INR", PAY_CTC },
        { "60,000-4 Lacs PA", PAY_IN_FIELD, 60000, 400000, "INR", PAY_CTC },
        { "Stipend of \xE2\x82\xB9"
          "20,000 per month",
          PAY_IN_TEXT, 240000, 240000, "INR", PAY_STIPEND },
        { "Salary: Rs. 50,000/- per month", PAY_IN_TEXT, 600000, 600000, "INR", PAY_CTC },
        { "\xE2\x82\xB9"
          "40,000 - \xE2\x82\xB9"
          "60,000",
          PAY_IN_FIELD, 0, 0, "", PAY_UNDISCLOSED }, /* month or year: not stated */
        { "$90K - $120K (Glassdoor est.)", PAY_IN_FIELD, 0, 0, "", PAY_UNDISCLOSED },
        { "Minimum Salary: USD 80,000\nMaximum Salary: USD 95,000", PAY_IN_TEXT, 80000, 95000,
          "USD", PAY_BASE },
        { "15 Cr - 20 Cr", PAY_IN_FIELD, 0, 0, "", PAY_UNDISCLOSED }, /* over any pay */
        { "Budget: 14 LPA (Max)", PAY_IN_TEXT, 0, 1400000, "INR", PAY_CTC },
        { "CTC 14 LPA maximum, paid monthly", PAY_IN_TEXT, 0, 1400000, "INR", PAY_CTC },
        { "CTC 14 LPA max performance", PAY_IN_TEXT, 1400000, 1400000, "INR", PAY_CTC },
        { "We serve 3 lakh merchants across India", PAY_IN_TEXT, 0, 0, "", PAY_UNDISCLOSED },
        { "Health cover of Rs 5 lakh per annum", PAY_IN_TEXT, 0, 0, "", PAY_UNDISCLOSED },
        { "$1000 after a month to set up your desk", PAY_IN_TEXT, 0, 0, "", PAY_UNDISCLOSED },
        { "", PAY_IN_FIELD, 0, 0, "", PAY_UNDISCLOSED },
    };

    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spots text = spots_of(&a, str_of(rows[i].text));
        struct pay p;
        bool found = pay_read(&text, rows[i].source, &(struct pay_job){ .indian = true }, NULL, &p);

        CHECK_ROW(found == (rows[i].kind != PAY_UNDISCLOSED), i);
        CHECK_ROW(p.annual_min == rows[i].min && p.annual_max == rows[i].max, i);
        CHECK_ROW(p.kind == rows[i].kind, i);
        if (found)
            CHECK_STR(str_of(p.currency), str_of(rows[i].currency), i);
    }
}

static void stated_pay_is_annualised_and_small_rupees_are_lakhs(void **state)
{
    static const struct {
        struct stated_pay in;
        int64_t min, max;
    } rows[] = {
        { { 50000, 70000, STR("INR"), PERIOD_MONTH }, 600000, 840000 },
        { { 18, 25, STR("INR"), PERIOD_YEAR }, 1800000, 2500000 },
        { { 18, 25, { 0 }, PERIOD_UNKNOWN }, 1800000, 2500000 },
        { { 1800000, 2500000, STR("INR"), PERIOD_UNKNOWN }, 1800000, 2500000 },
        { { 40000, 60000, STR("INR"), PERIOD_UNKNOWN }, 0, 0 },
        { { 30, 0, STR("USD"), PERIOD_HOUR }, 62400, 0 },
        { { 0, 0, STR("INR"), PERIOD_YEAR }, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct pay p;
        bool found = pay_of_stated(&rows[i].in, true, &p);

        CHECK_ROW(found == (rows[i].min > 0), i);
        CHECK_ROW(p.annual_min == rows[i].min && p.annual_max == rows[i].max, i);
    }
}

static void the_jobs_place_gives_the_money_and_the_range(void **state)
{
    static const struct place austin[] = { { STR("Austin"), STR("Texas"), STR("US"), { 0 } } };
    static const struct place nantes[] = { { STR(""), STR(""), STR("FR"), { 0 } } };
    static const struct place two[] = { { STR("Austin"), STR("Texas"), STR("US"), { 0 } },
                                        { STR("Leeds"), STR("England"), STR("GB"), { 0 } } };
    static const struct {
        const char *text;
        struct pay_job job;
        int64_t min, max;
        const char *currency;
    } rows[] = {
        { "Salary: 90k-115k", { .places = austin, .n_places = 1 }, 90000, 115000, "USD" },
        { "Salary: 90k-115k", { .places = two, .n_places = 2 }, 0, 0, "" },
        { "Salary: 90k-115k", { 0 }, 0, 0, "" },
        { "Compensation Range 81,500.00 - 99,000.00",
          { .places = austin, .n_places = 1 },
          81500,
          99000,
          "USD" },
        { "Onsite | 90-140k + equity | Go",
          { .places = austin, .n_places = 1 },
          90000,
          140000,
          "USD" },
        { "Salary: up to 95k", { .places = austin, .n_places = 1 }, 0, 95000, "USD" },
        { "Une fourchette de 46,5k et 52,5k",
          { .places = nantes, .n_places = 1 },
          46500,
          52500,
          "EUR" },
        /* Of no year, or of nothing that is paid. */
        { "Competitive salary, 401k", { .places = austin, .n_places = 1 }, 0, 0, "" },
        { "Salary: 4,000 - 5,000", { .places = austin, .n_places = 1 }, 0, 0, "" },
        { "Our salary app has 90k-115k users", { .places = austin, .n_places = 1 }, 0, 0, "" },
        /* Ranges by place. */
        { "The U.S. pay range is $80,000 - $160,000. In Texas, the pay range is $95,000 - $150,000",
          { .places = austin, .n_places = 1 },
          95000,
          150000,
          "USD" },
        { "The U.S. pay range is $80,000 - $160,000. In Texas, the pay range is $95,000 - $150,000",
          { .remote = true, .places = austin, .n_places = 1 },
          80000,
          160000,
          "USD" },
        { "Pay ranges: Ohio: $80,000 - $90,000 Texas (excluding Austin): $85,000 - $95,000 Austin, "
          "Texas: $99,000 - $109,000",
          { .places = austin, .n_places = 1 },
          99000,
          109000,
          "USD" },
        { "Pay: Zone A (Austin): $90,000 - $120,000. Zone B: $80,000 - $100,000",
          { .places = austin, .n_places = 1 },
          80000,
          120000,
          "USD" },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spots text = spots_of(&a, str_of(rows[i].text));
        struct pay p;
        bool found = pay_read(&text, PAY_IN_TEXT, &rows[i].job, NULL, &p);

        CHECK_ROW(found == (rows[i].currency[0] != '\0'), i);
        CHECK_ROW(p.annual_min == rows[i].min && p.annual_max == rows[i].max, i);
        if (found)
            CHECK_STR(str_of(p.currency), str_of(rows[i].currency), i);
    }
}

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
            struct spots text = spots_of(&a, c[0]);
            struct pay p;
            bool found =
                pay_read(&text, PAY_IN_FIELD, &(struct pay_job){ .indian = true }, NULL, &p);
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

/* The forms of real fields and ads, in our own words, with the signs that they come in. */
static void every_form_of_our_own_table_is_read(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct cases cases = { 0 };

    (void)state;
    CHECK(cases_own(&a, "salary.tsv", &cases) && cases.n >= 150);
    for (size_t i = 0; i < cases.n; i++) {
        const struct str *c = cases.items[i].items;
        enum pay_source source = str_eq(c[1], STR("field")) ? PAY_IN_FIELD : PAY_IN_TEXT;
        struct pay p;
        struct spots text = spots_of(&a, c[0]);
        bool found = pay_read(&text, source,
                              &(struct pay_job){ .indian = str_eq(c[2], STR("yes")) }, NULL, &p);

        CHECK_ROW(found == (c[5].n > 0), i + 2);
        CHECK_ROW(p.annual_min == whole_or_zero(c[3]) && p.annual_max == whole_or_zero(c[4]),
                  i + 2);
        if (!found)
            continue;
        CHECK_STR(str_of(p.currency), c[5], i + 2);
        CHECK_STR(str_of(pay_period_name(p.period)), c[6], i + 2);
        CHECK_STR(str_of(pay_kind_name(p.kind)), c[7], i + 2);
    }
}

RUN_TESTS(TEST(the_jobs_place_gives_the_money_and_the_range),
          TEST(every_form_of_our_own_table_is_read), TEST(pay_is_a_year_in_whole_units_or_nothing),
          TEST(stated_pay_is_annualised_and_small_rupees_are_lakhs),
          TEST(the_case_table_is_met_and_nothing_is_wrong_by_ten))
