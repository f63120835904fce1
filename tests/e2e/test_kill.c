/*
 * Kills at random moments of a crawl, a reparse and a publication. After each the store is whole,
 * the site's files are whole, and the next run comes to where it would have come anyway.
 * FULL_KILL makes a thousand of them.
 */
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/cleanup.h"
#include "core/date.h"
#include "tests/e2e/play.h"

#ifdef FULL_KILL
enum { KILLS = 1000 };
#else
enum { KILLS = 24 };
#endif
enum { LONGEST_US = 140000 };

static const char *const boards[] = { "ABCD", "aBCDE", "BCDEF", "ABcdF" }; /* in turn, day by day */

struct killing {
    struct play play;
    char now[DATE_TEXT];
    const char *site;
};

static void open_play(struct killing *k)
{
    play_open(&k->play, "e2e-kills");
    play_file(&k->play, "127.0.0.2/site.tsv",
              STR("GET\t" GREENHOUSE_PATH "\t-\t200\tboard.json\n"));
    play_file(&k->play, "127.0.0.2/board.json", greenhouse_board(&k->play.memory, boards[0]));
    play_start(&k->play, GREENHOUSE_SOURCE);
    k->site = str_printf(&k->play.memory, "%s/site", k->play.folder).p;
}

static void turn_to(struct killing *k, int day)
{
    date_format_iso(date_from_civil(2026, 1, 1) + (int64_t)day * DAY_SECONDS + 12600, k->now);
    play_file(&k->play, "127.0.0.2/board.json",
              greenhouse_board(&k->play.memory, boards[(size_t)day % ARRAY_LEN(boards)]));
}

#define ASK(k, a, ...)                                                                             \
    spawn((a), "--config", (k)->play.config, "--state", (k)->play.state, "--now", (k)->now,        \
          __VA_ARGS__)

static int64_t number(struct killing *k, struct arena *a, const char *query)
{
    struct str out = ASK(k, a, "--format", "tsv", "sql", query).out;
    int64_t n;

    (void)str_cut(&out, '\n');
    return str_int(str_trim(out), &n) ? n : -1;
}

static void kill_after(struct arena *a, const char *const words[], long us)
{
    struct running r = spawn_start(&(struct spawn_options){ 0 }, words);

    nanosleep(&(struct timespec){ 0, us * 1000 }, NULL);
    (void)kill(r.pid, SIGKILL);
    (void)spawn_wait(a, &r);
}

/* Whatever the site shows is a whole file. */
static void check_site(struct killing *k, struct arena *a, int row)
{
    static const char *const feeds[] = { "v1/roles.json", "v1/index.json", "v1/openings.json" };

    for (size_t i = 0; i < ARRAY_LEN(feeds); i++) {
        const char *path = str_printf(a, "%s/%s", k->site, feeds[i]).p;
        CLEANUP(file_close) FILE *there = fopen(path, "r");

        if (there)
            CHECK_ROW(ASK(k, a, "json-check", "-q", path).status == 0, row);
    }
}

static void a_kill_at_any_moment_costs_nothing(void **state)
{
    static const char *const commands[][3] = { { "run", "--publish", NULL },
                                               { "crawl", NULL, NULL },
                                               { "reparse", NULL, NULL },
                                               { "publish", NULL, NULL } };
    struct killing k = { 0 };
    struct arena a = ARENA_INIT;
    unsigned seed = 11;

    (void)state;
    open_play(&k);
    turn_to(&k, 0);
    CHECK(ASK(&k, &a, "run", "--publish", k.site).status == 0);
    for (int i = 1; i <= KILLS; i++) {
        size_t c = (size_t)i % ARRAY_LEN(commands);
        const char *words[] = { "--config", k.play.config,  "--state", k.play.state, "--now",
                                k.now,      commands[c][0], NULL,      NULL,         NULL };
        size_t n = 7, want = strlen(boards[(size_t)i % ARRAY_LEN(boards)]);

        turn_to(&k, i);
        if (commands[c][1])
            words[n++] = commands[c][1];
        if (c == 0 || c == 3)
            words[n++] = k.site;
        kill_after(&a, words, (long)(rand_r(&seed) % LONGEST_US));
        CHECK_ROW(number(&k, &a, "SELECT count(*) FROM v_reading WHERE outcome IS NOT NULL") >= i,
                  i);
        check_site(&k, &a, i);
        CHECK_ROW(ASK(&k, &a, "run", "--publish", k.site).status == 0, i);
        CHECK_ROW(number(&k, &a, "SELECT count(*) FROM v_spell WHERE open") == (int64_t)want, i);
        CHECK_ROW(number(&k, &a, "SELECT count(*) FROM v_counted_opening") == (int64_t)want, i);
        check_site(&k, &a, i);
        arena_reset(&a);
    }
    CHECK(str_find(ASK(&k, &a, "doctor").out, STR("ok   store: whole")) >= 0);
    arena_free(&a);
    play_close(&k.play);
}

RUN_TESTS(TEST(a_kill_at_any_moment_costs_nothing))
