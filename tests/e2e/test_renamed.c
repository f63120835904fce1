/* A board whose key changes is one board: its ads go on, and none of them counts twice. */
#include "test.h"

#include "tests/e2e/play.h"

#define BOARD(words, token)                                                                        \
    "- { " words ", adapter: greenhouse, company: Palash Pay, params: { token: " token             \
    ", base: '@2' } }\n"

static void open_board(struct play *p, const char *name)
{
    play_open(p, name);
    play_file(p, "127.0.0.2/site.tsv",
              STR("GET\t/v1/boards/palash/*\t-\t200\tABC.json\n"
                  "GET\t/v1/boards/palash-pay/*\t-\t200\tABCD.json\n"));
    play_file(p, "127.0.0.2/ABC.json", greenhouse_board(&p->memory, "ABC"));
    play_file(p, "127.0.0.2/ABCD.json", greenhouse_board(&p->memory, "ABCD"));
}

static struct str roles(struct play *p, const char *at, const char *field)
{
    return json_field(play(p, at, "roles", "--format", "json").out, field);
}

/* What each day's figures say of the board, and how many ads were ever proven. */
static void check_once(struct play *p, const char *at, const char *open, int64_t postings, int row)
{
    CHECK_STR(roles(p, at, "openings"), str_of(open), row);
    CHECK_STR(roles(p, at, "postings"), str_of(open), row);
    CHECK_ROW(play_number(p, "SELECT count(*) FROM v_posting") == postings, row);
    CHECK_ROW(play_number(p, "SELECT count(*) FROM v_posting WHERE open") == postings, row);
}

static void another_key_for_the_same_board_is_seen(void **state)
{
    struct spawned s;
    struct play p;

    (void)state;
    open_board(&p, "e2e-renamed");
    play_start(&p, BOARD("key: old", "palash"));
    CHECK(play(&p, "11T03:30", "run").status == 0);
    check_once(&p, "11T03:30", "3", 3, 0);
    play_sources(&p, BOARD("key: new", "palash"));
    s = play(&p, "12T03:30", "run");
    CHECK(s.status == 0);
    check_once(&p, "12T03:30", "3", 3, 1);
    CHECK(play_number(&p, "SELECT count(*) FROM v_source WHERE source = 'new'") == 1);
    CHECK(play_number(&p, "SELECT count(*) FROM v_source") == 1);
    CHECK(play_number(&p, "SELECT count(*) FROM v_reading WHERE outcome = 'unchanged'") == 1);
    CHECK(play(&p, "12T03:30", "show", "old/101").status == 0);
    /* the trend has no step: the board is compared with itself */
    CHECK(
        play_number(
            &p,
            "SELECT CAST(value AS INTEGER) FROM v_figure WHERE name = 'panel_raw' ORDER BY day DESC"
            " LIMIT 1")
        == 100);
    play_close(&p);
}

static void data_say_what_a_board_was(void **state)
{
    struct play p;

    (void)state;
    open_board(&p, "e2e-was");
    play_start(&p, BOARD("key: old", "palash"));
    CHECK(play(&p, "11T03:30", "run").status == 0);
    play_sources(&p, BOARD("key: new, was: old", "palash-pay"));
    CHECK(play(&p, "12T03:30", "run").status == 0);
    check_once(&p, "12T03:30", "4", 4, 0);
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting WHERE date(first_proof, 'unixepoch')"
                          " = '2026-11-11'")
          == 3);
    /* and again, from a store in which it is done */
    CHECK(play(&p, "13T03:30", "run").status == 0);
    check_once(&p, "13T03:30", "4", 4, 1);
    play_close(&p);
}

/* Both keys were read for a day before anybody said that they are one board. */
static void two_histories_become_one(void **state)
{
    struct play p;

    (void)state;
    open_board(&p, "e2e-was-both");
    play_start(&p, BOARD("key: old", "palash"));
    CHECK(play(&p, "11T03:30", "run").status == 0);
    play_sources(&p, BOARD("key: new", "palash-pay"));
    CHECK(play(&p, "12T03:30", "run").status == 0);
    CHECK_STR(roles(&p, "12T03:30", "postings"), STR("7"), 0); /* joined, but seven ads */
    play_sources(&p, BOARD("key: new, was: [old]", "palash-pay"));
    CHECK(play(&p, "13T03:30", "run").status == 0);
    CHECK_STR(roles(&p, "13T03:30", "openings"), STR("4"), 0);
    CHECK_STR(roles(&p, "13T03:30", "postings"), STR("4"), 1);
    CHECK_STR(roles(&p, "13T03:30", "stale"), STR("0"), 2);
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting WHERE ended_how = 'moved'") == 3);
    /* the opening is the older ad's still */
    CHECK(play_number(&p, "SELECT count(*) FROM v_opening WHERE counted AND opening <= 3") == 3);
    /* the 12th stays what it was */
    CHECK_STR(
        json_field(play(&p, "13T04:30", "roles", "--at", "2026-11-12", "--format", "json").out,
                   "postings"),
        STR("7"), 3);
    play_close(&p);
}

static void one_board_is_configured_once(void **state)
{
    struct spawned s;
    struct play p;

    (void)state;
    open_board(&p, "e2e-twice");
    play_start(&p, BOARD("key: one", "palash") BOARD("key: two", "palash"));
    s = play(&p, "11T03:30", "config", "check");
    CHECK(s.status == 78 && str_find(s.err, STR("two: the same board as one")) >= 0);
    CHECK(str_find(s.err, STR("`was: one`")) >= 0);
    play_sources(&p, BOARD("key: one, was: one", "palash"));
    s = play(&p, "11T03:30", "config", "check");
    CHECK(s.status == 78 && str_find(s.err, STR("is its key now")) >= 0);
    play_sources(&p, BOARD("key: one", "palash") BOARD("key: two, was: one", "palash"));
    s = play(&p, "11T03:30", "source", "list");
    CHECK(s.status == 0 && str_find(s.out, STR("two")) >= 0 && str_find(s.out, STR("one")) < 0);
    play_close(&p);
}

RUN_TESTS(TEST(another_key_for_the_same_board_is_seen), TEST(data_say_what_a_board_was),
          TEST(two_histories_become_one), TEST(one_board_is_configured_once))
