/* How long a role stays open: from what was seen of it to the median. */
#include <math.h>
#include <stdlib.h>

#include "aggregator/flow.h"
#include "made_market.h"

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

/* Thirty roles, one an employer: role i ends on day i, or is open then. */
static size_t thirty(struct lifetime *l, int open_from, double entered)
{
    for (int i = 0; i < 30; i++)
        l[i] = (struct lifetime){ .entered = entered,
                                  .after = i,
                                  .by = i < open_from ? i + 1 : INFINITY,
                                  .employer = (uint32_t)i };
    return 30;
}

static void where_every_end_was_seen_it_is_kaplan_meier(void **state)
{
    struct lifetime l[30];
    struct interval v;

    (void)state;
    v = life_median(l, thirty(l, 30, 0));
    CHECK(near(v.at, 15)); /* 15 of 30 are left after 15 days */
    CHECK(v.low == 8 && v.high > 18 && v.high < 24);
    v = life_median(l, thirty(l, 16, 0)); /* the others were still open: the same curve so far */
    CHECK(near(v.at, 15) && isnan(v.high));
    CHECK(isnan(life_median(l, thirty(l, 10, 0)).at)); /* a third gone, and no more is known */
    CHECK(isnan(life_median(l, 0).at));
    CHECK(isnan(life_median(l, 9).at)); /* fewer than LIFE_AT_RISK */
}

static void a_role_found_old_counts_from_its_age_on(void **state)
{
    struct lifetime l[60];
    struct interval v;
    size_t n = thirty(l, 30, 0);

    (void)state;
    /* 30 more were found at the age of 20; all end on day 40. They say nothing of days 1 to 20. */
    for (int i = 0; i < 30; i++)
        l[n++] = (struct lifetime){ 20, 39, 40, (uint32_t)(30 + i) };
    v = life_median(l, n);
    CHECK(near(v.at, 15));
    for (size_t i = 0; i < n; i++)
        l[i].entered = 0; /* taken as watched from the first day, they stretch it */
    CHECK(life_median(l, n).at > 25);
}

static void an_end_between_two_readings_is_shared_out(void **state)
{
    struct lifetime l[40];
    struct interval v;

    (void)state;
    /* 20 surely ended on day 5, 20 somewhere in days 1 to 10: by the first, on day 5 as well. */
    for (int i = 0; i < 40; i++)
        l[i] = (struct lifetime){ 0, i % 2 ? 4 : 0, i % 2 ? 5 : 10, (uint32_t)i };
    v = life_median(l, 40);
    CHECK(v.at > 4 && v.at < 5 && v.low <= 4 && v.high >= 5);
}

enum { HOUR = 3600 };

/* The board read every day but the last three but one. */
static size_t proven(struct proven_reading *ret, int64_t from)
{
    size_t n = 0;

    for (int64_t day = from; day > 0; day--)
        if (day != 3)
            ret[n++] = (struct proven_reading){ STR("jobs:all"), FACT_DAY - day,
                                                FACT_NOW - day * DAY_SECONDS };
    return n;
}

static void a_role_is_dated_by_the_readings_around_it(void **state)
{
    static const struct {
        int64_t first, ended, posted, stated_hours; /* days before now */
        bool came, left_out;
        double appeared; /* days before now */
    } rows[] = {
        { 5, 0, 0, 0, true, false, 5.5 },   /* not there the day before: in the middle */
        { 5, 0, 0, 6, true, false, 5.25 },  /* but its date says when */
        { 2, 0, 0, 0, true, false, 3 },     /* after a gap of two days */
        { 5, 0, 30, 0, true, false, 5.5 },  /* an old date, yet the board was without it */
        { 10, 0, 40, 0, false, false, 40 }, /* found by the first reading: its date tells */
        { 10, 0, 0, 0, false, true, 0 },    /* and where there is none, nothing does */
        { 10, 0, -1, 0, false, true, 0 },   /* nor a date after it was seen */
    };
    struct proven_reading days[16];
    const struct life_facts facts = { .readings = days, .n_readings = proven(days, 10) };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(release) struct made made = { 0 };
        struct posting_fact *f = hire(&made, 1, 2);
        struct roles_seen seen;
        struct market m;

        f->first_proof = FACT_NOW - rows[i].first * DAY_SECONDS;
        f->posted = rows[i].posted         ? FACT_NOW - rows[i].posted * DAY_SECONDS
                    : rows[i].stated_hours ? f->first_proof - rows[i].stated_hours * HOUR
                                           : 0;
        m = market_of(&made, NULL, &made.a);
        roles_seen(&m, &facts, &made.a, &seen);
        assert_int_equal(seen.n, 1);
        CHECK_ROW(seen.items[0].came == rows[i].came, i);
        CHECK_ROW((seen.items[0].appeared == 0) == rows[i].left_out, i);
        CHECK_ROW(rows[i].left_out
                      || near((double)(FACT_NOW - seen.items[0].appeared) / DAY_SECONDS,
                              rows[i].appeared),
                  i);
        CHECK_ROW(seen.items[0].ended_by == 0 && !seen.items[0].reposted, i);
    }
}

static void a_role_put_up_again_lives_on_for_thirty_days_and_then_is_another(void **state)
{
    static const struct {
        int64_t ended, again; /* days before now; 0: never */
        const char *how;
        size_t roles;
        bool reposted, open;
    } rows[] = {
        { 0, 0, "", 1, false, true },         { 8, 0, "absent", 1, false, false },
        { 8, 0, "max-age", 1, false, true }, /* a window shows it no longer: supposed, not seen */
        { 30, 5, "", 1, true, true },         { 50, 5, "", 2, false, true },
        { 50, 5, "max-age", 2, false, true }, /* nor was the end before that seen */
    };
    struct proven_reading days[100];
    struct life_facts facts = { .readings = days, .n_readings = proven(days, 90) };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(release) struct made made = { 0 };
        struct posting_fact *f = hire(&made, 1, 2);
        struct earlier_spell earlier = { f->posting, FACT_NOW - 60 * DAY_SECONDS,
                                         FACT_NOW - (rows[i].ended + 1) * DAY_SECONDS,
                                         FACT_NOW - rows[i].ended * DAY_SECONDS,
                                         rows[i].again ? rows[i].how : "" };
        struct roles_seen seen;
        struct market m;

        facts.earlier = &earlier;
        facts.n_earlier = rows[i].again > 0;
        f->first_proof = FACT_NOW - (rows[i].again ? rows[i].again : 60) * DAY_SECONDS;
        if (!rows[i].again && rows[i].ended) {
            f->last_proof = earlier.last_proof;
            f->ended_by = earlier.ended_by;
        }
        f->ended_how = rows[i].again ? "" : rows[i].how;
        m = market_of(&made, NULL, &made.a);
        roles_seen(&m, &facts, &made.a, &seen);
        assert_int_equal(seen.n, rows[i].roles);
        CHECK_ROW(seen.items[0].first_proof == FACT_NOW - 60 * DAY_SECONDS, i);
        CHECK_ROW(seen.items[seen.n - 1].reposted == rows[i].reposted, i);
        CHECK_ROW((seen.items[seen.n - 1].ended_by == 0) == rows[i].open, i);
        CHECK_ROW(seen.n == 1 || seen.items[0].ended_by == (*rows[i].how ? 0 : earlier.ended_by),
                  i);
    }
}

/* Employers whose roles lived three weeks; the youngest is still open. */
static void the_life_of_a_stage_needs_ten_employers(void **state)
{
    static const struct {
        int employers;
        bool told;
    } rows[] = { { 9, false }, { 12, true } };
    struct proven_reading days[200];
    struct life_facts facts = { .readings = days, .n_readings = proven(days, 190) };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(release) struct made made = { 0 };
        struct roles_seen seen;
        struct market m;
        struct lives lives;
        struct life life[STAGES + 1], *all = &life[0], *third = &life[3];

        for (int e = 0; e < rows[i].employers; e++)
            for (int64_t n = 0; n < 6; n++) {
                struct posting_fact *f = hire(&made, e, n % 2 ? 2 : 3);
                int64_t first = 15 + n * 20;

                f->first_proof = FACT_NOW - first * DAY_SECONDS;
                f->ended_by = n ? FACT_NOW - (first - 21) * DAY_SECONDS : 0;
                f->last_proof = n ? f->ended_by - DAY_SECONDS : FACT_NOW - HOUR;
            }
        m = market_of(&made, NULL, &made.a);
        roles_seen(&m, &facts, &made.a, &seen);
        lives_begin(&lives, FACT_NOW, &made.a);
        lives_add(&lives, &m, &seen);
        lives_end(&lives, life);
        CHECK_ROW(all->n == 6 * rows[i].employers && all->employers == rows[i].employers, i);
        CHECK_ROW(all->ended == 5 * rows[i].employers && all->left_out == 0, i);
        CHECK_ROW(third->n == 3 * rows[i].employers, i);
        CHECK_ROW(rows[i].told ? fabs(all->median - 21) < 1 : isnan(all->median), i);
        CHECK_ROW(!rows[i].told || (all->low <= all->median && all->median <= all->high), i);
        CHECK_ROW(all->reposted.openings == 0, i);
    }
}

/* Twelve employers: a third of their roles stand on a board that was never read before. */
static void lives_by_source_are_those_of_the_source(void **state)
{
    CLEANUP(release) struct made made = { 0 };
    struct proven_reading days[200];
    struct life_facts facts = { .readings = days, .n_readings = proven(days, 190) };
    struct life all[STAGES + 1];
    struct roles_seen seen;
    struct flow_row *rows;
    struct lives lives;
    struct flow flow;
    struct market m;

    (void)state;
    for (int e = 0; e < 12; e++)
        for (int64_t n = 0; n < 6; n++) {
            struct posting_fact *f = hire(&made, e, 3);
            int64_t first = 15 + n * 20;

            f->first_proof = FACT_NOW - first * DAY_SECONDS;
            f->ended_by = n ? FACT_NOW - (first - 21) * DAY_SECONDS : 0;
            f->last_proof = n ? f->ended_by - DAY_SECONDS : FACT_NOW - HOUR;
            if (n % 3 == 2)
                f->source = STR("board:kaveri");
        }
    m = market_of(&made, NULL, &made.a);
    roles_seen(&m, &facts, &made.a, &seen);
    lives_begin(&lives, FACT_NOW, &made.a);
    lives_add(&lives, &m, &seen);
    lives_end(&lives, all);
    flow_begin(&flow, FLOW_SOURCE, FACT_NOW - 7 * DAY_SECONDS, FACT_NOW, &made.a);
    flow_watch(&flow, FACT_NOW);
    flow_add(&flow, &m, &seen);
    assert_int_equal(flow_end(&flow, &rows), 2); /* most openings first */
    CHECK_STR(rows[1].key, STR("board:kaveri"), 0);
    CHECK(rows[1].openings == 0 && rows[1].life.n == 0 && rows[1].life.left_out == 24);
    CHECK(isnan(rows[1].life.median));
    CHECK(rows[0].openings == 12 && rows[0].life.n == 48 && rows[0].life.left_out == 0);
    CHECK(rows[0].life.employers == 12 && rows[0].life.ended == 36);
    CHECK(rows[0].life.median == all[0].median && fabs(all[0].median - 21) < 1);
    CHECK(rows[0].life.low == all[0].low && all[0].left_out == 24);
}

/* Three employers: one role is old, one came and one went in the last week, one was found. */
static void what_a_new_board_shows_is_found_not_new(void **state)
{
    CLEANUP(release) struct made made = { 0 };
    struct proven_reading days[32];
    struct life_facts facts = { .readings = days, .n_readings = proven(days, 20) };
    struct posting_fact *gone, *there, *came, *found;
    struct roles_seen seen;
    struct flow_row *rows, week = { 0 }, none = { 0 };
    struct flow flow;
    struct market m;

    (void)state;
    there = hire(&made, 1, 3);
    came = hire(&made, 1, 3);
    gone = hire(&made, 2, 0);
    there->first_proof = FACT_NOW - 20 * DAY_SECONDS;
    came->first_proof = FACT_NOW - 2 * DAY_SECONDS;
    gone->first_proof = FACT_NOW - 15 * DAY_SECONDS;
    gone->ended_by = FACT_NOW - 5 * DAY_SECONDS;
    found = hire(&made, 3, 2);
    found->source = STR("board:kaveri"); /* never read before */
    found->first_proof = FACT_NOW - DAY_SECONDS;
    m = market_of(&made, NULL, &made.a);
    roles_seen(&m, &facts, &made.a, &seen);
    flow_begin(&flow, FLOW_STAGE, FACT_NOW - 7 * DAY_SECONDS, FACT_NOW, &made.a);
    flow_add(&flow, &m, &seen);
    assert_int_equal(flow_end(&flow, &rows), 3);
    CHECK_STR(rows[0].key, STR("2"), 0);
    CHECK(rows[0].openings == 1 && rows[0].came == 0 && rows[0].found == 1);
    CHECK_STR(rows[1].key, STR("3"), 1);
    CHECK(rows[1].openings == 2 && rows[1].employers == 1 && rows[1].came == 1);
    CHECK_STR(rows[2].key, STR("unstaged"), 2);
    CHECK(rows[2].openings == 0 && rows[2].ended == 1);
    flow_begin(&flow, FLOW_CITY, FACT_NOW - 7 * DAY_SECONDS, FACT_NOW, &made.a);
    flow_add(&flow, &m, &seen);
    assert_int_equal(flow_end(&flow, &rows), 1);
    CHECK(rows[0].openings == 3 && rows[0].employers == 2 && rows[0].ended == 1);
    flow_between(&seen, FACT_NOW - 7 * DAY_SECONDS, FACT_NOW, &week);
    CHECK(week.came == 1 && week.ended == 1 && week.found == 1);
    flow_between(&seen, FACT_NOW - 4 * DAY_SECONDS, FACT_NOW - 3 * DAY_SECONDS, &none);
    CHECK(none.came == 0 && none.ended == 0 && none.found == 0);
}

RUN_TESTS(TEST(where_every_end_was_seen_it_is_kaplan_meier),
          TEST(a_role_found_old_counts_from_its_age_on),
          TEST(an_end_between_two_readings_is_shared_out),
          TEST(a_role_is_dated_by_the_readings_around_it),
          TEST(a_role_put_up_again_lives_on_for_thirty_days_and_then_is_another),
          TEST(the_life_of_a_stage_needs_ten_employers),
          TEST(lives_by_source_are_those_of_the_source),
          TEST(what_a_new_board_shows_is_found_not_new))
