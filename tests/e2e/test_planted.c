/*
 * A planted market, read over HTTP day by day, with faults, silences, falls, renamings, windows,
 * echoes, edits, reposts and boards that go. On every day the audit adds up, and the count is what
 * the boards that could be read let be known; on every day on which all of them were read whole it
 * is the truth. FULL_PLANTED plays 90 days of 19 employers.
 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "tests/e2e/planted.h"
#include "tests/e2e/play.h"

#ifdef FULL_PLANTED
enum { EMPLOYERS = 19, DAYS = PLANTED_DAYS, PROVEN_AT_LEAST = 30 };
#else
enum { EMPLOYERS = 8, DAYS = 22, PROVEN_AT_LEAST = 8 };
#endif

struct market {
    struct play play;
    struct planted m;
    struct planted_memory memory;
    int board, proven_days;
    const char *now;
    int openings[PLANTED_DAYS]; /* as they were counted on each day */
    struct arena a;
};

static void write_site_file(void *ctx, const char *path, struct str bytes)
{
    struct market *k = ctx;
    CLEANUP(buf_release) struct buf b = { 0 };
    const char *at = str_printf(&k->a, "p%d.localhost/%s", k->board, path).p;

    if (!bytes.p) {
        (void)unlink(str_printf(&k->a, "%s/boards/%s", k->play.folder, at).p);
        return;
    }
    for (ptrdiff_t hole; (hole = str_find(bytes, STR("PORT"))) >= 0;) {
        buf_add(&b, str_slice(bytes, 0, (size_t)hole));
        buf_printf(&b, "%u", boards_port(k->play.boards));
        bytes = str_from(bytes, (size_t)hole + 4);
    }
    buf_add(&b, bytes);
    play_file(&k->play, at, buf_str(&b));
}

/* A shipped adapter without its long pause, which would make 90 days an hour. */
static void hurry(struct market *k, const char *adapter)
{
    const char *path = str_printf(&k->a, "%s/config/adapters/%s.yaml", SOURCE_DIR, adapter).p;
    CLEANUP(file_close) FILE *f = fopen(path, "r");
    CLEANUP(buf_release) struct buf b = { 0 };
    char line[4096];

    CHECK(f != NULL);
    while (f && fgets(line, sizeof(line), f))
        if (strncmp(line, "gap_ms:", 7) != 0)
            buf_add(&b, str_of(line));
    scratch_file(&k->a, k->play.folder, str_printf(&k->a, "config/adapters/%s.yaml", adapter).p,
                 buf_str(&b));
}

static const char *sources_of(struct market *k, int day)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (int i = 0; i < k->m.n_boards; i++)
        buf_add(&b, planted_source(&k->a, &k->m, i, day));
    return str_cstr(&k->a, buf_str(&b));
}

static void open_market(struct market *k)
{
    static const char *const slow[] = { "lever", "ashby", "recruitee", "careers-jsonld" };

    planted_make(&k->m, EMPLOYERS, DAYS);
    play_open(&k->play, "e2e-planted");
    for (int i = 0; i < k->m.n_boards; i++)
        play_file(&k->play, str_printf(&k->a, "p%d.localhost/site.tsv", i).p,
                  planted_site(&k->a, &k->m, i));
    for (size_t i = 0; i < ARRAY_LEN(slow); i++)
        hurry(k, slow[i]);
    play_start(&k->play, sources_of(k, 0));
}

static const char *time_of(struct market *k, int day)
{
    char now[DATE_TEXT];

    date_format_iso(date_from_civil(2026, 1, 1) + (int64_t)day * DAY_SECONDS + 12600, now);
    return str_printf(&k->a, "%s", now).p;
}

#define ASK(k, ...)                                                                                \
    spawn(&(k)->a, "--config", (k)->play.config, "--state", (k)->play.state, "--now", (k)->now,    \
          __VA_ARGS__)

static int64_t number_of(struct str json, const char *key)
{
    int64_t n;

    return str_int(str_trim(json_field(json, key)), &n) ? n : -1;
}

static int64_t in_store(struct market *k, const char *query)
{
    struct str out = ASK(k, "--format", "tsv", "sql", query).out;
    int64_t n = -1;

    (void)str_cut(&out, '\n');
    (void)str_int(str_trim(out), &n);
    return n;
}

/* Each posting ever proven has one line with one reason, and each counted opening one counted. */
static void check_audit(struct market *k, int day, int64_t openings)
{
    struct str rest = ASK(k, "audit", "--format", "jsonl").out;
    int64_t lines = 0, counted = 0;

    while (rest.n) {
        struct str line = str_cut(&rest, '\n');
        bool is_in = str_eq(json_field(line, "counted"), STR("true"));
        bool is_out = str_eq(json_field(line, "counted"), STR("false"));

        CHECK_ROW(is_in != is_out && json_field(line, "reason").n > 2, day);
        counted += is_in;
        lines++;
    }
    CHECK_ROW(lines == in_store(k, "SELECT count(*) FROM v_posting"), day);
    CHECK_ROW(counted == openings, day);
}

/* What is published of the boards is what the store knows of them. */
static void check_published(struct market *k, int day)
{
    CLEANUP(file_close)
    FILE *f = fopen(str_printf(&k->a, "%s/site/v1/sources.json", k->play.folder).p, "r");
    char *all = ARENA_NEW(&k->a, char, 1 << 20);
    struct str rest = { all, f ? fread(all, 1, 1 << 20, f) : 0 };
    int64_t open = 0, gone = (int64_t)count_of(rest, STR("\"standing\": \"gone\""));

    for (ptrdiff_t at; (at = str_find(rest, STR("\"open_postings\":"))) >= 0;) {
        rest = str_from(rest, (size_t)at);
        open += number_of(rest, "open_postings");
        rest = str_from(rest, 1);
    }
    CHECK_ROW(open == in_store(k, "SELECT count(*) FROM v_spell WHERE open"), day);
    CHECK_ROW(gone == in_store(k, "SELECT count(*) FROM v_source WHERE gone"), day);
}

static void check_tools(struct market *k, int day, const struct planted_counts *truth)
{
    struct str table = ASK(k, "demand", "--format", "json").out;

    for (int i = 0; i < TOOLS; i++) {
        struct str id = str_printf(&k->a, "{\"id\":\"%s\"", planted_tools[i]);
        ptrdiff_t at = str_find(table, id);
        int64_t n = at < 0 ? 0 : number_of(str_from(table, (size_t)at), "openings");

        if (n != truth->tools[i])
            fprintf(stderr, "day %d: %s: %d are true, %d counted\n", day, planted_tools[i],
                    truth->tools[i], (int)n);
        CHECK_ROW(n == truth->tools[i], day);
    }
}

static void check_day(struct market *k, int day)
{
    struct planted_counts expect, truth;
    struct str roles = ASK(k, "roles", "--format", "json").out;
    int64_t openings = number_of(roles, "openings");

    planted_expect(&k->m, day, &k->memory, &expect);
    planted_truth(&k->m, day, &truth);
    if (openings != expect.openings)
        fprintf(stderr, "day %d: %d were known, %d counted\n", day, expect.openings, (int)openings);
    CHECK_ROW(openings == expect.openings, day);
    CHECK_ROW(number_of(roles, "stale") == expect.stale, day);
    check_audit(k, day, openings);
    check_published(k, day);
    k->openings[day] = (int)openings;
    if (!expect.all_proven)
        return;
    k->proven_days++;
    CHECK_ROW(openings == truth.openings, day);
    CHECK_ROW(number_of(roles, "carried") == 0, day);
    CHECK_ROW(number_of(roles, "stale") == 0, day);
    check_tools(k, day, &truth);
}

static void play_a_day(struct market *k, int day)
{
    struct spawned run;

    play_day(&k->play, day);
    for (k->board = 0; k->board < k->m.n_boards; k->board++)
        planted_write(&k->m, k->board, day, k, write_site_file);
    play_sources(&k->play, sources_of(k, day));
    k->now = time_of(k, day);
    run = ASK(k, "run", "--publish", str_printf(&k->a, "%s/site", k->play.folder).p);
    CHECK_ROW(run.status == 0 || run.status == 3, day);
    if (run.status != 0 && run.status != 3)
        fprintf(stderr, STR_FMT STR_FMT, STR_ARG(run.out), STR_ARG(run.err));
}

/* What was said of each day is said of it still, by the series and by asking. */
static void check_past(struct market *k)
{
    struct str csv = ASK(k, "roles", "--since", "2026-01-01", "--format", "csv").out;

    (void)str_cut(&csv, '\n');
    for (int day = 0; day < DAYS; day++) {
        struct str line = str_cut(&csv, '\n'), date = str_cut(&line, ',');
        int64_t n = -1;

        (void)str_int(str_cut(&line, ','), &n);
        CHECK_ROW(n == k->openings[day], day);
        if (day % 7 == 3)
            CHECK_ROW(
                number_of(ASK(k, "roles", "--at", str_cstr(&k->a, date), "--format", "json").out,
                          "openings")
                    == k->openings[day],
                day);
    }
}

static void the_count_is_the_truth_on_every_proven_day(void **state)
{
    struct market *k = calloc(1, sizeof(*k));

    (void)state;
    open_market(k);
    for (int day = 0; day < DAYS; day++) {
        play_a_day(k, day);
        check_day(k, day);
        arena_reset(&k->a);
    }
    k->now = time_of(k, DAYS - 1);
    check_past(k);
    printf("%d jobs on %d boards over %d days, all boards proven on %d\n", k->m.n_jobs,
           k->m.n_boards, DAYS, k->proven_days);
    CHECK(k->proven_days >= PROVEN_AT_LEAST);
    CHECK(str_find(ASK(k, "doctor").out, STR("ok   store: whole")) >= 0);
    arena_free(&k->a);
    play_close(&k->play);
    free(k);
}

RUN_TESTS(TEST(the_count_is_the_truth_on_every_proven_day))
