#include "crawler/schedule.h"

#include <math.h>
#include <string.h>

#include "core/date.h"
#include "test.h"

/* Midnight in Kolkata, and the hours after it. */
enum { MIDNIGHT = 1795458600, HOUR = 3600, DAY = 86400, MANY = 40 };

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

static void the_rate_is_its_own_days_and_two_of_the_others(void **state)
{
    static const struct {
        int64_t changes;
        double days, pool, want;
    } rows[] = {
        { 0, 0, 0, 0 },   { 0, 0, 2, 2 },      { 14, 7, 0, 14. / 9 },  { 14, 7, 2, 2 },
        { 0, 18, 4, .4 }, { 280, 28, 1, 9.4 }, { 1, 28, .5, 2. / 30 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_ROW(near(schedule_rate(rows[i].changes, rows[i].days, rows[i].pool), rows[i].want),
                  i);
}

static enum due due_of(struct schedule_source s, int64_t now, int64_t budget)
{
    s.key = STR("a:b");
    schedule_plan(&s, 1, &(struct schedule_options){ now, budget });
    return s.due;
}

static void each_source_is_due_for_its_own_reason(void **state)
{
    enum { YESTERDAY = MIDNIGHT - HOUR, NINE = MIDNIGHT + 9 * HOUR };
    static const struct {
        struct schedule_source s;
        int64_t now;
        enum due want;
    } rows[] = {
        { { .days = 0 }, NINE, DUE_NEVER_READ },
        { { .last_reading = YESTERDAY, .last_proven = YESTERDAY }, MIDNIGHT, DUE_DAILY },
        { { .last_reading = YESTERDAY, .last_proven = YESTERDAY }, MIDNIGHT - 1, DUE_NOT },
        { { .last_reading = YESTERDAY, .awaits_proof = true }, MIDNIGHT, DUE_DAILY },
        { { .last_reading = NINE, .last_proven = NINE, .reads_today = 1 },
          NINE + 14 * HOUR,
          DUE_NOT },
        { { .last_reading = NINE, .reads_today = 1, .tries_today = 1 }, NINE + HOUR, DUE_RETRY },
        { { .last_reading = NINE, .reads_today = 1, .tries_today = 1 }, NINE + HOUR - 1, DUE_NOT },
        { { .last_reading = NINE, .reads_today = 2, .tries_today = 2 }, NINE + HOUR, DUE_NOT },
        { { .last_reading = NINE, .reads_today = 2, .tries_today = 2 },
          NINE + 2 * HOUR,
          DUE_RETRY },
        { { .last_reading = NINE, .reads_today = 9, .tries_today = 9 },
          NINE + 8 * HOUR,
          DUE_RETRY },
        { { .last_reading = NINE, .awaits_proof = true, .reads_today = 1, .tries_today = 1 },
          NINE + HOUR,
          DUE_PROOF },
        { { .last_reading = NINE,
            .last_proven = NINE - HOUR,
            .reads_today = 2,
            .awaits_proof = true,
            .tries_today = 1 },
          NINE + HOUR,
          DUE_PROOF },
        { { .last_reading = NINE,
            .last_proven = NINE,
            .reads_today = 1,
            .texts_owed = 5,
            .texts_owed_before = -1 },
          NINE + HOUR,
          DUE_TEXTS },
        { { .last_reading = NINE,
            .last_proven = NINE,
            .reads_today = 2,
            .texts_owed = 5,
            .texts_owed_before = 9 },
          NINE + HOUR,
          DUE_TEXTS },
        { { .last_reading = NINE,
            .last_proven = NINE,
            .reads_today = 2,
            .texts_owed = 5,
            .texts_owed_before = 9 },
          NINE + HOUR - 1,
          DUE_NOT },
        { { .last_reading = NINE,
            .last_proven = NINE,
            .reads_today = 2,
            .texts_owed = 9,
            .texts_owed_before = 9 },
          NINE + 9 * HOUR,
          DUE_NOT },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_ROW(due_of(rows[i].s, rows[i].now, 0) == rows[i].want, i);
}

static void no_budget_is_too_small_for_the_daily_read(void **state)
{
    struct schedule_source s[MANY] = { 0 };

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        s[i] = (struct schedule_source){ .last_reading = MIDNIGHT - HOUR,
                                         .last_proven = MIDNIGHT - HOUR,
                                         .changes = 100,
                                         .days = 28 };
    }
    schedule_plan(s, MANY, &(struct schedule_options){ MIDNIGHT, 0 });
    for (size_t i = 0; i < MANY; i++)
        CHECK_ROW(s[i].due == DUE_DAILY && s[i].extra_reads == 0, i);
}

/* Boards of different rates, read at midnight. */
static void fill(struct schedule_source *s, char (*keys)[16], const int *changes)
{
    for (size_t i = 0; i < MANY; i++) {
        snprintf(keys[i], sizeof(keys[i]), "board:%zu", i);
        s[i] = (struct schedule_source){ .key = str_of(keys[i]),
                                         .last_reading = MIDNIGHT,
                                         .last_proven = MIDNIGHT,
                                         .reads_today = 1,
                                         .changes = changes ? changes[i % 4] : 28,
                                         .days = 28 };
    }
}

static uint32_t planned(const struct schedule_source *s)
{
    uint32_t n = 0;

    for (size_t i = 0; i < MANY; i++)
        n += s[i].extra_reads;
    return n;
}

static void the_budget_goes_where_most_is_seen_sooner(void **state)
{
    static const int changes[] = { 0, 28, 112, 448 };
    struct schedule_source s[MANY];
    char keys[MANY][16];

    (void)state;
    fill(s, keys, changes);
    schedule_plan(s, MANY, &(struct schedule_options){ MIDNIGHT + HOUR, MANY });
    CHECK(planned(s) <= MANY && planned(s) > MANY - 4);
    for (size_t i = 4; i < MANY; i++)
        CHECK_ROW(s[i - i % 4].extra_reads <= s[i - i % 4 + 1].extra_reads
                      && s[i - i % 4 + 1].extra_reads <= s[i - i % 4 + 2].extra_reads
                      && s[i - i % 4 + 2].extra_reads < s[i - i % 4 + 3].extra_reads,
                  i);
}

static void a_list_of_many_pages_must_be_worth_them(void **state)
{
    struct schedule_source s[MANY];
    char keys[MANY][16];
    uint32_t cheap = 0, dear = 0;

    (void)state;
    fill(s, keys, NULL);
    for (size_t i = 0; i < MANY; i += 2)
        s[i].requests = 10;
    schedule_plan(s, MANY, &(struct schedule_options){ MIDNIGHT + HOUR, MANY });
    for (size_t i = 0; i < MANY; i += 2) {
        dear += s[i].extra_reads;
        cheap += s[i + 1].extra_reads;
    }
    CHECK(dear == 0 && cheap > MANY / 4);
}

static void those_alike_take_turns_from_day_to_day(void **state)
{
    struct schedule_source s[MANY];
    char keys[MANY][16];
    bool turn[MANY] = { false };

    (void)state;
    fill(s, keys, NULL);
    for (int day = 0; day < 60; day++) {
        schedule_plan(s, MANY, &(struct schedule_options){ MIDNIGHT + day * DAY + HOUR, MANY / 4 });
        CHECK_ROW(planned(s) == MANY / 4, day);
        for (size_t i = 0; i < MANY; i++)
            turn[i] |= s[i].extra_reads > 0;
    }
    for (size_t i = 0; i < MANY; i++)
        CHECK_ROW(turn[i], i);
}

/* A day of hourly runs; how often each was read beyond the daily read, and when. */
static uint32_t play_day(struct schedule_source *s, int64_t budget, int64_t *longest)
{
    uint32_t reads = 0;

    for (int64_t now = MIDNIGHT; now < MIDNIGHT + DAY; now += HOUR) {
        schedule_plan(s, MANY, &(struct schedule_options){ now, budget });
        for (size_t i = 0; i < MANY; i++) {
            if (s[i].due != DUE_EXTRA)
                continue;
            if (now - s[i].last_reading > longest[i])
                longest[i] = now - s[i].last_reading;
            s[i].last_reading = s[i].last_proven = now;
            s[i].reads_today++;
            reads++;
        }
    }
    return reads;
}

static void extra_reads_are_spread_over_the_day_and_never_exceed_the_budget(void **state)
{
    static const struct {
        int64_t budget;
        uint32_t least;
        int64_t longest; /* between two reads of the same source */
    } rows[] = {
        { 0, 0, 0 },
        { 1, 1, 15 * HOUR },
        { MANY, MANY, 15 * HOUR },
        { 3 * MANY, 3 * MANY, 8 * HOUR },
        { 100000, EXTRA_READS_MOST * MANY, 4 * HOUR },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct schedule_source s[MANY];
        char keys[MANY][16];
        int64_t longest[MANY] = { 0 };
        uint32_t reads;

        fill(s, keys, NULL);
        reads = play_day(s, rows[i].budget, longest);
        CHECK_ROW(reads <= rows[i].budget && reads >= rows[i].least, i);
        for (size_t k = 0; k < MANY; k++)
            CHECK_ROW(longest[k] <= rows[i].longest, i);
    }
}

static void not_all_are_asked_at_the_same_hour(void **state)
{
    struct schedule_source s[MANY];
    char keys[MANY][16];
    int at_ten = 0, at_fourteen = 0;

    (void)state;
    fill(s, keys, NULL);
    schedule_plan(s, MANY, &(struct schedule_options){ MIDNIGHT + 10 * HOUR, MANY });
    for (size_t i = 0; i < MANY; i++)
        at_ten += s[i].due == DUE_EXTRA;
    schedule_plan(s, MANY, &(struct schedule_options){ MIDNIGHT + 14 * HOUR, MANY });
    for (size_t i = 0; i < MANY; i++)
        at_fourteen += s[i].due == DUE_EXTRA;
    CHECK(at_ten == 0 && at_fourteen == MANY);
    schedule_plan(s, MANY, &(struct schedule_options){ MIDNIGHT + 12 * HOUR, MANY });
    for (size_t i = 0, now = 0; i < MANY; i++) {
        now += s[i].due == DUE_EXTRA;
        CHECK(i + 1 < MANY || (now > MANY / 4 && now < MANY * 3 / 4));
    }
}

static void a_source_in_doubt_gets_no_extra_read(void **state)
{
    enum { NOON = MIDNIGHT + 14 * HOUR };
    static const struct schedule_source good = { .last_reading = MIDNIGHT,
                                                 .last_proven = MIDNIGHT,
                                                 .reads_today = 1,
                                                 .changes = 28,
                                                 .days = 28 };
    struct schedule_source s;

    (void)state;
    CHECK(due_of(good, NOON, 1) == DUE_EXTRA && due_of(good, NOON, 0) == DUE_NOT);
    s = good;
    s.days = .9; /* not known well enough */
    CHECK(due_of(s, NOON, 100) == DUE_NOT);
    s = good;
    s.changes = 1; /* nothing likely to be found */
    CHECK(due_of(s, NOON, 100) == DUE_NOT);
    s = good;
    s.last_reading = MIDNIGHT + HOUR; /* which failed */
    s.reads_today = 2;
    CHECK(due_of(s, NOON, 100) == DUE_NOT);
    s = good;
    s.requests = 3; /* more than there is */
    CHECK(due_of(s, NOON, 2) == DUE_NOT);
}

static void a_run_of_another_clock_reads_nothing_twice(void **state)
{
    struct schedule_source s = { .last_reading = MIDNIGHT + DAY,
                                 .last_proven = MIDNIGHT + DAY,
                                 .reads_today = 0,
                                 .changes = 280,
                                 .days = 28 };

    (void)state;
    CHECK(due_of(s, MIDNIGHT + 12 * HOUR, 100) == DUE_NOT);
}

RUN_TESTS(TEST(the_rate_is_its_own_days_and_two_of_the_others),
          TEST(each_source_is_due_for_its_own_reason),
          TEST(no_budget_is_too_small_for_the_daily_read),
          TEST(the_budget_goes_where_most_is_seen_sooner),
          TEST(a_list_of_many_pages_must_be_worth_them),
          TEST(those_alike_take_turns_from_day_to_day),
          TEST(extra_reads_are_spread_over_the_day_and_never_exceed_the_budget),
          TEST(not_all_are_asked_at_the_same_hour), TEST(a_source_in_doubt_gets_no_extra_read),
          TEST(a_run_of_another_clock_reads_nothing_twice))
