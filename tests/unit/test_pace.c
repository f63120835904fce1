#include "crawler/host.h"

#include "test.h"

enum { NOW = 1795470840 }; /* Mon, 23 Nov 2026 21:54:00 GMT */

static void retry_after_is_seconds_or_a_date_and_at_most_a_day(void **state)
{
    static const struct {
        const char *value;
        bool ok;
        int64_t wait;
    } rows[] = {
        { "120", true, 120 },
        { " 7 ", true, 7 },
        { "0", true, 1 },
        { "999999999", true, PATIENCE_MAX_S },
        { "99999999999999999999999999", true, PATIENCE_MAX_S },
        { "Mon, 23 Nov 2026 21:56:00 GMT", true, 120 },
        { "Mon, 23 Nov 2026 21:50:00 GMT", true, 1 },
        { "Mon, 23 Nov 2099 21:50:00 GMT", true, PATIENCE_MAX_S },
        { "-5", false, 0 },
        { "1.5", false, 0 },
        { "soon", false, 0 },
        { "", false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t until = NOW;

        CHECK_ROW(retry_after_parse(str_of(rows[i].value), NOW, &until) == rows[i].ok, i);
        CHECK_ROW(until - NOW == rows[i].wait, i);
    }
}

static void a_group_is_never_asked_twice_at_once_nor_too_soon(void **state)
{
    static const struct {
        struct pace pace;
        uint32_t gap_ms;
        int64_t want;
    } rows[] = {
        { { .busy = false }, 1000, 0 },
        { { .busy = true, .used = true, .sent_us = 5 }, 0, PACE_NEVER },
        { { .used = true, .sent_us = 5000000 }, 1000, 6000000 },
        { { .used = true, .sent_us = 5000000 }, 4000000, 4005000000 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_ROW(pace_due(&rows[i].pace, rows[i].gap_ms) == rows[i].want, i);
}

/* A wait of our own making: so long, and up to a tenth more. */
static bool waits(int64_t until, int64_t from, int64_t wait)
{
    return until >= from + wait && until <= from + wait + wait / 10;
}

static void a_host_that_fails_rests_longer_each_time(void **state)
{
    struct host_state h = { 0 };

    (void)state;
    for (int i = 0; i < 2; i++)
        CHECK(host_failed(&h, 3, 100, NOW) && host_gate(&h, NOW) == HOST_OPEN);
    CHECK(host_failed(&h, 3, 100, NOW) && waits(h.breaker_until, NOW, 100));
    CHECK(host_gate(&h, NOW + 99) == HOST_RESTING && host_gate(&h, h.breaker_until) == HOST_OPEN);
    CHECK(host_failed(&h, 3, 100, NOW + 100) && waits(h.breaker_until, NOW + 100, 200));
    for (int i = 0; i < 100; i++)
        host_failed(&h, 3, 100, NOW);
    CHECK(h.breaker_until == NOW + PATIENCE_MAX_S);
    CHECK(host_answered(&h) && host_gate(&h, NOW) == HOST_OPEN && !h.failures);
    CHECK(!host_answered(&h));
}

static void a_host_that_asks_for_patience_gets_it(void **state)
{
    struct host_state h = { 0 };

    (void)state;
    host_asked_patience(&h, STR("30"), NOW);
    CHECK(h.next_ok == NOW + 30 && host_gate(&h, NOW + 29) == HOST_PATIENT);
    CHECK(host_gate(&h, NOW + 30) == HOST_OPEN);
    host_asked_patience(&h, STR("garbage"), NOW);
    CHECK(waits(h.next_ok, NOW, 120));     /* the second time in a row */
    h.next_ok = NOW + 10 * PATIENCE_MAX_S; /* a clock that jumped back */
    CHECK(host_gate(&h, NOW) == HOST_OPEN);
}

static void hosts_that_failed_together_are_not_asked_again_together(void **state)
{
    enum { HOSTS = 200, REST = 3600 };
    int64_t least = INT64_MAX, most = 0;

    (void)state;
    for (int i = 0; i < HOSTS; i++) {
        char name[40];
        struct host_state h = { 0 }, again;

        snprintf(name, sizeof(name), "https://h%d.example:443", i);
        h.host = str_of(name);
        again = h;
        CHECK_ROW(host_failed(&h, 1, REST, NOW) && waits(h.breaker_until, NOW, REST), i);
        CHECK_ROW(host_failed(&again, 1, REST, NOW) && again.breaker_until == h.breaker_until, i);
        least = h.breaker_until < least ? h.breaker_until : least;
        most = h.breaker_until > most ? h.breaker_until : most;
    }
    CHECK(most - least > REST / 20);
}

RUN_TESTS(TEST(hosts_that_failed_together_are_not_asked_again_together),
          TEST(retry_after_is_seconds_or_a_date_and_at_most_a_day),
          TEST(a_group_is_never_asked_twice_at_once_nor_too_soon),
          TEST(a_host_that_fails_rests_longer_each_time),
          TEST(a_host_that_asks_for_patience_gets_it))
