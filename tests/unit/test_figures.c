#include <math.h>
#include <stdlib.h>

#include "aggregator/counts.h"
#include "made_market.h"

static const struct demand_row *row_of(const struct demand *d, const char *id)
{
    for (size_t i = 0; i < d->n_rows; i++)
        if (str_eq(d->rows[i].skill->id, str_of(id)))
            return &d->rows[i];
    return NULL;
}

static struct demand demand(const struct market *m, struct filter f, struct arena *a)
{
    struct demand ret;
    struct diag d;

    assert_int_equal(demand_of(m, &f, NULL, &ret, a, &d), 0);
    return ret;
}

static void a_skill_is_demanded_by_what_is_asked_not_by_what_is_mentioned(void **state)
{
    static const struct {
        enum polarity p;
        bool implied;
        int openings, stated, required;
    } rows[] = {
        { POLARITY_REQUIRED, false, 1, 1, 1 },  { POLARITY_REQUIRED, true, 1, 0, 1 },
        { POLARITY_DUTY, false, 1, 1, 0 },      { POLARITY_STACK, false, 1, 1, 0 },
        { POLARITY_PREFERRED, false, 1, 1, 0 }, { POLARITY_IGNORED, false, 0, 0, 0 },
        { POLARITY_NEGATED, false, 0, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(release) struct made made = { 0 };
        struct posting_fact *f = hire(&made, 1, 1);
        struct market m;
        struct demand d;
        const struct demand_row *row;

        say(&made, f, PYTHON, rows[i].p, rows[i].implied);
        say(&made, f, PYTHON, POLARITY_IGNORED, false);
        m = market_of(&made, NULL, &made.a);
        d = demand(&m, (struct filter){ 0 }, &made.a);
        row = row_of(&d, "python");
        CHECK_ROW((row != NULL) == rows[i].openings, i);
        if (!row)
            continue;
        CHECK_ROW(row->demand.openings == 1 && row->demand.employers == 1, i);
        CHECK_ROW(row->stated == rows[i].stated && row->required == rows[i].required, i);
        CHECK_ROW(row->demand.too_few && isnan(row->demand.share) && isnan(row->lift), i);
        d = demand(&m, (struct filter){ .required_only = true }, &made.a);
        CHECK_ROW((row_of(&d, "python") != NULL) == rows[i].required, i);
    }
}

/* 12 employers with 4 openings each: python everywhere, docker and aws at half, ray in stage 4. */
static void fill(struct made *made, int docker_employers)
{
    for (int e = 0; e < 12; e++)
        for (int i = 0; i < 4; i++) {
            struct posting_fact *f = hire(made, e, i < 2 ? 3 : 4);

            say(made, f, PYTHON, POLARITY_REQUIRED, false);
            if (e < docker_employers)
                say(made, f, DOCKER, POLARITY_DUTY, false);
            if (e % 2)
                say(made, f, AWS, POLARITY_REQUIRED, false);
            if (i == 2)
                say(made, f, RAY, POLARITY_STACK, false);
        }
}

static void shares_are_of_the_openings_whose_text_was_read(void **state)
{
    CLEANUP(release) struct made made = { 0 };
    struct market m;
    struct demand d;

    (void)state;
    fill(&made, 6);
    hire(&made, 40, 3)->text_read = false;
    hire(&made, 41, 3)->signal.family = FAMILY_ADJACENT;
    m = market_of(&made, NULL, &made.a);
    d = demand(&m, (struct filter){ 0 }, &made.a);
    CHECK(d.openings == 48 && d.employers == 12 && fabs(d.k_eff - 12) < 1e-12);
    assert_int_equal(d.n_rows, 4);
    CHECK_STR(d.rows[0].skill->id, STR("python"), 0);
    CHECK_STR(d.rows[1].skill->id, STR("aws"), 1); /* as many as docker: by id */
    CHECK_STR(d.rows[2].skill->id, STR("docker"), 2);
    CHECK_STR(d.rows[3].skill->id, STR("ray"), 3);
    CHECK(d.rows[0].demand.share == 1 && d.rows[0].demand.low < 1 && d.rows[0].demand.high == 1);
    CHECK(d.rows[1].demand.openings == 24 && d.rows[1].demand.too_few); /* half of 12 employers */
    CHECK(d.rows[3].demand.share == .25);
    CHECK(d.rows[3].demand.low < .25 && .25 < d.rows[3].demand.high);
}

/* One of 12 openings beside twelve of 4 has a fifth of all and is not named; with 20 it is, and
 * what the others ask stands beside. */
static void an_employer_of_over_a_fourth_is_named_and_left_out_beside(void **state)
{
    CLEANUP(release) struct made made = { 0 };
    struct market m;
    struct demand d;

    (void)state;
    fill(&made, 12);
    for (int i = 0; i < 12; i++)
        (void)hire(&made, 12, 3);
    m = market_of(&made, NULL, &made.a);
    d = demand(&m, (struct filter){ 0 }, &made.a);
    CHECK(d.openings == 60 && !d.largest.openings && isnan(d.rows[0].without));
    for (int i = 0; i < 8; i++)
        (void)hire(&made, 12, 3);
    m = market_of(&made, NULL, &made.a);
    d = demand(&m, (struct filter){ 0 }, &made.a);
    CHECK(d.openings == 68 && d.largest.openings == 20 && d.largest.name.n);
    CHECK_STR(d.rows[0].skill->id, STR("docker"), 0);
    CHECK(d.rows[0].demand.openings == 48);
    CHECK(d.rows[0].without == 1 && d.rows[0].without_low < 1); /* the twelve others all do */
    d = demand(&m, (struct filter){ .company = d.largest.name }, &made.a);
    CHECK(d.openings == 20 && !d.largest.openings);
}

static void lift_says_where_a_skill_stands_out(void **state)
{
    CLEANUP(release) struct made made = { 0 };
    struct market m;
    struct demand d;

    (void)state;
    fill(&made, 6);
    m = market_of(&made, NULL, &made.a);
    d = demand(&m, (struct filter){ .stage = 4 }, &made.a);
    CHECK(d.openings == 24);
    CHECK(row_of(&d, "python")->lift == 1 && row_of(&d, "python")->stage == 0);
    CHECK(row_of(&d, "ray")->stage == 4);
    d = demand(&m, (struct filter){ .stage = 3 }, &made.a);
    CHECK(!row_of(&d, "ray"));
}

/* Beside the 12 employers of fill(), 12 with three data roles each: python in all, docker in one
 * of the three, ray and aws in none. */
static void a_skill_is_mlops_where_it_is_asked_more_than_in_the_roles_around(void **state)
{
    CLEANUP(release) struct made made = { 0 };
    const struct demand_row *docker, *aws;
    struct market m;
    struct demand d;

    (void)state;
    fill(&made, 12);
    for (int e = 0; e < 12; e++)
        for (int i = 0; i < 3; i++) {
            struct posting_fact *f = hire(&made, 50 + e, 3);

            f->signal.family = FAMILY_ADJACENT;
            say(&made, f, PYTHON, POLARITY_REQUIRED, false);
            if (i == 0)
                say(&made, f, DOCKER, POLARITY_DUTY, false);
        }
    m = market_of(&made, NULL, &made.a);
    d = demand(&m, (struct filter){ 0 }, &made.a);
    CHECK(d.adjacent == 36 && d.openings == 48);
    docker = row_of(&d, "docker");
    aws = row_of(&d, "aws");
    CHECK(row_of(&d, "python")->adjacent_lift == 1);
    CHECK(fabs(docker->adjacent_lift - 3) < 1e-12); /* all against one in three */
    CHECK(docker->adjacent_low < 3 && docker->adjacent_high > 3);
    CHECK(isnan(aws->adjacent_lift));               /* too few employers for the share itself */
    CHECK(isnan(row_of(&d, "ray")->adjacent_lift)); /* nobody beside asks for it */
    d = demand(&m, (struct filter){ .stage = 4 }, &made.a);
    CHECK(d.adjacent == 0 && isnan(row_of(&d, "docker")->adjacent_lift));
}

static void what_goes_together_is_the_demand_of_those_that_name_one(void **state)
{
    CLEANUP(release) struct made made = { 0 };
    struct market m;
    struct demand d;

    (void)state;
    fill(&made, 12);
    m = market_of(&made, NULL, &made.a);
    d = demand(&m, (struct filter){ .skill = STR("ray"), .stage = 4 }, &made.a);
    CHECK(d.openings == 12 && d.employers == 12); /* one of each employer's four */
    CHECK(row_of(&d, "ray")->demand.openings == 12);
    CHECK(row_of(&d, "aws")->demand.openings == 6);
    CHECK(row_of(&d, "python")->demand.openings == 12 && row_of(&d, "python")->lift == 1);
}

static void a_trend_compares_the_boards_known_at_both_ends(void **state)
{
    CLEANUP(release) struct made made = { 0 }, earlier = { 0 };
    struct str panel[] = { STR("jobs:all") };
    struct market m, before;
    struct demand d;

    (void)state;
    fill(&made, 6);
    fill(&earlier, 3);
    m = market_of(&made, NULL, &made.a);
    before = market_of(&earlier, NULL, &earlier.a);
    d = demand(&m, (struct filter){ 0 }, &made.a);
    CHECK(isnan(row_of(&d, "docker")->trend));
    m.before = &before;
    d = demand(&m, (struct filter){ 0 }, &made.a);
    CHECK(isnan(row_of(&d, "docker")->trend)); /* no board in common */
    before.panel = panel;
    before.n_panel = 1;
    d = demand(&m, (struct filter){ 0 }, &made.a);
    CHECK(fabs(row_of(&d, "docker")->trend - .25) < 1e-12 && row_of(&d, "python")->trend == 0);
}

static void a_filter_lets_through_what_it_names(void **state)
{
    CLEANUP(release) struct made made = { 0 };
    struct posting_fact *f = hire(&made, 7, 2);
    struct market m;
    const struct {
        struct filter f;
        bool passes;
    } rows[] = {
        { { 0 }, true },
        { { .stage = 2 }, true },
        { { .stage = 3 }, false },
        { { .stage = -1 }, false },
        { { .city = STR("bengaluru") }, true },
        { { .city = STR("Pune") }, false },
        { { .company = STR("EMPLOYER 07 Pvt. Ltd.") }, true },
        { { .company = STR("Employer 08") }, false },
        { { .skill = STR("aws") }, true },
        { { .skill = STR("docker") }, false },
        { { .skill = STR("cobol") }, false },
        { { .skill = STR("aws"), .required_only = true }, false },
        { { .track = TRACK_LLM_INFRA }, true },
        { { .track = TRACK_ML_PLATFORM }, false },
        { { .mode = MODE_HYBRID }, true },
        { { .mode = MODE_REMOTE }, false },
        { { .first_after = FACT_NOW - 10 * DAY_SECONDS }, true },
        { { .first_after = FACT_NOW - 9 * DAY_SECONDS }, false },
    };

    (void)state;
    say(&made, f, AWS, POLARITY_STACK, false);
    f->signal.track = TRACK_LLM_INFRA;
    f->signal.mode = MODE_HYBRID;
    m = market_of(&made, NULL, &made.a);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct opening **sel;
        size_t n;

        market_select(&m, &rows[i].f, &made.a, &sel, &n);
        CHECK_ROW(n == rows[i].passes, i);
    }
}

static void pay_is_the_middle_of_what_is_disclosed_in_rupees(void **state)
{
    static const struct {
        struct pay pay;
        bool disclosed;
        double value;
    } rows[] = {
        { { 2000000, 3000000, "INR", PERIOD_YEAR, PAY_CTC, { 0 } }, true, 2500000 },
        { { 2000000, 0, "INR", PERIOD_YEAR, PAY_FIXED, { 0 } }, true, 2000000 },
        { { 0, 3000000, "INR", PERIOD_YEAR, PAY_BASE, { 0 } }, true, 3000000 },
        { { 2000000, 3000000, "USD", PERIOD_YEAR, PAY_CTC, { 0 } }, false, 0 },
        { { 360000, 0, "INR", PERIOD_MONTH, PAY_STIPEND, { 0 } }, false, 0 },
        { { 0, 0, "INR", PERIOD_YEAR, PAY_UNDISCLOSED, { 0 } }, false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(release) struct made made = { 0 };
        struct market m;
        struct salary s;

        for (int e = 0; e < MEDIAN_EMPLOYERS; e++)
            hire(&made, e, 1)->signal.pay = rows[i].pay;
        hire(&made, 99, 1);
        m = market_of(&made, NULL, &made.a);
        salary_of(&m, &(struct filter){ 0 }, &s);
        CHECK_ROW(s.openings == 9 && s.disclosed.openings == (rows[i].disclosed ? 8 : 0), i);
        CHECK_ROW(rows[i].disclosed ? s.pay.p50 == rows[i].value : isnan(s.pay.p50), i);
        CHECK_ROW(isnan(s.pay.p25), i);
    }
}

static void seven_employers_give_no_median(void **state)
{
    CLEANUP(release) struct made made = { 0 };
    struct market m;
    struct salary s;

    (void)state;
    for (int i = 0; i < 21; i++)
        pays(hire(&made, i % 7, 1), 1000000 + i, 0);
    m = market_of(&made, NULL, &made.a);
    salary_of(&m, &(struct filter){ 0 }, &s);
    CHECK(s.pay.n == 21 && s.pay.employers == 7 && isnan(s.pay.p50));
    CHECK(s.disclosed.openings == 21 && s.disclosed.too_few && isnan(s.disclosed.share));
}

/* 40 employers, one opening each, 11 to 50 lakh, "3+ years". */
static void a_median_stands_to_a_band_by_its_whole_interval(void **state)
{
    const struct quantiles q = { .p50 = 20, .p50_low = 15, .p50_high = 25 };
    const struct quantiles none = { .p50 = NAN },
                           open = { .p50 = 20, .p50_low = 15, .p50_high = NAN };
    struct roadmap_view roadmap = { 0 };
    int64_t low, high;

    (void)state;
    CHECK(band_verdict(&q, 10, 30) == BAND_WITHIN && band_verdict(&q, 10, 0) == BAND_WITHIN);
    CHECK(band_verdict(&q, 26, 30) == BAND_BELOW && band_verdict(&q, 1, 14) == BAND_ABOVE);
    CHECK(band_verdict(&q, 16, 30) == BAND_UNDECIDED && band_verdict(&q, 10, 24) == BAND_UNDECIDED);
    CHECK(band_verdict(&none, 10, 30) == BAND_UNKNOWN && band_verdict(&q, 0, 0) == BAND_UNKNOWN);
    CHECK(band_verdict(&open, 10, 30) == BAND_UNDECIDED);
    roadmap_band(&roadmap, &low, &high);
    CHECK(low == 0 && high == 0);
    for (int i = 1; i < STAGES; i++) { /* the first has none */
        roadmap.stages[i].band_low = 10 - i;
        roadmap.stages[i].band_high = 30 - i;
    }
    roadmap_band(&roadmap, &low, &high);
    CHECK(low == 6 && high == 29);
    roadmap.stages[4].band_high = 0; /* and from there on: open */
    roadmap_band(&roadmap, &low, &high);
    CHECK(low == 6 && high == 0);
}

static void an_offer_stands_among_those_who_ask_for_as_much(void **state)
{
    CLEANUP(release) struct made made = { 0 };
    struct market m;
    struct offer o;

    (void)state;
    for (int i = 0; i < 40; i++)
        pays(hire(&made, i, 2), (int64_t)(11 + i) * 100000, 0);
    m = market_of(&made, &two_stages, &made.a);
    offer_of(&m, &(struct filter){ 0 }, 2800000, 4, &o);
    CHECK(o.openings == 40 && o.pay.n == 40 && o.below.openings == 17);
    CHECK(!o.below.too_few && fabs(o.below.share - 17.5 / 40) < 1e-12); /* one pays just as much */
    CHECK(o.below.low < o.below.share && o.below.share < o.below.high);
    CHECK(o.stage == 2 && o.band_low == 1000000 && o.band_high == 2000000);
    offer_of(&m, &(struct filter){ 0 }, 2800000, 2, &o);
    CHECK(o.openings == 0 && o.below.too_few && isnan(o.pay.p50) && o.stage == 2);
    offer_of(&m, &(struct filter){ 0 }, 2800000, 1, &o);
    CHECK(o.stage == 1);
}

/* Half of those who pay as much are below: that is within what could be. */
static void an_offer_that_many_pay_stands_within_its_interval(void **state)
{
    CLEANUP(release) struct made made = { 0 };
    struct market m;
    struct offer o;

    (void)state;
    for (int i = 0; i < 90; i++)
        pays(hire(&made, i, 2), i == 0 ? 2000000 : i <= 16 ? 2800000 : 4000000, 0);
    m = market_of(&made, NULL, &made.a);
    offer_of(&m, &(struct filter){ 0 }, 2800000, 4, &o);
    CHECK(o.below.openings == 1 && fabs(o.below.share - 9. / 90) < 1e-12);
    CHECK(o.below.low < o.below.share && o.below.share < o.below.high);
}

static void roles_stand_inside_or_beside_never_both(void **state)
{
    CLEANUP(release) struct made made = { 0 };
    struct market m;
    struct roles r;

    (void)state;
    hire(&made, 1, 2)->vacancies = 5;
    hire(&made, 1, 0);
    hire(&made, 2, 1)->signal.family = FAMILY_ADJACENT;
    hire(&made, 3, 1)->signal.family = FAMILY_NO;
    hire(&made, 4, 1)->signal.india = INDIA_REMOTE_OPEN;
    hire(&made, 5, 1)->source_proven = FACT_NOW - 15 * DAY_SECONDS;
    hire(&made, 6, 1)->source_proven = FACT_NOW - DAY_SECONDS;
    hire(&made, 7, 1)->ended_by = FACT_NOW - 1;
    m = market_of(&made, NULL, &made.a);
    roles_count(&m, &r);
    CHECK(r.openings == 3 && r.employers == 2 && r.postings == 3 && r.vacancies == 7);
    CHECK(r.by_stage[0] == 1 && r.by_stage[1] == 1 && r.by_stage[2] == 1);
    CHECK(r.adjacent == 1 && r.remote_open == 1 && r.stale == 1 && r.carried == 1);
    for (size_t i = 0; i < m.n_openings; i++)
        CHECK_ROW(why_counted_text(m.openings[i].why)[0] != '?', i);
}

RUN_TESTS(TEST(a_skill_is_demanded_by_what_is_asked_not_by_what_is_mentioned),
          TEST(shares_are_of_the_openings_whose_text_was_read),
          TEST(an_employer_of_over_a_fourth_is_named_and_left_out_beside),
          TEST(lift_says_where_a_skill_stands_out),
          TEST(a_skill_is_mlops_where_it_is_asked_more_than_in_the_roles_around),
          TEST(what_goes_together_is_the_demand_of_those_that_name_one),
          TEST(a_trend_compares_the_boards_known_at_both_ends),
          TEST(a_filter_lets_through_what_it_names),
          TEST(pay_is_the_middle_of_what_is_disclosed_in_rupees),
          TEST(seven_employers_give_no_median),
          TEST(a_median_stands_to_a_band_by_its_whole_interval),
          TEST(an_offer_stands_among_those_who_ask_for_as_much),
          TEST(an_offer_that_many_pay_stands_within_its_interval),
          TEST(roles_stand_inside_or_beside_never_both))
