#include "test.h"

#include "core/cleanup.h"
#include "store/store.h"
#include "tests/e2e/play.h"

/* As the watch leaves it when a skill has moved; test_alert.c plays the history that does that. */
static void put_firing(struct play *p)
{
    CLEANUP(store_close) struct store *s = NULL;
    struct diag d = { 0 };
    struct alert_row row = {
        .kind = STR("stock"),
        .skill = STR("kubernetes"),
        .employer = STR("Palash Pay"),
        .fired = 20767,
        .share_then = .25,
        .share_now = .5,
        .employers = 70,
    };

    CHECK(store_open(&s, p->state, STORE_WRITE, &d) == 0);
    CHECK(store_put_alert(s, &row, &d) == 0);
}

static void an_alert_is_told_once_and_says_so_by_its_exit_status(void **state)
{
    struct play p;
    struct spawned s;

    (void)state;
    play_open(&p, "e2e-alert");
    play_file(&p, "127.0.0.2/site.tsv",
              STR("GET\t" GREENHOUSE_PATH "\t-\t200\tboard.json\tetag\n"));
    play_file(&p, "127.0.0.2/board.json", greenhouse_board(&p.memory, "AB"));
    play_start(&p, GREENHOUSE_SOURCE);
    CHECK(play(&p, "11T03:30", "alert").status != 0); /* nothing was read yet */
    CHECK(play(&p, "11T03:30", "run").status == 0);
    s = play(&p, "12T03:30", "alert");
    CHECK(s.status == 0 && s.out.n == 0);
    CHECK_STR(play(&p, "12T03:30", "alert", "--format", "json").out, STR("[]\n"), 0);
    put_firing(&p);
    s = play(&p, "12T03:30", "alert", "--format", "jsonl");
    CHECK(s.status == 5);
    CHECK_STR(s.out,
              STR("{\"skill\":\"kubernetes\",\"of\":\"stock\",\"state\":\"fired\","
                  "\"fired\":\"2026-11-10\",\"resolved\":null,\"before\":0.2500,\"share\":0.5000,"
                  "\"employers\":70,\"mostly\":\"Palash Pay\"}\n"),
              0);
    s = play(&p, "12T03:30", "alert");
    CHECK(s.status == 0 && s.out.n == 0);
    s = play(&p, "12T03:30", "alert", "--all");
    CHECK(s.status == 0 && str_find(s.out, STR("kubernetes")) > 0);
    CHECK(play_number(&p, "SELECT count(*) FROM v_alert WHERE fired = '2026-11-10'") == 1);
    play_close(&p);
}

static void the_bare_answer_draws_the_index_and_leaves_a_gap_where_nothing_was_read(void **state)
{
    struct play p;
    struct spawned s;

    (void)state;
    play_open(&p, "e2e-spark");
    play_file(&p, "127.0.0.2/site.tsv",
              STR("GET\t" GREENHOUSE_PATH "\t-\t200\tboard.json\tetag\n"));
    play_file(&p, "127.0.0.2/board.json", greenhouse_board(&p.memory, "AB"));
    play_start(&p, GREENHOUSE_SOURCE);
    CHECK(play(&p, "11T03:30", "run").status == 0);
    CHECK(play(&p, "13T03:30", "run").status == 0);
    s = play(&p, "13T03:30", "--quiet");
    CHECK(s.status == 0);
    CHECK(str_find(s.out, STR("30 days  ...........................▅.▅  +0.0%")) > 0);
    if (test_failures)
        fprintf(stderr, STR_FMT STR_FMT, STR_ARG(s.out), STR_ARG(s.err));
    play_close(&p);
}

RUN_TESTS(TEST(the_bare_answer_draws_the_index_and_leaves_a_gap_where_nothing_was_read),
          TEST(an_alert_is_told_once_and_says_so_by_its_exit_status))
