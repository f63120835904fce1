/* The count and the index beside each other, both 100 on one day. */
#include <math.h>

#include "aggregator/figures.h"
#include "store_util.h"

static void put_count(struct store *s, int64_t day, double openings, double index, double read)
{
    const struct figure_row rows[] = {
        { .day = day, .name = STR("openings"), .value = openings },
        { .day = day, .name = STR("panel_index"), .value = index },
        { .day = day, .name = STR("sources_read"), .value = read },
    };
    struct diag d = { 0 };

    OK(store_put_figures(s, rows, ARRAY_LEN(rows), &d));
}

static void a_trend_is_100_on_its_base_and_says_what_was_revised(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = NULL;
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct trend_row *rows = NULL;
    struct revision rev;
    struct diag d = { 0 };
    int64_t cursor = 0;
    size_t n = 0;

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    OK(store_use_vintage(s, (struct hash){ 1, 1 }, NULL, 0, NOON, &d));
    put_count(s, 10, 80, 100, 3);
    put_count(s, 11, 90, 110, 3);
    put_count(s, 12, 90, 110, 0); /* nothing was read */
    put_count(s, 13, 150, 121, 4);
    OK(trend_load(s, 11, 13, 0, &a, &rows, &n, &d));
    CHECK(n == 3 && rows[0].day == 11 && rows[0].raw_index == 100 && rows[0].panel_index == 100);
    CHECK(isnan(rows[1].panel_index) && rows[1].raw_index == 100);
    CHECK(fabs(rows[2].panel_index - 110) < 1e-9 && rows[2].revised == 0);
    OK(trend_load(s, 11, 13, 10, &a, &rows, &n, &d)); /* a base before what is shown */
    CHECK(n == 3 && rows[0].raw_index == 112.5 && fabs(rows[2].panel_index - 121) < 1e-9);
    CHECK(trend_load(s, 11, 13, 12, &a, &rows, &n, &d) == ERR_USAGE); /* a gap */
    CHECK(trend_load(s, 11, 13, 40, &a, &rows, &n, &d) == ERR_USAGE);
    /* Other rules read the same history otherwise. */
    OK(store_use_vintage(s, (struct hash){ 2, 2 }, NULL, 0, NOON, &d));
    CHECK(store_next_unread(s, &cursor, &a, &rev, &d) == STORE_NONE);
    put_count(s, 11, 93, 104, 3);
    put_count(s, 13, 140, 104, 4);
    OK(trend_load(s, 10, 13, 0, &a, &rows, &n, &d));
    CHECK(n == 2 && rows[0].revised == 3 && rows[1].revised == -10);
    store_close(&s);
    remove_folder(&f);
}

RUN_TESTS(TEST(a_trend_is_100_on_its_base_and_says_what_was_revised))
