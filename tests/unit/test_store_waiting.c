#include <sys/wait.h>

#include "store_util.h"

/* What is not written yet is written before anybody could miss it. */

enum { READINGS = 1500 }; /* more than are remembered without a row */

static int note_cell(void *ctx, size_t row, const struct sql_cell *cells, size_t n, struct diag *d)
{
    (void)d;
    CHECK(n == 1);
    if (row == 1)
        snprintf(ctx, 64, STR_FMT, STR_ARG(cells[0].text));
    return 0;
}

/* What somebody else sees in the store now. */
static void check_seen(const struct folder *f, const char *query, const char *want, size_t row)
{
    struct store *other = NULL;
    struct diag d = { 0 };
    char got[64] = "";

    OK(store_open(&other, f->path, STORE_READ, &d));
    OK(store_sql(other, str_of(query), note_cell, got, &d));
    CHECK_STR(str_of(got), str_of(want), row);
    store_close(&other);
}

static struct transfer line_of(int64_t at)
{
    return (struct transfer){ .method = STR("GET"),
                              .url = STR("https://kaveri.example/jobs"),
                              .at = at,
                              .status = 200,
                              .robots = "none" };
}

static int count_in_order(void *ctx, const struct transfer *t, struct diag *d)
{
    int64_t *n = ctx;

    (void)d;
    CHECK(t->at == NOON + *n);
    ++*n;
    return 0;
}

static void lines_keep_their_order_and_their_readings(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct diag d = { 0 };
    int64_t n = 0;

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    put_source(s, "greenhouse:kaveri");
    for (int64_t i = 0; i < READINGS; i++) {
        struct transfer t = line_of(NOON + i);
        int64_t reading;

        OK(store_begin_reading(s, STR("greenhouse:kaveri"), NOON, &reading, &d));
        CHECK(reading == i + 1);
        OK(store_put_transfer(s, i % 3 ? reading : 0, &t, &d));
    }
    OK(store_transfers(s, NOON, count_in_order, &n, &d));
    CHECK(n == READINGS);
    OK(store_flush(s, &d));
    check_seen(&f, "SELECT count(*) FROM request JOIN reading r ON r.id = reading", "1000", 0);
    OK(store_check(s, &d));
    store_close(&s);
    remove_folder(&f);
}

/* Of a process that ended: what was committed of its readings is there, whole, and failed. */
static void an_interrupted_reading_has_its_lines_or_never_was(void **state)
{
    static const struct {
        bool line, body, ends, committed;
        const char *want; /* readings, lines, answers, failed */
    } rows[] = {
        { false, false, false, true, "0 0 0 0" }, { true, false, false, true, "1 1 0 1" },
        { true, true, false, true, "1 1 1 1" },   { true, true, true, true, "1 1 1 0" },
        { true, true, true, false, "0 0 0 0" },
    };
    static const char query[] =
        "SELECT (SELECT count(*) FROM reading) || ' ' || (SELECT count(*) FROM request) || ' ' ||"
        " (SELECT count(*) FROM answer) || ' ' ||"
        " (SELECT count(*) FROM reading WHERE outcome = 'failed')";

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct folder f = fresh_folder();
        struct transfer t = line_of(NOON);
        struct verdict v;
        struct store *s = NULL;
        struct diag d = { 0 };
        int64_t reading;
        pid_t child;

        OK(store_open(&s, f.path, STORE_WRITE, &d));
        put_source(s, "greenhouse:kaveri");
        store_close(&s);
        child = fork();
        if (!child) {
            OK(store_open(&s, f.path, STORE_WRITE, &d));
            OK(store_begin_reading(s, STR("greenhouse:kaveri"), NOON, &reading, &d));
            if (rows[i].line)
                OK(store_put_transfer(s, reading, &t, &d));
            if (rows[i].body)
                OK(store_put_body(s, reading, t.url, STR("{}"), NOON, NULL, &d));
            if (rows[i].ends)
                OK(store_end_reading(s, reading, &(struct verdict_in){ .outcome = "unchanged" },
                                     NOON, &v, &d));
            if (rows[i].committed)
                OK(store_flush(s, &d));
            _exit(0);
        }
        CHECK(waitpid(child, NULL, 0) == child);
        OK(store_open(&s, f.path, STORE_WRITE, &d));
        check_seen(&f, query, rows[i].want, i);
        OK(store_check(s, &d));
        store_close(&s);
        remove_folder(&f);
    }
}

/* What the handle remembers of a source is what the file says, verdict after verdict. */
static void a_verdict_begins_where_the_last_one_left_its_source(void **state)
{
    static const struct {
        const char *outcome, *ids;
        bool window;
        int64_t open, closed;
        bool held;
    } rows[] = {
        { "complete", "a b", false, 2, 0, false }, { "unchanged", "", false, 2, 0, false },
        { "failed", "", false, 2, 0, false },      { "unchanged", "", false, 2, 0, false },
        { "complete", "", false, 2, 0, true },     { "unchanged", "", false, 2, 0, false },
        { "complete", "", false, 2, 0, true },     { "complete", "", false, 0, 2, false },
        { "unchanged", "", false, 0, 0, false },   { "complete", "c", true, 1, 0, false },
        { "unchanged", "", true, 1, 0, false },    { "complete", "c d", false, 2, 0, false },
    };

    (void)state;
    for (int remembers = 0; remembers < 2; remembers++) {
        struct folder f = fresh_folder();
        struct arena a = ARENA_INIT;
        struct source_state *states;
        struct store *s = NULL;
        struct diag d = { 0 };
        size_t n;

        OK(store_open(&s, f.path, STORE_WRITE, &d));
        put_source(s, "greenhouse:kaveri");
        if (remembers)
            OK(store_sources(s, &a, &states, &n, &d));
        for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
            struct verdict_in in = { .outcome = rows[i].outcome, .window = rows[i].window };
            int64_t now = NOON + (int64_t)i * DAY;
            struct verdict v;

            v = put_board(s, "greenhouse:kaveri", rows[i].ids, in, now);
            CHECK_ROW(v.open == rows[i].open && v.closed == rows[i].closed, i);
            CHECK_ROW(v.held == rows[i].held, i);
        }
        OK(store_flush(s, &d));
        check_seen(&f, "SELECT count(*) FROM source_was", "2", 0);
        OK(store_check(s, &d));
        arena_free(&a);
        store_close(&s);
        remove_folder(&f);
    }
}

RUN_TESTS(TEST(lines_keep_their_order_and_their_readings),
          TEST(an_interrupted_reading_has_its_lines_or_never_was),
          TEST(a_verdict_begins_where_the_last_one_left_its_source))
